package source

import (
	"slices"
	"strings"
)

// Value is what a module binds to a name at its top, once and for good, and that can be read
// off the file: a number, a truth value, a plain string.
type Value struct {
	Name string
	// Type is Python's own name: "int", "float", "bool", "str".
	Type string
	// Number is of all types but "str", whose is Text; a truth value is 1 or 0.
	Number float64
	Text   string
	Line   int
}

// ModuleValues are the values of a module. One that binds names by their text has none.
func ModuleValues(tokens []Token) []Value {
	bound, everything := bindings(tokens)
	byText := slices.ContainsFunc(tokens, func(t Token) bool {
		return t.Kind == Name && slices.Contains([]string{"globals", "vars", "locals", "__dict__", "setattr", "exec"}, t.Text)
	})
	if everything || byText {
		return nil
	}
	all := lines(tokens)
	var values []Value
	for at, l := range all {
		if len(l) != 3 || l.indent() != 0 || l[0].Kind != Name || !l[1].Is("=") || bound[l[0].Text] != 1 {
			continue
		}
		others := slices.Concat(all[:at:at], all[at+1:])
		value, is := l.value()
		if is && !slices.ContainsFunc(others, func(other line) bool { return other.mayBind(value.Name) }) {
			values = append(values, value)
		}
	}
	return values
}

// value is what a line of three tokens binds.
func (l line) value() (Value, bool) {
	value := Value{Name: l[0].Text, Line: l[2].Line}
	switch {
	case l[2].Kind == Number:
		number, is := constant(l[2])
		value.Type, value.Number = "int", number.Value
		if number.Float {
			value.Type = "float"
		}
		return value, is
	case l[2].Is("True"), l[2].Is("False"):
		value.Type = "bool"
		if l[2].Is("True") {
			value.Number = 1
		}
		return value, true
	case l[2].Kind == String:
		text, kept := literal(l, 2)
		value.Type, value.Text = "str", text
		return value, kept && text != ""
	}
	return value, false
}

// mayBind tells whether a line may bind a name, in whatever way; some that do not are among
// them.
func (l line) mayBind(name string) bool {
	binds := func(t Token) bool {
		return t.Is("=") || t.Is(":=") || t.Kind == Operator && len(t.Text) > 1 && strings.HasSuffix(t.Text, "=") && !slices.Contains([]string{"==", "!=", "<=", ">="}, t.Text)
	}
	for at, token := range l {
		if token.Kind != Name || token.Text != name {
			continue
		}
		loops := slices.ContainsFunc(l[:at], func(t Token) bool { return t.Is("for") }) && slices.ContainsFunc(l[at:], func(t Token) bool { return t.Is("in") })
		if loops || slices.ContainsFunc(l[at:], binds) || around(l, at-1).Is("case") || around(l, at+1).Is(":") && at == 0 {
			return true
		}
	}
	return false
}

// Rebinds tells whether a file may bind a name of another module: `shop.RATE = 21`, or by the
// text of the name.
func Rebinds(tokens []Token, name string) bool {
	for _, l := range lines(tokens) {
		for at, token := range l {
			switch {
			case token.Kind == String && unquoted(token.Text) == name:
				return true
			case token.Kind == Name && token.Text == name && around(l, at-1).Is(".") && l.mayBind(name):
				return true
			}
		}
	}
	return false
}
