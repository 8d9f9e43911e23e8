package walk

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
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
			Why: "A unit that names one release by its full path starts that release forever. Restarting it changes nothing, " +
				"which is what makes this one so maddening.",
			Good: "WorkingDirectory leads through the link or into the one checkout, and ExecStart names a server whose " +
				"virtualenv belongs to it.",
			Read: "What counts is the effective value, after all drop-ins, and what the server makes of it: for Gunicorn, --chdir, a " +
				"gunicorn.conf.py or GUNICORN_CMD_ARGS override the unit's directory. The first line of the server's script " +
				"names the interpreter it really uses: a virtualenv that was copied or moved still points to its birthplace.",
			Mistake: "Correcting the unit while a drop-in in UNIT.d/ puts the old path back.",
			Commands: []string{
				"systemctl cat {unit}",
				"systemctl show {unit} -p WorkingDirectory,ExecStart,EnvironmentFiles",
				"head -1 {venv}/bin/{server}",
			},
			IfItFails: "Edit the file that sets the value, which `systemctl cat` names above each part; then daemon-reload and restart.",
			See:       []string{"unit-points-to-old-path", "edit-unit"},
		},
	}
}

// judgeUnitPaths: the paths that are named in what the manager starts the service from, and
// in the server's own settings.
func judgeUnitPaths(b *box.Box) report.Result { return manager.Of(b).Paths() }
