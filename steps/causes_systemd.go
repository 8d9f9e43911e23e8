package steps

import (
	"slices"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// findUnitNotApplied sees a unit that changed, and was loaded, after the process was
// started (G18).
func findUnitNotApplied(v *view) *report.Finding {
	if program, ok := v.Program(); ok {
		return findProgramNotApplied(v, program)
	}
	started := v.mainStarted()
	if !v.hasUnit || started.IsZero() || !v.UnitFiles.Known {
		return nil
	}
	for _, file := range v.UnitFiles.Value.All() {
		at := facts.ContentTime(file.Info)
		if !after(at, started) {
			continue
		}
		differs := v.processDiffersFromUnit()
		finding := &report.Finding{
			Confidence: report.Certain,
			Why: sys.Textf("%s was changed at %s, and the main process %d has run since %s: it was started from the unit as it was before. Only a restart applies the change.",
				file.Path, v.exactClock(at, started), v.unit.MainPID, v.exactClock(started, at)),
			Evidence: []report.Evidence{
				report.Observed("unit changed", sys.Textf("%s at %s", file.Path, v.exactClock(at, started)), sys.Textf("statx %s", file.Path)),
				report.Observed("main process started", v.exactClock(started, at), sys.Textf("systemctl show -p ExecMainStartTimestamp %s", v.unit.Name)),
			},
			Fixes: []string{"restart"},
		}
		if differs != "" {
			finding.Evidence = append(finding.Evidence, report.Observed("differs", differs, "/proc/PID and systemctl show"))
		} else if v.processMatchesUnit() {
			// The file was written, but nothing in it that a process shows.
			finding.Confidence = report.Possible
			finding.Why += " What can be compared (command line, directory, environment) is the same in both."
		}
		if differs == "" && !v.clockDecides(at, started) {
			finding.Confidence = report.Possible
			finding.Why = sys.Textf("%s was changed at %s; whether the main process %d was started before or after is not known: %s.",
				file.Path, v.clock(at), v.unit.MainPID, v.clockWords())
		}
		return finding
	}
	return v.configChanged()
}

// configChanged sees a Gunicorn configuration file that was written after every worker was
// started: Gunicorn reads it when it is started or told to reload. Whether its content is
// another cannot be told from the process.
func (v *view) configChanged() *report.Finding {
	settings := v.Settings.Value
	at := facts.ContentTime(settings.ConfigInfo)
	started := newestStart(v.main.Workers)
	if !v.running || settings.ConfigPath == "" || started.IsZero() || !after(at, started) {
		return nil
	}
	return &report.Finding{
		Confidence: report.Possible,
		Why: sys.Textf("%s was written at %s, after the last of the workers was started at %s. Gunicorn reads it when it starts or reloads; what the process took from it cannot be seen.",
			settings.ConfigPath, v.exactClock(at, started), v.exactClock(started, at)),
		Evidence: []report.Evidence{report.Observed("configuration file changed", sys.Textf("%s at %s", settings.ConfigPath, v.clock(at)), sys.Typed("statx %s", settings.ConfigPath))},
		Fixes:    []string{"restart", "hup"},
	}
}

// mainStarted is when the unit's main process was started.
func (v *view) mainStarted() time.Time {
	if v.running && (v.main.Master.PID == v.unit.MainPID || !v.hasUnit) {
		return v.main.Master.Started
	}
	return v.unit.MainStarted
}

// processDiffersFromUnit says in words what the process shows otherwise than the loaded
// unit would give it; empty where nothing is seen to differ.
func (v *view) processDiffersFromUnit() sys.Text {
	if !v.running {
		return ""
	}
	settings, loaded := v.Settings.Value, v.unit.Settings
	directory := strings.TrimSuffix(v.main.Master.Directory, " (deleted)")
	switch {
	case settings.Chdir == "" && directory != "" && v.Deployment.Value.Problem == "" && v.Deployment.Value.Resolved != "" &&
		directory != v.Deployment.Value.Resolved && !v.unitLeadsThroughLink():
		return sys.Textf("it stands in %s, and the unit says %s", directory, v.unit.WorkingDirectory)
	case v.main.Master.Titled:
		return ""
	case len(loaded.Bind) > 0 && !slices.Equal(loaded.Bind, v.main.Settings.Bind):
		return "--bind"
	case loaded.Chdir != v.main.Settings.Chdir:
		return "--chdir"
	case loaded.App != "" && loaded.App != v.main.Settings.App:
		return "the app's name"
	case loaded.Workers != 0 && loaded.Workers != v.main.Settings.Workers:
		return "--workers"
	case loaded.ConfigFile != v.main.Settings.ConfigFile:
		return "--config"
	case settings.From == "process" && len(v.unit.ExecStart) == 1 && !sameArguments(v.unit.ExecStart[0], v.main.Master.CommandLine):
		return "the command line"
	}
	if names, _ := v.environmentDifferences(); len(names) > 0 {
		return sys.Textf("environment: %s", strings.Join(names, ", "))
	}
	return ""
}

// unitLeadsThroughLink tells whether the unit names the link: then a process that stands
// elsewhere may only be older than the link.
func (v *view) unitLeadsThroughLink() bool {
	_, through := v.Deployment.Value.Link.Rest(v.unit.WorkingDirectory)
	return through
}

// sameArguments compares a unit's command with a process's, which has the interpreter of
// the script's first line before it.
func sameArguments(unit []string, process []sys.Text) bool {
	if len(unit) == 0 || len(process) < len(unit) {
		return false
	}
	tail := process[len(process)-len(unit):]
	for index, word := range unit {
		if index > 0 && string(sys.Safe(word)) != string(tail[index]) {
			return false
		}
	}
	return true
}

// processMatchesUnit tells whether all that can be compared was readable and is the same.
func (v *view) processMatchesUnit() bool {
	return v.running && !v.main.Master.Titled && v.main.Master.Prints != nil && v.main.Master.Directory != ""
}

// findEnvironment sees variables on disk that the process does not have (G19, G16). Only
// names are told.
func findEnvironment(v *view) *report.Finding {
	unit, dotEnv := v.unitEnvironmentFinding(), v.dotEnvFinding()
	if unit != nil && (unit.Decides() || dotEnv == nil || !dotEnv.Decides()) {
		return unit
	}
	return dotEnv
}

// unitEnvironmentFinding compares what the unit and its files set.
func (v *view) unitEnvironmentFinding() *report.Finding {
	started := v.mainStarted()
	if !v.hasUnit || !v.Environment.Known || !v.running || started.IsZero() {
		return nil
	}
	names, comparable := v.environmentDifferences()
	changedFile, changedAt := v.changedEnvironmentFile(started)
	switch {
	case comparable && len(names) == 0, !comparable && changedFile == "":
		return nil
	case !comparable:
		return &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("%s was written at %s, after the process was started at %s; systemd reads it at the start alone. What the process has could not be read, so the two are not compared.",
				changedFile, v.clock(changedAt), v.clock(started)),
			Evidence: []report.Evidence{report.Observed("environment file changed", sys.Textf("%s at %s", changedFile, v.clock(changedAt)), sys.Textf("statx %s", changedFile))},
			Fixes:    []string{"restart"},
		}
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The process was started at %s and does not have what is on disk now: %s. systemd reads environment files only when it starts a process; a HUP does not read them again.",
			v.exactClock(started, changedAt), strings.Join(names, ", ")),
		Fixes: []string{"restart"},
	}
	if changedFile == "" {
		// Nothing on disk is newer than the process, so a wrapper may have set them.
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("The process has other values than the unit and its files for %s, though neither changed since it was started: something between them sets these.", strings.Join(names, ", "))
	} else {
		finding.Evidence = append(finding.Evidence, report.Observed("changed", sys.Textf("%s at %s", changedFile, v.exactClock(changedAt, started)), sys.Textf("statx %s", changedFile)))
	}
	for _, name := range names {
		finding.Evidence = append(finding.Evidence, report.Observed(name, "differs", sys.Textf("/proc/%d/environ against %s", v.main.Master.PID, v.Environment.Value.From[name])))
	}
	return finding
}

