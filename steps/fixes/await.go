package fixes

import (
	"slices"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys"
)

// awaited is a start that a fix has begun and that has not come to its end (G58).
type awaited struct {
	// words say what is awaited.
	words sys.Text
	// until is when it has had its time, by the clock that the runner waits by.
	until time.Time
}

// starting tells whether the service is still on its way up after a fix: its main process is
// one that was not there before, lives, and nothing of it has answered; or a new master has
// not all of its workers; or after a reload its new workers have not answered. As long as it is, nothing is settled. ran is when the fix's
// commands had ended: no start is given less than its time from then on, as what its own
// clock says may be wrong.
func starting(before, after *box.Box, ran time.Time) (awaited, bool) {
	start := after.Start()
	until := ran.Add(max(start.Within, graceful))
	switch {
	case before == after || after.HasUnit && after.Unit.ActiveState != "active" && after.Unit.ActiveState != "activating":
		return awaited{}, false
	case (start.Starting || !start.Failing && after.HasNotAnswered()) && !sameMain(before, after):
		return awaited{after.StartingWords(), until}, true
	case !after.Running || start.Failing || !hasNewProcess(before, after):
		return awaited{}, false
	case after.IsWaiting():
		return awaited{after.WaitingWords(), until}, true
	case len(after.Server.Workers) < after.WantedWorkers():
		return awaited{sys.Textf("%s has %d of %d workers", after.Target.Service, len(after.Server.Workers), after.WantedWorkers()), until}, true
	}
	return awaited{}, false
}

// hasNewProcess tells whether the service's main process, or one of its workers, is one that was
// not there before a fix: a reload leaves the main one.
func hasNewProcess(before, after *box.Box) bool {
	isNew := func(process facts.Process) bool { return !before.HasProcess(process) }
	return isNew(after.Server.Master) || slices.ContainsFunc(after.Server.Workers, isNew)
}

// sameMain tells whether the service's main process is the one that it had before a fix.
func sameMain(before, after *box.Box) bool {
	if after.HasUnit && after.Unit.MainPID != 0 {
		return before.HasUnit && before.Unit.SameRun(after.Unit.Unit)
	}
	return restartedNothing(before, after) != "" && after.Running
}

// howLong says for how long it is still waited.
func (one awaited) howLong(now time.Time) sys.Text {
	return sys.Textf("waiting: %s (%d s more at most)", one.words, int(max(one.until.Sub(now), 0).Round(time.Second).Seconds()))
}
