package docker

import (
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// parser follows the instructions of a Dockerfile, stage by stage.
type parser struct {
	file Dockerfile
	// arguments are those of the build, global those that ARG declares before the first FROM.
	arguments map[string]*string
	global    scope
}

func (p *parser) instruction(line line) {
	word, rest := line.text, ""
	if end := strings.IndexAny(line.text, " \t"); end >= 0 {
		word, rest = line.text[:end], strings.TrimSpace(line.text[end:])
	}
	stage := p.stage()
	switch word = strings.ToUpper(word); {
	case word == "FROM":
		p.from(rest)
	case stage == nil && word == "ARG":
		p.argument(p.global, rest, false)
	case stage == nil:
	case word == "ARG":
		p.argument(stage.scope, rest, true)
	case word == "WORKDIR":
		if directory := stage.scope.expand(rest); directory.known {
			stage.directory, stage.rooted = absoluteIn(stage.directory, directory.text), stage.rooted || path.IsAbs(directory.text)
			stage.Settings.WorkingDirectory = &Setting{Value: stage.directory, Known: stage.rooted, Argument: directory.argument}
		}
	case word == "COPY", word == "ADD":
		p.copy(stage, line.number, word, rest)
	case word == "RUN":
		stage.Runs = append(stage.Runs, rest)
		if slices.ContainsFunc([]string{"git clone", "git+http", "git+ssh", "curl ", "wget "}, func(part string) bool { return strings.Contains(rest, part) }) {
			stage.Remote = append(stage.Remote, string(sys.Safe(word+" "+rest)))
			p.clones(line.number, rest)
		}
	default:
		stage.Settings.instruction(stage.scope, word, rest)
	}
}

func (p *parser) stage() *Stage {
	if len(p.file.Stages) == 0 {
		return nil
	}
	return &p.file.Stages[len(p.file.Stages)-1]
}

// from begins a stage. One that is made from an earlier one begins with what that one ended
// with, but for its arguments, which are each stage's own.
func (p *parser) from(rest string) {
	words := slices.DeleteFunc(strings.Fields(rest), func(word string) bool { return strings.HasPrefix(word, "--") })
	stage := Stage{scope: scope{}, directory: "/", Settings: newSettings()}
	if len(words) > 0 {
		base := p.global.expand(words[0])
		stage.From, stage.Base = base.text, settingOf(base)
	}
	if len(words) > 2 && strings.EqualFold(words[1], "as") {
		stage.Name = words[2]
	}
	if index := p.file.find(stage.From, len(p.file.Stages)); index >= 0 {
		earlier := p.file.Stages[index]
		stage.directory, stage.rooted = earlier.directory, earlier.rooted
		stage.Settings, stage.scope = earlier.Settings.inherited(), earlier.scope.environment()
	}
	p.file.Stages = append(p.file.Stages, stage)
}

// argument declares arguments of the build: `ARG NAME[=DEFAULT] ...`. One that is declared
// without a default in a stage has that of before the first FROM.
func (p *parser) argument(into scope, rest string, inStage bool) {
	for _, word := range assignments(rest) {
		name, fallback, hasFallback := strings.Cut(word, "=")
		if into[name].fromENV {
			// ENV has the last word, wherever it stands.
			continue
		}
		one := variable{}
		switch given, isGiven := p.arguments[name]; {
		case isGiven && given != nil:
			one.value = value{text: *given, known: true}
		case isGiven:
		case hasFallback:
			one.value = into.expand(fallback)
			one.argument = true
		case inStage:
			one.value = p.global[name].value
			one.argument = true
		}
		into[name] = one
	}
}

func (p *parser) copy(stage *Stage, number int, word, rest string) {
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
	last := stage.scope.expand(words[len(words)-1])
	if !last.known {
		stage.vague = true
		stage.Unread = append(stage.Unread, string(sys.Safe(word+" "+rest)))
		return
	}
	destination := last.text
	isDirectory := strings.HasSuffix(destination, "/") || len(words) > 2 || path.Clean(destination) == "."
	stage.vague = stage.vague || !stage.rooted && !path.IsAbs(destination)
	destination = absoluteIn(stage.directory, destination)
	stage.destinations = append(stage.destinations, destination)
	if isDirectory && destination != "/" {
		destination += "/"
	}
	for _, name := range words[:len(words)-1] {
		source := stage.scope.expand(name)
		switch {
		case !source.known, strings.HasPrefix(source.text, "<<"):
			stage.Unread = append(stage.Unread, string(sys.Safe(word+" "+name)))
		case word == "ADD" && (strings.Contains(source.text, "://") || strings.HasPrefix(source.text, "git@")):
			stage.Remote = append(stage.Remote, string(sys.Safe("ADD "+source.text)))
			stage.Unread = append(stage.Unread, string(sys.Safe("ADD "+source.text)))
		case word == "ADD" && isArchive(source.text):
			// It is unpacked on its way, so that its own files are what the image has.
			stage.Unread = append(stage.Unread, string(sys.Safe("ADD "+source.text)))
		default:
			stage.Copies = append(stage.Copies, Copy{Source: path.Clean("/" + source.text), Destination: destination, Stage: from, Line: number})
		}
	}
}

func isArchive(name string) bool {
	return slices.ContainsFunc([]string{".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst"}, func(end string) bool { return strings.HasSuffix(name, end) })
}

func absoluteIn(directory, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(directory, name)
}
