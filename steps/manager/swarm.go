package manager

import (
	"strconv"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

// swarm is of a service of a swarm: its containers are tasks, and whatever is asked of the
// service makes new ones.
type swarm struct{ inContainer }

func (swarm) Kind() Kind { return Swarm }

func (swarm) Name() sys.Text { return "Docker Swarm" }

func (m swarm) name() string {
	if m.container.Swarm != nil {
		return m.container.Swarm.Name
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(m.b.Target.Service, "swarm:"), "@")
	return name
}

func (m swarm) Service() sys.Text { return sys.Textf("the service %s of the swarm", m.name()) }

func (swarm) NoUnit() sys.Text { return "the service runs in containers of a swarm, not under systemd" }

func (m swarm) Declaration() Declaration {
	return Declaration{Noun: "service", Source: box.DockerLine(m.container, "service", "inspect", m.name())}
}

func (swarm) Outdated() *report.Finding { return nil }

func (m swarm) Configuration() report.Result { return skipped(m.NoUnit()) }
func (m swarm) Paths() report.Result         { return skipped(m.NoUnit()) }

func (m swarm) Environment() report.Result {
	return skipped("the swarm makes its containers with the environment that the service has; which file that was deployed from is not kept")
}

// Restart has the swarm make new tasks: from the image that the service names, as the node has
// it now.
func (m swarm) Restart(Made) Restart {
	switch {
	case !m.found || m.container.Swarm == nil:
		return Restart{Refusal: "its container was not found"}
	case m.container.Swarm.Problem != "":
		return Restart{Refusal: "only a manager of the swarm restarts its services: " + m.container.Swarm.Problem}
	}
	return Restart{
		Order: DockerOrder(m.b, m.container.Daemon.Argv("service", "update", "--quiet", "--force", m.name())...),
		Effect: sys.Textf("The swarm ends the tasks of %s and starts new ones in their place, on every node that has any: new containers, from the image that %s names there now. Data in the containers themselves, outside of volumes, is lost.",
			m.name(), m.container.Swarm.Image),
		Undo: sys.Text("Put the old image's tag, or the old code, back and do it again."),
	}
}

// ByHand is what is left to a person where this node may not ask for it.
func (m swarm) ByHand() sys.Text {
	if !m.found || m.container.Swarm == nil || m.container.Swarm.Problem == "" {
		return ""
	}
	return sys.Textf("On a manager of the swarm: `docker service update --force %s`.", m.name())
}

func (m swarm) Log(lines int) (sys.Command, sys.Text) {
	command := m.container.Daemon.Look("service", "logs", "--tail", strconv.Itoa(lines), "-f", m.name())
	command.Timeout = follows
	return command, ""
}

func (m swarm) Look() Look {
	if !m.found {
		return Look{}
	}
	status := []sys.Text{box.DockerLine(m.container, "service", "ps", "--no-trunc", m.name())}
	return Look{Status: status, Started: append(status, box.DockerLine(m.container, "service", "logs", "--tail", "100", m.name()))}
}
