package facts

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/docker"
	"flasktui/sys/systemd"
)

// This file knows units whose command has Docker run a container (`docker run`, `docker start`,
// `docker compose up`), itself or in a script: the container is below the daemon's control group,
// and the unit holds nothing but the client. Podman's are alike, those among them that it makes
// itself from a .container file (a quadlet).

// DockerUnit is what a unit's commands have Docker run: a container of their own, or a project.
type DockerUnit struct {
	Container string `json:"container"`
	// Podman says that it is Podman's.
	Podman bool `json:"podman,omitempty"`
	// Anew says that a restart of the unit makes a new container, in the place of the old one:
	// without that, the name would be taken, or the old one started again.
	Anew bool `json:"anew,omitempty"`
	// Starts says that the unit starts a container that is there (docker start).
	Starts bool `json:"starts,omitempty"`
	// Leaves says that what it runs lives on when the unit is stopped: it is in the background,
	// and no command of the unit ends it.
	Leaves bool `json:"leaves,omitempty"`
	// Project is what `docker compose up` brings up; nil for a container of the unit's own.
	Project *ProjectUnit `json:"project,omitempty"`
}

// ProjectUnit is a Compose project that a unit brings up, as the command says it: by name, by
// files, or by the directory in which Compose looks for its file.
type ProjectUnit struct {
	Name        string   `json:"name,omitempty"`
	Files       []string `json:"files"`
	Directories []string `json:"directories"`
	// Services are those that it brings up; all where there is none.
	Services []string `json:"services"`
	// Attached says that Compose stays in the foreground: the unit ends with the containers, and
	// they with the unit.
	Attached bool `json:"attached,omitempty"`
}

// dockerUnit tells what a unit's commands have Docker run. scripts says that the scripts which it
// names may be read for that. A container whose name they do not give is not told.
func (look *look) dockerUnit(ctx context.Context, unit systemd.Unit, scripts bool) *DockerUnit {
	commands := look.dockerCommands(ctx, unit, unit.ExecStart, scripts)
	beside := slices.Concat(commands, look.dockerCommands(ctx, unit, unit.Beside, scripts && len(commands) > 0))
	made := dockerUnitOf(commands, beside)
	if made != nil && made.Project != nil {
		for at, directory := range made.Project.Directories {
			if resolved, err := look.machine.Resolve(ctx, directory); err == nil && resolved != directory {
				made.Project.Directories = append(made.Project.Directories[:at:at], directory, resolved)
			}
		}
	}
	return made
}

// dockerCommands are the commands to Docker's client among a unit's, with those in the shell
// scripts that it names. Variables that the unit itself sets are put in.
func (look *look) dockerCommands(ctx context.Context, unit systemd.Unit, argvs [][]string, read bool) []appserver.DockerCommand {
	const most = 8
	var found []appserver.DockerCommand
	var scripts []string
	expand := func(word string) string {
		return os.Expand(word, func(name string) string {
			if value, known := unit.Environment[name]; known {
				return value
			}
			return "${" + name + "}"
		})
	}
	take := func(start appserver.Start, base string) {
		for _, one := range start.Dockers {
			one.Directory = absolute(base, one.Directory)
			if one.Directory == "" {
				one.Directory = base
			}
			one.Argv = slices.Clone(one.Argv)
			for at := range one.Argv {
				one.Argv[at] = expand(one.Argv[at])
			}
			found = append(found, one)
		}
		for _, script := range start.Scripts {
			scripts = append(scripts, absolute(base, expand(script)))
		}
	}
	for _, argv := range argvs {
		take(appserver.StartOf(argv), unit.WorkingDirectory)
	}
	for index := 0; read && index < min(len(scripts), most); index++ {
		text, err := look.readResolved(ctx, scripts[index], 64<<10)
		if (err == nil || errors.Is(err, sys.ErrTruncated)) && bytes.IndexByte(text, 0) < 0 && isShellScript(text) {
			take(appserver.StartOfScript(string(text)), unit.WorkingDirectory)
		}
	}
	return found
}

