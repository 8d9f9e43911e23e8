package steps

import (
	"path"
	"strconv"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// This file is how a box is told at a glance, in the request path and the summary: the
// short name of whatever the evidence gives in full.

// glanceClock is a time to the second on the day of the look, and to the minute before.
func (v *view) glanceClock(at time.Time) sys.Text {
	if at.IsZero() {
		return "an unknown time"
	}
	at = at.In(v.TakenAt.Location())
	switch {
	case at.YearDay() == v.TakenAt.YearDay() && at.Year() == v.TakenAt.Year():
		return sys.Text(at.Format("15:04:05"))
	case v.TakenAt.Sub(at) < 300*24*time.Hour:
		return sys.Text(at.Format("2 Jan 15:04"))
	}
	return sys.Text(at.Format("2 Jan 2006"))
}

// glanceNear is glanceClock, or the exact time where the other one is so close that the
// second would not tell which came first.
func (v *view) glanceNear(at, other time.Time) sys.Text {
	if at.IsZero() || other.IsZero() || at.Sub(other).Abs() >= 2*time.Second {
		return v.glanceClock(at)
	}
	return v.exactClock(at, other)
}

// glanceAt is glanceNear with the word that goes before it.
func (v *view) glanceAt(at, other time.Time) sys.Text {
	clock := v.glanceNear(at, other)
	if !at.IsZero() && strings.Contains(string(clock), " ") {
		return "on " + clock
	}
	return "at " + clock
}

// root is the directory that holds the releases and the link; where there are none, the
// code's own.
func (v *view) root() string {
	deployment := v.Deployment.Value
	switch {
	case deployment.Link != nil:
		return path.Dir(deployment.Link.Path)
	case deployment.ReleasesDirectory != "":
		return path.Dir(deployment.ReleasesDirectory)
	}
	return deployment.Directory
}

// shortPath names a path from the root of the deployment, which the path page shows
// anyway; a path outside it stays whole.
func (v *view) shortPath(name string) string {
	root := v.root()
	if root == "" || root == "/" || name == root {
		return name
	}
	if below, ok := strings.CutPrefix(name, root+"/"); ok {
		return below
	}
	return name
}

// releaseOrPath names the release that a path is, or else the path.
func (v *view) releaseOrPath(name string) string {
	for _, release := range v.Deployment.Value.Releases {
		if release.Path == name {
			return release.Name
		}
	}
	return v.shortPath(name)
}

// shortSource is a source file from its release.
func (v *view) shortSource(name string) string {
	if below, ok := strings.CutPrefix(name, v.Deployment.Value.Active+"/"); ok {
		return below
	}
	return v.shortPath(name)
}

// spoken is what a place answers to the question for its release, in short.
func (v *view) spoken(asked facts.Asked) sys.Text {
	tally := tallyOf(asked.Version)
	if len(tally.values) == 0 {
		return "answers, and names no release"
	}
	names := make([]string, len(tally.values))
	for i, value := range tally.values {
		names[i] = shortCommit(value)
	}
	if len(names) > 1 {
		return sys.Textf("answers %s in turn", strings.Join(names, " and "))
	}
	return sys.Textf("answers %s", names[0])
}

// holderWords names a Gunicorn, and whose it is where it is not the service's own.
func (v *view) holderWords(gunicorn facts.Gunicorn) string {
	name := string(sys.Textf("Gunicorn %d", gunicorn.Master.PID))
	unit, inUnit := v.RunBy(gunicorn)
	switch {
	case v.isOwn(gunicorn) || !v.hasUnit:
		return name
	case inUnit && unit.Name != v.unit.Name:
		return name + " of " + string(sys.Safe(unit.Name))
	case gunicorn.Master.Cgroup.Container != "":
		return name + " of a container"
	}
	return name + ", outside the unit"
}

// runnerOf names what runs a Gunicorn, as far as that is known.
func (v *view) runnerOf(gunicorn facts.Gunicorn) string {
	unit, inUnit := v.RunBy(gunicorn)
	program, supervised := v.SupervisedBy(gunicorn)
	switch {
	case inUnit:
		return unit.Name
	case supervised:
		return program.Program + " of supervisord's"
	case gunicorn.Master.Cgroup.Container != "":
		return "of a container"
	}
	return "of no service that is known"
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

// unitWords is systemd's own word for a unit, with what it adds to it.
func unitWords(unit facts.Unit) sys.Text {
	if unit.SubState == "" || unit.SubState == unit.ActiveState {
		return sys.Textf("%s", unit.ActiveState)
	}
	return sys.Textf("%s (%s)", unit.ActiveState, unit.SubState)
}

// brief says in a few words what the last change of the code was.
func (change codeChange) brief(v *view) sys.Text {
	deployment := v.Deployment.Value
	switch {
	case strings.HasPrefix(string(change.What), "HEAD moved"):
		return "HEAD moved"
	case !change.LinkAt.IsZero() && change.At.Equal(change.LinkAt):
		return sys.Textf("%s moved", path.Base(deployment.Link.Path))
	case !change.SourceAt.IsZero() && change.At.Equal(change.SourceAt):
		return sys.Textf("%s written", v.shortSource(v.Code.Value.DiskSource().Path))
	}
	return change.What
}

// several is a number with its noun: "1 file", "3 files".
func several(n int, one, many string) sys.Text {
	if n == 1 {
		return sys.Text("1 " + one)
	}
	return sys.Textf("%d %s", n, many)
}
