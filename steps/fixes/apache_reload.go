package fixes

import (
	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// ApacheReload has Apache start all of its processes anew, those of mod_wsgi too.
func ApacheReload() Kind {
	return Kind{
		ID: "apache-reload", Title: "Test and reload Apache",
		fits:     func(b *box.Box) bool { return b.Running && b.Server.WSGI != nil },
		patience: graceful,
		plan:     planApacheReload,
		done:     doneApacheReload,
		page: guide.Page{
			Does: "Tests the configuration on disk; if it passes, Apache's main process reads it, ends its children as soon as they have " +
				"answered, and starts new ones. The daemon processes of mod_wsgi are ended and started anew as well, so that every " +
				"app of this Apache is loaded from the disk again.",
			When:     "The app runs in embedded mode, the script is not looked at again, or Apache's configuration changed.",
			Risk:     "Medium. It concerns all sites of this Apache, and requests that a daemon process works on for longer than a few seconds are cut off. It is refused while the configuration could not be read, and where others than root decide about a file of it.",
			Undo:     "Put the old code or configuration back and reload again.",
			Proof:    "All processes of the app are new, and none of them holds old code.",
			Commands: []string{"apachectl configtest", "systemctl reload apache2"},
			See:      []string{"touch-wsgi", "service-not-restarted"},
		},
	}
}

func planApacheReload(b *box.Box) Prepared {
	if !b.Running || b.Server.WSGI == nil {
		return blocked("no app of Apache's mod_wsgi runs")
	}
	unit, ok := apacheUnit(b)
	if !ok {
		return blocked("no unit of systemd's runs this Apache; by hand: sudo apachectl configtest && sudo apachectl graceful")
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("Apache tests its configuration, and %s starts all of its processes anew: every app of this Apache loads what is on disk.", unit.Name),
		Risk:   report.MediumRisk,
		Undo:   "Put the old code or configuration back and reload again.",
	}, change(serviceTimeout, "apachectl", "configtest"), change(serviceTimeout, "systemctl", "reload", unit.Name))
	for _, one := range b.Processes.Value.Apache {
		switch {
		case one.Main.PID != b.Server.Master.PID:
		case one.Problem != "":
			plan.Blocked = sys.Textf("Apache's configuration could not be read: %s", one.Problem)
		case len(one.Led) > 0:
			plan.Blocked = sys.Textf("%s is not shown to be root's alone, and what stands in a file of Apache's configuration is done as root. Look at it, then type: sudo apachectl configtest && sudo systemctl reload %s", one.Led[0], unit.Name)
		}
	}
	return plan
}

// doneApacheReload: only processes that were not there before.
func doneApacheReload(before, after *box.Box) (bool, sys.Text) {
	if reason := notNewUnderApache(after); reason != "" {
		return false, reason
	}
	if len(after.Server.Workers) == 0 {
		return false, "no process of the app runs yet"
	}
	for _, worker := range after.Server.Workers {
		if before.HasProcess(worker) {
			return false, sys.Textf("process %d is still the old one", worker.PID)
		}
	}
	return true, "Apache runs " + box.Several(len(after.Server.Workers), "new process of the app", "new processes of the app")
}
