package walk

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

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
