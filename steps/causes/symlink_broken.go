package causes

import (
	"path"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func symlinkBroken() Kind {
	return Kind{
		ID: "symlink-broken", Title: "The current link is broken",
		Step:  walk.ReleaseSymlink().Number,
		Claim: report.ClaimIntended,
		Hop:   report.HopDirectory, besides: "and the link is broken",
		find: findBrokenLink,
		page: guide.Page{
			What: "The link points at nothing, is a directory and not a link, or a second link was nested inside the release that " +
				"it points at.",
			How: "The release it names was pruned; a copy (cp -r, rsync without the right slash) replaced the link with a " +
				"directory; `ln -sf new current` went through the link and left its own inside the old release.",
			Commands: []string{
				"ls -ld {current}",
				"readlink -f {current}; readlink -e {current} || echo dangling",
				"find {current}/ -maxdepth 1 -type l -ls",
			},
			Prevent: "Rename a new link over the old one. `ln -n` and `mv -T` never follow it.",
			Guard:   []string{"ln -sfn {root}/releases/$RELEASE {root}/.next && mv -T {root}/.next {current}"},
			See:     []string{"switch-symlink", "release-symlink"},
		},
	}
}

// findBrokenLink sees a link that leads nowhere, a directory in its place, or a link that
// was put inside the release instead of in place of the old one (G24).
func findBrokenLink(b *box.Box) *report.Finding {
	deployment := b.Deployment.Value
	link := deployment.Link
	if link == nil {
		return nil
	}
	finding := &report.Finding{Confidence: report.Certain, Fixes: fixes.IDs(fixes.SwitchSymlink)}
	source := sys.Textf("ls -la %s", path.Dir(link.Path))
	switch {
	case link.Dangling:
		finding.Why = sys.Textf("%s points at %s, and nothing is there. Whatever is started through it fails, or keeps what it had.", link.Path, link.Target)
		finding.Evidence = []report.Evidence{report.Observed("link", sys.Textf("%s -> %s (does not exist)", link.Path, link.Target), source)}
	case link.NotALink:
		finding.Why = sys.Textf("%s is a directory, not a link, while there are releases in %s. A deploy that moves a link there moves nothing.", link.Path, deployment.ReleasesDirectory)
		finding.Evidence = []report.Evidence{report.Observed("in the link's place", sys.Textf("a directory: %s", link.Path), source)}
		finding.Confidence = report.Likely
	case link.Nested != "" && !b.ExpectsActive():
		finding.Why = sys.Textf("Inside the active release there is a link %s to %s. That is what `ln -s` makes when its place is already taken by a link to a directory: the new link went into the old release, and %s still leads to the old one.",
			link.Nested, link.NestedTarget, link.Path)
		finding.Evidence = []report.Evidence{
			report.Observed("nested link", sys.Textf("%s -> %s", link.Nested, link.NestedTarget), sys.Textf("ls -la %s", link.Resolved)),
			report.Observed("current link", sys.Textf("%s -> %s", link.Path, link.Resolved), source),
		}
		nested, _ := deployment.ReleaseOf(link.NestedTarget)
		if newest, ok := deployment.Newest(); !ok || newest.Path != nested.Path {
			finding.Confidence = report.Possible
		}
	default:
		return nil
	}
	return finding
}
