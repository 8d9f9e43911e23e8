package fixes

import (
	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/appserver"
)

// HUP has the master make new workers, and lets the old ones finish.
func HUP() Kind {
	return Kind{
		ID: "hup", Title: "Reload gracefully (HUP)",
		endsNothing: true,
		fits:        func(b *box.Box) bool { return b.NoReload() == "" },
		patience:    graceful,
		plan:        planHUP,
		done:        doneHUP,
		page: guide.Page{
			Does: "The master starts new workers, which load the code afresh, and lets the old ones finish what they are doing. " +
				"uWSGI lets its workers finish, executes its own program anew under the same process id, and loads all of it afresh. " +
				"It is the unit's own reload where it has one, else a HUP to the master.",
			When: "The code changed in the tree that the master would load again, there is no preload, and its directory still " +
				"exists. It reads neither the unit nor environment files again.",
			Risk: "Low where it is offered, medium for uWSGI, which has no workers while it loads the new code, though its sockets stay open; medium where nothing would start the master again, as it ends if the new code does not load. It is refused under preload (the old code stays), in a deleted directory (it kills " +
				"the master) and where it would load the old tree again.",
			Undo:     "None is needed.",
			Proof:    "New workers that started after the change, and no old one left once the graceful timeout is over.",
			Commands: []string{"systemctl reload {unit}"},
			See:      []string{"gunicorn-reload", "restart"},
		},
	}
}

func planHUP(b *box.Box) Prepared {
	if !b.Running {
		return blocked(b.NoServer() + " runs")
	}
	if refusal := b.NoReload(); refusal != "" {
		return blocked(refusal + "; a restart of the service loads the code on disk")
	}
	signal := signalTo(b.Server.Master, "-HUP")
	managed := manager.Of(b)
	if reload, ok := managed.Reload(); ok {
		signal = given(serviceTimeout, reload)
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("Master %d starts new workers, which import the code that is on disk now, and lets the old ones finish their requests.", b.Server.Master.PID),
		Risk:   report.LowRisk,
		Undo:   "None needed: no request is dropped.",
	}, signal)
	if _, _, kept := b.KeeperOf(b.Server); !managed.StartsAgain() && !kept {
		plan.Risk = report.MediumRisk
		plan.Effect += " If the new code does not load, the master ends, and nothing is known to start it again but a person."
		plan.Undo = "Where the master has ended: put the old code back. " + managed.ByHand()
	}
	if told := b.Settings.Value.UWSGI; b.Server.Kind == appserver.UWSGI && (told == nil || !told.WorkersOnly) {
		plan.Effect = sys.Textf("uWSGI lets its workers finish their requests, executes its program anew under process %d, keeps its sockets open meanwhile, and imports the code that is on disk now.", b.Server.Master.PID)
		plan.Risk, plan.Undo = report.MediumRisk, "Requests wait at the socket until the code is loaded. To go back: put the old code back and reload again."
		if b.GoesOnWithoutApp() {
			plan.Effect += " If the new code does not load, it goes on without an app, and answers with errors (need-app is not set)."
		} else {
			plan.Effect += " If the new code does not load, it ends."
		}
	}
	if refusal := b.ReloadRefusal(); refusal != "" {
		plan.Blocked = refusal
	} else if reason := b.DirectoryUnread(); reason != "" {
		plan.Blocked = reason
	} else if !b.PreloadKnown && b.Server.IsGunicorn() {
		plan.Blocked = "whether the master preloads the app could not be told, and under preload a reload keeps the old code"
	}
	return plan
}

// doneHUP: only workers that were not there before the signal.
func doneHUP(before, after *box.Box) (bool, sys.Text) {
	if !after.Running {
		return false, "the master is gone"
	}
	if wanted := after.WantedWorkers(); len(after.Server.Workers) < wanted {
		return false, sys.Textf("there are %d of %d workers", len(after.Server.Workers), wanted)
	}
	leaving := after.Leaving(after.Server)
	for _, worker := range after.Server.Workers {
		if before.HasProcess(worker) && !leaving[worker.PID] {
			return false, sys.Textf("worker %d is still the old one", worker.PID)
		}
	}
	if one, isOld := after.Oldest(); isOld {
		return false, sys.Textf("%s %d still holds old code: %s", one.Role, one.Process.PID, one.Why)
	}
	if after.IsWaiting() {
		return false, "all workers are new, and none has answered yet: " + after.WaitingWords()
	}
	return true, "all workers are new"
}
