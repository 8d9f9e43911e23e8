package box

import (
	"cmp"
	"path"
	"slices"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// askDirectory: a process that stands in another directory than the code is in, or in none
// any more, imported from there.
func askDirectory(b *Box, one Loader) testimony {
	_, said := b.entered(one.Process)
	return said
}

// runsElsewhere says that a process runs in a directory other than the active release, unless
// that one has the same files.
func (b *Box) runsElsewhere(process facts.Process, directory, where string, why sys.Text) (string, testimony) {
	said := testimony{state: Stale, certain: true, why: why, source: sys.Textf("readlink /proc/%d/cwd", process.PID)}
	if slices.Contains(b.Code.Value.Twins, directory) && !process.DirectoryDeleted {
		where, said.state = b.Deployment.Value.Active, Current
		said.why += "; but both have the same files, and those that it runs from have not changed since it was started"
	}
	return where, said
}

// entered tells from which release a process imported, and what that says: by the directory
// that it stands in, or, where the path leads through the link, by where the link led then.
func (b *Box) entered(process facts.Process) (release string, said testimony) {
	deployment := b.Deployment.Value
	directory, stands := b.importsIn(process)
	link := deployment.Link
	another := func(where string, why sys.Text) (string, testimony) {
		return b.runsElsewhere(process, directory, where, why)
	}
	if process.DirectoryDeleted && stands {
		return another(directory, sys.Textf("it runs in %s, which no longer exists", directory))
	}
	if process.Cgroup.Container != "" {
		// Its directory is the container's; what is mounted there is the disk's.
		if deployment.InImage {
			return directory, testimony{}
		}
		return deployment.Active, testimony{}
	}
	moved := link == nil && b.Target.Container == "" && directory != "" && deployment.Problem == "" && b.entersDirectory(deployment.Directory) &&
		!sys.Within(deployment.Resolved, directory) && !sys.Within(directory, deployment.Resolved)
	switch {
	case moved && deployment.Directory == deployment.Resolved:
		return another(directory, sys.Textf("it runs in %s, and %s is another directory", directory, deployment.Directory))
	case moved:
		return another(directory, sys.Textf("it runs in %s, and %s now leads to %s", directory, deployment.Directory, deployment.Resolved))
	}
	if link == nil || link.NotALink || link.Dangling {
		return cmp.Or(directory, deployment.Active), testimony{}
	}
	standsIn, inRelease := deployment.ReleaseOf(directory)
	switch {
	case inRelease && sys.Within(deployment.Active, standsIn.Path) || sys.Within(deployment.Active, directory):
		// Where it stands is where the link led when it last changed directory: a
		// link that was made anew to the same place has changed nothing. What a
		// preloading master imported before that is told by its start.
		return deployment.Active, testimony{}
	case directory != "" && !inRelease && b.InDeployment(directory):
		return another(directory, sys.Textf("it runs in %s, among the releases, and %s leads to %s", b.ShortPath(directory), b.ShortPath(link.Path), b.ShortPath(deployment.Active)))
	case inRelease:
		return another(standsIn.Path, sys.Textf("it runs in %s, and %s leads to %s", b.ShortPath(standsIn.Path), b.ShortPath(link.Path), b.ShortPath(deployment.Active)))
	case directory == "" && b.keepsOldPath(process):
		why := sys.Textf("the service was started at %s, before %s was made", b.Clock(b.Server.Master.Started), b.ShortPath(deployment.Active))
		if b.Server.IsGunicorn() {
			why = sys.Textf("its master was started at %s, before %s was made, and a reload keeps the directory that it was started in",
				b.Clock(b.Server.Master.Started), b.ShortPath(deployment.Active))
		}
		return "", testimony{state: Stale, source: sys.Textf("lstat %s and %s, and /proc/%d/stat", link.Path, deployment.Active, b.Server.Master.PID), why: why}
	case After(b.Change.LinkAt, process.Started) && directory == "" && !b.madeAfter(deployment.Active, process.Started):
		unread := ", as its directory could not be read" + b.Host.Value.OrWithSudo()
		if !stands {
			unread = ""
		}
		return "", testimony{
			state: Undetermined,
			why: sys.Textf("the link %s was recreated at %s, after it started, and whether it led elsewhere before is not known",
				link.Path, b.ExactClock(b.Change.LinkAt, process.Started)) + unread,
		}
	case After(b.Change.LinkAt, process.Started) && (b.importsThroughLink() || directory == ""):
		return "", testimony{
			state: Stale, source: sys.Textf("lstat %s and /proc/%d/stat", link.Path, process.PID),
			why: sys.Textf("it started at %s, before the link %s moved at %s",
				b.ExactClock(process.Started, b.Change.LinkAt), link.Path, b.ExactClock(b.Change.LinkAt, process.Started)),
		}
	}
	return directory, testimony{}
}

// importsIn is the directory that shows where a process imported from; empty where none does.
// stands says that it is the one in which the process stands: a program of the service that was
// told where to import from may stand anywhere. Where both its place and that directory were
// named through the link, they led to one place when it was started.
func (b *Box) importsIn(process facts.Process) (directory string, stands bool) {
	settings, link := b.Settings.Value, b.Deployment.Value.Link
	if !b.Settings.Known && link != nil && !b.InDeployment(process.Directory) && b.isOwnProcess(process) && !b.Server.IsGunicorn() {
		// What it was told is not known, and where it stands is no place to import the app from.
		return "", false
	}
	if !settings.ImportsElsewhere() || !b.isOwnProcess(process) {
		return process.Directory, true
	}
	_, through := link.Rest(settings.Directory)
	_, startedThrough := link.Rest(b.WorkingDirectory())
	switch {
	case through && startedThrough:
		return process.Directory, true
	case through || link == nil:
		return "", false
	}
	return settings.Directory, false
}

// isOwnProcess tells a process of the service's server.
func (b *Box) isOwnProcess(process facts.Process) bool {
	return slices.ContainsFunc(b.Own(), func(own facts.Server) bool {
		return slices.ContainsFunc(append([]facts.Process{own.Master}, own.Workers...), func(one facts.Process) bool { return one.PID == process.PID })
	})
}

// madeAfter tells whether a release came to be after a time: no process that was started
// before has gone to it through the link.
func (b *Box) madeAfter(release string, at time.Time) bool {
	return slices.ContainsFunc(b.Deployment.Value.Releases, func(one facts.Release) bool {
		return one.Path == release && After(one.Info.Born, at)
	})
}

// entersDirectory tells whether the service's processes are sure to stand where a directory
// leads when they are started: Gunicorn itself enters it (--chdir), or is started there
// with no script before it that might go elsewhere.
func (b *Box) entersDirectory(directory string) bool {
	if chdir := b.Settings.Value.Chdir; chdir != "" {
		return path.Clean(chdir) == path.Clean(directory)
	}
	direct := len(b.Unit.ExecStart) == 1 && facts.StartsServerItself(b.Unit.ExecStart[0])
	if program, ok := b.Program(); ok {
		direct = program.Section != nil && program.Section.Serves
	}
	return direct && b.WorkingDirectory() == directory
}

// Leaving are the workers of a master that a reload has replaced and that finish the
// requests they have: there are more than are wanted, the others are all younger, and the
// time that Gunicorn gives them is not over (--graceful-timeout, 30 s by default). No new
// request reaches them.
func (b *Box) Leaving(server facts.Server) map[int]bool {
	settings := b.Settings.Value
	if !server.IsGunicorn() {
		return nil
	}
	wanted := max(settings.Workers, 1)
	surplus := len(server.Workers) - wanted
	if !b.Settings.Known || surplus <= 0 || slices.Contains(settings.Computed, "workers") {
		return nil
	}
	byStart := slices.SortedFunc(slices.Values(server.Workers), func(a, b facts.Process) int { return a.Started.Compare(b.Started) })
	const usual, margin = 30 * time.Second, 5 * time.Second
	patience := cmp.Or(time.Duration(settings.GracefulTimeout)*time.Second, usual) + margin
	young := byStart[surplus].Started
	if !After(young, byStart[surplus-1].Started) || b.TakenAt.Sub(young) > patience {
		return nil
	}
	leaving := map[int]bool{}
	for _, worker := range byStart[:surplus] {
		leaving[worker.PID] = true
	}
	return leaving
}

// mayLeave tells whether a worker may be one that a reload has replaced, where the settings that
// say so could not be read: another one is younger.
func (b *Box) mayLeave(server facts.Server, worker facts.Process) bool {
	return !b.Settings.Known && After(NewestStart(server.Workers), worker.Started)
}

// importsThroughLink tells whether Gunicorn keeps the link in the path that it imports
// from, so that a worker started later sees where the link leads then (G2).
func (b *Box) importsThroughLink() bool {
	settings := b.Settings.Value
	_, through := b.Deployment.Value.Link.Rest(settings.Directory)
	return through && settings.DirectoryVia != "cwd"
}
