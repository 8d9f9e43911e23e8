package walk

import (
	"cmp"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

// judgeReload: whether a HUP would load the code on disk, do nothing, or kill the master.
func judgeReload(b *box.Box) report.Result {
	if !b.Running {
		return skipped("no Gunicorn of the service runs")
	}
	master := b.Gunicorn.Master.PID
	commands := []sys.Text{sys.Textf("ps -o pid,ppid,lstart,args --ppid %d -p %d", master, master)}
	if b.HasUnit {
		commands = append(commands, sys.Typed("systemctl show -p ExecReload,CanReload %s", b.Unit.Name))
	}
	lines := []report.Evidence{report.Observed("preload", preloadWords(b), "command line and configuration file")}
	if pidFile := cmp.Or(b.Options.PIDFile, b.Settings.Value.PIDFile, b.Unit.PIDFile); pidFile != "" {
		lines = append(lines, report.Observed("PID file", sys.Textf("%s", pidFile), sys.Typed("cat %s", pidFile)))
	}
	if b.HasUnit {
		reload := sys.Text("none")
		if len(b.Unit.ExecReload) > 0 {
			reload = sys.Textf("%s", strings.Join(b.Unit.ExecReload[0], " "))
		}
		lines = append(lines, report.Observed("ExecReload", reload, sys.Typed("systemctl show -p ExecReload %s", b.Unit.Name)))
	}
	lines = append(lines, report.Observed("directory it keeps", keptDirectory(b), sys.Textf("/proc/%d", master)))
	if refusal := b.ReloadRefusal(); refusal != "" {
		instead := sys.Text(" Use a restart.")
		if b.HeldByContainer() {
			instead = " Nor would a restart; what would is in step 12."
		}
		return warn("A graceful reload would not do here: "+refusal+instead).With(commands, lines...)
	}
	if !b.PreloadKnown {
		return unknown("whether the master preloads the app could not be told, and under preload a reload keeps the old code").With(commands, lines...)
	}
	if reason := b.DirectoryUnread(); reason != "" {
		return unknown(reason).With(commands, lines...)
	}
	return ok("A graceful reload (HUP) would load the code on disk, without dropping requests.").With(commands, lines...)
}

func keptDirectory(b *box.Box) sys.Text {
	if b.Settings.Value.Directory == "" {
		return "not known"
	}
	return sys.Textf("%s (by %s)", b.Settings.Value.Directory, b.Settings.Value.DirectoryVia)
}

func preloadWords(b *box.Box) sys.Text {
	switch {
	case !b.PreloadKnown:
		return "not known"
	case b.Preload:
		return "on"
	}
	return "off"
}
