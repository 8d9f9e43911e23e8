package wizard

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// TestFixFromEndToEnd takes the shortest way of all: f, y, q.
func TestFixFromEndToEnd(t *testing.T) {
	proceed := make(chan struct{})
	apply := func(_ context.Context, _ sys.Machine, _ steps.Options, before steps.Examination, plan report.Plan, progress func(steps.Progress)) (steps.Outcome, error) {
		if before.Report.Verdict != report.Stale || plan.ID != "restart" {
			t.Errorf("applies %s on %s", plan.ID, before.Report.Verdict)
		}
		progress(steps.Progress{Started: true})
		progress(steps.Progress{Line: "Starting shop.service..."})
		<-proceed
		progress(steps.Progress{Ended: true})
		return steps.Outcome{Done: true, Message: "The site answers 3e9d0c4.", After: finished(freshReport())}, nil
	}
	b := open(t, Config{Apply: apply, Machine: &fakeMachine{log: []string{"Booting worker"}}}, staleReport())
	b.press("f", "y")
	b.tell(settledMsg{b.dialog.press})
	b.run(func() bool {
		return strings.Contains(b.screen(), "Starting shop.service...") && strings.Contains(b.screen(), "Booting worker")
	})
	b.sees("running")
	b.press("f", "d", "t", "r", "enter", "y")
	if b.shown != runningKind {
		t.Fatalf("page %d is shown while the fix runs", b.shown)
	}
	close(proceed)
	b.command = nil
	b.run(func() bool { return b.wizard.run.ended })
	b.sees("✓ The site answers 3e9d0c4.")
	b.sees("STALE  →  FRESH")
	b.sees("FRESH   probed just now")
	b.press("enter")
	b.sees("Every hop of the request path")
	b.press("q")
	if !b.quits() {
		t.Error("q does not quit")
	}
}

// TestBlocked runs nothing that may not run.
func TestBlocked(t *testing.T) {
	for name, b := range map[string]*bench{
		"plan":      open(t, Config{}, blockedReport()),
		"read-only": open(t, Config{ReadOnly: true}, staleReport()),
		"options":   open(t, Config{Options: steps.Options{ReadOnly: true}}, staleReport()),
	} {
		b.press("f", "y")
		b.tell(settledMsg{b.dialog.press})
		if b.fix != nil {
			t.Errorf("%s: it runs", name)
		}
		b.sees("Blocked")
	}
}

// TestBestUnblocked chooses the first fix that may run.
func TestBestUnblocked(t *testing.T) {
	report := staleReport()
	report.Fixes[0].Blocked = "the working directory is gone"
	b := open(t, Config{}, report)
	b.press("f")
	b.sees("Reload the workers gracefully?")
	b.press("1")
	b.sees("the working directory is gone")
}

func TestFixFails(t *testing.T) {
	b := openFailed(t, Config{})
	b.sees("✗ The restart failed")
	b.sees("exit status 1")
	b.sees("STALE  →  DOWN")
	b = openRunning(t, Config{})
	b.tell(appliedMsg{err: errors.New("the box is gone")})
	b.sees("✗ the box is gone")
	b.sees("its end was not seen")
	b = open(t, Config{}, staleReport())
	b.press("f", "y")
	b.tell(settledMsg{b.dialog.press})
	b.tell(appliedMsg{err: errors.New("the plan is blocked")})
	b.sees("was not run")
	b.sees("probing now")
	b.tell(examineEndedMsg{look: b.look, examination: finished(staleReport())})
	b.press("t")
	b.sees("STALE")
}

// TestLeaving asks before a fix is left alone, and only then lets go.
func TestLeaving(t *testing.T) {
	b := openRunning(t, Config{})
	b.press("q")
	b.sees("Press y to leave")
	if !b.stays() {
		t.Error("q leaves at once")
	}
	b.press("n")
	b.seesNot("Press y to leave")
	b.press("y")
	if !b.stays() {
		t.Error("y leaves without being asked")
	}
	b.press("q", "y")
	if !b.quits() {
		t.Error("q, y does not leave")
	}
	b = openRunning(t, Config{})
	b.press("ctrl+c")
	if !b.quits() {
		t.Error("ctrl+c does not quit at once")
	}
}

