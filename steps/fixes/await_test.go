package fixes

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// startedAs is a box whose unit is in that state, in a run of its own.
func startedAs(run, active, sub string, timeout, since time.Duration, log ...sys.Text) Judged {
	now := time.Now()
	unit := facts.Unit{Serves: true, Unit: systemd.Unit{
		Name: "shop.service", LoadState: "loaded", ActiveState: active, SubState: sub, Type: "simple", MainPID: 12, InvocationID: run, StartTimeout: timeout, MainStarted: now.Add(-since),
	}}
	known := &facts.Facts{
		TakenAt: now, Target: facts.Target{Service: "shop.service", Unit: "shop.service"}, Units: facts.Of([]facts.Unit{unit}, ""),
		Processes: facts.Of(facts.Processes{}, ""), Listeners: facts.Of([]proc.Listener{}, ""), Site: facts.Of(facts.Site{}, ""), Journal: facts.Of(log, ""),
	}
	return Judged{Box: box.New(known), Report: report.Report{Verdict: report.Inconclusive}}
}

// TestAFixWaitsWhileTheServiceIsStarting: as long as its new main process lives and has its
// time, and no longer; a start that ends is known at once.
func TestAFixWaitsWhileTheServiceIsStarting(t *testing.T) {
	t.Parallel()
	const migrates = 40 * time.Second
	for name, test := range map[string]struct {
		timeout      time.Duration
		at           func(since time.Duration) Judged
		done, open   bool
		inPlace      bool
		least, most  time.Duration
		says, awaits string
	}{
		"migrates": {
			at: func(since time.Duration) Judged {
				judged := startedAs("new", "active", "running", 0, since)
				if since >= migrates {
					judged.Report.Verdict = report.Fresh
				}
				return judged
			},
			done: true, least: migrates, most: migrates + time.Second, says: "answers", awaits: "waiting: shop.service is starting, since ",
		},
		"never answers": {
			at:   func(since time.Duration) Judged { return startedAs("new", "active", "running", 36*time.Second, since) },
			open: true, least: 36 * time.Second, most: 37 * time.Second, says: "not yet", awaits: "s more at most",
		},
		"is in place, and starts still": {
			at:   func(since time.Duration) Judged { return startedAs("new", "active", "running", 36*time.Second, since) },
			done: true, inPlace: true, least: 36 * time.Second, most: 37 * time.Second, says: "is in place", awaits: "s more at most",
		},
		"is the old run": {
			at:    func(since time.Duration) Judged { return startedAs("old", "active", "running", 0, since) },
			least: soon, most: soon + time.Second, says: "not yet",
		},
		"fails": {
			at: func(time.Duration) Judged {
				return startedAs("new", "activating", "auto-restart", 0, 0, "Traceback (most recent call last):", "ImportError: no shop")
			},
			least: soon, most: soon + time.Second, says: "its log says: ImportError: no shop",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				before := startedAs("old", "active", "running", 0, time.Hour)
				told := ""
				runner := Runner{
					Look:     func(context.Context) (Judged, error) { return test.at(time.Since(began)), nil },
					Progress: func(event Progress) { told += string(event.Line) + "\n" },
				}
				fix := Kind{patience: soon, done: func(*box.Box, *box.Box) (bool, sys.Text) {
					if test.inPlace {
						return true, "what runs is in place"
					}
					if test.done && time.Since(began) >= migrates {
						return true, "it answers"
					}
					return false, "not yet"
				}}
				outcome := runner.verify(t.Context(), fix, before, "", 0)
				took := time.Since(began)
				if outcome.Done != test.done || outcome.Open != test.open || !strings.Contains(string(outcome.Message), test.says) || took < test.least || took > test.most {
					t.Errorf("done %t, open %t after %s: %s", outcome.Done, outcome.Open, took, outcome.Message)
				}
				if !strings.Contains(told, test.awaits) || test.awaits == "" && told != "" {
					t.Errorf("told while it was waited:\n%s", told)
				}
			})
		})
	}
}
