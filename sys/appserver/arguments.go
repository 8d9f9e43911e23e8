package appserver

import (
	"slices"
	"strings"
)

// options are a command line's options by their names, with their values, and the words that
// belong to none.
type options struct {
	values map[string][]string
	words  []string
}

// optionsOf reads options that take a value, joined with "=" or in the word that follows, and
// flags, which are the ones named. A short option may have its value joined to it.
func optionsOf(arguments []string, flags ...string) options {
	found := options{values: map[string][]string{}}
	for at := 0; at < len(arguments); at++ {
		word := arguments[at]
		name, value, joined := strings.Cut(word, "=")
		switch {
		case word == "--":
			found.words = append(found.words, arguments[at+1:]...)
			return found
		case !strings.HasPrefix(word, "-") || word == "-":
			found.words = append(found.words, word)
		case joined:
			found.values[name] = append(found.values[name], value)
		case slices.Contains(flags, word):
			found.values[word] = append(found.values[word], "")
		case !strings.HasPrefix(word, "--") && len(word) > 2:
			found.values[word[:2]] = append(found.values[word[:2]], word[2:])
		case at+1 < len(arguments):
			at++
			found.values[word] = append(found.values[word], arguments[at])
		}
	}
	return found
}

// last is the value of an option that was given last, by any of its names in their order.
func (found options) last(names ...string) string {
	for _, name := range names {
		if values := found.values[name]; len(values) > 0 {
			return values[len(values)-1]
		}
	}
	return ""
}

// all are the values of an option by each of its names.
func (found options) all(names ...string) []string {
	var values []string
	for _, name := range names {
		values = append(values, found.values[name]...)
	}
	return values
}

func (found options) has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return found.values[name] != nil })
}

// app is the word that names an app; empty for none.
func (found options) app() string {
	if len(found.words) == 0 {
		return ""
	}
	return found.words[0]
}
