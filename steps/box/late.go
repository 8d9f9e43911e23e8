package box

import (
	"slices"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// LateServer is the server of a process that loads its app at a request, and not as it is started;
// ok is false for any other process.
func (b *Box) LateServer(process facts.Process) (server facts.Server, ok bool) {
	for _, own := range b.Own() {
		isIts := own.Master.PID == process.PID || slices.ContainsFunc(own.Workers, func(worker facts.Process) bool { return worker.PID == process.PID })
		if own.WSGI != nil && isIts {
			return own, true
		}
	}
	return facts.Server{}, false
}

// judgeLate tells which code a process of mod_wsgi's holds (G64). It loaded its app no earlier than
// it was started, so that one which is younger than the code holds it; of an older one its own
// memory alone can tell whether it had loaded the app before.
func (b *Box) judgeLate(one Loader, server facts.Server) Loader {
	app, code := server.WSGI, b.Code.Value
	undetermined := func(why sys.Text) Loader {
		one.State, one.Why, one.Witness = Undetermined, why, ByTimes
		return one
	}
	switch {
	case one.Process.PID == server.Master.PID && app.Unsettled:
		return undetermined(sys.Textf("which processes run %s, Apache decides at each request", app.Script))
	case one.Process.PID == server.Master.PID && app.Untold:
		return undetermined("which of Apache's processes run the app may not be read" + b.Host.Value.OrWithSudo())
	case one.Process.PID == server.Master.PID:
		return undetermined("no process that runs the app was found among Apache's")
	case !b.Code.Known:
		return undetermined(sys.Textf("the code could not be read: %s", b.Code.Problem))
	}
	one.Missed = b.newestFor(one)
	changed := b.newestForLate()
	started := one.Process.Started
	one.Source = sys.Textf("statx %s and /proc/%d/stat", one.Missed.Path, one.Process.PID)
	switch {
	case started.IsZero():
		return undetermined("its start could not be read")
	case code.Partial && !After(changed, started):
		return undetermined("the tree was too large, or could not be read, to be looked at whole")
	case changed.IsZero():
		one.State, one.Witness, one.Why = Current, ByTimes, sys.Textf("all of the app that was found is its script %s, which Apache looks at for each request", app.Script)
		return one
	case !b.ClockDecides(changed, started):
		return undetermined(b.ClockWords())
	case !After(changed, started):
		one.State, one.Witness = Current, ByTimes
		one.Why = sys.Textf("it started at %s, after the last change of the code at %s, and loaded it later still", b.ExactClock(started, changed), b.ExactClock(changed, started))
		return one
	case b.startsAnew(*app, started, changed):
		one.State, one.Witness, one.Source = Draining, ByTimes, sys.Textf("stat %s", app.Script)
		one.Why = sys.Textf("its script was written at %s, after the last change of the code, so Apache starts it anew before its next answer", b.Clock(app.Info.Modified))
		return one
	}
	return b.byLateMemory(one, app.AtStart)
}

// byLateMemory is what the process's own memory says of code that changed after it was started.
func (b *Box) byLateMemory(one Loader, atStart bool) Loader {
	at := slices.IndexFunc(b.Code.Value.Late, func(load facts.LateLoad) bool { return load.PID == one.Process.PID })
	load := facts.LateLoad{Problem: "its memory was not asked"}
	if at >= 0 {
		load = b.Code.Value.Late[at]
	}
	changed, started := b.newestForLate(), one.Process.Started
	one.Source, one.Witness = sys.Textf("/proc/%d/mem", one.Process.PID), ByMemory
	switch {
	case load.Memory != nil:
		one.State, one.Certain = Stale, true
		one.Why = sys.Textf("it started at %s, before the code changed at %s: %s", b.ExactClock(started, changed), b.ExactClock(changed, started), memoryWords(*load.Memory))
		if load.File != one.Missed.Path {
			one.Missed = facts.Change{Path: load.File, At: changed}
		}
	case load.Elsewhere != "":
		one.State, one.Certain = Stale, true
		one.Why = sys.Textf("it has imported %s, and what runs now is in %s", load.Elsewhere, b.Deployment.Value.Active)
	case load.Absent:
		one.State = Current
		one.Why = "it has not imported the app yet, and will import what is on disk at its first request"
	case atStart:
		return b.byStart(one)
	default:
		one.State = Undetermined
		one.Why = sys.Textf("it started at %s, before the code changed at %s, and mod_wsgi loads an app at its first request, which may have come later; %s",
			b.ExactClock(started, changed), b.ExactClock(changed, started), load.Problem)
	}
	return one
}

// byStart is of an app that is loaded as its process begins.
func (b *Box) byStart(one Loader) Loader {
	said := askTimes(b, one)
	one.State, one.Certain, one.Why, one.Source, one.Witness = said.state, said.certain, said.why, said.source, ByTimes
	return one
}

// newestForLate is when what a process would load last changed: a file, or the link that leads to it.
func (b *Box) newestForLate() time.Time {
	newest := b.Code.Value.Source.At
	if unsettled := b.Code.Value.Unsettled.At; unsettled.After(newest) {
		newest = unsettled
	}
	if b.Deployment.Value.Link != nil && b.Change.LinkAt.After(newest) {
		newest = b.Change.LinkAt
	}
	return newest
}

// startsAnew tells whether a process of a group of mod_wsgi's is replaced before it answers again:
// one that loaded the script before it was written last, because that has another time now; and one
// that loaded it since has loaded the code after its last change. A time that was set ahead of the
// writing itself would tell nothing.
func (b *Box) startsAnew(app facts.WSGIApp, started, changed time.Time) bool {
	written := app.Info.Modified
	ahead := written.Sub(app.Info.Changed) > clockGrain
	return app.Daemon != nil && app.Reloads && After(written, started) && !changed.After(written) && !ahead
}
