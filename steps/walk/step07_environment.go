package walk

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
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
	if container, ok := b.TargetContainer(); ok {
		return judgeContainerEnvironment(b, container)
	}
	if program, ok := b.Program(); ok {
		return judgeProgramEnvironment(b, program)
	}
	if !b.HasUnit {
		return noUnit(b)
	}
	commands := []sys.Text{
		sys.Typed("systemctl show %s | grep -E 'Environment=|EnvironmentFiles='", b.Unit.Name),
	}
	if b.Running {
		commands = append(commands, sys.Textf("sudo cat /proc/%d/environ | tr '\\0' '\\n' | cut -d= -f1 | sort", b.Gunicorn.Master.PID))
	}
	if !b.Environment.Known {
		return notKnown(b.Environment).With(commands)
	}
	var lines []report.Evidence
	for _, file := range b.Environment.Value.Files {
		if file.Problem != "" {
			return unknown(sys.Textf("%s: %s", file.Path, file.Problem)).With(commands, lines...)
		}
		if !file.Missing {
			lines = append(lines, report.Observed("file", sys.Textf("%s sets %s", file.Path, strings.Join(file.Names, ", ")), sys.Textf("EnvironmentFile= of %s", b.Unit.Name)))
		}
	}
	if overruled := b.Environment.Value.DotEnvOverruled; len(overruled) > 0 {
		lines = append(lines, report.Observed("set twice", sys.Textf("%s: the unit's value wins over .env", strings.Join(overruled, ", ")), sys.Textf("%s", b.Environment.Value.DotEnv.Path)))
	}
	if !b.Running {
		return unknown("no process of the service runs").With(commands, lines...)
	}
	total := len(b.Environment.Value.Prints)
	names, compared := b.EnvironmentDifferences()
	if !compared {
		reason := b.Gunicorn.Master.Unreadable["environ"]
		if total == 0 && len(b.Environment.Value.Files) == 0 {
			return ok("The unit sets no environment of its own.").With(commands, lines...)
		}
		started := b.MainStarted()
		if changed, _ := b.ChangedEnvironmentFile(started); changed == "" && !started.IsZero() && b.UnitFiles.Known {
			return ok(sys.Textf("By times alone: neither the unit nor its environment files changed after process %d was started. (Its environment could not be read: %s.)", b.Gunicorn.Master.PID, reason)).With(commands, lines...)
		}
		return unknown(sys.Textf("the environment of process %d could not be read: %s", b.Gunicorn.Master.PID, reason)).With(commands, lines...)
	}
	if len(names) == 0 && total == 0 {
		return ok("The unit sets no environment of its own.").With(commands, lines...)
	}
	return ok(sys.Textf("All %d variables that the unit and its files set are the same in process %d.", total-len(names), b.Gunicorn.Master.PID)).With(commands, lines...)
}

// judgeContainerEnvironment: what the Compose files and their environment files give,
// against what the container was made with.
func judgeContainerEnvironment(b *box.Box, container docker.Container) report.Result {
	commands := []sys.Text{
		b.ComposeLine(container, "config", container.Service),
		sys.Typed("docker inspect -f '{{range .Config.Env}}{{println .}}{{end}}' %s | cut -d= -f1", container.Name),
	}
	compose := b.Compose.Value
	switch {
	case !b.Compose.Known:
		return notKnown(b.Compose).With(commands)
	case compose.Service == nil:
		return skipped(sys.Textf("%s; that the configuration is the same as a whole is told by its hash in step 12", compose.ModelProblem)).With(commands)
	}
	var lines []report.Evidence
	for _, name := range b.ContainerEnvironmentDifferences() {
		lines = append(lines, report.Observed(name, "differs", sys.Typed("docker compose config, against docker inspect %s", container.Name)))
	}
	switch {
	case len(lines) > 0 && len(compose.Unset) == 0:
		result := failed(sys.Textf("The container has another environment than the Compose files give: %s. It is set when a container is made, not when it is restarted.",
			strings.Join(b.ContainerEnvironmentDifferences(), ", "))).With(commands, lines...)
		result.Fixes = fixes.IDs(fixes.DockerUp)
		return result
	case len(compose.Unset) > 0:
		return warn(sys.Textf("The Compose files take %s from the shell of whoever runs Compose, so that what it would be cannot be told from here.", strings.Join(compose.Unset, ", "))).With(commands, lines...)
	}
	return ok(sys.Textf("All %d variables that the Compose files set are the same in the container.", len(compose.Prints))).With(commands, lines...)
}
