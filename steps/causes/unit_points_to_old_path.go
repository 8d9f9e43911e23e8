package causes

import (
	"slices"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func unitPointsToOldPath() Kind {
	return Kind{
		ID: "unit-points-to-old-path", Title: "The unit starts another release or tree",
		Step:  walk.UnitPaths().Number,
		Claim: report.ClaimConfiguration,
		Hop:   report.HopUnit, instead: "starts another release or tree",
		common: true,
		find:   findUnitPath,
		under:  []func() Kind{unitChangeNotApplied},
		page: guide.Page{
			What: "WorkingDirectory, --chdir, ExecStart, the virtualenv or the first line of its gunicorn script names a release " +
				"or tree that is not the one just deployed. Each restart starts the old one again.",
			How: "The unit was written when there was one release and has its full path in it; a drop-in overrides it; the " +
				"virtualenv was copied from another place and its scripts still start the original interpreter.",
			Commands: []string{
				"systemctl cat {unit}",
				"systemctl show {unit} -p WorkingDirectory,ExecStart",
				"head -1 {venv}/bin/gunicorn",
			},
			Prevent: "Name the link in the unit, never a release, and create each virtualenv where it will live.",
			Guard:   []string{"[Service]", "WorkingDirectory={current}", "ExecStart={current}/venv/bin/gunicorn --chdir {current} wsgi:app"},
			See:     []string{"edit-unit", "unit-paths"},
		},
	}
}

// findUnitPath sees a unit that names a release, or an environment, other than the one
// that the link chooses (G20).
func findUnitPath(b *box.Box) *report.Finding {
	program, isProgram := b.Program()
	if !b.HasUnit && !isProgram || !b.Deployment.Known {
		return nil
	}
	deployment := b.Deployment.Value
	var lines []report.Evidence
	proven := false
	paths := b.ProgramPaths(program)
	if b.HasUnit {
		paths = b.UnitPaths()
	}
	for _, one := range paths {
		resolvedElsewhere := deployment.Link != nil && !deployment.Link.Dangling && inOtherRelease(b, one.Path)
		if resolvedElsewhere {
			lines = append(lines, report.Observed(one.Key, sys.Textf("%s", one.Path), one.Source))
			proven = true
		}
	}
	if appDir := deployment.AppDir; appDir != nil && appDir.Problem == "" && appDir.HoldsApp && len(lines) == 0 {
		return nil
	}
	if len(lines) == 0 {
		return unitNamesOlderRelease(b, paths)
	}
	expected := sys.Textf("%s leads to %s.", deployment.Directory, deployment.Active)
	if deployment.Link != nil {
		expected = sys.Textf("%s leads to %s.", deployment.Link.Path, deployment.Active)
	}
	finding := &report.Finding{
		Confidence: confidence(proven),
		Why: sys.Textf("%s names a path of another release, so every start brings that one back, however often it is restarted. %s",
			b.Target.Service, expected),
		Evidence: append(lines, report.Observed("active release", sys.Textf("%s", deployment.Active), "readlink -f")),
		Fixes:    fixes.IDs(fixes.EditUnit),
		Advice:   "Name the current link in the unit, never a release.",
	}
	curedByHand(b, finding)
	return finding
}

// curedByHand puts advice in the place of a fix for what supervisord starts: its section is
// edited by hand.
func curedByHand(b *box.Box, finding *report.Finding) {
	if program, ok := b.Program(); ok && program.Section != nil {
		finding.Fixes = nil
		finding.Advice = sys.Textf("Name the current link in %s, never a release, then have supervisord read it: ", program.Section.File)
		if update := box.AskSupervisor(program, []string{"update", box.ProgramGroup(program)}); len(update) > 0 {
			finding.Advice += update[0]
		} else {
			finding.Advice += "its own user runs " + sys.Typed("supervisorctl update %s", box.ProgramGroup(program))
		}
	}
}

// unitNamesOlderRelease sees a unit that itself names the release, with no link between,
// while a newer one stands beside that. Where the unit was written after the newer release
// was made, it looks like a rollback.
func unitNamesOlderRelease(b *box.Box, paths []box.UnitPath) *report.Finding {
	deployment := b.Deployment.Value
	wanted, found := b.WantedRelease()
	active, isRelease := deployment.ReleaseOf(deployment.Active)
	if deployment.Link != nil || !found || !isRelease || wanted.Path == active.Path {
		return nil
	}
	at := slices.IndexFunc(paths, func(one box.UnitPath) bool { return sys.Within(active.Path, one.Path) })
	if at < 0 {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Likely,
		Why: sys.Textf("%s names %s, and %s stands beside it, complete. No link leads to the newest: whoever deploys has to name it.",
			b.Target.Service, active.Path, wanted.Path),
		Evidence: []report.Evidence{
			report.Observed(paths[at].Key, sys.Textf("%s", paths[at].Path), paths[at].Source),
			report.Observed("newest release", sys.Textf("%s (made %s)", wanted.Path, b.Clock(wanted.MadeAt())), sys.Typed("ls -la %s", deployment.ReleasesDirectory)),
		},
		Fixes:  fixes.IDs(fixes.EditUnit),
		Advice: "Let the deploy keep a link to the live release, and name that in the unit.",
	}
	written := startSettingsWritten(b)
	switch {
	case b.Options.Expect != "":
		finding.Evidence = append(finding.Evidence, report.Observed("expected", sys.Textf("%s", b.Options.Expect), "--expect"))
	case written.IsZero() || box.After(written, wanted.MadeAt()):
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("%s names %s, and was written after %s had been made: that looks like a rollback.", b.Target.Service, active.Path, wanted.Name)
		finding.Advice = sys.Textf("To have a rollback confirmed, say so: --expect %s", active.Name)
	}
	curedByHand(b, finding)
	return finding
}

// startSettingsWritten is when the unit's files, or the program's section, last changed.
func startSettingsWritten(b *box.Box) time.Time {
	var last time.Time
	for _, file := range b.UnitFiles.Value.All() {
		if at := facts.ContentTime(file.Info); at.After(last) {
			last = at
		}
	}
	if program, ok := b.Program(); ok && program.Section != nil {
		last = facts.ContentTime(program.Section.Info)
	}
	return last
}

// inOtherRelease tells whether a path lies, by its own name, in a release that is not
// the active one.
func inOtherRelease(b *box.Box, name string) bool {
	release, ok := b.Deployment.Value.ReleaseOf(name)
	return ok && release.Path != b.Deployment.Value.Active
}
