package source

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// Source is a file of an app, and where it lies.
type Source struct {
	Path    string
	Content []byte
}

// Answer is what a view answers, as far as that stands in the sources themselves.
type Answer struct {
	// Strings are the plain strings that it, and all that it names, have.
	Strings []AnswerString
	// ReadsFile says that it reads a file by way of its own place, which one of the strings may name.
	ReadsFile bool
}

// AnswerString is one of them: At is the file's place among those that were given.
type AnswerString struct {
	Text     string
	At, Line int
}

// mostNamed bounds how many names are followed from a view.
const mostNamed = 200

// AnswerOf follows a view, by the names in it, to the functions and values of the same sources.
// More may be among them than the view uses: a name is followed wherever it is bound. known is
// false where no view has the route, where any name leads out of the sources (to a variable, a
// request, a database, another program or package), and where a string may be made into another:
// what is known is all that the view can answer.
func AnswerOf(files []Source, route string) (answer Answer, known bool) {
	f := &follower{files: files, parsed: make([][]line, len(files)), named: map[string]bool{}}
	for at, file := range files {
		if bytes.Contains(file.Content, []byte("url_prefix")) || bytes.Contains(file.Content, []byte("DispatcherMiddleware")) {
			return Answer{}, false // the route may not be the path
		}
		if bytes.Contains(file.Content, []byte(route)) {
			for _, body := range views(f.lines(at), route) {
				known = true
				f.take(at, body)
			}
		}
	}
	for index := 0; index < len(f.names) && !f.lost; index++ {
		f.follow(f.names[index])
	}
	if !known || f.lost || len(f.names) > mostNamed || f.reads && !f.named["__file__"] {
		return Answer{}, false
	}
	return Answer{Strings: f.strings, ReadsFile: f.reads}, true
}

// follower collects what a view can answer.
type follower struct {
	files   []Source
	parsed  [][]line
	strings []AnswerString
	// names are those to follow, in their order, and named all that were seen.
	names []string
	named map[string]bool
	reads bool
	// lost says that something comes from where the sources do not show it.
	lost bool
}

func (f *follower) lines(at int) []line {
	if f.parsed[at] == nil {
		f.parsed[at] = lines(Tokens(f.files[at].Content))
	}
	return f.parsed[at]
}

// harmless are names of Python and Flask that hand on what they are given, or tell where a file
// lies; readsFile are those that read one.
var (
	harmless = []string{
		"jsonify", "make_response", "Response", "Flask", "dict", "str", "status", "mimetype", "content_type", "None", "True", "False", "OSError", "IOError", "FileNotFoundError",
		"os", "path", "dirname", "abspath", "realpath", "__file__", "__name__", "pathlib", "Path", "parent", "parents", "resolve", "strip", "rstrip", "encoding",
		"lru_cache", "maxsize", "functools",
	}
	readsFile = []string{"open", "read", "read_text", "readline"}
)

