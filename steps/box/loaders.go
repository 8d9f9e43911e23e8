package box

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// Age says which code a process holds.
type Age string

// The ages. What holds unknown code is never counted as new.
const (
	HoldsNew     Age = "new"
	HoldsOld     Age = "old"
	HoldsUnknown Age = "unknown"
	// IsLeaving is of what gets no more requests, whatever it holds.
	IsLeaving Age = "leaving"
)

// Loader is a process that imported the app.
type Loader struct {
	Process facts.Process
	// Role is "master" or "worker"; master is the process id of its master.
	Role   string
	master int
	Age    Age
	// Why is the reason for the age, in words.
	Why sys.Text
	// Release is the directory that it imported from, commit what was checked out
	// there when it did; empty where unknown.
	Release, Commit string
	// deleted says that the directory it stands in is gone.
	deleted bool
	// Proven says that nothing else explains the evidence.
	Proven bool
	// Frozen says that its container holds the old code: started again, it would
	// import the same.
	Frozen bool
}

// readLoaders tells for whoever imported the app what it imported: the master under
// preload, else each worker.
func (b *Box) readLoaders() []Loader {
	var loaders []Loader
	for _, gunicorn := range b.Own() {
		master := b.JudgeLoader(gunicorn.Master, "master")
		master.master = gunicorn.Master.PID
		if b.PreloadKnown && b.Preload || len(gunicorn.Workers) == 0 {
			loaders = append(loaders, master)
			continue
		}
		leaving := b.Leaving(gunicorn)
		for _, worker := range gunicorn.Workers {
			one := b.JudgeLoader(worker, "worker")
			one.master = gunicorn.Master.PID
			if leaving[worker.PID] {
				one.Age, one.Why = IsLeaving, "a reload has replaced it, and it finishes the requests that it has"
			} else if !b.PreloadKnown && one.Age != master.Age {
				one.Age = HoldsUnknown
				one.Why = "it is not known whether the master preloads the app"
			}
			loaders = append(loaders, one)
		}
	}
	// Those that still matter first.
	leave := slices.DeleteFunc(slices.Clone(loaders), func(one Loader) bool { return one.Age != IsLeaving })
	return append(slices.DeleteFunc(loaders, func(one Loader) bool { return one.Age == IsLeaving }), leave...)
}

// Staying are the loaders that new requests reach.
func (b *Box) Staying() []Loader {
	return slices.DeleteFunc(slices.Clone(b.Loaders), func(one Loader) bool { return one.Age == IsLeaving })
}

// JudgeLoader compares one process with the disk.
func (b *Box) JudgeLoader(process facts.Process, role string) Loader {
	one := Loader{Process: process, Role: role, Age: HoldsUnknown}
	deployment := b.Deployment.Value
	one.deleted = strings.HasSuffix(process.Directory, " (deleted)")
	switch {
	case !b.Deployment.Known:
		one.Why = sys.Textf("the releases could not be read: %s", b.Deployment.Problem)
		return one
	case deployment.Problem != "" && deployment.Link == nil:
		one.Why = sys.Textf("%s %s", deployment.Directory, deployment.Problem)
		return one
	}
	b.placeLoader(&one)
	if one.Age == HoldsOld {
		return one
	}
	b.timeLoader(&one)
	if why := b.frozenOld(); why != "" && one.Age == HoldsNew {
		one.Age, one.Proven, one.Frozen, one.Why = HoldsOld, true, true, why
	}
	return one
}

