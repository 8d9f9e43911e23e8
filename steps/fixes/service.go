package fixes

import (
	"cmp"
	"path"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

func planDaemonReload(b *box.Box) Prepared {
	if !b.HasUnit {
		return blocked("the service is no systemd unit")
	}
	return planned(report.Plan{
		Effect: "systemd reads all unit files from disk again. Running services go on as they are.",
		Risk:   report.LowRisk,
		Undo:   "Nothing to undo: put the old file back and run it again.",
	}, change(serviceTimeout, "systemctl", "daemon-reload")).restingOn(restsOnFiles(b))
}

func doneDaemonReload(_, after *box.Box, _ time.Time) (bool, sys.Text) {
	if after.Unit.NeedsReload {
		return false, "systemd still says NeedDaemonReload=yes"
	}
	return true, "systemd holds the unit that is on disk; the service itself still has to be restarted to run it"
}

func restartAction(b *box.Box) Action {
	return change(serviceTimeout, b.RestartArgv()...)
}

// nothingRestarts blocks a plan that would have to start the service again.
const nothingRestarts = "the service is no systemd unit and no program of supervisord's"

func planRestart(b *box.Box) Prepared {
	if container, ok := b.TargetContainer(); ok {
		return planContainerRestart(b, container)
	}
	if len(b.RestartArgv()) == 0 {
		return blocked(nothingRestarts)
	}
	if program, ok := b.Program(); ok && program.Refusal != "" {
		return blocked(sys.Textf("%s", program.Refusal))
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("%s stops %s and starts it again: new processes import the code that is on disk now.", b.Manager(), b.Target.Service),
		Risk:   report.MediumRisk,
		Undo:   "The old code is not to be had back by this; point the link, or the checkout, at the old release and restart again.",
	}, restartAction(b))
	plan.Blocked = b.StartRefusal(false)
	if orphans := b.Orphans(); len(orphans) > 0 && !b.Running && plan.Blocked == "" {
		plan.Blocked = sys.Textf("process %d holds %s, where %s is to listen: as long as it does, the unit cannot start", orphans[0].Master.PID, orphans[0].At, b.Unit.Name)
	}
	return plan
}

// doneRestart: active again, with processes that were not there before, and none that is
// stale.
func doneRestart(before, after *box.Box, _ time.Time) (bool, sys.Text) {
	if after.Target.Container != "" {
		return doneContainerRestart(before, after)
	}
	if after.HasUnit && after.Unit.ActiveState != "active" {
		return false, sys.Textf("%s is %s", after.Unit.Name, box.UnitWords(after.Unit))
	}
	return doneStarted(before, after)
}

// doneStarted is what every manager's restart has to bring: new processes, as many as are
// wanted, none of them stale, and an answer.
func doneStarted(before, after *box.Box) (bool, sys.Text) {
	nothing := RestartedNothing(before, after)
	switch {
	case nothing != "":
		return false, nothing
	case !after.Running:
		return false, "no Gunicorn of the service runs yet"
	case len(after.Gunicorn.Workers) < max(after.Settings.Value.Workers, 1):
		return false, sys.Textf("the new master has %d of %d workers", len(after.Gunicorn.Workers), max(after.Settings.Value.Workers, 1))
	}
	if one, isOld := after.Oldest(); isOld {
		return false, sys.Textf("%s %d still holds old code: %s", one.Role, one.Process.PID, one.Why)
	}
	if program, ok := after.Program(); ok && after.ProgramRewritten(program) {
		return false, "supervisord still runs the program from its old section"
	}
	if after.IsWaiting() {
		return false, "it listens, and has not answered yet: " + after.WaitingWords()
	}
	if after.IsDown() {
		return false, "nothing answers yet"
	}
	return true, sys.Textf("%s runs with new processes", after.Target.Service)
}

func planDaemonReloadRestart(b *box.Box) Prepared {
	if !b.HasUnit {
		return blocked("the service is no systemd unit")
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("systemd reads the unit files from disk again, then stops %s and starts it from them.", b.Unit.Name),
		Risk:   report.MediumRisk,
		Undo:   "Put the old unit file back and run both again.",
	}, change(serviceTimeout, "systemctl", "daemon-reload"), restartAction(b)).restingOn(restsOnFiles(b))
	plan.Blocked = b.StartRefusal(true)
	return plan
}

func doneDaemonReloadRestart(before, after *box.Box, started time.Time) (bool, sys.Text) {
	if after.Unit.NeedsReload {
		return false, "systemd still says NeedDaemonReload=yes"
	}
	return doneRestart(before, after, started)
}

