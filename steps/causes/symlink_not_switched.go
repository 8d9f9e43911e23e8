package causes

import (
	"maps"
	"path"
	"slices"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func symlinkNotSwitched() Kind {
	return Kind{
		ID: "symlink-not-switched", Title: "The current link still points at an older release",
		Step:  walk.ReleaseSymlink().Number,
		Claim: report.ClaimIntended,
		Hop:   report.HopDirectory, besides: "and a newer release is there",
		common: true,
		find:   findLinkNotSwitched,
		under:  []func() Kind{symlinkBroken},
		page: guide.Page{
			What: "A newer release lies beside the one that the link points at. Every restart loads the older one.",
			How: "The deploy failed between unpacking and switching, or the switch was put inside the old release by `ln -sf`. " +
				"After a rollback the same picture is right: tell flasktui with --expect.",
			Commands: []string{
				"readlink -f {current}",
				"ls -1dt {root}/releases/* | head -3",
				"stat -c '%y %N' {current}",
			},
			Prevent: "Switch in one step that either happens or does not, and stop the script on the first error.",
			Guard: []string{
				"set -euo pipefail",
				"ln -sfn {root}/releases/$RELEASE {root}/.next",
				"mv -T {root}/.next {current}",
				"sudo systemctl restart {unit}",
			},
			See: []string{"switch-symlink", "release-symlink"},
		},
	}
}

// findLinkNotSwitched sees a newer release beside the one that the link points at (G24).
// A link that was moved after the newer release was made looks like a rollback, and is
// told, not alleged.
func findLinkNotSwitched(b *box.Box) *report.Finding {
	deployment := b.Deployment.Value
	link := deployment.Link
	if link == nil || link.Dangling || link.NotALink {
		return nil
	}
	wanted, found := b.WantedRelease()
	if !found || wanted.Path == deployment.Active || unitNames(b, wanted) {
		return nil
	}
	active, _ := deployment.ReleaseOf(deployment.Active)
	finding := &report.Finding{
		Confidence: report.Likely,
		Why: sys.Textf("%s leads to %s, and %s stands beside it, complete. Nothing that was started through the link can run the newer one.",
			link.Path, deployment.Active, wanted.Path),
		Evidence: []report.Evidence{
			report.Observed("link points at", sys.Textf("%s (since %s)", deployment.Active, b.Clock(link.Info.ContentTime())), sys.Textf("readlink -f %s", link.Path)),
			report.Observed("newest release", sys.Textf("%s (made %s)", wanted.Path, b.Clock(wanted.MadeAt())), sys.Textf("ls -la %s", deployment.ReleasesDirectory)),
		},
		Fixes: fixes.IDs(fixes.SwitchSymlink),
	}
	moved := link.Info.ContentTime()
	if mayStillGrow(b, wanted) {
		finding.Why += sys.Text(" It was made only just now: make sure that its deploy has ended before you switch.")
	}
	switch {
	case b.Options.Expect != "":
		if !mayStillGrow(b, wanted) {
			finding.Confidence = report.Certain
		}
		finding.Evidence = append(finding.Evidence, report.Observed("expected", sys.Textf("%s", b.Options.Expect), "--expect"))
	case box.After(moved, wanted.MadeAt()) && !wanted.MadeAt().IsZero():
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("%s was pointed at %s at %s, after %s had been made: that looks like a rollback. If it is not one, the link was moved to the wrong release.",
			link.Path, active.Name, b.Clock(moved), wanted.Name)
		finding.Advice = sys.Textf("To have a rollback confirmed, say so: --expect %s", active.Name)
	case chosenElsewhere(b, wanted) != "":
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("%s leads to %s, and %s, which is newer, is what %s leads to: it may be meant for that alone.",
			link.Path, deployment.Active, wanted.Path, chosenElsewhere(b, wanted))
	}
	return finding
}

// unitNames tells whether what the service is started from itself names a release: to move a link would change
// nothing then.
func unitNames(b *box.Box, release facts.Release) bool {
	return slices.ContainsFunc(manager.Of(b).Declaration().Paths, func(one box.NamedPath) bool {
		return slices.Contains([]string{"WorkingDirectory", "directory", "--chdir"}, one.Key) && sys.Within(release.Path, one.Path)
	})
}

// chosenElsewhere is another link that leads to a release: that of a staging site, say;
// empty for none. A link called latest only says which is the newest.
func chosenElsewhere(b *box.Box, release facts.Release) string {
	for _, name := range slices.Sorted(maps.Keys(b.Deployment.Value.Link.Beside)) {
		if path.Base(name) != "latest" && b.Deployment.Value.Link.Beside[name] == release.Path {
			return name
		}
	}
	return ""
}

// mayStillGrow tells whether a release was made, or got another file at its top, so short a
// while ago that its deploy may still be at work.
func mayStillGrow(b *box.Box, release facts.Release) bool {
	const settles = time.Minute
	last := release.MadeAt()
	if release.Info.Modified.After(last) {
		last = release.Info.Modified
	}
	return b.TakenAt.Sub(last) < settles
}
