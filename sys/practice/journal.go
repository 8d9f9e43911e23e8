package practice

import (
	"fmt"
	"path"
	"strconv"
	"strings"
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

// journalQuery is what journalctl is asked for.
type journalQuery struct {
	units []string
	lines int
	since time.Time
	until time.Time
	// pid is the process whose lines alone are wanted; 0 for all.
	pid    int
	follow bool
	format string
	host   bool
}

// journalctl prints entries, and with -f goes on until its context ends.
func (r *run) journalctl() {
	query := r.journalQuery()
	entries := r.box.journal.entries
	var chosen []journalEntry
	for _, each := range entries {
		if query.wants(each) {
			chosen = append(chosen, each)
		}
	}
	if query.lines >= 0 && len(chosen) > query.lines {
		chosen = chosen[len(chosen)-query.lines:]
	}
	if len(chosen) == 0 && !query.follow {
		r.print("-- No entries --\n")
	}
	for _, each := range chosen {
		r.print("%s\n", r.box.journalLine(query, each))
	}
	if query.follow {
		r.follow(query, len(entries))
	}
}

// follow prints what is added, not holding the box while it waits.
func (r *run) follow(query journalQuery, seen int) {
	for {
		for ; seen < len(r.box.journal.entries); seen++ {
			if each := r.box.journal.entries[seen]; query.wants(each) {
				r.print("%s\n", r.box.journalLine(query, each))
			}
		}
		if seen < len(r.box.journal.entries) {
			continue
		}
		grew := r.box.journal.grew
		r.box.mutex.Unlock()
		select {
		case <-grew:
			r.box.mutex.Lock()
		case <-r.ctx.Done():
			r.box.mutex.Lock()
			r.exit, r.err = -1, r.ctx.Err()
			return
		}
	}
}

func (q *journalQuery) wants(entry journalEntry) bool {
	if entry.at.Before(q.since) || !q.until.IsZero() && entry.at.After(q.until) || q.pid != 0 && entry.pid != q.pid {
		return false
	}
	if len(q.units) == 0 {
		return true
	}
	for _, unit := range q.units {
		if matched, _ := path.Match(unit, entry.unit); matched || entry.unit == unit+".service" {
			return true
		}
	}
	return false
}

func (r *run) journalQuery() journalQuery {
	query := journalQuery{lines: -1, format: "short", host: true}
	for i := 0; i < len(r.arguments); i++ {
		option, given, joined := strings.Cut(r.arguments[i], "=")
		if !joined && i+1 < len(r.arguments) {
			given = r.arguments[i+1]
		}
		takes := true
		switch option {
		case "-u", "--unit":
			query.units = append(query.units, given)
		case "-n", "--lines":
			query.lines, _ = strconv.Atoi(given)
		case "-o", "--output":
			query.format = given
		case "-S", "--since":
			query.since = journalTime(given)
		case "-U", "--until":
			query.until = journalTime(given)
		case "_PID":
			query.pid, _ = strconv.Atoi(given)
		case "-p", "--priority":
		default:
			takes = false
			query.follow = query.follow || option == "-f" || option == "--follow"
			query.host = query.host && option != "--no-hostname"
		}
		if takes && !joined {
			i++
		}
	}
	if query.follow && query.lines < 0 {
		query.lines = 10
	}
	return query
}

// journalTime reads "@EPOCH" and "2006-01-02 15:04:05", with fractions.
func journalTime(given string) time.Time {
	if epoch, ok := strings.CutPrefix(given, "@"); ok {
		seconds, _ := strconv.ParseFloat(epoch, 64)
		return time.UnixMicro(int64(seconds * 1e6))
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04:05 MST", time.RFC3339Nano} {
		if parsed, err := time.ParseInLocation(layout, given, time.UTC); err == nil {
			return parsed
		}
	}
	return time.Time{}
}

func (b *Box) journalLine(query journalQuery, entry journalEntry) string {
	layout := "Jan _2 15:04:05"
	switch query.format {
	case "cat":
		return entry.message
	case "json":
		return fmt.Sprintf(`{"__REALTIME_TIMESTAMP":"%d","_SYSTEMD_UNIT":%q,"SYSLOG_IDENTIFIER":%q,"_PID":"%d","MESSAGE":%q}`,
			entry.at.UnixMicro(), entry.unit, entry.identifier, entry.pid, entry.message)
	case "short-iso":
		layout = "2006-01-02T15:04:05-07:00"
	case "short-iso-precise":
		layout = "2006-01-02T15:04:05.000000-07:00"
	case "short-unix":
		return fmt.Sprintf("%d.%06d %s[%d]: %s", entry.at.Unix(), entry.at.Nanosecond()/1000, entry.identifier, entry.pid, entry.message)
	}
	host := ""
	if query.host {
		host = b.hostname + " "
	}
	return fmt.Sprintf("%s %s%s[%d]: %s", entry.at.UTC().Format(layout), host, entry.identifier, entry.pid, entry.message)
}
