package report

import (
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/git"
)

// OldCode is what a hop passes on, in a word.
const OldCode = "old code"

// PassesOn is what a hop of the request path hands on that is itself as it should be, where the
// path breaks below it: OldCode, or "old and new code in turn". Empty where it is not known
// that what it hands on differs from the release on disk.
func (document Report) PassesOn(index int) string {
	hop := document.Path[index]
	fails := slices.IndexFunc(document.Path, func(hop Hop) bool { return hop.State == Fail })
	if document.Verdict != Stale && document.Verdict != Mixed || hop.State != OK || index > fails {
		return ""
	}
	var release ReleaseSummary
	switch hop.Hop {
	case HopURL, HopNginx, HopSocket:
		release = document.Releases.Served.ReleaseSummary
	case HopWorkers:
		release = document.Releases.Loaded
	}
	disk := document.Releases.OnDisk
	switch {
	case release.ID == "" || disk.ID == "" || disk.Same(release):
		return ""
	case slices.ContainsFunc(strings.Split(string(release.ID), ", "), func(one string) bool {
		return disk.Same(ReleaseSummary{ID: sys.Text(one)})
	}):
		return "old and new code in turn"
	}
	return OldCode
}

// Same tells whether other names this release, by any of its names: "20251123 (3e9d0c4)" and
// "3e9d0c4f1b" do. Of several names that other lists all have to.
func (release ReleaseSummary) Same(other ReleaseSummary) bool {
	known := append(releaseNames(release.ID), string(release.Commit))
	for list := range strings.SplitSeq(string(other.ID), ", ") {
		names := releaseNames(sys.Text(list))
		if !slices.ContainsFunc(names, func(name string) bool {
			return slices.ContainsFunc(known, func(own string) bool { return name == own || git.SameCommit(name, own) })
		}) {
			return false
		}
	}
	return true
}

func releaseNames(id sys.Text) []string {
	return strings.FieldsFunc(string(id), func(r rune) bool { return strings.ContainsRune(" (),", r) })
}
