package sys

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// journalLimit bounds what is read of a journal; a crash loop with tracebacks fits.
const journalLimit = 8 << 20

// ReadJournal returns the last lines of a unit's journal since a time, oldest first,
// without hosts and made safe; the zero time means from the beginning. The time counts in
// whole seconds. Where the user may not read the journal it is read as root, if that
// needs no password.
func ReadJournal(ctx context.Context, machine Machine, unit string, since time.Time, lines int) ([]Text, error) {
	command := JournalCommand(unit, lines, false)
	command.OutputLimit = journalLimit
	if !since.IsZero() {
		command.Argv = append(command.Argv, "--since", "@"+strconv.FormatInt(since.Unix(), 10))
	}
	output := machine.Run(ctx, command)
	if journalIsHidden(output) {
		command.Elevate = true
		output = machine.Run(ctx, command)
	}
	if output.Err != nil && !errors.Is(output.Err, ErrTruncated) {
		return nil, fmt.Errorf("journal of %s: %w", Safe(unit), output.Err)
	}
	return journalLines(string(output.Stdout)), nil
}

// journalIsHidden: journalctl shows what the user may see, and says on stderr, with
// either exit status, that there is more.
func journalIsHidden(output Output) bool {
	return !output.Elevated && containsAny(string(output.Stderr), "insufficient permissions", "not seeing messages from other users")
}

// journalLines leaves out journalctl's own remarks ("-- Boot … --", "-- No entries --").
func journalLines(raw string) []Text {
	var keys secretLines
	texts := []Text{}
	for line := range strings.Lines(raw) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "-- ") && strings.HasSuffix(line, " --") {
			continue
		}
		texts = append(texts, Safe(keys.line(line)))
	}
	return texts
}

// JournalCommand is the command that follows a unit's log, for the person to see and for
// a face to run. It is not elevated; a face sets that where the user may not read the
// journal. Following goes on until its context ends.
func JournalCommand(unit string, lines int, follow bool) Command {
	if lines <= 0 {
		lines = 100
	}
	argv := []string{"journalctl", "--no-pager", "--no-hostname", "-o", "short-iso", "-n", strconv.Itoa(lines), "--unit=" + unit}
	command := Command{Argv: argv}
	if follow {
		command.Argv = append(command.Argv, "--follow")
		command.Timeout = 24 * time.Hour
	}
	return command
}
