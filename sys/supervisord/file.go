package supervisord

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"flasktui/sys"
	"flasktui/sys/gunicorn"
)

// Config is one file of supervisord's configuration. What is not set is empty,
// but that of supervisorctl without a server's address has the one that it then asks.
type Config struct {
	Programs []Program
	// Includes are the patterns of the files that belong to it, absolute.
	Includes []string
	// ServerURL is where supervisorctl looks for supervisord; empty where the file has
	// no [supervisorctl], without which supervisorctl does not start.
	ServerURL string
	// Socket and Port are where supervisord listens for it.
	Socket string
	Port   string
	// Unread names the settings that hold what only supervisord can expand, those of
	// programs left out.
	Unread []string
}

// ParseConfig reads one file: an INI file with comments after ";" or "#" and
// values that go on in indented lines (supervisord's Configuration File page).
func ParseConfig(reader io.Reader, name string) (Config, error) {
	parser := parser{file: name}
	lines := bufio.NewScanner(io.LimitReader(reader, configLimit))
	lines.Buffer(nil, configLimit+1)
	for lines.Scan() {
		parser.line++
		parser.read(lines.Text())
	}
	if err := lines.Err(); err != nil {
		return Config{}, fmt.Errorf("%s: %w", name, err)
	}
	parser.closeSection()
	return parser.config, nil
}

// parser collects a section's settings, and makes a program of them at its end.
type parser struct {
	file     string
	line     int
	section  string
	begins   int
	settings map[string]string
	key      string
	config   Config
}

func (parser *parser) read(line string) {
	bare := strings.TrimSpace(withoutComment(line))
	switch {
	case bare == "":
	case strings.HasPrefix(bare, "[") && strings.HasSuffix(bare, "]"):
		parser.closeSection()
		parser.section, parser.begins = strings.TrimSpace(bare[1:len(bare)-1]), parser.line
		parser.settings, parser.key = map[string]string{}, ""
	case line[0] == ' ' || line[0] == '\t':
		if parser.key != "" {
			parser.settings[parser.key] += "\n" + bare
		}
	case parser.settings != nil:
		if at := strings.IndexAny(bare, "=:"); at > 0 {
			parser.key = strings.ToLower(strings.TrimSpace(bare[:at]))
			parser.settings[parser.key] = strings.TrimSpace(bare[at+1:])
		}
	}
}

// withoutComment cuts a comment: a line of its own, or one after a blank.
func withoutComment(line string) string {
	for at := range len(line) {
		if (line[at] == ';' || line[at] == '#') && (at == 0 || line[at-1] == ' ' || line[at-1] == '\t') {
			return line[:at]
		}
	}
	return line
}

func (parser *parser) closeSection() {
	config, here := &parser.config, path.Dir(parser.file)
	set := func(field *string, key, otherwise string) {
		value, whole := expand(cmp.Or(parser.settings[key], otherwise), here, "")
		if *field = value; !whole {
			config.Unread = append(config.Unread, parser.section+" "+key)
		}
	}
	switch parser.section {
	case "include":
		for pattern := range strings.FieldsSeq(parser.settings["files"]) {
			set(&pattern, "", pattern)
			config.Includes = append(config.Includes, sys.AbsoluteFrom(here, pattern))
		}
	case "supervisorctl":
		set(&config.ServerURL, "serverurl", "http://localhost:9001")
	case "unix_http_server":
		set(&config.Socket, "file", "")
	case "inet_http_server":
		set(&config.Port, "port", "")
	}
	name, found := strings.CutPrefix(parser.section, "program:")
	if !found {
		return
	}
	program := Program{Name: strings.TrimSpace(name), File: parser.file, Line: parser.begins}
	expand := func(key string) string {
		value, whole := expand(parser.settings[key], here, program.Name)
		if !whole {
			program.Unread = append(program.Unread, key)
			return ""
		}
		return value
	}
	program.Directory = expand("directory")
	words, err := gunicorn.SplitArguments(expand("command"))
	if err != nil {
		program.Unread = append(program.Unread, "command")
	}
	program.Command = words
	if program.Environment, err = environment(expand("environment")); err != nil {
		program.Unread = append(program.Unread, "environment")
	}
	config.Programs = append(config.Programs, program)
}

// expand replaces what the file alone tells; whole is false where the value
// holds anything else that supervisord would replace (its environment, process numbers).
func expand(value, here, program string) (expanded string, whole bool) {
	whole = true
	expanded = regexp.MustCompile(`%(?:%|\([A-Za-z_0-9]+\)[0-9]*[sd])`).ReplaceAllStringFunc(value, func(found string) string {
		switch found {
		case "%%":
			return "%"
		case "%(here)s":
			return here
		case "%(program_name)s", "%(group_name)s":
			return program
		}
		whole = false
		return found
	})
	return expanded, whole
}

// environment reads KEY="value",KEY2=value2; a comma in quotes belongs to the
// value.
func environment(value string) (map[string]string, error) {
	variables := map[string]string{}
	rest := strings.TrimSpace(value)
	for rest != "" {
		name, after, found := strings.Cut(rest, "=")
		if name = strings.TrimSpace(name); !found || !sys.IsVariableName(name) {
			return nil, errors.New("an entry of environment= is no KEY=value")
		}
		after = strings.TrimLeft(after, " \t\n")
		if after != "" && (after[0] == '"' || after[0] == '\'') {
			end := strings.IndexByte(after[1:], after[0])
			if end < 0 {
				return nil, fmt.Errorf("the value of %s in environment=: %w", name, gunicorn.ErrUnclosedQuote)
			}
			variables[name] = after[1 : end+1]
			rest = strings.TrimLeft(after[end+2:], " \t\n")
		} else {
			plain, _, _ := strings.Cut(after, ",")
			variables[name] = strings.TrimSpace(plain)
			rest = after[len(plain):]
		}
		if rest != "" && rest[0] != ',' {
			return nil, fmt.Errorf("what follows the value of %s in environment= is no comma", name)
		}
		rest = strings.TrimLeft(strings.TrimPrefix(rest, ","), " \t\n")
	}
	return variables, nil
}
