package causes

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
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
			What: "WorkingDirectory, --chdir, ExecStart, the virtualenv or the first line of its server's script names a release " +
				"or tree that is not the one just deployed. Each restart starts the old one again.",
			How: "The unit was written when there was one release and has its full path in it; a drop-in overrides it; the " +
				"virtualenv was copied from another place and its scripts still start the original interpreter.",
			Commands: []string{
				"systemctl cat {unit}",
				"systemctl show {unit} -p WorkingDirectory,ExecStart",
				"head -1 {venv}/bin/{server}",
			},
			Prevent: "Name the link in the unit, never a release, and create each virtualenv where it will live.",
			Guard:   []string{"[Service]", "WorkingDirectory={current}", "ExecStart={current}/venv/bin/gunicorn --chdir {current} wsgi:app"},
			See:     []string{"edit-unit", "unit-paths"},
		},
	}
}

// findUnitPath sees a unit, or whatever else a manager starts the service from, that names a
// release, or an environment, other than the one that the link chooses (G20).
func findUnitPath(b *box.Box) *report.Finding {
	declared := manager.Of(b).Declaration()
	if len(declared.Paths) == 0 || !b.Deployment.Known {
		return nil
	}
	deployment := b.Deployment.Value
	var lines []report.Evidence
	for _, one := range declared.Paths {
		if deployment.Link != nil && !deployment.Link.Dangling && inOtherRelease(b, one.Path) {
			lines = append(lines, report.Observed(one.Key, sys.Textf("%s", one.Path), one.Source))
		}
	}
	if appDir := deployment.AppDir; appDir != nil && appDir.Problem == "" && appDir.HoldsApp && len(lines) == 0 {
		return nil
	}
	if len(lines) == 0 {
		return unitNamesOlderRelease(b, declared)
	}
	return cured(declared, &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("%s names a path of another release, so every start brings that one back, however often it is restarted. %s leads to %s.",
			b.Target.Service, deployment.Link.Path, deployment.Active),
		Evidence: append(lines, report.Observed("active release", sys.Textf("%s", deployment.Active), "readlink -f")),
	})
}

// cured says how to change what is declared: by the fix that opens an editor, or by hand. It
// is called what its manager calls it.
func cured(declared manager.Declaration, finding *report.Finding) *report.Finding {
	finding.Title = "The " + declared.Noun + " starts another release or tree"
	if finding.Advice = declared.Advice; declared.Editable {
		finding.Fixes = fixes.IDs(fixes.EditUnit)
	}
	return finding
}

// unitNamesOlderRelease sees a unit that itself names the release, with no link between,
// while a newer one stands beside that. Where the unit was written after the newer release
// was made, it looks like a rollback.
func unitNamesOlderRelease(b *box.Box, declared manager.Declaration) *report.Finding {
	paths := declared.Paths
	deployment := b.Deployment.Value
	wanted, found := b.WantedRelease()
	active, isRelease := deployment.ReleaseOf(deployment.Active)
	if deployment.Link != nil || !found || !isRelease || wanted.Path == active.Path {
		return nil
	}
	at := slices.IndexFunc(paths, func(one box.NamedPath) bool { return sys.Within(active.Path, one.Path) })
	if at < 0 {
		return nil
	}
	finding := cured(declared, &report.Finding{
		Confidence: report.Likely,
		Why: sys.Textf("%s names %s, and %s stands beside it, complete. No link leads to the newest: whoever deploys has to name it.",
			b.Target.Service, active.Path, wanted.Path),
		Evidence: []report.Evidence{
			report.Observed(paths[at].Key, sys.Textf("%s", paths[at].Path), paths[at].Source),
			report.Observed("newest release", sys.Textf("%s (made %s)", wanted.Path, b.Clock(wanted.MadeAt())), sys.Typed("ls -la %s", deployment.ReleasesDirectory)),
		},
	})
	if declared.Editable {
		finding.Advice = sys.Textf("Let the deploy keep a link to the live release, and name that in the %s.", declared.Noun)
	}
	written := declared.Written
	switch {
	case b.Options.Expect != "":
		finding.Evidence = append(finding.Evidence, report.Observed("expected", sys.Textf("%s", b.Options.Expect), "--expect"))
	case written.IsZero() || box.After(written, wanted.MadeAt()):
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("%s names %s, and was written after %s had been made: that looks like a rollback.", b.Target.Service, active.Path, wanted.Name)
		finding.Advice = sys.Textf("To have a rollback confirmed, say so: --expect %s", active.Name)
	}
	return finding
}

// inOtherRelease tells whether a path lies, by its own name, in a release that is not
// the active one.
func inOtherRelease(b *box.Box, name string) bool {
	release, ok := b.Deployment.Value.ReleaseOf(name)
	return ok && release.Path != b.Deployment.Value.Active
}
