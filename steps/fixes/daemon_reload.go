package fixes

import (
	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// DaemonReload has systemd read the unit, and starts nothing anew.
func DaemonReload() Kind {
	return Kind{
		ID: "daemon-reload", Title: "Have systemd load the unit from disk",
		patience: soon,
		plan:     planDaemonReload,
		done:     doneDaemonReload,
		page: guide.Page{
			Does:     "systemd reads all unit files and drop-ins from disk. It starts, stops and restarts nothing.",
			When:     "The unit on disk is not the one that is loaded. Alone it changes nothing for a running process: see daemon-reload-restart.",
			Risk:     "Low. It affects all units of the machine: one that is only half edited is read too, though not started.",
			Undo:     "Put the old file back and reload again.",
			Proof:    "NeedDaemonReload=no.",
			Commands: []string{"systemctl daemon-reload"},
			See:      []string{"daemon-reload-restart"},
		},
	}
}

func planDaemonReload(b *box.Box) Prepared {
	if reason := manager.Of(b).NoUnit(); reason != "" {
		return blocked(reason)
	}
	return planned(report.Plan{
		Effect: "systemd reads all unit files from disk again. Running services go on as they are.",
		Risk:   report.LowRisk,
		Undo:   "Nothing to undo: put the old file back and run it again.",
	}, given(serviceTimeout, manager.RereadOrder(b))).dependingOn(unitFileStates(b))
}

func doneDaemonReload(_, after *box.Box) (bool, sys.Text) {
	if after.Unit.NeedsReload {
		return false, "systemd still says NeedDaemonReload=yes"
	}
	return true, "systemd holds the unit that is on disk; the service itself still has to be restarted to run it"
}