// TestTerminal hands commands that need a terminal to the program, and no others.
func TestTerminal(t *testing.T) {
	h := newHandover(Config{}.withDefaults(), func(msg tea.Msg) {
		request := msg.(terminalMsg)
		request.reply <- sys.Output{Argv: request.command.Argv, Exit: 7}
	})
	output := h.machine(&fakeMachine{}).Run(t.Context(), sys.Command{Argv: []string{"editor"}, Terminal: true})
	if output.Exit != 7 {
		t.Errorf("%+v", output)
	}
	practice := newHandover(Config{Practice: true}.withDefaults(), nil)
	machine := &fakeMachine{}
	if practice.machine(machine) != sys.Machine(machine) {
		t.Error("the practice box is not left alone")
	}
	lent := h.lend(exec.CommandContext(t.Context(), "sh", "-c", "exit 3"))
	if output := lent.output(lent.Run()); output.Exit != 3 || output.Err == nil {
		t.Errorf("%+v", output)
	}
	// The screens are gone: the terminal is free.
	gone := newHandover(Config{}.withDefaults(), func(tea.Msg) {})
	close(gone.gone)
	output = gone.machine(machine).Run(t.Context(), sys.Command{Argv: []string{"true"}, Terminal: true})
	if output.Exit != 0 || output.Err != nil {
		t.Errorf("%+v", output)
	}
}

// TestWaitForFix waits for a fix that was left alone and says what came of it.
func TestWaitForFix(t *testing.T) {
	var said strings.Builder
	config := Config{Messages: &said}
	b := openRunning(t, config)
	b.fix = &fixRun{plan: restartPlan(), done: make(chan struct{})}
	time.AfterFunc(100*time.Millisecond, func() {
		b.fix.outcome = steps.Outcome{Message: "The site answers 3e9d0c4.", After: finished(freshReport())}
		close(b.fix.done)
	})
	examination, err := b.leave(b.config)
	if err != nil || examination.Report.Verdict != report.Fresh {
		t.Errorf("%v, %s", err, examination.Report.Verdict)
	}
	for _, want := range []string{"waiting for the fix to end (systemctl restart shop.service)", "flasktui: The site answers 3e9d0c4."} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("%q is not said:\n%s", want, said.String())
		}
	}
	// It may have ended between the last frame and now.
	said.Reset()
	examination, err = b.leave(b.config)
	if err != nil || examination.Report.Verdict != report.Fresh || said.String() != "flasktui: The site answers 3e9d0c4.\n" {
		t.Errorf("%v, %s, %q", err, examination.Report.Verdict, said.String())
	}
}

// TestAFixThatWasConfirmedRuns even where the screens go before Bubble Tea has started
// what y gave it to do: it is waited for.
func TestAFixThatWasConfirmedRuns(t *testing.T) {
	for stopped, want := range map[string]error{"the terminal is gone (input/output error)": nil, "it was told to end (SIGTERM)": context.Canceled} {
		begun := make(chan error, 1)
		b := open(t, Config{Messages: io.Discard, Apply: func(ctx context.Context, _ sys.Machine, _ steps.Options, _ steps.Examination, _ report.Plan, _ func(steps.Progress)) (steps.Outcome, error) {
			for want != nil && ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
			begun <- ctx.Err()
			return steps.Outcome{After: finished(freshReport())}, nil
		}}, staleReport())
		b.press("f", "y")
		b.tell(settledMsg{b.dialog.press})
		b.tell(stopMsg{stopped})
		if want != nil {
			b.startNoMore()
		}
		examination, err := b.leave(b.config)
		if err == nil || examination.Report.Verdict != report.Fresh {
			t.Errorf("%s: %v, %s", stopped, err, examination.Report.Verdict)
		}
		if got := <-begun; !errors.Is(got, want) {
			t.Errorf("%s: what is left of the fix ends with %v", stopped, got)
		}
	}
}

func TestClipboard(t *testing.T) {
	for name, want := range map[string]string{
		"":     "\x1b]52;c;bHM=\x07",
		"TMUX": "\x1b]52;c;bHM=\x07\x1bPtmux;\x1b\x1b]52;c;bHM=\x07\x1b\\",
	} {
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		getenv := func(asked string) string {
			if asked == name {
				return "1"
			}
			return ""
		}
		if err := clipboard(writer, getenv)("ls"); err != nil {
			t.Fatal(err)
		}
		_ = writer.Close()
		if written, _ := io.ReadAll(reader); string(written) != want {
			t.Errorf("%q: %q", name, written)
		}
	}
}
