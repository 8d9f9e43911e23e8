package sys

import (
	"fmt"
	"io"
	"slices"
)

// GunicornConfigLimit is the most that is read of a configuration file.
const GunicornConfigLimit = 1 << 20

// ParseGunicornConfig reads a gunicorn.conf.py without running it: top-level assignments
// of literals (strings, numbers, booleans, lists and tuples of strings). Anything else
// assigned to a known setting, and a known setting assigned more than once or inside a
// block, is named in Computed.
//
// Where no file is named on the command line, Gunicorn reads ./gunicorn.conf.py of the
// directory it was started in: before it changes to --chdir.
func ParseGunicornConfig(reader io.Reader) (GunicornSettings, error) {
	source, err := io.ReadAll(io.LimitReader(reader, GunicornConfigLimit+1))
	if err != nil {
		return GunicornSettings{}, fmt.Errorf("reading Gunicorn's configuration: %w", err)
	}
	if len(source) > GunicornConfigLimit {
		return GunicornSettings{}, fmt.Errorf("reading Gunicorn's configuration: %w", ErrTruncated)
	}
	statements, err := scanPython(string(source))
	if err != nil {
		return GunicornSettings{}, fmt.Errorf("reading Gunicorn's configuration: %w", err)
	}
	reading := gunicornConfigReading{
		fields: map[string]gunicornField{}, seen: map[string]bool{}, starred: map[string]bool{}, computed: map[string]bool{},
	}
	for _, field := range gunicornFields() {
		if field.name != "config" {
			reading.fields[field.name] = field
		}
	}
	for _, statement := range statements {
		reading.read(statement)
	}
	for _, field := range gunicornFields() {
		if reading.computed[field.name] || reading.starred[field.name] {
			field.copy(&reading.settings, &GunicornSettings{})
			reading.settings.Computed = append(reading.settings.Computed, field.name)
		}
	}
	return reading.settings, nil
}

type gunicornConfigReading struct {
	settings GunicornSettings
	fields   map[string]gunicornField
	// computed are the settings that cannot be known; starred those that a star
	// import may have set and nothing has since; seen those assigned since.
	computed, starred, seen map[string]bool
	// inFunction: the indented lines that follow have names of their own.
	inFunction bool
}

func (reading *gunicornConfigReading) read(statement pythonStatement) {
	tokens := statement.tokens
	keyword := ""
	if tokens[0].kind == pythonName {
		keyword = tokens[0].text
	}
	if statement.indent == 0 {
		reading.inFunction = slices.Contains([]string{"def", "class", "async"}, keyword)
	}
	switch {
	case keyword == "global":
		reading.doubt(tokens)
	case reading.inFunction:
		if statement.indent == 0 && len(tokens) > 1 {
			reading.doubt(tokens[1:2])
		}
	case keyword == "from" || keyword == "import":
		reading.readImport(tokens)
	case slices.Contains([]string{"if", "elif", "else", "for", "while", "try", "except", "finally", "with", "match", "case", "del"}, keyword),
		statement.indent > 0:
		reading.doubt(boundPython(tokens))
		if keyword == "for" || keyword == "with" || keyword == "del" || keyword == "except" {
			reading.doubt(tokens)
		}
	default:
		reading.readAssignment(tokens)
	}
}

// doubt gives up on every setting that is named among the tokens.
func (reading *gunicornConfigReading) doubt(tokens []pythonToken) {
	for at, token := range tokens {
		if token.kind != pythonName || at > 0 && tokens[at-1].is(".") {
			continue
		}
		if _, known := reading.fields[token.text]; known {
			reading.computed[token.text] = true
		}
	}
}

func (reading *gunicornConfigReading) readImport(tokens []pythonToken) {
	if !tokens[len(tokens)-1].is("*") {
		for at, token := range tokens {
			if token.kind == pythonName && token.text == "import" {
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

func (reading *gunicornConfigReading) readAssignment(tokens []pythonToken) {
	equals := slices.IndexFunc(tokens, func(token pythonToken) bool { return token.is("=") && token.depth == 0 })
	if equals < 0 {
		// An expression may change a list in place; a type alone changes nothing.
		if len(tokens) < 2 || !tokens[1].is(":") {
			reading.doubt(boundPython(tokens))
		}
		return
	}
	var targets [][]pythonToken
	rest := tokens
	for equals >= 0 {
		targets = append(targets, rest[:equals])
		rest = rest[equals+1:]
		equals = slices.IndexFunc(rest, func(token pythonToken) bool { return token.is("=") && token.depth == 0 })
	}
	reading.doubt(boundPython(rest))
	value, ok := evaluatePython(rest)
	for _, target := range targets {
		// The type of "workers: int = 4" does not matter.
		if len(target) > 1 && target[1].is(":") {
			target = target[:1]
		}
		field, known := gunicornField{}, false
		if len(target) == 1 {
			field, known = reading.fields[target[0].text]
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
func boundPython(tokens []pythonToken) []pythonToken {
	var bound []pythonToken
	for at, token := range tokens {
		if token.kind != pythonName || at+1 == len(tokens) || at > 0 && tokens[at-1].is(".") {
			continue
		}
		next := tokens[at+1]
		if next.kind != pythonOperator {
			continue
		}
		assigns := len(next.text) > 1 && next.text[len(next.text)-1] == '=' && !slices.Contains([]string{"==", "!=", "<=", ">="}, next.text)
		unbracketed := token.depth == 0 && slices.Contains([]string{"=", ".", "[", ","}, next.text)
		if assigns || unbracketed || at == 0 && next.is(":") {
			bound = append(bound, token)
		}
	}
	return bound
}
