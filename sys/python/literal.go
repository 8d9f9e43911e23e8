package python

import (
	"fmt"
	"strconv"
	"strings"
)

// Python source is read here as far as it can be known without running it: logical
// lines, and the literals in them (Python reference, chapter 2).

// TokenKind is what a token is.
type TokenKind int

// The kinds that matter to whoever reads literals.
const (
	NameToken TokenKind = iota
	NumberToken
	StringToken
	// OpaqueToken is a string whose value is not plain text: an f-string with
	// replacement fields, bytes, or an escape that needs Python's own tables.
	OpaqueToken
	OperatorToken
)

// Token is a piece of Python's source.
type Token struct {
	Kind TokenKind
	Text string
	// Depth counts the brackets that are open around the token.
	Depth int
}

// Is tells whether the token is this operator.
func (token Token) Is(operator string) bool {
	return token.Kind == OperatorToken && token.Text == operator
}

// Statement is one simple statement, or the head of a compound one.
type Statement struct {
	line   int
	Indent int
	Tokens []Token
}

type scanner struct {
	source     string
	at         int
	line       int
	depth      int
	indent     int
	current    Statement
	statements []Statement
}

// Scan splits source into statements. It fails on what Python itself would refuse
// to read: a string or bracket that is not closed.
func Scan(source string) ([]Statement, error) {
	source = strings.ReplaceAll(strings.TrimPrefix(source, "\ufeff"), "\r\n", "\n")
	scanner := scanner{source: source, line: 1}
	scanner.measureIndent()
	for scanner.at < len(scanner.source) {
		if err := scanner.step(); err != nil {
			return nil, fmt.Errorf("line %d: %w", scanner.line, err)
		}
	}
	if scanner.depth > 0 {
		return nil, fmt.Errorf("line %d: a bracket is never closed", scanner.line)
	}
	scanner.endStatement()
	return scanner.statements, nil
}

func (s *scanner) step() error {
	c := s.source[s.at]
	switch {
	case c == '\n':
		s.at++
		s.line++
		if s.depth == 0 {
			s.endStatement()
			s.measureIndent()
		}
	case c == ' ' || c == '\t' || c == '\f' || c == '\r':
		s.at++
	case c == '#':
		if end := strings.IndexByte(s.source[s.at:], '\n'); end >= 0 {
			s.at += end
		} else {
			s.at = len(s.source)
		}
	case c == '\\':
		s.at++
		if s.at < len(s.source) && s.source[s.at] == '\n' {
			s.at++
			s.line++
		}
	case c == ';' && s.depth == 0:
		s.at++
		s.endStatement()
	case isDigit(c) || c == '.' && s.at+1 < len(s.source) && isDigit(s.source[s.at+1]):
		end := s.at + 1
		for end < len(s.source) && (isNameByte(s.source[end]) || s.source[end] == '.') {
			end++
		}
		s.add(NumberToken, s.source[s.at:end])
		s.at = end
	case c == '"' || c == '\'':
		return s.readString("")
	case isNameByte(c):
		return s.readName()
	default:
		s.readOperator()
	}
	return nil
}

func (s *scanner) readName() error {
	end := s.at + 1
	for end < len(s.source) && isNameByte(s.source[end]) {
		end++
	}
	word := s.source[s.at:end]
	if end < len(s.source) && (s.source[end] == '"' || s.source[end] == '\'') && len(word) <= 2 &&
		strings.Trim(strings.ToLower(word), "rbuft") == "" {
		s.at = end
		return s.readString(strings.ToLower(word))
	}
	s.add(NameToken, word)
	s.at = end
	return nil
}

func (s *scanner) readOperator() {
	rest := s.source[s.at:]
	text := rest[:1]
	for _, operator := range []string{"**=", "//=", ">>=", "<<=", ":=", "==", "!=", "<=", ">=", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@="} {
		if strings.HasPrefix(rest, operator) {
			text = operator
			break
		}
	}
	switch text {
	case "(", "[", "{":
		s.add(OperatorToken, text)
		s.depth++
	case ")", "]", "}":
		s.depth = max(s.depth-1, 0)
		s.add(OperatorToken, text)
	default:
		s.add(OperatorToken, text)
	}
	s.at += len(text)
}

