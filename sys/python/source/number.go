package source

import (
	"slices"
	"strconv"
	"strings"
)

// Constant is a number that the code of a function must have among its constants.
type Constant struct {
	// Value is the number, Float tells 1.0 from 1.
	Value float64
	Float bool
	Text  string
	Line  int
}

// Numbers are the numbers of a function that CPython surely keeps as they are: not those
// that it folds into others, puts into a set, or leaves out with a branch.
func Numbers(function Function) []Constant {
	var numbers []Constant
	for _, l := range lines(function.Body) {
		l = l.compiled()
		// A comprehension and a lambda have constants of their own.
		if slices.ContainsFunc(l[min(1, len(l)):], func(t Token) bool { return t.Is("for") || t.Is("lambda") }) {
			continue
		}
		braces := 0
		for i, token := range l {
			switch {
			case token.Is("{"):
				braces++
			case token.Is("}"):
				braces--
			case token.Kind == Number && braces == 0 && l.keepsNumber(i):
				if constant, is := constant(token); is {
					numbers = append(numbers, constant)
				}
			}
		}
	}
	return numbers
}

// keepsNumber tells whether the number at a place stands alone, or beside something that
// is known at run time only.
func (l line) keepsNumber(at int) bool {
	before, after := around(l, at-1), around(l, at+1)
	if after.Kind != LineEnd && !slices.ContainsFunc([]string{")", ",", "]", ":", "==", "!=", "<", ">", "<=", ">="}, after.Is) {
		return false
	}
	if slices.ContainsFunc([]string{"+", "-", "*", "/", "//", "%", "**"}, before.Is) {
		operand := around(l, at-2)
		return operand.Kind == Name && !slices.Contains(keywords, operand.Text) || operand.Is("]")
	}
	if of := around(l, at-2); before.Is("[") && (of.Kind == String || of.Is(")")) {
		return false // an index into what is constant itself is worked out at once
	}
	if before.Is("(") {
		return callee(around(l, at-2))
	}
	return slices.ContainsFunc([]string{",", "=", "[", "return", "==", "!=", "<", ">", "<=", ">=", "+=", "-=", "*=", "/=", "//=", "%="}, before.Is)
}

// constant reads a number of a size that a float64 holds exactly.
func constant(token Token) (Constant, bool) {
	const exact = 1 << 53
	text := strings.ReplaceAll(token.Text, "_", "")
	if whole, err := strconv.ParseInt(text, 0, 64); err == nil {
		return Constant{Value: float64(whole), Text: token.Text, Line: token.Line}, whole < exact
	}
	value, err := strconv.ParseFloat(text, 64)
	return Constant{Value: value, Float: true, Text: token.Text, Line: token.Line}, err == nil && strings.ContainsAny(text, ".eE") && !strings.HasPrefix(text, "0x")
}
