package box

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/gunicorn"
)

// placeLoader tells from which release a process imported: by the directory that it
// stands in, or, where the path leads through the link, by where the link led then.
func (b *Box) placeLoader(one *Loader) {
	deployment := b.Deployment.Value
	directory := strings.TrimSuffix(one.Process.Directory, " (deleted)")
	link := deployment.Link
	if one.deleted {
		one.Release = directory
		one.Age, one.Proven = HoldsOld, true
		one.Why = sys.Textf("it stands in %s, which no longer exists", directory)
		return
	}
	if one.Process.Cgroup.Container != "" {
		// Its directory is the container's; what is mounted there is the disk's.
		if one.Release = deployment.Active; deployment.InImage {
			one.Release = directory
		}
		return
	}
	moved := link == nil && b.Target.Container == "" && directory != "" && deployment.Problem == "" && b.entersDirectory(deployment.Directory) &&
		!sys.Within(deployment.Resolved, directory) && !sys.Within(directory, deployment.Resolved)
	if moved {
		one.Release = directory
		one.Age, one.Proven = HoldsOld, true
		one.Why = sys.Textf("it stands in %s, and %s now leads to %s", directory, deployment.Directory, deployment.Resolved)
		return
	}
	if link == nil || link.NotALink || link.Dangling {
		one.Release = cmp.Or(directory, deployment.Active)
		return
	}
	release, inRelease := deployment.ReleaseOf(directory)
	switch {
	case inRelease && sys.Within(deployment.Active, release.Path):
		// Where it stands is where the link led when it last changed directory: a
		// link that was made anew to the same place has changed nothing. What a
		// preloading master imported before that is told by its start.
		one.Release = deployment.Active
	case inRelease:
		one.Release = release.Path
		one.Age, one.Proven = HoldsOld, true
		one.Why = sys.Textf("it stands in %s, and %s leads to %s", b.ShortPath(release.Path), b.ShortPath(link.Path), b.ShortPath(deployment.Active))
	case sys.Within(deployment.Active, directory):
		one.Release = deployment.Active
	case After(b.Change.LinkAt, one.Process.Started) && (b.importsThroughLink() || directory == ""):
		one.Age = HoldsOld
		one.Why = sys.Textf("it started at %s, before the link %s moved at %s",
			b.ExactClock(one.Process.Started, b.Change.LinkAt), link.Path, b.ExactClock(b.Change.LinkAt, one.Process.Started))
	default:
		one.Release = directory
	}
}

// entersDirectory tells whether the service's processes are sure to stand where a directory
// leads when they are started: Gunicorn itself enters it (--chdir), or is started there
// with no script before it that might go elsewhere.
func (b *Box) entersDirectory(directory string) bool {
	if chdir := b.Settings.Value.Chdir; chdir != "" {
		return path.Clean(chdir) == path.Clean(directory)
	}
	direct := len(b.Unit.ExecStart) == 1 && gunicorn.IsGunicorn(b.Unit.ExecStart[0][:min(3, len(b.Unit.ExecStart[0]))])
	if program, ok := b.Program(); ok {
		direct = program.Section != nil && program.Section.Gunicorn
	}
	return direct && b.WorkingDirectory() == directory
}

// Leaving are the workers of a master that a reload has replaced and that finish the
// requests they have: there are more than are wanted, the others are all younger, and the
// time that Gunicorn gives them is not over (--graceful-timeout, 30 s by default). No new
// request reaches them.
func (b *Box) Leaving(gunicorn facts.Gunicorn) map[int]bool {
	settings := b.Settings.Value
	wanted := max(settings.Workers, 1)
	surplus := len(gunicorn.Workers) - wanted
	if surplus <= 0 || slices.Contains(settings.Computed, "workers") {
		return nil
	}
	byStart := slices.SortedFunc(slices.Values(gunicorn.Workers), func(a, b facts.Process) int { return a.Started.Compare(b.Started) })
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

// importsThroughLink tells whether Gunicorn keeps the link in the path that it imports
// from, so that a worker started later sees where the link leads then (G2).
func (b *Box) importsThroughLink() bool {
	settings := b.Settings.Value
	_, through := b.Deployment.Value.Link.Rest(settings.Directory)
	return through && settings.DirectoryVia != "cwd"
}
