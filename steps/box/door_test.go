package box

import (
	"testing"

	"flasktui/steps/facts"
	"flasktui/sys/proc"
	"flasktui/sys/web"
)

// TestJudgeDoor: who else listens at the port proves the way by giving the app's own
// answers, refutes it by naming an old release, and by anything else does neither.
func TestJudgeDoor(t *testing.T) {
	t.Parallel()
	page := func(sums ...string) []facts.Answer {
		var answers []facts.Answer
		for _, sum := range sums {
			answers = append(answers, facts.Answer{Status: 200, SHA256: sum})
		}
		return answers
	}
	named := func(release string) []facts.Answer {
		return []facts.Answer{{Status: 200, SHA256: release, Marker: web.Marker{Value: release}}}
	}
	missing := []facts.Answer{{Status: 404, SHA256: "none"}}
	for name, test := range map[string]struct {
		app, door facts.Asked
		want      DoorState
	}{
		"the same page":             {facts.Asked{Home: page("a", "a")}, facts.Asked{Home: page("a")}, DoorSame},
		"another page":              {facts.Asked{Home: page("a", "a")}, facts.Asked{Home: page("b")}, DoorOpen},
		"a redirect":                {facts.Asked{Home: page("a", "a")}, facts.Asked{Home: []facts.Answer{{Status: 301, SHA256: "r"}}}, DoorOpen},
		"pages that change":         {facts.Asked{Home: page("a", "b")}, facts.Asked{Home: page("c")}, DoorOpen},
		"the same for nothing":      {facts.Asked{Home: page("a", "b"), NotFound: missing}, facts.Asked{Home: page("c"), NotFound: missing}, DoorSame},
		"the same release":          {facts.Asked{Home: page("a", "b"), Version: named("new")}, facts.Asked{Home: page("c"), Version: named("new")}, DoorSame},
		"the release, not the page": {facts.Asked{Home: page("a", "a"), Version: named("new")}, facts.Asked{Home: page("c"), Version: named("new")}, DoorOpen},
		"an old release":            {facts.Asked{Home: page("a", "a"), Version: named("new")}, facts.Asked{Home: page("c"), Version: named("old")}, DoorOld},
		"another app's":             {facts.Asked{Home: page("a", "a"), Version: named("new")}, facts.Asked{Home: page("c"), Version: named("4.2")}, DoorOpen},
		"one of two is old":         {facts.Asked{Home: page("a", "a"), Version: named("new")}, facts.Asked{Home: page("a"), Version: append(named("new"), named("old")...)}, DoorOld},
		"no release at all":         {facts.Asked{Home: page("a", "a"), Version: named("new")}, facts.Asked{Home: page("a")}, DoorOpen},
		"no answer":                 {facts.Asked{Home: page("a", "a")}, facts.Asked{Problem: "refused"}, DoorOpen},
		"the app was not asked":     {facts.Asked{}, facts.Asked{Home: page("a")}, DoorOpen},
	} {
		known := &facts.Facts{Deployment: facts.Of(facts.Deployment{Active: "/srv/new", Releases: []facts.Release{{Name: "old", Path: "/srv/old"}, {Name: "new", Path: "/srv/new"}}}, "")}
		known.Site = facts.Of(facts.Site{App: test.app}, "")
		door := facts.Door{Port: 80, Process: proc.Process{PID: 812, Executable: "/usr/sbin/apache2", Cgroup: proc.Cgroup{Unit: "apache2.service"}}, Asked: test.door}
		b := New(known)
		if got, words := b.JudgeDoor(door); got != test.want || words == "" {
			t.Errorf("%s: %v, want %v: %s", name, got, test.want, words)
		}
		if words := b.DoorWords(door); words != "Apache (process 812, apache2.service)" {
			t.Error(words)
		}
	}
}
