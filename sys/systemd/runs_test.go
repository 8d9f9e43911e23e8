package systemd

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRunsOfAUnit: what systemd says of starts and ends, and nothing that a service says.
func TestRunsOfAUnit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"none", "-- No entries --\n", nil},
		{"stopped, then started and still there", `2026-11-20T10:00:00.100000+0000 systemd[1]: Starting shop.service - Shop...
2026-11-20T10:00:00.900000+0000 systemd[1]: Started shop.service - Shop.
2026-11-20T11:00:00.000000+0000 systemd[1]: Stopping shop.service - Shop...
2026-11-20T11:00:01.000000+0000 systemd[1]: shop.service: Main process exited, code=killed, status=9/KILL
2026-11-20T11:00:01.000000+0000 systemd[1]: Stopped shop.service - Shop.
2026-11-20T11:00:01.500000+00:00 systemd[1]: Started shop.service - Shop.
`, []string{"10:00:00.1 to 11:00:00", "11:00:01.5"}},
		{"ended by itself, again and again", `2026-11-20T10:00:00.000000+0000 systemd[1]: Started Shop.
2026-11-20T10:00:01.000000+0000 systemd[1]: shop.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED
2026-11-20T10:00:01.000000+0000 systemd[1]: shop.service: Failed with result 'exit-code'.
2026-11-20T10:00:03.000000+0000 systemd[1]: shop.service: Scheduled restart job, restart counter is at 1.
2026-11-20T10:00:03.000000+0000 systemd[1]: Stopped Shop.
2026-11-20T10:00:03.100000+0000 systemd[1]: Started Shop.
2026-11-20T10:00:04.000000+0000 systemd[1]: shop.service: Succeeded.
`, []string{"10:00:00 to 10:00:01 by itself", "10:00:03.1 to 10:00:04 by itself"}},
		{"reloaded", `2026-11-20T10:00:00.000000+0000 systemd[1]: Started Shop.
2026-11-20T12:00:00.000000+0000 systemd[1]: Reloading shop.service - Shop...
2026-11-20T12:00:00.100000+0000 systemd[1]: Reloaded shop.service - Shop.
2026-11-20T12:00:02.000000+0000 systemd[1]: shop.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED
`, []string{"10:00:00, 12:00:00 to 12:00:02 by itself"}},
		{"the box went away", `2026-11-20T10:00:00.000000+0000 systemd[1]: Started Shop.
-- Boot 5c1e --
2026-11-20T12:00:00.000000+0000 systemd[1]: Started Shop.
`, []string{"12:00:00"}},
		{"a service says what systemd would", `2026-11-20T10:00:00.000000+0000 gunicorn[812]: Started Shop.
2026-11-20T10:00:00.000000+0000 gunicorn[812]: systemd[1]: Started Shop.
Started Shop.
`, nil},
	} {
		runs, reaches := ParseRuns(test.text)
		var got []string
		for _, run := range runs {
			var loads []string
			for _, at := range run.Loads {
				loads = append(loads, at.UTC().Format("15:04:05.999"))
			}
			words := strings.Join(loads, ", ")
			if !run.Ended.IsZero() {
				words += " to " + run.Ended.UTC().Format("15:04:05.999")
			}
			if run.Failed {
				words += " by itself"
			}
			got = append(got, words)
		}
		if !slices.Equal(got, test.want) || reaches.IsZero() != (test.want == nil) {
			t.Errorf("%s: %q, reaches %s", test.name, got, reaches)
		}
	}
}

// FuzzParseRuns: whatever stands in a log, a run begins before it ends.
func FuzzParseRuns(f *testing.F) {
	f.Add("2026-11-20T10:00:00.000000+0000 systemd[1]: Started Shop.\n2026-11-20T10:00:01.000000+0000 systemd[1]: Stopping Shop.\n")
	f.Add("-- Boot x --\n")
	f.Fuzz(func(t *testing.T, text string) {
		runs, reaches := ParseRuns(text)
		for index, run := range runs {
			if len(run.Loads) == 0 || run.Ended.IsZero() && index != len(runs)-1 || run.Failed && run.Ended.IsZero() {
				t.Errorf("run %d: %+v", index, run)
			}
		}
		if len(runs) > 0 && reaches == (time.Time{}) {
			t.Error("runs without a first line")
		}
	})
}
