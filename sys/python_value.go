package sys

import (
	"strconv"
	"strings"
)

// pythonValue is what a literal stands for: nil, a bool, an int64, a string, a
// pythonList (lists, tuples and sets alike) or a pythonDict.
type pythonValue any

type pythonList []pythonValue

// pythonDict keeps the order of the source. Keys that are no strings are left out.
type pythonDict []pythonItem

type pythonItem struct {
	key   string
	value pythonValue
}

// pythonNesting bounds how deep brackets are followed; no configuration needs more.
const pythonNesting = 16

// evaluatePython gives the value of tokens that are one literal; ok is false for
// every other expression.
func evaluatePython(tokens []pythonToken) (value pythonValue, ok bool) {
	value, rest, ok := readPythonValue(tokens, 0)
	if !ok {
		return nil, false
	}
	// A top-level comma makes a tuple without parentheses.
	if len(rest) > 0 && rest[0].is(",") {
		list := pythonList{value}
		for len(rest) > 1 {
			if value, rest, ok = readPythonValue(rest[1:], 0); !ok {
				return nil, false
			}
			list = append(list, value)
			if len(rest) > 0 && !rest[0].is(",") {
				return nil, false
			}
		}
		return list, true
	}
	return value, len(rest) == 0
}

func readPythonValue(tokens []pythonToken, nesting int) (value pythonValue, rest []pythonToken, ok bool) {
	if len(tokens) == 0 || nesting > pythonNesting {
		return nil, nil, false
	}
	first := tokens[0]
	switch first.kind {
	case pythonString:
		return readPythonStrings(tokens)
	case pythonNumber:
		number, err := strconv.ParseInt(first.text, 0, 64)
		return number, tokens[1:], err == nil && !isOldOctal(first.text)
	case pythonName:
		constant, known := map[string]pythonValue{"True": true, "False": false, "None": nil}[first.text]
		return constant, tokens[1:], known
	case pythonOperator:
		switch first.text {
		case "-":
			value, rest, ok = readPythonValue(tokens[1:], nesting+1)
			number, isNumber := value.(int64)
			return -number, rest, ok && isNumber
		case "(", "[", "{":
			return readPythonBrackets(tokens, nesting)
		}
	}
	return nil, nil, false
}

// isOldOctal tells 0755, which Go reads as octal and Python 3 refuses.
func isOldOctal(text string) bool {
	return len(text) > 1 && text[0] == '0' && isPythonDigit(text[1]) && strings.Trim(text, "0_") != ""
}

// readPythonStrings joins string literals that stand side by side.
func readPythonStrings(tokens []pythonToken) (value pythonValue, rest []pythonToken, ok bool) {
	var text strings.Builder
	for len(tokens) > 0 && tokens[0].kind == pythonString {
		text.WriteString(tokens[0].text)
		tokens = tokens[1:]
	}
	if len(tokens) > 0 && tokens[0].kind == pythonOpaque {
		return nil, nil, false
	}
	return text.String(), tokens, true
}

func readPythonBrackets(tokens []pythonToken, nesting int) (value pythonValue, rest []pythonToken, ok bool) {
	closing := map[string]string{"(": ")", "[": "]", "{": "}"}[tokens[0].text]
	list, dict := pythonList{}, pythonDict(nil)
	commas := 0
	rest = tokens[1:]
	for {
		if len(rest) == 0 {
			return nil, nil, false
		}
		if rest[0].is(closing) {
			break
		}
		var item pythonValue
		if item, rest, ok = readPythonValue(rest, nesting+1); !ok || len(rest) == 0 {
			return nil, nil, false
		}
		if closing == "}" && rest[0].is(":") {
			var content pythonValue
			if content, rest, ok = readPythonValue(rest[1:], nesting+1); !ok || len(rest) == 0 {
				return nil, nil, false
			}
			if key, isText := item.(string); isText {
				dict = append(dict, pythonItem{key, content})
			}
		} else {
			list = append(list, item)
		}
		switch {
		case rest[0].is(","):
			commas++
			rest = rest[1:]
		case !rest[0].is(closing):
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
