package causes

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func envNotReloaded() Kind {
	return Kind{
		ID: "env-not-reloaded", Title: "The process has an older environment than the disk",
		Step:  walk.Environment().Number,
		Claim: report.ClaimEnvironment,
		Hop:   report.HopWorkers, instead: "have an older environment than the disk",
		marks:  []Moment{MasterStarted},
		common: true,
		find:   findEnvironment,
		under:  []func() Kind{daemonReloadNeeded, unitChangeNotApplied, serviceNotRestarted, releaseDirDeleted, hupWithPreload, mixedWorkers, orphanGunicorn, serviceFailed},
		page: guide.Page{
			What: "A key in an EnvironmentFile or in the unit differs from what the process was started with.",
			How: "The file was edited and the service was reloaded, or not touched at all. A HUP keeps the master's environment; " +
				"`systemctl daemon-reload` gives a running process nothing.",
			Commands: []string{
				"systemctl show {unit} -p EnvironmentFiles,ExecMainStartTimestamp",
				"sudo stat -c '%z %n' {envfile}",
				"sudo cut -z -d= -f1 /proc/{pid}/environ | tr '\\0' '\\n' | sort",
			},
			Prevent: "Let whatever writes the file restart the service too: a handler in Ansible, one line in a script.",
			Guard:   []string{"sudo install -o root -g www-data -m 0640 shop.env {envfile} && sudo systemctl restart {unit}"},
			See:     []string{"restart", "environment"},
		},
	}
}

// findEnvironment sees variables on disk that the process does not have (G19, G16). Only
// names are told.
func findEnvironment(b *box.Box) *report.Finding {
	unit, dotEnv := unitEnvironmentFinding(b), dotEnvFinding(b)
	if unit != nil && (unit.Decides() || dotEnv == nil || !dotEnv.Decides()) {
		return unit
	}
	return dotEnv
}

// unitEnvironmentFinding compares what the unit and its files set.
func unitEnvironmentFinding(b *box.Box) *report.Finding {
	started := b.MainStarted()
	if !b.HasUnit || !b.Environment.Known || !b.Running || started.IsZero() {
		return nil
	}
	names, compared := b.EnvironmentDifferences()
	changedFile, changedAt := b.ChangedEnvironmentFile(started)
	switch {
	case compared && len(names) == 0, !compared && changedFile == "":
		return nil
	case !compared:
		return &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("%s was written at %s, after the process was started at %s; systemd reads it only at a start. What the process has could not be read, so the two are not compared.",
				changedFile, b.Clock(changedAt), b.Clock(started)),
			Evidence: []report.Evidence{report.Observed("environment file changed", sys.Textf("%s at %s", changedFile, b.Clock(changedAt)), sys.Textf("statx %s", changedFile))},
			Fixes:    fixes.IDs(fixes.Restart),
		}
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The process was started at %s and does not have what is on disk now: %s. systemd reads environment files only when it starts a process; a HUP does not read them again.",
			b.ExactClock(started, changedAt), strings.Join(names, ", ")),
		Fixes: fixes.IDs(fixes.Restart),
	}
	if changedFile == "" {
		// Nothing on disk is newer than the process, so a wrapper may have set them.
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("The process has other values than the unit and its files for %s, though neither changed since it was started: something between them sets these.", strings.Join(names, ", "))
	} else {
		finding.Evidence = append(finding.Evidence, report.Observed("changed", sys.Textf("%s at %s", changedFile, b.ExactClock(changedAt, started)), sys.Textf("statx %s", changedFile)))
	}
	for _, name := range names {
		finding.Evidence = append(finding.Evidence, report.Observed(name, "differs", sys.Textf("/proc/%d/environ against %s", b.Server.Master.PID, b.Environment.Value.From[name])))
	}
	return finding
}

// dotEnvFinding sees a .env that python-dotenv would read at import, written after that.
func dotEnvFinding(b *box.Box) *report.Finding {
	file := b.Environment.Value.DotEnv
	longest, loaded := b.Longest()
	if !loaded || !b.Running {
		return nil
	}
	// Whoever imported the app read it: after a reload that is the workers.
	started := longest.Process.Started
	if file == nil || !box.After(file.Info.ContentTime(), started) {
		return nil
	}
	how, sure := sys.Text("If the app reads it (python-dotenv), it does so only at import"), report.Possible
	if b.Code.Value.LoadsDotEnv {
		how, sure = "The app reads it as it is imported, and not again", report.Likely
	}
	if !b.ClockDecides(file.Info.ContentTime(), started) {
		how, sure = how+"; and "+b.ClockWords(), report.Possible
	}
	return &report.Finding{
		Confidence: sure,
		Why: sys.Textf("%s was written at %s, after the process was started at %s. %s; what came of it cannot be seen from outside.",
			file.Path, b.ExactClock(file.Info.ContentTime(), started), b.ExactClock(started, file.Info.ContentTime()), how),
		Evidence: []report.Evidence{report.Observed("changed", sys.Textf("%s at %s", file.Path, b.Clock(file.Info.ContentTime())), sys.Textf("statx %s", file.Path))},
		Fixes:    fixes.IDs(fixes.Restart),
	}
}
