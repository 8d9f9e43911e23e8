package causes

import (
	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func releaseNotHere() Kind {
	return Kind{
		ID: "release-not-here", Title: "The expected release is not on this box",
		Step:  walk.CodeOnDisk().Number,
		Claim: report.ClaimIntended,
		Hop:   report.HopRelease, instead: "is not the release that is expected",
		find:  findReleaseNotHere,
		under: []func() Kind{symlinkNotSwitched, unitPointsToOldPath, deployUnfinished, deployedElsewhere},
		page: guide.Page{
			What: "The release that you expect is nowhere on this box: no release directory, no checkout and no answer of the site " +
				"bears its name. Nothing that is done here can bring it live.",
			How: "The pipeline failed before it came here, or went to another host; the inventory misses this box; or the name that " +
				"is expected was mistyped.",
			Commands: []string{
				"ls -la {root}/releases",
				"git -C {current} log -1 --format='%H %cI'",
				"hostname -f",
			},
			Prevent: "Let the pipeline check each box for the release that it brought, by name.",
			Guard:   []string{"flasktui check {unit} --expect \"$RELEASE\" --retry-timeout 60s"},
			See:     []string{"code-on-disk", "deploy-unfinished"},
		},
	}
}

// findReleaseNotHere sees an expectation that everything which bears a name contradicts: the
// release on disk, those beside it, and the site. Where the site itself says that it is the
// expected one, the release is here, whatever the disk calls it.
func findReleaseNotHere(b *box.Box) *report.Finding {
	expect, deployment := b.Options.Expect, b.Deployment.Value
	id := b.ActiveIdentity()
	if expect == "" || deployment.Active == "" || id.MatchesExpected(expect) || id == (box.Identity{}) || deployment.AppDir != nil {
		return nil
	}
	if _, found := b.WantedRelease(); found {
		return nil
	}
	if b.SiteNames(expect) || !b.Contradicts(expect) {
		return nil
	}
	if repository := deployment.Repository; repository != nil && box.CommitNamed(expect, repository.ToMerge, repository.Upstream) {
		return nil
	}
	return &report.Finding{
		Confidence: report.Likely,
		Why: sys.Textf("%s is expected, and neither %s, which is %s, nor a release beside it, nor the site has that name.",
			expect, deployment.Active, id.Label()),
		Evidence: []report.Evidence{
			report.Observed("expected", sys.Textf("%s", expect), "--expect"),
			report.Observed("on disk", id.Label()+sys.Textf(" in %s", deployment.Active), sys.Textf("readlink -f %s", deployment.Directory)),
		},
		Advice: "See how the deploy of this box ended, and whether it was meant for this box; if the code lies elsewhere here, name that directory with --app-dir.",
	}
}
