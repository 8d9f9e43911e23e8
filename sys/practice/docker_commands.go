package practice

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
	"time"
)

// dockerCall is a docker command line taken apart.
type dockerCall struct {
	words   []string
	options map[string]string
	files   []string
}

// dockerValues are options that take a word of their own.
const dockerValues = " -f --file -p --project-name --project-directory --env-file --profile --type --format --tail -n --since --hash "

func parseDocker(arguments []string) dockerCall {
	call := dockerCall{options: map[string]string{}}
	for i := 0; i < len(arguments); i++ {
		argument := arguments[i]
		if argument == "--" {
			call.words = append(call.words, arguments[i+1:]...)
			break
		}
		if !strings.HasPrefix(argument, "-") {
			call.words = append(call.words, argument)
			continue
		}
		name, given, joined := strings.Cut(argument, "=")
		if !joined && strings.Contains(dockerValues, " "+name+" ") && i+1 < len(arguments) && (name != "-f" || len(call.words) < 2) {
			i++
			given = arguments[i]
		}
		if name == "-f" || name == "--file" {
			call.files = append(call.files, given)
		}
		call.options[name] = given
	}
	return call
}

func (c dockerCall) has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		_, ok := c.options[name]
		return ok
	})
}

func dockerChanges(arguments []string) bool {
	call := parseDocker(arguments)
	verbs := " build up restart down stop start rm kill pull exec run create "
	for _, word := range call.words[:min(len(call.words), 2)] {
		if strings.Contains(verbs, " "+word+" ") {
			return true
		}
	}
	return false
}

func (r *run) docker() {
	call := parseDocker(r.arguments)
	if len(call.words) == 0 {
		r.print("Docker version 26.1.5+dfsg1, build a72d7cd\n")
		return
	}
	switch verb := call.words[0]; verb {
	case "ps":
		r.dockerList(call)
	case "container", "image":
		if len(call.words) > 1 && call.words[1] == "inspect" {
			r.dockerInspect(call.words[2:], verb)
			return
		}
		r.fail(1, "docker: the practice box has no '%s'", strings.Join(call.words, " "))
	case "inspect":
		r.dockerInspect(call.words[1:], orElse(call.options["--type"], "container"))
	case "logs":
		r.dockerLogs(call.words[1:])
	case "compose":
		r.compose(call)
	case "context":
		r.print(`{"Name":"default","Description":"","DockerEndpoint":"unix:///var/run/docker.sock","Current":true,"Error":"","ContextType":"moby"}` + "\n")
	case "version", "info":
		r.print("Client: Docker Engine - Community\n Version: 26.1.5\n\nServer: Docker Engine - Community\n Engine:\n  Version: 26.1.5\n")
	default:
		r.fail(1, "docker: '%s' is not a docker command.\nSee 'docker --help'", verb)
	}
}

func (r *run) dockerList(call dockerCall) {
	quiet := call.has("-q", "--quiet", "-aq", "-qa")
	if !quiet && call.options["--format"] == "" {
		r.print("CONTAINER ID   IMAGE         COMMAND      CREATED        STATUS        PORTS                      NAMES\n")
	}
	for _, each := range r.box.docker.containers {
		id := each.id[:12]
		if call.has("--no-trunc") {
			id = each.id
		}
		status := "Up " + r.box.clock.time().Sub(each.started).Round(time.Minute).String()
		switch {
		case quiet:
			r.print("%s\n", id)
		case strings.Contains(call.options["--format"], "json"):
			line, _ := json.Marshal(map[string]string{"ID": id, "Image": each.imageName, "Names": each.name, "State": "running", "Status": status})
			r.print("%s\n", line)
		default:
			r.print("%s   %-13s \"%s\"   %s   %s   %s   %s\n", id, each.imageName, strings.Join(each.service.command, " "),
				each.created.UTC().Format(time.DateTime), status, strings.Join(each.service.ports, ", "), each.name)
		}
	}
}

func (r *run) dockerLogs(names []string) {
	for _, each := range r.box.docker.containers {
		if slices.Contains(names, each.name) || slices.Contains(names, each.id) {
			r.print("%s\n", strings.Join(each.log, "\n"))
		}
	}
}

// compose runs one of Compose's commands for the box's project.
func (r *run) compose(call dockerCall) {
	project := r.box.docker.project
	verb := "version"
	if len(call.words) > 1 {
		verb = call.words[1]
	}
	if verb == "version" {
		r.print("2.26.1\n")
		return
	}
	at := orElse(call.options["--project-directory"], r.command.Dir)
	chosen := at == project.directory() || call.options["-p"] == project.name || call.options["--project-name"] == project.name
	for _, file := range call.files {
		chosen = chosen || path.Join(orElse(r.command.Dir, "/"), file) == project.file || file == project.file
	}
	service, ok := project.read(r.box)
	if !chosen || !ok {
		r.fail(14, "no configuration file provided: not found")
		return
	}
	named := call.words[2:]
	if len(named) > 0 && !slices.Contains(named, service.name) && verb != "config" {
		r.fail(1, "no such service: %s", named[0])
		return
	}
	r.composeVerb(verb, call, service)
}

func (r *run) composeVerb(verb string, call dockerCall, service composeService) {
	standing := r.box.docker.container(service.name)
	switch verb {
	case "config":
		switch {
		case call.has("--hash"):
			r.print("%s %s\n", service.name, service.hash())
		case call.has("--services"):
			r.print("%s\n", service.name)
		case call.options["--format"] == "json":
			r.composeModel(service)
		case !call.has("-q", "--quiet"):
			r.print("%s", r.box.find(r.box.docker.project.file).content)
		}
	case "build":
		r.composeBuild(service)
	case "up":
		if call.has("--build") {
			r.composeBuild(service)
		}
		r.composeUp(service, call.has("--force-recreate"))
	case "restart":
		if standing != nil && r.pause() {
			standing.stop()
			standing.start()
			r.emit(&r.stderr, " Container %s  Started\n", standing.name)
		}
	case "ps":
		if standing != nil {
			r.print("NAME   IMAGE   SERVICE\n%s   %s   %s\n", standing.name, standing.imageName, service.name)
		}
	case "logs":
		if standing != nil {
			r.print("%s\n", strings.Join(standing.log, "\n"))
		}
	default:
		r.fail(1, "unknown docker command: \"compose %s\"", verb)
	}
}
