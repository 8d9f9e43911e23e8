package steps

import (
	"strconv"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/systemd"
)

// logFollows bounds how long a log is followed.
const logFollows = 24 * time.Hour

// LogCommand follows the log of the service that was examined, from its last lines on: of
// a unit by journalctl, of a Compose service by Compose, which finds its containers by the
// project's name and reads no file; of a program by supervisorctl, what it writes to
// standard error.
func LogCommand(examination Examination, lines int) sys.Command {
	service := string(examination.Report.Target.Service)
	if examination.facts != nil {
		if program, ok := examination.facts.Program(); ok && program.Refusal == "" {
			return sys.Command{Argv: box.Supervisorctl(program, "tail", "-f", program.Program, "stderr"), Elevate: true, Timeout: logFollows}
		}
	}
	project, name, isCompose := strings.Cut(strings.TrimPrefix(service, "compose:"), "/")
	if !isCompose || !strings.HasPrefix(service, "compose:") {
		return systemd.JournalCommand(service, lines, true)
	}
	name, _, _ = strings.Cut(name, "@")
	words := []string{"logs", "--no-color", "--tail=" + strconv.Itoa(lines), "-f", name}
	command := sys.Command{Argv: append([]string{"docker", "compose", "-p", project}, words...), Timeout: logFollows}
	if examination.facts == nil {
		return command
	}
	b := box.New(examination.facts)
	if container, ok := b.TargetContainer(); ok {
		command = container.Daemon.Look()
		command.Argv, command.Timeout = b.Compose.Value.Argv(docker.ComposeProject{Daemon: container.Daemon, Name: container.Project}, words...), logFollows
		if b.Compose.Value.Older {
			// docker-compose 1 does nothing without its files.
			command.Argv = container.Daemon.Argv("logs", "--tail", strconv.Itoa(lines), "-f", container.ID)
		}
	}
	return command
}
