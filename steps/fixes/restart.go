package fixes

import (
	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Restart starts the service anew, by whoever manages it.
func Restart() Kind {
	return Kind{
		ID: "restart", Title: "Restart the service",
		patience: soon,
		plan:     planRestart,
		done:     doneRestart,
		page: guide.Page{
			Does: "Stops all processes of the unit and starts a new master, which starts new workers. All of them read the code, " +
				"the unit as loaded and the environment files as they are now. For a container it is `docker compose restart`, " +
				"which starts the same container again.",
			When: "The process is older than the code, the environment or the unit as loaded. For a container only where nothing " +
				"but source in a bind mount has changed: it applies no new image and no new environment.",
			Risk: "Medium. Requests fail for the seconds between stop and start; and if the new code does not start, the site is " +
				"down. It is refused when the working directory or the executable is missing.",
			Undo:     "None for the restart itself. To go back to the old code, switch back to the old release and restart.",
			Proof:    "The unit is active, the workers are new, and nothing is stale any more.",
			Commands: []string{"systemctl restart {unit}"},
			See:      []string{"service-not-restarted", "hup"},
		},
	}
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

func restartAction(b *box.Box) Action {
	return change(serviceTimeout, b.RestartArgv()...)
}

// doneRestart: active again, with processes that were not there before, and none that is
// stale.
func doneRestart(before, after *box.Box) (bool, sys.Text) {
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
	nothing := restartedNothing(before, after)
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

// stillStarting tells whether a new master is alive whose workers are not all there, or
// have not answered yet: an app that takes long to import is no failure.
func stillStarting(before, after *box.Box) bool {
	if !after.Running || before.HasProcess(after.Gunicorn.Master) || after.HasUnit && after.Unit.ActiveState != "active" && after.Unit.ActiveState != "activating" {
		return false
	}
	return after.IsWaiting() || len(after.Gunicorn.Workers) < max(after.Settings.Value.Workers, 1)
}
