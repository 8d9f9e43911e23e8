package fixes

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/nginx"
)

// NginxReload has Nginx load the configuration that is on disk.
func NginxReload() Kind {
	return Kind{
		ID: "nginx-reload", Title: "Test and reload Nginx",
		nginx:    true,
		patience: soon,
		plan:     planNginxReload,
		done:     doneNginxReload,
		page: guide.Page{
			Does: "Tests the configuration on disk; if it passes, the Nginx master starts new workers with it and retires the old " +
				"ones. An Nginx in a container is reloaded by its own program in there, which tests first and drops no request; the " +
				"container is restarted only where a file mounted into it was replaced, because Docker mounts it again only at a start.",
			When:     "The configuration changed after the workers started, or an upstream's name has moved.",
			Risk:     "Low. Requests in flight are finished by the old workers. It is refused while `nginx -t` fails.",
			Undo:     "Put the old configuration back and reload.",
			Proof:    "New worker processes. The exit status proves nothing: a reload that cannot bind an address exits with 0 and changes nothing.",
			Commands: []string{"nginx -t", "systemctl reload nginx", "docker exec shop-nginx-1 nginx -s reload", "docker compose restart nginx"},
			See:      []string{"nginx-not-reloaded", "nginx-stale-address"},
		},
	}
}

func planNginxReload(b *box.Box) Prepared {
	if !b.SiteNginx().Known {
		return blocked(b.SiteNginx().Problem)
	}
	if b.Front.Known {
		return planFrontReload(b)
	}
	plan := planned(report.Plan{
		Effect: "Nginx tests the configuration on disk and starts new workers with it; the old ones finish their requests.",
		Risk:   report.LowRisk,
		Undo:   "Put the old configuration back and reload again.",
	}, nginxReloadActions(b)...)
	switch started := b.SiteNginx().Value.Started; {
	case started != nil:
		plan.Blocked = "the Nginx that runs is not the one of PATH, and flasktui does not reload it; type: " + otherNginxByHand(*started)
	case b.SiteNginx().Value.Failure != "":
		plan.Blocked = sys.Textf("nginx -t refuses the configuration on disk: %s", b.SiteNginx().Value.Failure)
	case len(b.NginxWorkers()) == 0:
		plan.Blocked = "no Nginx runs on this box"
	}
	return plan
}

// otherNginxByHand are the commands that test and load the configuration of an Nginx that is not
// the one of PATH.
func otherNginxByHand(started nginx.Installation) sys.Text {
	return sys.Text("sudo " + sys.CommandLine(started.Argv("-t")) + " && sudo " + sys.CommandLine(started.Argv("-s", "reload")))
}

// nginxReloadActions test the configuration and have Nginx load it, through its unit
// where it runs in one.
func nginxReloadActions(b *box.Box) []Action {
	if b.Front.Known {
		return frontReloadActions(b)
	}
	reload := change(serviceTimeout, "systemctl", "reload", "nginx")
	if b.NginxStopped() {
		reload = change(serviceTimeout, "systemctl", "start", "nginx")
	}
	for _, process := range b.Processes.Value.Nginx {
		if process.Role != "master" || process.Cgroup.Container != "" {
			continue
		}
		unit, asked := b.UnitNamed(process.Cgroup.Unit)
		switch {
		case process.Cgroup.Unit == "" || process.Cgroup.User || asked && unit.MainPID != process.PID || !strings.HasSuffix(process.Cgroup.Unit, ".service"):
			// A unit that merely holds it (cron's, a login session) has nothing to reload it by.
			reload = change(serviceTimeout, "nginx", "-s", "reload")
		case process.Cgroup.Unit != "nginx.service":
			reload = change(serviceTimeout, "systemctl", "reload", process.Cgroup.Unit)
		}
	}
	return []Action{change(serviceTimeout, "nginx", "-t"), reload}
}

// doneNginxReload: only workers that were not there before. An exit status of 0
// proves nothing (G28).
func doneNginxReload(before, after *box.Box) (bool, sys.Text) {
	isNew := func(process facts.NginxProcess) bool { return !before.HasNginx(process) }
	workers := after.NginxWorkers()
	if !slices.ContainsFunc(workers, isNew) {
		return false, "Nginx accepted the reload and keeps its old workers: the new configuration was refused at run time. Its error log says why, in a line with [emerg]"
	}
	if slices.ContainsFunc(workers, func(process facts.NginxProcess) bool { return !isNew(process) }) {
		return false, "an old worker still takes requests"
	}
	return true, "Nginx runs " + box.Several(len(workers), "new worker", "new workers")
}
