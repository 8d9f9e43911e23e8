package facts

import (
	"context"
	"path"
	"slices"
	"strings"

	"flasktui/sys/docker"
	"flasktui/sys/systemd"
)

// This file knows units whose command is `docker run`: the container is below the daemon's
// control group, and the unit holds nothing but the client.

// DockerUnit is the container that a unit's commands make and end.
type DockerUnit struct {
	Container string `json:"container"`
	// Anew says that a restart of the unit makes a new container, in the place of the old one:
	// without that, the name would be taken, or the old one started again.
	Anew bool `json:"anew,omitempty"`
	// Starts says that the unit starts a container that is there (docker start).
	Starts bool `json:"starts,omitempty"`
}

// dockerUnit reads a unit's commands. A container whose name they do not give is not told.
func dockerUnit(unit systemd.Unit) *DockerUnit {
	for _, argv := range unit.ExecStart {
		verb, words := dockerCommand(argv)
		switch verb {
		case "run":
			name := optionOf(words, "--name")
			if name == "" {
				continue
			}
			removed := slices.ContainsFunc(unit.Beside, func(other []string) bool {
				verb, words := dockerCommand(other)
				return verb == "rm" && slices.Contains(words, name)
			})
			ended := slices.ContainsFunc(unit.Beside, func(other []string) bool {
				verb, words := dockerCommand(other)
				return (verb == "stop" || verb == "kill" || verb == "rm") && slices.Contains(words, name)
			})
			detached := hasFlag(words, "-d", "--detach")
			return &DockerUnit{Container: name, Anew: (removed || hasFlag(words, "", "--rm")) && (ended || !detached)}
		case "start":
			if len(words) > 0 && !strings.HasPrefix(words[len(words)-1], "-") {
				return &DockerUnit{Container: words[len(words)-1], Starts: true}
			}
		}
	}
	return nil
}

// dockerCommand is what docker is told to do, and with which words; empty for another program,
// or a command to another daemon than the system's own.
func dockerCommand(argv []string) (verb string, words []string) {
	if len(argv) < 2 || path.Base(argv[0]) != "docker" {
		return "", nil
	}
	if argv[1] == "container" && len(argv) > 2 {
		argv = argv[1:]
	}
	return argv[1], argv[2:]
}

func optionOf(words []string, name string) string {
	for at, word := range words {
		if value, joined := strings.CutPrefix(word, name+"="); joined {
			return value
		}
		if word == name && at+1 < len(words) {
			return words[at+1]
		}
	}
	return ""
}

// hasFlag knows short flags that are joined as well (-dit).
func hasFlag(words []string, short, long string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		joined := short != "" && len(word) > 1 && word[0] == '-' && word[1] != '-' && strings.Trim(word[1:], "ditPq") == "" && strings.Contains(word, short[1:])
		return joined || word == long || word == long+"=true"
	})
}

// unitsAround are the loaded units that make or start containers, and are not among those that
// were asked for.
func (look *look) unitsAround(ctx context.Context, known *Facts, asked []Unit) []Unit {
	all, err := look.showUnits(ctx, known, nil)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(all, func(unit Unit) bool {
		return unit.Docker == nil || slices.ContainsFunc(asked, func(other Unit) bool { return other.Name == unit.Name })
	})
}

// unitAround is the active unit whose commands make or start a container of the system's own
// Docker.
func (facts *Facts) unitAround(container docker.Container) (Unit, bool) {
	if container.Project != "" || container.Daemon.Host != "" {
		return Unit{}, false
	}
	for _, unit := range facts.Units.Value {
		if unit.Docker != nil && unit.Docker.Container == container.Name && unit.ActiveState != "inactive" {
			return unit, true
		}
	}
	return Unit{}, false
}

// containerIn is the container that a unit makes or starts, where it is there.
func (facts *Facts) containerIn(unit Unit) (docker.Container, bool) {
	for _, container := range facts.Containers.Value {
		if around, ok := facts.unitAround(container); ok && around.Name == unit.Name {
			return container, true
		}
	}
	return docker.Container{}, false
}

// AroundUnit is the unit whose commands make the examined container.
func (facts *Facts) AroundUnit() (Unit, bool) { return facts.UnitNamed(facts.Target.Around) }

// isPublished tells whether requests get to a container: Nginx passes some on to it, or it
// listens where other machines get to.
func (facts *Facts) isPublished(container docker.Container) bool {
	outside := slices.ContainsFunc(container.Ports, func(port docker.PublishedPort) bool {
		return !strings.HasPrefix(port.HostIP, "127.") && port.HostIP != "::1"
	})
	return outside || slices.ContainsFunc(facts.Processes.Value.Servers, func(one Server) bool {
		return one.Master.Cgroup.Container == container.Identity() && facts.isAskedFor(one)
	})
}
