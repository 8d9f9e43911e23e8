package causes

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func unitChangeNotApplied() Kind {
	return Kind{
		ID: "unit-change-not-applied", Title: "The process was started from an older unit",
		Step:  walk.DaemonReload().Number,
		Claim: report.ClaimConfiguration,
		Hop:   report.HopUnit, instead: "the process was started from an older version of it",
		marks: []Moment{MasterStarted},
		find:  findUnitNotApplied,
		under: []func() Kind{daemonReloadNeeded},
		page: guide.Page{
			What: "systemd knows the new unit, and the process still runs from the old one. NeedDaemonReload says no, and that " +
				"reassures the wrong people.",
			How: "daemon-reload was run, the restart was not: most often because the reload \"worked\". A reload of the service " +
				"is not enough either, because ExecStart and the environment are used only at a start. Under supervisord: " +
				"the program's section was edited, and `supervisorctl restart` or `reread` was taken for `update`.",
			Commands: []string{
				"systemctl show {unit} -p NeedDaemonReload,FragmentPath,ExecMainStartTimestamp",
				"stat -c '%y %n' /etc/systemd/system/{unit}",
				"tr '\\0' ' ' < /proc/{pid}/cmdline; echo",
			},
			Prevent: "Make the two commands one.",
			Guard:   []string{"sudo systemctl daemon-reload && sudo systemctl restart {unit}"},
			See:     []string{"restart", "daemon-reload-needed"},
		},
	}
}

// findUnitNotApplied sees a unit, or whatever else a manager starts the service from, that
// changed after the process was started (G18, G23).
func findUnitNotApplied(b *box.Box) *report.Finding {
	managed := manager.Of(b)
	finding := managed.Outdated()
	if finding == nil {
		return configChanged(b)
	}
	finding.Title = "The process was started from an older " + managed.Declaration().Noun
	finding.Fixes = fixes.IDs(fixes.Restart)
	return finding
}

// configChanged sees a configuration file of the server that was written after every process was
// started: it reads that when it is started or told to reload. Whether its content is
// another cannot be told from the process.
func configChanged(b *box.Box) *report.Finding {
	settings := b.Settings.Value
	at := settings.ConfigInfo.ContentTime()
	started := box.NewestStart(b.Server.Workers)
	if !b.Running || b.Server.Master.Cgroup.Container != "" || settings.ConfigPath == "" || started.IsZero() || !box.After(at, started) {
		return nil
	}
	reads, offered := "starts or reloads", fixes.IDs(fixes.Restart, fixes.HUP)
	switch {
	case b.NoReload() != "":
		reads = "starts"
	case strings.HasPrefix(settings.ConfigFile, "python:"):
		// Python imports a module once in the life of the master.
		reads, offered = "starts, as it is named as a module", fixes.IDs(fixes.Restart)
	}
	return &report.Finding{
		Title:      b.Software().Name + "'s configuration file is younger than the processes",
		Confidence: report.Possible,
		Why: sys.Textf("%s was written at %s, after the last of the processes was started at %s. %s reads it when it %s; what the process took from it cannot be seen.",
			settings.ConfigPath, b.ExactClock(at, started), b.ExactClock(started, at), b.Software().Name, reads),
		Evidence: []report.Evidence{report.Observed("configuration file changed", sys.Textf("%s at %s", settings.ConfigPath, b.Clock(at)), sys.Typed("statx %s", settings.ConfigPath))},
		Fixes:    offered,
	}
}
