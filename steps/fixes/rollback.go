package fixes

import (
	"cmp"
	"path"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Rollback brings the release back that ran before the one that does not start.
func Rollback() Kind {
	return Kind{
		ID: "rollback", Title: "Go back to the release that ran before, and restart",
		patience: soon,
		plan:     planRollback,
		done:     doneRollback,
		page: guide.Page{
			Does: "Makes a new link beside the old one, to the release that ran before, renames it over the old one, and restarts the " +
				"service. The new release stays where it is, to be mended.",
			When: "The new release does not start, and another one is proved to have run here: by what systemd and the files' times say, " +
				"or by flasktui's own record. A directory that is merely older is no proof.",
			Risk: "Medium. Older code comes live again; where the new release has changed a database already, it may not suit it.",
			Undo: "The same with the new release as target; the plan names it.",
			Proof: "The link resolves to that release, the workers are new, the site answers. The verdict is about that release " +
				"then: with --expect of the new one, it is stale.",
			Commands: []string{
				"ln -s {root}/releases/RELEASE {root}/.flasktui-next", "mv -T {root}/.flasktui-next {current}", "systemctl restart {unit}",
			},
			See: []string{"service-failed", "switch-symlink"},
		},
	}
}

func planRollback(b *box.Box) Prepared {
	link := b.Deployment.Value.Link
	run, ran := b.RanBefore()
	switch {
	case link == nil:
		return blocked("this service is not deployed by a link, so there is none to point back")
	case link.Dangling || link.NotALink || link.Nested != "":
		return blocked(sys.Textf("%s is no sound link to a release", link.Path))
	case len(b.Deployment.Value.Releases) < 2:
		return blocked(sys.Textf("%s is the only release that is here", b.Deployment.Value.Active))
	case manager.Of(b).Kind() != manager.Systemd:
		return blocked("which release ran here before is known of a service of the system's own systemd alone: " + manager.Of(b).Name() + " keeps no record that proves it")
	case !b.HasNoAnswer() && !b.Start().Failing:
		return blocked(sys.Textf("%s is not in trouble: it answers. To go back all the same, point %s at the release that you mean, and restart it", b.Target.Service, link.Path))
	case b.PastRuns.Why == facts.WhyNotAsked:
		return blocked(cmp.Or(b.Journal.Problem, "which release ran here before was not asked"))
	case !b.PastRuns.Known:
		return blocked(sys.Textf("which release ran here before could not be read: %s", b.PastRuns.Problem))
	case !ran:
		return blocked("nothing on this box proves that another release ran here; that one is older is no proof")
	case noRestart(b) != "":
		return blocked(noRestart(b))
	}
	actions, unsafe := pointLink(link, run.Release)
	if b.HasUnit && b.Unit.ActiveState == "failed" {
		// systemd refuses to start what has failed too often in a short while.
		actions = append(actions, change(serviceTimeout, "systemctl", "reset-failed", b.Unit.Name))
	}
	restart := restartThrough(b, link)
	effect := sys.Textf("%s is pointed back at %s in one rename, and %s is restarted from it. That release ran here until %s at least.", link.Path, run.Release, b.Target.Service, b.Date(run.Until))
	if !b.PastRuns.Value.LiveAtSwitch {
		effect += sys.Textf(" It is the last that is known to have run here: what the service was started from between it and %s is not recorded.", path.Base(link.Resolved))
	}
	plan := planned(report.Plan{
		Effect: effect,
		Risk:   report.MediumRisk,
		Undo:   undoSwitchLink(link, freshLink(link)) + sys.Textf(" && %s", sys.CommandLine(restart.Argv)),
	}, append(actions, given(serviceTimeout, restart.Order))...)
	release, listed := b.Deployment.Value.ReleaseOf(run.Release)
	switch {
	case !listed || !release.Complete:
		plan.Blocked = sys.Textf("%s is not complete any more: something that the service is started with is not in it", run.Release)
	case run.Altered != "":
		plan.Blocked = sys.Textf("%s is not what ran then: %s", run.Release, run.Altered)
	}
	plan.Blocked = cmp.Or(plan.Blocked, unsafe, restart.Refusal)
	return plan
}

func doneRollback(before, after *box.Box) (bool, sys.Text) {
	run, ran := before.RanBefore()
	link := after.Deployment.Value.Link
	if !ran || link == nil || link.Resolved != run.Release {
		return false, "the link does not lead to the release that ran before"
	}
	return doneRestart(before, after)
}

// restartThrough starts the service again once its link leads to a release that is there.
func restartThrough(b *box.Box, link *facts.Link) manager.Restart {
	return manager.Of(b).Restart(manager.Made{There: func(missing string) bool { _, leads := link.Rest(missing); return leads }})
}
