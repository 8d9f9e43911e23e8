// Package spelling finds the name that somebody meant who typed another one.
//
// It knows nothing of the project. Begin with Nearest.
package spelling

import (
	"fmt"
	"slices"
	"strings"
)

// DidYouMean is a hint with the name nearest to what was typed; empty when none is near.
func DidYouMean(typed string, names []string) string {
	if name := Nearest(typed, names); name != "" {
		return fmt.Sprintf("did you mean %q?", name)
	}
	return ""
}

// Nearest finds the name that the fewest slips of the finger lead away from, or one that
// the typed text is part of.
func Nearest(typed string, names []string) string {
	typed = strings.ToLower(typed)
	// What is longer than any name was not meant to be one, and comparing takes time.
	if typed == "" || len(typed) > 64 {
		return ""
	}
	best, fewest := "", 2+len(typed)/5
	for _, name := range names {
		if slips := distance(typed, name); slips <= fewest && (best == "" || slips < fewest) {
			best, fewest = name, slips
		}
	}
	if best != "" || len(typed) < 3 {
		return best
	}
	at := slices.IndexFunc(names, func(name string) bool { return strings.Contains(name, typed) })
	if at < 0 {
		return ""
	}
	return names[at]
}

// Service finds the service that somebody meant: nobody types the ".service" that systemd puts
// behind a unit's name, and who types a manager before a name ("supervisor:") means one of its own;
// that both begin alike makes them no more alike. Empty where none is near.
func Service(typed string, services []string) string {
	manager, name, managed := strings.Cut(typed, ":")
	if !managed {
		manager, name = "", typed
	}
	var names, of []string
	for _, service := range services {
		own, rest, is := strings.Cut(service, ":")
		if !is {
			own, rest = "", service
		}
		if own == manager || manager == "" {
			names, of = append(names, rest), append(of, service)
		}
	}
	bare := make([]string, len(names))
	for i, one := range names {
		bare[i] = strings.ToLower(strings.TrimSuffix(one, ".service"))
	}
	near := slices.Index(bare, Nearest(strings.TrimSuffix(name, ".service"), bare))
	if near < 0 {
		near = slices.Index(names, Nearest(name, names))
	}
	if near < 0 {
		return ""
	}
	return of[near]
}

// distance counts the letters to insert, delete or replace to get from one word to
// another (Levenshtein).
func distance(from, to string) int {
	row := make([]int, len(to)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(to) {
			replaced := diagonal
			if from[i] != to[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
