package manager

import (
	"slices"
	"strconv"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	units "flasktui/sys/systemd"
)

// dockerRun is of a container that `docker run` or `podman run` made: by hand, or by the commands
// of a unit, which is the service then. How it was made nothing knows but itself.
type dockerRun struct {
	inContainer
	unit   facts.Unit
	around bool
}

func (m dockerRun) Kind() Kind {
	if m.around {
		return Systemd
	}
	if m.tool() == "Podman" {
		return Podman
	}
	return Docker
}

// tool runs the container; of one that was not found its name tells.
func (m dockerRun) tool() sys.Text {
	if !m.found && strings.HasPrefix(m.b.Target.Service, "podman:") {
		return "Podman"
	}
	return m.container.Daemon.Tool()
}

func (m dockerRun) Name() sys.Text {
	if m.around {
		return "systemd"
	}
	return m.tool()
}

func (m dockerRun) name() string {
	if m.found {
		return m.container.Name
	}
	_, name, _ := strings.Cut(m.b.Target.Service, ":")
	name, _, _ = strings.Cut(name, "@")
	return name
}

func (m dockerRun) Service() sys.Text {
	if m.around {
		return sys.Textf("the container %s of %s", m.name(), m.unit.Name)
	}
	return sys.Textf("the container %s", m.name())
}

func (m dockerRun) NoUnit() sys.Text {
	if m.around {
		return sys.Textf("the processes run in a container, which the commands of %s make", m.unit.Name)
	}
	return "the service runs in a container, which no unit is seen to make"
}

func (m dockerRun) Declaration() Declaration {
	if m.around {
		return Declaration{Noun: "unit", Source: m.unit.Typed("systemctl cat %s", m.unit.Name)}
	}
	return Declaration{Noun: "container", Source: box.DockerLine(m.container, "inspect", m.name())}
}

func (dockerRun) Outdated() *report.Finding { return nil }

func (m dockerRun) Configuration() report.Result { return skipped(m.NoUnit()) }
func (m dockerRun) Paths() report.Result         { return skipped(m.NoUnit()) }

func (m dockerRun) Environment() report.Result {
	return skipped("the container has the environment that it was made with, and no file that is known here says with which it ought to be")
}

// Recreates tells whether a restart makes the container anew, from what its tag names now.
func (m dockerRun) recreates() bool { return m.around && m.unit.Docker != nil && m.unit.Docker.Anew }

func (m dockerRun) Restart(Made) Restart {
	switch {
	case !m.found:
		return Restart{Refusal: "its container was not found"}
	case m.around && m.unit.Docker.Leaves:
		// The unit's stop would not end it; it only started it.
		return m.restarted(m.container.Daemon.Argv("restart", m.name()))
	case m.around && !m.unit.Docker.Anew && !m.unit.Docker.Starts:
		return Restart{Refusal: sys.Textf("%s makes a container %s and is not seen to remove it when it ends (--rm, docker rm): the name would be taken, and it would not start again", m.unit.Name, m.name())}
	case m.around:
		effect := sys.Textf("systemd stops %s, which ends the container, and starts it again: the same container, with what is mounted into it as it is on disk now.", m.unit.Name)
		if m.recreates() {
			effect = sys.Textf("systemd stops %s, which ends and removes the container, and starts it again: a new container, from the image that its tag names now. Data in the container itself, outside of volumes, is lost.", m.unit.Name)
		}
		return Restart{Order: Order{Argv: []string{"systemctl", "restart", m.unit.Name}, Root: true}, Effect: effect, Undo: "Put the old image's tag, or the old code, back and restart again."}
	}
	if unit := m.container.Unit; unit != "" {
		return Restart{Refusal: sys.Textf("%s of %s made the container, and is what restarts it. ", unit, m.unitsManager()) + m.byUnit()}
	}
	return m.restarted(m.container.Daemon.Argv("restart", m.name()))
}

// unitsManager has the unit that a container's label names.
func (m dockerRun) unitsManager() sys.Text {
	if owner := m.container.Daemon.Owner; owner.UID != 0 {
		return sys.Textf("%s's own systemd", owner)
	}
	return "systemd"
}

