package gunicorn

import (
	"fmt"
	"io"
	"slices"

	"flasktui/sys"
	"flasktui/sys/python"
)

// ConfigLimit is the most that is read of a configuration file.
const ConfigLimit = 1 << 20

// ParseConfig reads a gunicorn.conf.py without running it: top-level assignments
// of literals (strings, numbers, booleans, lists and tuples of strings). Anything else
// assigned to a known setting, and a known setting assigned more than once or inside a
// block, is named in Computed.
//
// Where no file is named on the command line, Gunicorn reads ./gunicorn.conf.py of the
// directory it was started in: before it changes to --chdir.
func ParseConfig(reader io.Reader) (Settings, error) {
	source, err := io.ReadAll(io.LimitReader(reader, ConfigLimit+1))
	if err != nil {
		return Settings{}, fmt.Errorf("reading Gunicorn's configuration: %w", err)
	}
	if len(source) > ConfigLimit {
		return Settings{}, fmt.Errorf("reading Gunicorn's configuration: %w", sys.ErrTruncated)
	}
	statements, err := python.Scan(string(source))
	if err != nil {
		return Settings{}, fmt.Errorf("reading Gunicorn's configuration: %w", err)
	}
	reading := configReading{
		fields: map[string]field{}, seen: map[string]bool{}, starred: map[string]bool{}, computed: map[string]bool{},
	}
	for _, field := range fields() {
		if field.name != "config" {
			reading.fields[field.name] = field
		}
	}
	for _, statement := range statements {
		reading.read(statement)
	}
	for _, field := range fields() {
		if reading.computed[field.name] || reading.starred[field.name] {
			field.copy(&reading.settings, &Settings{})
			reading.settings.Computed = append(reading.settings.Computed, field.name)
		}
	}
	return reading.settings, nil
}

type configReading struct {
	settings Settings
	fields   map[string]field
	// computed are the settings that cannot be known; starred those that a star
	// import may have set and nothing has since; seen those assigned since.
	computed, starred, seen map[string]bool
	// inFunction: the indented lines that follow have names of their own.
	inFunction bool
}

func (reading *configReading) read(statement python.Statement) {
	tokens := statement.Tokens
	keyword := ""
	if tokens[0].Kind == python.NameToken {
		keyword = tokens[0].Text
	}
	if statement.Indent == 0 {
		reading.inFunction = slices.Contains([]string{"def", "class", "async"}, keyword)
	}
	switch {
	case keyword == "global":
		reading.doubt(tokens)
	case reading.inFunction:
		if statement.Indent == 0 && len(tokens) > 1 {
			reading.doubt(tokens[1:2])
		}
	case keyword == "from" || keyword == "import":
		reading.readImport(tokens)
	case slices.Contains([]string{"if", "elif", "else", "for", "while", "try", "except", "finally", "with", "match", "case", "del"}, keyword),
		statement.Indent > 0:
		reading.doubt(boundPython(tokens))
		if keyword == "for" || keyword == "with" || keyword == "del" || keyword == "except" {
			reading.doubt(tokens)
		}
	default:
		reading.readAssignment(tokens)
	}
}

// doubt gives up on every setting that is named among the tokens.
func (reading *configReading) doubt(tokens []python.Token) {
	for at, token := range tokens {
		if token.Kind != python.NameToken || at > 0 && tokens[at-1].Is(".") {
			continue
		}
		if _, known := reading.fields[token.Text]; known {
			reading.computed[token.Text] = true
		}
	}
}

func (reading *configReading) readImport(tokens []python.Token) {
	if !tokens[len(tokens)-1].Is("*") {
		for at, token := range tokens {
			if token.Kind == python.NameToken && token.Text == "import" {
				reading.doubt(tokens[at+1:])
				return
			}
		}
		return
	}
	reading.seen = map[string]bool{}
	for name := range reading.fields {
		reading.starred[name] = true
	}
}

func (reading *configReading) readAssignment(tokens []python.Token) {
	equals := slices.IndexFunc(tokens, func(token python.Token) bool { return token.Is("=") && token.Depth == 0 })
	if equals < 0 {
		// An expression may change a list in place; a type alone changes nothing.
		if len(tokens) < 2 || !tokens[1].Is(":") {
			reading.doubt(boundPython(tokens))
		}
		return
	}
	var targets [][]python.Token
	rest := tokens
	for equals >= 0 {
		targets = append(targets, rest[:equals])
		rest = rest[equals+1:]
		equals = slices.IndexFunc(rest, func(token python.Token) bool { return token.Is("=") && token.Depth == 0 })
	}
	reading.doubt(boundPython(rest))
	value, ok := python.Evaluate(rest)
	for _, target := range targets {
		// The type of "workers: int = 4" does not matter.
		if len(target) > 1 && target[1].Is(":") {
			target = target[:1]
		}
		field, known := field{}, false
		if len(target) == 1 {
			field, known = reading.fields[target[0].Text]
		}
		switch {
		case !known:
			reading.doubt(target)
		case reading.seen[field.name] || !ok:
			reading.computed[field.name] = true
			reading.seen[field.name] = true
		default:
			reading.seen[field.name] = true
			delete(reading.starred, field.name)
			if value != nil && !field.store(&reading.settings, value, false) {
				reading.computed[field.name] = true
			}
		}
	}
}

// boundPython lists the tokens to which a value may be bound: names before an assignment
// operator, and what a method is called on.
func boundPython(tokens []python.Token) []python.Token {
	var bound []python.Token
	for at, token := range tokens {
		if token.Kind != python.NameToken || at+1 == len(tokens) || at > 0 && tokens[at-1].Is(".") {
			continue
		}
		next := tokens[at+1]
		if next.Kind != python.OperatorToken {
			continue
		}
		assigns := len(next.Text) > 1 && next.Text[len(next.Text)-1] == '=' && !slices.Contains([]string{"==", "!=", "<=", ">="}, next.Text)
		unbracketed := token.Depth == 0 && slices.Contains([]string{"=", ".", "[", ","}, next.Text)
		if assigns || unbracketed || at == 0 && next.Is(":") {
			bound = append(bound, token)
		}
	}
	return bound
}
