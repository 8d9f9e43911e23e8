package wizard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// screenOf runs a wizard on a terminal of its own.
type screenOf struct {
	t           *testing.T
	master      *os.File
	slave       *os.File
	before      *term.State
	mutex       sync.Mutex
	seen        bytes.Buffer
	ended       chan struct{}
	err         error
	examination steps.Examination
}

func onTerminal(t *testing.T, config Config) *screenOf {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatalf("no terminal to be had: %v", err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	s := &screenOf{t: t, master: master, slave: slave, ended: make(chan struct{})}
	if s.before, err = term.GetState(slave.Fd()); err != nil {
		t.Fatal(err)
	}
	// A signal that a test sends must not end the test if the wizard was quicker to go.
	absorbed := make(chan os.Signal, 1)
	signal.Notify(absorbed, syscall.SIGHUP, syscall.SIGTERM)
	t.Cleanup(func() {
		signal.Stop(absorbed)
		_ = master.Close()
		_ = slave.Close()
	})
	go func() {
		chunk := make([]byte, 4096)
		for {
			n, err := master.Read(chunk)
			s.mutex.Lock()
			s.seen.Write(chunk[:n])
			s.mutex.Unlock()
			if err != nil {
				return
			}
		}
	}()
	config.Input, config.Output, config.Messages = slave, slave, io.Discard
	config.Getenv = unicodeEnvironment
	if config.Machine == nil {
		config.Machine = &fakeMachine{}
	}
	go func() {
		defer close(s.ended)
		s.examination, s.err = Run(t.Context(), config)
	}()
	return s
}

func (s *screenOf) output() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.seen.String()
}

func (s *screenOf) awaits(text string) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if strings.Contains(s.output(), text) {
			return
		}
	}
	s.t.Fatalf("%q never came:\n%q", text, s.output())
}

func (s *screenOf) types(keys string) {
	if _, err := s.master.WriteString(keys); err != nil {
		s.t.Error(err)
	}
}

// sane waits for the end and holds the terminal to how it was found.
func (s *screenOf) sane() {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(time.Minute):
		s.t.Fatal("it does not end")
	}
	after, err := term.GetState(s.slave.Fd())
	if err != nil {
		s.t.Fatal(err)
	}
	if !reflect.DeepEqual(s.before, after) {
		s.t.Error("the terminal's modes are not what they were")
	}
	s.awaits("\x1b[?1049l") // the alternate screen is left
	s.awaits("\x1b[?25h")   // the cursor is shown
	s.awaits("\x1b[?2004l") // bracketed paste is off
	for _, query := range []string{"\x1b]11;?", "\x1b[6n", "\x1b[?1000h", "\x1b[?1002h", "\x1b[?1003h"} {
		if strings.Contains(s.output(), query) {
			s.t.Errorf("%q was written: nothing is asked of the terminal, and the mouse is left alone", query)
		}
	}
}

func examineStale(_ context.Context, _ sys.Machine, _ steps.Options, watch func(steps.Examination)) (steps.Examination, error) {
	watch(partialExamination())
	return finished(staleReport()), nil
}

func TestTerminalIsRestored(t *testing.T) {
	for name, test := range map[string]struct {
		examine func(context.Context, sys.Machine, steps.Options, func(steps.Examination)) (steps.Examination, error)
		leave   func(*screenOf)
		err     string
	}{
		"q":      {examineStale, func(s *screenOf) { s.types("q") }, ""},
		"ctrl+c": {examineStale, func(s *screenOf) { s.types("\x03") }, ""},
		"term":   {examineStale, func(*screenOf) { _ = syscall.Kill(os.Getpid(), syscall.SIGTERM) }, "SIGTERM"},
		"hup":    {examineStale, func(*screenOf) { _ = syscall.Kill(os.Getpid(), syscall.SIGHUP) }, "SIGHUP"},
		"panic": {func(_ context.Context, _ sys.Machine, _ steps.Options, watch func(steps.Examination)) (steps.Examination, error) {
			document := partialExamination()
			document.Report.Verdict = report.Stale
			document.Pending = 0
			watch(document)
			time.Sleep(100 * time.Millisecond)
			panic("boom")
		}, func(*screenOf) {}, "flasktui broke down while probing: boom"},
	} {
		t.Run(name, func(t *testing.T) {
			s := onTerminal(t, Config{Examine: test.examine})
			s.awaits("STALE")
			test.leave(s)
			s.sane()
			switch {
			case test.err == "" && s.err != nil:
				t.Errorf("%v", s.err)
			case test.err != "" && (s.err == nil || !strings.Contains(s.err.Error(), test.err)):
				t.Errorf("%v", s.err)
			}
			if name == "q" && s.examination.Report.Verdict != report.Stale {
				t.Errorf("returns %s", s.examination.Report.Verdict)
			}
		})
	}
}

