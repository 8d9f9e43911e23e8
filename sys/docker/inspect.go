package docker

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/appserver"
)

// inspectedContainer is what is needed of `docker inspect`.
type inspectedContainer struct {
	ID      string `json:"Id"`
	Name    string
	Created timestamp
	Image   string
	Path    string
	Args    []string
	State   struct {
		Status    string
		Pid       int
		ExitCode  int
		Error     string
		StartedAt timestamp
		// CgroupPath is Podman's alone.
		CgroupPath string
		Health     struct{ Status string }
	}
	RestartCount int
	// OCIRuntime is Podman's alone.
	OCIRuntime string
	HostConfig struct {
		NetworkMode, PidMode, IpcMode, UTSMode, UsernsMode, CgroupnsMode, CgroupParent, Runtime string

		Privileged                                          bool
		CapAdd, CapDrop, SecurityOpt, GroupAdd, VolumesFrom []string
		DeviceCgroupRules                                   []string
		DeviceRequests                                      []json.RawMessage
		Devices                                             []struct{ PathOnHost, PathInContainer, CgroupPermissions string }
		PortBindings                                        map[string][]binding
	}
	Config struct {
		Image, User string
		Env, Cmd    []string
		Entrypoint  commandWords
		WorkingDir  string
		Labels      map[string]string
		Healthcheck struct{ StartPeriod, Interval time.Duration }
	}
	Mounts []struct {
		Type, Name, Source, Destination string
		RW                              bool
	}
	NetworkSettings struct {
		Ports    map[string][]binding
		Networks map[string]struct {
			IPAddress, GlobalIPv6Address string
			// DNSNames has the aliases and more, since Docker 25.
			Aliases, DNSNames []string
		}
	}
}

// binding is a port of the host.
type binding struct {
	HostIP   string `json:"HostIp"`
	HostPort string
}

// inspectedImage is what is needed of `docker image inspect`.
type inspectedImage struct {
	ID          string `json:"Id"`
	RepoTags    []string
	RepoDigests []string
	Created     timestamp
	// Since Docker 25 it is missing.
	ContainerConfig *struct{}
	RootFS          struct{ Layers []string }
	Config          struct {
		User, WorkingDir     string
		Env, Cmd, Entrypoint []string
		Labels               map[string]string
	}
}

// commandWords are a list, or the one line in which Podman before 5 has them.
type commandWords []string

func (w *commandWords) UnmarshalJSON(raw []byte) error {
	*w = composeWords(raw)
	return nil
}

// timestamp is a time that may be missing or empty, as Created of some built images is.
type timestamp struct{ time.Time }

func (t *timestamp) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	// What is no time is not known.
	t.Time, _ = time.Parse(time.RFC3339Nano, text)
	return nil
}

