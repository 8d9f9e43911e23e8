package sys

import (
	"context"
	"io"
	"time"
)

// Container is one container as `docker inspect` shows it.
type Container struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"`
	PID   int    `json:"pid,omitempty"`
	// Created is when the container was made; Started when it last started.
	Created time.Time `json:"created"`
	Started time.Time `json:"started"`
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
	// EnvironmentNames are the names in Config.Env; values stay in Environment.
	EnvironmentNames []string          `json:"environment_names"`
	Environment      map[string]string `json:"-"`
	WorkingDirectory string            `json:"working_directory,omitempty"`
	Mounts           []Mount           `json:"mounts"`
	Ports            []PublishedPort   `json:"ports"`
	// Addresses maps a network's name to the container's address in it.
	Addresses map[string]string `json:"addresses,omitempty"`
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
}

// ListContainers runs `docker ps` and inspects every container in one further command.
// ErrNoCommand where Docker is not installed.
func ListContainers(ctx context.Context, machine Machine) ([]Container, error) {
	panic("to be written")
}

// ParseContainers reads the JSON array of `docker inspect`.
func ParseContainers(reader io.Reader) ([]Container, error) { panic("to be written") }

// InspectImages runs `docker image inspect` for several names at once. A name that is
// not there is missing from the result.
func InspectImages(ctx context.Context, machine Machine, names ...string) (map[string]Image, error) {
	panic("to be written")
}

// ParseImages reads the JSON array of `docker image inspect`.
func ParseImages(reader io.Reader) ([]Image, error) { panic("to be written") }
