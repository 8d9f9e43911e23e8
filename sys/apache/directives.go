package apache

import (
	"fmt"
	"strings"
)

// Directive is one of a configuration file, a section with what stands in it.
type Directive struct {
	// Name is in small letters, as Apache does not tell them apart.
	Name      string
	Arguments []string
	Section   bool
	Below     []Directive
	File      string
	Line      int
}

// first is its first argument; empty for none.
func (directive Directive) first() string {
	if len(directive.Arguments) == 0 {
		return ""
	}
	return directive.Arguments[0]
}

// parseText reads the directives of one file. The error names the line that Apache would refuse.
func parseText(file, text string) ([]Directive, error) {
	open := []*Directive{{}}
	for number, line := range logicalLines(text) {
		line = strings.TrimSpace(line)
		top := open[len(open)-1]
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "</"):
			name, _, _ := strings.Cut(line[2:], ">")
			if len(open) == 1 || top.Name != strings.ToLower(strings.TrimSpace(name)) {
				return nil, fmt.Errorf("%s:%d: </%s> closes nothing that is open", file, number, strings.TrimSpace(name))
			}
			open = open[:len(open)-1]
			above := open[len(open)-1]
			above.Below = append(above.Below, *top)
		case line[0] == '<':
			words := splitWords(strings.TrimSuffix(line[1:], ">"))
			if len(words) == 0 || !strings.HasSuffix(line, ">") {
				return nil, fmt.Errorf("%s:%d: a section without its >", file, number)
			}
			open = append(open, &Directive{Name: strings.ToLower(words[0]), Arguments: words[1:], Section: true, File: file, Line: number})
		default:
			words := splitWords(line)
			top.Below = append(top.Below, Directive{Name: strings.ToLower(words[0]), Arguments: words[1:], File: file, Line: number})
		}
	}
	if len(open) > 1 {
		return nil, fmt.Errorf("%s:%d: <%s> is not closed", file, open[len(open)-1].Line, open[len(open)-1].Name)
	}
	return open[0].Below, nil
}

// logicalLines are the lines by the number of the first of each: one that ends in a backslash goes
// on in the next, a comment too.
func logicalLines(text string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		number, first, whole := 0, 1, ""
		for line := range strings.Lines(text) {
			number++
			line = strings.TrimRight(line, "\r\n")
			if begun, more := strings.CutSuffix(line, `\`); more {
				whole += begun
				continue
			}
			if !yield(first, whole+line) {
				return
			}
			first, whole = number+1, ""
		}
		if whole != "" {
			yield(first, whole)
		}
	}
}

// splitWords splits as ap_getword_conf does: at blanks, but for what is quoted; in quotes a
// backslash keeps the quote or the backslash after it.
func splitWords(line string) []string {
	var words []string
	for line = strings.TrimLeft(line, " \t"); line != ""; line = strings.TrimLeft(line, " \t") {
		quote := line[0]
		if quote != '"' && quote != '\'' {
			end := strings.IndexAny(line, " \t")
			if end < 0 {
				end = len(line)
			}
			words = append(words, line[:end])
			line = line[end:]
			continue
		}
		var word strings.Builder
		at := 1
		for ; at < len(line) && line[at] != quote; at++ {
			if line[at] == '\\' && at+1 < len(line) && (line[at+1] == quote || line[at+1] == '\\') {
				at++
			}
			word.WriteByte(line[at])
		}
		words = append(words, word.String())
		line = line[min(at+1, len(line)):]
	}
	return words
}