// decodeInspect reads one JSON array. Nothing at all is what docker prints where it found
// none of the names.
func decodeInspect(reader io.Reader, into any) error {
	decoder := json.NewDecoder(reader)
	if err := decoder.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (raw *inspectedContainer) container() Container {
	label := func(name string) string { return raw.Config.Labels["com.docker.compose."+name] }
	if raw.OCIRuntime != "" || label("container-number") == "" && label("config-hash") == "" && label("oneoff") == "" {
		// Compose labels the images that it builds as well, and what else is made from those has
		// the project's name from there. What podman-compose labels Compose knows nothing of.
		label = func(string) string { return "" }
	}
	container := Container{
		ID: raw.ID, Name: strings.TrimPrefix(raw.Name, "/"), State: raw.State.Status, PID: raw.State.Pid,
		Created: raw.Created.Time, Started: raw.State.StartedAt.Time, ImageID: raw.Image, ImageName: raw.Config.Image,
		Project: label("project"), Service: label("service"), ConfigHash: label("config-hash"),
		ProjectDir: label("project.working_dir"), ConfigFiles: []string{},
		EnvironmentFile: label("project.environment_file"), ComposeVersion: label("version"),
		EnvironmentNames: []string{}, Environment: map[string]string{}, WorkingDirectory: raw.Config.WorkingDir,
		Mounts: []Mount{}, Ports: ports(raw.NetworkSettings.Ports), Addresses: map[string]string{}, Aliases: map[string][]string{},
		OneOff: strings.EqualFold(label("oneoff"), "true"), Serves: appserver.Among(append([]string{raw.Path}, raw.Args...)), Argv: append([]string{raw.Path}, raw.Args...),
		Program:     appserver.RunsScript(append([]string{raw.Path}, raw.Args...)),
		HostNetwork: raw.HostConfig.NetworkMode == "host", ExitCode: raw.State.ExitCode, Error: string(sys.Safe(raw.State.Error)),
		Keys: raw.setUp(), Restarts: raw.RestartCount, Health: raw.State.Health.Status,
	}
	container.Cgroup = raw.State.CgroupPath
	if raw.Config.Labels["io.podman.compose.project"] == "" {
		container.Unit = raw.Config.Labels["PODMAN_SYSTEMD_UNIT"]
	} else if raw.OCIRuntime != "" {
		// podman-compose names a unit that need not be there.
		container.ProjectDir, container.Service = raw.Config.Labels["com.docker.compose.project.working_dir"], raw.Config.Labels["com.docker.compose.service"]
	}
	if service := raw.Config.Labels["com.docker.swarm.service.name"]; service != "" {
		container.Swarm = &SwarmService{Name: service, Stack: raw.Config.Labels["com.docker.stack.namespace"]}
	}
	if container.Health != "" {
		// An interval of 0 is Docker's own, of 30 s.
		container.HealthPatience = raw.Config.Healthcheck.StartPeriod + cmp.Or(raw.Config.Healthcheck.Interval, 30*time.Second)
	}
	if len(container.Ports) == 0 && container.PID == 0 {
		container.Ports = ports(raw.HostConfig.PortBindings)
	}
	if files := label("project.config_files"); files != "" {
		for file := range strings.SplitSeq(files, ",") {
			// The older docker-compose names them as they were given to it.
			container.ConfigFiles = append(container.ConfigFiles, sys.AbsoluteFrom(container.ProjectDir, file))
		}
	}
	for _, assignment := range raw.Config.Env {
		// A name without "=" was asked to be passed on, and was not set.
		if name, value, ok := strings.Cut(assignment, "="); ok {
			if _, known := container.Environment[name]; !known {
				container.EnvironmentNames = append(container.EnvironmentNames, name)
			}
			container.Environment[name] = value
		}
	}
	slices.Sort(container.EnvironmentNames)
	for _, mount := range raw.Mounts {
		container.Mounts = append(container.Mounts, Mount{Type: mount.Type, Name: mount.Name, Source: mount.Source, Destination: mount.Destination})
		// Who writes to all of the box is its root.
		if source := path.Clean(mount.Source); mount.RW && path.IsAbs(source) && source != "/" {
			container.Writes = append(container.Writes, source)
		}
	}
	for name, network := range raw.NetworkSettings.Networks {
		if address := cmp.Or(network.IPAddress, network.GlobalIPv6Address); address != "" {
			container.Addresses[name] = address
		}
		container.Aliases[name] = slices.Compact(slices.Sorted(slices.Values(slices.Concat(network.Aliases, network.DNSNames, []string{container.Name}))))
	}
	return container
}

// ports lists published TCP ports; Docker's map has no order.
func ports(raw map[string][]binding) []PublishedPort {
	ports := []PublishedPort{}
	for inside, bindings := range raw {
		number, protocol, _ := strings.Cut(inside, "/")
		containerPort, err := strconv.ParseUint(number, 10, 16)
		if err != nil || (protocol != "tcp" && protocol != "") {
			continue
		}
		for _, binding := range bindings {
			if hostPort, err := strconv.ParseUint(binding.HostPort, 10, 16); err == nil {
				ports = append(ports, PublishedPort{HostIP: binding.HostIP, HostPort: int(hostPort), ContainerPort: int(containerPort)})
			}
		}
	}
	slices.SortFunc(ports, func(a, b PublishedPort) int {
		return cmp.Or(cmp.Compare(a.ContainerPort, b.ContainerPort), cmp.Compare(a.HostPort, b.HostPort), cmp.Compare(a.HostIP, b.HostIP))
	})
	return ports
}
