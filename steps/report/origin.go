package report

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/sys"
)

// Origin is whose the files are that a fix has root, or root's Docker, run, and what in them
// differs from what runs now.
type Origin struct {
	// Sources are what others than root and the person who asks may change.
	Sources []Source `json:"sources"`
	// Changes are the keys that differ, those that give something first.
	Changes []KeyChange `json:"changes"`
	// Uncompared are keys of which it is not known whether they differ.
	Uncompared []string `json:"uncompared"`
	// Reader is who reads the files while the fix runs, until when they may still change.
	Reader string `json:"reader"`
}

// MustBeNamed tells whether a plan gives rights to whoever may write the files, or may do so
// for all that is known: it is not run unasked, but by its name alone.
func (plan Plan) MustBeNamed() bool {
	return plan.Origin != nil && (len(plan.Origin.Uncompared) > 0 || len(plan.Origin.Gives()) > 0)
}

// Gives are the changes that give something that what runs now does not have.
func (origin *Origin) Gives() []KeyChange {
	return slices.DeleteFunc(slices.Clone(origin.Changes), func(change KeyChange) bool { return change.Gives == "" })
}

// Warning is why such a plan is not run unasked.
func (origin *Origin) Warning() sys.Text {
	if len(origin.Gives()) > 0 {
		return "Others may change its files, which give more than runs now:"
	}
	return sys.Textf("Others may change its files, and what they would give could not be compared: %s.", strings.Join(origin.Uncompared, ", "))
}

// Words say in a line who may change the files, and what differs.
func (origin *Origin) Words() sys.Text {
	shown := []string{}
	for _, source := range origin.grouped() {
		shown = append(shown, strings.Join(source.Who, ", ")+" may change "+source.Path)
	}
	text := sys.Textf("%s, until %s has read it. ", strings.Join(shown, "; "), origin.Reader)
	keys := []string{}
	for _, change := range origin.Changes {
		key := change.Key
		if strings.HasSuffix(key, "environment") {
			key += " " + change.Then
		}
		keys = append(keys, key)
	}
	switch {
	case len(keys) > 0:
		text += sys.Textf("Against what runs now it changes: %s.", strings.Join(slices.Compact(keys), ", "))
	case len(origin.Uncompared) == 0:
		text += "No key differs from what runs now."
	}
	if len(origin.Uncompared) > 0 {
		text += sys.Textf(" Not compared: %s.", strings.Join(origin.Uncompared, ", "))
	}
	return text
}

// grouped puts the files of the same people together.
func (origin *Origin) grouped() []Source {
	const most = 4
	var groups []Source
	for _, source := range origin.Sources {
		at := slices.IndexFunc(groups, func(group Source) bool { return slices.Equal(group.Who, source.Who) })
		switch {
		case at < 0:
			groups = append(groups, source)
		case strings.Count(groups[at].Path, ", ") < most-1:
			groups[at].Path += ", " + source.Path
		case !strings.HasSuffix(groups[at].Path, " and more"):
			groups[at].Path += " and more"
		}
	}
	return groups
}

// GivenWords are the changes that give something, a line for each.
func (origin *Origin) GivenWords() []sys.Text {
	lines := []sys.Text{}
	for _, change := range origin.Gives() {
		line := sys.Textf("%s: %s", change.Key, cmp.Or(change.Then, "not set"))
		if change.Now != "" {
			line += sys.Textf(" in place of %s", change.Now)
		}
		lines = append(lines, line+sys.Textf(". It gives %s.", change.Gives))
	}
	return lines
}

// Source is a file or directory that others than root may change, anywhere along its path.
type Source struct {
	Path string `json:"path"`
	// Who are their names; never empty.
	Who []string `json:"who"`
}

// KeyChange is one key that differs between what runs now and what would be run. Values that
// may be secrets are not among it: of a variable there is the name alone.
type KeyChange struct {
	Key string `json:"key"`
	// Now and Then are empty for a key that is not set.
	Now  string `json:"now"`
	Then string `json:"then"`
	// Gives is what it gives that what runs now does not have; empty for nothing.
	Gives string `json:"gives,omitempty"`
}
