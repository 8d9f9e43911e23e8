package causes

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func unitChangeNotApplied() Kind {
	return Kind{
		ID: "unit-change-not-applied", Title: "The process was started from an older unit",
		Step:  walk.DaemonReload().Number,
		Claim: report.ClaimConfiguration,
		Hop:   report.HopUnit, instead: "the process was started from an older unit",
		marks: []Moment{MasterStarted},
		find:  findUnitNotApplied,
		under: []func() Kind{daemonReloadNeeded},
		page: guide.Page{
			What: "systemd knows the new unit, and the process still runs from the old one. NeedDaemonReload says no, and that " +
				"reassures the wrong people.",
			How: "daemon-reload was run, the restart was not: most often because the reload \"worked\". A reload of the service " +
				"is not enough either, for ExecStart and the environment are used at the start alone. Under supervisord: " +
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

// findUnitNotApplied sees a unit that changed, and was loaded, after the process was
// started (G18).
func findUnitNotApplied(b *box.Box) *report.Finding {
	if program, ok := b.Program(); ok {
		return findProgramNotApplied(b, program)
	}
	started := b.MainStarted()
	if !b.HasUnit || started.IsZero() || !b.UnitFiles.Known {
		return nil
	}
	for _, file := range b.UnitFiles.Value.All() {
		at := facts.ContentTime(file.Info)
		if !box.After(at, started) {
			continue
		}
		differs := b.ProcessDiffersFromUnit()
		finding := &report.Finding{
			Confidence: report.Certain,
			Why: sys.Textf("%s was changed at %s, and the main process %d has run since %s: it was started from the unit as it was before. Only a restart applies the change.",
				file.Path, b.ExactClock(at, started), b.Unit.MainPID, b.ExactClock(started, at)),
			Evidence: []report.Evidence{
				report.Observed("unit changed", sys.Textf("%s at %s", file.Path, b.ExactClock(at, started)), sys.Textf("statx %s", file.Path)),
				report.Observed("main process started", b.ExactClock(started, at), sys.Textf("systemctl show -p ExecMainStartTimestamp %s", b.Unit.Name)),
			},
			Fixes: fixes.IDs(fixes.Restart),
		}
		if differs != "" {
			finding.Evidence = append(finding.Evidence, report.Observed("differs", differs, "/proc/PID and systemctl show"))
		} else if processMatchesUnit(b) {
			// The file was written, but nothing in it that a process shows.
			finding.Confidence = report.Possible
			finding.Why += " What can be compared (command line, directory, environment) is the same in both."
		}
		if differs == "" && !b.ClockDecides(at, started) {
			finding.Confidence = report.Possible
			finding.Why = sys.Textf("%s was changed at %s; whether the main process %d was started before or after is not known: %s.",
				file.Path, b.Clock(at), b.Unit.MainPID, b.ClockWords())
		}
		return finding
	}
	return configChanged(b)
}

// configChanged sees a Gunicorn configuration file that was written after every worker was
// started: Gunicorn reads it when it is started or told to reload. Whether its content is
// another cannot be told from the process.
func configChanged(b *box.Box) *report.Finding {
	settings := b.Settings.Value
	at := facts.ContentTime(settings.ConfigInfo)
	started := box.NewestStart(b.Gunicorn.Workers)
	if !b.Running || settings.ConfigPath == "" || started.IsZero() || !box.After(at, started) {
		return nil
	}
	return &report.Finding{
		Confidence: report.Possible,
		Why: sys.Textf("%s was written at %s, after the last of the workers was started at %s. Gunicorn reads it when it starts or reloads; what the process took from it cannot be seen.",
			settings.ConfigPath, b.ExactClock(at, started), b.ExactClock(started, at)),
		Evidence: []report.Evidence{report.Observed("configuration file changed", sys.Textf("%s at %s", settings.ConfigPath, b.Clock(at)), sys.Typed("statx %s", settings.ConfigPath))},
		Fixes:    fixes.IDs(fixes.Restart, fixes.HUP),
	}
}

// processMatchesUnit tells whether all that can be compared was readable and is the same.
func processMatchesUnit(b *box.Box) bool {
	return b.Running && !b.Gunicorn.Master.Titled && b.Gunicorn.Master.Prints != nil && b.Gunicorn.Master.Directory != ""
}

// findProgramNotApplied sees a program of supervisord's whose section was rewritten after
// its process was started from the old one (G23).
func findProgramNotApplied(b *box.Box, program facts.Supervised) *report.Finding {
	section, started := program.Section, b.MainStarted()
	if section == nil || started.IsZero() {
		return nil
	}
	differs, compared := b.ProgramDifference(program)
	at := facts.ContentTime(section.Info)
	changed := report.Observed("section changed", sys.Textf("%s:%d at %s", section.File, section.Line, b.ExactClock(at, started)), sys.Typed("statx %s", section.File))
	began := report.Observed("master started", b.ExactClock(started, at), sys.Textf("/proc/%d/stat", b.Gunicorn.Master.PID))
	switch {
	case differs != "":
		return &report.Finding{
			Confidence: report.Certain,
			Why: sys.Textf("Process %d was started from another section than %s has now: supervisord goes by the one that it read before. A restart would start the old one again; supervisorctl update reads the files and applies them.",
				b.Gunicorn.Master.PID, section.File),
			Evidence: []report.Evidence{changed, began, report.Observed("differs", differs, sys.Textf("/proc/%d and %s", b.Gunicorn.Master.PID, section.File))},
			Fixes:    fixes.IDs(fixes.Restart),
		}
	case compared || !box.After(at, started):
		return nil
	}
	return &report.Finding{
		Confidence: report.Possible,
		Why: sys.Textf("%s was changed at %s, after process %d was started at %s. Whether the program's own section changed cannot be told from what the process shows.",
			section.File, b.ExactClock(at, started), b.Gunicorn.Master.PID, b.ExactClock(started, at)),
		Evidence: []report.Evidence{changed, began},
		Fixes:    fixes.IDs(fixes.Restart),
	}
}
