package supervisord

import "testing"

// TestSupervisorTellsStates: each program's state, and whether it runs since a moment ago.
func TestSupervisorTellsStates(t *testing.T) {
	status := ParseStatus("shop                             RUNNING   pid 12, uptime 0:00:03\nall:old   RUNNING   pid 13, uptime 0:01:31\n" +
		"ancient RUNNING pid 14, uptime 3 days, 0:00:03\nquiz      BACKOFF   Exited too quickly (process log may have details)\ndead FATAL Exited too quickly\nunix:///x no such file\n")
	for name, want := range map[string]struct {
		state string
		fresh bool
	}{"shop": {"RUNNING", true}, "all:old": {"RUNNING", false}, "ancient": {"RUNNING", false}, "quiz": {"BACKOFF", false}, "dead": {"FATAL", false}} {
		if status.States[name] != want.state || status.Fresh[name] != want.fresh {
			t.Errorf("%s: %s, %t", name, status.States[name], status.Fresh[name])
		}
	}
}

// TestExitsAreCountedSinceAStop: those that supervisord did not expect, of this program.
func TestExitsAreCountedSinceAStop(t *testing.T) {
	const log = `2026-11-27 04:18:31,123 WARN exited: shop (exit status 3; not expected)
2026-11-27 04:18:32,123 INFO stopped: shop (terminated by SIGTERM)
2026-11-27 04:18:33,123 INFO spawned: 'shop' with pid 12
2026-11-27 04:18:34,123 INFO exited: shop (exit status 3; not expected)
2026-11-27 04:18:35,123 INFO exited: shopping (exit status 3; not expected)
2026-11-27 04:18:36,123 INFO exited: shop (exit status 0; expected)
2026-11-27 04:18:37,123 WARN exited: shop (terminated by SIGKILL; not expected)
`
	for name, want := range map[string]int{"shop": 2, "all:shop": 2, "shopping": 1, "none": 0} {
		if got := ParseExits(log, name); got != want {
			t.Errorf("%s: %d, not %d", name, got, want)
		}
	}
}

func FuzzParseExits(f *testing.F) {
	f.Add("exited: shop (exit status 3; not expected)\nstopped: shop (x)", "shop")
	f.Fuzz(func(t *testing.T, log, program string) {
		if ParseExits(log, program) < 0 {
			t.Error("fewer than none")
		}
	})
}
