package lock

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"os/user"
	"strings"
	"testing"
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/record"
)

// own is a name that no other test, and no flasktui on this machine, uses.
func own(t *testing.T) string {
	return "flasktui-test/" + t.Name() + "/" + time.Now().Format(time.RFC3339Nano)
}

var at = time.Date(2026, 3, 4, 5, 6, 7, 0, time.Local)

func apply(run func()) record.Apply {
	return func(context.Context, sys.Machine, steps.Options, steps.Examination, report.Plan, func(steps.Progress)) (steps.Outcome, error) {
		run()
		return steps.Outcome{Done: true}, nil
	}
}

func run(t *testing.T, name, fix string, what func()) error {
	t.Helper()
	before := steps.Examination{Report: report.Report{Verdict: report.Stale, Target: report.TargetSummary{Service: "shop.service"}}}
	_, err := Wrap(apply(what), name, func() time.Time { return at })(t.Context(), nil, steps.Options{}, before, report.Plan{ID: fix}, nil)
	return err
}

func TestTheSecondIsToldWhoIsFirstAndRunsNothing(t *testing.T) {
	t.Parallel()
	name := own(t)
	var second error
	ran := 0
	if err := run(t, name, "restart", func() {
		ran++
		second = run(t, name, "nginx-reload", func() { ran++ })
	}); err != nil {
		t.Fatal(err)
	}
	self, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	var busy *BusyError
	if ran != 1 || !errors.As(second, &busy) || busy.Holder.PID != os.Getpid() || busy.Hint() == "" {
		t.Fatalf("%d ran; the second was told %v", ran, second)
	}
	for _, part := range []string{self.Username, `the fix "restart" of shop.service`, "since 2026-03-04 05:06:07"} {
		if !strings.Contains(second.Error(), part) {
			t.Errorf("%q does not say %q", second, part)
		}
	}
	if err := run(t, name, "hup", func() { ran++ }); err != nil || ran != 2 {
		t.Errorf("after the first has ended: %v", err)
	}
}

func TestAHolderThatIsNoFlasktuiIsNamedAllTheSame(t *testing.T) {
	t.Parallel()
	for what, says := range map[string]string{"silence": "", "nonsense": "\x1b]0;PWNED\x07{", "a lie": `{"fix":"x\u001b[31m","service":"\u202e"}`} {
		name := own(t) + what
		squatter, err := new(net.ListenConfig).Listen(t.Context(), "unix", "@"+name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = squatter.Close() })
		go func() {
			connection, err := squatter.Accept()
			if err == nil && says != "" {
				_, _ = connection.Write([]byte(says))
				_ = connection.Close()
			}
		}()
		began := time.Now()
		err = run(t, name, "restart", func() { t.Errorf("%s: the fix ran", what) })
		var busy *BusyError
		if !errors.As(err, &busy) || busy.Holder.PID != os.Getpid() || strings.ContainsAny(err.Error(), "\x1b\u202e") {
			t.Errorf("%s: %q", what, err)
		}
		if took := time.Since(began); took > time.Minute { // It would wait for ever.
			t.Errorf("%s: took %s", what, took)
		}
	}
}

// TestHolder is the other process of the test below; by itself it shows that a lock can be
// had.
func TestHolder(t *testing.T) {
	name := os.Getenv("FLASKTUI_TEST_LOCK")
	if name == "" {
		name = own(t)
	}
	if err := run(t, name, "restart", func() {
		if os.Getenv("FLASKTUI_TEST_LOCK") != "" {
			_, _ = os.Stdout.WriteString("held\n")
			time.Sleep(time.Minute)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func TestTheLockDiesWithItsOwner(t *testing.T) {
	t.Parallel()
	name := own(t)
	owner := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHolder$")
	owner.Env = append(os.Environ(), "FLASKTUI_TEST_LOCK="+name)
	said, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(said).ReadString('\n'); line != "held\n" {
		t.Fatalf("the owner says %q, %v", line, err)
	}
	var busy *BusyError
	if err := run(t, name, "hup", func() {}); !errors.As(err, &busy) || busy.Holder.PID != owner.Process.Pid {
		t.Errorf("while it is held: %v", err)
	}
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait()
	if err := run(t, name, "hup", func() {}); err != nil {
		t.Errorf("after its owner was killed: %v", err)
	}
}
