package python

import (
	"strconv"
	"strings"
)

// Value is what a literal stands for: nil, a bool, an int64, a string, a
// List (lists, tuples and sets alike) or a dict.
type Value any

// List is a list, a tuple or a set.
type List []Value

// dict keeps the order of the source. Keys that are no strings are left out.
type dict []dictItem

type dictItem struct {
	key   string
	value Value
}

// deepestNesting bounds how deep brackets are followed; no configuration needs more.
const deepestNesting = 16

// Evaluate gives the value of tokens that are one literal; ok is false for
// every other expression.
func Evaluate(tokens []Token) (value Value, ok bool) {
	value, rest, ok := readValue(tokens, 0)
	if !ok {
		return nil, false
	}
	// A top-level comma makes a tuple without parentheses.
	if len(rest) > 0 && rest[0].Is(",") {
		list := List{value}
		for len(rest) > 1 {
			if value, rest, ok = readValue(rest[1:], 0); !ok {
				return nil, false
			}
			list = append(list, value)
			if len(rest) > 0 && !rest[0].Is(",") {
				return nil, false
			}
		}
		return list, true
	}
	return value, len(rest) == 0
}

func readValue(tokens []Token, nesting int) (value Value, rest []Token, ok bool) {
	if len(tokens) == 0 || nesting > deepestNesting {
		return nil, nil, false
	}
	first := tokens[0]
	switch first.Kind {
	case StringToken:
		return readStrings(tokens)
	case NumberToken:
		number, err := strconv.ParseInt(first.Text, 0, 64)
		return number, tokens[1:], err == nil && !isOldOctal(first.Text)
	case NameToken:
		constant, known := map[string]Value{"True": true, "False": false, "None": nil}[first.Text]
		return constant, tokens[1:], known
	case OperatorToken:
		switch first.Text {
		case "-":
			value, rest, ok = readValue(tokens[1:], nesting+1)
			number, isNumber := value.(int64)
			return -number, rest, ok && isNumber
		case "(", "[", "{":
			return readBrackets(tokens, nesting)
		}
	}
	return nil, nil, false
}

// isOldOctal tells 0755, which Go reads as octal and Python 3 refuses.
func isOldOctal(text string) bool {
	return len(text) > 1 && text[0] == '0' && isDigit(text[1]) && strings.Trim(text, "0_") != ""
}

// readStrings joins string literals that stand side by side.
func readStrings(tokens []Token) (value Value, rest []Token, ok bool) {
	var text strings.Builder
	for len(tokens) > 0 && tokens[0].Kind == StringToken {
		text.WriteString(tokens[0].Text)
		tokens = tokens[1:]
	}
	if len(tokens) > 0 && tokens[0].Kind == OpaqueToken {
		return nil, nil, false
	}
	return text.String(), tokens, true
}

func readBrackets(tokens []Token, nesting int) (value Value, rest []Token, ok bool) {
	closing := map[string]string{"(": ")", "[": "]", "{": "}"}[tokens[0].Text]
	list, dict := List{}, dict(nil)
	commas := 0
	rest = tokens[1:]
	for {
		if len(rest) == 0 {
			return nil, nil, false
		}
		if rest[0].Is(closing) {
			break
		}
		var item Value
		if item, rest, ok = readValue(rest, nesting+1); !ok || len(rest) == 0 {
			return nil, nil, false
		}
		if closing == "}" && rest[0].Is(":") {
			var content Value
			if content, rest, ok = readValue(rest[1:], nesting+1); !ok || len(rest) == 0 {
				return nil, nil, false
			}
			if key, isText := item.(string); isText {
				dict = append(dict, dictItem{key, content})
			}
		} else {
			list = append(list, item)
		}
		switch {
		case rest[0].Is(","):
			commas++
			rest = rest[1:]
		case !rest[0].Is(closing):
			return nil, nil, false
		}
	}
	rest = rest[1:]
	switch {
	case closing == "}" && len(list) == 0:
		return dict, rest, true
	case closing == ")" && len(list) == 1 && commas == 0:
		return list[0], rest, true
	}
	return list, rest, true
}
