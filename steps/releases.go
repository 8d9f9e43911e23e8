package steps

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// This file is which release should run, which the processes hold, and which visitors get.

// releases sets disk, processes and site side by side.
func releases(b *box.Box, found []report.Finding) report.Releases {
	id := b.ActiveIdentity()
	releases := report.Releases{OnDisk: intendedRelease(b, found)}
	one, loaded := b.Oldest()
	if !loaded {
		one, loaded = b.Longest()
	}
	if loaded {
		releases.Loaded = report.ReleaseSummary{
			Path: sys.Textf("%s", one.Release), Commit: sys.Textf("%s", one.Commit), ChangedAt: report.Time{Time: one.Process.Started},
			Source: sys.Textf("/proc/%d", one.Process.PID),
		}
		release, inRelease := b.Deployment.Value.ReleaseOf(one.Release)
		switch {
		case one.State == box.Current && deniesTheDisk(b):
			releases.Loaded.Path, releases.Loaded.Commit = "", ""
		case inRelease:
			releases.Loaded.ID = box.ReleaseIdentity(release).Label()
			releases.Loaded.Commit = sys.Textf("%s", cmp.Or(one.Commit, release.Commit))
		case one.State == box.Current:
			releases.Loaded.ID, releases.Loaded.Commit = id.Label(), sys.Textf("%s", id.Commit)
		default:
			releases.Loaded.ID = sys.Textf("%s", box.ShortCommit(one.Commit))
		}
	}
	if !b.IsDown() {
		releases.Served = servedRelease(b)
	}
	for _, one := range []*report.ReleaseSummary{&releases.OnDisk, &releases.Loaded} {
		if release, ok := b.Deployment.Value.ReleaseOf(string(one.Path)); ok {
			one.Directory = sys.Textf("%s", release.Name)
		}
	}
	if releases.OnDisk.Path != "" && string(releases.OnDisk.Path) == b.Deployment.Value.Active {
		releases.OnDisk.Marker = sys.Textf("%s", b.Deployment.Value.Revision)
	}
	return releases
}

// intendedRelease is the release on disk that should run. Mostly that is the one which the
// service takes its code from; where a cause says that this is not the right one, it is the
// one that waits: beside the link, in the deploy's own directory, or in the unit on disk
// that systemd has not loaded.
func intendedRelease(b *box.Box, found []report.Finding) report.ReleaseSummary {
	deployment := b.Deployment.Value
	refuted := slices.ContainsFunc(found, func(one report.Finding) bool {
		return one.Decides() && causes.Of(one).Claim == report.ClaimIntended
	})
	if tree := deployment.AppDir; refuted && tree != nil && tree.Problem == "" && !sys.Within(deployment.Active, tree.Resolved) && !sys.Within(tree.Resolved, deployment.Active) {
		return report.ReleaseSummary{Path: sys.Textf("%s", tree.Resolved), ChangedAt: report.Time{Time: tree.ChangedAt.At}, Source: "--app-dir"}
	}
	waiting, waits := b.WantedRelease()
	source := "what lies beside the link"
	if !refuted {
		waiting, waits = inUnloadedUnit(b)
		source = "the unit on disk, which systemd has not loaded"
	}
	if waits && waiting.Path != deployment.Active {
		return report.ReleaseSummary{
			ID: box.ReleaseIdentity(waiting).Label(), Path: sys.Textf("%s", waiting.Path), Commit: sys.Textf("%s", waiting.Commit),
			ChangedAt: report.Time{Time: waiting.MadeAt()}, Source: sys.Text(source),
		}
	}
	id := b.ActiveIdentity()
	return report.ReleaseSummary{
		ID: id.Label(), Path: sys.Textf("%s", deployment.Active), Commit: sys.Textf("%s", id.Commit),
		ChangedAt: report.Time{Time: b.Change.At}, Source: b.Change.Source,
	}
}

// inUnloadedUnit is the release that the unit's files on disk name where systemd holds
// another, or, where they name none of those that are known, their own directory; ok is false
// for none.
func inUnloadedUnit(b *box.Box) (release facts.Release, ok bool) {
	for _, one := range b.UnitFiles.Value.Comparison.Differs {
		for _, release := range b.Deployment.Value.Releases {
			if namesPath(string(one.OnDisk), release.Path) && !namesPath(string(one.Loaded), release.Path) {
				return release, true
			}
		}
	}
	if directory := b.UnitFiles.Value.WorkingDirectory.Value; len(b.UnitFiles.Value.Comparison.Differs) > 0 && path.IsAbs(directory) && directory != b.Unit.WorkingDirectory {
		return facts.Release{Path: directory}, true
	}
	return facts.Release{}, false
}

// namesPath tells whether a text names a directory, or something in it.
func namesPath(text, directory string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(text, func(char rune) bool { return strings.ContainsRune(" =\"';,", char) }), func(word string) bool {
		return sys.Within(directory, word)
	})
}

// deniesTheDisk tells whether the app names another release than the one on disk, though
// its processes are younger: they hold what Python found elsewhere, or an older name.
func deniesTheDisk(b *box.Box) bool {
	named := b.AppTally().Only()
	return named != "" && b.Meaning(named) == box.MarkerOld && !b.ActiveIdentity().Matches(named)
}
