package source

import (
	"bytes"
	"slices"
)

// Answer is what a view answers, as far as that stands in the sources themselves.
type Answer struct {
	// Strings are the plain strings that it, and all that it names, have.
	Strings []AnswerString
	// ReadsFile says that it reads a file, which one of the strings may name.
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
// More may be among them than the view uses: names are followed wherever they are defined. known
// is false where no view has the route, or where what it answers comes from elsewhere: its
// environment, a request, a database, another program, or is put together of parts.
func AnswerOf(files [][]byte, route string) (answer Answer, known bool) {
	parsed := make([][]Token, len(files))
	tokens := func(at int) []Token {
		if parsed[at] == nil {
			parsed[at] = Tokens(files[at])
		}
		return parsed[at]
	}
	seen := map[string]bool{}
	var names []string
	take := func(at int, found []Token) bool {
		for index, token := range found {
			switch {
			case token.Is("join") && around(found, index-2).Is("path"): // os.path.join names a file
			case token.Kind == Name && slices.Contains(fromElsewhere, token.Text), token.Is("+"), token.Is("%"):
				return false
			case token.Kind == Name && slices.Contains(readsFile, token.Text):
				answer.ReadsFile = true
			case token.Kind == Name && !seen[token.Text] && !slices.Contains(keywords, token.Text):
				seen[token.Text] = true
				names = append(names, token.Text)
			case token.Kind == String:
				if prefix, _ := stringStart(token.Text); prefix != "" {
					return false
				}
				answer.Strings = append(answer.Strings, AnswerString{Text: unquoted(token.Text), At: at, Line: token.Line})
			}
		}
		return true
	}
	for at, content := range files {
		if bytes.Contains(content, []byte(route)) {
			for _, body := range views(tokens(at), route) {
				known = true
				if !take(at, body) {
					return Answer{}, false
				}
			}
		}
	}
	for index := 0; index < len(names); index++ {
		if index > mostNamed {
			return Answer{}, false
		}
		for at, content := range files {
			if !bytes.Contains(content, []byte(names[index])) {
				continue
			}
			for _, its := range definitions(tokens(at), names[index]) {
				if !take(at, its) {
					return Answer{}, false
				}
			}
		}
	}
	return answer, known
}

// fromElsewhere are names by which an answer comes from outside of the sources, or is another
// string than what stands there; readsFile are those that read a file.
var (
	fromElsewhere = []string{
		"environ", "getenv", "config", "request", "session", "current_app", "subprocess", "Popen", "check_output", "popen", "system", "metadata",
		"pkg_resources", "requests", "urlopen", "urllib", "httpx", "redis", "execute", "query", "cache", "globals", "getattr", "import_module", "exec", "eval",
		"format", "join", "replace", "split", "upper", "lower", "json", "yaml", "toml", "tomllib", "configparser", "hashlib", "random", "time", "datetime",
		"render_template", "render_template_string", "send_file", "load_dotenv", "dotenv_values", "decouple", "Repo", "git",
	}
	readsFile = []string{"open", "read", "read_text", "readline", "read_bytes"}
)

// views are the bodies of the functions that answer at a route.
func views(tokens []Token, route string) (bodies [][]Token) {
	all := lines(tokens)
	decorated := false
	for at, l := range all {
		switch {
		case l[0].Is("@"):
			decorated = decorated || answersRequests(l) && slices.ContainsFunc(l, func(t Token) bool { return t.Kind == String && unquoted(t.Text) == route })
		case decorated:
			bodies = append(bodies, definition(all, at))
			decorated = false
		default:
			for _, token := range l {
				if token.Kind == String && unquoted(token.Text) == route && slices.ContainsFunc(l, func(t Token) bool { return t.Text == "add_url_rule" }) {
					bodies = append(bodies, l[2:])
				}
			}
		}
	}
	return bodies
}

// definitions are what a name is defined by: the body of a function or class of that name,
// wherever it stands, and what a module binds to it at its top.
func definitions(tokens []Token, name string) (found [][]Token) {
	all := lines(tokens)
	for at, l := range all {
		head := l
		if head[0].Is("async") && len(head) > 1 {
			head = head[1:]
		}
		switch {
		case len(head) > 2 && (head[0].Is("def") || head[0].Is("class")) && head[1].Is(name):
			found = append(found, definition(all, at))
		case l.indent() == 0 && l[0].Is(name) && l.mayBind(name):
			found = append(found, l[1:])
		}
	}
	return found
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
