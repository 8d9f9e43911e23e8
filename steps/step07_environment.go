package steps

import (
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// judgeEnvironment: names and fingerprints of what is on disk against what the process
// has. No value is shown.
func judgeEnvironment(v *view) report.Result {
	if container, ok := v.TargetContainer(); ok {
		return v.judgeContainerEnvironment(container)
	}
	if program, ok := v.Program(); ok {
		return v.judgeProgramEnvironment(program)
	}
	if !v.hasUnit {
		return v.noUnit()
	}
	commands := []sys.Text{
		sys.Typed("systemctl show %s | grep -E 'Environment=|EnvironmentFiles='", v.unit.Name),
	}
	if v.running {
		commands = append(commands, sys.Textf("sudo cat /proc/%d/environ | tr '\\0' '\\n' | cut -d= -f1 | sort", v.main.Master.PID))
	}
	if !v.Environment.Known {
		return notKnown(v.Environment).With(commands)
	}
	var lines []report.Evidence
	for _, file := range v.Environment.Value.Files {
		if file.Problem != "" {
			return unknown(sys.Textf("%s: %s", file.Path, file.Problem)).With(commands, lines...)
		}
		if !file.Missing {
			lines = append(lines, report.Observed("file", sys.Textf("%s sets %s", file.Path, strings.Join(file.Names, ", ")), sys.Textf("EnvironmentFile= of %s", v.unit.Name)))
		}
	}
	if overruled := v.Environment.Value.DotEnvOverruled; len(overruled) > 0 {
		lines = append(lines, report.Observed("set twice", sys.Textf("%s: the unit's value wins over .env", strings.Join(overruled, ", ")), sys.Textf("%s", v.Environment.Value.DotEnv.Path)))
	}
	if !v.running {
		return unknown("no process of the service runs").With(commands, lines...)
	}
	total := len(v.Environment.Value.Prints)
	names, comparable := v.environmentDifferences()
	if !comparable {
		reason := v.main.Master.Unreadable["environ"]
		if total == 0 && len(v.Environment.Value.Files) == 0 {
			return ok("The unit sets no environment of its own.").With(commands, lines...)
		}
		started := v.mainStarted()
		if changed, _ := v.changedEnvironmentFile(started); changed == "" && !started.IsZero() && v.UnitFiles.Known {
			return ok(sys.Textf("By times alone: neither the unit nor its environment files changed after process %d was started. (Its environment could not be read: %s.)", v.main.Master.PID, reason)).With(commands, lines...)
		}
		return unknown(sys.Textf("the environment of process %d could not be read: %s", v.main.Master.PID, reason)).With(commands, lines...)
	}
	if len(names) == 0 && total == 0 {
		return ok("The unit sets no environment of its own.").With(commands, lines...)
	}
	return ok(sys.Textf("All %d variables that the unit and its files set are the same in process %d.", total-len(names), v.main.Master.PID)).With(commands, lines...)
}

// judgeContainerEnvironment: what the Compose files and their environment files give,
// against what the container was made with.
func (v *view) judgeContainerEnvironment(container docker.Container) report.Result {
	commands := []sys.Text{
		v.composeLine(container, "config", container.Service),
		sys.Typed("docker inspect -f '{{range .Config.Env}}{{println .}}{{end}}' %s | cut -d= -f1", container.Name),
	}
	compose := v.Compose.Value
	switch {
	case !v.Compose.Known:
		return notKnown(v.Compose).With(commands)
	case compose.Service == nil:
		return skipped(sys.Textf("%s; that the configuration is the same as a whole is told by its hash in step 12", compose.ModelProblem)).With(commands)
	}
	var lines []report.Evidence
	for _, name := range v.containerEnvironmentDifferences() {
		lines = append(lines, report.Observed(name, "differs", sys.Typed("docker compose config, against docker inspect %s", container.Name)))
	}
	switch {
	case len(lines) > 0 && len(compose.Unset) == 0:
		result := failed(sys.Textf("The container has another environment than the Compose files give: %s. It is set when a container is made, not when it is restarted.",
			strings.Join(v.containerEnvironmentDifferences(), ", "))).With(commands, lines...)
		result.Fixes = []string{"docker-up"}
		return result
	case len(compose.Unset) > 0:
		return warn(sys.Textf("The Compose files take %s from the shell of whoever runs Compose, so that what it would be cannot be told from here.", strings.Join(compose.Unset, ", "))).With(commands, lines...)
	}
	return ok(sys.Textf("All %d variables that the Compose files set are the same in the container.", len(compose.Prints))).With(commands, lines...)
}
