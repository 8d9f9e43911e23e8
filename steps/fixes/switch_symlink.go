package fixes

import (
	"cmp"
	"path"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// SwitchSymlink points the link at the release that is wanted.
func SwitchSymlink() Kind {
	return Kind{
		ID: "switch-symlink", Title: "Point the link at the newest release and restart",
		patience: soon,
		plan:     planSwitchLink,
		done:     doneSwitchLink,
		page: guide.Page{
			Does: "Makes a new link beside the old one, renames it over it (there is no moment without a link), then restarts the " +
				"service.",
			When:  "The link points at an older release than the newest complete one, or at nothing. Not after a rollback.",
			Risk:  "Medium. It brings other code live. It is refused when the target is not a complete release.",
			Undo:  "The same with the old release as target; the plan names it.",
			Proof: "The link resolves to the release, the workers are new, the site answers with it.",
			Commands: []string{
				"ln -s {root}/releases/RELEASE {root}/.flasktui-next", "mv -T {root}/.flasktui-next {current}", "systemctl restart {unit}",
			},
			See: []string{"symlink-not-switched", "symlink-broken"},
		},
	}
}

// planSwitchLink makes a new link beside the old one and renames it over it, which is
// the one way to switch without a moment in which there is none.
func planSwitchLink(b *box.Box) Prepared {
	deployment := b.Deployment.Value
	link := deployment.Link
	if link == nil {
		return blocked("this service is not deployed by a link")
	}
	wanted, found := b.WantedRelease()
	if link.Nested != "" {
		if nested, ok := deployment.ReleaseOf(link.NestedTarget); ok && b.Options.Expect == "" {
			wanted, found = nested, true
		}
	}
	switch {
	case !found && b.Options.Expect != "":
		return blocked(sys.Textf("there is no complete release named %s in %s", b.Options.Expect, deployment.ReleasesDirectory))
	case !found:
		return blocked(sys.Textf("there is no complete release in %s", deployment.ReleasesDirectory))
	case !wanted.Complete:
		return blocked(sys.Textf("%s is not complete: the app's module is not in it", wanted.Path))
	case noRestart(b) != "":
		return blocked(noRestart(b))
	}
	var actions []Action
	var unsafe sys.Text
	as := func(owner facts.DirectoryOwner, directory string, argv ...string) {
		one, refusal := changeAs(owner, directory, argv...)
		actions, unsafe = append(actions, one), cmp.Or(unsafe, refusal)
	}
	if link.Nested != "" {
		as(link.NestedDirectoryOwner, path.Dir(link.Nested), "rm", "--", link.Nested)
	}
	if link.NotALink {
		as(link.DirectoryOwner, path.Dir(link.Path), "mv", "-T", "--", link.Path, link.Path+".before-flasktui")
	}
	pointed, refusal := pointLink(link, wanted.Path)
	actions, unsafe = append(actions, pointed...), cmp.Or(unsafe, refusal)
	restart := restartThrough(b, link)
	actions = append(actions, given(serviceTimeout, restart.Order))
	plan := planned(report.Plan{
		Effect: sys.Textf("%s is pointed at %s in one rename, and %s is restarted from it.", link.Path, wanted.Path, b.Target.Service),
		Risk:   report.MediumRisk,
		Undo:   undoSwitchLink(link, freshLink(link)) + sys.Textf(" && %s", sys.CommandLine(restart.Argv)),
	}, actions...)
	plan.Blocked = cmp.Or(unsafe, restart.Refusal)
	return plan
}

// freshLink is where a new link is made before it takes the place of the old one.
func freshLink(link *facts.Link) string { return link.Path + ".flasktui" }

// pointLink makes a new link to a release beside the old one and renames it over it: relative,
// where the old one is. The text is why that may not be done.
func pointLink(link *facts.Link, release string) (actions []Action, refusal sys.Text) {
	directory, target := path.Dir(link.Path), release
	if link.Target != "" && !path.IsAbs(link.Target) && sys.Within(directory, target) {
		target = strings.TrimPrefix(target, directory+"/")
	}
	for _, argv := range [][]string{{"ln", "-sfT", "--", target, freshLink(link)}, {"mv", "-T", "--", freshLink(link), link.Path}} {
		one, unsafe := changeAs(link.DirectoryOwner, directory, argv...)
		actions, refusal = append(actions, one), cmp.Or(refusal, unsafe)
	}
	return actions, refusal
}

func undoSwitchLink(link *facts.Link, fresh string) sys.Text {
	if link.NotALink {
		return sys.Typed("rm %s && mv -T %s %s", link.Path, link.Path+".before-flasktui", link.Path)
	}
	return sys.Typed("ln -sfT -- %s %s && mv -T %s %s", link.Target, fresh, fresh, link.Path)
}

func doneSwitchLink(before, after *box.Box) (bool, sys.Text) {
	link := after.Deployment.Value.Link
	wanted, found := after.WantedRelease()
	if link == nil || link.Dangling || link.NotALink || !found || link.Resolved != wanted.Path {
		return false, "the link does not lead to the release"
	}
	return doneRestart(before, after)
}
