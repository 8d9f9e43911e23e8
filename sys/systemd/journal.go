package systemd

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"flasktui/sys"
)

// ReadJournal returns the last lines of a unit's journal since a time, oldest first,
// without hosts and made safe; the zero time means from the beginning. The time counts in
// whole seconds. Where the user may not read the journal it is read as root, if that
// needs no password.
func (m Manager) ReadJournal(ctx context.Context, machine sys.Machine, unit string, since time.Time, lines int) ([]sys.Text, error) {
	command := m.JournalCommand(unit, lines, false)
	command.OutputLimit = sys.LogLimit
	if !since.IsZero() {
		command.Argv = append(command.Argv, "--since", "@"+strconv.FormatInt(since.Unix(), 10))
	}
	output := machine.Run(ctx, command)
	if journalIsHidden(output) {
		command.Elevate = true
		output = machine.Run(ctx, command)
	}
	if output.Err != nil && !errors.Is(output.Err, sys.ErrTruncated) {
		return nil, fmt.Errorf("journal of %s: %w", sys.Safe(unit), output.Err)
	}
	return sys.LogLines(string(output.Stdout)), nil
}

// journalIsHidden: journalctl shows what the user may see, and says on stderr, with
// either exit status, that there is more.
func journalIsHidden(output sys.Output) bool {
	return !output.Elevated && output.Complains("insufficient permissions", "not seeing messages from other users")
}

// JournalCommand is the command that follows a unit's log, for the person to see and for
// a face to run. It is not elevated; a face sets that where the user may not read the
// journal. Following goes on until its context ends.
func (m Manager) JournalCommand(unit string, lines int, follow bool) sys.Command {
	if lines <= 0 {
		lines = 100
	}
	argv := []string{"journalctl", "--no-pager", "--no-hostname", "-o", "short-iso", "-n", strconv.Itoa(lines)}
	if m.User == nil {
		argv = append(argv, "--unit="+unit)
	} else {
		// What a unit of a user's writes, and what the user's manager says of it.
		uid := "_UID=" + strconv.FormatUint(uint64(m.User.UID), 10)
		argv = append(argv, "_SYSTEMD_USER_UNIT="+unit, uid, "+", "USER_UNIT="+unit, uid)
	}
	command := sys.Command{Argv: argv}
	if follow {
		command.Argv = append(command.Argv, "--follow")
		command.Timeout = 24 * time.Hour
	}
	return command
}
