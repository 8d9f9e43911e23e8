package causes

import (
	"maps"
	"path"
	"slices"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

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
	if !found || wanted.Path == deployment.Active {
		return nil
	}
	active, _ := deployment.ReleaseOf(deployment.Active)
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("%s leads to %s, and %s stands beside it, complete. Nothing that was started through the link can run the newer one.",
			link.Path, deployment.Active, wanted.Path),
		Evidence: []report.Evidence{
			report.Observed("link points at", sys.Textf("%s (since %s)", deployment.Active, b.Clock(facts.ContentTime(link.Info))), sys.Textf("readlink -f %s", link.Path)),
			report.Observed("newest release", sys.Textf("%s (made %s)", wanted.Path, b.Clock(wanted.MadeAt())), sys.Textf("ls -la %s", deployment.ReleasesDirectory)),
		},
		Fixes: []string{"switch-symlink"},
	}
	moved := facts.ContentTime(link.Info)
	if mayStillGrow(b, wanted) {
		finding.Confidence = report.Likely
		finding.Why += sys.Text(" It was made only just now: make sure that its deploy has ended before you switch.")
	}
	switch {
	case b.Options.Expect != "":
		finding.Evidence = append(finding.Evidence, report.Observed("expected", sys.Textf("%s", b.Options.Expect), "--expect"))
	case box.After(moved, wanted.MadeAt()) && !wanted.MadeAt().IsZero():
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("%s was pointed at %s at %s, after %s had been made: that looks like a rollback. If it is none, the link was moved to the wrong release.",
			link.Path, active.Name, b.Clock(moved), wanted.Name)
		finding.Advice = sys.Textf("To have a rollback confirmed, say so: --expect %s", active.Name)
	case chosenElsewhere(b, wanted) != "":
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("%s leads to %s, and %s, which is newer, is what %s leads to: it may be meant for that alone.",
			link.Path, deployment.Active, wanted.Path, chosenElsewhere(b, wanted))
	case !deployment.ByName && wanted.Info.Born.IsZero():
		finding.Confidence = report.Likely
	}
	return finding
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

// findBrokenLink sees a link that leads nowhere, a directory in its place, or a link that
// was put inside the release instead of in place of the old one (G24).
func findBrokenLink(b *box.Box) *report.Finding {
	deployment := b.Deployment.Value
	link := deployment.Link
	if link == nil {
		return nil
	}
	finding := &report.Finding{Confidence: report.Certain, Fixes: []string{"switch-symlink"}}
	source := sys.Textf("ls -la %s", path.Dir(link.Path))
	switch {
	case link.Dangling:
		finding.Why = sys.Textf("%s points at %s, and nothing is there. Whatever is started through it fails, or keeps what it had.", link.Path, link.Target)
		finding.Evidence = []report.Evidence{report.Observed("link", sys.Textf("%s -> %s (does not exist)", link.Path, link.Target), source)}
	case link.NotALink:
		finding.Why = sys.Textf("%s is a directory, not a link, while releases stand in %s. A deploy that moves a link there moves nothing.", link.Path, deployment.ReleasesDirectory)
		finding.Evidence = []report.Evidence{report.Observed("in the link's place", sys.Textf("a directory: %s", link.Path), source)}
		finding.Confidence = report.Likely
	case link.Nested != "" && !b.ExpectsActive():
		finding.Why = sys.Textf("Inside the active release there is a link %s to %s. That is what `ln -s` makes when its place is already taken by a link to a directory: the new link went into the old release, and %s still leads to the old one.",
			link.Nested, link.NestedTarget, link.Path)
		finding.Evidence = []report.Evidence{
			report.Observed("nested link", sys.Textf("%s -> %s", link.Nested, link.NestedTarget), sys.Textf("ls -la %s", link.Resolved)),
			report.Observed("current link", sys.Textf("%s -> %s", link.Path, link.Resolved), source),
		}
		if nested, ok := deployment.ReleaseOf(link.NestedTarget); ok {
			if newest, ok := deployment.Newest(); !ok || newest.Path != nested.Path {
				finding.Confidence = report.Possible
			}
		}
	default:
		return nil
	}
	return finding
}

// findDeployedElsewhere sees new code where the service does not take its own from: in
// the directory that the person named, or nowhere on the service's own path.
func findDeployedElsewhere(b *box.Box) *report.Finding {
	deployment := b.Deployment.Value
	appDir := deployment.AppDir
	if appDir != nil {
		return appDirElsewhere(b, *appDir)
	}
	expect := b.Options.Expect
	if expect == "" || b.Deployment.Value.Active == "" || b.ActiveIdentity().Matches(expect) {
		return nil
	}
	if _, found := b.WantedRelease(); found {
		return nil
	}
	tally := b.AppTally()
	if box.SameRelease(tally.Only(), expect) {
		return nil
	}
	if tally.Only() == "" && b.ActiveIdentity() == (box.Identity{}) {
		return nil
	}
	return &report.Finding{
		Confidence: report.Likely,
		Why: sys.Textf("%s is expected, and where the service takes its code from there is no such release: %s is %s. The deploy went elsewhere, or has not run.",
			expect, deployment.Active, b.ActiveIdentity().Label()),
		Evidence: []report.Evidence{
			report.Observed("expected", sys.Textf("%s", expect), "--expect"),
			report.Observed("on disk", b.ActiveIdentity().Label()+sys.Textf(" in %s", deployment.Active), sys.Textf("readlink -f %s", deployment.Directory)),
		},
		Advice: "Find out where the deploy put the release, and make that directory and the unit's WorkingDirectory the same.",
	}
}

// appDirElsewhere compares the directory that the person named with the one that runs.
func appDirElsewhere(b *box.Box, appDir facts.Tree) *report.Finding {
	deployment := b.Deployment.Value
	if appDir.Problem != "" || sys.Within(appDir.Resolved, deployment.Active) || sys.Within(deployment.Active, appDir.Resolved) {
		return nil
	}
	if _, isRelease := deployment.ReleaseOf(appDir.Resolved); isRelease || appDir.Resolved == deployment.ReleasesDirectory ||
		deployment.Link != nil && appDir.Resolved == path.Dir(deployment.Link.Path) {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The deploy puts its code into %s, and the service takes its own from %s. What is in the first is never run.",
			appDir.Resolved, deployment.Active),
		Evidence: []report.Evidence{
			report.Observed("the deploy's directory", sys.Textf("%s, code changed %s", appDir.Resolved, b.Clock(appDir.ChangedAt.At)), "--app-dir"),
			report.Observed("the service's directory", sys.Textf("%s, code changed %s", deployment.Active, b.Clock(b.Code.Value.DiskSource().At)), sys.Textf("systemctl cat %s", b.Target.Service)),
		},
		Fixes:  []string{"edit-unit"},
		Advice: "Make the deploy's directory and the unit's WorkingDirectory the same.",
	}
	if !appDir.HoldsApp {
		finding.Confidence = report.Likely
		finding.Why += sys.Textf(" (%s holds no module of the app's name.)", appDir.Resolved)
	}
	return finding
}
