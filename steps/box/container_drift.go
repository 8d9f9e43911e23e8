package box

import (
	"path"
	"slices"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// This file is how the service's container differs from what is on disk: whether it was
// started at all, the image that its tag names, the source, the Compose configuration, and
// what is mounted into it.

// Drift is the way in which the service's container surely, or most likely, differs from
// what is on disk.
type Drift int

// The ways, the one that explains most first.
const (
	NoDrift Drift = iota
	DriftNotStarted
	DriftSource
	DriftImage
	DriftConfiguration
	DriftMount
)

// ContainerDrift is the first way in which the container differs; what is merely possible
// is none.
func (b *Box) ContainerDrift() Drift {
	if _, found := b.NeverStarted(); found {
		return DriftNotStarted
	}
	if b.SourceNotBuilt().Newer {
		return DriftSource
	}
	if _, _, replaced := b.ReplacedImage(); replaced {
		return DriftImage
	}
	if doubt, changed := b.ComposeChanged(); changed && doubt == NoDoubt {
		return DriftConfiguration
	}
	if _, ours, replaced := b.ReplacedMount(); replaced && ours {
		return DriftMount
	}
	return NoDrift
}

// NeverStarted is a container of the service that was made and not started, which is how an
// `up` that was interrupted half-way leaves it: the service's own, or the one that was to
// take its place.
func (b *Box) NeverStarted() (docker.Container, bool) {
	own, found := b.TargetContainer()
	if !found || own.State == "created" {
		return own, found
	}
	for _, replica := range b.Replicas() {
		if replica.State == "created" && own.PID != 0 {
			return replica, true
		}
	}
	return docker.Container{}, false
}

// ReplacedImage is a container of the service whose tag names another image by now, and
// that image (G40).
func (b *Box) ReplacedImage() (docker.Container, docker.Image, bool) {
	for _, container := range b.Replicas() {
		image, replaced := b.TagMoved(container)
		if replaced && container.State != "created" && container.State != docker.ContainerAbsent {
			return container, image, true
		}
	}
	return docker.Container{}, docker.Image{}, false
}

// TagMoved is the image that a container's tag names now, where that is another one than it
// runs. Ids of two kinds may name the same layers.
func (b *Box) TagMoved(container docker.Container) (docker.Image, bool) {
	image, known := b.Images.Value[container.ImageName]
	if !known || image.ID == container.ImageID {
		return docker.Image{}, false
	}
	running, known := b.Images.Value[container.ImageID]
	return image, !known || len(image.Layers) == 0 || !slices.Equal(running.Layers, image.Layers)
}

// HashDoubt is why another Compose hash need not mean another configuration.
type HashDoubt int

// The doubts; NoDoubt is that the configuration has changed.
const (
	NoDoubt HashDoubt = iota
	// UnsetInShell: the files take variables from the shell of whoever runs Compose.
	UnsetInShell
	// OtherVersion: each version of Compose counts a configuration otherwise.
	OtherVersion
	// SharedService: the hash of such a service differs though nothing has changed.
	SharedService
)

// ComposeChanged tells whether the Compose files, or the environment files that they name,
// give the service another hash than its container was made with (G41).
func (b *Box) ComposeChanged() (HashDoubt, bool) {
	container, _ := b.TargetContainer()
	compose := b.Compose.Value
	if !b.Compose.Known || compose.Hash == "" || container.ConfigHash == "" || compose.Hash == container.ConfigHash {
		return NoDoubt, false
	}
	if _, _, replaced := b.ReplacedImage(); compose.Older && replaced {
		// Version 1 counts the image's id as well, and that is told already.
		return NoDoubt, false
	}
	switch {
	case len(compose.Unset) > 0:
		return UnsetInShell, true
	case len(b.ContainerEnvironmentDifferences()) > 0:
	case compose.Version != container.ComposeVersion:
		return OtherVersion, true
	case compose.Service == nil && !compose.Older || compose.Service != nil && compose.Service.Shared:
		return SharedService, true
	}
	return NoDoubt, true
}

// ReplacedMount is a mount of the service's container whose name on disk now belongs to
// another file (G46), or leads to another directory (G47). Ours says that it is of the
// project itself, and so part of what is deployed.
func (b *Box) ReplacedMount() (mount facts.MountState, ours, found bool) {
	container, _ := b.TargetContainer()
	for _, mount := range b.Inside.Value.Mounts {
		if mount.Differs && !mount.Same {
			if container.Project == "" {
				return mount, sys.Within(mount.Destination, b.Settings.Value.Directory), true
			}
			ours := sys.Within(container.ProjectDir, mount.Source) || sys.Within(path.Dir(container.ProjectDir), mount.Source)
			return mount, ours, true
		}
	}
	return facts.MountState{}, false, false
}
