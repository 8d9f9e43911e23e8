package steps

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
func (v *view) placeLoader(one *loader) {
	deployment := v.Deployment.Value
	directory := strings.TrimSuffix(one.process.Directory, " (deleted)")
	link := deployment.Link
	if one.deleted {
		one.release = directory
		one.age, one.proven = holdsOld, true
		one.why = sys.Textf("it stands in %s, which no longer exists", directory)
		return
	}
	if one.process.Cgroup.Container != "" {
		// Its directory is the container's; what is mounted there is the disk's.
		if one.release = deployment.Active; deployment.InImage {
			one.release = directory
		}
		return
	}
	moved := link == nil && v.Target.Container == "" && directory != "" && deployment.Problem == "" && v.entersDirectory(deployment.Directory) &&
		!sys.Within(deployment.Resolved, directory) && !sys.Within(directory, deployment.Resolved)
	if moved {
		one.release = directory
		one.age, one.proven = holdsOld, true
		one.why = sys.Textf("it stands in %s, and %s now leads to %s", directory, deployment.Directory, deployment.Resolved)
		return
	}
	if link == nil || link.NotALink || link.Dangling {
		one.release = cmp.Or(directory, deployment.Active)
		return
	}
	release, inRelease := deployment.ReleaseOf(directory)
	switch {
	case inRelease && sys.Within(deployment.Active, release.Path):
		// Where it stands is where the link led when it last changed directory: a
		// link that was made anew to the same place has changed nothing. What a
		// preloading master imported before that is told by its start.
		one.release = deployment.Active
	case inRelease:
		one.release = release.Path
		one.age, one.proven = holdsOld, true
		one.why = sys.Textf("it stands in %s, and %s leads to %s", v.shortPath(release.Path), v.shortPath(link.Path), v.shortPath(deployment.Active))
	case sys.Within(deployment.Active, directory):
		one.release = deployment.Active
	case after(v.change.LinkAt, one.process.Started) && (v.importsThroughLink() || directory == ""):
		one.age = holdsOld
		one.why = sys.Textf("it started at %s, before the link %s moved at %s",
			v.exactClock(one.process.Started, v.change.LinkAt), link.Path, v.exactClock(v.change.LinkAt, one.process.Started))
	default:
		one.release = directory
	}
}

// entersDirectory tells whether the service's processes are sure to stand where a directory
// leads when they are started: Gunicorn itself enters it (--chdir), or is started there
// with no script before it that might go elsewhere.
func (v *view) entersDirectory(directory string) bool {
	if chdir := v.Settings.Value.Chdir; chdir != "" {
		return path.Clean(chdir) == path.Clean(directory)
	}
	direct := len(v.unit.ExecStart) == 1 && gunicorn.IsGunicorn(v.unit.ExecStart[0][:min(3, len(v.unit.ExecStart[0]))])
	if program, ok := v.Program(); ok {
		direct = program.Section != nil && program.Section.Gunicorn
	}
	return direct && v.WorkingDirectory() == directory
}

// leaving are the workers of a master that a reload has replaced and that finish the
// requests they have: there are more than are wanted, the others are all younger, and the
// time that Gunicorn gives them is not over (--graceful-timeout, 30 s by default). No new
// request reaches them.
func (v *view) leaving(gunicorn facts.Gunicorn) map[int]bool {
	settings := v.Settings.Value
	wanted := max(settings.Workers, 1)
	surplus := len(gunicorn.Workers) - wanted
	if surplus <= 0 || slices.Contains(settings.Computed, "workers") {
		return nil
	}
	byStart := slices.SortedFunc(slices.Values(gunicorn.Workers), func(a, b facts.Process) int { return a.Started.Compare(b.Started) })
	const usual, margin = 30 * time.Second, 5 * time.Second
	patience := cmp.Or(time.Duration(settings.GracefulTimeout)*time.Second, usual) + margin
	young := byStart[surplus].Started
	if !after(young, byStart[surplus-1].Started) || v.TakenAt.Sub(young) > patience {
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
func (v *view) importsThroughLink() bool {
	settings := v.Settings.Value
	_, through := v.Deployment.Value.Link.Rest(settings.Directory)
	return through && settings.DirectoryVia != "cwd"
}
