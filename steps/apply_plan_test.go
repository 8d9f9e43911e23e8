package steps

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/sys"
	"flasktui/sys/practice"
)

// TestWhatChangesUnderTheQuestion: whatever part of a plan is another by the time it is
// agreed to, nothing is run.
func TestWhatChangesUnderTheQuestion(t *testing.T) {
	t.Parallel()
	for fault, id := range map[string]string{
		"service-not-restarted": "release-marker", "daemon-reload-needed": "daemon-reload-restart", "symlink-not-switched": "switch-symlink",
		"container-stale": "docker-recreate", "nginx-not-reloaded": "nginx-reload",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			machine, err := practice.New(fault, nil)
			if err != nil {
				t.Fatal(err)
			}
			counting := &countingMachine{Machine: machine}
			asked := machine.Asked()
			options := Options{Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Timeout: time.Hour}
			before, err := Examine(t.Context(), machine, options, nil)
			if err != nil {
				t.Fatal(err)
			}
			fix, _ := fixes.ByID(id)
			for name, change := range map[string]func(*fixes.Prepared){
				"effect":   func(plan *fixes.Prepared) { plan.Effect = "It does not." },
				"risk":     func(plan *fixes.Prepared) { plan.Risk += "er" },
				"commands": func(plan *fixes.Prepared) { plan.Commands = plan.Commands[:0] },
			} {
				plan := fixes.PlanFor(box.New(before.facts), fix)
				if plan.Blocked != "" {
					t.Fatalf("%s is blocked: %s", id, plan.Blocked)
				}
				plan.Run = append([]fixes.Action{}, plan.Run...)
				change(&plan)
				if _, err := Apply(t.Context(), counting, options, before, plan.Plan, nil); !errors.Is(err, ErrChanged) {
					t.Errorf("with another %s: %v", name, err)
				}
			}
			if counting.changes > 0 {
				t.Errorf("%d commands were run", counting.changes)
			}
		})
	}
}

// countingMachine counts the commands that change something, and lets none through that
// starts with one of deaf: those end well and do nothing. A look at it takes slow at least.
type countingMachine struct {
	sys.Machine
	deaf    string
	slow    time.Duration
	changes int
}

func (m *countingMachine) Host(ctx context.Context) (sys.Host, error) {
	time.Sleep(m.slow)
	return m.Machine.Host(ctx)
}

func (m *countingMachine) Run(ctx context.Context, command sys.Command) sys.Output {
	if command.Changes {
		m.changes++
		if m.deaf != "" && strings.Contains(sys.CommandLine(command.Argv), m.deaf) {
			return sys.Output{Argv: command.Argv}
		}
	}
	return m.Machine.Run(ctx, command)
}

// TestALinkMovesUnderTheQuestion: what release-marker writes is the release that was shown.
func TestALinkMovesUnderTheQuestion(t *testing.T) {
	t.Parallel()
	machine, err := practice.New("symlink-not-switched", nil)
	if err != nil {
		t.Fatal(err)
	}
	options := Options{Service: machine.Asked().Service, Timeout: time.Hour}
	before, err := Examine(t.Context(), machine, options, nil)
	if err != nil {
		t.Fatal(err)
	}
	fix, _ := fixes.ByID("release-marker")
	plan := fixes.PlanFor(box.New(before.facts), fix)
	shown := strings.Join(plan.Fed(0), "\n")
	if want := string(plan.Run[0].Command.Stdin); shown != "< "+strings.ReplaceAll(strings.TrimSuffix(want, "\n"), "\n", "\n< ") {
		t.Errorf("%q is shown, and %q written", shown, want)
	}
	link, wanted := before.facts.Deployment.Value.Link, ""
	for _, release := range before.facts.Deployment.Value.Releases {
		if release.Path != link.Resolved {
			wanted = release.Path
		}
	}
	moved := machine.Run(t.Context(), sys.Command{Argv: []string{"ln", "-sfT", "--", wanted, link.Path}, Changes: true, Elevate: true})
	if moved.Err != nil {
		t.Fatal(moved.Err)
	}
	if _, err := Apply(t.Context(), machine, options, before, plan.Plan, nil); !errors.Is(err, ErrChanged) {
		t.Errorf("the link moved to %s, and it says %v", wanted, err)
	}
}
