package docker

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
	"flasktui/sys/appserver"
)

// ContainerAbsent is the state of a container that Compose would make and has not: the
// project was taken down, or never started.
const ContainerAbsent = "absent"

// composeNames are the files that Compose looks for, in its own order.
func composeNames() []string {
	return []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}
}

// FindComposeFile finds a directory's Compose file, and beside it the override that Compose
// reads unasked. It is empty where there is none.
func FindComposeFile(ctx context.Context, machine sys.Machine, directory string) []string {
	var files []string
	for _, name := range composeNames() {
		file := path.Join(directory, name)
		if _, err := machine.Stat(ctx, file); err != nil {
			continue
		}
		files = append(files, file)
		stem := strings.TrimSuffix(file, path.Ext(file))
		for _, override := range []string{stem + ".override.yml", stem + ".override.yaml"} {
			if _, err := machine.Stat(ctx, override); err == nil {
				return append(files, override)
			}
		}
		break
	}
	return files
}

// PlannedContainer is a container that a Compose file calls for. Build is nil where its
// image is pulled.
type PlannedContainer struct {
	Container
	Build *ComposeBuild
}

// ReadPlannedContainers asks Compose what containers a project's files call for, whether or
// not there are any: one for each service, by name, in the state ContainerAbsent. The
// daemon is not asked.
func ReadPlannedContainers(ctx context.Context, machine sys.Machine, project ComposeProject) ([]PlannedContainer, error) {
	asked, err := newComposeCLI(ctx, machine, project)
	if err != nil {
		return nil, err
	}
	model, err := asked.model(ctx)
	switch {
	case err != nil:
		return nil, err
	case asked.compose.Older:
		output := asked.run(ctx, nil, "config")
		if output.Err != nil {
			return nil, asked.failed("docker-compose config", output)
		}
		return asked.readableMounts(ctx, ParsePlannedYAML, output.Stdout)
	}
	return asked.readableMounts(ctx, ParsePlannedContainers, model)
}

// readableMounts leaves out what the files have mounted that is not for their reader to read.
func (c *composeCLI) readableMounts(ctx context.Context, parse func(io.Reader, ComposeProject) ([]PlannedContainer, error), raw []byte) ([]PlannedContainer, error) {
	planned, err := parse(bytes.NewReader(raw), c.project)
	for index := range planned {
		if reader := c.compose.Reader; reader != nil {
			planned[index].Mounts = reachable(ctx, c.machine, *reader, planned[index].Mounts)
		}
	}
	return planned, err
}

// ParsePlannedContainers reads what `docker compose config --format json` says of the
// containers of a project.
func ParsePlannedContainers(reader io.Reader, project ComposeProject) ([]PlannedContainer, error) {
	raw, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}
	return plannedContainers(raw, project, "-")
}

// plannedContainers reads a model, of a Compose that joins the parts of a name like this.
func plannedContainers(raw []byte, project ComposeProject, joint string) ([]PlannedContainer, error) {
	model, err := readComposeModel(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	name := cmp.Or(project.Name, model.Name)
	if name == "" {
		return nil, errors.New("docker compose config: the project has no name")
	}
	containers := []PlannedContainer{}
	for _, service := range slices.Sorted(maps.Keys(model.Services)) {
		raw := model.Services[service]
		containers = append(containers, PlannedContainer{Build: composeBuild(raw.Build), Container: Container{
			Daemon: project.Daemon,
			ID:     ContainerAbsent + ":" + name + "/" + service, State: ContainerAbsent,
			Name: cmp.Or(raw.ContainerName, name+joint+service+joint+"1"), ImageName: cmp.Or(raw.Image, name+joint+service),
			Project: name, Service: service, ProjectDir: project.Directory, ConfigFiles: slices.Clone(project.Files), EnvironmentFile: project.EnvironmentFile,
			Serves:      appserver.Among(append(composeWords(raw.Entrypoint), composeWords(raw.Command)...)),
			HostNetwork: raw.Network == "host", WorkingDirectory: raw.WorkingDir,
			EnvironmentNames: []string{}, Environment: map[string]string{},
			Mounts: composeMounts(raw.Volumes), Ports: composePorts(raw.Ports),
		}})
	}
	return containers, nil
}

// composeWords takes a command as a list or as one line.
func composeWords(raw json.RawMessage) []string {
	var list []string
	var line string
	if json.Unmarshal(raw, &list) != nil && json.Unmarshal(raw, &line) == nil && line != "" {
		list = []string{line}
	}
	return list
}

// composePorts takes the long form of ports, with a number or a text for the published
// one, and the short form "127.0.0.1:8077:8000/tcp": what is published at a range, or at any
// port that is free, is not known.
func composePorts(raw json.RawMessage) []PublishedPort {
	ports := []PublishedPort{}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return ports
	}
	for _, entry := range list {
		var one composePort
		var short any
		if json.Unmarshal(entry, &one) != nil && json.Unmarshal(entry, &short) == nil {
			one = shortPort(fmt.Sprint(short))
		}
		published, err := strconv.ParseUint(fmt.Sprint(one.Published), 10, 16)
		if err == nil && published > 0 && (one.Protocol == "" || one.Protocol == "tcp") {
			ports = append(ports, PublishedPort{HostIP: one.HostIP, HostPort: int(published), ContainerPort: one.Target})
		}
	}
	return ports
}

type composePort struct {
	HostIP    string `json:"host_ip"`
	Target    int    `json:"target"`
	Published any    `json:"published"`
	Protocol  string `json:"protocol"`
}

// shortPort is the zero port for a form that publishes nothing which is known.
func shortPort(text string) composePort {
	text, protocol, _ := strings.Cut(text, "/")
	outside, inside, ok := cutLast(text, ":")
	target, err := strconv.ParseUint(inside, 10, 16)
	if !ok || err != nil {
		return composePort{}
	}
	host, published, hasHost := cutLast(outside, ":")
	if !hasHost {
		host, published = "", outside
	}
	return composePort{HostIP: strings.Trim(host, "[]"), Target: int(target), Published: published, Protocol: protocol}
}
