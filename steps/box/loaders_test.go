package box

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/git"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
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
		story  story
		want   State
		proven bool
	}{
		{"restarted after the switch", story{masterStarted: 2 * later, workerStarted: 2 * later, standsIn: newRelease, linkMoved: later}, Current, false},
		{"stands in the old release", story{masterStarted: before, workerStarted: before, standsIn: oldRelease, linkMoved: later}, Stale, true},
		{"a reload kept the real path (G2)", story{masterStarted: before, workerStarted: 2 * later, standsIn: oldRelease, linkMoved: later}, Stale, true},
		{"a reload through the link", story{masterStarted: before, workerStarted: 2 * later, standsIn: newRelease, linkMoved: later, through: link}, Current, false},
		{"a preloaded master was reloaded (G3)", story{masterStarted: before, workerStarted: 2 * later, standsIn: newRelease, linkMoved: later, through: link, preload: true}, Stale, true},
		{"the link was made anew to the same place", story{masterStarted: later, workerStarted: later, standsIn: newRelease, linkMoved: 5 * later}, Current, false},
		{"the directory was removed (G9)", story{masterStarted: before, workerStarted: before, standsIn: oldRelease, removed: true, linkMoved: later}, Stale, true},
		{"the directory was removed and made anew (G9)", story{masterStarted: 2 * later, workerStarted: 2 * later, standsIn: newRelease, removed: true, linkMoved: later}, Stale, true},
		{"written in place after the start", story{masterStarted: before, workerStarted: before, standsIn: newRelease, linkMoved: 2 * before, touched: true}, Stale, false},
		{"written anew after the start", story{masterStarted: before, workerStarted: before, standsIn: newRelease, linkMoved: 2 * before}, Stale, true},
		{"written within the import", story{masterStarted: -time.Second, workerStarted: -time.Second, standsIn: newRelease, linkMoved: before}, Stale, false},
		{"started within the clock's grain", story{masterStarted: -5 * time.Millisecond, workerStarted: -5 * time.Millisecond, standsIn: newRelease, linkMoved: before}, Current, false},
		{"restarted half a second after the copy", story{masterStarted: 500 * time.Millisecond, workerStarted: 500 * time.Millisecond, standsIn: newRelease, linkMoved: before}, Current, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := New(test.story.facts())
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
	known := story{masterStarted: time.Minute, workerStarted: time.Minute, standsIn: newRelease, linkMoved: -time.Hour}.facts()
	known.Code.Value.Touched = facts.Change{Path: newRelease + "/app.py", At: noon.Add(time.Hour)}
	if fresh, _, _ := New(known).Counts(); fresh != 1 {
		t.Errorf("a chown that a witness settled alarms")
	}
	known.Code.Value.Unsettled = facts.Change{Path: newRelease + "/app.py", At: noon.Add(time.Hour), Unsettled: "its memory may not be read"}
	b := New(known)
	if _, _, unknown := b.Counts(); unknown != 1 || !strings.Contains(string(b.Loaders[0].Why), "its memory may not be read") {
		t.Errorf("a copy that kept its time passes for a chown: %s", b.Loaders[0].Why)
	}
	known.Code.Value.Unsettled.At = noon
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
		known := story{masterStarted: started, workerStarted: started, standsIn: newRelease, linkMoved: -time.Hour}.facts()
		was, is := strings.Repeat("a", 40), strings.Repeat("b", 40)
		known.Deployment.Value.Repository = &git.Repository{Commit: is, Log: []git.ReflogEntry{
			{Old: strings.Repeat("0", 40), New: was, At: noon.Add(-time.Hour), Action: "clone"}, {Old: was, New: is, At: noon, Action: "pull: Fast-forward"},
		}}
		known.Code.Value.Source.At = noon.Add(test.written)
		known.Code.Value.Source.SourceTime = known.Code.Value.Source.At
		one := New(known).Loaders[0]
		if one.State != test.state || one.Certain {
			t.Errorf("%s: it holds %s code (proven %v): %s", test.name, one.State, one.Certain, one.Why)
		}
	}
}

// noon is when the code of the boxes in these tests was last written.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant that Go cannot write as one

// story is a box with releases and a link, as the tests vary it.
type story struct {
	masterStarted, workerStarted time.Duration // after noon
	standsIn                     string
	removed                      bool // the directory, under the process
	linkMoved                    time.Duration
	preload                      bool
	touched                      bool // written in place, the birth of the file long before
	through                      string
}

const (
	oldRelease = "/srv/shop/releases/20260101000000"
	newRelease = "/srv/shop/releases/20261123000000"
	link       = "/srv/shop/current"
)

func (s story) facts() *facts.Facts {
	at := noon.Add
	process := func(pid, parent int, started time.Duration) facts.Process {
		return facts.Process{Process: proc.Process{
			PID: pid, PPID: parent, Started: at(started), Directory: s.standsIn, DirectoryDeleted: s.removed, Cgroup: proc.Cgroup{Unit: "shop.service"},
		}}
	}
	known := &facts.Facts{TakenAt: at(time.Hour)}
	known.Target = facts.Target{Service: "shop.service", Unit: "shop.service", Master: 10}
	known.Units = facts.Of([]facts.Unit{{Unit: systemd.Unit{Name: "shop.service", MainPID: 10, ActiveState: "active"}, Gunicorn: true, Runs: []int{10}}}, "test")
	known.Processes = facts.Of(facts.Processes{Gunicorns: []facts.Gunicorn{{
		Master: process(10, 1, s.masterStarted), Workers: []facts.Process{process(11, 10, s.workerStarted)},
	}}}, "test")
	settings := facts.Settings{Directory: s.standsIn, DirectoryVia: "cwd"}
	settings.Preload = &s.preload
	if s.through != "" {
		settings.Directory, settings.DirectoryVia = s.through, "chdir"
	}
	known.Settings = facts.Of(settings, "test")
	known.Deployment = facts.Of(facts.Deployment{
		Directory: link, Resolved: newRelease, Active: newRelease, ReleasesDirectory: "/srv/shop/releases", ByName: true,
		Link: &facts.Link{Path: link, Target: newRelease, Resolved: newRelease, Info: sys.FileInfo{Born: at(s.linkMoved), Modified: at(s.linkMoved), Changed: at(s.linkMoved)}},
		Releases: []facts.Release{
			{Name: "20260101000000", Path: oldRelease, Complete: true}, {Name: "20261123000000", Path: newRelease, Complete: true},
		},
	}, "test")
	source := facts.Change{Path: newRelease + "/app.py", At: noon, SourceTime: noon.Add(-24 * time.Hour)}
	if s.touched {
		source.SourceTime = noon
	}
	known.Code = facts.Of(facts.Code{Tree: newRelease, Source: source, Files: 3}, "test")
	return known
}
