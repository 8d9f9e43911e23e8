package source

import (
	"slices"
	"strings"
)

// Function is a function that every process which imported the file has: one that is
// defined at the top of the file or in a class there, in no branch, or within such a one.
type Function struct {
	// Name is the qualified one: "Shop.total", "index.<locals>.inner".
	Name string
	// FirstLine is that of the first decorator, or of the definition.
	FirstLine int
	// Body are its tokens after the signature, without those of its nested functions.
	Body []Token
	// Parameters are the names of its arguments.
	Parameters []string
	// Kept says that nothing in the file may throw it away after it was defined: it bears
	// no decorator, and neither it nor what it is defined in is bound again or deleted.
	Kept bool
}

// line is a logical line: its tokens without the end.
type line []Token

func lines(tokens []Token) []line {
	var found []line
	start := 0
	for i, token := range tokens {
		if token.Kind == LineEnd {
			if i > start {
				found = append(found, tokens[start:i])
			}
			start = i + 1
		}
	}
	return found
}

func (l line) indent() int { return l[0].Indent }

// block is a compound statement that is open.
type block struct {
	indent int
	// function is the index of the function that its lines belong to, -1 for none.
	function int
	// kind is "def", "class", or "" for all others, which may or may not be entered.
	kind string
	name string
	// dead says that what follows in this block is never reached.
	dead bool
}

// Functions are the functions of a file that are surely defined when it is imported. What
// a decorator may throw away (typing.overload does) is left out with all that is in it.
func Functions(tokens []Token) []Function {
	p := &parser{}
	for _, l := range lines(tokens) {
		p.line(l)
	}
	functions := slices.DeleteFunc(p.functions, func(f Function) bool { return f.Name == "" })
	bound, everything := bindings(tokens)
	for i, function := range functions {
		for part := range strings.SplitSeq(function.Name, ".") {
			if bound[part] > 1 || strings.HasPrefix(part, "__") || everything {
				functions[i].Kept = false
			}
		}
	}
	return functions
}

// bindings counts how often each name is bound or deleted in a file, wherever that is;
// everything says that a star import may bind any name.
func bindings(tokens []Token) (bound map[string]int, everything bool) {
	bound = map[string]int{}
	for _, l := range lines(tokens) {
		binding := l[0].Is("import") || l[0].Is("from") || l[0].Is("del") || l[0].Is("global")
		everything = everything || l[0].Is("from") && l[len(l)-1].Is("*")
		for i, token := range l {
			before, after := around(l, i-1), around(l, i+1)
			if token.Kind == Name && (binding || before.Is("def") || before.Is("class") || before.Is("as") || after.Is("=") || after.Is(":=")) {
				bound[token.Text]++
			}
		}
	}
	return bound, everything
}

type parser struct {
	functions []Function
	open      []block
	// decorated is the first line of the decorators that were just read.
	decorated int
	dropped   bool
}

func (p *parser) line(l line) {
	for len(p.open) > 0 && l.indent() <= p.open[len(p.open)-1].indent {
		p.open = p.open[:len(p.open)-1]
	}
	if l[0].Is("@") {
		if p.decorated == 0 {
			p.decorated = l[0].Line
		}
		p.dropped = p.dropped || slices.ContainsFunc(l, func(t Token) bool { return t.Text == "overload" })
		return
	}
	first := p.decorated
	if first == 0 {
		first = l[0].Line
	}
	dropped := p.dropped
	p.decorated, p.dropped = 0, false
	head := l
	if head[0].Is("async") && len(head) > 1 {
		head = head[1:]
	}
	switch {
	case head[0].Is("def") && len(head) > 2:
		p.define(l, head, first, dropped)
	case head[0].Is("class") && len(head) > 1:
		p.open = append(p.open, block{indent: l.indent(), kind: "class", name: head[1].Text, function: -1})
	default:
		p.statement(l)
	}
}

// function is the index of the function that a line belongs to; -1 outside of any.
func (p *parser) function() int {
	if len(p.open) == 0 {
		return -1
	}
	return p.open[len(p.open)-1].function
}

