package systemd

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
)

// Run is one run of a unit, as systemd's own lines in the journal tell of it.
type Run struct {
	// Loads are when it was told to start, and to load its files anew (a reload), in order.
	Loads []time.Time
	// Ended is when it ended; zero where it still ran as the lines end.
	Ended time.Time
	// Failed says that it ended by itself, and not because it was told to.
	Failed bool
}

// ReadRuns returns the runs of a unit that systemd tells of in the last so many of its own
// lines before a time (the zero time: up to now), oldest first. The journal itself writes down which process sent a line
// (_PID in systemd.journal-fields(7)), so that no service can add to them. reaches is the time
// of the first of those lines; zero where there is none. Where the user may not read the
// journal it is read as root, if that needs no password.
func ReadRuns(ctx context.Context, machine sys.Machine, unit string, until time.Time, lines int) (runs []Run, reaches time.Time, err error) {
	command := sys.Command{
		Argv: []string{
			"journalctl", "--no-pager", "--no-hostname", "-o", "short-iso-precise", "-n", strconv.Itoa(lines),
			"--unit=" + unit, "_PID=1",
		},
		OutputLimit: sys.LogLimit,
	}
	if !until.IsZero() {
		command.Argv = append(command.Argv, "--until=@"+strconv.FormatInt(until.Unix()+1, 10))
	}
	output := machine.Run(ctx, command)
	if journalIsHidden(output) {
		command.Elevate = true
		output = machine.Run(ctx, command)
	}
	if output.Err != nil && !errors.Is(output.Err, sys.ErrTruncated) {
		return nil, time.Time{}, fmt.Errorf("journal of %s: %w", sys.Safe(unit), output.Err)
	}
	runs, reaches = ParseRuns(string(output.Stdout))
	return runs, reaches, nil
}

// ParseRuns reads what systemd says of one unit's starts and ends (journalctl -o
// short-iso-precise). A run that is cut off by a boot is left out: how it ended is not told.
func ParseRuns(text string) (runs []Run, reaches time.Time) {
	said := regexp.MustCompile(`^(\S+) systemd\[1\]: (.*)$`)
	var open *Run
	end := func(at time.Time, failed bool) {
		if open != nil {
			open.Ended, open.Failed = at, failed
			runs, open = append(runs, *open), nil
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "-- ") && strings.Contains(strings.ToLower(line), "boot") {
			open = nil
			continue
		}
		match := said.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		at := preciseTime(match[1])
		if at.IsZero() {
			continue
		}
		if reaches.IsZero() {
			reaches = at
		}
		switch message := match[2]; {
		case startsWithAny(message, "Starting ", "Started "):
			// A service that tells when it is ready has both.
			if open == nil {
				open = &Run{Loads: []time.Time{at}}
			}
		case startsWithAny(message, "Reloading ") && open != nil:
			open.Loads = append(open.Loads, at)
		case startsWithAny(message, "Stopping ", "Stopped "):
			end(at, false)
		case startsWithAny(message, "Failed to start "), endsRun(message):
			end(at, true)
		}
	}
	if open != nil {
		runs = append(runs, *open)
	}
	return runs, reaches
}

// endsRun tells of what systemd says of a unit whether its main process ended by itself: of
// one that was told to stop, that is said first.
func endsRun(message string) bool {
	_, what, named := strings.Cut(message, ": ")
	return named && startsWithAny(what, "Main process exited", "Failed with result", "Deactivated successfully", "Succeeded.", "Scheduled restart job")
}

func startsWithAny(text string, beginnings ...string) bool {
	for _, beginning := range beginnings {
		if strings.HasPrefix(text, beginning) {
			return true
		}
	}
	return false
}

// preciseTime reads the time before a line of -o short-iso-precise, which has written its zone
// in two ways; zero for any other text.
func preciseTime(stamp string) time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05.999999-0700", time.RFC3339Nano} {
		if at, err := time.Parse(layout, stamp); err == nil {
			return at
		}
	}
	return time.Time{}
}