// TestFirstFrame is painted while the probes have not said anything at all.
func TestFirstFrame(t *testing.T) {
	s := onTerminal(t, Config{Examine: func(ctx context.Context, _ sys.Machine, _ steps.Options, _ func(steps.Examination)) (steps.Examination, error) {
		<-ctx.Done()
		return steps.Examination{}, ctx.Err()
	}})
	s.awaits("PROBING")
	s.awaits("Release")
	s.types("q")
	s.sane()
}

// TestWindowChanges draws for the new size as soon as the terminal has it.
func TestWindowChanges(t *testing.T) {
	s := onTerminal(t, Config{Examine: examineStale})
	s.awaits("STALE")
	if err := pty.Setsize(s.master, &pty.Winsize{Rows: 15, Cols: 40}); err != nil {
		t.Fatal(err)
	}
	// Bubble Tea begins to listen some time after the first frame.
	for range 100 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGWINCH)
		time.Sleep(50 * time.Millisecond)
		if strings.Contains(s.output(), "URL to Nginx") {
			break
		}
	}
	s.awaits("URL to Nginx")
	s.types("q")
	s.sane()
}

// TestBurstOnTerminal types f and y in one go: nothing may run.
func TestBurstOnTerminal(t *testing.T) {
	applied := make(chan struct{}, 1)
	s := onTerminal(t, Config{Examine: examineStale, Apply: func(context.Context, sys.Machine, steps.Options, steps.Examination, report.Plan, func(steps.Progress)) (steps.Outcome, error) {
		applied <- struct{}{}
		return steps.Outcome{Done: true, Message: "Applied.", After: finished(freshReport())}, nil
	}})
	s.awaits("STALE")
	s.types("fy")
	s.awaits(typedAhead)
	select {
	case <-applied:
		t.Fatal("a burst confirmed")
	case <-time.After(2 * DefaultGrace):
	}
	s.types("y")
	s.awaits("Applied.")
	s.types("q")
	s.sane()
}

// TestConnectionDrops ends the wizard when the terminal is gone.
func TestConnectionDrops(t *testing.T) {
	s := onTerminal(t, Config{Examine: examineStale})
	s.awaits("STALE")
	_ = s.master.Close()
	_ = syscall.Kill(os.Getpid(), syscall.SIGHUP)
	select {
	case <-s.ended:
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
	}
	if s.err == nil {
		t.Error("it ends as if nothing had happened")
	}
}

// TestPracticeAsked hands the wish back to the caller.
func TestPracticeAsked(t *testing.T) {
	s := onTerminal(t, Config{OfferPractice: true, Examine: func(context.Context, sys.Machine, steps.Options, func(steps.Examination)) (steps.Examination, error) {
		return steps.Examination{}, &steps.TargetError{Problem: "No Flask service was found."}
	}})
	s.awaits("No Flask site at hand?")
	s.types("p")
	s.sane()
	if !errors.Is(s.err, ErrPractice) {
		t.Errorf("%v", s.err)
	}
}

// TestEditor lends the terminal to a command of the fix and takes it back.
func TestEditor(t *testing.T) {
	s := onTerminal(t, Config{
		Examine: examineStale,
		Terminal: func(command sys.Command) *exec.Cmd {
			return exec.CommandContext(t.Context(), "sh", "-c", `test -t 0 && echo "editing $0"; read line; echo "read $line"; exit 3`, command.Argv[0])
		},
		Apply: func(ctx context.Context, machine sys.Machine, _ steps.Options, _ steps.Examination, _ report.Plan, _ func(steps.Progress)) (steps.Outcome, error) {
			output := machine.Run(ctx, sys.Command{Argv: []string{"vi"}, Terminal: true})
			return steps.Outcome{Done: true, Message: sys.Textf("The editor ended with %d.", output.Exit), After: finished(freshReport())}, nil
		},
	})
	s.awaits("STALE")
	s.types("f")
	s.awaits("run it")
	time.Sleep(2 * DefaultGrace)
	s.types("y")
	s.awaits("editing vi")
	s.types("hello\n")
	s.awaits("read hello")
	s.awaits("The editor ended with 3.")
	s.types("q")
	s.sane()
}

// TestUnlock lets a command ask for a password, and looks again.
func TestUnlock(t *testing.T) {
	looks := 0
	s := onTerminal(t, Config{
		Examine: func(context.Context, sys.Machine, steps.Options, func(steps.Examination)) (steps.Examination, error) {
			looks++
			if looks > 1 {
				return finished(staleReport()), nil
			}
			return finished(inconclusiveReport()), nil
		},
		Unlock: func() *exec.Cmd { return exec.CommandContext(t.Context(), "sh", "-c", "echo password?; read line") },
	})
	s.awaits("unlock")
	s.types("u")
	s.awaits("password?")
	s.types("secret\n")
	s.awaits("STALE")
	s.types("q")
	s.sane()
}
