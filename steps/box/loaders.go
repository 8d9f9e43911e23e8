package box

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// State says which code a process holds, beside the code that should run.
type State string

// The states. What is undetermined is never counted as current.
const (
	Current      State = "new"
	Stale        State = "old"
	Undetermined State = "unknown"
	// Draining is of what gets no more requests, whatever it holds.
	Draining State = "leaving"
)

// Loader is a process that imported the app, and the one answer to whether it holds the code
// that should run: every process tied to the deployment is asked by JudgeLoader.
type Loader struct {
	Process facts.Process
	// Role is what it is called: "master", "worker", "process", "background process". Main says
	// that it is a server's main process; master is that one's process id.
	Role   string
	Main   bool
	master int
	State  State
	// Witness is what said so; of an undetermined one, what could not.
	Witness Witness
	// Why is the reason for the state, in words, and Source where it was read.
	Why, Source sys.Text
	// Missed is the newest change of the code of which the witness speaks. Where it came
	// before the start of the process, that holds it.
	Missed facts.Change
	// Release is the directory that it imported from, commit what was checked out
	// there when it did; empty where unknown.
	Release, Commit string
	// Certain says that nothing else explains the evidence.
	Certain bool
	// Again says that it executed its program again under its process id, and that its start is
	// the time of that (G63).
	Again bool
	// Frozen says that its container holds the old code: started again, it would
	// import the same.
	Frozen bool
}

// readLoaders tells for whoever imported the app what it imported: the master under
// preload, else each worker.
func (b *Box) readLoaders() []Loader {
	var loaders []Loader
	for _, server := range b.Own() {
		main, other := server.Roles()
		master := b.JudgeLoader(server.LoadedBy(), main)
		tellAgain(server, &master)
		master.master, master.Main = server.Master.PID, true
		if b.PreloadKnown && b.Preload || len(server.Workers) == 0 {
			loaders = append(loaders, master)
			continue
		}
		leaving := b.Leaving(server)
		for _, worker := range server.Workers {
			one := b.JudgeLoader(worker, other)
			one.master = server.Master.PID
			switch {
			case leaving[worker.PID]:
				one.State, one.Why = Draining, "a reload has replaced it, and it is finishing its last requests"
			case one.State == Stale && b.mayLeave(server, worker):
				one.State = Undetermined
				one.Why = "it may be finishing its last requests after a reload: how many workers are wanted, and how long they are given, could not be read"
			case !b.PreloadKnown && one.State != master.State:
				one.State = Undetermined
				one.Why = sys.Textf("whether the %s had imported the app before it made the %s is not known", main, other)
				if untold := untoldReload(server); untold != "" {
					one.Why = untold
				} else if server.IsGunicorn() {
					one.Why = "it is not known whether the master preloads the app"
				}
			}
			loaders = append(loaders, one)
		}
	}
	// Those that still matter first.
	leave := slices.DeleteFunc(slices.Clone(loaders), func(one Loader) bool { return one.State != Draining })
	return append(slices.DeleteFunc(loaders, func(one Loader) bool { return one.State == Draining }), leave...)
}

// Staying are the loaders that new requests reach.
func (b *Box) Staying() []Loader {
	return slices.DeleteFunc(slices.Clone(b.Loaders), func(one Loader) bool { return one.State == Draining })
}

// Longest is, of the processes that new requests reach, the one that has run longest; which it
// is does not hang on their order. ok is false where there is none.
func (b *Box) Longest() (one Loader, ok bool) {
	staying := b.Staying()
	if len(staying) == 0 {
		return Loader{}, false
	}
	return slices.MinFunc(staying, byAge), true
}

// byAge puts the older process first; of two that were started at once, the one that was first.
func byAge(one, other Loader) int {
	return cmp.Or(one.Process.Started.Compare(other.Process.Started), cmp.Compare(one.Process.PID, other.Process.PID))
}

// JudgeLoader asks the witnesses which code a process holds.
func (b *Box) JudgeLoader(process facts.Process, role string) Loader {
	one := Loader{Process: process, Role: role, State: Undetermined}
	deployment := b.Deployment.Value
	switch {
	case !b.Deployment.Known:
		one.Why = sys.Textf("the releases could not be read: %s", b.Deployment.Problem)
		return one
	case deployment.Problem != "" && deployment.Link == nil:
		one.Why = sys.Textf("%s %s", deployment.Directory, deployment.Problem)
		return one
	}
	if server, late := b.LateServer(process); late {
		return b.judgeLate(one, server)
	}
	release, elsewhere := b.entered(process)
	one.Release = release
	if repository := deployment.Repository; elsewhere.state == "" && repository != nil && !deployment.InImage && !process.Started.IsZero() {
		one.Commit = b.commitAt(*repository, process.Started)
	}
	one.Missed = b.newestFor(one)
	for _, witness := range witnesses() {
		if said := witness.ask(b, one); said.state != "" {
			one.State, one.Certain, one.Why, one.Source, one.Witness = said.state, said.certain, said.why, said.source, witness.name
			break
		}
	}
	if one.State != Current {
		return one
	}
	if why := b.frozenOld(); why != "" {
		one.State, one.Certain, one.Frozen, one.Why, one.Witness = Stale, true, true, why, ByContainer
	} else if doubt := b.frozenDoubt(); doubt != "" {
		one.State, one.Certain, one.Why, one.Witness = Undetermined, false, doubt, ByContainer
	}
	return one
}

// newestFor is the newest change that a process can have missed: not of files that hold
// again what the commit has which it was started from.
func (b *Box) newestFor(one Loader) facts.Change {
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
		switch one.State {
		case Current:
			fresh++
		case Stale:
			old++
		case Draining:
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
			if old.State == Stale && fresh.State == Current && old.master == fresh.master {
				return old.master
			}
		}
	}
	return 0
}

// Oldest is the loader that has run longest with old code.
func (b *Box) Oldest() (Loader, bool) {
	stale := slices.DeleteFunc(slices.Clone(b.Loaders), func(one Loader) bool { return one.State != Stale })
	if len(stale) == 0 {
		return Loader{}, false
	}
	return slices.MinFunc(stale, byAge), true
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
func (b *Box) Holds(pid int) State {
	for _, one := range b.Loaders {
		if one.Process.PID == pid {
			return one.State
		}
	}
	for _, one := range b.Loaders {
		if one.Main {
			for _, server := range b.Own() {
				if server.Master.PID == one.Process.PID && slices.ContainsFunc(server.Workers, func(worker facts.Process) bool { return worker.PID == pid }) {
					return one.State
				}
			}
		}
	}
	return Undetermined
}
