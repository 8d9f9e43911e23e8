// Package supervisord reads the programs that supervisord's configuration declares.
//
// It knows sys, sys/proc and sys/gunicorn. Begin with ReadPrograms; trust.go says what may be trusted.
package supervisord

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
)

// Program is one [program:NAME] section of supervisord's configuration as it
// lies on disk (G23). What supervisord itself holds is what it read at its start, or at
// the last `supervisorctl update`.
type Program struct {
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

const configLimit = 1 << 20

// ConfigPath is the configuration file of a supervisord with these arguments:
// the one that it was told, else the first that exists of those where it looks (of those
// in its own directory none is looked at: they would be anybody's).
func ConfigPath(ctx context.Context, machine sys.Machine, argv []string) (string, error) {
	if told := option(argv); told != "" {
		if !path.IsAbs(told) {
			return "", fmt.Errorf("supervisord was told to read %s, a relative path: from where is not known any more", sys.Safe(told))
		}
		return told, nil
	}
	for _, name := range []string{"/etc/supervisord.conf", "/etc/supervisor/supervisord.conf"} {
		if _, err := machine.Stat(ctx, name); err == nil {
			return name, nil
		}
	}
	return "", fmt.Errorf("supervisord's configuration: %w", fs.ErrNotExist)
}

// option is the value of -c or --configuration, read as supervisord does, by
// Python's getopt: letters joined, values joined or apart, long names cut short. Of
// several the last one counts. It is empty where there is none.
func option(argv []string) (config string) {
	const withValue, longName = "cumdlyzejiqa", "configuration"
	at := slices.IndexFunc(argv, func(word string) bool { return path.Base(word) == "supervisord" })
	rest := argv[at+1:]
	for len(rest) > 0 && len(rest[0]) > 1 && rest[0][0] == '-' && rest[0] != "--" {
		word := rest[0]
		rest = rest[1:]
		var name, value string
		hasValue := false
		if long, isLong := strings.CutPrefix(word, "--"); isLong {
			name, value, hasValue = strings.Cut(long, "=")
			// Only "childlogdir" begins with the same letter.
			if len(name) > 1 && strings.HasPrefix(longName, name) {
				name = "c"
			} else if flag := slices.ContainsFunc([]string{"help", "version", "nodaemon", "nocleanup", "strip_ansi", "silent"}, func(flag string) bool {
				return strings.HasPrefix(flag, name)
			}); flag {
				continue
			}
		} else {
			letter := strings.IndexAny(word[1:], withValue) + 1
			if letter == 0 {
				continue
			}
			name, value = word[letter:letter+1], word[letter+1:]
			hasValue = value != ""
		}
		if !hasValue && len(rest) > 0 {
			value, rest = rest[0], rest[1:]
		}
		if name == "c" {
			config = value
		}
	}
	return config
}

// IsSupervisord tells whether a command line is supervisord's: a Python script, mostly
// with its interpreter before it.
func IsSupervisord(argv []string) bool {
	return slices.ContainsFunc(argv[:min(len(argv), 2)], func(word string) bool { return path.Base(word) == "supervisord" })
}

// ReadPrograms reads the programs in a configuration file and in those that it
// includes.
func ReadPrograms(ctx context.Context, machine sys.Machine, name string) ([]Program, error) {
	config, err := readFile(ctx, machine, name)
	if err != nil {
		return nil, err
	}
	programs := config.Programs
	for _, pattern := range config.Includes {
		files, err := sys.GlobUnder(ctx, machine, "", pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			// Included files include nothing themselves.
			included, err := readFile(ctx, machine, file)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			programs = append(programs, included.Programs...)
		}
	}
	return programs, nil
}

func readFile(ctx context.Context, machine sys.Machine, name string) (Config, error) {
	resolved, err := machine.Resolve(ctx, name)
	if err != nil {
		return Config{}, err
	}
	content, err := machine.ReadFile(ctx, resolved, configLimit)
	if err != nil {
		return Config{}, err
	}
	return ParseConfig(bytes.NewReader(content), name)
}
