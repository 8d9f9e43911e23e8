package fixes

import (
	"cmp"
	"slices"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Restart starts the service anew, by whoever manages it.
func Restart() Kind {
	return Kind{
		ID: "restart", Title: "Restart the service",
		// A stop of Apache would take all of its sites down, where a reload brings new processes.
		fits:     func(b *box.Box) bool { return !b.Running || b.Server.WSGI == nil },
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

// noApacheRestart is why an Apache that runs is not restarted for one of its apps.
const noApacheRestart sys.Text = "a restart would end all of Apache's sites until it is up again; a reload of Apache starts new processes as well"

func planRestart(b *box.Box) Prepared {
	restart := manager.Of(b).Restart(manager.Made{})
	if len(restart.Argv) == 0 {
		return blocked(restart.Refusal)
	}
	if b.Running && b.Server.WSGI != nil {
		return blocked(noApacheRestart)
	}
	plan := planned(report.Plan{Effect: restart.Effect, Risk: report.MediumRisk, Undo: restart.Undo}, given(serviceTimeout, restart.Order))
	plan.Blocked = cmp.Or(restart.Refusal, ContainerRestartRefusal(b))
	if orphans := b.Orphans(); len(orphans) > 0 && !b.Running && plan.Blocked == "" {
		plan.Blocked = sys.Textf("process %d holds %s, where %s is to listen: until it lets go, the unit cannot start", orphans[0].Master.PID, orphans[0].At, b.Unit.Name)
	}
	return plan.from(ledOrigin(b))
}

// given makes an action of an order to a manager.
func given(timeout time.Duration, order manager.Order) Action {
	if order.As != nil {
		return change(timeout, slices.Concat(setPrivileges(order.As.UID, order.As.GID, "--reset-env"), order.Argv)...)
	}
	one := change(timeout, order.Argv...)
	one.Command.Elevate = order.Root
	return one
}

func restartAction(b *box.Box) Action {
	return given(serviceTimeout, manager.Of(b).Restart(manager.Made{}).Order)
}

// noRestart is why a fix cannot end with a restart of the service; empty where it can.
func noRestart(b *box.Box) sys.Text {
	if restart := manager.Of(b).Restart(manager.Made{}); len(restart.Argv) == 0 {
		return restart.Refusal
	}
	if b.Running && b.Server.WSGI != nil {
		return noApacheRestart
	}
	if _, ok := b.TargetContainer(); ok {
		return "the service runs in a container, which this fix does not start again"
	}
	return ""
}

// doneRestart: active again, with processes that were not there before, and none that is
// stale.
func doneRestart(before, after *box.Box) (bool, sys.Text) {
	if _, ok := after.TargetContainer(); ok {
		return doneContainerRestart(before, after)
	}
	if reason := manager.Of(after).Unsettled(); reason != "" {
		return false, reason
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
	case after.Start().Starting && !after.IsWaiting():
		return false, after.StartingWords()
	case !after.Running:
		return false, after.NoServer() + " runs yet"
	case len(after.Server.Workers) < after.WantedWorkers():
		return false, sys.Textf("the new main process has %d of %d workers", len(after.Server.Workers), after.WantedWorkers())
	}
	if one, isOld := after.Oldest(); isOld {
		return false, sys.Textf("%s %d still holds old code: %s", one.Role, one.Process.PID, one.Why)
	}
	if after.IsWaiting() {
		return false, "it listens, and has not answered yet: " + after.WaitingWords()
	}
	if after.IsDown() {
		return false, "nothing answers yet"
	}
	return true, sys.Textf("%s runs with new processes", after.Target.Service)
}
