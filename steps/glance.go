package steps

import (
	"path"
	"strconv"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys"
)

// This file is how a box is told at a glance, in the request path and the summary: the
// short name of whatever the evidence gives in full.

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

// holderWords names a server, and whose it is where it is not the service's own.
func holderWords(b *box.Box, server facts.Server) string {
	name := string(sys.Textf("%s %d", server.Software().Name, server.Master.PID))
	unit, inUnit := b.RunBy(server)
	program, supervised := b.SupervisedBy(server)
	switch {
	case b.IsOwn(server):
		return name
	case supervised:
		return name + " of the program " + string(sys.Safe(program.Program))
	case inUnit && unit.Service() != b.Unit.Service():
		return name + " of " + string(sys.Safe(unit.Service()))
	case server.Master.Cgroup.Container != "":
		return name + " of a container"
	case b.HasUnit:
		return name + ", outside the unit"
	}
	return name + ", which is not the service's own"
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
	switch change.Kind {
	case box.HeadMoved:
		return "HEAD moved"
	case box.LinkMoved:
		return sys.Textf("%s moved", path.Base(change.File))
	case box.FileWritten:
		return sys.Textf("%s written", b.ShortSource(change.File))
	}
	return change.What
}
