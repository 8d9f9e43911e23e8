package steps

import (
	"slices"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// age says which code a process holds.
type age string

const (
	holdsNew     age = "new"
	holdsOld     age = "old"
	holdsUnknown age = "unknown"
	// isLeaving: whatever it holds, it gets no more requests.
	isLeaving age = "leaving"
)

// loader is a process that imported the app.
type loader struct {
	process facts.Process
	// role is "master" or "worker"; master is the process id of its master.
	role   string
	master int
	age    age
	// why is the reason for the age, in words.
	why sys.Text
	// release is the directory that it imported from, commit what was checked out
	// there when it did; empty where unknown.
	release, commit string
	// deleted says that the directory it stands in is gone.
	deleted bool
	// proven says that nothing else explains the evidence.
	proven bool
	// frozen says that its container holds the old code: started again, it would
	// import the same.
	frozen bool
}

// readLoaders tells for whoever imported the app what it imported: the master under
// preload, else each worker.
func (v *view) readLoaders() []loader {
	var loaders []loader
	for _, gunicorn := range v.Own() {
		master := v.judgeLoader(gunicorn.Master, "master")
		master.master = gunicorn.Master.PID
		if v.preloadKnown && v.preload || len(gunicorn.Workers) == 0 {
			loaders = append(loaders, master)
			continue
		}
		leaving := v.leaving(gunicorn)
		for _, worker := range gunicorn.Workers {
			one := v.judgeLoader(worker, "worker")
			one.master = gunicorn.Master.PID
			if leaving[worker.PID] {
				one.age, one.why = isLeaving, "a reload has replaced it, and it finishes the requests that it has"
			} else if !v.preloadKnown && one.age != master.age {
				one.age = holdsUnknown
				one.why = "it is not known whether the master preloads the app"
			}
			loaders = append(loaders, one)
		}
	}
	// Those that still matter first.
	leave := slices.DeleteFunc(slices.Clone(loaders), func(one loader) bool { return one.age != isLeaving })
	return append(slices.DeleteFunc(loaders, func(one loader) bool { return one.age == isLeaving }), leave...)
}

// staying are the loaders that new requests reach.
func (v *view) staying() []loader {
	return slices.DeleteFunc(slices.Clone(v.loaders), func(one loader) bool { return one.age == isLeaving })
}

// judgeLoader compares one process with the disk.
func (v *view) judgeLoader(process facts.Process, role string) loader {
	one := loader{process: process, role: role, age: holdsUnknown}
	deployment := v.Deployment.Value
	one.deleted = strings.HasSuffix(process.Directory, " (deleted)")
	switch {
	case !v.Deployment.Known:
		one.why = sys.Textf("the releases could not be read: %s", v.Deployment.Problem)
		return one
	case deployment.Problem != "" && deployment.Link == nil:
		one.why = sys.Textf("%s %s", deployment.Directory, deployment.Problem)
		return one
	}
	v.placeLoader(&one)
	if one.age == holdsOld {
		return one
	}
	v.timeLoader(&one)
	if why := v.frozenOld(); why != "" && one.age == holdsNew {
		one.age, one.proven, one.frozen, one.why = holdsOld, true, true, why
	}
	return one
}

// timeLoader compares the start of the process with the last change of the source.
func (v *view) timeLoader(one *loader) {
	started := one.process.Started
	if started.IsZero() {
		one.why = "its start could not be read"
		return
	}
	if repository := v.Deployment.Value.Repository; repository != nil && !v.Deployment.Value.InImage {
		one.commit = repository.CommitAt(started)
	}
	source := v.sourceOf(*one)
	switch {
	case !v.Code.Known:
		one.why = sys.Textf("the code could not be read: %s", v.Code.Problem)
	case source.At.IsZero() && !v.Code.Value.Source.At.IsZero():
		one.age = holdsNew
		one.why = sys.Textf("all files have the content of commit %s, which it was started from", shortCommit(one.commit))
	case source.At.IsZero():
		one.why = sys.Textf("no Python source was found under %s", v.Code.Value.Tree)
	case !v.clockDecides(source.At, started):
		one.why = v.clockWords()
		if v.markerProves() {
			one.age, one.why = holdsNew, "the app itself names the release on disk; "+one.why
		}
	case after(source.At, started) && source.Replaced:
		one.age = holdsOld
		one.why = sys.Textf("it started at %s, and %s was written over since, the last change at %s: Python compiled it from another content, and the time on it was set back",
			v.exactClock(started, source.At), source.Path, v.exactClock(source.At, started))
	case after(source.At, started):
		one.age = holdsOld
		// Importing takes a process a moment: what is written right after its start
		// may still be what it reads.
		const importing = 2 * time.Second
		replaced := source.At.Sub(source.SourceTime).Abs() > clockGrain || one.commitMoved(v)
		one.proven = replaced && source.At.Sub(started) > importing || source.Imported(started)
		one.why = sys.Textf("it started at %s, before %s changed at %s",
			v.exactClock(started, source.At), source.Path, v.exactClock(source.At, started))
	case v.Code.Value.Touched.NoBirth && after(v.Code.Value.Touched.At, started) && !v.markerProves():
		touched := v.Code.Value.Touched
		one.why = sys.Textf("%s changed in some way at %s, after it started; the file system does not record when files were made, so a copy that kept its old time cannot be told from a chown",
			touched.Path, v.clock(touched.At))
	case v.Code.Value.Partial:
		one.why = "the tree was too large, or could not be read, to be looked at whole"
	default:
		one.age = holdsNew
		one.why = sys.Textf("it started at %s, after the last change of the code at %s", v.exactClock(started, source.At), v.exactClock(source.At, started))
	}
}

// sourceOf is the newest change that a process can have missed: not of files that hold
// again what the commit has which it was started from.
func (v *view) sourceOf(one loader) facts.Change {
	if one.commit != "" && !one.commitMoved(v) {
		return v.Code.Value.Edited
	}
	return v.Code.Value.Source
}

// commitMoved tells whether HEAD is another commit than when the process started.
func (one *loader) commitMoved(v *view) bool {
	repository := v.Deployment.Value.Repository
	return repository != nil && one.commit != "" && repository.Commit != "" && one.commit != repository.Commit
}

// counts tells how many loaders hold new, old and unknown code.
func (v *view) counts() (fresh, old, unknown int) {
	for _, one := range v.loaders {
		switch one.age {
		case holdsNew:
			fresh++
		case holdsOld:
			old++
		case isLeaving:
		default:
			unknown++
		}
	}
	return fresh, old, unknown
}

// mixedMaster is a master of whose workers some hold old code and some new; 0 for none.
func (v *view) mixedMaster() int {
	for _, old := range v.loaders {
		for _, fresh := range v.loaders {
			if old.age == holdsOld && fresh.age == holdsNew && old.master == fresh.master {
				return old.master
			}
		}
	}
	return 0
}

// oldest is the loader that has run longest with old code.
func (v *view) oldest() (loader, bool) {
	var found loader
	for _, one := range v.loaders {
		if one.age == holdsOld && (found.process.PID == 0 || one.process.Started.Before(found.process.Started)) {
			found = one
		}
	}
	return found, found.process.PID != 0
}

// newestStart is when the youngest of several processes was started.
func newestStart(processes []facts.Process) time.Time {
	var newest time.Time
	for _, process := range processes {
		if process.Started.After(newest) {
			newest = process.Started
		}
	}
	return newest
}
