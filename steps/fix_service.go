package steps

import (
	"cmp"
	"path"
	"strings"
	"time"

	"flasktui/steps/report"
	"flasktui/sys"
)

func planDaemonReload(v *view) prepared {
	if !v.hasUnit {
		return blocked("the service is no systemd unit")
	}
	return planned(report.Plan{
		Effect: "systemd reads all unit files from disk again. Running services go on as they are.",
		Risk:   report.LowRisk,
		Undo:   "Nothing to undo: put the old file back and run it again.",
	}, change(serviceTimeout, "systemctl", "daemon-reload")).restingOn(v.restsOnFiles())
}

func doneDaemonReload(_, after *view, _ time.Time) (bool, sys.Text) {
	if after.unit.NeedsReload {
		return false, "systemd still says NeedDaemonReload=yes"
	}
	return true, "systemd holds the unit that is on disk; the service itself still has to be restarted to run it"
}

func restartAction(v *view) action {
	return change(serviceTimeout, v.restartArgv()...)
}

// nothingRestarts blocks a plan that would have to start the service again.
const nothingRestarts = "the service is no systemd unit and no program of supervisord's"

// manager is who starts and stops the service.
func (v *view) manager() sys.Text {
	if _, ok := v.Program(); ok {
		return "supervisord"
	}
	return "systemd"
}

// startRefusal is why starting the unit would fail, so that a running service must not
// be stopped for it; empty where nothing speaks against it. fromDisk judges the unit as
// it would be after a daemon-reload.
func (v *view) startRefusal(fromDisk bool) sys.Text {
	if reason := v.restartLeavesOld(); reason != "" {
		return reason
	}
	missing := v.UnitFiles.Value.MissingLoaded
	if fromDisk {
		missing = v.UnitFiles.Value.MissingOnDisk
	}
	if len(missing) > 0 {
		return sys.Textf("the unit names what does not exist, so it would not start again: %s", strings.Join(missing, ", "))
	}
	for _, file := range v.Environment.Value.Files {
		if file.Missing && !file.Optional {
			return sys.Textf("the unit names the EnvironmentFile %s, which does not exist, so it would not start again", file.Path)
		}
	}
	return ""
}

// restartLeavesOld is why a restart of the unit would not bring new processes: it would not
// end the old ones, or may not start at all; empty where it would.
func (v *view) restartLeavesOld() sys.Text {
	master := v.main.Master
	switch {
	case !v.hasUnit:
	case v.unit.LoadState == "masked" || strings.HasPrefix(v.unit.UnitFileState, "masked"):
		return sys.Textf("%s is masked, so systemd would not start it again", v.unit.Name)
	case v.unit.UnitFileState == "transient" && v.unit.Collected:
		return sys.Textf("%s was made by systemd-run with --collect: should it not start again at once, nothing is left that could", v.unit.Name)
	case v.running && master.PID != v.unit.MainPID && !v.unit.StopsAll():
		return sys.Textf("systemd would end the main process of %s alone (KillMode=%s): the Gunicorn %d is another one, and would keep the address", v.unit.Name, v.unit.KillMode, master.PID)
	}
	return ""
}

func planRestart(v *view) prepared {
	if container, ok := v.TargetContainer(); ok {
		return planContainerRestart(v, container)
	}
	if len(v.restartArgv()) == 0 {
		return blocked(nothingRestarts)
	}
	if program, ok := v.Program(); ok && program.Refusal != "" {
		return blocked(sys.Textf("%s", program.Refusal))
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("%s stops %s and starts it again: new processes import the code that is on disk now.", v.manager(), v.Target.Service),
		Risk:   report.MediumRisk,
		Undo:   "The old code is not to be had back by this; point the link, or the checkout, at the old release and restart again.",
	}, restartAction(v))
	plan.Blocked = v.startRefusal(false)
	if orphans := v.orphans(); len(orphans) > 0 && !v.running && plan.Blocked == "" {
		plan.Blocked = sys.Textf("process %d holds %s, where %s is to listen: as long as it does, the unit cannot start", orphans[0].Master.PID, orphans[0].at, v.unit.Name)
	}
	return plan
}

// doneRestart: active again, with processes that were not there before, and none that is
// stale.
func doneRestart(before, after *view, _ time.Time) (bool, sys.Text) {
	if after.Target.Container != "" {
		return doneContainerRestart(before, after)
	}
	if after.hasUnit && after.unit.ActiveState != "active" {
		return false, sys.Textf("%s is %s", after.unit.Name, unitWords(after.unit))
	}
	return doneStarted(before, after)
}

// doneStarted is what every manager's restart has to bring: new processes, as many as are
// wanted, none of them stale, and an answer.
func doneStarted(before, after *view) (bool, sys.Text) {
	nothing := restartedNothing(before, after)
	switch {
	case nothing != "":
		return false, nothing
	case !after.running:
		return false, "no Gunicorn of the service runs yet"
	case len(after.main.Workers) < max(after.Settings.Value.Workers, 1):
		return false, sys.Textf("the new master has %d of %d workers", len(after.main.Workers), max(after.Settings.Value.Workers, 1))
	}
	if one, isOld := after.oldest(); isOld {
		return false, sys.Textf("%s %d still holds old code: %s", one.role, one.process.PID, one.why)
	}
	if program, ok := after.Program(); ok && after.programRewritten(program) {
		return false, "supervisord still runs the program from its old section"
	}
	if after.isWaiting() {
		return false, "it listens, and has not answered yet: " + after.waitingWords()
	}
	if after.isDown() {
		return false, "nothing answers yet"
	}
	return true, sys.Textf("%s runs with new processes", after.Target.Service)
}

