package sys

import (
	"fmt"
	"io"
	"strings"
)

// ParseEnvironmentFile reads the format of systemd.EnvironmentFile= (systemd.exec(5)): KEY=VALUE
// lines, # and ; comments, quotes, continuation lines. It does what systemd does, which is
// not what a shell does: nothing is expanded, and a line such as "export KEY=value" sets
// nothing, because "export KEY" is no name.
func ParseEnvironmentFile(reader io.Reader) (map[string]string, error) {
	raw, err := io.ReadAll(reader)
	if err != nil {
		return nil, fmt.Errorf("environment file: %w", err)
	}
	parser := environmentParser{variables: map[string]string{}, state: beforeKey}
	for _, c := range raw {
		parser.state = parser.next(c)
	}
	if parser.state != beforeKey && parser.state != inKey && parser.state < inComment {
		parser.push()
	}
	return parser.variables, nil
}

type environmentState int

const (
	beforeKey environmentState = iota
	inKey
	beforeValue
	inValue
	valueEscape
	inSingleQuotes
	inDoubleQuotes
	doubleQuotesEscape
	inComment
	commentEscape
)

type environmentParser struct {
	variables map[string]string
	state     environmentState
	key       []byte
	value     []byte
	// kept is how much of value may not be trimmed: it was quoted or escaped.
	kept int
}

func (p *environmentParser) next(c byte) environmentState {
	newline := c == '\n' || c == '\r'
	switch p.state {
	case beforeKey:
		return p.lineStart(c)
	case inKey:
		switch {
		case newline:
			return beforeKey
		case c == '=':
			p.value, p.kept = nil, 0
			return beforeValue
		}
		p.key = append(p.key, c)
		return inKey
	case beforeValue, inValue:
		return p.inValue(c, newline)
	case inComment:
		switch {
		case newline:
			return beforeKey
		case c == '\\':
			return commentEscape
		}
		return inComment
	case commentEscape:
		// Since systemd 254 a comment ends with its line, backslash or not.
		if newline {
			return beforeKey
		}
		return inComment
	default:
		return p.quotedOrEscaped(c, newline)
	}
}

func (p *environmentParser) lineStart(c byte) environmentState {
	switch {
	case c == '#' || c == ';':
		return inComment
	case isBlank(c):
		return beforeKey
	}
	p.key = []byte{c}
	return inKey
}

func (p *environmentParser) inValue(c byte, newline bool) environmentState {
	before := p.state == beforeValue
	switch {
	case newline:
		p.push()
		return beforeKey
	case c == '\\':
		return valueEscape
	case before && c == '\'':
		return inSingleQuotes
	case before && c == '"':
		return inDoubleQuotes
	case before && isBlank(c):
		return beforeValue
	}
	p.value = append(p.value, c)
	return inValue
}

func (p *environmentParser) quotedOrEscaped(c byte, newline bool) environmentState {
	switch p.state {
	case inSingleQuotes:
		if c == '\'' {
			return beforeValue
		}
		p.keep(c)
		return inSingleQuotes
	case inDoubleQuotes:
		switch c {
		case '"':
			return beforeValue
		case '\\':
			return doubleQuotesEscape
		}
		p.keep(c)
		return inDoubleQuotes
	case doubleQuotesEscape:
		if strings.IndexByte("\"\\`$", c) >= 0 {
			p.keep(c)
		} else if c != '\n' {
			p.keep('\\')
			p.keep(c)
		}
		return inDoubleQuotes
	default:
		if !newline {
			p.keep(c)
		}
		return inValue
	}
}

func (p *environmentParser) keep(c byte) {
	p.value = append(p.value, c)
	p.kept = len(p.value)
}

// push ends one assignment. A name that systemd would not accept is passed over.
func (p *environmentParser) push() {
	end := len(p.value)
	for end > p.kept && isBlank(p.value[end-1]) {
		end--
	}
	if name := strings.TrimRight(string(p.key), " \t\r\n"); IsVariableName(name) {
		p.variables[name] = string(p.value[:end])
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// IsVariableName tells what systemd takes for a variable's name.
func IsVariableName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && !isUpper(c) && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}
