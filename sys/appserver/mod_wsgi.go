package appserver

import (
	"path"
	"slices"
	"strings"

	"flasktui/sys/gunicorn"
	"flasktui/sys/python"
)

// modWSGIServer is Apache with its module: no command line names an app, the configuration does.
func modWSGIServer() Server {
	return Server{
		Kind: ModWSGI, Name: "Apache's mod_wsgi",
		HUP:       "a HUP has Apache end all of its processes at once, with the requests that they answer",
		arguments: func([]string) ([]string, bool) { return nil, false },
		settings:  func([]string) gunicorn.Settings { return gunicorn.Settings{} },
	}
}

// Script is what the script of an app says of where the rest of the app is, without running it.
type Script struct {
	// Module is the one that the app is imported from; empty where the script makes the app itself.
	Module string
	// Path are the directories that it puts on sys.path, in the order in which Python would look.
	Path []string
	// Unread says that something is put there that only running it would tell.
	Unread bool
}

// ScriptOf reads a WSGI script, which lies at a path. Its app is called "application".
func ScriptOf(name, text string) Script {
	statements, err := python.Scan(text)
	if err != nil {
		return Script{Unread: true}
	}
	reader := scriptReader{name: name, values: map[string]string{"__file__": name}, from: map[string]string{}}
	for _, statement := range statements {
		reader.statement(statement.Tokens)
	}
	module := reader.from["application"]
	for _, used := range reader.made {
		if module == "" {
			module = reader.from[used]
		}
	}
	return Script{Module: module, Path: reader.path, Unread: reader.unread}
}

type scriptReader struct {
	name   string
	path   []string
	unread bool
	// values are names that hold a path, from are the modules that names were imported from, made
	// the names by which the app is made.
	values, from map[string]string
	made         []string
}

func (reader *scriptReader) statement(tokens []python.Token) {
	is := func(at int, text string) bool { return at < len(tokens) && tokens[at].Text == text }
	dotted := func(at int) (name string, next int) {
		for ; at < len(tokens) && (tokens[at].Kind == python.NameToken && tokens[at].Text != "import" && tokens[at].Text != "as" || tokens[at].Is(".")); at++ {
			name += tokens[at].Text
		}
		return name, at
	}
	start, next := dotted(0)
	switch {
	case is(0, "from"):
		module, at := dotted(1)
		reader.imported(module, tokens[min(at+1, len(tokens)):])
	case is(0, "import"):
		module, at := dotted(1)
		name, _, _ := strings.Cut(module, ".")
		if is(at, "as") && at+1 < len(tokens) {
			name = tokens[at+1].Text
		}
		reader.from[name] = module
	case slices.Contains([]string{"sys.path.insert", "sys.path.append", "site.addsitedir", "sys.path.extend"}, start):
		reader.onPath(start, tokens[next:])
	case strings.HasPrefix(start, "sys.path"):
		reader.unread = true
	case is(1, "=") && is(0, "application"):
		for _, token := range tokens[2:] {
			if token.Kind == python.NameToken {
				reader.made = append(reader.made, token.Text)
			}
		}
	case is(1, "=") && tokens[0].Kind == python.NameToken:
		if value, known := reader.value(tokens[2:]); known {
			reader.values[tokens[0].Text] = value
		}
	}
}

// imported notes the names after "from module import".
func (reader *scriptReader) imported(module string, tokens []python.Token) {
	if module == "" || strings.HasPrefix(module, ".") {
		return
	}
	for at, token := range tokens {
		if token.Kind != python.NameToken || token.Text == "as" {
			continue
		}
		if at+2 < len(tokens) && tokens[at+1].Text == "as" {
			reader.from[tokens[at+2].Text] = module
		} else if at == 0 || tokens[at-1].Text != "as" {
			reader.from[token.Text] = module
		}
	}
}

// onPath follows a call that puts a directory on sys.path.
func (reader *scriptReader) onPath(call string, tokens []python.Token) {
	if len(tokens) < 2 || !tokens[0].Is("(") {
		return
	}
	inside := tokens[1 : len(tokens)-1]
	first := true
	if call == "sys.path.insert" {
		comma := slices.IndexFunc(inside, func(token python.Token) bool { return token.Is(",") })
		if comma < 0 {
			reader.unread = true
			return
		}
		inside = inside[comma+1:]
	} else {
		first = false
	}
	directory, known := reader.value(inside)
	switch {
	case !known || !path.IsAbs(directory):
		reader.unread = true
	case first:
		reader.path = slices.Insert(reader.path, 0, path.Clean(directory))
	default:
		reader.path = append(reader.path, path.Clean(directory))
	}
}

// value is what an expression of a path comes to: a literal, a name that holds one, and what is
// commonly done with __file__.
func (reader *scriptReader) value(tokens []python.Token) (string, bool) {
	if literal, ok := python.Evaluate(tokens); ok {
		text, isText := literal.(string)
		return text, isText
	}
	if len(tokens) == 1 {
		value, known := reader.values[tokens[0].Text]
		return value, known
	}
	open := slices.IndexFunc(tokens, func(token python.Token) bool { return token.Is("(") })
	if open < 0 {
		return "", false
	}
	function := ""
	for _, token := range tokens[:open] {
		function += token.Text
	}
	depth, close := 0, -1
	for at := open; at < len(tokens) && close < 0; at++ {
		switch {
		case tokens[at].Is("("):
			depth++
		case tokens[at].Is(")"):
			if depth--; depth == 0 {
				close = at
			}
		}
	}
	if close < 0 {
		return "", false
	}
	arguments := reader.arguments(tokens[open+1 : close])
	rest := ""
	for _, token := range tokens[close+1:] {
		rest += token.Text
	}
	if len(arguments) == 0 {
		return "", false
	}
	name := function[strings.LastIndex(function, ".")+1:]
	switch {
	case name == "Path" || name == "PurePath":
		return reader.parents(arguments[0], rest)
	case rest != "":
		return "", false
	case slices.Contains([]string{"abspath", "normpath", "realpath", "str", "fspath"}, name):
		return arguments[0], true
	case name == "dirname":
		return path.Dir(arguments[0]), true
	case name == "join":
		return path.Join(arguments...), true
	}
	return "", false
}

// parents follows what is asked of a path's object: ".resolve().parent.parent".
func (reader *scriptReader) parents(value, rest string) (string, bool) {
	for rest != "" {
		switch {
		case strings.HasPrefix(rest, ".resolve()"):
			rest = strings.TrimPrefix(rest, ".resolve()")
		case strings.HasPrefix(rest, ".absolute()"):
			rest = strings.TrimPrefix(rest, ".absolute()")
		case strings.HasPrefix(rest, ".parent"):
			rest = strings.TrimPrefix(rest, ".parent")
			value = path.Dir(value)
		default:
			return "", false
		}
	}
	return value, true
}

// arguments are the values between a call's brackets; none where one is not known.
func (reader *scriptReader) arguments(tokens []python.Token) []string {
	var values []string
	depth, begin := 0, 0
	for at := 0; at <= len(tokens); at++ {
		if at < len(tokens) {
			if tokens[at].Is("(") {
				depth++
			} else if tokens[at].Is(")") {
				depth--
			}
			if depth > 0 || !tokens[at].Is(",") {
				continue
			}
		}
		if begin == at {
			continue
		}
		value, known := reader.value(tokens[begin:at])
		if !known {
			return nil
		}
		values = append(values, value)
		begin = at + 1
	}
	return values
}