// take looks through the tokens of a definition.
func (f *follower) take(at int, found []Token) {
	for index, token := range found {
		before, after := around(found, index-1), around(found, index+1)
		switch {
		case token.Is("join") && around(found, index-2).Is("path"): // os.path.join names a file
		case token.Is("+"), token.Is("%"), token.Is("*"), token.Is("+="), token.Is("["), token.Is("**"):
			f.lost = true
		case token.Kind == String:
			prefix, _ := stringStart(token.Text)
			f.lost = f.lost || prefix != "" || after.Kind == String && len(after.Text) > 0 || strings.Contains(token.Text, `\`)
			f.strings = append(f.strings, AnswerString{Text: unquoted(token.Text), At: at, Line: token.Line})
		case token.Kind != Name || slices.Contains(keywords, token.Text):
		case slices.Contains(readsFile, token.Text):
			f.reads = true
		case after.Is("=") && (before.Is("(") || before.Is(",")): // the name of an argument
		case slices.Contains(harmless, token.Text) && before.Is("."):
		case before.Is(".") && !f.owns(around(found, index-2)):
			f.lost = true
		case !f.named[token.Text]:
			f.named[token.Text] = true
			f.names = append(f.names, token.Text)
		}
	}
}

// owns tells whether what stands before a dot is a module of the sources.
func (f *follower) owns(owner Token) bool { return owner.Kind == Name && f.isModule(owner.Text) }

func (f *follower) isModule(name string) bool {
	return slices.ContainsFunc(f.files, func(file Source) bool {
		stem := strings.TrimSuffix(path.Base(file.Path), ".py")
		return stem == name || path.Base(path.Dir(file.Path)) == name
	})
}

// follow takes all that a name may be bound to; one that is bound nowhere is not known.
func (f *follower) follow(name string) {
	isHarmless := slices.Contains(harmless, name)
	bound := isHarmless || f.isModule(name)
	for at, file := range f.files {
		if !bytes.Contains(file.Content, []byte(name)) {
			continue
		}
		all := f.lines(at)
		for place, l := range all {
			switch {
			case defines(l, name):
				bound = true
				for above := place - 1; above >= 0 && all[above][0].Is("@"); above-- {
					f.lost = f.lost || !keeps(all[above])
				}
				f.take(at, definition(all, place))
			case l[0].Is("from") || l[0].Is("import"):
				f.lost = f.lost || !isHarmless && !f.importsOwn(l, name)
			case l.mayBind(name) || l.opensAs(name):
				bound = true
				f.take(at, l)
			}
			f.lost = f.lost || slices.ContainsFunc(l, bindsByText)
		}
	}
	f.lost = f.lost || !bound
}

// opensAs: `with open(place) as name`.
func (l line) opensAs(name string) bool {
	at := slices.IndexFunc(l, func(t Token) bool { return t.Is("as") })
	return at >= 0 && around(l, at+1).Is(name)
}

// bindsByText tells of what can bind a name that stands nowhere.
func bindsByText(t Token) bool {
	return t.Kind == Name && slices.Contains([]string{"setattr", "globals", "exec", "eval", "__dict__"}, t.Text)
}

// importsOwn tells whether a line that imports does not bring a name from outside of the sources.
func (f *follower) importsOwn(l line, name string) bool {
	at := slices.IndexFunc(l, func(t Token) bool { return t.Is("import") })
	if at < 0 {
		return false
	}
	brings := slices.ContainsFunc(l[at:], func(t Token) bool { return t.Is(name) || l[0].Is("from") && t.Is("*") })
	renamed := slices.ContainsFunc(l[at:], func(t Token) bool { return t.Is("as") })
	from := around(l, 1)
	return !brings || !renamed && (from.Is(".") || from.Is("...") || f.owns(from))
}

// defines tells whether a line begins a function or a class of a name.
func defines(l line, name string) bool {
	if l[0].Is("async") && len(l) > 1 {
		l = l[1:]
	}
	return len(l) > 2 && (l[0].Is("def") || l[0].Is("class")) && l[1].Is(name)
}

// keeps tells of a decorator that hands on what the function returns.
func keeps(decorator line) bool {
	return len(decorator) > 1 && slices.Contains([]string{"lru_cache", "functools", "staticmethod", "classmethod", "property"}, decorator[1].Text)
}

// views are the bodies of the functions that answer at a route. One that bears another decorator
// may be answered by that.
func views(all []line, route string) (bodies [][]Token) {
	decorated := false
	for at, l := range all {
		switch {
		case l[0].Is("@"):
			decorated = decorated || answersRequests(l) && slices.ContainsFunc(l, func(t Token) bool { return t.Kind == String && unquoted(t.Text) == route })
		case decorated:
			bodies = append(bodies, definition(all, at))
			for above := at - 1; above >= 0 && all[above][0].Is("@"); above-- {
				if !answersRequests(all[above]) {
					bodies = append(bodies, all[above])
				}
			}
			decorated = false
		default:
			for _, token := range l {
				if token.Kind == String && unquoted(token.Text) == route && slices.ContainsFunc(l, func(t Token) bool { return t.Text == "add_url_rule" }) {
					bodies = append(bodies, l[min(3, len(l)):])
				}
			}
		}
	}
	return bodies
}

// definition are the tokens of the lines of a definition after its name.
func definition(all []line, at int) []Token {
	body := slices.Clone(all[at][min(2, len(all[at])):])
	for _, l := range all[at+1:] {
		if l.indent() <= all[at].indent() {
			break
		}
		body = append(body, l...)
	}
	return body
}
