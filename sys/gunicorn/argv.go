package gunicorn

import (
	"fmt"
	"path"
	"strings"

	"flasktui/sys/python"
)

// ParseArguments reads the arguments alone, as in GUNICORN_CMD_ARGS after shell
// word splitting.
func ParseArguments(arguments []string) Settings {
	parser := argumentParser{options: options(), rest: arguments}
	for len(parser.rest) > 0 {
		parser.step()
	}
	return parser.settings
}

type argumentParser struct {
	options  map[string]option
	rest     []string
	literal  bool
	settings Settings
}

func (p *argumentParser) step() {
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

func (p *argumentParser) long(word string) {
	name, value, joined := strings.Cut(word, "=")
	option, known := p.lookup(name)
	switch {
	case joined:
		p.store(option, value)
	case known && option.flag:
		p.store(option, "true")
	case !known && (len(p.rest) == 0 || strings.HasPrefix(p.rest[0], "-") || appShape().MatchString(p.rest[0])):
		// An option of a version that is not known here: what follows is its value
		// unless it looks like the app.
	case len(p.rest) > 0:
		p.store(option, p.rest[0])
		p.rest = p.rest[1:]
	}
}

// lookup completes an unambiguous prefix of a long option, as argparse does.
func (p *argumentParser) lookup(name string) (option, bool) {
	if option, known := p.options[name]; known {
		return option, true
	}
	var found []option
	for long, option := range p.options {
		if strings.HasPrefix(long, name) {
			found = append(found, option)
		}
	}
	if len(found) != 1 {
		return option{}, false
	}
	return found[0], true
}

// short reads "-w4", "-w=4", "-w 4" and flags joined with more, "-Dw4".
func (p *argumentParser) short(word string) {
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

func (p *argumentParser) store(option option, value string) {
	if option.field == nil {
		return
	}
	// --pythonpath is the one list that a repeated option replaces.
	option.field.store(&p.settings, value, option.field.name != "pythonpath")
}

// SplitArguments splits GUNICORN_CMD_ARGS as Python's shlex does: quotes and
// backslashes of a POSIX shell, and nothing else of it.
func SplitArguments(value string) ([]string, error) {
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
		return nil, fmt.Errorf("splitting Gunicorn's arguments: %w", ErrUnclosedQuote)
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

// argumentsAt is where Gunicorn's own arguments begin in a command line; -1
// where it runs no Gunicorn. Before Gunicorn may stand an interpreter with its options,
// or wrappers ("env A=b", "ddtrace-run", "poetry run").
func argumentsAt(argv []string) int {
	if len(argv) > 0 && python.IsInterpreter(path.Base(argv[0])) {
		return pythonAt(argv)
	}
	for at, word := range argv {
		if isProgram(word) {
			return at + 1
		}
		if python.IsInterpreter(path.Base(word)) {
			if inner := pythonAt(argv[at:]); inner > 0 {
				return at + inner
			}
		}
	}
	return -1
}

// pythonAt is where the arguments of a Gunicorn begin that an interpreter runs; -1 where it
// runs something else.
func pythonAt(argv []string) int {
	program, _ := python.ProgramOf(argv)
	if isProgram(program.Script) || program.Module == "gunicorn" || program.Module == "gunicorn.app.wsgiapp" {
		return len(argv) - len(program.Arguments)
	}
	return -1
}
