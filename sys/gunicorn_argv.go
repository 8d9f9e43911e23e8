package sys

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// ParseGunicornArguments reads the arguments alone, as in GUNICORN_CMD_ARGS after shell
// word splitting.
func ParseGunicornArguments(arguments []string) GunicornSettings {
	parser := gunicornArgumentParser{options: gunicornOptions(), rest: arguments}
	for len(parser.rest) > 0 {
		parser.step()
	}
	return parser.settings
}

type gunicornArgumentParser struct {
	options  map[string]gunicornOption
	rest     []string
	literal  bool
	settings GunicornSettings
}

func (p *gunicornArgumentParser) step() {
	word := p.rest[0]
	p.rest = p.rest[1:]
	switch {
	case p.literal || !strings.HasPrefix(word, "-") || word == "-":
		if p.settings.App == "" {
			p.settings.App = completeApp(word)
		}
	case word == "--":
		p.literal = true
	case strings.HasPrefix(word, "--"):
		p.long(word)
	default:
		p.short(word)
	}
}

func (p *gunicornArgumentParser) long(word string) {
	name, value, joined := strings.Cut(word, "=")
	option, known := p.lookup(name)
	switch {
	case joined:
		p.store(option, value)
	case known && option.flag:
		p.store(option, "true")
	case !known && (len(p.rest) == 0 || strings.HasPrefix(p.rest[0], "-") || gunicornAppShape().MatchString(p.rest[0])):
		// An option of a version that is not known here: what follows is its value
		// unless it looks like the app.
	case len(p.rest) > 0:
		p.store(option, p.rest[0])
		p.rest = p.rest[1:]
	}
}

// lookup completes an unambiguous prefix of a long option, as argparse does.
func (p *gunicornArgumentParser) lookup(name string) (gunicornOption, bool) {
	if option, known := p.options[name]; known {
		return option, true
	}
	var found []gunicornOption
	for long, option := range p.options {
		if strings.HasPrefix(long, name) {
			found = append(found, option)
		}
	}
	if len(found) != 1 {
		return gunicornOption{}, false
	}
	return found[0], true
}

// short reads "-w4", "-w=4", "-w 4" and flags joined with more, "-Dw4".
func (p *gunicornArgumentParser) short(word string) {
	for letters := word[1:]; letters != ""; {
		option := p.options["-"+letters[:1]]
		letters = letters[1:]
		if option.flag {
			p.store(option, "true")
			continue
		}
		value := strings.TrimPrefix(letters, "=")
		if letters == "" && len(p.rest) > 0 {
			value = p.rest[0]
			p.rest = p.rest[1:]
		}
		p.store(option, value)
		return
	}
}

func (p *gunicornArgumentParser) store(option gunicornOption, value string) {
	if option.field == nil {
		return
	}
	// --pythonpath is the one list that a repeated option replaces.
	option.field.store(&p.settings, value, option.field.name != "pythonpath")
}

// SplitGunicornArguments splits GUNICORN_CMD_ARGS as Python's shlex does: quotes and
// backslashes of a POSIX shell, and nothing else of it.
func SplitGunicornArguments(value string) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote byte
	begun := false
	for at := 0; at < len(value); at++ {
		c := value[at]
		switch {
		case c == '\\' && quote != '\'':
			if at+1 == len(value) {
				return nil, fmt.Errorf("splitting Gunicorn's arguments: nothing follows the last backslash")
			}
			at++
			if quote == '"' && value[at] != '"' && value[at] != '\\' {
				word.WriteByte(c)
			}
			word.WriteByte(value[at])
			begun = true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, begun = c, true
		case quote == 0 && strings.IndexByte(" \t\r\n", c) >= 0:
			if begun {
				words = append(words, word.String())
				word.Reset()
				begun = false
			}
		default:
			word.WriteByte(c)
			begun = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("splitting Gunicorn's arguments: %w", errUnclosedQuote)
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

// gunicornArgumentsAt is where Gunicorn's own arguments begin in a command line; -1
// where it runs no Gunicorn. Before Gunicorn may stand an interpreter with its options,
// or wrappers ("env A=b", "ddtrace-run", "poetry run").
func gunicornArgumentsAt(argv []string) int {
	if len(argv) > 0 && isPython(path.Base(argv[0])) {
		return pythonGunicornAt(argv)
	}
	for at, word := range argv {
		if isGunicornProgram(word) {
			return at + 1
		}
		if isPython(path.Base(word)) {
			if inner := pythonGunicornAt(argv[at:]); inner > 0 {
				return at + inner
			}
		}
	}
	return -1
}

// pythonGunicornAt walks over an interpreter's options to the script or module.
func pythonGunicornAt(argv []string) int {
	for at := 1; at < len(argv); at++ {
		word := argv[at]
		switch {
		case word == "-m" && at+1 < len(argv):
			return afterGunicornModule(argv[at+1], at+2)
		case strings.HasPrefix(word, "-m"):
			return afterGunicornModule(word[2:], at+1)
		case word == "-c":
			return -1
		case slices.Contains([]string{"-W", "-X", "--check-hash-based-pycs"}, word):
			at++
		case strings.HasPrefix(word, "-"):
		case isGunicornProgram(word):
			return at + 1
		default:
			return -1
		}
	}
	return -1
}

func afterGunicornModule(module string, at int) int {
	if module == "gunicorn" || module == "gunicorn.app.wsgiapp" {
		return at
	}
	return -1
}

func isPython(program string) bool {
	program = strings.ToLower(program)
	return strings.HasPrefix(program, "python") || strings.HasPrefix(program, "pypy") || strings.HasPrefix(program, "graalpy")
}
