package steps

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// nginxReloadActions test the configuration and have Nginx load it, through its unit
// where it runs in one.
func nginxReloadActions(v *view) []action {
	if v.Front.Known {
		return v.frontReloadActions()
	}
	reload := change(serviceTimeout, "systemctl", "reload", "nginx")
	if v.nginxStopped() {
		reload = change(serviceTimeout, "systemctl", "start", "nginx")
	}
	for _, process := range v.Processes.Value.Nginx {
		if process.Role != "master" || process.Cgroup.Container != "" {
			continue
		}
		unit, asked := v.UnitNamed(process.Cgroup.Unit)
		switch {
		case process.Cgroup.Unit == "" || process.Cgroup.User || asked && unit.MainPID != process.PID || !strings.HasSuffix(process.Cgroup.Unit, ".service"):
			// A unit that merely holds it (cron's, a login session) has nothing to reload it by.
			reload = change(serviceTimeout, "nginx", "-s", "reload")
		case process.Cgroup.Unit != "nginx.service":
			reload = change(serviceTimeout, "systemctl", "reload", process.Cgroup.Unit)
		}
	}
	return []action{change(serviceTimeout, "nginx", "-t"), reload}
}

func planNginxReload(v *view) prepared {
	if !v.NginxDisk.Known {
		return blocked(sys.Textf("%s", v.NginxDisk.Problem))
	}
	if v.Front.Known {
		return planFrontReload(v)
	}
	plan := planned(report.Plan{
		Effect: "Nginx tests the configuration on disk and starts new workers with it; the old ones finish their requests.",
		Risk:   report.LowRisk,
		Undo:   "Put the old configuration back and reload again.",
	}, nginxReloadActions(v)...)
	switch {
	case v.NginxDisk.Value.Failure != "":
		plan.Blocked = sys.Textf("nginx -t refuses the configuration on disk: %s", v.NginxDisk.Value.Failure)
	case len(v.NginxWorkers()) == 0:
		plan.Blocked = "no Nginx runs on this box"
	}
	return plan
}

// doneNginxReload: only workers that were not there before. An exit status of 0
// proves nothing (G28).
func doneNginxReload(before, after *view, _ time.Time) (bool, sys.Text) {
	isNew := func(process facts.NginxProcess) bool { return !before.hasNginx(process) }
	workers := after.NginxWorkers()
	if !slices.ContainsFunc(workers, isNew) {
		return false, "Nginx accepted the reload and keeps its old workers: the new configuration was refused at run time (an address in use, say). Its error log says why, in a line with [emerg]"
	}
	if slices.ContainsFunc(workers, func(process facts.NginxProcess) bool { return !isNew(process) }) {
		return false, "an old worker still takes requests"
	}
	return true, "Nginx runs " + several(len(workers), "new worker", "new workers")
}

func planEditNginx(v *view) prepared {
	config, address := v.NginxDisk.Value, v.Site.Value.Address
	if !v.NginxDisk.Known {
		return blocked(sys.Textf("%s", v.NginxDisk.Problem))
	}
	file, line := config.FailureFile, config.FailureLine
	if file == "" {
		file, line = v.staticPlace()
	}
	if file == "" && address.Location != nil {
		file, line = address.Location.PassFile, address.Location.PassLine
	}
	if file == "" {
		return blocked("no file and line of Nginx's configuration is known to be at fault")
	}
	if front := v.Front.Value; v.Front.Known && sys.Within(front.Inside.Root, file) {
		return blocked(sys.Textf("%s lies in the container %s itself: change it where its image is built from, or what mounts it", strings.TrimPrefix(file, front.Inside.Root), front.Name))
	}
	// An editor may be given with options of its own ("code --wait").
	editor := strings.Fields(cmp.Or(v.Options.Editor, "vi"))
	edit := change(0, append(editor, "+"+strconv.Itoa(max(line, 1)), file)...)
	edit.command.Terminal = true
	return planned(report.Plan{
		Effect: sys.Textf("Your editor opens %s at line %d; what you save is tested, and loaded if it is valid.", file, max(line, 1)),
		Risk:   report.MediumRisk,
		Undo:   "Edit it back and reload again.",
	}, append([]action{edit}, v.nginxAfterEdit(file)...)...)
}

// nginxAfterEdit loads what was edited. An editor may put a new file in the old one's
// place, which a container that has the file mounted by itself would not see (G46).
func (v *view) nginxAfterEdit(file string) []action {
	for _, mount := range v.Front.Value.Inside.Mounts {
		if mount.IsFile && mount.Source == file {
			return []action{v.dockerChange(serviceTimeout, v.frontRestartArgv()...)}
		}
	}
	return nginxReloadActions(v)
}

// staticPlace is the root or alias that serves another release's files; empty for none.
func (v *view) staticPlace() (file string, line int) {
	for _, probe := range v.Static.Value.Probes {
		if probe.Location != nil && probe.Identity.Status == 200 && probe.Identity.SHA256 != probe.ReleaseSHA256 && !v.servedFromRelease(probe) {
			return probe.Location.RootFile, probe.Location.RootLine
		}
	}
	return "", 0
}