// timeLoader compares the start of the process with the last change of the source.
func (b *Box) timeLoader(one *Loader) {
	started := one.Process.Started
	if started.IsZero() {
		one.Why = "its start could not be read"
		return
	}
	if repository := b.Deployment.Value.Repository; repository != nil && !b.Deployment.Value.InImage {
		one.Commit = repository.CommitAt(started)
	}
	source := b.Missed(*one)
	switch {
	case !b.Code.Known:
		one.Why = sys.Textf("the code could not be read: %s", b.Code.Problem)
	case source.At.IsZero() && !b.Code.Value.Source.At.IsZero() && !After(b.Code.Value.Unsettled.At, started):
		one.Age = HoldsNew
		one.Why = sys.Textf("all files have the content of commit %s, which it was started from", ShortCommit(one.Commit))
	case source.At.IsZero() && b.Code.Value.Unsettled.At.IsZero():
		one.Why = sys.Textf("no Python source was found under %s", b.Code.Value.Tree)
	case !b.ClockDecides(source.At, started):
		one.Why = b.ClockWords()
		if b.MarkerProves() {
			one.Age, one.Why = HoldsNew, "the app itself names the release on disk; "+one.Why
		}
	case After(source.At, started) && source.Memory != nil:
		one.Age, one.Proven = HoldsOld, true
		one.Why = sys.Textf("it started at %s, before %s changed at %s: %s",
			b.ExactClock(started, source.At), source.Path, b.ExactClock(source.At, started), memoryWords(*source.Memory))
	case After(source.At, started) && source.Replaced:
		one.Age = HoldsOld
		one.Why = sys.Textf("it started at %s, and %s was written over since, the last change at %s: Python compiled it from another content, and the time on it was set back",
			b.ExactClock(started, source.At), source.Path, b.ExactClock(source.At, started))
	case After(source.At, started):
		one.Age = HoldsOld
		// Importing takes a process a moment: what is written right after its start
		// may still be what it reads.
		const importing = 2 * time.Second
		replaced := source.At.Sub(source.SourceTime).Abs() > clockGrain || one.CommitMoved(b)
		one.Proven = replaced && source.At.Sub(started) > importing || source.Imported(started)
		one.Why = sys.Textf("it started at %s, before %s changed at %s",
			b.ExactClock(started, source.At), source.Path, b.ExactClock(source.At, started))
	case After(b.Code.Value.Unsettled.At, started):
		unsettled := b.Code.Value.Unsettled
		one.Why = sys.Textf("%s changed in some way at %s, after it started, and nothing tells whether its content did: %s",
			unsettled.Path, b.Clock(unsettled.At), unsettled.Unsettled)
	case b.Code.Value.Partial:
		one.Why = "the tree was too large, or could not be read, to be looked at whole"
	default:
		one.Age = HoldsNew
		one.Why = sys.Textf("it started at %s, after the last change of the code at %s", b.ExactClock(started, source.At), b.ExactClock(source.At, started))
	}
}

// Missed is the newest change that a process can have missed: not of files that hold
// again what the commit has which it was started from.
func (b *Box) Missed(one Loader) facts.Change {
	if one.Commit != "" && !one.CommitMoved(b) {
		return b.Code.Value.Edited
	}
	return b.Code.Value.Source
}

// CommitMoved tells whether HEAD is another commit than when the process started.
func (one *Loader) CommitMoved(b *Box) bool {
	repository := b.Deployment.Value.Repository
	return repository != nil && one.Commit != "" && repository.Commit != "" && one.Commit != repository.Commit
}

// Counts tells how many loaders hold new, old and unknown code.
func (b *Box) Counts() (fresh, old, unknown int) {
	for _, one := range b.Loaders {
		switch one.Age {
		case HoldsNew:
			fresh++
		case HoldsOld:
			old++
		case IsLeaving:
		default:
			unknown++
		}
	}
	return fresh, old, unknown
}

// MixedMaster is a master of whose workers some hold old code and some new; 0 for none.
func (b *Box) MixedMaster() int {
	for _, old := range b.Loaders {
		for _, fresh := range b.Loaders {
			if old.Age == HoldsOld && fresh.Age == HoldsNew && old.master == fresh.master {
				return old.master
			}
		}
	}
	return 0
}

// Oldest is the loader that has run longest with old code.
func (b *Box) Oldest() (Loader, bool) {
	var found Loader
	for _, one := range b.Loaders {
		if one.Age == HoldsOld && (found.Process.PID == 0 || one.Process.Started.Before(found.Process.Started)) {
			found = one
		}
	}
	return found, found.Process.PID != 0
}

// NewestStart is when the youngest of several processes was started.
func NewestStart(processes []facts.Process) time.Time {
	var newest time.Time
	for _, process := range processes {
		if process.Started.After(newest) {
			newest = process.Started
		}
	}
	return newest
}

// Label names a loader in a table of evidence.
func (one Loader) Label() string {
	return one.Role + " " + strconv.Itoa(one.Process.PID)
}

// Holds says which code a loader holds; workers of a master that preloads hold the
// master's.
func (b *Box) Holds(pid int) Age {
	for _, one := range b.Loaders {
		if one.Process.PID == pid {
			return one.Age
		}
	}
	for _, one := range b.Loaders {
		if one.Role == "master" {
			for _, gunicorn := range b.Own() {
				if gunicorn.Master.PID == one.Process.PID && slices.ContainsFunc(gunicorn.Workers, func(worker facts.Process) bool { return worker.PID == pid }) {
					return one.Age
				}
			}
		}
	}
	return HoldsUnknown
}
