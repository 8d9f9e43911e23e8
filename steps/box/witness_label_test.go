package box

import (
	"testing"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/web"
)

// TestALabelThatTheDiskWouldNotAnswer shows older code only where that is the one that it can
// answer, and something changed since the start.
func TestALabelThatTheDiskWouldNotAnswer(t *testing.T) {
	t.Parallel()
	label := func(value string) facts.Label {
		return facts.Label{Value: value, Path: "/srv/shop/edition.py", Line: 1}
	}
	for _, test := range []struct {
		name   string
		said   string
		labels []facts.Label
		moved  bool
		stale  bool
	}{
		{"another one", "1.4.0", []facts.Label{label("release"), label("1.5.0")}, true, true},
		{"the same", "1.5.0", []facts.Label{label("1.5.0")}, true, false},
		{"one of two", "1.4.0", []facts.Label{label("1.5.0"), label("1.6.0")}, true, false},
		{"of another kind", "autumn", []facts.Label{label("1.5.0")}, true, false},
		{"it comes from elsewhere", "1.4.0", nil, true, false},
		{"it says nothing", "", []facts.Label{label("1.5.0")}, true, false},
		{"nothing changed since the start", "1.4.0", []facts.Label{label("1.5.0")}, false, false},
	} {
		known := factstest.Story{}.Facts()
		known.Code.Value.Labels = test.labels
		known.Code.Value.Source, known.Code.Value.Touched, known.Code.Value.Unsettled = facts.Change{}, facts.Change{}, facts.Change{}
		b := New(known)
		gunicorn := b.Own()[0]
		if test.moved {
			known.Code.Value.Unsettled = facts.Change{Path: "/srv/shop/edition.py", At: gunicorn.Master.Started.Add(60e9)}
		}
		known.Site.Value.App.Version = []facts.Answer{{Status: 200, Marker: web.Marker{Value: test.said, From: "release"}}}
		b = New(known)
		said := askLabel(b, Loader{Process: gunicorn.Master, Role: "master"})
		if (said.state == Stale) != test.stale || said.certain {
			t.Errorf("%s: %+v", test.name, said)
		}
	}
}
