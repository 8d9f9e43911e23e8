package box

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys"
	"flasktui/sys/apache"
	"flasktui/sys/appserver"
)

// TestWhatAProcessOfModWSGIHolds: it loads its app at a request, so its start alone never says that
// it holds old code (G64). The code was last written at noon.
func TestWhatAProcessOfModWSGIHolds(t *testing.T) {
	t.Parallel()
	const before, later = -time.Hour, time.Minute
	touched := func(at time.Duration) sys.FileInfo {
		when := factstest.Noon().Add(at)
		return sys.FileInfo{Modified: when, Changed: when}
	}
	daemon := &apache.Daemon{Name: "shop", Number: 1, Processes: 1}
	for _, test := range []struct {
		name    string
		started time.Duration
		app     facts.WSGIApp
		late    facts.LateLoad
		want    State
		says    string
	}{
		{"younger than the code", later, facts.WSGIApp{}, facts.LateLoad{Problem: "x"}, Current, "loaded it later still"},
		{"older, and its memory has the old code", before, facts.WSGIApp{}, facts.LateLoad{Memory: &facts.MemoryWitness{Word: "harvest", Function: "edition"}}, Stale, "is not in the memory"},
		{"older, and it has the app from another release", before, facts.WSGIApp{}, facts.LateLoad{Elsewhere: "/srv/shop/releases/1/app.py"}, Stale, "it has imported /srv/shop/releases/1/app.py"},
		{"older, and nothing was asked of it yet", before, facts.WSGIApp{}, facts.LateLoad{Absent: true}, Current, "at its first request"},
		{"older, and its memory may not be read", before, facts.WSGIApp{}, facts.LateLoad{Problem: "its memory was not read"}, Undetermined, "may have come later; its memory was not read"},
		{"the script was touched since", before, facts.WSGIApp{App: apache.App{Daemon: daemon, Reloads: true}, Info: touched(later)}, facts.LateLoad{Problem: "x"}, Draining, "before its next answer"},
		{"the script was touched before the code was whole", before, facts.WSGIApp{App: apache.App{Daemon: daemon, Reloads: true}, Info: touched(-later)}, facts.LateLoad{Problem: "x"}, Undetermined, "may have come later"},
		{"touched, and nobody looks at it", before, facts.WSGIApp{App: apache.App{Daemon: daemon}, Info: touched(later)}, facts.LateLoad{Memory: &facts.MemoryWitness{}}, Stale, ""},
		{"touched in embedded mode, where that loads the script alone", before, facts.WSGIApp{App: apache.App{Reloads: true}, Info: touched(later)}, facts.LateLoad{Memory: &facts.MemoryWitness{}}, Stale, ""},
		{"loaded at the start", before, facts.WSGIApp{App: apache.App{AtStart: true}}, facts.LateLoad{Problem: "x"}, Stale, "before"},
	} {
		known := factstest.Story{MasterStarted: 2 * before, WorkerStarted: test.started, StandsIn: factstest.NewRelease, LinkMoved: 3 * before}.Facts()
		one := &known.Processes.Value.Servers[0]
		one.Kind, one.WSGI = appserver.ModWSGI, &test.app
		known.Settings.Value.Kind = appserver.ModWSGI
		preloads := false
		known.Settings.Value.Preload = &preloads
		test.late.PID = one.Workers[0].PID
		known.Code.Value.Late = []facts.LateLoad{test.late}
		b := New(known)
		if len(b.Loaders) != 1 {
			t.Fatalf("%s: %d loaders", test.name, len(b.Loaders))
		}
		if got := b.Loaders[0]; got.State != test.want || !strings.Contains(string(got.Why), test.says) {
			t.Errorf("%s: it is %q, want %q: %s", test.name, got.State, test.want, got.Why)
		}
	}
}
