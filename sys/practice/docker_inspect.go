package practice

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"
)

// object is a JSON object.
type object = map[string]any

// dockerInspect prints what is known of containers or images as one JSON array. What is
// not there is told on stderr.
func (r *run) dockerInspect(names []string, kind string) {
	found := []object{}
	for _, name := range names {
		if kind == "image" {
			if known := r.box.docker.image(name); known != nil {
				found = append(found, known.inspect())
				continue
			}
		} else if known := r.box.docker.named(name); known != nil {
			found = append(found, known.inspect())
			continue
		}
		r.fail(1, "Error: No such %s: %s", kind, name)
	}
	text, err := json.MarshalIndent(found, "", "    ")
	if err != nil {
		r.fail(1, "%v", err)
		return
	}
	r.print("%s\n", text)
}

func (d *dockerDaemon) named(name string) *container {
	for _, each := range d.containers {
		if each.name == name || strings.HasPrefix(each.id, name) {
			return each
		}
	}
	return nil
}

func (i *image) inspect() object {
	return object{
		"Id": i.id, "RepoTags": append([]string{}, i.tags...), "RepoDigests": []string{}, "Parent": "",
		"Created": i.created.UTC().Format(time.RFC3339Nano), "Architecture": "amd64", "Os": "linux",
		"Config": object{"WorkingDir": "/app"},
		"RootFS": object{"Type": "layers", "Layers": []string{"sha256:" + digest("python:3.13-slim"), i.layer}},
	}
}

func (c *container) inspect() object {
	pid, status := 0, "exited"
	if c.main != nil && c.box.processes[c.main.pid] == c.main {
		pid, status = c.main.pid, "running"
	}
	environment := []string{"PATH=/usr/local/bin:/usr/bin:/bin"}
	for _, each := range c.service.environment {
		environment = append(environment, each.name+"="+each.value)
	}
	mounts := []object{}
	for source, destination := range c.service.mounts() {
		mounts = append(mounts, object{"Type": "bind", "Source": source, "Destination": destination, "Mode": "rw", "RW": true})
	}
	return object{
		"Id": c.id, "Name": "/" + c.name, "Created": c.created.UTC().Format(time.RFC3339Nano), "Image": c.image.id,
		"Path": c.service.command[0], "Args": c.service.command[1:],
		"State": object{
			"Status": status, "Running": pid != 0, "Pid": pid, "ExitCode": 0,
			"StartedAt": c.started.UTC().Format(time.RFC3339Nano), "FinishedAt": "0001-01-01T00:00:00Z",
		},
		"Config": object{
			"Hostname": c.id[:12], "Env": environment, "Image": c.imageName, "WorkingDir": c.directory, "Labels": c.labels(),
		},
		"HostConfig": object{"NetworkMode": c.box.docker.project.name + "_default", "RestartPolicy": object{"Name": "unless-stopped"}},
		"Mounts":     mounts,
		"NetworkSettings": object{
			"Ports":    c.inspectPorts(),
			"Networks": object{c.box.docker.project.name + "_default": object{"IPAddress": c.address.String(), "GlobalIPv6Address": ""}},
		},
	}
}

func (c *container) inspectPorts() object {
	outside, inside, ok := c.service.port(c.box)
	if !ok {
		return object{}
	}
	return object{fmt.Sprintf("%d/tcp", inside): []object{
		{"HostIp": outside.Addr().String(), "HostPort": fmt.Sprint(outside.Port())},
	}}
}

func (c *container) labels() object {
	project := c.box.docker.project
	return object{
		"com.docker.compose.project":              project.name,
		"com.docker.compose.service":              c.service.name,
		"com.docker.compose.config-hash":          c.hash,
		"com.docker.compose.container-number":     "1",
		"com.docker.compose.oneoff":               "False",
		"com.docker.compose.image":                c.image.id,
		"com.docker.compose.project.config_files": project.file,
		"com.docker.compose.project.working_dir":  path.Dir(project.file),
		"com.docker.compose.version":              "2.26.1",
	}
}
