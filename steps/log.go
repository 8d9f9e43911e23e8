package steps

import (
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
)

// logFollows bounds how long a log is followed.
const logFollows = 24 * time.Hour

// LogCommand follows the log of the service that was examined, from its last lines on: of
// a unit by journalctl, of a Compose service by Compose, with the files that it was made
// from.
func LogCommand(examination Examination, lines int) sys.Command {
	service := string(examination.Report.Target.Service)
	project, name, isCompose := strings.Cut(strings.TrimPrefix(service, "compose:"), "/")
	if !isCompose || !strings.HasPrefix(service, "compose:") {
		return sys.JournalCommand(service, lines, true)
	}
	words := []string{"logs", "--no-color", "--tail=" + strconv.Itoa(lines), "-f", name}
	command := sys.Command{Argv: append([]string{"docker", "compose", "-p", project}, words...), Timeout: logFollows}
	if examination.facts == nil {
		return command
	}
	v := newView(examination.facts)
	if container, ok := v.TargetContainer(); ok {
		command.Argv = v.composeArgv(container, words...)
	}
	command.Elevate = v.DockerAsRoot
	return command
}
