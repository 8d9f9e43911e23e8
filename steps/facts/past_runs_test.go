package facts

import (
	"testing"
	"time"

	"flasktui/sys/practice"
	"flasktui/sys/systemd"
)

// TestWhatCountsAsHavingRun: bytecode of a start that lasted, and nothing else.
func TestWhatCountsAsHavingRun(t *testing.T) {
	t.Parallel()
	at := func(seconds int) time.Time { return time.Unix(1_000_000+int64(seconds), 0) }
	const moved = 1000
	ended := func(load, end int, failed bool) systemd.Run {
		run := systemd.Run{Loads: []time.Time{at(load)}, Failed: failed}
		if end > 0 {
			run.Ended = at(end)
		}
		return run
	}
	for _, test := range []struct {
		name string
		run  systemd.Run
		born int
		want bool
	}{
		{"compiled as it started", ended(100, 900, false), 101, true},
		{"still there when the link was moved", ended(100, 0, false), 101, true},
		{"stopped after the link was moved", ended(100, 1001, false), 101, true},
		{"failed after the link was moved, as after a reload", ended(100, 1001, true), 101, true},
		{"compiled before it started", ended(100, 900, false), 99, false},
		{"compiled long after", ended(100, 900, false), 131, false},
		{"ended by itself", ended(100, 900, true), 101, false},
		{"stopped before it is known to have started", ended(100, 139, false), 101, false},
		{"the link was moved before that", ended(970, 0, false), 971, false},
		{"started after the link was moved", ended(1001, 0, false), 1002, false},
		{"reloaded, and compiled then", systemd.Run{Loads: []time.Time{at(10), at(500)}}, 502, true},
	} {
		if _, _, got := loadAt([]systemd.Run{test.run}, at(test.born), at(moved)); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}

// TestHowTheFirstStartWent: of the new release, and of no later one.
func TestHowTheFirstStartWent(t *testing.T) {
	t.Parallel()
	at := func(seconds int) time.Time { return time.Unix(1_000_000+int64(seconds), 0) }
	run := func(load, end int, failed bool) systemd.Run {
		return systemd.Run{Loads: []time.Time{at(load)}, Ended: at(end), Failed: failed}
	}
	for _, test := range []struct {
		name string
		runs []systemd.Run
		want bool
	}{
		{"none", nil, false},
		{"it failed", []systemd.Run{run(100, 1000, false), run(1001, 1002, true)}, true},
		{"it ran for long", []systemd.Run{run(1001, 1100, true), run(1101, 1102, true)}, false},
		{"it was stopped", []systemd.Run{run(1001, 1002, false)}, false},
		{"only what ran before did", []systemd.Run{run(100, 101, true)}, false},
		{"a reload failed", []systemd.Run{{Loads: []time.Time{at(100), at(1001)}, Ended: at(1003), Failed: true}}, true},
	} {
		if _, end := firstAfter(test.runs, at(1000)); end.IsZero() == test.want {
			t.Errorf("%s: %s", test.name, end)
		}
	}
}

// TestBytecodeOfAnotherUserProvesNothing: root's may be a deploy's work.
func TestBytecodeOfAnotherUserProvesNothing(t *testing.T) {
	t.Parallel()
	box, err := practice.New("service-failed", nil)
	if err != nil {
		t.Fatal(err)
	}
	known, err := Look(t.Context(), box, Options{}, nil)
	if err != nil || len(known.PastRuns.Value.Releases) != 1 || known.PastRuns.Value.FirstEnd.IsZero() {
		t.Fatalf("%v, %+v", err, known.PastRuns)
	}
	for user, want := range map[string]bool{"quiz": true, "1002": true, "": false, "www-data": false} {
		if got := lookAt(box).isUser(t.Context(), 1002, user); got != want {
			t.Errorf("user %q: %t", user, got)
		}
	}
	if lookAt(box).isUser(t.Context(), 0, "root") {
		t.Error("root's own counts")
	}
}
