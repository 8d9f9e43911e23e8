// Package docker reads what Docker and Compose say of containers, images and projects,
// and what Dockerfiles and .dockerignore files have a build take along.
//
// It knows sys, sys/proc and which servers there are (sys/appserver). Begin with docker.go, then daemon.go
// (which daemons there are), compose.go (what a project would start) and dockerfile.go.
package docker

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"flasktui/sys"
)

// Container is one container as `docker inspect` shows it.
type Container struct {
	// Daemon is whose container it is.
	Daemon Daemon `json:"daemon"`
	ID     string `json:"id"`
	// World is where the cgroups of a user's own daemon begin; empty for root's.
	World string `json:"world,omitempty"`
	Name  string `json:"name"`
	State string `json:"state"`
	PID   int    `json:"pid,omitempty"`
	// Created is when the container was made; Started when it last started.
	Created time.Time `json:"created"`
	Started time.Time `json:"started"`
	// Restarts is how often Docker has started it again since a person last did.
	Restarts int `json:"restarts,omitempty"`
	// Health is the healthcheck's word, "starting" among them; empty where there is none.
	// HealthPatience is how long a start may take before a failed check counts: its start
	// period and one interval.
	Health         string        `json:"health,omitempty"`
	HealthPatience time.Duration `json:"health_patience,omitempty"`
	// ImageID is the image it runs; ImageName the tag it was made from.
	ImageID   string `json:"image_id"`
	ImageName string `json:"image_name"`
	// Compose labels.
	Project         string   `json:"project,omitempty"`
	Service         string   `json:"service,omitempty"`
	ConfigHash      string   `json:"config_hash,omitempty"`
	ProjectDir      string   `json:"project_dir,omitempty"`
	ConfigFiles     []string `json:"config_files"`
	EnvironmentFile string   `json:"environment_file,omitempty"`
	ComposeVersion  string   `json:"compose_version,omitempty"`
	// Swarm is the service of a swarm that the container is a task of; nil for none.
	Swarm *SwarmService `json:"swarm,omitempty"`
	// Unit is the systemd unit that Podman made it for, by the label that says so.
	Unit string `json:"unit,omitempty"`
	// OneOff says that `docker compose run` made it, for one command.
	OneOff bool `json:"one_off,omitempty"`
	// Serves says that its command starts a server of Python apps, Program that it runs a
	// script of Python's. The command itself is not kept.
	Serves  bool `json:"gunicorn,omitempty"`
	Program bool `json:"program,omitempty"`
	// HostNetwork says that it has no network of its own.
	HostNetwork bool `json:"host_network,omitempty"`
	// ExitCode and Error are how it ended, or why it could not be started.
	ExitCode int    `json:"exit_code,omitempty"`
	Error    string `json:"error,omitempty"`
	// EnvironmentNames are the names in Config.Env; values stay in Environment.
	// Argv is what it runs; it may hold secrets, and is never saved.
	Argv             []string          `json:"-"`
	EnvironmentNames []string          `json:"environment_names"`
	Environment      map[string]string `json:"-"`
	WorkingDirectory string            `json:"working_directory,omitempty"`
	Mounts           []Mount           `json:"mounts"`
	// Writes lists the directories of the box that the container may write to.
	Writes []string `json:"writes,omitempty"`
	// Ports are those that are open; of a container that does not run, those that it
	// would open.
	Ports []PublishedPort `json:"ports"`
	// Addresses maps a network's name to the container's address in it.
	Addresses map[string]string `json:"addresses,omitempty"`
	// Aliases maps a network's name to the names that the containers in it find this one
	// by: those of Compose's service, and of the container itself.
	Aliases map[string][]string `json:"aliases,omitempty"`
	// Cgroup is the path of its control group, where Podman says it.
	Cgroup string `json:"-"`
	// Keys is how it is set up, in Compose's words; never saved.
	Keys ContainerKeys `json:"-"`
	// Made is what it was made with, of one that no Compose project has; never saved.
	Made *RunSettings `json:"-"`
}

