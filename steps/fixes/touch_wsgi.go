package fixes

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// TouchWSGI gives a WSGI script a new time, by which mod_wsgi starts its daemon processes anew.
func TouchWSGI() Kind {
	return Kind{
		ID: "touch-wsgi", Title: "Touch the WSGI script",
		fits: func(b *box.Box) bool {
			return b.Running && b.Server.WSGI != nil && b.Server.WSGI.Daemon != nil && b.Server.WSGI.Reloads
		},
		patience: graceful,
		plan:     planTouchWSGI,
		done:     doneTouchWSGI,
		page: guide.Page{
			Does: "Sets the time of the WSGI script to now. In daemon mode mod_wsgi compares that time with the one it loaded, at each " +
				"request, and where they differ it starts the daemon process anew before it answers: that one loads all of the app again. " +
				"Apache itself and its other sites go on.",
			When:     "The app runs in daemon mode with WSGIScriptReloading on, which it is by default, and its modules changed while the script did not.",
			Risk:     "Low. If the new code does not load, requests for this app fail until it does. It is refused where others than root could lead a command of root's elsewhere.",
			Undo:     "None is needed for the touch itself: put the old code back, and touch the script again.",
			Proof:    "New daemon processes, which hold the new code.",
			Commands: []string{"touch /srv/shop/shop.wsgi"},
			See:      []string{"apache-reload", "service-not-restarted"},
		},
	}
}

func planTouchWSGI(b *box.Box) Prepared {
	app := b.Server.WSGI
	switch {
	case app == nil:
		return blocked("the service is no app of Apache's mod_wsgi")
	case app.Daemon == nil:
		return blocked("the app runs in Apache's own processes (embedded mode), which would read the script again, and none of its modules")
	case !app.Reloads:
		return blocked("WSGIScriptReloading is off: Apache does not look at the script again")
	case app.Problem != "":
		return blocked(sys.Textf("the script %s %s", app.Script, app.Problem))
	}
	touch := []string{"touch", "--no-create", "--no-dereference", "--", app.Target}
	action, refusal := change(serviceTimeout, append(setPrivileges(app.Info.UID, app.Info.GID), touch...)...), sys.Text("")
	if app.Info.UID == 0 {
		// The script is root's, but the way to it may be others'.
		action, refusal = changeAs(app.Owner, app.Target, touch...)
		if refusal == "" && app.Owner.UID != 0 {
			refusal = sys.Textf("%s is root's, and lies in a directory of another user's, who could lead root elsewhere", app.Target)
		}
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("The time of %s becomes now, so that mod_wsgi starts each process of its group %s anew before it answers again.", app.Script, app.Daemon.Name),
		Risk:   report.LowRisk,
		Undo:   "None needed for the touch itself. Where the new code does not load: put the old code back, and touch the script again.",
	}, action)
	plan.Blocked = refusal
	return plan
}

// doneTouchWSGI: a process that was not there before answers, and none holds old code.
func doneTouchWSGI(before, after *box.Box) (bool, sys.Text) {
	if reason := notNewUnderApache(after); reason != "" {
		return false, reason
	}
	for _, worker := range after.Server.Workers {
		if !before.HasProcess(worker) {
			return true, "mod_wsgi has started new processes, and none holds old code"
		}
	}
	return false, "no process has been started anew yet: that happens at the next request for the app"
}

// notNewUnderApache is why an app of Apache's is not seen to be new yet; empty where it is.
func notNewUnderApache(after *box.Box) sys.Text {
	if !after.Running {
		return after.NoServer() + " runs"
	}
	if one, isOld := after.Oldest(); isOld {
		return sys.Textf("%s %d still holds old code: %s", one.Role, one.Process.PID, one.Why)
	}
	if after.IsDown() {
		return "nothing answers yet"
	}
	return ""
}

// apacheUnit is the unit that runs the Apache of an app; ok is false for one that none runs.
func apacheUnit(b *box.Box) (unit facts.Unit, ok bool) {
	if b.Server.WSGI == nil {
		return facts.Unit{}, false
	}
	return b.RunBy(b.Server)
}
