package sys

import (
	"context"
	"time"
)

// ReadJournal returns the last lines of a unit's journal since a time, oldest first,
// without hosts and made safe; the zero time means from the beginning.
func ReadJournal(ctx context.Context, machine Machine, unit string, since time.Time, lines int) ([]Text, error) {
	panic("to be written")
}

// JournalCommand is the command that follows a unit's log, for the person to see and for
// a face to run.
func JournalCommand(unit string, lines int, follow bool) Command { panic("to be written") }
