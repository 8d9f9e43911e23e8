package box

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/git"
)

// TestWhatALoaderHolds is the heart of the matter: which code a process imported, told
// from where it stands and when it started.
func TestWhatALoaderHolds(t *testing.T) {
	const (
		before = -time.Hour
		later  = time.Minute
	)
	for _, test := range []struct {
		name   string
		story  factstest.Story
		want   State
		proven bool
	}{
		{"restarted after the switch", factstest.Story{MasterStarted: 2 * later, WorkerStarted: 2 * later, StandsIn: factstest.NewRelease, LinkMoved: later}, Current, false},
		{"stands in the old release", factstest.Story{MasterStarted: before, WorkerStarted: before, StandsIn: factstest.OldRelease, LinkMoved: later}, Stale, true},
		{"a reload kept the real path (G2)", factstest.Story{MasterStarted: before, WorkerStarted: 2 * later, StandsIn: factstest.OldRelease, LinkMoved: later}, Stale, true},
		{"a reload through the link", factstest.Story{MasterStarted: before, WorkerStarted: 2 * later, StandsIn: factstest.NewRelease, LinkMoved: later, Through: factstest.Link}, Current, false},
		{"a preloaded master was reloaded (G3)", factstest.Story{MasterStarted: before, WorkerStarted: 2 * later, StandsIn: factstest.NewRelease, LinkMoved: later, Through: factstest.Link, Preload: true}, Stale, true},
		{"the link was made anew to the same place", factstest.Story{MasterStarted: later, WorkerStarted: later, StandsIn: factstest.NewRelease, LinkMoved: 5 * later}, Current, false},
		{"the directory was removed (G9)", factstest.Story{MasterStarted: before, WorkerStarted: before, StandsIn: factstest.OldRelease, Removed: true, LinkMoved: later}, Stale, true},
		{"the directory was removed and made anew (G9)", factstest.Story{MasterStarted: 2 * later, WorkerStarted: 2 * later, StandsIn: factstest.NewRelease, Removed: true, LinkMoved: later}, Stale, true},
		{"written in place after the start", factstest.Story{MasterStarted: before, WorkerStarted: before, StandsIn: factstest.NewRelease, LinkMoved: 2 * before, Touched: true}, Stale, false},
		{"written anew after the start", factstest.Story{MasterStarted: before, WorkerStarted: before, StandsIn: factstest.NewRelease, LinkMoved: 2 * before}, Stale, true},
		{"written within the import", factstest.Story{MasterStarted: -time.Second, WorkerStarted: -time.Second, StandsIn: factstest.NewRelease, LinkMoved: before}, Stale, false},
		{"started within the clock's grain", factstest.Story{MasterStarted: -5 * time.Millisecond, WorkerStarted: -5 * time.Millisecond, StandsIn: factstest.NewRelease, LinkMoved: before}, Current, false},
		{"restarted half a second after the copy", factstest.Story{MasterStarted: 500 * time.Millisecond, WorkerStarted: 500 * time.Millisecond, StandsIn: factstest.NewRelease, LinkMoved: before}, Current, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := New(test.story.Facts())
			if len(b.Loaders) != 1 {
				t.Fatalf("%d loaders", len(b.Loaders))
			}
			one := b.Loaders[0]
			if one.State != test.want || one.Certain != test.proven {
				t.Errorf("it holds %s code (proven %v), want %s (%v): %s", one.State, one.Certain, test.want, test.proven, one.Why)
			}
			if one.Why == "" {
				t.Error("no reason is given")
			}
		})
	}
}

// TestWhatNoWitnessSettlesIsOpen: a silent witness leaves it open, with its reason; a change of
// before the start is none.
func TestWhatNoWitnessSettlesIsOpen(t *testing.T) {
	known := factstest.Story{MasterStarted: time.Minute, WorkerStarted: time.Minute, StandsIn: factstest.NewRelease, LinkMoved: -time.Hour}.Facts()
	known.Code.Value.Touched = facts.Change{Path: factstest.NewRelease + "/app.py", At: factstest.Noon().Add(time.Hour)}
	if fresh, _, _ := New(known).Counts(); fresh != 1 {
		t.Errorf("a chown that a witness settled alarms")
	}
	known.Code.Value.Unsettled = facts.Change{Path: factstest.NewRelease + "/app.py", At: factstest.Noon().Add(time.Hour), Unsettled: "its memory may not be read"}
	b := New(known)
	if _, _, unknown := b.Counts(); unknown != 1 || !strings.Contains(string(b.Loaders[0].Why), "its memory may not be read") {
		t.Errorf("a copy that kept its time passes for a chown: %s", b.Loaders[0].Why)
	}
	known.Code.Value.Unsettled.At = factstest.Noon()
	if fresh, _, _ := New(known).Counts(); fresh != 1 {
		t.Errorf("what changed before the start alarms")
	}
}

// TestAPullInTheSecondOfTheStart: the reflog does not tell which came first, the files do.
func TestAPullInTheSecondOfTheStart(t *testing.T) {
	for _, test := range []struct {
		name    string
		written time.Duration
		state   State
	}{
		{"it was started, then pulled", 600 * time.Millisecond, Stale},
		{"it was pulled, then started", 100 * time.Millisecond, Current},
		{"what was pulled was written anew later on", 5 * time.Second, Current},
	} {
		started := 200 * time.Millisecond
		known := factstest.Story{MasterStarted: started, WorkerStarted: started, StandsIn: factstest.NewRelease, LinkMoved: -time.Hour}.Facts()
		was, is := strings.Repeat("a", 40), strings.Repeat("b", 40)
		known.Deployment.Value.Repository = &git.Repository{Commit: is, Log: []git.ReflogEntry{
			{Old: strings.Repeat("0", 40), New: was, At: factstest.Noon().Add(-time.Hour), Action: "clone"}, {Old: was, New: is, At: factstest.Noon(), Action: "pull: Fast-forward"},
		}}
		known.Code.Value.Source.At = factstest.Noon().Add(test.written)
		known.Code.Value.Source.SourceTime = known.Code.Value.Source.At
		one := New(known).Loaders[0]
		if one.State != test.state || one.Certain {
			t.Errorf("%s: it holds %s code (proven %v): %s", test.name, one.State, one.Certain, one.Why)
		}
	}
}
