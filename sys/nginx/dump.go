package nginx

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"sort"
	"strings"

	crossplane "github.com/nginxinc/nginx-go-crossplane"

	"flasktui/sys"
)

const (
	// dumpLimit is some thirty thousand server blocks.
	dumpLimit = 64 << 20
	// includeDepth and directiveLimit bound files that include each other:
	// Nginx would not take them, but a dump may come from anywhere.
	includeDepth   = 16
	directiveLimit = 2_000_000
)

// dump is the output of `nginx -T`, parsed: all its files at once, for a parser for
// each of a thousand small files takes three times as long. That a directive belongs to
// a file is told by its line.
type dump struct {
	// files are the names in the order of reading; starts the lines of their marks.
	files  []string
	starts []int
	// directives are those of a file's top level, by cleaned name.
	directives map[string]crossplane.Directives
	// sorted are the cleaned names, for patterns.
	sorted []string
	// seen counts directives that were visited.
	seen int
}

// ParseDump parses the stdout of `nginx -T`: "# configuration file PATH:" before
// each file.
func ParseDump(reader io.Reader) (Config, error) {
	content, err := io.ReadAll(io.LimitReader(reader, dumpLimit+1))
	if err != nil {
		return Config{}, fmt.Errorf("reading Nginx's configuration: %w", err)
	}
	if len(content) > dumpLimit {
		return Config{}, fmt.Errorf("reading Nginx's configuration: %w", sys.ErrTruncated)
	}
	dump, err := splitDump(string(content))
	if err != nil {
		return Config{}, fmt.Errorf("reading Nginx's configuration: %w", err)
	}
	reading := reading{dump: dump, config: Config{Files: dump.files, CachePaths: map[string]string{}}}
	if err := reading.readMain(); err != nil {
		return reading.config, fmt.Errorf("reading Nginx's configuration: %w", err)
	}
	return reading.config, nil
}

func splitDump(content string) (*dump, error) {
	dump := &dump{directives: map[string]crossplane.Directives{}}
	number := 0
	for line := range strings.Lines(content) {
		number++
		name, marked := strings.CutPrefix(line, "# configuration file ")
		if name, closed := strings.CutSuffix(strings.TrimRight(name, "\r\n"), ":"); marked && closed {
			dump.files = append(dump.files, name)
			dump.starts = append(dump.starts, number)
		}
	}
	if len(dump.files) == 0 {
		return nil, errors.New("it names no file")
	}
	directives, err := parseText(blankLua(content))
	if err != nil {
		return nil, dump.locateError(err)
	}
	for _, directive := range directives {
		file, _ := dump.place(directive)
		name := path.Clean(file)
		dump.directives[name] = append(dump.directives[name], directive)
	}
	for _, name := range dump.files {
		dump.sorted = append(dump.sorted, path.Clean(name))
	}
	slices.Sort(dump.sorted)
	dump.sorted = slices.Compact(dump.sorted)
	return dump, nil
}

// parseText has crossplane read text that it never looks for on disk.
func parseText(content string) (crossplane.Directives, error) {
	options := &crossplane.ParseOptions{
		SingleFile:                true,
		StopParsingOnError:        true,
		SkipDirectiveContextCheck: true,
		SkipDirectiveArgsCheck:    true,
		Open:                      func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
		Glob:                      func(string) ([]string, error) { return nil, nil },
	}
	payload, err := crossplane.Parse("dump", options)
	if err != nil {
		return nil, err
	}
	return payload.Config[0].Parsed, nil
}

func (dump *dump) locateError(err error) error {
	var parsing *crossplane.ParseError
	if !errors.As(err, &parsing) || parsing.Line == nil {
		return err
	}
	file, line := dump.place(&crossplane.Directive{Line: *parsing.Line})
	return fmt.Errorf("%s:%d: %s", file, line, parsing.What)
}

// place is the file and line of a directive.
func (dump *dump) place(directive *crossplane.Directive) (file string, line int) {
	index := sort.SearchInts(dump.starts, directive.Line) - 1
	if index < 0 {
		return "", directive.Line
	}
	return dump.files[index], directive.Line - dump.starts[index]
}

// each visits the directives of a block, and in the place of an include those of the
// files that it names.
func (dump *dump) each(block crossplane.Directives, visit func(*crossplane.Directive)) error {
	return dump.eachAt(block, visit, 0)
}

func (dump *dump) eachAt(block crossplane.Directives, visit func(*crossplane.Directive), depth int) error {
	for _, directive := range block {
		if dump.seen++; dump.seen > directiveLimit {
			return fmt.Errorf("more than %d directives", directiveLimit)
		}
		if directive.Directive != "include" || len(directive.Args) != 1 {
			visit(directive)
			continue
		}
		if depth == includeDepth {
			file, line := dump.place(directive)
			return fmt.Errorf("%s:%d: files that include each other", file, line)
		}
		for _, name := range dump.included(directive.Args[0]) {
			if err := dump.eachAt(dump.directives[name], visit, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// included are the files that an include names, in the order of glob(3): that of their
// bytes. A relative name counts from the directory of the main file.
func (dump *dump) included(pattern string) []string {
	pattern = sys.AbsoluteFrom(path.Dir(dump.files[0]), pattern)
	literal, _, magic := cutAny(pattern, "*?[")
	if !magic {
		return []string{pattern}
	}
	pattern = strings.ReplaceAll(pattern, "[!", "[^")
	var names []string
	for index := sort.SearchStrings(dump.sorted, literal); index < len(dump.sorted); index++ {
		name := dump.sorted[index]
		if !strings.HasPrefix(name, literal) {
			break
		}
		if matched, err := path.Match(pattern, name); err == nil && matched {
			names = append(names, name)
		}
	}
	return names
}

func cutAny(text, characters string) (before, after string, found bool) {
	if index := strings.IndexAny(text, characters); index >= 0 {
		return text[:index], text[index+1:], true
	}
	return text, "", false
}