// Mount is one mount of a container.
type Mount struct {
	Type        string `json:"type"`
	Name        string `json:"name,omitempty"`
	Source      string `json:"source"`
	Destination string `json:"destination"`
}

// PublishedPort is one port of the host that leads into a container.
type PublishedPort struct {
	HostIP        string `json:"host_ip"`
	HostPort      int    `json:"host_port"`
	ContainerPort int    `json:"container_port"`
}

// Image is an image as `docker image inspect` shows it.
type Image struct {
	ID      string    `json:"id"`
	Tags    []string  `json:"tags"`
	Created time.Time `json:"created"`
	// Layers are the RootFS digests: the same for the same content, whatever kind of
	// id the image store gives (G40).
	Layers []string `json:"layers"`
	// ContainerConfig says that it has one, without which docker-compose 1 cannot put a
	// container in the place of an older one (docker/compose#11742).
	ContainerConfig bool `json:"container_config,omitempty"`
	// User, Entrypoint, Command and WorkingDirectory are what a container has of it that is told nothing
	// else; never saved, as a command line may hold secrets.
	User             string   `json:"-"`
	Entrypoint       []string `json:"-"`
	Command          []string `json:"-"`
	WorkingDirectory string   `json:"-"`
	// Labels are the image's own; never saved.
	Labels map[string]string `json:"-"`
	// Environment is what ENV set; values may be secret, and are never saved.
	Environment map[string]string `json:"-"`
	// Digests are the names, with a digest, that registries have for it: those that it was pulled
	// or pushed by.
	Digests []string `json:"-"`
}

// ErrDown means that Docker is installed and its daemon does not answer.
var ErrDown = errors.New("the Docker daemon does not answer")

// InspectImages runs `docker image inspect` for several names at once. A name that is
// not there is missing from the result.
func InspectImages(ctx context.Context, machine sys.Machine, daemon Daemon, names ...string) (map[string]Image, error) {
	images := map[string]Image{}
	if len(names) == 0 {
		return images, nil
	}
	docker := cli{machine: machine, daemon: daemon}
	if daemon.IsPodman() {
		return docker.inspectPodmanImages(ctx, names)
	}
	if told, err := docker.imagesAtSocket(ctx, names); !errors.Is(err, errNotAsked) {
		if err != nil {
			err = fmt.Errorf("inspect images: %w", err)
		}
		return told, err
	}
	inspected := docker.run(ctx, append([]string{"image", "inspect", "--"}, names...)...)
	if err := ignoreMissing(inspected); err != nil {
		return nil, fmt.Errorf("inspect images: %w", err)
	}
	list, err := ParseImages(strings.NewReader(string(inspected.Stdout)))
	if err != nil {
		return nil, err
	}
	// They come in the order of the names, without those that are not there.
	present := []string{}
	for _, name := range names {
		if !reportedMissing(string(inspected.Stderr), name) {
			present = append(present, name)
		}
	}
	for i, name := range present {
		if len(present) == len(list) {
			images[name] = list[i]
		} else if image, ok := findImage(list, name); ok {
			images[name] = image
		}
	}
	return images, nil
}

func reportedMissing(stderr, name string) bool {
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if _, missing, ok := strings.Cut(line, "No such image: "); ok && (missing == name || missing == name+":latest") {
			return true
		}
	}
	return false
}

func findImage(images []Image, name string) (Image, bool) {
	for _, image := range images {
		if image.ID == name || image.ID == "sha256:"+name {
			return image, true
		}
		for _, tag := range image.Tags {
			if tag == name || tag == name+":latest" {
				return image, true
			}
		}
	}
	return Image{}, false
}

// cli runs docker, and remembers that it takes root's rights.
type cli struct {
	machine sys.Machine
	daemon  Daemon
}

