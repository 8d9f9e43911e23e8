// Package jinja reads Jinja's templates without rendering them: the stretches of text between
// their tags, which Jinja compiles into string constants of a Python function.
package jinja

import (
	"regexp"
	"slices"
	"strings"
)

// Literal is a stretch of text that a compiled template must have as one string constant.
type Literal struct {
	Text string
	// Line is where it begins, from 1.
	Line int
}

// Literals are the stretches of a template that Jinja surely keeps as they are: not those
// that it joins with a neighbour (around a comment, a constant), leaves out (a child
// template's outside of its blocks) or hands to an extension. ok is false of a template with
// a tag that is none of Jinja's own, or under a condition that is a constant: of such a one
// nothing is known. Flask's own settings are assumed, which leave white space around tags
// alone.
func Literals(template string) (literals []Literal, ok bool) {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(template)
	text = strings.TrimSuffix(text, "\n") // keep_trailing_newline is off
	s := &scanner{line: 1, keep: true}
	for text != "" {
		at := nextTag(text)
		if at < 0 {
			s.data(text, true)
			break
		}
		closing := map[byte]string{'{': "}}", '%': "%}", '#': "#}"}[text[at+1]]
		end := strings.Index(text[at+2:], closing)
		if end < 0 {
			return nil, false
		}
		tag := text[at+2 : at+2+end]
		s.data(text[:at], !strings.HasPrefix(tag, "-"))
		if !s.tag(text[at+1], tag) {
			return nil, false
		}
		s.line += strings.Count(tag, "\n")
		text = text[at+4+end:]
	}
	s.flush(true)
	if s.extends {
		s.found = slices.DeleteFunc(s.found, func(one scanned) bool { return !one.inBlock })
	}
	for _, one := range s.found {
		literals = append(literals, one.Literal)
	}
	return literals, true
}

func nextTag(text string) int {
	for at := 0; at+1 < len(text); at++ {
		if text[at] == '{' && strings.IndexByte("{%#", text[at+1]) >= 0 {
			return at
		}
	}
	return -1
}

type scanned struct {
	Literal
	inBlock bool
}

type scanner struct {
	found []scanned
	// line is that of the next text; keep says that what lies before it is no constant.
	line    int
	keep    bool
	pending scanned
	// depth counts the open blocks.
	depth   int
	extends bool
}

// data takes a stretch of text; whole is false where the tag after it strips its end.
func (s *scanner) data(text string, whole bool) {
	s.pending = scanned{Literal{text, s.line}, s.depth > 0}
	if !whole {
		s.keep = false
	}
	s.line += strings.Count(text, "\n")
}

// flush keeps the last stretch, if neither what came before nor what comes after it
// changes it.
func (s *scanner) flush(keep bool) {
	if s.keep && keep && strings.TrimSpace(s.pending.Text) != "" {
		s.found = append(s.found, s.pending)
	}
	s.pending = scanned{}
}

var (
	// variable is an expression that begins with what is known at run time only.
	variable = regexp.MustCompile(`^\s*[A-Za-z_]\w*`)
	// constants are the words that Jinja knows the value of.
	constants = []string{"true", "True", "false", "False", "none", "None", "not"}
	// words are the tags that neither change the text around them nor in them.
	words = strings.Fields(`if elif else endif for endfor block endblock extends include import from set endset macro endmacro
		call endcall with endwith`)
)

// tag takes one tag; false where nothing can be said of its template.
func (s *scanner) tag(kind byte, tag string) bool {
	inner := strings.Trim(tag, "-+ \t\n")
	strips := strings.HasSuffix(tag, "-") || strings.HasSuffix(tag, "+") || strings.HasPrefix(tag, "+")
	if kind == '#' {
		s.flush(false) // Jinja joins what lies around it
		s.keep = false
		return true
	}
	if kind == '{' {
		known := !isVariable(inner)
		s.flush(!known)
		s.keep = !known && !strips
		return true
	}
	s.flush(true)
	s.keep = !strips
	word, rest, _ := strings.Cut(inner, " ")
	switch word {
	case "block":
		s.depth++
	case "endblock":
		s.depth--
	case "extends":
		s.extends = true
	case "if", "elif":
		if !isVariable(strings.TrimPrefix(rest, "not ")) {
			return false
		}
	}
	return slices.Contains(words, word)
}

func isVariable(expression string) bool {
	first := variable.FindString(expression)
	return first != "" && !slices.Contains(constants, strings.TrimSpace(first))
}
