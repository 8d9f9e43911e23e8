package steps

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/sys/practice"
)

// TestACommandThatRestartsNothing ends well and does nothing: that is said, though every
// look works out the starts of the same processes a little differently.
func TestACommandThatRestartsNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ fault, fix, deaf, says string }{
		"systemd":   {"service-not-restarted", "restart", "systemctl restart", "restarted nothing"},
		"compose":   {"container-stale", "docker-recreate", " up -d", "recreated nothing"},
		"nginx":     {"nginx-not-reloaded", "nginx-reload", "reload", "keeps its old workers"},
		"preloaded": {"hup-with-preload", "restart", "systemctl restart", "restarted nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// In a bubble the patience takes no time, and on a slow box few looks.
			synctest.Test(t, func(t *testing.T) {
				machine, err := practice.New(test.fault, nil)
				if err != nil {
					t.Fatal(err)
				}
				asked := machine.Asked()
				options := Options{Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Timeout: time.Hour}
				before, err := Examine(t.Context(), machine, options, nil)
				if err != nil {
					t.Fatal(err)
				}
				fix, _ := fixes.ByID(test.fix)
				plan := fixes.PlanFor(box.New(before.facts), fix)
				outcome, err := Apply(t.Context(), &countingMachine{Machine: machine, deaf: test.deaf, slow: 4 * time.Second}, options, before, plan.Plan, nil)
				if err != nil || outcome.Done || !strings.Contains(string(outcome.Message), test.says) {
					t.Errorf("done %v, %q (%v)", outcome.Done, outcome.Message, err)
				}
			})
		})
	}
}
