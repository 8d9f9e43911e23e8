package source

import (
	"slices"
	"strings"
)

// Mention is a string of a file that may name another file.
type Mention struct {
	Text string
	Line int
	// AtRequest says that it stands in a function which Flask calls for each request, and
	// that keeps nothing for the next.
	AtRequest bool
}

// Mentions are the strings of a file, formatted ones as they are written.
func Mentions(tokens []Token) []Mention {
	var found []Mention
	var open []handler
	var decorators []line
	for _, l := range lines(tokens) {
		for len(open) > 0 && l.indent() <= open[len(open)-1].indent {
			open = open[:len(open)-1]
		}
		if l[0].Is("@") {
			decorators = append(decorators, l)
			continue
		}
		if l[0].Is("def") || l[0].Is("async") && around(l, 1).Is("def") {
			open = append(open, handler{indent: l.indent(), handles: slices.ContainsFunc(decorators, answersRequests) && !slices.ContainsFunc(decorators, keepsAnswers), first: len(found)})
		}
		decorators = nil
		if l[0].Is("global") || l[0].Is("nonlocal") {
			for at := range open {
				open[at].handles = false
				for before := open[at].first; before < len(found); before++ {
					found[before].AtRequest = false
				}
			}
		}
		handled := slices.ContainsFunc(open, func(one handler) bool { return one.handles })
		for _, token := range l {
			if token.Kind == String {
				found = append(found, Mention{Text: unquoted(token.Text), Line: token.Line, AtRequest: handled})
			}
		}
	}
	return found
}

// handler is a function that is open.
type handler struct {
	indent  int
	handles bool
	// first is the place of its first string.
	first int
}

// answersRequests tells of Flask's decorators for what is called for each request.
func answersRequests(decorator line) bool {
	wanted := []string{"route", "get", "post", "put", "patch", "delete", "before_request", "after_request", "context_processor"}
	return lastName(decorator, func(name string) bool { return slices.Contains(wanted, name) })
}

// keepsAnswers tells of decorators that call a function once for many requests (functools,
// Flask-Caching).
func keepsAnswers(decorator line) bool {
	return lastName(decorator, func(name string) bool { return strings.Contains(name, "cache") || strings.Contains(name, "memoize") })
}

// lastName asks about the names of a decorator before its arguments.
func lastName(decorator line, is func(string) bool) bool {
	for _, token := range decorator[1:] {
		if token.Is("(") {
			break
		}
		if token.Kind == Name && is(token.Text) {
			return true
		}
	}
	return false
}

// unquoted is the text of a string between its quotes, as it is written.
func unquoted(text string) string {
	prefix, quote := stringStart(text)
	return strings.TrimSuffix(text[min(len(prefix)+len(quote), len(text)):], quote)
}

// Writes tells whether a file opens others to write them.
func Writes(tokens []Token) bool {
	names := []string{"write_text", "write_bytes", "dump", "FileHandler", "RotatingFileHandler", "TimedRotatingFileHandler", "to_csv", "to_json"}
	modes := []string{"w", "a", "x", "wb", "ab", "xb", "wt", "at", "w+", "a+", "r+", "wb+", "ab+", "rb+", "w+b", "a+b", "r+b"}
	return slices.ContainsFunc(tokens, func(token Token) bool {
		return token.Kind == Name && slices.Contains(names, token.Text) || token.Kind == String && slices.Contains(modes, unquoted(token.Text))
	})
}
