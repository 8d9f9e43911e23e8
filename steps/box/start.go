package box

import (
	"slices"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/systemd"
)

// Start is how the service stands between the moment in which it was started and its first
// answer (G58, G59). At most one of Starting and Failing holds; a service that has answered
// is neither.
type Start struct {
	// Starting: nothing of it has answered yet, and nothing shows that it cannot.
	Starting bool
	// Failing: it ends by itself and is started again and again; whether it happens to run at
	// this instant says nothing.
	Failing bool
	// GaveUp says that this very run's Gunicorn logged that it ends, and that no worker of it
	// could load the app: it may take its graceful timeout to do so.
	GaveUp bool
	// Since is when its present main process was started; zero where that is not known, or
	// none runs.
	Since time.Time
	// Within is how long it is given from then on.
	Within time.Duration
	// Restarts is how often whoever manages it has started it again since a person did.
	Restarts int
}

const (
	// usualStart is systemd's own TimeoutStartSec, for services that are given no time.
	usualStart = 90 * time.Second
	// longestStart bounds a start that is given no end.
	longestStart = 10 * time.Minute
)

// Start is how the examined service's start stands.
func (b *Box) Start() Start {
	if container, ok := b.TargetContainer(); ok {
		return b.containerStart(container)
	}
	if b.HasUnit {
		return b.unitStart()
	}
	if program, ok := b.Program(); ok {
		return b.programStart(program)
	}
	return Start{}
}

// programStart: supervisord gives up a program that ends within its first seconds a few times
// (FATAL), and starts one that lives longer again without end.
func (b *Box) programStart(program facts.Supervised) Start {
	start := Start{Restarts: program.Exits, Within: usualStart}
	if b.Running {
		start.Since = b.Server.Master.Started
	}
	switch program.State {
	case "BACKOFF":
		start.Failing = true
	case "STARTING", "RUNNING":
		start.Starting = (!b.Running || b.isYoung(start)) && b.HasNotAnswered()
	}
	return b.failingIfAgain(start)
}

func (b *Box) unitStart() Start {
	unit := b.Unit
	start := Start{Restarts: unit.Restarts, Within: startWithin(unit.StartTimeout)}
	if unit.MainPID != 0 {
		start.Since = b.MainStarted()
	}
	switch {
	case unit.SubState == "auto-restart", unit.SubState == "auto-restart-queued":
		start.Failing = true
	case unit.ActiveState == "activating":
		start.Starting = true
	case unit.ActiveState == "active" && unit.Type != "oneshot":
		start.Starting = b.isYoung(start) && b.HasNotAnswered()
	}
	return b.failingIfAgain(start)
}

// containerStart: Docker gives a container no time to start, but its healthcheck may.
func (b *Box) containerStart(container docker.Container) Start {
	start := Start{Restarts: container.Restarts, Within: startWithin(container.HealthPatience)}
	switch container.State {
	case "restarting":
		start.Failing = true
	case "running":
		start.Since = container.Started
		start.Starting = b.isYoung(start) && b.HasNotAnswered()
	}
	return b.failingIfAgain(start)
}

// failingIfAgain takes a start for one more of a loop where the one before it ended by itself,
// and the log says of what, or has the restarts that came shortly before this one.
func (b *Box) failingIfAgain(start Start) Start {
	if start.Starting && gaveUp(b.Journal.Value) {
		start.Starting, start.Failing, start.GaveUp = false, true, true
	}
	if start.Starting && start.Restarts > 0 && (LastError(b.Journal.Value) != "" || start.Restarts > 1 && (!b.Journal.Known || !b.HasUnit) || b.restartsInARow()) {
		start.Starting, start.Failing = false, true
	}
	return start
}

// restartsInARow tells whether the log has systemd schedule two restarts and more within the
// last minutes: a service that once ended after days of work has one.
func (b *Box) restartsInARow() bool {
	recent := 0
	for _, line := range b.Journal.Value {
		if at := LoggedAt(line); isRestart(line) && !at.IsZero() && b.TakenAt.Sub(at) < longestStart/2 {
			recent++
		}
	}
	return recent > 1
}

func startWithin(given time.Duration) time.Duration {
	switch {
	case given == systemd.StartsForever, given > longestStart:
		return longestStart
	case given == 0:
		return usualStart
	}
	return given
}

func (b *Box) isYoung(start Start) bool {
	return !start.Since.IsZero() && b.TakenAt.Sub(start.Since) < start.Within
}

// HasNotAnswered tells whether nothing of the service has given an answer, of all that was asked;
// what could not be asked or read shows nothing of the kind.
func (b *Box) HasNotAnswered() bool {
	asked := b.Site.Value.App
	switch {
	case !b.SeesProcesses() || !b.Site.Known || !b.Listeners.Known:
		return false
	case !b.Running:
		// Without a server, whoever else listens where it is to listen may be the app itself.
		return !b.someoneAnswers()
	case len(b.ListenersOf(b.Server)) == 0:
		return b.Server.Master.Unreadable["sockets"] == "" && !b.Settings.Value.SocketActivated
	}
	return len(asked.Version) > 0 && !slices.ContainsFunc(asked.Version, facts.Answer.Answered)
}

// StartingWords say of a service that has not answered yet since when that is, and that
// nothing follows from it.
func (b *Box) StartingWords() sys.Text {
	start := b.Start()
	words := sys.Textf("%s is starting", b.Target.Service)
	if b.HasUnit && b.Unit.ActiveState == "activating" {
		words += " (" + UnitWords(b.Unit) + ")"
	}
	if start.Since.IsZero() {
		return words + ", and nothing of it answers yet: look again in a moment"
	}
	seconds := int(max(b.TakenAt.Sub(start.Since), 0).Seconds())
	return words + sys.Textf(", since %d s, and nothing of it answers yet: look again in a moment", seconds)
}
