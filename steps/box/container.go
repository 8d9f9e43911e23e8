package box

import (
	"cmp"
	"slices"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
)

// BuiltAt is when an image was made; the zero time where its builder did not say, or set
// a fixed one so that builds can be repeated.
func (b *Box) BuiltAt(image string) time.Time {
	const firstDocker = 2013
	if at := b.Images.Value[image].Created; at.Year() >= firstDocker {
		return at
	}
	return time.Time{}
}

// frozenOld says why the processes of a container hold older code than the disk, where no
// restart of them would help; empty where nothing shows that they do.
func (b *Box) frozenOld() sys.Text {
	container, ok := b.TargetContainer()
	if !ok {
		return ""
	}
	if mount, over := b.MountOver(b.Settings.Value.Directory); over && mount.Differs {
		return sys.Textf("its container has a different directory mounted from the one that %s is now", mount.Source)
	}
	built := b.BuiltAt(container.ImageID)
	for _, one := range b.ImageSource.Value.Differences {
		if one.Cloned && b.ImageSource.Value.Behind && !one.Static && one.Volume == "" {
			return sys.Textf("it runs from an image that was built from another state of the repository than %s", one.Path)
		}
		if one.Volume == "" && !one.Static && !one.Configuration && !one.Cloned && !one.Missing && !built.IsZero() && one.At.After(built) {
			return sys.Textf("it runs from an image that was built at %s, before %s changed at %s", b.ExactClock(built, one.At), one.Path, b.ExactClock(one.At, built))
		}
	}
	return ""
}

// frozenDoubt is why it is not known whether a container keeps older code than the disk has;
// empty where it is.
func (b *Box) frozenDoubt() sys.Text {
	_, ok := b.TargetContainer()
	switch {
	case !ok:
	case !b.Inside.Known && !b.Inside.Absent():
		return sys.Textf("the container's files could not be read: %s", b.Inside.Problem)
	case !b.ImageSource.Known && !b.ImageSource.Absent():
		return sys.Textf("what the image is built from could not be compared with it: %s", b.ImageSource.Problem)
	case b.FoundBuild.Value.Doubt != "":
		return b.FoundBuild.Value.Doubt
	case !b.Images.Known && len(b.ImageSource.Value.Differences) > 0:
		return sys.Textf("when the image was built could not be read: %s", b.Images.Problem)
	}
	return ""
}

// SwarmUnsettled is why the containers here do not say what a service of a swarm runs; empty
// where they do, and where the service is none.
func (b *Box) SwarmUnsettled() sys.Text {
	container, _ := b.TargetContainer()
	service, here := container.Swarm, 0
	for _, task := range b.Replicas() {
		if task.PID != 0 {
			here++
		}
	}
	switch {
	case service == nil:
	case service.Problem != "":
		return "what the service is to run, and where else it does, only a manager of the swarm tells: " + service.Problem
	case service.Update == "updating":
		return sys.Textf("the swarm is at an update of %s just now", service.Name)
	case service.Wanted > here:
		return sys.Textf("%d of the %d tasks of %s run here: the others run on other nodes, which are not looked at, or do not run", here, service.Wanted, service.Name)
	}
	return ""
}

// ContainerEnvironmentDifferences names the variables that the Compose files set otherwise
// than the container has them.
func (b *Box) ContainerEnvironmentDifferences() []string {
	compose := b.Compose.Value
	var names []string
	for name, fingerprint := range compose.Prints {
		if compose.Held[name] != fingerprint {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// ComposeArgv begins a command for exactly the project that the container was made from:
// its files and directory are in its labels (G41).
func (b *Box) ComposeArgv(container docker.Container, arguments ...string) []string {
	project := container.ComposeProject()
	if b.Compose.Known {
		project = b.Compose.Value.Project
	}
	return b.Compose.Value.Argv(project, arguments...)
}

// ComposeLine is such a command for a person to type.
func (b *Box) ComposeLine(container docker.Container, arguments ...string) sys.Text {
	return sys.Textf("%s", sys.CommandLine(b.ComposeArgv(container, arguments...)))
}

// DockerLine is a command for a person to type, for the daemon that a container belongs to.
func DockerLine(container docker.Container, arguments ...string) sys.Text {
	return sys.Textf("%s", sys.CommandLine(container.Daemon.Argv(arguments...)))
}

// DockerDaemon is the one that the examined service's container, or the Nginx's before it,
// belongs to.
func (b *Box) DockerDaemon() docker.Daemon {
	container, _ := b.ContainerOf(cmp.Or(b.Target.Container, b.Front.Value.Container))
	return container.Daemon
}