func planDaemonReloadRestart(v *view) prepared {
	if !v.hasUnit {
		return blocked("the service is no systemd unit")
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("systemd reads the unit files from disk again, then stops %s and starts it from them.", v.unit.Name),
		Risk:   report.MediumRisk,
		Undo:   "Put the old unit file back and run both again.",
	}, change(serviceTimeout, "systemctl", "daemon-reload"), restartAction(v)).restingOn(v.restsOnFiles())
	plan.Blocked = v.startRefusal(true)
	return plan
}

func doneDaemonReloadRestart(before, after *view, started time.Time) (bool, sys.Text) {
	if after.unit.NeedsReload {
		return false, "systemd still says NeedDaemonReload=yes"
	}
	return doneRestart(before, after, started)
}

func planHUP(v *view) prepared {
	if !v.running {
		return blocked("no Gunicorn of the service runs")
	}
	signal := signalTo(v.main.Master, "-HUP")
	if v.hasUnit && v.unit.CanReload {
		signal = change(serviceTimeout, "systemctl", "reload", v.unit.Name)
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("Master %d starts new workers, which import the code that is on disk now, and lets the old ones finish their requests.", v.main.Master.PID),
		Risk:   report.LowRisk,
		Undo:   "None needed: no request is dropped.",
	}, signal)
	if v.isUnmanaged() {
		plan.Blocked = "should the new code not load, the master ends, and nothing is known to start it again"
	} else if refusal := v.reloadRefusal(); refusal != "" {
		plan.Blocked = refusal
	} else if reason := v.directoryUnread(); reason != "" {
		plan.Blocked = reason
	} else if !v.preloadKnown {
		plan.Blocked = "whether the master preloads the app could not be told, and under preload a reload keeps the old code"
	}
	return plan
}

// doneHUP: only workers that were not there before the signal.
func doneHUP(before, after *view, _ time.Time) (bool, sys.Text) {
	if !after.running {
		return false, "the master is gone"
	}
	if len(after.main.Workers) < max(after.Settings.Value.Workers, 1) {
		return false, sys.Textf("there are %d of %d workers", len(after.main.Workers), max(after.Settings.Value.Workers, 1))
	}
	leaving := after.leaving(after.main)
	for _, worker := range after.main.Workers {
		if before.hasProcess(worker) && !leaving[worker.PID] {
			return false, sys.Textf("worker %d is still the old one", worker.PID)
		}
	}
	if one, isOld := after.oldest(); isOld {
		return false, sys.Textf("%s %d still holds old code: %s", one.role, one.process.PID, one.why)
	}
	return true, "all workers are new"
}

func planEditUnit(v *view) prepared {
	if !v.hasUnit {
		return blocked("the service is no systemd unit")
	}
	edit := change(0, "systemctl", "edit", "--full", v.unit.Name)
	edit.command.Terminal = true
	return planned(report.Plan{
		Effect: sys.Textf("Your editor opens the unit %s; what you save is loaded, and the service is restarted from it.", v.unit.Name),
		Risk:   report.MediumRisk,
		Undo:   sys.Textf("systemctl revert %s takes the edited copy back, where the unit came from a package.", v.unit.Name),
	}, edit, change(serviceTimeout, "systemctl", "daemon-reload"), restartAction(v)).restingOn(v.restsOnFiles())
}

// notPlain tells the characters that may not stand in what root writes into a unit file.
// Whoever deploys makes up the names of releases; systemd expands % and \, and takes a
// carriage return for the end of a line, behind which a name could say User=root.
func notPlain(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("._-+:@", r)
}

func planReleaseMarker(v *view) prepared {
	id := v.activeIdentity()
	name := cmp.Or(id.name, shortCommit(id.commit))
	switch {
	case !v.hasUnit:
		return blocked("the service is no systemd unit")
	case name == "":
		return blocked("nothing on disk names the release (no release directory, commit or REVISION file)")
	case strings.ContainsFunc(name, notPlain):
		return blocked(sys.Textf("the release's name %s is not made of letters, digits and . _ - + : @ alone, and might mean more to systemd than a name", sys.Quote(name)))
	}
	write := change(serviceTimeout, "install", "-D", "-m", "0644", "/dev/stdin", path.Join("/etc/systemd/system", v.unit.Name+".d", "flasktui-release.conf"))
	write.command.Stdin = []byte("[Service]\nEnvironment=APP_RELEASE=" + name + "\n")
	plan := planned(report.Plan{
		Effect: sys.Textf("A drop-in sets APP_RELEASE=%s for %s, and the service is restarted with it. The app must read the variable (flasktui explain release-marker shows how).", name, v.unit.Name),
		Risk:   report.MediumRisk,
		Undo:   sys.Typed("rm /etc/systemd/system/%s.d/flasktui-release.conf && systemctl daemon-reload && systemctl restart %s", v.unit.Name, v.unit.Name),
	}, write, change(serviceTimeout, "systemctl", "daemon-reload"), restartAction(v)).restingOn(v.restsOnFiles())
	plan.Blocked = v.startRefusal(true)
	return plan
}

func doneReleaseMarker(before, after *view, started time.Time) (bool, sys.Text) {
	if done, missing := doneRestart(before, after, started); !done {
		return false, missing
	}
	if marker := after.appTally().only(); after.meaning(marker) != markerExpected {
		return false, sys.Textf("the variable is set, but the app does not answer with it at %s: it does not read APP_RELEASE yet", after.Site.Value.VersionPath)
	}
	return true, sys.Textf("the site answers with its release at %s", after.Site.Value.VersionPath)
}
