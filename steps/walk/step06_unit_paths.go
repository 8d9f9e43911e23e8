package walk

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// UnitPaths is what the unit names beside the active release.
func UnitPaths() Step {
	return Step{
		Number: 6, ID: "unit-paths", Title: "Unit paths",
		Question: "Do WorkingDirectory, ExecStart and EnvironmentFile name the active release?",
		Claim:    report.ClaimConfiguration,
		Needs:    []func() facts.Group{facts.GroupUnitFiles, facts.GroupDeployment, facts.GroupEnvironment},
		Judge:    judgeUnitPaths,
		page: guide.Page{
			Asks: "Do the paths in the unit lead to the release that is meant to be live?",
			Why: "A unit that names one release by its full path starts that release for ever. Restarting it changes nothing, " +
				"which is what makes this one so maddening.",
			Good: "WorkingDirectory leads through the link or into the one checkout, and ExecStart names a Gunicorn whose " +
				"virtualenv belongs to it.",
			Read: "What counts is the effective value, after all drop-ins, and what Gunicorn makes of it: --chdir, a " +
				"gunicorn.conf.py or GUNICORN_CMD_ARGS override the unit's directory. The first line of the gunicorn script " +
				"names the interpreter it really uses: a virtualenv that was copied or moved still points to its birthplace.",
			Mistake: "Correcting the unit while a drop-in in UNIT.d/ puts the old path back.",
			Commands: []string{
				"systemctl cat {unit}",
				"systemctl show {unit} -p WorkingDirectory,ExecStart,EnvironmentFiles",
				"head -1 {venv}/bin/gunicorn",
			},
			IfItFails: "Edit the file that sets the value, which `systemctl cat` names above each part; then daemon-reload and restart.",
			See:       []string{"unit-points-to-old-path", "edit-unit"},
		},
	}
}

// judgeUnitPaths: the paths that the unit, its drop-ins and Gunicorn's own settings name.
func judgeUnitPaths(b *box.Box) report.Result {
	if program, ok := b.Program(); ok {
		return judgeProgramPaths(b, program)
	}
	if !b.HasUnit {
		return noUnit(b)
	}
	commands := []sys.Text{
		sys.Typed("systemctl cat %s", b.Unit.Name),
		sys.Typed("systemctl show -p WorkingDirectory,ExecStart,EnvironmentFiles %s", b.Unit.Name),
	}
	var lines []report.Evidence
	for _, one := range b.UnitPaths() {
		lines = append(lines, report.Observed(one.Key, sys.Textf("%s", one.Path), one.Source))
	}
	for _, file := range b.Environment.Value.Files {
		state := sys.Text("is there")
		switch {
		case file.Missing && file.Optional:
			state = "does not exist (optional)"
		case file.Missing:
			state = "does not exist"
		case file.Problem != "":
			state = sys.Textf("%s", file.Problem)
		}
		lines = append(lines, report.Observed("EnvironmentFile", sys.Textf("%s %s", file.Path, state), sys.Typed("systemctl cat %s", b.Unit.Name)))
		if file.Missing && !file.Optional {
			return failed(sys.Textf("The unit names the EnvironmentFile %s, which does not exist: the next start will fail.", file.Path)).With(commands, lines...)
		}
	}
	if b.Unit.KillMode == "process" || b.Unit.KillMode == "none" {
		lines = append(lines, report.Observed("KillMode", sys.Textf("%s", b.Unit.KillMode), sys.Typed("systemctl show -p KillMode %s", b.Unit.Name)))
		return warn(sys.Textf("KillMode=%s lets workers outlive a restart of the unit, with the code that they have.", b.Unit.KillMode)).With(commands, lines...)
	}
	if !b.Deployment.Known {
		return unknown(sys.Textf("%s", b.Deployment.Problem)).With(commands, lines...)
	}
	if settings := b.Settings.Value; slices.Contains(settings.Computed, "chdir") {
		return unknown(sys.Textf("chdir in %s is computed by Python, which flasktui does not run", settings.ConfigPath)).With(commands, lines...)
	}
	return ok(sys.Textf("What the unit names leads to %s.", b.Deployment.Value.Active)).With(commands, lines...)
}
