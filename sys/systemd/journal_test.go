package systemd

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/memory"
)

const hiddenJournal = "Hint: You are currently not seeing messages from other users and the system.\n" +
	"      Pass -q to turn off this notice.\nNo journal files were opened due to insufficient permissions.\n"

func TestReadJournal(t *testing.T) {
	t.Parallel()
	var asked []sys.Command
	machine := memory.Machine{OnRun: func(command sys.Command) sys.Output {
		asked = append(asked, command)
		return sys.Output{Argv: command.Argv, Stdout: []byte("-- Boot 1234 --\n2026-11-23T18:46:30+00:00 gunicorn[103]: \x1b[31mTOKEN=abc\n    next\n-- No entries --\n")}
	}}
	lines, err := (Manager{}).ReadJournal(context.Background(), machine, "shop@blue.service", time.Unix(1795459590, 999), 5)
	want := []sys.Text{"2026-11-23T18:46:30+00:00 gunicorn[103]: TOKEN=***", "    next"}
	if err != nil || !slices.Equal(lines, want) {
		t.Errorf("lines = %q, %v", lines, err)
	}
	argv := []string{
		"journalctl", "--no-pager", "--no-hostname", "-o", "short-iso", "-n", "5", "--unit=shop@blue.service", "--since", "@1795459590",
	}
	if len(asked) != 1 || !slices.Equal(asked[0].Argv, argv) || asked[0].Elevate {
		t.Errorf("commands = %+v", asked)
	}
}

func TestReadJournalAsRootWhereItIsHidden(t *testing.T) {
	t.Parallel()
	for _, exit := range []int{0, 1} {
		machine := memory.Machine{OnRun: func(command sys.Command) sys.Output {
			if command.Elevate {
				return sys.Output{Argv: command.Argv, Elevated: true, Stdout: []byte("seen\n")}
			}
			return sys.Output{Argv: command.Argv, Exit: exit, Stdout: []byte("own\n"), Stderr: []byte(hiddenJournal)}
		}}
		if lines, err := (Manager{}).ReadJournal(context.Background(), machine, "a", time.Time{}, 5); err != nil || !slices.Equal(lines, []sys.Text{"seen"}) {
			t.Errorf("exit %d: %q, %v", exit, lines, err)
		}
	}
	machine := memory.Machine{OnRun: func(command sys.Command) sys.Output {
		if command.Elevate {
			return sys.Output{Argv: command.Argv, Exit: -1, Err: sys.ErrNeedsPrivilege}
		}
		return sys.Output{Argv: command.Argv, Stderr: []byte(hiddenJournal)}
	}}
	if lines, err := (Manager{}).ReadJournal(context.Background(), machine, "a", time.Time{}, 5); !errors.Is(err, sys.ErrNeedsPrivilege) {
		t.Errorf("%q, %v: an empty log is not the same as one that may not be read", lines, err)
	}
}

func TestJournalCommandFollows(t *testing.T) {
	t.Parallel()
	command := (Manager{}).JournalCommand("shop.service", 0, true)
	if joined := strings.Join(command.Argv, " "); !strings.HasSuffix(joined, "-n 100 --unit=shop.service --follow") || command.Timeout <= sys.DefaultCommandTimeout {
		t.Errorf("command = %+v", command)
	}
}
