package docker

import (
	"errors"
	"strings"
	"testing"

	"flasktui/sys"
)

const (
	task = `[{"Id": "a1", "Name": "/shop_web.1.x", "Image": "sha256:1", "State": {"Status": "running", "Pid": 7}, "Config": {"Image": "shop:1", "Labels": {
"com.docker.compose.project": "shop", "com.docker.compose.service": "web", "com.docker.compose.version": "2.26.1",
"com.docker.stack.namespace": "shop", "com.docker.swarm.service.name": "shop_web", "com.docker.swarm.task.name": "shop_web.1.x"}}}]`
	swarmService = `[{"Spec": {"Name": "shop_web", "TaskTemplate": {"ContainerSpec": {"Image": "shop:2"}}}, "UpdateStatus": {"State": "paused", "Message": "task failed"},
"Endpoint": {"Ports": [{"Protocol": "tcp", "TargetPort": 8000, "PublishedPort": 8081, "PublishMode": "ingress"}, {"Protocol": "tcp", "TargetPort": 1, "PublishedPort": 2, "PublishMode": "host"}]}}]`
)

// TestATaskOfASwarm is of the service that its labels name, with what a manager of the swarm
// says of that; where this node is none, why.
func TestATaskOfASwarm(t *testing.T) {
	t.Parallel()
	answers := func(service sys.Output) func(sys.Command) sys.Output {
		return func(command sys.Command) sys.Output {
			switch line := strings.Join(command.Argv, " "); {
			case strings.Contains(line, " ps "):
				return sys.Output{Stdout: []byte("a1\n")}
			case strings.Contains(line, " service inspect "):
				return service
			case strings.Contains(line, " service ls "):
				return sys.Output{Stdout: []byte(`{"Name":"shop_web","Replicas":"1/2 (max 1 per node)"}` + "\n")}
			case strings.Contains(line, " inspect "):
				return sys.Output{Stdout: []byte(task)}
			}
			return sys.Output{}
		}
	}
	machine, _ := box(t, answers(sys.Output{Stdout: []byte(swarmService)}))
	containers, err := ListContainers(t.Context(), machine)
	if err != nil || len(containers) != 1 || containers[0].Swarm == nil {
		t.Fatalf("%+v, %v", containers, err)
	}
	one, service := containers[0], *containers[0].Swarm
	if one.Project != "" || service.Name != "shop_web" || service.Stack != "shop" || service.Image != "shop:2" || service.Update != "paused" || service.Running != 1 || service.Wanted != 2 || service.Problem != "" {
		t.Errorf("project %q, %+v", one.Project, service)
	}
	if len(one.Ports) != 1 || one.Ports[0].HostPort != 8081 || one.Ports[0].ContainerPort != 8000 {
		t.Errorf("the mesh publishes %+v", one.Ports)
	}
	machine, _ = box(t, answers(sys.Output{Exit: 1, Err: errors.New("exit status 1"), Stderr: []byte("Error response from daemon: This node is not a swarm manager.")}))
	containers, err = ListContainers(t.Context(), machine)
	if err != nil || len(containers) != 1 || containers[0].Swarm == nil || containers[0].Swarm.Problem == "" {
		t.Errorf("on a worker: %+v, %v", containers, err)
	}
}

// TestAnImagesLabelsMakeNoProject: Compose labels the images that it builds, and whoever makes a
// container of one by `docker run` has made it for no project.
func TestAnImagesLabelsMakeNoProject(t *testing.T) {
	t.Parallel()
	for labels, project := range map[string]string{
		`{"com.docker.compose.project": "shop", "com.docker.compose.service": "web", "com.docker.compose.version": "2.26.1"}`:           "",
		`{"com.docker.compose.project": "shop", "com.docker.compose.service": "web", "com.docker.compose.container-number": "1"}`:       "shop",
		`{"com.docker.compose.project": "shop", "com.docker.compose.service": "web", "com.docker.compose.oneoff": "True"}`:              "shop",
		`{"com.docker.compose.project": "shop", "com.docker.compose.service": "web", "com.docker.compose.config-hash": "0123456789ab"}`: "shop",
	} {
		containers, err := ParseContainers(strings.NewReader(`[{"Id": "a1", "Config": {"Labels": ` + labels + `}}]`))
		if err != nil || containers[0].Project != project {
			t.Errorf("%s: %+v, %v", labels, containers, err)
		}
	}
}

func FuzzParseSwarm(f *testing.F) {
	f.Add(swarmService)
	f.Add(`{"Name":"shop_web","Replicas":"1/2 (max 1 per node)"}`)
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = ParseSwarmServices(strings.NewReader(text))
		_, _ = ParseSwarmReplicas(strings.NewReader(text))
	})
}
