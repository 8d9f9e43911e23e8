package python

import (
	"path"
	"slices"
	"strings"
)

// Program is what an interpreter was told to run: a script, a module (-m) or a text (-c). All
// three are empty for one that reads its standard input.
type Program struct {
	Script, Module, Text string
	// Arguments are the program's own.
	Arguments []string
}

// ProgramOf reads an interpreter's command line, python(1): its own options, then what it runs.
// ok is false where argv[0] is no interpreter.
func ProgramOf(argv []string) (program Program, ok bool) {
	if len(argv) == 0 || !IsInterpreter(path.Base(argv[0])) {
		return Program{}, false
	}
	for at := 1; at < len(argv); at++ {
		word, rest := argv[at], argv[at+1:]
		switch {
		case (word == "-m" || word == "-c") && len(rest) == 0:
			return Program{}, true
		case word == "-m":
			return Program{Module: rest[0], Arguments: rest[1:]}, true
		case strings.HasPrefix(word, "-m"):
			return Program{Module: word[2:], Arguments: rest}, true
		case word == "-c":
			return Program{Text: rest[0], Arguments: rest[1:]}, true
		case slices.Contains([]string{"-W", "-X", "--check-hash-based-pycs"}, word):
			at++
		case word == "-":
			return Program{Arguments: rest}, true
		case strings.HasPrefix(word, "-"):
		default:
			return Program{Script: word, Arguments: rest}, true
		}
	}
	return Program{}, true
}

// IsInterpreter tells an interpreter of Python's by its base name.
func IsInterpreter(program string) bool {
	program = strings.ToLower(program)
	return strings.HasPrefix(program, "python") || strings.HasPrefix(program, "pypy") || strings.HasPrefix(program, "graalpy")
}
