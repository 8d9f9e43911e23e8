package facts

import (
	"strings"
	"testing"

	"flasktui/sys/docker"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestWhichContainerAUnitMakes: and whether a restart of the unit makes a new one.
func TestWhichContainerAUnitMakes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		start, beside string
		want          *DockerUnit
	}{
		{"/usr/bin/docker run --rm --name shop -p 8000:8000 shop", "", &DockerUnit{Container: "shop", Anew: true}},
		{"/usr/bin/docker run --name=shop shop", "", &DockerUnit{Container: "shop"}},
		{"docker container run -it --name shop shop", "/usr/bin/docker rm -f shop", &DockerUnit{Container: "shop", Anew: true}},
		{"docker run --name shop shop", "/usr/bin/docker rm -f other", &DockerUnit{Container: "shop"}},
		{"docker run -d --rm --name shop shop", "", &DockerUnit{Container: "shop"}},
		{"docker run -d --rm --name shop shop", "docker stop shop", &DockerUnit{Container: "shop", Anew: true}},
		{"docker start -a shop", "docker stop shop", &DockerUnit{Container: "shop", Starts: true}},
		{"docker run --rm shop", "", nil},
		{"docker compose up", "", nil},
		{"/usr/bin/gunicorn wsgi:app", "docker rm -f shop", nil},
	} {
		got := dockerUnit(systemd.Unit{ExecStart: [][]string{strings.Fields(test.start)}, Beside: [][]string{strings.Fields(test.beside)}})
		if (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
			t.Errorf("%s (%s): %+v", test.start, test.beside, got)
		}
	}
}

// TestAContainerOfNoProject is a service by its own name, or by that of the unit that makes it;
// one that was left or is tried out counts where there is nothing else.
func TestAContainerOfNoProject(t *testing.T) {
	t.Parallel()
	lone := docker.Container{ID: "one", Name: "shop", State: "running", PID: 7, Ports: []docker.PublishedPort{{HostIP: "0.0.0.0", HostPort: 80, ContainerPort: 8000}}}
	private, left := lone, docker.Container{ID: "two", Name: "old", State: "exited", ExitCode: 137, Serves: true}
	private.Ports = nil
	inside := Server{Master: Process{Process: proc.Process{PID: 7, Cgroup: proc.Cgroup{Container: "one"}}}}
	unit := func(name, state string, made *DockerUnit) Unit {
		return Unit{Unit: systemd.Unit{Name: name, LoadState: "loaded", ActiveState: state}, Docker: made, Serves: made == nil}
	}
	around := unit("web.service", "active", &DockerUnit{Container: "shop", Anew: true})
	for name, test := range map[string]struct {
		named      string
		units      []Unit
		containers []docker.Container
		want       string
	}{
		"alone":                   {"", nil, []docker.Container{lone, left}, "docker:shop"},
		"by its name":             {"docker:shop", nil, []docker.Container{lone}, "docker:shop"},
		"of a unit":               {"", []Unit{around}, []docker.Container{lone}, "web.service"},
		"of a unit, by its name":  {"docker:shop", []Unit{around}, []docker.Container{lone}, "web.service"},
		"by the unit's name":      {"web", []Unit{around}, []docker.Container{lone}, "web.service"},
		"of a unit that is over":  {"docker:shop", []Unit{unit("web.service", "inactive", around.Docker)}, []docker.Container{lone}, "docker:shop"},
		"tried out beside a unit": {"", []Unit{unit("blog.service", "active", nil)}, []docker.Container{private, left}, "blog.service"},
		"nothing of that name":    {"docker:web", nil, []docker.Container{lone}, ""},
	} {
		known := &Facts{Options: Options{Service: test.named}, Units: Of(test.units, ""), Containers: Of(test.containers, ""), Processes: Of(Processes{Servers: []Server{inside}}, "")}
		target, err := chooseTarget(known)
		if target.Service != test.want || (err == nil) != (test.want != "") || test.want != "" && test.want != "blog.service" && target.Container != "one" {
			t.Errorf("%s: %+v, %v", name, target, err)
		}
	}
}
