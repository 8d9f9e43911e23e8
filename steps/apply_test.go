package steps_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/practice"
)

// watched is a practice box that remembers what was to change it.
type watched struct {
	*practice.Box
	// instead, if set, answers for the commands that change the box; ok is false for
	// those that shall run.
	instead func(argv []string) (output sys.Output, ok bool)
	// slow is how long a look takes at least.
	slow    time.Duration
	mutex   sync.Mutex
	changes []string
}

func (box *watched) Host(ctx context.Context) (sys.Host, error) {
	time.Sleep(box.slow)
	return box.Box.Host(ctx)
}

func (box *watched) Run(ctx context.Context, command sys.Command) sys.Output {
	if command.Changes {
		box.mutex.Lock()
		box.changes = append(box.changes, strings.Join(command.Argv, " "))
		box.mutex.Unlock()
		if box.instead != nil {
			if output, ok := box.instead(command.Argv); ok {
				return output
			}
		}
	}
	return box.Box.Run(ctx, command)
}

// ready is a box with a fix for it that a person has been shown.
func ready(t *testing.T, fault, fix string) (*watched, steps.Examination, report.Plan) {
	t.Helper()
	box, err := practice.New(fault, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := examine(t, box)
	plan, ok := before.Plan(fix)
	if !ok || plan.Blocked != "" {
		t.Fatalf("%s on %s: %s", fix, fault, plan.Blocked)
	}
	return &watched{Box: box}, before, plan
}

// TestNothingRunsButWhatWasShown: the person confirmed these commands, in this order, and no
// others. Where the box has come to need others they are shown first.
func TestNothingRunsButWhatWasShown(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(plan *report.Plan){
		"another word":       func(plan *report.Plan) { plan.Commands[0] = append(slices.Clone(plan.Commands[0]), "--now") },
		"another unit":       func(plan *report.Plan) { plan.Commands[1] = []string{"systemctl", "restart", "another.service"} },
		"one command less":   func(plan *report.Plan) { plan.Commands = plan.Commands[:1] },
		"in another order":   func(plan *report.Plan) { slices.Reverse(plan.Commands) },
		"none at all":        func(plan *report.Plan) { plan.Commands = nil },
		"words run together": func(plan *report.Plan) { plan.Commands[0] = []string{strings.Join(plan.Commands[0], " ")} },
	} {
		box, before, plan := ready(t, "daemon-reload-needed", "daemon-reload-restart")
		plan.Commands = slices.Clone(plan.Commands)
		change(&plan)
		_, err := steps.Apply(t.Context(), box, asOwner(box.Box), before, plan, nil)
		if !errors.Is(err, steps.ErrChanged) || len(box.changes) > 0 {
			t.Errorf("%s: %v, and it ran %q", name, err, box.changes)
		}
	}
}

// TestAFixIsPlannedAnewRightBeforeItRuns: a newer release came while the person read which
// one the link would be pointed at.
func TestAFixIsPlannedAnewRightBeforeItRuns(t *testing.T) {
	t.Parallel()
	box, before, plan := ready(t, "symlink-not-switched", "switch-symlink")
	command := sys.Command{Argv: []string{"mv", "-T", "/home/cook/kitchen/releases/" + box.Expected(), "/home/cook/kitchen/releases/20991231235959"}, Changes: true, Elevate: true}
	if output := box.Box.Run(t.Context(), command); output.Err != nil {
		t.Fatal(output.Err)
	}
	_, err := steps.Apply(t.Context(), box, asOwner(box.Box), before, plan, nil)
	if !errors.Is(err, steps.ErrChanged) || len(box.changes) > 0 {
		t.Errorf("%v, and it ran %q", err, box.changes)
	}
}

// TestAPreconditionIsAskedRightBeforeAFixRuns: it held when the person was shown the plan.
func TestAPreconditionIsAskedRightBeforeAFixRuns(t *testing.T) {
	t.Parallel()
	box, before, plan := ready(t, "service-not-restarted", "restart")
	options := asOwner(box.Box)
	options.ReadOnly = true
	_, err := steps.Apply(t.Context(), box, options, before, plan, nil)
	var blocked *steps.BlockedError
	if !errors.Is(err, steps.ErrBlocked) || !errors.As(err, &blocked) || !strings.Contains(string(blocked.Reason), "--read-only") || len(box.changes) > 0 {
		t.Errorf("%v, and it ran %q", err, box.changes)
	}
	if _, err := steps.Apply(t.Context(), box, asOwner(box.Box), before, report.Plan{ID: "no-such-fix"}, nil); err == nil || len(box.changes) > 0 {
		t.Errorf("a fix that there is not: %v, and it ran %q", err, box.changes)
	}
}

// TestACommandThatFailsEndsTheFix: what comes behind it is not run, and the box is told as
// it is then.
func TestACommandThatFailsEndsTheFix(t *testing.T) {
	t.Parallel()
	box, before, plan := ready(t, "daemon-reload-needed", "daemon-reload-restart")
	box.instead = func([]string) (sys.Output, bool) {
		return sys.Output{Exit: 1, Stderr: []byte("Access denied\nand more"), Err: errors.New("exit status 1")}, true
	}
	var told []steps.Progress
	outcome, err := steps.Apply(t.Context(), box, asOwner(box.Box), before, plan, func(progress steps.Progress) { told = append(told, progress) })
	if err != nil || outcome.Done || !strings.Contains(string(outcome.Message), "Access denied") || strings.Contains(string(outcome.Message), "and more") {
		t.Errorf("%v, done %t: %s", err, outcome.Done, outcome.Message)
	}
	if !slices.Equal(box.changes, []string{"systemctl daemon-reload"}) || outcome.After.Report.Verdict != report.Stale {
		t.Errorf("it ran %q, and the box is %s", box.changes, outcome.After.Report.Verdict)
	}
	if len(told) != 2 || !told[0].Started || !told[1].Ended || told[1].Exit != 1 {
		t.Errorf("what was told of it: %+v", told)
	}
}

// TestCommandsThatDoNothingCureNothing: that every command says it went well is no effect. A
// fix that was not seen to do what it promises says so, and what is missing.
func TestCommandsThatDoNothingCureNothing(t *testing.T) {
	t.Parallel()
	nothing := func([]string) bool { return true }
	restarts := func(argv []string) bool { return slices.Contains(argv, "restart") }
	for _, test := range []struct {
		fix, fault string
		swallowed  func(argv []string) bool
		missing    string
	}{
		{"restart", "service-not-restarted", nothing, "it restarted nothing"},
		{"restart", "unit-change-not-applied", nothing, "it restarted nothing"},
		{"restart", "background-workers-stale", nothing, "it restarted nothing"},
		{"daemon-reload", "daemon-reload-needed", nothing, "NeedDaemonReload=yes"},
		{"daemon-reload-restart", "daemon-reload-needed", nothing, "NeedDaemonReload=yes"},
		{"daemon-reload-restart", "daemon-reload-needed", restarts, "it restarted nothing"},
		{"edit-unit", "unit-points-to-old-path", nothing, "it restarted nothing"},
		{"nginx-reload", "nginx-not-reloaded", nothing, "keeps its old workers"},
		{"edit-nginx", "nginx-wrong-upstream", nothing, "keeps its old workers"},
		{"hup", "templates-cached", nothing, "is still the old one"},
		{"switch-symlink", "symlink-not-switched", nothing, "does not lead to the release"},
		{"switch-symlink", "symlink-not-switched", restarts, "it restarted nothing"},
		{"switch-symlink", "symlink-broken", nothing, "does not lead to the release"},
		{"clear-bytecode", "stale-bytecode", nothing, "still older than its source"},
		{"clear-bytecode", "stale-bytecode", restarts, "it restarted nothing"},
		{"stop-orphan", "orphan-gunicorn", nothing, "has not ended"},
		{"stop-orphan", "orphan-gunicorn", restarts, ""},
		{"docker-recreate", "container-stale", nothing, "it recreated nothing"},
		{"docker-up", "container-stale", nothing, "differ between the image"},
		{"release-marker", "healthy", nothing, "it restarted nothing"},
	} {
		t.Run(test.fix+" on "+test.fault+" "+test.missing, func(t *testing.T) {
			t.Parallel()
			// In a bubble the patience of minutes takes no time, and on a slow box few looks.
			synctest.Test(t, func(t *testing.T) {
				box, before, plan := ready(t, test.fault, test.fix)
				box.instead = func(argv []string) (sys.Output, bool) { return sys.Output{}, test.swallowed(argv) }
				box.slow = 4 * time.Second
				began := time.Now()
				outcome, err := steps.Apply(t.Context(), box, asOwner(box.Box), before, plan, nil)
				if err != nil || outcome.Done || outcome.Message == "" || !strings.Contains(string(outcome.Message), test.missing) {
					t.Errorf("%v, done %t: %s", err, outcome.Done, outcome.Message)
				}
				if waited := time.Since(began); waited < 5*time.Second || waited > 2*time.Minute {
					t.Errorf("it was looked for %s", waited)
				}
				if len(box.changes) == 0 {
					t.Error("nothing was run")
				}
			})
		})
	}
}

// TestWhatIsWrittenIsWhatWasShown: the text that a command is given is part of the plan; the
// release has another name by now, and the command that writes it down is the same.
func TestWhatIsWrittenIsWhatWasShown(t *testing.T) {
	t.Parallel()
	box, before, plan := ready(t, "healthy", "release-marker")
	other, _ := before.Plan("release-marker")
	releases := "/srv/shop/releases/"
	for _, line := range []string{
		"mv -T " + releases + box.Expected() + " " + releases + "20991231235959",
		"ln -s releases/20991231235959 /srv/shop/next", "mv -T /srv/shop/next /srv/shop/current",
	} {
		if output := box.Box.Run(t.Context(), sys.Command{Argv: strings.Fields(line), Changes: true, Elevate: true}); output.Err != nil {
			t.Fatal(line, output.Err)
		}
	}
	now, _ := examine(t, box.Box).Plan("release-marker")
	if !slices.EqualFunc(now.Commands, other.Commands, slices.Equal) || now.Effect == plan.Effect {
		t.Fatalf("the commands were to stay and the text to change: %q and %q", now.Commands, now.Effect)
	}
	_, err := steps.Apply(t.Context(), box, asOwner(box.Box), before, plan, nil)
	if !errors.Is(err, steps.ErrChanged) || len(box.changes) > 0 {
		t.Errorf("%v, and it ran %q", err, box.changes)
	}
}
