package steps

import (
	"slices"

	"flasktui/steps/report"
	"flasktui/sys"
)

// judgeUnitPaths: the paths that the unit, its drop-ins and Gunicorn's own settings name.
func judgeUnitPaths(v *view) report.Result {
	if program, ok := v.Program(); ok {
		return v.judgeProgramPaths(program)
	}
	if !v.hasUnit {
		return v.noUnit()
	}
	commands := []sys.Text{
		sys.Typed("systemctl cat %s", v.unit.Name),
		sys.Typed("systemctl show -p WorkingDirectory,ExecStart,EnvironmentFiles %s", v.unit.Name),
	}
	var lines []report.Evidence
	for _, one := range v.unitPaths() {
		lines = append(lines, report.Observed(one.key, sys.Textf("%s", one.path), one.source))
	}
	for _, file := range v.Environment.Value.Files {
		state := sys.Text("is there")
		switch {
		case file.Missing && file.Optional:
			state = "does not exist (optional)"
		case file.Missing:
			state = "does not exist"
		case file.Problem != "":
			state = sys.Textf("%s", file.Problem)
		}
		lines = append(lines, report.Observed("EnvironmentFile", sys.Textf("%s %s", file.Path, state), sys.Typed("systemctl cat %s", v.unit.Name)))
		if file.Missing && !file.Optional {
			return failed(sys.Textf("The unit names the EnvironmentFile %s, which does not exist: the next start will fail.", file.Path)).With(commands, lines...)
		}
	}
	if v.unit.KillMode == "process" || v.unit.KillMode == "none" {
		lines = append(lines, report.Observed("KillMode", sys.Textf("%s", v.unit.KillMode), sys.Typed("systemctl show -p KillMode %s", v.unit.Name)))
		return warn(sys.Textf("KillMode=%s lets workers outlive a restart of the unit, with the code that they have.", v.unit.KillMode)).With(commands, lines...)
	}
	if !v.Deployment.Known {
		return unknown(sys.Textf("%s", v.Deployment.Problem)).With(commands, lines...)
	}
	if settings := v.Settings.Value; slices.Contains(settings.Computed, "chdir") {
		return unknown(sys.Textf("chdir in %s is computed by Python, which flasktui does not run", settings.ConfigPath)).With(commands, lines...)
	}
	return ok(sys.Textf("What the unit names leads to %s.", v.Deployment.Value.Active)).With(commands, lines...)
}