// environmentDifferences names the variables of the unit and its files that the process
// has otherwise or not at all; comparable is false where its environment could not be
// read.
func (v *view) environmentDifferences() (names []string, comparable bool) {
	if !v.running || v.main.Master.Prints == nil || !v.Environment.Known {
		return nil, false
	}
	for name, print := range v.Environment.Value.Prints {
		if v.main.Master.Prints[name] != print && !setBySystemd(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, true
}

// setBySystemd are variables that systemd, or Gunicorn itself, may set otherwise than
// the files do.
func setBySystemd(name string) bool {
	return slices.Contains([]string{"PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "LANG"}, name)
}

// changedEnvironmentFile is the environment file, unit file or drop-in changed last after
// a time; empty for none.
func (v *view) changedEnvironmentFile(since time.Time) (name string, at time.Time) {
	consider := func(candidate string, info sys.FileInfo) {
		if changed := facts.ContentTime(info); after(changed, since) && changed.After(at) {
			name, at = candidate, changed
		}
	}
	for _, file := range v.Environment.Value.Files {
		consider(file.Path, file.Info)
	}
	for _, file := range v.UnitFiles.Value.All() {
		consider(file.Path, file.Info)
	}
	return name, at
}

// dotEnvFinding sees a .env that python-dotenv would read at import, written after that.
func (v *view) dotEnvFinding() *report.Finding {
	file := v.Environment.Value.DotEnv
	if len(v.loaders) == 0 || !v.running {
		return nil
	}
	// Whoever imported the app read it: after a reload that is the workers.
	started := v.loaders[0].process.Started
	for _, one := range v.staying() {
		if one.process.Started.Before(started) {
			started = one.process.Started
		}
	}
	if file == nil || !after(facts.ContentTime(file.Info), started) {
		return nil
	}
	how, sure := sys.Text("If the app reads it (python-dotenv), it does so at import alone"), report.Possible
	if v.Code.Value.LoadsDotEnv {
		how, sure = "The app reads it as it is imported, and not again", report.Likely
	}
	if !v.clockDecides(facts.ContentTime(file.Info), started) {
		how, sure = how+"; and "+v.clockWords(), report.Possible
	}
	return &report.Finding{
		Confidence: sure,
		Why: sys.Textf("%s was written at %s, after the process was started at %s. %s; what came of it cannot be seen from outside.",
			file.Path, v.exactClock(facts.ContentTime(file.Info), started), v.exactClock(started, facts.ContentTime(file.Info)), how),
		Evidence: []report.Evidence{report.Observed("changed", sys.Textf("%s at %s", file.Path, v.clock(facts.ContentTime(file.Info))), sys.Textf("statx %s", file.Path))},
		Fixes:    []string{"restart"},
	}
}