func (d *cli) run(ctx context.Context, arguments ...string) sys.Output {
	command := d.daemon.Look(arguments...)
	if d.daemon.Rootless() {
		// Any user may have a socket there that nobody answers at: it must not be for
		// them to decide how long others wait.
		command.Timeout = sys.RootlessTimeout
	}
	output := d.machine.Run(ctx, command)
	if output.Err != nil && !d.daemon.AsRoot && command.As == nil && denies(string(output.Stderr)) {
		d.daemon.AsRoot, command.Elevate = true, true
		output = d.machine.Run(ctx, command)
	}
	if output.Err != nil && output.Complains("Cannot connect to the Docker daemon", "Is the docker daemon running") {
		output.Err = fmt.Errorf("%w: %w", ErrDown, output.Err)
	}
	return output
}

// denies: other files that may not be read, such as a configuration, are only
// warned about.
func denies(stderr string) bool {
	said := strings.ToLower(stderr)
	return strings.Contains(said, "permission denied while trying to connect") || strings.Contains(said, "got permission denied")
}

// ignoreMissing accepts that what was just listed may be gone.
func ignoreMissing(output sys.Output) error {
	if output.Exit != 1 || len(output.Stderr) == 0 {
		return output.Err
	}
	for line := range strings.Lines(string(output.Stderr)) {
		gone := strings.Contains(line, "No such object:") || strings.Contains(line, "No such container:") || strings.Contains(line, "No such image:")
		if !gone && strings.TrimSpace(line) != "" {
			return output.Err
		}
	}
	return nil
}

// ParseContainers reads the JSON array of `docker inspect`.
func ParseContainers(reader io.Reader) ([]Container, error) {
	var documents []json.RawMessage
	if err := decodeInspect(reader, &documents); err != nil {
		return nil, fmt.Errorf("docker inspect: %w", err)
	}
	containers := make([]Container, len(documents))
	for i, document := range documents {
		var err error
		if containers[i], err = parseContainer(document); err != nil {
			return nil, err
		}
	}
	return containers, nil
}

func parseContainer(document []byte) (Container, error) {
	var raw inspectedContainer
	if err := json.Unmarshal(document, &raw); err != nil {
		return Container{}, fmt.Errorf("docker inspect: %w", err)
	}
	container := raw.container()
	if container.Project == "" {
		container.Made = madeWith(document)
	}
	return container, nil
}

// ParseImages reads the JSON array of `docker image inspect`.
func ParseImages(reader io.Reader) ([]Image, error) {
	var raw []inspectedImage
	if err := decodeInspect(reader, &raw); err != nil {
		return nil, fmt.Errorf("docker image inspect: %w", err)
	}
	images := make([]Image, len(raw))
	for i, image := range raw {
		images[i] = Image{
			ID: image.ID, Created: image.Created.Time,
			Tags: append([]string{}, image.RepoTags...), Layers: append([]string{}, image.RootFS.Layers...),
			ContainerConfig: image.ContainerConfig != nil, User: image.Config.User, Entrypoint: image.Config.Entrypoint, Command: image.Config.Cmd,
			WorkingDirectory: image.Config.WorkingDir, Labels: image.Config.Labels, Environment: map[string]string{}, Digests: image.RepoDigests,
		}
		for _, assignment := range image.Config.Env {
			if name, value, ok := strings.Cut(assignment, "="); ok {
				images[i].Environment[name] = value
			}
		}
	}
	return images, nil
}

// Written are the directories of the box that containers write to.
func Written(containers []Container) []string {
	var directories []string
	for _, container := range containers {
		directories = append(directories, container.Writes...)
	}
	return directories
}

// SameRun tells whether two looks saw the same run of the same container: a restart keeps
// the id, and Docker stamps each start.
func (container Container) SameRun(other Container) bool {
	return container.ID == other.ID && container.Started.Equal(other.Started)
}

// Called is what people call what runs in it: Compose's service, or the container.
func (container Container) Called() string { return cmp.Or(container.Service, container.Name) }
