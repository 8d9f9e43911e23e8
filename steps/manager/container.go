package manager

import (
	"path"
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// inContainer is what is the same of every service in a container, whatever made that. Where
// none was found, found is false.
type inContainer struct {
	b         *box.Box
	container docker.Container
	found     bool
}

func (m inContainer) State() State {
	state := State{Noun: "container", Status: report.OK, Step: containerStep}
	switch container := m.container; {
	case !m.found:
		state.Status, state.Words = report.Unknown, "its container was not found"
	case container.State == docker.ContainerAbsent:
		state.Status, state.Words = report.Fail, "the service has no container"
	case container.State != "running":
		state.Status, state.Words = report.Fail, sys.Textf("%s is %s", container.Name, container.State)
	default:
		state.Words, state.Since = sys.Textf("%s, from the image %s", container.Name, container.ImageName), container.Started
		state.Brief = "running"
	}
	return state
}

// restarted has Docker end the container's processes and start them again, by a command.
func (m inContainer) restarted(argv []string) Restart {
	return Restart{
		Order:  DockerOrder(m.b, argv...),
		Effect: sys.Textf("The processes in %s are started again, in the same container: same image, same environment, with what is mounted into it as it is on disk now.", m.container.Name),
		Undo:   "None needed.",
	}
}

func (inContainer) Reload() (Order, bool) { return Order{}, false }

func (inContainer) StartsAgain() bool { return true }

func (m inContainer) SameRun(before *box.Box) sys.Text {
	if m.found && slices.ContainsFunc(before.Containers.Value, m.container.SameRun) {
		return sys.Textf("it restarted nothing: the container %s has been running since %s", m.container.Name, m.b.Clock(m.container.Started))
	}
	return sameMaster(before, m.b)
}

func (m inContainer) Unsettled() sys.Text {
	switch {
	case !m.found:
		return "the service has no container"
	case m.container.State != "running":
		return sys.Textf("the container is %s", m.container.State)
	}
	return ""
}

// BuildFirst is how a person has the image built again of a container that no Compose project
// has; empty where nothing of its source is missing in it, or where its unit builds it.
func BuildFirst(b *box.Box) sys.Text {
	found := b.FoundBuild.Value
	if found.Context == "" || found.ByUnit || b.ContainerDrift() != box.DriftSource {
		return ""
	}
	container, _ := b.TargetContainer()
	words := []string{"build", "-t", container.ImageName}
	if found.Dockerfile != path.Join(found.Context, "Dockerfile") {
		words = append(words, "-f", found.Dockerfile)
	}
	build := "`" + box.DockerLine(container, append(words, found.Context)...) + "`"
	if found.FromRegistry {
		return "Have the image built anew and pull it (`" + box.DockerLine(container, "pull", container.ImageName) + "`), or build it here: " + build + "."
	}
	return "Build the image again: " + build + "."
}

// DockerOrder gives a command to the Docker of the examined service, or of the Nginx before
// it: with root's rights only where that needs them. A build sends files to the daemon, and
// its labels say which: with root's rights its owner could have any file of the box.
func DockerOrder(b *box.Box, argv ...string) Order {
	daemon := b.DockerDaemon()
	order := Order{Argv: argv, Root: daemon.AsRoot}
	if owner := daemon.Owner; owner.UID != 0 && (!b.Host.Known || b.Host.Value.UID != int(owner.UID)) {
		order.As = &owner
	}
	return order
}
