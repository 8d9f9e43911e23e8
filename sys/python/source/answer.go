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
// More may be among them than the view uses: a name is followed to whatever its module, or another
// one from outside of it, binds it to. known is false where no view has the route, where any name
// leads out of the sources (to a variable, a request, a database, another program or package), and
// where a string may be made into another: what is known is all that the view can answer.
func AnswerOf(files []Source, route string) (answer Answer, known bool) {
	f := &follower{files: files, parsed: make([][]line, len(files)), named: map[reference]bool{}}
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
	for index := 0; index < len(f.names) && index < mostNamed && !f.lost; index++ {
		f.follow(f.names[index])
	}
	if !known || f.lost || len(f.names) > mostNamed || f.reads && !f.placed {
		return Answer{}, false
	}
	return Answer{Strings: f.strings, ReadsFile: f.reads}, true
}

// reference is a name as the file at a place among the sources knows it.
type reference struct {
	at   int
	name string
}

// follower collects what a view can answer.
type follower struct {
	files   []Source
	parsed  [][]line
	strings []AnswerString
	// names are those to follow, in their order, and named the same.
	names []reference
	named map[reference]bool
	// reads says that it reads a file, placed that something tells it where its own lies.
	reads, placed bool
	// lost says that something comes from where the sources do not show it.
	lost bool
}

func (f *follower) lines(at int) []line {
	if f.parsed[at] == nil {
		f.parsed[at] = lines(Tokens(f.files[at].Content))
	}
	return f.parsed[at]
}

func (f *follower) refer(at int, name string) {
	if one := (reference{at, name}); !f.named[one] {
		f.named[one] = true
		f.names = append(f.names, one)
	}
}

// harmless are names of Python and Flask that hand on what they are given, or tell where a file
// lies; readsFile are those that read one.
var (
	harmless = []string{
		"jsonify", "make_response", "Response", "Flask", "dict", "str", "status", "mimetype", "content_type", "None", "True", "False", "OSError", "IOError", "FileNotFoundError",
		"os", "path", "dirname", "abspath", "realpath", "__file__", "__name__", "pathlib", "Path", "parent", "parents", "resolve", "strip", "rstrip", "encoding",
		"lru_cache", "maxsize", "functools", "staticmethod", "classmethod", "property",
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
		case before.Is("."):
			f.attribute(around(found, index-2), token.Text)
		default:
			f.placed = f.placed || token.Text == "__file__"
			f.refer(at, token.Text)
		}
	}
}

// attribute follows what stands behind a dot: a name of a module, or of a class, all of which is
// taken as it is named. Of what else it is, nothing tells.
func (f *follower) attribute(owner Token, name string) {
	modules := f.modules(owner.Text)
	for _, module := range modules {
		f.refer(module, name)
	}
	isClass := slices.ContainsFunc(f.files, func(file Source) bool { return bytes.Contains(file.Content, []byte("class "+owner.Text)) })
	f.lost = f.lost || owner.Kind != Name || len(modules) == 0 && !isClass
	if isClass {
		f.boundElsewhere(name)
	}
}

// modules are the places of the sources that are a module of a name.
func (f *follower) modules(name string) (places []int) {
	for at, file := range f.files {
		stem := strings.TrimSuffix(path.Base(file.Path), ".py")
		if stem == name || stem == "__init__" && path.Base(path.Dir(file.Path)) == name {
			places = append(places, at)
		}
	}
	return places
}

// follow takes all that a name may be bound to; one that is bound nowhere is not known.
func (f *follower) follow(one reference) {
	isHarmless := slices.Contains(harmless, one.name)
	bound := isHarmless
	all := f.lines(one.at)
	for place, l := range all {
		switch {
		case defines(l, one.name):
			bound = true
			for above := place - 1; above >= 0 && all[above][0].Is("@"); above-- {
				f.lost = f.lost || !keeps(all[above])
			}
			f.take(one.at, definition(all, place))
		case l[0].Is("from") || l[0].Is("import"):
			brings, own := f.brings(one.at, l, one.name)
			bound = bound || brings && own
			f.lost = f.lost || brings && !own && !isHarmless
		case l.mayBind(one.name) || l.opensAs(one.name):
			bound = true
			f.take(one.at, l)
		}
	}
	f.lost = f.lost || !bound
	if !isHarmless {
		f.boundElsewhere(one.name)
	}
}

// boundElsewhere takes what binds a name from outside of where it belongs: `edition.RELEASE = x`.
func (f *follower) boundElsewhere(name string) {
	for at, file := range f.files {
		if !bytes.Contains(file.Content, []byte(name)) {
			continue
		}
		for _, l := range f.lines(at) {
			for index := range l {
				if l[index].Is(name) && around(l, index-1).Is(".") && l[index:].mayBind(name) {
					f.take(at, l[index+1:])
				}
			}
			f.lost = f.lost || slices.ContainsFunc(l, bindsByText)
		}
	}
}

// brings tells whether a line that imports brings a name, and whether from the sources alone,
// which are referred to then.
func (f *follower) brings(at int, l line, name string) (brings, own bool) {
	split := slices.IndexFunc(l, func(t Token) bool { return t.Is("import") })
	if split < 0 {
		return true, false
	}
	everything := l[0].Is("from") && around(l, len(l)-1).Is("*")
	if brings = everything || slices.ContainsFunc(l[split:], func(t Token) bool { return t.Is(name) }); !brings {
		return false, true
	}
	if slices.ContainsFunc(l[split:], func(t Token) bool { return t.Is("as") }) {
		return true, false
	}
	if l[0].Is("import") {
		return true, len(f.modules(name)) > 0
	}
	// The last name before "import" is the module; `from .` has none, and brings modules, or what
	// a package binds itself.
	from := l[split-1]
	modules := f.modules(from.Text)
	if from.Kind != Name {
		modules = slices.DeleteFunc(f.modules(path.Base(path.Dir(f.files[at].Path))), func(place int) bool { return place == at })
	}
	isModule := len(f.modules(name)) > 0 && !everything
	if !isModule {
		for _, module := range modules {
			f.refer(module, name)
		}
	}
	first := around(l, 1)
	inside := first.Kind != Name || len(f.modules(first.Text)) > 0
	return true, inside && (isModule || len(modules) > 0)
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
