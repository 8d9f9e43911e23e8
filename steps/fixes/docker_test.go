package fixes

import (
	"strings"
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// TestDockerUpOfOlderCompose: docker-compose 1 on a Docker since 25 stops the old container
// and then fails, so the old one has to go first; nowhere else may it be removed.
func TestDockerUpOfOlderCompose(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		view    *box.Box
		removes bool
		blocked string
	}{
		"older Compose, newer Docker": {box.New(factstest.Compose("1.29.2", true, docker.Image{})), true, ""},
		"older Compose, older Docker": {box.New(factstest.Compose("1.29.2", true, docker.Image{ContainerConfig: true})), false, ""},
		"the plugin":                  {box.New(factstest.Compose("2.26.1", false, docker.Image{})), false, ""},
		"the plugin's, older Compose": {box.New(factstest.Compose("2.26.1", true, docker.Image{})), true, "made by Compose 2.26.1"},
	} {
		for _, plan := range []Prepared{planDockerUp(test.view), planDockerRecreate(test.view)} {
			var lines []string
			for _, argv := range plan.Commands {
				lines = append(lines, sys.CommandLine(argv))
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

// TestNginxAfterContainer: whoever made the container anew has Nginx look its name up again,
// be it the box's own or one in a container, and only where it goes by a name.
func TestNginxAfterContainer(t *testing.T) {
	t.Parallel()
	front := facts.Of(facts.Front{Container: "edge", Name: "shop-proxy-1", Program: "/usr/sbin/nginx", Options: []string{"-c", "/etc/edge.conf"}}, "")
	for name, test := range map[string]struct {
		pass, container string
		front           facts.Fact[facts.Front]
		want            string
	}{
		"by name":               {"http://web:8000", "", facts.Fact[facts.Front]{}, "systemctl reload nginx"},
		"by address":            {"http://127.0.0.1:8000", "", facts.Fact[facts.Front]{}, ""},
		"by name, in container": {"http://web:8000", "edge", front, "docker exec shop-proxy-1 /usr/sbin/nginx -c /etc/edge.conf -s reload"},
	} {
		b := box.New(factstest.Compose("2.26.1", false, docker.Image{}))
		location := nginx.Location{Path: "/", Pass: test.pass}
		config, names := nginx.Config{Servers: []nginx.Server{{Locations: []nginx.Location{location}}}}, map[string][]string{"web": {"172.18.0.2"}}
		b.Front, b.NginxDisk, b.NginxNames = test.front, facts.Of(config, ""), names
		b.Front.Value.Config, b.Front.Value.Names = config, names
		b.Site.Value.Address.Location = &location
		b.Processes = facts.Of(facts.Processes{Nginx: []facts.NginxProcess{{Process: proc.Process{PID: 4, Cgroup: proc.Cgroup{Container: test.container}}, Role: "worker"}}}, "")
		plan := planDockerUp(b)
		last := sys.CommandLine(plan.Commands[len(plan.Commands)-1])
		if test.want == "" && !strings.HasSuffix(last, " up -d web") || !strings.Contains(last, test.want) {
			t.Errorf("%s: %s", name, last)
		}
	}
}
