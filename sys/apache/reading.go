package apache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"flasktui/sys"
)

const (
	// fileLimit bounds one file, mostFiles all of them, mostNested how deep they include each other.
	fileLimit  = 1 << 20
	mostFiles  = 2000
	mostNested = 32
)

// reader puts the files of a configuration together as Apache does while it reads them.
type reader struct {
	machine sys.Machine
	root    string
	defines map[string]string
	modules map[string]bool
	config  Config
	files   int
}

// read adds what a file, a directory or a pattern names. What is not there is an error only where
// Apache takes it for one.
func (reader *reader) read(ctx context.Context, pattern string, nested int, optional bool) ([]Directive, error) {
	pattern = sys.AbsoluteFrom(reader.root, pattern)
	names, err := sys.GlobUnder(ctx, reader.machine, "", pattern)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 && !optional {
		return nil, fmt.Errorf("no file is called %s", pattern)
	}
	var all []Directive
	for _, name := range names {
		if _, err := reader.machine.Resolve(ctx, name); errors.Is(err, fs.ErrNotExist) && (optional || sys.IsPattern(pattern)) {
			continue
		}
		found, err := reader.readName(ctx, name, nested)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// readName reads one file, or all that lies in a directory.
func (reader *reader) readName(ctx context.Context, name string, nested int) ([]Directive, error) {
	if reader.files++; reader.files > mostFiles || nested > mostNested {
		return nil, fmt.Errorf("%s: it has more files than are read", name)
	}
	resolved, err := reader.machine.Resolve(ctx, name)
	if err != nil {
		return nil, err
	}
	info, err := reader.machine.Stat(ctx, resolved)
	if err != nil {
		return nil, err
	}
	if info.Mode.IsDir() {
		entries, err := reader.machine.ReadDir(ctx, resolved)
		if err != nil {
			return nil, err
		}
		var all []Directive
		for _, entry := range entries {
			found, err := reader.readName(ctx, path.Join(name, entry.Name), nested+1)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
		return all, nil
	}
	content, err := reader.machine.ReadFile(ctx, resolved, fileLimit)
	if err != nil {
		return nil, err
	}
	reader.config.Files = append(reader.config.Files, File{Path: name, Changed: latest(info)})
	directives, err := parseText(name, string(content))
	if err != nil {
		return nil, err
	}
	return reader.resolve(ctx, directives, nested)
}

// resolve puts in what is included and takes out what does not hold on this box, in the order in
// which Apache meets it: a name that is defined later is not there yet.
func (reader *reader) resolve(ctx context.Context, directives []Directive, nested int) ([]Directive, error) {
	var kept []Directive
	for _, one := range directives {
		for index, argument := range one.Arguments {
			one.Arguments[index] = reader.expand(argument)
		}
		switch one.Name {
		case "include", "includeoptional":
			included, err := reader.read(ctx, one.first(), nested+1, one.Name == "includeoptional")
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", one.File, one.Line, err)
			}
			kept = append(kept, included...)
		case "define":
			reader.defines[one.first()] = strings.Join(one.Arguments[min(1, len(one.Arguments)):], " ")
		case "undefine":
			delete(reader.defines, one.first())
		case "loadmodule":
			reader.modules[one.first()] = true
			kept = append(kept, one)
		case "ifdefine", "ifmodule", "ifversion", "iffile":
			if !reader.holds(ctx, one) {
				continue
			}
			below, err := reader.resolve(ctx, one.Below, nested)
			if err != nil {
				return nil, err
			}
			kept = append(kept, below...)
		default:
			if one.Section {
				below, err := reader.resolve(ctx, one.Below, nested)
				if err != nil {
					return nil, err
				}
				one.Below = below
			}
			kept = append(kept, one)
		}
	}
	return kept, nil
}

// holds tells whether the condition of a section holds.
func (reader *reader) holds(ctx context.Context, one Directive) bool {
	wanted, negated := strings.CutPrefix(one.first(), "!")
	holds := true
	switch one.Name {
	case "ifdefine":
		_, holds = reader.defines[wanted]
	case "ifmodule":
		holds = reader.modules[wanted] || reader.modules[moduleOfFile(wanted)] || slices.Contains(builtIn(), moduleOfFile(wanted))
	case "iffile":
		_, err := reader.machine.Resolve(ctx, sys.AbsoluteFrom(reader.root, wanted))
		holds = err == nil
	}
	return holds != negated
}

// builtIn are the modules that every usual build has in its program.
func builtIn() []string {
	return []string{"core_module", "so_module", "http_module", "unixd_module", "version_module", "log_config_module", "logio_module", "watchdog_module"}
}

// moduleOfFile is a module by the name of its source file, mod_proxy.c, which <IfModule> takes as well.
func moduleOfFile(name string) string {
	stem, isFile := strings.CutSuffix(name, ".c")
	if !isFile {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(stem, "mod_"), "_core") + "_module"
}

// expand puts in the values of ${NAME}; a name that is not known stays as it is, as with Apache.
func (reader *reader) expand(word string) string {
	if !strings.Contains(word, "${") {
		return word
	}
	return regexp.MustCompile(`\$\{([^}:]+)\}`).ReplaceAllStringFunc(word, func(found string) string {
		if value, known := reader.defines[found[2:len(found)-1]]; known {
			return value
		}
		return found
	})
}
