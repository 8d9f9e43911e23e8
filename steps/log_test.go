package steps

import (
	"strings"
	"testing"

	"flasktui/steps/facts/factstest"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// TestTheLogReadsNoFile: whoever keeps a project's files has no say in what is run for its
// log, and a user's own Docker is asked as that user.
func TestTheLogReadsNoFile(t *testing.T) {
	t.Parallel()
	for want, older := range map[string]bool{"docker compose -p shop logs": false, "docker logs --tail": true} {
		for name, owner := range map[string]sys.Account{"root's": {}, "ada's": {UID: 1001, Name: "ada", Home: "/home/ada"}} {
			known := factstest.Compose("2.26.1", older, docker.Image{})
			known.Containers.Value[0].Daemon.Owner = owner
			examination := Examination{facts: known}
			examination.Report.Target.Service = "compose:shop/web"
			command, _ := LogCommand(examination, 20)
			line := sys.CommandLine(command.Argv)
			if !strings.HasPrefix(line, want) || strings.Contains(line, "/srv/shop") || (command.As != nil) != (owner.UID != 0) {
				t.Errorf("%s: %s, as %v", name, line, command.As)
			}
		}
	}
}
