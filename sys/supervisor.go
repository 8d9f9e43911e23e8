package sys

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// SupervisorProgram is one [program:NAME] section of supervisord's configuration as it
// lies on disk (G23). What supervisord itself holds is what it read at its start, or at
// the last `supervisorctl update`.
type SupervisorProgram struct {
	Name string `json:"name"`
	File string `json:"file"`
	Line int    `json:"line"`
	// Directory is where supervisord starts it; empty for supervisord's own.
	Directory string `json:"directory,omitempty"`
	// Command is split as a shell would, and Environment what it adds to
	// supervisord's own.
	Command     []string          `json:"-"`
	Environment map[string]string `json:"-"`
	// Unread names the settings that hold what only supervisord can expand.
	Unread []string `json:"unread,omitempty"`
}

const supervisorConfigLimit = 1 << 20

// SupervisorConfigPath is the configuration file of a supervisord with these arguments:
// the one that it was told, else the first that exists of those where it looks (of those
// in its own directory none is looked at: they would be anybody's).
func SupervisorConfigPath(ctx context.Context, machine Machine, argv []string) (string, error) {
	for index, word := range argv {
		if value, joined := strings.CutPrefix(word, "--configuration="); joined {
			return value, nil
		}
		if (word == "-c" || word == "--configuration") && index+1 < len(argv) {
			return argv[index+1], nil
		}
	}
	for _, name := range []string{"/etc/supervisord.conf", "/etc/supervisor/supervisord.conf"} {
		if _, err := machine.Stat(ctx, name); err == nil {
			return name, nil
		}
	}
	return "", fmt.Errorf("supervisord's configuration: %w", fs.ErrNotExist)
}

// IsSupervisor tells whether a command line is supervisord's: a Python script, mostly
// with its interpreter before it.
func IsSupervisor(argv []string) bool {
	return slices.ContainsFunc(argv[:min(len(argv), 2)], func(word string) bool { return path.Base(word) == "supervisord" })
}

// ReadSupervisorPrograms reads the programs in a configuration file and in those that it
// includes.
func ReadSupervisorPrograms(ctx context.Context, machine Machine, config string) ([]SupervisorProgram, error) {
	programs, includes, err := readSupervisorFile(ctx, machine, config)
	if err != nil {
		return nil, err
	}
	for _, pattern := range includes {
		if !path.IsAbs(pattern) {
			pattern = path.Join(path.Dir(config), pattern)
		}
		directory, names := path.Split(pattern)
		entries, err := machine.ReadDir(ctx, directory)
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			return nil, err
		}
		for _, entry := range entries {
			if matched, err := path.Match(names, entry.Name); err != nil || !matched {
				continue
			}
			// Included files include nothing themselves.
			included, _, err := readSupervisorFile(ctx, machine, path.Join(directory, entry.Name))
			if err != nil {
				return nil, err
			}
			programs = append(programs, included...)
		}
	}
	return programs, nil
}

func readSupervisorFile(ctx context.Context, machine Machine, name string) (programs []SupervisorProgram, includes []string, err error) {
	resolved, err := machine.Resolve(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	content, err := machine.ReadFile(ctx, resolved, supervisorConfigLimit)
	if err != nil {
		return nil, nil, err
	}
	return ParseSupervisorConfig(bytes.NewReader(content), name)
}

// ParseSupervisorConfig reads one file: an INI file with comments after ";" or "#" and
// values that go on in indented lines (supervisord's Configuration File page).
func ParseSupervisorConfig(reader io.Reader, name string) (programs []SupervisorProgram, includes []string, err error) {
	parser := supervisorParser{file: name}
	lines := bufio.NewScanner(io.LimitReader(reader, supervisorConfigLimit))
	lines.Buffer(nil, supervisorConfigLimit+1)
	for lines.Scan() {
		parser.line++
		parser.read(lines.Text())
	}
	if err := lines.Err(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	parser.closeSection()
	return parser.programs, parser.includes, nil
}

// supervisorParser collects a section's settings, and makes a program of them at its end.
type supervisorParser struct {
	file     string
	line     int
	section  string
	begins   int
	settings map[string]string
	key      string
	programs []SupervisorProgram
	includes []string
}

func (parser *supervisorParser) read(line string) {
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

func (parser *supervisorParser) closeSection() {
	if parser.section == "include" {
		parser.includes = append(parser.includes, strings.Fields(strings.ReplaceAll(parser.settings["files"], "%(here)s", path.Dir(parser.file)))...)
	}
	name, found := strings.CutPrefix(parser.section, "program:")
	if !found {
		return
	}
	program := SupervisorProgram{Name: strings.TrimSpace(name), File: parser.file, Line: parser.begins}
	expand := func(key string) string {
		value, whole := expandSupervisor(parser.settings[key], path.Dir(parser.file), program.Name)
		if !whole {
			program.Unread = append(program.Unread, key)
			return ""
		}
		return value
	}
	program.Directory = expand("directory")
	words, err := SplitGunicornArguments(expand("command"))
	if err != nil {
		program.Unread = append(program.Unread, "command")
	}
	program.Command = words
	if program.Environment, err = supervisorEnvironment(expand("environment")); err != nil {
		program.Unread = append(program.Unread, "environment")
	}
	parser.programs = append(parser.programs, program)
}

// expandSupervisor replaces what the file alone tells; whole is false where the value
// holds anything else that supervisord would replace (its environment, process numbers).
func expandSupervisor(value, here, program string) (expanded string, whole bool) {
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

// supervisorEnvironment reads KEY="value",KEY2=value2; a comma in quotes belongs to the
// value.
func supervisorEnvironment(value string) (map[string]string, error) {
	variables := map[string]string{}
	rest := strings.TrimSpace(value)
	for rest != "" {
		name, after, found := strings.Cut(rest, "=")
		if name = strings.TrimSpace(name); !found || !validVariableName(name) {
			return nil, errors.New("an entry of environment= is no KEY=value")
		}
		after = strings.TrimLeft(after, " \t\n")
		if after != "" && (after[0] == '"' || after[0] == '\'') {
			end := strings.IndexByte(after[1:], after[0])
			if end < 0 {
				return nil, fmt.Errorf("the value of %s in environment=: %w", name, errUnclosedQuote)
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
