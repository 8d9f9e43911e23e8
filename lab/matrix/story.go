package matrix

import (
	"maps"
	"slices"
	"strings"
)

// after is what comes after a deed.
type after string

const (
	left      after = "left"
	hung      after = "HUP"
	restarted after = "restart"
)

// story is one start of a site, one deed, and the looks at what came of it, one after the
// other: left alone, after a HUP, after a restart.
type story struct {
	at    layout
	label label
	deed  deed
	looks []after
}

func (s story) String() string { return s.at.name + "/" + s.label.String() + "/" + s.deed.name }

// row is the name of one look.
func (s story) row(look after) string { return s.String() + "/" + string(look) }

// changed are the files of the tree that the deed changes.
func (s story) changed() []string {
	old, newer := s.at.site(s.label, s.deed.change, false).files(), s.at.site(s.label, s.deed.change, true).files()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(newer)), func(name string) bool { return newer[name] == old[name] })
}

// stories are all that make sense. A deed that does not meet every label meets another one on
// the next layout.
func stories() []story {
	var told []story
	for place, at := range layouts() {
		for turn, does := range deeds() {
			if !does.on(at) {
				continue
			}
			fitting := slices.DeleteFunc(labels(), func(l label) bool { return !l.fits(at, does) })
			start := (place*3 + turn*2) % len(fitting)
			fitting = slices.Concat(fitting[start:], fitting[:start])[:min(max(does.labels, 1), len(fitting))]
			for index, says := range fitting {
				s := story{at: at, label: says, deed: does, looks: []after{left}}
				if index == 0 {
					s.looks = does.looks(turn%3 == place%3)
				}
				told = append(told, s)
			}
		}
	}
	return told
}

// looks are the looks at a deed, more of them on one layout of three.
func (d deed) looks(more bool) []after {
	switch {
	case d.bringsCode() && (more || d.labels == all):
		return []after{left, hung, restarted}
	case d.bringsCode():
		return []after{left, hung}
	case more:
		return []after{left, restarted}
	}
	return []after{left}
}

// bringsCode tells whether the code is another one after the deed.
func (d deed) bringsCode() bool {
	return d.change != nothing && d.change != fetched || strings.HasPrefix(d.name, "dependency") && d.name != "dependency-same"
}
