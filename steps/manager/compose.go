package manager

import (
	"cmp"
	"strconv"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// compose runs a service of a Compose project in a container. Where no container of it was
// found, only its name is known.
type compose struct {
	inContainer
	// unit runs Compose in the foreground, where attached is true: it ends with the project's
	// containers, whoever ends them, and its restart ends and starts them all.
	unit     facts.Unit
	attached bool
}

func (compose) Kind() Kind { return Compose }

func (compose) Name() sys.Text { return "Docker Compose" }

// names are those of the project and of the service in it.
func (m compose) names() (project, service string) {
	asked, _, _ := strings.Cut(strings.TrimPrefix(m.b.Target.Service, "compose:"), "@")
	project, service, _ = strings.Cut(asked, "/")
	return cmp.Or(m.container.Project, project), cmp.Or(m.container.Service, service)
}

func (m compose) Service() sys.Text {
	project, service := m.names()
	return sys.Textf("the service %s of the Compose project %s", service, project)
}

func (compose) NoUnit() sys.Text { return "the service runs in a container, not under systemd" }

func (m compose) Declaration() Declaration {
	return Declaration{Noun: "Compose file", Source: m.b.ComposeLine(m.container, "config", m.container.Service)}
}

func (m compose) gone() report.Result { return unknown("its container was not found") }

func (m compose) Configuration() report.Result { return skipped(m.NoUnit()) }
func (m compose) Paths() report.Result         { return skipped(m.NoUnit()) }

func (m compose) Restart(Made) Restart {
	if !m.found {
		return Restart{Refusal: "its container was not found"}
	}
	if m.attached {
		return Restart{
			Order: Order{Argv: []string{"systemctl", "restart", m.unit.Name}, Root: true}, Effect: ofAttached(m.unit, m.container) + " What is mounted into them is as it is on disk now.",
			Undo: "None needed.",
		}
	}
	return m.restarted(m.b.ComposeArgv(m.container, "restart", m.container.Service))
}

func ofAttached(unit facts.Unit, container docker.Container) sys.Text {
	return sys.Textf("%s runs Compose in the foreground: systemd stops it, which stops every container of the project %s, and starts it again, which starts them, or makes anew those whose image or configuration is another now.",
		unit.Name, container.Project)
}

// Attached says how Compose is started again where a unit runs it in the foreground: with
// `docker compose up -d` beside it, the unit would end as the container that it waits for ends,
// and with its end stop what was just started. ok is false where none does.
func Attached(b *box.Box) (restart Order, effect sys.Text, ok bool) {
	managed, is := Of(b).(compose)
	if !is || !managed.found || !managed.attached {
		return Order{}, "", false
	}
	made := managed.Restart(Made{})
	return made.Order, ofAttached(managed.unit, managed.container), true
}

func (compose) ByHand() sys.Text { return "" }

// Log has Compose find the service's containers by the project's name, which reads no file.
func (m compose) Log(lines int) (sys.Command, sys.Text) {
	project, service := m.names()
	words := []string{"logs", "--no-color", "--tail=" + strconv.Itoa(lines), "-f", service}
	if !m.found {
		return sys.Command{Argv: append([]string{"docker", "compose", "-p", project}, words...), Timeout: follows}, ""
	}
	command := m.container.Daemon.Look()
	command.Timeout = follows
	command.Argv = m.b.Compose.Value.Argv(docker.ComposeProject{Daemon: m.container.Daemon, Name: project}, words...)
	if m.b.Compose.Value.Older {
		// docker-compose 1 does nothing without its files.
		command.Argv = m.container.Daemon.Argv("logs", "--tail", strconv.Itoa(lines), "-f", m.container.ID)
	}
	return command, ""
}

func (m compose) Look() Look {
	if !m.found {
		return Look{}
	}
	status := m.b.ComposeLine(m.container, "ps", "-a")
	return Look{
		Status:  []sys.Text{status},
		Started: []sys.Text{status, m.b.ComposeLine(m.container, "logs", "--tail=100", m.container.Service)},
	}
}

// Environment sets what the Compose files and their environment files give against what the
// container was made with.
func (m compose) Environment() report.Result {
	if !m.found {
		return m.gone()
	}
	b, container := m.b, m.container
	commands := []sys.Text{
		b.ComposeLine(container, "config", container.Service),
		box.DockerLine(container, "inspect", "-f", "{{range .Config.Env}}{{println .}}{{end}}", container.Name) + " | cut -d= -f1",
	}
	model := b.Compose.Value
	switch {
	case !b.Compose.Known:
		return notRead(b.Compose).With(commands)
	case model.Service == nil:
		return skipped(sys.Textf("%s; whether the whole configuration is the same is shown by its hash in step 12", model.ModelProblem)).With(commands)
	}
	var lines []report.Evidence
	for _, name := range b.ContainerEnvironmentDifferences() {
		lines = append(lines, report.Observed(name, "differs", b.ComposeLine(container, "config", container.Service)+", against docker inspect"))
	}
	switch {
	case len(lines) > 0 && len(model.Unset) == 0:
		return judged(report.Fail, sys.Textf("The container's environment differs from the one that the Compose files give: %s. It is set when a container is created, not when it is restarted.",
			strings.Join(b.ContainerEnvironmentDifferences(), ", "))).With(commands, lines...)
	case len(model.Unset) > 0:
		return judged(report.Warn, sys.Textf("The Compose files take %s from the shell of whoever runs Compose, so what it would be is not known here.", strings.Join(model.Unset, ", "))).With(commands, lines...)
	}
	return judged(report.OK, sys.Textf("All %d variables that the Compose files set are the same in the container.", len(model.Prints))).With(commands, lines...)
}
