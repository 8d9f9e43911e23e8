package fixes

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

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

func planNginxReload(b *box.Box) Prepared {
	if !b.NginxDisk.Known {
		return blocked(sys.Textf("%s", b.NginxDisk.Problem))
	}
	if b.Front.Known {
		return planFrontReload(b)
	}
	plan := planned(report.Plan{
		Effect: "Nginx tests the configuration on disk and starts new workers with it; the old ones finish their requests.",
		Risk:   report.LowRisk,
		Undo:   "Put the old configuration back and reload again.",
	}, nginxReloadActions(b)...)
	switch {
	case b.NginxDisk.Value.Failure != "":
		plan.Blocked = sys.Textf("nginx -t refuses the configuration on disk: %s", b.NginxDisk.Value.Failure)
	case len(b.NginxWorkers()) == 0:
		plan.Blocked = "no Nginx runs on this box"
	}
	return plan
}

// doneNginxReload: only workers that were not there before. An exit status of 0
// proves nothing (G28).
func doneNginxReload(before, after *box.Box, _ time.Time) (bool, sys.Text) {
	isNew := func(process facts.NginxProcess) bool { return !before.HasNginx(process) }
	workers := after.NginxWorkers()
	if !slices.ContainsFunc(workers, isNew) {
		return false, "Nginx accepted the reload and keeps its old workers: the new configuration was refused at run time (an address in use, say). Its error log says why, in a line with [emerg]"
	}
	if slices.ContainsFunc(workers, func(process facts.NginxProcess) bool { return !isNew(process) }) {
		return false, "an old worker still takes requests"
	}
	return true, "Nginx runs " + box.Several(len(workers), "new worker", "new workers")
}

func planEditNginx(b *box.Box) Prepared {
	config, address := b.NginxDisk.Value, b.Site.Value.Address
	if !b.NginxDisk.Known {
		return blocked(sys.Textf("%s", b.NginxDisk.Problem))
	}
	file, line := config.FailureFile, config.FailureLine
	if file == "" {
		file, line = staticPlace(b)
	}
	if file == "" && address.Location != nil {
		file, line = address.Location.PassFile, address.Location.PassLine
	}
	if file == "" {
		return blocked("no file and line of Nginx's configuration is known to be at fault")
	}
	if front := b.Front.Value; b.Front.Known && sys.Within(front.Inside.Root, file) {
		return blocked(sys.Textf("%s lies in the container %s itself: change it where its image is built from, or what mounts it", strings.TrimPrefix(file, front.Inside.Root), front.Name))
	}
	// An editor may be given with options of its own ("code --wait").
	editor := strings.Fields(cmp.Or(b.Options.Editor, "vi"))
	edit := change(0, append(editor, "+"+strconv.Itoa(max(line, 1)), file)...)
	edit.Command.Terminal = true
	return planned(report.Plan{
		Effect: sys.Textf("Your editor opens %s at line %d; what you save is tested, and loaded if it is valid.", file, max(line, 1)),
		Risk:   report.MediumRisk,
		Undo:   "Edit it back and reload again.",
	}, append([]Action{edit}, nginxAfterEdit(b, file)...)...)
}

// nginxAfterEdit loads what was edited. An editor may put a new file in the old one's
// place, which a container that has the file mounted by itself would not see (G46).
func nginxAfterEdit(b *box.Box, file string) []Action {
	for _, mount := range b.Front.Value.Inside.Mounts {
		if mount.IsFile && mount.Source == file {
			return []Action{dockerChange(b, serviceTimeout, frontRestartArgv(b)...)}
		}
	}
	return nginxReloadActions(b)
}

// staticPlace is the root or alias that serves another release's files; empty for none.
func staticPlace(b *box.Box) (file string, line int) {
	for _, probe := range b.Static.Value.Probes {
		if probe.Location != nil && probe.Identity.Status == 200 && probe.Identity.SHA256 != probe.ReleaseSHA256 && !b.ServedFromRelease(probe) {
			return probe.Location.RootFile, probe.Location.RootLine
		}
	}
	return "", 0
}
