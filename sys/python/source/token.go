// Package source reads Python files without running them: their tokens, the functions
// that they define, and the words that a process which imported them must have kept.
package source

import (
	"strings"
	"unicode/utf8"
)

// Kind is what a token is.
type Kind int

// The kinds of tokens. Indentation is not a token: each token knows its logical line.
const (
	Name Kind = iota
	Number
	String
	Operator
	// LineEnd closes a logical line.
	LineEnd
)

// Token is one word of a file.
type Token struct {
	Kind Kind
	// Text is the token as it is written; of a string, with its prefix and quotes.
	Text string
	// Line and EndLine count from 1, Column and EndColumn are bytes from 0, as in
	// CPython's own positions.
	Line, EndLine, Column, EndColumn int
	// Indent is the width of the white space before the logical line.
	Indent int
}

// Is tells whether the token is this operator or keyword.
func (t Token) Is(text string) bool {
	return t.Text == text && (t.Kind == Operator || t.Kind == Name)
}

// Tokens takes a file apart. It is not a checker: a file that Python would refuse gives
// tokens, too, as far as they go.
func Tokens(file []byte) []Token {
	t := &tokenizer{text: string(file), line: 1}
	t.text = strings.TrimPrefix(t.text, "\ufeff")
	for t.at < len(t.text) {
		t.step()
	}
	t.endLine()
	return t.tokens
}

type tokenizer struct {
	text string
	at   int
	line int
	// lineStart is where the physical line begins.
	lineStart int
	depth     int
	// begun says that the logical line has a token; indent is its indentation.
	begun  bool
	indent int
	tokens []Token
}

const tabWidth = 8

func (t *tokenizer) step() {
	if !t.begun && t.at == t.lineStart {
		t.measureIndent()
	}
	rest := t.text[t.at:]
	switch c := rest[0]; {
	case c == '\n':
		t.newline()
	case c == ' ' || c == '\t' || c == '\f' || c == '\r':
		t.at++
	case c == '#':
		end := strings.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest)
		}
		t.at += end
	case c == '\\' && (strings.HasPrefix(rest, "\\\n") || strings.HasPrefix(rest, "\\\r\n")):
		t.at += strings.IndexByte(rest, '\n') + 1
		t.line++
		t.lineStart = t.at
	default:
		t.token(rest)
	}
}

func (t *tokenizer) measureIndent() {
	width := 0
	for i := t.at; i < len(t.text); i++ {
		switch t.text[i] {
		case ' ':
			width++
			continue
		case '\t':
			width = (width/tabWidth + 1) * tabWidth
			continue
		case '\f':
			width = 0
			continue
		}
		break
	}
	t.indent = width
}

func (t *tokenizer) newline() {
	if t.depth == 0 {
		t.endLine()
	}
	t.at++
	t.line++
	t.lineStart = t.at
}

func (t *tokenizer) endLine() {
	if t.begun {
		column := t.at - t.lineStart
		t.tokens = append(t.tokens, Token{Kind: LineEnd, Line: t.line, EndLine: t.line, Column: column, EndColumn: column, Indent: t.indent})
	}
	t.begun = false
}

func (t *tokenizer) token(rest string) {
	kind, length := Operator, operatorLength(rest)
	if prefix, quote := stringStart(rest); quote != "" {
		kind, length = String, stringLength(rest, prefix, quote)
	} else if r, _ := utf8.DecodeRuneInString(rest); nameRune(r) && (r < '0' || r > '9') {
		kind, length = Name, spanOf(rest, nameRune)
	} else if digit(rest[0]) || rest[0] == '.' && len(rest) > 1 && digit(rest[1]) {
		kind, length = Number, numberLength(rest)
	}
	text := rest[:length]
	token := Token{Kind: kind, Text: text, Line: t.line, Column: t.at - t.lineStart, Indent: t.indent}
	t.at += length
	if lines := strings.Count(text, "\n"); lines > 0 {
		t.line += lines
		t.lineStart = t.at - (len(text) - strings.LastIndexByte(text, '\n') - 1)
	}
	token.EndLine, token.EndColumn = t.line, t.at-t.lineStart
	switch text {
	case "(", "[", "{":
		t.depth++
	case ")", "]", "}":
		t.depth = max(t.depth-1, 0)
	}
	t.begun = true
	t.tokens = append(t.tokens, token)
}

// stringStart recognises the prefix and the quotes of a literal.
func stringStart(rest string) (prefix, quote string) {
	length := 0
	for length < len(rest) && length < 2 && strings.IndexByte("rRbBuUfFtT", rest[length]) >= 0 {
		length++
	}
	for ; length >= 0; length-- {
		after := rest[length:]
		for _, quote := range []string{`"""`, `'''`, `"`, `'`} {
			if strings.HasPrefix(after, quote) {
				return rest[:length], quote
			}
		}
	}
	return "", ""
}

// stringLength is how far a literal goes. A formatted one may hold its own quotes in
// braces since 3.12, so those are passed by as a whole.
func stringLength(rest, prefix, quote string) int {
	formatted := strings.ContainsAny(prefix, "fFtT")
	at := len(prefix) + len(quote)
	depth := 0
	for at < len(rest) {
		switch {
		case rest[at] == '\\':
			at += 2
		case depth == 0 && strings.HasPrefix(rest[at:], quote):
			return at + len(quote)
		case len(quote) == 1 && rest[at] == '\n' && depth == 0:
			return at
		case formatted && depth == 0 && strings.HasPrefix(rest[at:], "{{"):
			at += 2
		case formatted && rest[at] == '{':
			depth++
			at++
		case formatted && depth > 0 && rest[at] == '}':
			depth--
			at++
		case depth > 0 && (rest[at] == '"' || rest[at] == '\'') && rest[at] != quote[0]:
			_, inner := stringStart(rest[at:])
			at += stringLength(rest[at:], "", inner)
		default:
			at++
		}
	}
	return len(rest)
}

func nameRune(r rune) bool {
	return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r >= utf8.RuneSelf
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func spanOf(text string, belongs func(rune) bool) int {
	for i, r := range text {
		if !belongs(r) {
			return i
		}
	}
	return len(text)
}

// numberLength takes the sign of an exponent along.
func numberLength(rest string) int {
	hexadecimal := len(rest) > 1 && rest[0] == '0' && (rest[1] == 'x' || rest[1] == 'X')
	length := 0
	for length < len(rest) {
		c := rest[length]
		exponent := length > 0 && !hexadecimal && (rest[length-1] == 'e' || rest[length-1] == 'E')
		if !nameRune(rune(c)) && c != '.' && (!exponent || c != '+' && c != '-') {
			break
		}
		length++
	}
	return length
}

func operatorLength(rest string) int {
	for _, operator := range []string{"**=", "//=", ">>=", "<<=", "...", "->", ":=", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "**", "//", ">>", "<<"} {
		if strings.HasPrefix(rest, operator) {
			return len(operator)
		}
	}
	_, size := utf8.DecodeRuneInString(rest)
	return size
}
