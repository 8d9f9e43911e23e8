package docker

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// Dockerfile is what a Dockerfile says of where files of the context end up.
type Dockerfile struct {
	Stages []Stage `json:"stages"`
}

// Stage is one FROM with what follows it.
type Stage struct {
	Name, From string
	Copies     []Copy
	// Remote are instructions that fetch code from elsewhere: what they once got is
	// kept by the build's cache under their text alone (G43).
	Remote []string
	// directory is the last WORKDIR.
	directory string
}

// Copy is one source of a COPY or ADD. Destination is absolute; it ends in "/"
// where it is a directory for certain.
type Copy struct {
	Source, Destination string
	// Stage is where the source lies: empty for the build's context.
	Stage string
	// Clone is the repository that a RUN clones, whose root the source then is; empty for
	// what is copied.
	Clone string
	Line  int
}

// ParseDockerfile reads FROM, WORKDIR, ARG, ENV, COPY and ADD; what RUN does to files is
// not followed. A path with a variable that the file itself does not set is left out.
func ParseDockerfile(reader io.Reader) (Dockerfile, error) {
	raw, err := io.ReadAll(io.LimitReader(reader, dockerfileLimit))
	if err != nil {
		return Dockerfile{}, fmt.Errorf("Dockerfile: %w", err)
	}
	parser := parser{variables: map[string]string{}, directory: "/"}
	for _, line := range lines(string(raw)) {
		parser.instruction(line)
	}
	return parser.file, nil
}

// line is one instruction with its continuations.
type line struct {
	number int
	text   string
}

// lines joins continued lines, and leaves out comments and the bodies of
// here-documents.
func lines(raw string) []line {
	var lines []line
	var open *line
	ends := []string{}
	number := 0
	for text := range strings.Lines(raw) {
		number++
		text = strings.TrimRight(text, "\r\n")
		trimmed := strings.TrimSpace(text)
		if len(ends) > 0 {
			if trimmed == ends[0] {
				ends = ends[1:]
			}
			continue
		}
		if strings.HasPrefix(trimmed, "#") || trimmed == "" && open == nil {
			continue
		}
		if open == nil {
			lines = append(lines, line{number: number})
			open = &lines[len(lines)-1]
		}
		body, continued := strings.CutSuffix(trimmed, `\`)
		open.text = strings.TrimSpace(open.text + " " + body)
		if !continued {
			ends = hereDocuments(open.text)
			open = nil
		}
	}
	return lines
}

// hereDocuments are the words that end the here-documents of an instruction.
func hereDocuments(text string) []string {
	var ends []string
	for _, word := range strings.Fields(text) {
		if rest, ok := strings.CutPrefix(word, "<<"); ok {
			if name := strings.Trim(strings.TrimPrefix(rest, "-"), `"'`); name != "" && !strings.ContainsAny(name, "<>$(") {
				ends = append(ends, name)
			}
		}
	}
	return ends
}

type parser struct {
	file      Dockerfile
	variables map[string]string
	directory string
}

func (p *parser) instruction(line line) {
	word, rest, _ := strings.Cut(line.text, " ")
	rest = strings.TrimSpace(rest)
	word = strings.ToUpper(word)
	if word == "FROM" {
		p.from(rest)
		return
	}
	switch word {
	case "ARG", "ENV":
		p.assign(rest)
	case "WORKDIR":
		if directory, ok := p.expand(strings.Trim(rest, `"'`)); ok {
			p.directory = absoluteIn(p.directory, directory)
		}
		if stage := p.stage(); stage != nil {
			stage.directory = p.directory
		}
	case "COPY", "ADD":
		p.copy(line.number, rest)
	case "RUN":
		if stage := p.stage(); stage != nil && slices.ContainsFunc([]string{"git clone", "git+http", "git+ssh", "curl ", "wget "}, func(part string) bool { return strings.Contains(rest, part) }) {
			stage.Remote = append(stage.Remote, string(sys.Safe(word+" "+rest)))
			p.clones(line.number, rest)
		}
	}
}

func (p *parser) stage() *Stage {
	if len(p.file.Stages) == 0 {
		return nil
	}
	return &p.file.Stages[len(p.file.Stages)-1]
}

func (p *parser) from(rest string) {
	words := slices.DeleteFunc(strings.Fields(rest), func(word string) bool { return strings.HasPrefix(word, "--") })
	stage := Stage{}
	if len(words) > 0 {
		stage.From, _ = p.expand(words[0])
	}
	if len(words) > 2 && strings.EqualFold(words[1], "as") {
		stage.Name = words[2]
	}
	p.file.Stages = append(p.file.Stages, stage)
	p.directory = "/"
	// A stage made from an earlier one begins in that one's directory.
	for _, earlier := range p.file.Stages[:len(p.file.Stages)-1] {
		if earlier.Name != "" && strings.EqualFold(earlier.Name, stage.From) {
			p.directory = earlier.directory
			p.stage().directory = p.directory
		}
	}
}

func (p *parser) assign(rest string) {
	for _, word := range strings.Fields(rest) {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return
		}
		if expanded, known := p.expand(strings.Trim(value, `"'`)); known {
			p.variables[name] = expanded
		}
	}
}

func (p *parser) copy(number int, rest string) {
	stage := p.stage()
	if stage == nil {
		return
	}
	from := ""
	for strings.HasPrefix(rest, "--") {
		option, after, _ := strings.Cut(rest, " ")
		if name, isFrom := strings.CutPrefix(option, "--from="); isFrom {
			from = name
		}
		rest = strings.TrimSpace(after)
	}
	words := words(rest)
	if len(words) < 2 {
		return
	}
	destination, ok := p.expand(words[len(words)-1])
	if !ok {
		return
	}
	isDirectory := strings.HasSuffix(destination, "/") || len(words) > 2 || path.Clean(destination) == "."
	destination = absoluteIn(p.directory, destination)
	if isDirectory && destination != "/" {
		destination += "/"
	}
	for _, word := range words[:len(words)-1] {
		source, ok := p.expand(word)
		switch {
		case !ok || strings.HasPrefix(source, "<<"):
		case strings.Contains(source, "://") || strings.HasPrefix(source, "git@"):
			stage.Remote = append(stage.Remote, string(sys.Safe("ADD "+source)))
		default:
			stage.Copies = append(stage.Copies, Copy{Source: path.Clean("/" + source), Destination: destination, Stage: from, Line: number})
		}
	}
}

// words takes the shell form or the JSON form of a list.
func words(rest string) []string {
	var list []string
	if strings.HasPrefix(rest, "[") && json.Unmarshal([]byte(rest), &list) == nil {
		return list
	}
	return strings.Fields(rest)
}

// expand fills in the variables that the file sets; ok is false where another is named.
func (p *parser) expand(text string) (expanded string, ok bool) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "$")
		out.WriteString(before)
		if !found {
			return out.String(), true
		}
		name := ""
		if braced, isBraced := strings.CutPrefix(rest, "{"); isBraced {
			name, rest, found = strings.Cut(braced, "}")
			if !found {
				return "", false
			}
		} else {
			end := strings.IndexFunc(rest, func(r rune) bool {
				return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
			})
			if end < 0 {
				end = len(rest)
			}
			name, rest = rest[:end], rest[end:]
		}
		name, fallback, hasFallback := strings.Cut(name, ":-")
		value, known := p.variables[name]
		if !known && !hasFallback {
			return "", false
		}
		if !known {
			value = fallback
		}
		out.WriteString(value)
		text = rest
	}
}

func absoluteIn(directory, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(directory, name)
}
