package fixes

import (
	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// DaemonReloadRestart has the service run from the unit that is on disk.
func DaemonReloadRestart() Kind {
	return Kind{
		ID: "daemon-reload-restart", Title: "Load the unit from disk and restart the service",
		patience: soon,
		plan:     planDaemonReloadRestart,
		done:     doneDaemonReloadRestart,
		page: guide.Page{
			Does:     "Makes systemd read its units again, then restarts the service from what it read. The order matters.",
			When:     "A unit file or drop-in changed on disk. A restart without the reload would start from the older copy.",
			Risk:     "Medium: that of the restart.",
			Undo:     "Put the old unit file back and do the same again.",
			Proof:    "The unit is active, NeedDaemonReload=no, the workers are new.",
			Commands: []string{"systemctl daemon-reload", "systemctl restart {unit}"},
			See:      []string{"daemon-reload-needed", "restart"},
		},
	}
}

func planDaemonReloadRestart(b *box.Box) Prepared {
	if reason := manager.Of(b).NoUnit(); reason != "" {
		return blocked(reason)
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("systemd reads the unit files from disk again, then stops %s and starts it from them.", b.Unit.Name),
		Risk:   report.MediumRisk,
		Undo:   "Put the old unit file back and run both again.",
	}, given(serviceTimeout, manager.RereadOrder(b)), restartAction(b)).dependingOn(unitFileStates(b))
	plan.Blocked = manager.Of(b).Restart(manager.Made{Reread: true}).Refusal
	return plan
}

func doneDaemonReloadRestart(before, after *box.Box) (bool, sys.Text) {
	if after.Unit.NeedsReload {
		return false, "systemd still says NeedDaemonReload=yes"
	}
	return doneRestart(before, after)
}
