package steps

import (
	"path"
	"slices"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/systemd"
)

// findUnitPath sees a unit that names a release, or an environment, other than the one
// that the link chooses (G20).
func findUnitPath(v *view) *report.Finding {
	program, isProgram := v.Program()
	if !v.hasUnit && !isProgram || !v.Deployment.Known {
		return nil
	}
	deployment := v.Deployment.Value
	var lines []report.Evidence
	proven := false
	paths := v.programPaths(program)
	if v.hasUnit {
		paths = v.unitPaths()
	}
	for _, one := range paths {
		resolvedElsewhere := deployment.Link != nil && !deployment.Link.Dangling && v.inOtherRelease(one.path)
		if resolvedElsewhere {
			lines = append(lines, report.Observed(one.key, sys.Textf("%s", one.path), one.source))
			proven = true
		}
	}
	if appDir := deployment.AppDir; appDir != nil && appDir.Problem == "" && appDir.HoldsApp && len(lines) == 0 {
		return nil
	}
	if len(lines) == 0 {
		return v.unitNamesOlderRelease(paths)
	}
	expected := sys.Textf("%s leads to %s.", deployment.Directory, deployment.Active)
	if deployment.Link != nil {
		expected = sys.Textf("%s leads to %s.", deployment.Link.Path, deployment.Active)
	}
	finding := &report.Finding{
		Confidence: confidence(proven),
		Why: sys.Textf("%s names a path of another release, so every start brings that one back, however often it is restarted. %s",
			v.Target.Service, expected),
		Evidence: append(lines, report.Observed("active release", sys.Textf("%s", deployment.Active), "readlink -f")),
		Fixes:    []string{"edit-unit"},
		Advice:   "Name the current link in the unit, never a release.",
	}
	v.curedByHand(finding)
	return finding
}

// curedByHand puts advice in the place of a fix for what supervisord starts: its section is
// edited by hand.
func (v *view) curedByHand(finding *report.Finding) {
	if program, ok := v.Program(); ok && program.Section != nil {
		finding.Fixes = nil
		finding.Advice = sys.Textf("Name the current link in %s, never a release, then have supervisord read it: ", program.Section.File)
		if update := askSupervisor(program, []string{"update", programGroup(program)}); len(update) > 0 {
			finding.Advice += update[0]
		} else {
			finding.Advice += "its own user runs " + sys.Typed("supervisorctl update %s", programGroup(program))
		}
	}
}

// unitNamesOlderRelease sees a unit that itself names the release, with no link between,
// while a newer one stands beside that. Where the unit was written after the newer release
// was made, it looks like a rollback.
func (v *view) unitNamesOlderRelease(paths []unitPath) *report.Finding {
	deployment := v.Deployment.Value
	wanted, found := v.wantedRelease()
	active, isRelease := deployment.ReleaseOf(deployment.Active)
	if deployment.Link != nil || !found || !isRelease || wanted.Path == active.Path {
		return nil
	}
	at := slices.IndexFunc(paths, func(one unitPath) bool { return sys.Within(active.Path, one.path) })
	if at < 0 {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Likely,
		Why: sys.Textf("%s names %s, and %s stands beside it, complete. No link leads to the newest: whoever deploys has to name it.",
			v.Target.Service, active.Path, wanted.Path),
		Evidence: []report.Evidence{
			report.Observed(paths[at].key, sys.Textf("%s", paths[at].path), paths[at].source),
			report.Observed("newest release", sys.Textf("%s (made %s)", wanted.Path, v.clock(wanted.MadeAt())), sys.Typed("ls -la %s", deployment.ReleasesDirectory)),
		},
		Fixes:  []string{"edit-unit"},
		Advice: "Let the deploy keep a link to the live release, and name that in the unit.",
	}
	written := v.startSettingsWritten()
	switch {
	case v.Options.Expect != "":
		finding.Evidence = append(finding.Evidence, report.Observed("expected", sys.Textf("%s", v.Options.Expect), "--expect"))
	case written.IsZero() || after(written, wanted.MadeAt()):
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("%s names %s, and was written after %s had been made: that looks like a rollback.", v.Target.Service, active.Path, wanted.Name)
		finding.Advice = sys.Textf("To have a rollback confirmed, say so: --expect %s", active.Name)
	}
	v.curedByHand(finding)
	return finding
}

// startSettingsWritten is when the unit's files, or the program's section, last changed.
func (v *view) startSettingsWritten() time.Time {
	var last time.Time
	for _, file := range v.UnitFiles.Value.All() {
		if at := facts.ContentTime(file.Info); at.After(last) {
			last = at
		}
	}
	if program, ok := v.Program(); ok && program.Section != nil {
		last = facts.ContentTime(program.Section.Info)
	}
	return last
}

// unitPath is one path that the unit on disk names.
type unitPath struct {
	key, path string
	source    sys.Text
}

// absolutePaths leaves out what is no path, or one that depends on where it is read.
func absolutePaths(paths ...unitPath) []unitPath {
	return slices.DeleteFunc(paths, func(one unitPath) bool { return !path.IsAbs(one.path) })
}

// unitPaths are the paths that decide what is started, from the files on disk where they
// could be read, since those are what a restart will go by.
func (v *view) unitPaths() []unitPath {
	files, settings := v.UnitFiles.Value, v.Settings.Value
	cat := sys.Textf("systemctl cat %s", v.unit.Name)
	located := func(setting systemd.LocatedSetting) sys.Text {
		if setting.File == "" {
			return cat
		}
		return sys.Textf("%s:%d", setting.File, setting.Line)
	}
	var paths []unitPath
	add := func(key, name string, source sys.Text) {
		paths = append(paths, absolutePaths(unitPath{key, name, source})...)
	}
	directory, directorySource := v.unit.WorkingDirectory, cat
	chdir, command := v.unit.Settings.Chdir, v.unit.ExecStart
	if v.UnitFiles.Known && files.Fragment != nil {
		directory, directorySource = files.WorkingDirectory.Value, located(files.WorkingDirectory)
		chdir, command = files.Settings.Chdir, [][]string{files.ExecStart}
	}
	add("WorkingDirectory", directory, directorySource)
	add("--chdir", chdir, located(files.ExecStartAt))
	switch {
	case settings.Chdir == chdir:
	case v.unit.Settings.Chdir == settings.Chdir:
		add("--chdir in GUNICORN_CMD_ARGS", settings.Chdir, sys.Textf("systemctl show -p Environment %s", v.unit.Name))
	case settings.ConfigPath != "":
		add("chdir in "+path.Base(settings.ConfigPath), settings.Chdir, sys.Textf("%s", settings.ConfigPath))
	}
	for _, argv := range command {
		if len(argv) > 0 {
			add("ExecStart", argv[0], located(files.ExecStartAt))
		}
	}
	for _, entry := range settings.PythonPath {
		add("--pythonpath", entry, cat)
	}
	if settings.Shebang != "" {
		add("first line of "+settings.Script, settings.Shebang, sys.Textf("head -1 %s", settings.Script))
	}
	return paths
}

// inOtherRelease tells whether a path lies, by its own name, in a release that is not
// the active one.
func (v *view) inOtherRelease(name string) bool {
	release, ok := v.Deployment.Value.ReleaseOf(name)
	return ok && release.Path != v.Deployment.Value.Active
}
