package steps

import (
	"cmp"
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
)

// judgeReload: whether a HUP would load the code on disk, do nothing, or kill the master.
func judgeReload(v *view) report.Result {
	if !v.running {
		return skipped("no Gunicorn of the service runs")
	}
	master := v.main.Master.PID
	commands := []sys.Text{sys.Textf("ps -o pid,ppid,lstart,args --ppid %d -p %d", master, master)}
	if v.hasUnit {
		commands = append(commands, sys.Typed("systemctl show -p ExecReload,CanReload %s", v.unit.Name))
	}
	lines := []report.Evidence{report.Observed("preload", v.preloadWords(), "command line and configuration file")}
	if pidFile := cmp.Or(v.Options.PIDFile, v.Settings.Value.PIDFile, v.unit.PIDFile); pidFile != "" {
		lines = append(lines, report.Observed("PID file", sys.Textf("%s", pidFile), sys.Typed("cat %s", pidFile)))
	}
	if v.hasUnit {
		reload := sys.Text("none")
		if len(v.unit.ExecReload) > 0 {
			reload = sys.Textf("%s", strings.Join(v.unit.ExecReload[0], " "))
		}
		lines = append(lines, report.Observed("ExecReload", reload, sys.Typed("systemctl show -p ExecReload %s", v.unit.Name)))
	}
	lines = append(lines, report.Observed("directory it keeps", v.keptDirectory(), sys.Textf("/proc/%d", master)))
	if refusal := v.reloadRefusal(); refusal != "" {
		instead := sys.Text(" Use a restart.")
		if v.heldByContainer() {
			instead = " Nor would a restart; what would is in step 12."
		}
		return warn("A graceful reload would not do here: "+refusal+instead).With(commands, lines...)
	}
	if !v.preloadKnown {
		return unknown("whether the master preloads the app could not be told, and under preload a reload keeps the old code").With(commands, lines...)
	}
	if reason := v.directoryUnread(); reason != "" {
		return unknown(reason).With(commands, lines...)
	}
	return ok("A graceful reload (HUP) would load the code on disk, without dropping requests.").With(commands, lines...)
}

func (v *view) keptDirectory() sys.Text {
	if v.Settings.Value.Directory == "" {
		return "not known"
	}
	return sys.Textf("%s (by %s)", v.Settings.Value.Directory, v.Settings.Value.DirectoryVia)
}

// directoryUnread is why it is not known which directory a reload would load the code
// from; empty where it is.
func (v *view) directoryUnread() sys.Text {
	if reason := v.main.Master.Unreadable["directory"]; reason != "" {
		return sys.Textf("the directory of process %d, from which a reload loads the code, could not be read: %s", v.main.Master.PID, reason)
	}
	return ""
}

func (v *view) preloadWords() sys.Text {
	switch {
	case !v.preloadKnown:
		return "not known"
	case v.preload:
		return "on"
	}
	return "off"
}

// heldByContainer tells whether the container keeps its processes from the code on disk.
func (v *view) heldByContainer() bool { return len(v.loaders) > 0 && v.loaders[0].frozen }

// reloadRefusal is why a HUP must not be sent, in a sentence; empty where it may.
func (v *view) reloadRefusal() sys.Text {
	master, deployment := v.main.Master, v.Deployment.Value
	switch {
	case strings.HasSuffix(master.Directory, " (deleted)"):
		return sys.Textf("the master stands in a directory that no longer exists (%s), and a HUP would kill it.", master.Directory)
	case v.preloadKnown && v.preload:
		return "the master preloads the app, so workers made by a reload would get the old code from it."
	case v.heldByContainer():
		return "the container holds the old code, and new workers in it would load that again."
	}
	if release, inRelease := deployment.ReleaseOf(master.Directory); inRelease && deployment.Link != nil &&
		release.Path != deployment.Active && !v.importsThroughLink() {
		return sys.Textf("the master keeps the real path %s and would load that release again, not %s.", release.Path, deployment.Active)
	}
	if deployment.Link != nil && deployment.Link.Dangling {
		return sys.Textf("the link %s leads nowhere.", deployment.Link.Path)
	}
	return ""
}
