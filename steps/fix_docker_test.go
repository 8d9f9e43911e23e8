package steps

import (
	"strings"
	"testing"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// madeBy is a running container that a version of Compose made, with an older Compose, or
// the present one, on the box.
func madeBy(version string, older bool, image sys.Image) *view {
	container := sys.Container{
		ID: "one", Name: "shop_web_1", Project: "shop", Service: "web", State: "running", PID: 7,
		ImageID: "sha256:1", ImageName: "shop_web", ComposeVersion: version, ProjectDir: "/srv/shop", ConfigFiles: []string{"/srv/shop/docker-compose.yml"},
	}
	compose := sys.Compose{Tool: []string{"docker", "compose"}, Older: older}
	if older {
		compose.Tool = []string{"docker-compose"}
	}
	return newView(&facts.Facts{
		Containers: facts.Of([]sys.Container{container}, ""), Target: facts.Target{Service: "compose:shop/web", Container: "one"},
		Compose: facts.Of(facts.ComposeFacts{Compose: compose, Project: container.ComposeProject()}, ""),
		Images:  facts.Of(map[string]sys.Image{"sha256:1": image}, ""),
	})
}

// TestDockerUpOfOlderCompose: docker-compose 1 on a Docker since 25 stops the old container
// and then fails, so the old one has to go first; nowhere else may it be removed.
func TestDockerUpOfOlderCompose(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		view    *view
		removes bool
		blocked string
	}{
		"older Compose, newer Docker": {madeBy("1.29.2", true, sys.Image{}), true, ""},
		"older Compose, older Docker": {madeBy("1.29.2", true, sys.Image{ContainerConfig: true}), false, ""},
		"the plugin":                  {madeBy("2.26.1", false, sys.Image{}), false, ""},
		"the plugin's, older Compose": {madeBy("2.26.1", true, sys.Image{}), true, "made by Compose 2.26.1"},
	} {
		for _, plan := range []Plan{planDockerUp(test.view), planDockerRecreate(test.view)} {
			var lines []string
			for _, argv := range plan.Commands {
				lines = append(lines, CommandLine(argv))
			}
			all := strings.Join(lines, "\n")
			if strings.Contains(all, " rm -s -f web") != test.removes || strings.Contains(string(plan.Effect), "removed first") != test.removes {
				t.Errorf("%s: %s\n%s", name, plan.Effect, all)
			}
			if test.blocked == "" && plan.Blocked != "" || !strings.Contains(string(plan.Blocked), test.blocked) {
				t.Errorf("%s: blocked: %q", name, plan.Blocked)
			}
		}
	}
}
