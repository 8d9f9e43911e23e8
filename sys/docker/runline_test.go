package docker

import (
	"strings"
	"testing"
)

const inspectedLone = `[{"Id": "0123456789abcdef", "Name": "/shop", "Image": "sha256:1", "State": {"Status": "running"},
"HostConfig": {"Binds": ["/srv/shop:/app:ro"], "NetworkMode": "default", "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
 "PortBindings": {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "9000"}], "53/udp": [{"HostIp": "", "HostPort": "53"}]}, "CapAdd": ["NET_ADMIN"], "Memory": 1048576, "NanoCpus": 1500000000,
 "Init": true, "LogConfig": {"Type": "json-file", "Config": {}}, "ShmSize": 67108864, "Runtime": "runc", "CgroupParent": "", "Dns": ["10.0.0.1"]},
"Config": {"Image": "shop:latest", "Hostname": "0123456789ab", "Env": ["PATH=/bin", "SECRET_KEY=hunter2", "MODE=plain"], "Cmd": ["gunicorn", "--env", "TOKEN=hunter2", "wsgi:app"], "WorkingDir": "/app", "Labels": {"a": "b"}}},
{"Id": "f", "Name": "/web", "Config": {"Image": "web", "Labels": {"com.docker.compose.project": "p", "com.docker.compose.service": "web", "com.docker.compose.container-number": "1"}}}]`

// TestTheRunThatMadeAContainer has what inspect tells and the image does not set by itself,
// no value of a variable, and the names of what it leaves out.
func TestTheRunThatMadeAContainer(t *testing.T) {
	t.Parallel()
	containers, err := ParseContainers(strings.NewReader(inspectedLone))
	if err != nil {
		t.Fatal(err)
	}
	image := Image{Environment: map[string]string{"PATH": "/bin"}, WorkingDirectory: "/app", Command: []string{"gunicorn", "wsgi:app"}, Labels: map[string]string{"a": "b"}}
	line := containers[0].Run(image)
	words := make([]string, len(line.Argv))
	for index, word := range line.Argv {
		words[index] = string(word)
	}
	want := "docker run --detach --name shop --restart on-failure:3 --publish 53:53/udp --publish 127.0.0.1:9000:8000 --volume /srv/shop:/app:ro " +
		"--env SECRET_KEY=*** --env MODE=*** --cap-add NET_ADMIN --init --memory 1048576 --cpus 1.5 shop:latest gunicorn --env TOKEN=*** wsgi:app"
	if got := strings.Join(words, " "); got != want || strings.Join(line.Untold, " ") != "Dns" {
		t.Errorf("%s (untold %q), not\n%s", got, line.Untold, want)
	}
	image.Command, image.Environment["MODE"] = []string{"gunicorn", "--env", "TOKEN=hunter2", "wsgi:app"}, "plain"
	image.Labels = nil
	line = containers[0].Run(image)
	if last := line.Argv[len(line.Argv)-1]; last != "shop:latest" || len(line.Untold) != 2 {
		t.Errorf("what the image sets is told again: %q, untold %q", line.Argv, line.Untold)
	}
	if line := containers[1].Run(image); len(line.Argv) > 0 {
		t.Errorf("a container of a project's: %q", line.Argv)
	}
}
