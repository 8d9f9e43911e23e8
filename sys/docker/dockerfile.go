package docker

import (
	"fmt"
	"io"
	"strings"
)

// Dockerfile is what a Dockerfile says of where files of the context end up, and of what
// the image says to the containers that are made of it.
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
	// Runs are the lines of its RUN instructions, which may change what was copied before.
	Runs []string
	// Base is the image that From names, of which less may be known.
	Base Setting
	// destinations are where its COPY and ADD instructions put what they copy, one each;
	// vague says that one of them is not known.
	destinations []string
	vague        bool
	// Settings are what the stage sets for those who run it.
	Settings Settings
	// Unread are instructions that put files into the image which cannot be compared.
	Unread []string
	// directory is the last WORKDIR; without one it is the base image's, taken for "/".
	directory string
	// rooted says that it is known, and not merely taken for one.
	rooted bool
	scope  scope
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

// ParseDockerfile reads what a build with these arguments (ARG) makes of a Dockerfile; nil is
// one whose value is not known. What RUN does to files is not followed. A path with a
// variable that neither sets is left out.
func ParseDockerfile(reader io.Reader, arguments map[string]*string) (Dockerfile, error) {
	raw, err := io.ReadAll(io.LimitReader(reader, dockerfileLimit))
	if err != nil {
		return Dockerfile{}, fmt.Errorf("Dockerfile: %w", err)
	}
	parser := parser{arguments: arguments, global: scope{}}
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
		// An empty line does not end an instruction that goes on.
		if strings.HasPrefix(trimmed, "#") || trimmed == "" {
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
