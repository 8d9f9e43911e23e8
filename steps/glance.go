package steps

import (
	"path"
	"strconv"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys"
)

// This file is how a box is told at a glance, in the request path and the summary: the
// short name of whatever the evidence gives in full.

// glanceClock is a time to the second on the day of the look, and to the minute before.
func glanceClock(b *box.Box, at time.Time) sys.Text {
	if at.IsZero() {
		return "an unknown time"
	}
	at = at.In(b.TakenAt.Location())
	switch {
	case at.YearDay() == b.TakenAt.YearDay() && at.Year() == b.TakenAt.Year():
		return sys.Text(at.Format("15:04:05"))
	case b.TakenAt.Sub(at) < 300*24*time.Hour:
		return sys.Text(at.Format("2 Jan 15:04"))
	}
	return sys.Text(at.Format("2 Jan 2006"))
}

// glanceNear is glanceClock, or the exact time where the other one is so close that the
// second would not tell which came first.
func glanceNear(b *box.Box, at, other time.Time) sys.Text {
	if at.IsZero() || other.IsZero() || at.Sub(other).Abs() >= 2*time.Second {
		return glanceClock(b, at)
	}
	return b.ExactClock(at, other)
}

// glanceAt is glanceNear with the word that goes before it.
func glanceAt(b *box.Box, at, other time.Time) sys.Text {
	clock := glanceNear(b, at, other)
	if !at.IsZero() && strings.Contains(string(clock), " ") {
		return "on " + clock
	}
	return "at " + clock
}

// spoken is what a place answers to the question for its release, in short.
func spoken(asked facts.Asked) sys.Text {
	tally := box.TallyOf(asked.Version)
	if len(tally.Values) == 0 {
		return "answers, and names no release"
	}
	names := make([]string, len(tally.Values))
	for i, value := range tally.Values {
		names[i] = box.ShortCommit(value)
	}
	if len(names) > 1 {
		return sys.Textf("answers %s in turn", strings.Join(names, " and "))
	}
	return sys.Textf("answers %s", names[0])
}

// holderWords names a Gunicorn, and whose it is where it is not the service's own.
func holderWords(b *box.Box, gunicorn facts.Gunicorn) string {
	name := string(sys.Textf("Gunicorn %d", gunicorn.Master.PID))
	unit, inUnit := b.RunBy(gunicorn)
	switch {
	case b.IsOwn(gunicorn) || !b.HasUnit:
		return name
	case inUnit && unit.Name != b.Unit.Name:
		return name + " of " + string(sys.Safe(unit.Name))
	case gunicorn.Master.Cgroup.Container != "":
		return name + " of a container"
	}
	return name + ", outside the unit"
}

// ofAll says how many of how many do something: "both hold", "3 of 4 hold".
func ofAll(some, all int, one, many string) sys.Text {
	switch {
	case all == 1:
		return sys.Textf("it %s", one)
	case some == all && all == 2:
		return sys.Textf("both %s", many)
	case some == all:
		return sys.Textf("all %d %s", all, many)
	case some == 1:
		return sys.Textf("1 of %d %s", all, one)
	}
	return sys.Textf("%d of %d %s", some, all, many)
}

// processNumbers names a few processes by number, and of many says how many there are.
func processNumbers(processes []facts.Process) sys.Text {
	const few = 4
	if len(processes) > few {
		return sys.Textf("%d of them", len(processes))
	}
	numbers := make([]string, len(processes))
	for i, process := range processes {
		numbers[i] = strconv.Itoa(process.PID)
	}
	return sys.Text(strings.Join(numbers, ", "))
}

// brief says in a few words what the last change of the code was.
func brief(change box.CodeChange, b *box.Box) sys.Text {
	deployment := b.Deployment.Value
	switch {
	case strings.HasPrefix(string(change.What), "HEAD moved"):
		return "HEAD moved"
	case !change.LinkAt.IsZero() && change.At.Equal(change.LinkAt):
		return sys.Textf("%s moved", path.Base(deployment.Link.Path))
	case !change.SourceAt.IsZero() && change.At.Equal(change.SourceAt):
		return sys.Textf("%s written", b.ShortSource(b.Code.Value.DiskSource().Path))
	}
	return change.What
}