// sure tells whether a definition here is reached whenever the file is imported: a branch
// inside a function does not matter, as its code is kept with the function's.
func (p *parser) sure() bool {
	if slices.ContainsFunc(p.open, func(outer block) bool { return outer.dead }) {
		return false
	}
	for _, outer := range p.open {
		if outer.kind == "def" {
			return p.functions[outer.function].Name != ""
		}
		if outer.kind == "" {
			return false
		}
	}
	return true
}

func (p *parser) define(l, head line, first int, dropped bool) {
	sure := p.sure() && !dropped
	name := ""
	if sure {
		name = p.qualified(head[1].Text)
	}
	colon := signatureEnd(head)
	p.functions = append(p.functions, Function{Name: name, FirstLine: first, Parameters: parameters(head[min(2, colon):colon]), Kept: first == l[0].Line})
	index := len(p.functions) - 1
	p.open = append(p.open, block{indent: l.indent(), kind: "def", name: head[1].Text, function: index})
	if rest := head[colon:]; len(rest) > 1 {
		p.functions[index].Body = append(p.functions[index].Body, rest[1:]...)
		p.functions[index].Body = append(p.functions[index].Body, Token{Kind: LineEnd})
	}
}

// qualified is __qualname__ (PEP 3155).
func (p *parser) qualified(name string) string {
	var parts []string
	for _, outer := range p.open {
		switch outer.kind {
		case "def":
			parts = append(parts, outer.name, "<locals>")
		case "class":
			parts = append(parts, outer.name)
		}
	}
	return strings.Join(append(parts, name), ".")
}

// signatureEnd is the place of the colon after a signature.
func signatureEnd(head line) int {
	depth := 0
	for i, token := range head {
		switch {
		case token.Is("(") || token.Is("[") || token.Is("{"):
			depth++
		case token.Is(")") || token.Is("]") || token.Is("}"):
			depth--
		case token.Is(":") && depth == 0:
			return i
		}
	}
	return len(head)
}

// parameters are the names in a signature: each first name after a bracket or a comma.
func parameters(signature line) []string {
	var names []string
	depth := 0
	for i, token := range signature {
		switch {
		case token.Is("(") || token.Is("[") || token.Is("{"):
			depth++
		case token.Is(")") || token.Is("]") || token.Is("}"):
			if depth--; depth == 0 && token.Is(")") {
				return names
			}
		case token.Kind == Name && depth == 1 && i > 0 && (signature[i-1].Is("(") || signature[i-1].Is(",") || signature[i-1].Is("*") || signature[i-1].Is("**")):
			if !inTypeParameters(signature[:i]) && token.Text != "lambda" {
				names = append(names, token.Text)
			}
		}
	}
	return names
}

// inTypeParameters: `def f[T](…)`.
func inTypeParameters(before line) bool {
	return !slices.ContainsFunc(before, func(t Token) bool { return t.Is("(") })
}

// statement adds a line to its function, and opens a block where it does.
func (p *parser) statement(l line) {
	function := p.function()
	if function >= 0 {
		if last := &p.open[len(p.open)-1]; !last.dead {
			p.functions[function].Body = append(append(p.functions[function].Body, l...), Token{Kind: LineEnd})
			last.dead = l[0].Is("return") || l[0].Is("raise") || l[0].Is("continue") || l[0].Is("break")
		}
		if constantCondition(l) {
			p.functions[function].Name = ""
		}
	}
	if opensBlock(l) {
		dead := len(p.open) > 0 && p.open[len(p.open)-1].dead
		p.open = append(p.open, block{indent: l.indent(), function: function, dead: dead})
	}
}

func opensBlock(l line) bool { return compound(l) && l[len(l)-1].Is(":") }

// compound tells of a statement that may have others in it.
func compound(l line) bool {
	openers := []string{"if", "elif", "else", "for", "while", "try", "except", "finally", "with", "async", "match", "case"}
	return l[0].Kind == Name && slices.Contains(openers, l[0].Text)
}

// constantCondition: `if False:` and its like, of which the compiler leaves out what it
// likes. A function that has one is not looked at.
func constantCondition(l line) bool {
	if !l[0].Is("if") && !l[0].Is("elif") && !l[0].Is("while") {
		return false
	}
	constant := []string{"True", "False", "None", "not", "and", "or", "__debug__"}
	for _, token := range l[1:] {
		if token.Is(":") {
			break
		}
		if token.Kind == Name && !slices.Contains(constant, token.Text) {
			return false
		}
	}
	return true
}