// readString reads from an opening quote to the closing one.
func (s *scanner) readString(prefix string) error {
	quote := s.source[s.at : s.at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s.source[s.at:], triple) {
		quote = triple
	}
	start := s.at + len(quote)
	line := s.line
	for end := start; end < len(s.source); end++ {
		switch {
		case s.source[end] == '\\':
			end++
			if end < len(s.source) && s.source[end] == '\n' {
				s.line++
			}
		case strings.HasPrefix(s.source[end:], quote):
			s.at = end + len(quote)
			s.addString(prefix, s.source[start:end], line)
			return nil
		case s.source[end] == '\n':
			if len(quote) == 1 {
				return fmt.Errorf("a string is not closed")
			}
			s.line++
		}
	}
	s.line = line
	return fmt.Errorf("a string is never closed")
}

func (s *scanner) addString(prefix, body string, line int) {
	text, plain := body, true
	if !strings.Contains(prefix, "r") {
		text, plain = unescape(body)
	}
	if strings.ContainsAny(prefix, "ft") && strings.ContainsAny(body, "{}") || strings.Contains(prefix, "b") {
		plain = false
	}
	kind := StringToken
	if !plain {
		kind = OpaqueToken
	}
	if len(s.current.Tokens) == 0 {
		s.current.line = line
	}
	s.add(kind, text)
}

func (s *scanner) add(kind TokenKind, text string) {
	if len(s.current.Tokens) == 0 {
		s.current.Indent = s.indent
		if s.current.line == 0 {
			s.current.line = s.line
		}
	}
	s.current.Tokens = append(s.current.Tokens, Token{Kind: kind, Text: text, Depth: s.depth})
}

func (s *scanner) endStatement() {
	if len(s.current.Tokens) > 0 {
		s.statements = append(s.statements, s.current)
	}
	s.current = Statement{}
}

// measureIndent notes the column of the line that begins here. Blank and comment lines
// have one too, but no token to carry it.
func (s *scanner) measureIndent() {
	s.indent = 0
	for at := s.at; at < len(s.source) && (s.source[at] == ' ' || s.source[at] == '\t'); at++ {
		s.indent++
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isNameByte takes every byte of a non-ASCII letter for a part of a name.
func isNameByte(c byte) bool {
	return c == '_' || isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// unescape resolves the escapes of a string that is not raw; plain is false where
// one needs Python's table of character names.
func unescape(body string) (text string, plain bool) {
	if !strings.Contains(body, `\`) {
		return body, true
	}
	var out strings.Builder
	for at := 0; at < len(body); at++ {
		if body[at] != '\\' || at+1 == len(body) {
			out.WriteByte(body[at])
			continue
		}
		at++
		switch c := body[at]; c {
		case '\n':
		case '\\', '\'', '"':
			out.WriteByte(c)
		case 'a', 'b', 'f', 'n', 'r', 't', 'v':
			out.WriteByte("\a\b\f\n\r\t\v"[strings.IndexByte("abfnrtv", c)])
		case 'x', 'u', 'U':
			width := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			if at+width >= len(body) {
				return body, false
			}
			code, err := strconv.ParseUint(body[at+1:at+1+width], 16, 32)
			if err != nil {
				return body, false
			}
			out.WriteRune(rune(code)) //nolint:gosec // WriteRune replaces what is no character
			at += width
		case '0', '1', '2', '3', '4', '5', '6', '7':
			end := at + 1
			for end < len(body) && end < at+3 && body[end] >= '0' && body[end] <= '7' {
				end++
			}
			code, _ := strconv.ParseUint(body[at:end], 8, 16)
			out.WriteRune(rune(code)) // at most 0o777
			at = end - 1
		case 'N':
			return body, false
		default:
			out.WriteByte('\\')
			out.WriteByte(c)
		}
	}
	return out.String(), true
}
