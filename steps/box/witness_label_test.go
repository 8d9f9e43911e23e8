package box

import (
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/web"
)

// TestALabelThatTheDiskWouldNotAnswer makes older code likely, where something changed since the
// start and nothing else tells what: never where nothing did, nor of a process of something else.
func TestALabelThatTheDiskWouldNotAnswer(t *testing.T) {
	t.Parallel()
	another := facts.Label{Path: "/srv/shop/edition.py", Line: 1}
	for _, test := range []struct {
		name     string
		label    facts.Label
		changed  string // what did, since the start
		stranger bool
		stale    bool
	}{
		{"another one, and a file of unknown content", another, "a file", false, true},
		{"another one, and the way there", another, "the way", false, true},
		{"another one, and nothing changed", another, "", false, false},
		{"another one, of another process", another, "a file", true, false},
		{"the same", facts.Label{Repeated: true}, "a file", false, false},
		{"not known", facts.Label{}, "a file", false, false},
	} {
		known := factstest.Story{}.Facts()
		master := known.Own()[0].Master
		known.Label = facts.Of(test.label, "/srv/shop")
		known.Code.Value.Source, known.Code.Value.Edited, known.Code.Value.Unsettled = facts.Change{}, facts.Change{}, facts.Change{}
		known.Site.Value.App.Version = []facts.Answer{{Status: 200, Marker: web.Marker{Value: "1.4.0", From: "release"}}}
		later := master.Started.Add(time.Minute)
		process := master
		switch test.changed {
		case "a file":
			known.Code.Value.Unsettled = facts.Change{Path: "/srv/shop/edition.py", At: later}
		case "the way":
			known.Deployment.Value.Entered = &facts.Entered{Directory: "/srv/shop", Name: "/srv/shop", Changed: later}
			process.Unreadable = map[string]string{"directory": "needs root's rights"}
		}
		if test.stranger {
			process.PID = 4242
		}
		said := askLabel(New(known), Loader{Process: process, Role: "master"})
		if (said.state == Stale) != test.stale || said.certain {
			t.Errorf("%s: %+v", test.name, said)
		}
	}
}
