package source

import (
	"slices"
	"strings"
)

// Word is a text that must lie in the memory of a process that imported the function, as
// a str object of its own.
type Word struct {
	Text string
	// Line is where the file has it.
	Line int
	// Function is the qualified name of the function that uses it.
	Function string
}

// Words are what CPython surely keeps of the functions of a file: their names, arguments,
// variables, attributes and plain strings. Left out is what the compiler drops or folds:
// docstrings, annotations, assertions, formatted and joined strings, names of classes'
// own privates, dotted imports, what follows a return.
func Words(functions []Function) []Word {
	var words []Word
	for _, function := range functions {
		short := function.Name[strings.LastIndexByte(function.Name, '.')+1:]
		words = append(words, Word{short, function.FirstLine, function.Name})
		for _, name := range function.Parameters {
			words = append(words, Word{name, function.FirstLine, function.Name})
		}
		for _, l := range lines(function.Body) {
			words = append(words, l.words(function.Name)...)
		}
	}
	return slices.DeleteFunc(words, func(w Word) bool { return len(w.Text) < 2 || strings.HasPrefix(w.Text, "__") })
}

// ModuleWords are the plain strings that a module binds to a name at its top, once and for
// good: they live as long as the module does.
func ModuleWords(tokens []Token) []Word {
	bound, everything := bindings(tokens)
	if everything {
		return nil
	}
	var words []Word
	for _, l := range lines(tokens) {
		// White space before it: it runs in a block, which may not be entered.
		if len(l) != 3 || l.indent() != 0 || l[0].Kind != Name || !l[1].Is("=") || l[2].Kind != String || bound[l[0].Text] != 1 {
			continue
		}
		if text, kept := literal(l, 2); kept && len(text) > 1 {
			words = append(words, Word{Text: text, Line: l[2].Line, Function: l[0].Text})
		}
	}
	return words
}

var (
	keywords = strings.Fields(`False None True and as assert async await break class continue def del elif else except
		finally for from global if import in is lambda nonlocal not or pass raise return try while with yield
		match case type _`)
	// skippedLines begin with these: the compiler may keep nothing of them.
	skippedLines = []string{"assert", "global", "nonlocal", "type"}
)

// compiled is the part of a line of which the compiler keeps every word.
func (l line) compiled() line {
	if slices.ContainsFunc(l, func(t Token) bool { return t.Is(";") }) {
		return nil
	}
	if compound(l) {
		// What follows on the same line may be annotated; it is short.
		l = l[:signatureEnd(l)]
	} else {
		l = withoutAnnotation(l)
	}
	if len(l) == 0 || slices.Contains(skippedLines, l[0].Text) {
		return nil
	}
	return l
}

func (l line) words(function string) []Word {
	if l = l.compiled(); len(l) == 0 {
		return nil
	}
	importing := l[0].Is("import") || l[0].Is("from")
	var words []Word
	for i, token := range l {
		switch token.Kind {
		case Name:
			dotted := importing && (around(l, i-1).Is(".") || around(l, i+1).Is("."))
			if !slices.Contains(keywords, token.Text) && !dotted && plain(token.Text) {
				words = append(words, Word{token.Text, token.Line, function})
			}
		case String:
			if text, kept := literal(l, i); kept {
				words = append(words, Word{text, token.Line, function})
			}
		}
	}
	return words
}

// around is a neighbour in the line; at its ends a token that is nothing.
func around(l line, at int) Token {
	if at < 0 || at >= len(l) {
		return Token{Kind: LineEnd}
	}
	return l[at]
}

// withoutAnnotation drops `: TYPE` of `name: TYPE = value`, and the whole of a line that
// only annotates.
func withoutAnnotation(l line) line {
	if l[0].Kind != Name || slices.Contains(keywords, l[0].Text) && l[0].Text != "match" && l[0].Text != "case" && l[0].Text != "type" {
		return l
	}
	colon := signatureEnd(l)
	if colon >= len(l)-1 || slices.ContainsFunc(l[:colon], func(t Token) bool { return t.Is("=") || t.Is("lambda") }) {
		return l
	}
	depth := 0
	for i := colon + 1; i < len(l); i++ {
		switch {
		case l[i].Is("(") || l[i].Is("[") || l[i].Is("{"):
			depth++
		case l[i].Is(")") || l[i].Is("]") || l[i].Is("}"):
			depth--
		case l[i].Is("=") && depth == 0:
			return slices.Concat(l[:colon], l[i:])
		}
	}
	return nil
}

// literal is the value of a plain string, where the compiler keeps it as it is.
func literal(l line, at int) (text string, kept bool) {
	prefix, quote := stringStart(l[at].Text)
	text = strings.TrimSuffix(l[at].Text[len(prefix)+len(quote):], quote)
	if strings.Trim(prefix, "uU") != "" || strings.Contains(text, `\`) || !plain(text) || len(l[at].Text) < len(prefix)+2*len(quote) {
		return "", false
	}
	before, after := around(l, at-1), around(l, at+1)
	called := before.Is("(") && callee(around(l, at-2))
	opened := called || slices.ContainsFunc([]string{",", "=", "[", "{", ":", "return", "in", "==", "!="}, before.Is)
	closed := after.Kind == LineEnd || slices.ContainsFunc([]string{")", ",", "]", "}", ":", "==", "!="}, after.Is)
	return text, opened && closed && !(before.Is("return") && after.Is(","))
}

// callee tells that a bracket after this token is a call's, not one that only groups.
func callee(before Token) bool {
	return before.Kind == Name && !slices.Contains(keywords, before.Text) || before.Is(")") || before.Is("]")
}

// plain tells that a text is printable ASCII, which CPython keeps byte by byte.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x7f || text[i] < ' ' && text[i] != '\n' && text[i] != '\t' {
			return false
		}
	}
	return true
}