// byUnit is how that unit is restarted.
func (m dockerRun) byUnit() sys.Text {
	owner := m.container.Daemon.Owner
	if owner.UID == 0 {
		return "Restart it by its unit: `" + sys.Typed("sudo systemctl restart %s", m.container.Unit) + "`."
	}
	return sys.Textf("Restart it by its unit, as %s: `", owner) + sys.Typed("systemctl --user restart %s", m.container.Unit) + "`."
}

// ByHand is how a new container takes the old one's place.
func (m dockerRun) ByHand() sys.Text {
	line := m.b.RunLine
	switch {
	case !m.found || m.recreates():
		return ""
	case m.around && !m.unit.Docker.Starts:
		return sys.Textf("Have %s remove its container when it ends (docker run --rm, or ExecStartPre=-docker rm -f %s), then restart it.", m.unit.Name, m.name())
	case !m.around && m.container.Unit != "":
		return m.byUnit()
	case m.container.Daemon.IsPodman() && m.container.Service != "":
		return "Have podman-compose make it anew: `" + sys.Typed("cd %s && podman-compose up -d --force-recreate %s", m.container.ProjectDir, m.container.Service) + "`."
	case len(line.Argv) == 0:
		return sys.Textf("A new container needs the options with which %s was made, which `", m.name()) + box.DockerLine(m.container, "inspect", m.name()) + "` shows."
	}
	words := make([]string, len(line.Argv))
	for index, word := range line.Argv {
		words[index] = string(word)
	}
	if host := m.container.Daemon.Argv(); len(host) > 1 || m.container.Daemon.IsPodman() {
		words = slices.Concat(host, words[1:])
	}
	before, after := sys.Text(""), sys.Text("")
	if m.around {
		before, after = sys.Textf("`systemctl stop %s`, ", m.unit.Name), sys.Textf(", `systemctl start %s`", m.unit.Name)
	}
	advice := sys.Text("Make it anew from the image that its tag names now, with what `") + box.DockerLine(m.container, "inspect") + "` says that it was made with: " + before + "`" +
		box.DockerLine(m.container, "stop", m.name()) + "`, `" + box.DockerLine(m.container, "rm", m.name()) + "`, `" + sys.Textf("%s", sys.CommandLine(words)) + "`" + after + ". "
	if strings.Contains(string(advice), string(sys.Mask)) {
		advice += "What stands there as *** is left out, as it may be secret: put it in from `" + box.DockerLine(m.container, "inspect") + "` before the old container is removed. "
	}
	if len(line.Untold) > 0 {
		advice += sys.Textf("The line lacks what else was set: %s. ", strings.Join(line.Untold, ", "))
	}
	return advice + "What the container wrote outside of volumes is lost."
}

func (m dockerRun) Log(lines int) (sys.Command, sys.Text) {
	if m.around {
		return units.Manager{}.JournalCommand(m.unit.Name, lines, true), ""
	}
	command := m.container.Daemon.Look("logs", "--tail", strconv.Itoa(lines), "-f", m.name())
	command.Timeout = follows
	return command, ""
}

func (m dockerRun) Look() Look {
	if !m.found {
		return Look{}
	}
	status := []sys.Text{box.DockerLine(m.container, "ps", "-a", "--no-trunc", "--filter", "name="+m.name())}
	if m.around {
		status = append(status, m.unit.Typed("systemctl status %s --no-pager", m.unit.Name))
	}
	return Look{Status: status, Started: append(status, box.DockerLine(m.container, "logs", "--tail=100", m.name()))}
}

// Anew says how a new container comes in the place of the examined one, where no Compose
// project has it: by a restart of its unit or of a swarm's service (restarts), or as a person
// does it.
func Anew(b *box.Box) (restarts bool, byHand sys.Text, ok bool) {
	managed := Of(b)
	switch managed := managed.(type) {
	case dockerRun:
		restarts, byHand = managed.recreates(), managed.ByHand()
	case swarm:
		restarts, byHand = managed.Restart(Made{}).Refusal == "", managed.ByHand()
	default:
		return false, "", false
	}
	if build := BuildFirst(b); build != "" {
		if restarts {
			byHand = "Then have it started anew: `" + sys.Textf("%s", sys.CommandLine(managed.Restart(Made{}).Argv)) + "`."
		}
		byHand = build + " " + byHand
	}
	return restarts, byHand, true
}
