package practice

import (
	"encoding/json"
	"net/netip"
	"path"
	"strings"
	"time"
)

// composeProject is the one Compose project of the box.
type composeProject struct {
	name string
	file string
}

// composeService is a service as its file says now, or as a container was made from it.
type composeService struct {
	name        string
	build       string
	image       string
	command     []string
	environment []variable
	ports       []string
	volumes     []string
}

func (p composeProject) directory() string { return path.Dir(p.file) }

// read evaluates the Compose file: the little of YAML that the box's own files use, with
// one service each.
func (p composeProject) read(b *Box) (composeService, bool) {
	found := b.find(p.file)
	if found == nil {
		return composeService{}, false
	}
	service, key := composeService{}, ""
	for line := range strings.Lines(string(found.content)) {
		text := strings.TrimSpace(line)
		depth := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case text == "" || text[0] == '#' || depth == 0:
		case depth == 2 && service.name == "":
			service.name = strings.TrimSuffix(text, ":")
		case depth == 4:
			name, given, _ := strings.Cut(text, ":")
			key = name
			service.set(b, p, key, strings.TrimSpace(given))
		case depth > 4:
			service.set(b, p, key, strings.Trim(strings.TrimPrefix(text, "- "), `"`))
		}
	}
	return service, service.name != ""
}

func (s *composeService) set(b *Box, project composeProject, key, given string) {
	if given == "" {
		return
	}
	switch key {
	case "build":
		s.build = path.Join(project.directory(), given)
	case "image":
		s.image = given
	case "command":
		s.command = words(given)
	case "ports":
		s.ports = append(s.ports, given)
	case "volumes":
		s.volumes = append(s.volumes, given)
	case "environment":
		name, value, _ := strings.Cut(given, ": ")
		s.environment = append(s.environment, variable{name, strings.Trim(value, `"`)})
	case "env_file":
		if found := b.find(path.Join(project.directory(), given)); found != nil {
			s.environment = append(s.environment, readEnvironmentFile(string(found.content))...)
		}
	}
}

// hash is Compose's own test of whether a container is what the file says: all but the
// build.
func (s composeService) hash() string {
	text := s.image + strings.Join(s.command, " ") + strings.Join(s.ports, " ") + strings.Join(s.volumes, " ")
	for _, each := range s.environment {
		text += "\n" + each.name + "=" + each.value
	}
	return digest(text)
}

// mounts are the bind mounts, source to destination.
func (s composeService) mounts() map[string]string {
	found := map[string]string{}
	for _, volume := range s.volumes {
		if source, destination, ok := strings.Cut(volume, ":"); ok && path.IsAbs(source) {
			destination, _, _ = strings.Cut(destination, ":")
			found[source] = destination
		}
	}
	return found
}

// port is the first published port.
func (s composeService) port(b *Box) (outside netip.AddrPort, inside uint16, ok bool) {
	if len(s.ports) == 0 {
		return netip.AddrPort{}, 0, false
	}
	cut := strings.LastIndex(s.ports[0], ":")
	_, outside = b.bindAddress(s.ports[0][:cut])
	_, within := b.bindAddress("0.0.0.0:" + s.ports[0][cut+1:])
	return outside, within.Port(), outside.IsValid()
}

// container is the running container of a service.
func (d *dockerDaemon) container(service string) *container {
	for _, each := range d.containers {
		if each.service.name == service {
			return each
		}
	}
	return nil
}

// composeUp brings a service to what its file and image are now: nothing where they
// agree, another container where they do not or where that is forced.
func (r *run) composeUp(service composeService, force bool) {
	d := r.box.docker
	standing := d.container(service.name)
	name := d.project.name + "-" + service.name + "-1"
	if standing != nil && !force && standing.hash == service.hash() && standing.image == d.image(service.image) {
		r.emit(&r.stderr, " Container %s  Running\n", name)
		return
	}
	if d.image(service.image) == nil {
		d.build(service.build, service.image)
	}
	if !r.pause() {
		return
	}
	if standing != nil {
		r.emit(&r.stderr, " Container %s  Recreate\n", name)
		d.remove(standing)
		r.emit(&r.stderr, " Container %s  Recreated\n", name)
	}
	r.emit(&r.stderr, " Container %s  Starting\n", name)
	if d.create(service, service.hash()) == nil {
		r.fail(1, "Error response from daemon: No such image: %s", service.image)
		return
	}
	r.box.clock.pass(400 * time.Millisecond)
	r.emit(&r.stderr, " Container %s  Started\n", name)
}

// composeBuild makes the image anew.
func (r *run) composeBuild(service composeService) {
	r.print("#1 [internal] load build definition from Dockerfile\n#2 [internal] load build context\n")
	if !r.pause() {
		return
	}
	made := r.box.docker.build(service.build, service.image)
	r.print("#3 [1/3] FROM docker.io/library/python:3.13-slim\n#4 [2/3] COPY . /app\n#5 [3/3] RUN pip install -r requirements.txt\n"+
		"#6 exporting to image\n#6 writing image %s done\n#6 naming to docker.io/library/%s done\n", made.id, service.image)
}

// composeModel prints the project as Compose resolves it.
func (r *run) composeModel(service composeService) {
	environment := object{}
	for _, each := range service.environment {
		environment[each.name] = strings.ReplaceAll(each.value, "$", "$$")
	}
	volumes := []object{}
	for source, destination := range service.mounts() {
		volumes = append(volumes, object{"type": "bind", "source": source, "target": destination})
	}
	resolved := object{"image": service.image, "command": service.command, "environment": environment, "volumes": volumes}
	if service.build != "" {
		resolved["build"] = object{"context": service.build, "dockerfile": "Dockerfile"}
	}
	text, err := json.MarshalIndent(object{"name": r.box.docker.project.name, "services": object{service.name: resolved}}, "", "  ")
	if err != nil {
		r.fail(1, "%v", err)
		return
	}
	r.print("%s\n", text)
}
