package practice

import (
	"fmt"
	"time"
)

// journal is the log of the box, oldest first.
type journal struct {
	entries []journalEntry
	// grew is closed, and made anew, with each entry: what `journalctl -f` waits for.
	grew chan struct{}
}

// journalEntry is one line, as journald keeps it.
type journalEntry struct {
	at         time.Time
	unit       string
	identifier string
	pid        int
	message    string
}

// say writes to the journal.
func (b *Box) say(unit, identifier string, pid int, format string, arguments ...any) {
	b.journal.entries = append(b.journal.entries, journalEntry{
		b.clock.time(), unit, identifier, pid, fmt.Sprintf(format, arguments...),
	})
	close(b.journal.grew)
	b.journal.grew = make(chan struct{})
}