func planHUP(b *box.Box) Prepared {
	if !b.Running {
		return blocked("no Gunicorn of the service runs")
	}
	signal := signalTo(b.Gunicorn.Master, "-HUP")
	if b.HasUnit && b.Unit.CanReload {
		signal = change(serviceTimeout, "systemctl", "reload", b.Unit.Name)
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("Master %d starts new workers, which import the code that is on disk now, and lets the old ones finish their requests.", b.Gunicorn.Master.PID),
		Risk:   report.LowRisk,
		Undo:   "None needed: no request is dropped.",
	}, signal)
	if b.IsUnmanaged() {
		plan.Blocked = "should the new code not load, the master ends, and nothing is known to start it again"
	} else if refusal := b.ReloadRefusal(); refusal != "" {
		plan.Blocked = refusal
	} else if reason := b.DirectoryUnread(); reason != "" {
		plan.Blocked = reason
	} else if !b.PreloadKnown {
		plan.Blocked = "whether the master preloads the app could not be told, and under preload a reload keeps the old code"
	}
	return plan
}

// doneHUP: only workers that were not there before the signal.
func doneHUP(before, after *box.Box, _ time.Time) (bool, sys.Text) {
	if !after.Running {
		return false, "the master is gone"
	}
	if len(after.Gunicorn.Workers) < max(after.Settings.Value.Workers, 1) {
		return false, sys.Textf("there are %d of %d workers", len(after.Gunicorn.Workers), max(after.Settings.Value.Workers, 1))
	}
	leaving := after.Leaving(after.Gunicorn)
	for _, worker := range after.Gunicorn.Workers {
		if before.HasProcess(worker) && !leaving[worker.PID] {
			return false, sys.Textf("worker %d is still the old one", worker.PID)
		}
	}
	if one, isOld := after.Oldest(); isOld {
		return false, sys.Textf("%s %d still holds old code: %s", one.Role, one.Process.PID, one.Why)
	}
	return true, "all workers are new"
}

func planEditUnit(b *box.Box) Prepared {
	if !b.HasUnit {
		return blocked("the service is no systemd unit")
	}
	edit := change(0, "systemctl", "edit", "--full", b.Unit.Name)
	edit.Command.Terminal = true
	return planned(report.Plan{
		Effect: sys.Textf("Your editor opens the unit %s; what you save is loaded, and the service is restarted from it.", b.Unit.Name),
		Risk:   report.MediumRisk,
		Undo:   sys.Textf("systemctl revert %s takes the edited copy back, where the unit came from a package.", b.Unit.Name),
	}, edit, change(serviceTimeout, "systemctl", "daemon-reload"), restartAction(b)).restingOn(restsOnFiles(b))
}

// notPlain tells the characters that may not stand in what root writes into a unit file.
// Whoever deploys makes up the names of releases; systemd expands % and \, and takes a
// carriage return for the end of a line, behind which a name could say User=root.
func notPlain(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("._-+:@", r)
}

func planReleaseMarker(b *box.Box) Prepared {
	id := b.ActiveIdentity()
	name := cmp.Or(id.Name, box.ShortCommit(id.Commit))
	switch {
	case !b.HasUnit:
		return blocked("the service is no systemd unit")
	case name == "":
		return blocked("nothing on disk names the release (no release directory, commit or REVISION file)")
	case strings.ContainsFunc(name, notPlain):
		return blocked(sys.Textf("the release's name %s is not made of letters, digits and . _ - + : @ alone, and might mean more to systemd than a name", sys.Quote(name)))
	}
	write := change(serviceTimeout, "install", "-D", "-m", "0644", "/dev/stdin", path.Join("/etc/systemd/system", b.Unit.Name+".d", "flasktui-release.conf"))
	write.Command.Stdin = []byte("[Service]\nEnvironment=APP_RELEASE=" + name + "\n")
	plan := planned(report.Plan{
		Effect: sys.Textf("A drop-in sets APP_RELEASE=%s for %s, and the service is restarted with it. The app must read the variable (flasktui explain release-marker shows how).", name, b.Unit.Name),
		Risk:   report.MediumRisk,
		Undo:   sys.Typed("rm /etc/systemd/system/%s.d/flasktui-release.conf && systemctl daemon-reload && systemctl restart %s", b.Unit.Name, b.Unit.Name),
	}, write, change(serviceTimeout, "systemctl", "daemon-reload"), restartAction(b)).restingOn(restsOnFiles(b))
	plan.Blocked = b.StartRefusal(true)
	return plan
}

func doneReleaseMarker(before, after *box.Box, started time.Time) (bool, sys.Text) {
	if done, missing := doneRestart(before, after, started); !done {
		return false, missing
	}
	if marker := after.AppTally().Only(); after.Meaning(marker) != box.MarkerExpected {
		return false, sys.Textf("the variable is set, but the app does not answer with it at %s: it does not read APP_RELEASE yet", after.Site.Value.VersionPath)
	}
	return true, sys.Textf("the site answers with its release at %s", after.Site.Value.VersionPath)
}

// StillStarting tells whether a new master is alive whose workers are not all there, or
// have not answered yet: an app that takes long to import is no failure.
func StillStarting(b *box.Box, before *box.Box) bool {
	if !b.Running || before.HasProcess(b.Gunicorn.Master) || b.HasUnit && b.Unit.ActiveState != "active" && b.Unit.ActiveState != "activating" {
		return false
	}
	return b.IsWaiting() || len(b.Gunicorn.Workers) < max(b.Settings.Value.Workers, 1)
}
