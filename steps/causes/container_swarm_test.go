package causes

import (
	"strings"
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys/docker"
)

// TestATaskThatTheSwarmDidNotReplace runs another image than its service is to; while an update
// goes on, or where only another node could tell, nothing is alleged, and nothing is sure.
func TestATaskThatTheSwarmDidNotReplace(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		service   docker.SwarmService
		alleged   bool
		unsettled string
	}{
		"as it is to be":   {docker.SwarmService{Image: "shop:1", Wanted: 1}, false, ""},
		"stopped half-way": {docker.SwarmService{Image: "shop:2", Wanted: 1, Update: "paused", Message: "task failed"}, true, ""},
		"at it":            {docker.SwarmService{Image: "shop:2", Wanted: 1, Update: "updating"}, false, "at an update"},
		"on other nodes":   {docker.SwarmService{Image: "shop:1", Wanted: 3}, false, "1 of the 3 tasks of shop_web run here"},
		"on a worker":      {docker.SwarmService{Problem: "this node is no manager"}, false, "only a manager of the swarm tells: this node is no manager"},
	} {
		test.service.Name = "shop_web"
		b := box.New(&facts.Facts{
			Target:     facts.Target{Service: "swarm:shop_web", Container: "one"},
			Containers: facts.Of([]docker.Container{{ID: "one", Name: "shop_web.1.x", ImageName: "shop:1", Swarm: &test.service, State: "running", PID: 7}}, ""),
		})
		finding := taskNotUpdated(b)
		if (finding != nil) != test.alleged || test.alleged && (!strings.Contains(string(finding.Advice), "docker service ps --no-trunc shop_web") || !strings.Contains(string(finding.Evidence[0].Value), "paused (task failed)")) {
			t.Errorf("%s: %+v", name, finding)
		}
		if got := b.SwarmUnsettled(); !strings.Contains(string(got), test.unsettled) || (got == "") != (test.unsettled == "") {
			t.Errorf("%s: %q", name, got)
		}
	}
}
