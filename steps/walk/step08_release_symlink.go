package walk

import (
	"path"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// ReleaseSymlink is the link beside the releases.
func ReleaseSymlink() Step {
	return Step{
		Number: 8, ID: "release-symlink", Title: "Release symlink",
		Question: "Does current point at the newest release?",
		Claim:    report.ClaimIntended,
		Needs:    []func() facts.Group{facts.GroupDeployment},
		Judge:    judgeReleaseLink,
		page: guide.Page{
			Asks: "Where releases stand side by side, does the link that makes one of them current point at the newest?",
			Why: "The link is the switch. A deploy that unpacks a release and then dies leaves the switch where it was, and " +
				"every restart faithfully starts the old release again.",
			Good: "The link resolves to the newest release directory, nothing is nested inside it, and the process's directory " +
				"is the same place.",
			Read: "Newest means by name where names are times, else by time. A link that was switched after the workers " +
				"started is no use to them: a process keeps the directory it started in, not the name it used to get there.",
			Mistake: "`ln -sf new current`: where current is a link to a directory, ln follows it and puts the new link inside " +
				"the old release. Use `ln -sfn`, or better a new link that is renamed over the old one.",
			Commands: []string{
				"readlink -f {current}",
				"ls -lat {root}/releases | head",
				"find {current}/ -maxdepth 1 -type l -ls",
			},
			IfItFails: "If the newer release is complete, switch the link and restart. If it is older on purpose, after a " +
				"rollback, say so with --expect, and the verdict will follow.",
			See: []string{"symlink-not-switched", "symlink-broken", "switch-symlink"},
		},
	}
}

// judgeReleaseLink: where the link leads, beside the releases that are there.
func judgeReleaseLink(b *box.Box) report.Result {
	if !b.Deployment.Known {
		return notKnown(b.Deployment)
	}
	deployment := b.Deployment.Value
	link := deployment.Link
	if link == nil {
		return skipped("this service is not deployed by releases and a link")
	}
	commands := []sys.Text{sys.Typed("readlink -f %s", link.Path), sys.Typed("ls -la %s", path.Dir(link.Path)), sys.Typed("ls -la %s", deployment.ReleasesDirectory)}
	lines := []report.Evidence{report.Observed("link", sys.Textf("%s -> %s", link.Path, link.Target), sys.Typed("readlink %s", link.Path))}
	if !link.NotALink {
		lines = append(lines, report.Observed("link made", b.Clock(link.Info.ContentTime()), sys.Typed("lstat %s", link.Path)))
	}
	const shown = 4
	for _, release := range deployment.Releases[max(0, len(deployment.Releases)-shown):] {
		value := sys.Textf("%s, made %s", release.Name, b.Clock(release.MadeAt()))
		if release.Path == deployment.Active {
			value += " ← active"
		}
		if !release.Complete {
			value += " (without the app's module: not complete)"
		}
		lines = append(lines, report.Observed("release", value, sys.Textf("%s", deployment.ReleasesDirectory)))
	}
	order := sys.Text("by the time they were made")
	if deployment.ByName {
		order = "by their names"
	}
	newest, found := deployment.Newest()
	switch {
	case !found:
		return warn(sys.Textf("%s leads to %s; no release there holds the app's module by its usual name.", link.Path, deployment.Active)).With(commands, lines...)
	case newest.Path == deployment.Active:
		return ok(sys.Textf("%s leads to %s, the newest of %s %s.", link.Path, newest.Name, box.Several(len(deployment.Releases), "release", "releases"), order)).With(commands, lines...)
	case b.ExpectsActive():
		return ok(sys.Textf("%s leads to %s, which is what is expected, though %s is newer.", link.Path, path.Base(deployment.Active), newest.Name)).With(commands, lines...)
	}
	return warn(sys.Textf("%s leads to %s, and %s is newer %s.", link.Path, path.Base(deployment.Active), newest.Name, order)).With(commands, lines...)
}