// dockerUnitOf reads what a unit has Docker do; beside are all of its commands, those included
// that run before and after.
func dockerUnitOf(commands, beside []appserver.DockerCommand) *DockerUnit {
	file := ""
	does := func(name string, verbs ...string) bool {
		return slices.ContainsFunc(beside, func(other appserver.DockerCommand) bool {
			verb, words := docker.Verb(other.Argv)
			return slices.Contains(verbs, verb) && (name == "" || slices.Contains(words, name) || file != "" && optionOf(words, "--cidfile") == file)
		})
	}
	for _, one := range commands {
		verb, words := docker.Verb(one.Argv)
		isPodman := path.Base(one.Argv[0]) == "podman"
		file = optionOf(words, "--cidfile")
		switch verb {
		case "run":
			name := optionOf(words, "--name")
			if name == "" {
				continue
			}
			ended, detached := does(name, "stop", "kill", "rm"), hasFlag(words, "-d", "--detach")
			removed := does(name, "rm") || hasFlag(words, "", "--rm") || isPodman && hasFlag(words, "", "--replace")
			return &DockerUnit{
				Container: name, Podman: isPodman, Anew: removed && (ended || !detached), Leaves: detached && !ended,
			}
		case "start":
			if len(words) > 0 && !strings.HasPrefix(words[len(words)-1], "-") {
				name := words[len(words)-1]
				attached := hasFlag(words, "-a", "--attach") || hasFlag(words, "-i", "--interactive")
				return &DockerUnit{Container: name, Podman: isPodman, Starts: true, Leaves: !attached && !does(name, "stop", "kill")}
			}
		case "compose up":
			if project := projectUnit(one, words); project != nil {
				ended := does("", "compose down", "compose stop", "compose kill")
				return &DockerUnit{Project: project, Leaves: !project.Attached && !ended}
			}
		}
	}
	return nil
}

// projectUnit reads `docker compose up`; nil where it does something else.
func projectUnit(one appserver.DockerCommand, words []string) *ProjectUnit {
	made := ProjectUnit{Files: []string{}, Directories: []string{}, Services: []string{}, Attached: true}
	at := 0
	value := func(names ...string) (string, bool) {
		for _, name := range names {
			if joined, is := strings.CutPrefix(words[at], name+"="); is {
				return joined, true
			}
			if words[at] == name && at+1 < len(words) {
				at++
				return words[at], true
			}
		}
		return "", false
	}
	directory := one.Directory
	for ; at < len(words) && words[at] != "up"; at++ {
		if file, ok := value("-f", "--file"); ok {
			made.Files = append(made.Files, file)
		} else if name, ok := value("-p", "--project-name"); ok {
			made.Name = name
		} else if named, ok := value("--project-directory", "--workdir"); ok {
			directory = absolute(one.Directory, named)
		} else if _, ok := value("--profile", "--env-file", "--ansi", "--progress", "--parallel"); !ok && !strings.HasPrefix(words[at], "-") {
			return nil
		}
	}
	if at == len(words) {
		return nil
	}
	for at++; at < len(words); at++ {
		if _, ok := value("--scale", "-t", "--timeout", "--wait-timeout", "--pull", "--attach", "--no-attach", "--exit-code-from"); ok {
			continue
		}
		switch word := words[at]; {
		case word == "-d", word == "--detach", word == "--wait":
			made.Attached = false
		case !strings.HasPrefix(word, "-"):
			made.Services = append(made.Services, word)
		}
	}
	for index, file := range made.Files {
		made.Files[index] = path.Clean(absolute(one.Directory, file))
	}
	if directory != "" {
		made.Directories = append(made.Directories, path.Clean(directory))
	}
	return &made
}

