package steps

import (
	"strings"
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// TestTheLogReadsNoFile: whoever keeps a project's files has no say in what is run for its
// log, and a user's own Docker is asked as that user.
func TestTheLogReadsNoFile(t *testing.T) {
	t.Parallel()
	for want, older := range map[string]bool{"docker compose -p shop logs": false, "docker logs --tail": true} {
		for name, owner := range map[string]sys.Account{"root's": {}, "ada's": {UID: 1001, Name: "ada", Home: "/home/ada"}} {
			b := madeBy("2.26.1", older, docker.Image{})
			b.Containers.Value[0].Daemon.Owner = owner
			examination := Examination{facts: b.Facts}
			examination.Report.Target.Service = "compose:shop/web"
			command := LogCommand(examination, 20)
			line := sys.CommandLine(command.Argv)
			if !strings.HasPrefix(line, want) || strings.Contains(line, "/srv/shop") || (command.As != nil) != (owner.UID != 0) {
				t.Errorf("%s: %s, as %v", name, line, command.As)
			}
		}
	}
}

// madeBy is a running container that a version of Compose made, with an older Compose, or
// the present one, on the box.
func madeBy(version string, older bool, image docker.Image) *box.Box {
	container := docker.Container{
		ID: "one", Name: "shop_web_1", Project: "shop", Service: "web", State: "running", PID: 7,
		ImageID: "sha256:1", ImageName: "shop_web", ComposeVersion: version, ProjectDir: "/srv/shop", ConfigFiles: []string{"/srv/shop/docker-compose.yml"},
	}
	compose := docker.Compose{Tool: []string{"docker", "compose"}, Older: older}
	if older {
		compose.Tool = []string{"docker-compose"}
	}
	return box.New(&facts.Facts{
		Containers: facts.Of([]docker.Container{container}, ""), Target: facts.Target{Service: "compose:shop/web", Container: "one"},
		Compose: facts.Of(facts.ComposeFacts{Compose: compose, Project: container.ComposeProject()}, ""),
		Images:  facts.Of(map[string]docker.Image{"sha256:1": image}, ""),
	})
}
