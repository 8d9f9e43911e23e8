package walk

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
)

// Environment is what the process was given beside what is on disk.
func Environment() Step {
	return Step{
		Number: 7, ID: "environment", Title: "Environment",
		Question: "Does the process have the environment that is on disk?",
		Claim:    report.ClaimEnvironment,
		Needs:    []func() facts.Group{facts.GroupEnvironment, facts.GroupCompose},
		Judge:    judgeEnvironment,
		page: guide.Page{
			Asks: "Does the process have the environment that the unit and its files would give it now?",
			Why: "A process gets its environment once, at its start. New settings in a file do nothing until it is started " +
				"again, and the site shows a mixture of new code and old settings.",
			Good: "Every key that the unit and its files set has the same value in the process.",
			Read: "flasktui compares names and whether values differ; it never shows a value. NeedDaemonReload knows nothing of " +
				"environment files. A process that renamed itself (setproctitle) may have wiped its environment: then it is " +
				"unknown, not good.",
			Mistake: "Changing .env and expecting it to win. python-dotenv leaves alone what is set already, so the unit's value " +
				"stays. And a HUP does not read an EnvironmentFile again.",
			Commands: []string{
				"systemctl show {unit} -p Environment,EnvironmentFiles",
				"sudo stat -c '%z %n' {envfile}",
				"sudo cut -z -d= -f1 /proc/{pid}/environ | tr '\\0' '\\n' | sort",
			},
			IfItFails: "Restart the service. A line with a leading - before the file's name means that a missing file is no " +
				"error: check that it exists.",
			See: []string{"env-not-reloaded", "restart"},
		},
	}
}

// judgeEnvironment: names and fingerprints of what is on disk against what the process
// has. No value is shown.
func judgeEnvironment(b *box.Box) report.Result {
	result := manager.Of(b).Environment()
	if result.Status == report.Fail {
		// A container's: it is set when one is made, and a mere restart keeps it.
		result.Fixes = fixes.IDs(fixes.DockerUp)
	}
	return result
}