// makes tells whether the command brings up a container of a project's.
func (made ProjectUnit) makes(container docker.Container) bool {
	if container.Project == "" || container.Daemon.Host != "" || len(made.Services) > 0 && !slices.Contains(made.Services, container.Service) {
		return false
	}
	switch {
	case made.Name != "":
		return made.Name == container.Project
	case len(made.Files) > 0:
		return slices.ContainsFunc(made.Files, func(file string) bool { return slices.Contains(container.ConfigFiles, file) })
	}
	return slices.Contains(made.Directories, path.Clean(container.ProjectDir))
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
		joined := short != "" && len(word) > 1 && word[0] == '-' && word[1] != '-' && strings.Trim(word[1:], "aditPq") == "" && strings.Contains(word, short[1:])
		return joined || word == long || word == long+"=true"
	})
}

// unitsAround are the loaded units that have Docker run something, and their scripts read for that.
// Those that a package brought start programs of its own.
func (look *look) unitsAround(ctx context.Context, known *Facts) []Unit {
	shown, _, err := systemd.ShowServices(ctx, look.machine, look.boot)
	if err != nil {
		return nil
	}
	var around []Unit
	for _, one := range shown {
		local := one.FragmentPath != "" && !strings.HasPrefix(one.FragmentPath, "/usr/lib/") && !strings.HasPrefix(one.FragmentPath, "/lib/")
		if unit := look.readUnit(ctx, known, one, nil, local); unit.Docker != nil {
			around = append(around, unit)
		}
	}
	return around
}

// unitAround is the active unit whose commands make or start a container of the system's own
// Docker.
func (facts *Facts) unitAround(container docker.Container) (Unit, bool) {
	if container.Project != "" || container.Daemon.Host != "" || container.Daemon.Owner.UID != 0 {
		return Unit{}, false
	}
	for _, unit := range facts.Units.Value {
		if unit.Docker != nil && unit.Docker.Project == nil && unit.Docker.Podman == container.Daemon.IsPodman() && unit.Docker.Container == container.Name && unit.ActiveState != "inactive" {
			return unit, true
		}
	}
	return Unit{}, false
}

// UnitOfProject is the active unit whose command brings up the project that a container is of.
func (facts *Facts) UnitOfProject(container docker.Container) (Unit, bool) {
	for _, unit := range facts.Units.Value {
		if unit.Docker != nil && unit.Docker.Project != nil && unit.ActiveState != "inactive" && unit.Docker.Project.makes(container) {
			return unit, true
		}
	}
	return Unit{}, false
}

// servicesBy are the services with a server that are in containers which a unit brings up with
// Compose.
func (facts *Facts) servicesBy(unit Unit) []string {
	if unit.Docker == nil || unit.Docker.Project == nil {
		return nil
	}
	var services []string
	for _, container := range facts.Containers.Value {
		if (container.Serves || facts.runsServer(container)) && unit.Docker.Project.makes(container) {
			services = append(services, facts.ServiceName(container))
		}
	}
	slices.Sort(services)
	return slices.Compact(services)
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

// otherContainer says why a server runs in another container of the examined service: of the same
// Compose service, started as another project from the same directory, or one that `docker run`
// made from the same tag, which names another image by now (G48). Empty where nothing says so:
// one image may well run for several sites.
func (facts *Facts) otherContainer(server Server) string {
	own, isContainer := facts.TargetContainer()
	other, found := facts.ContainerOf(server.Master.Cgroup.Container)
	switch {
	case !isContainer || !found || other.Identity() == own.Identity() || !own.Daemon.Is(other.Daemon):
	case own.Project != "" && own.Project != other.Project && own.ProjectDir != "" && own.ProjectDir == other.ProjectDir && own.Service == other.Service:
		return "it sends requests to " + other.Name + ", which is the same service, started from " + own.ProjectDir + " as another project"
	case own.Project == "" && other.Project == "" && own.ImageName == other.ImageName && own.ImageID != other.ImageID && own.Created.After(other.Created):
		return "it sends requests to " + other.Name + ", which is an older container from " + own.ImageName
	}
	return ""
}
