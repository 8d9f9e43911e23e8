package facts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestWhichContainerAUnitMakes: and whether a restart of the unit makes a new one.
func TestWhichContainerAUnitMakes(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "run.sh")
	text := "#!/bin/sh\nset -e\nNAME=shop\ndocker rm -f $NAME || true\nexec docker run \\\n  --name $NAME shop\n"
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	// What is no shell script is not read as one, whatever words are in it.
	binary, python := filepath.Join(t.TempDir(), "program"), filepath.Join(t.TempDir(), "run.py")
	for file, begins := range map[string]string{binary: "#!/bin/sh\n\x00", python: "#!/usr/bin/python3\n"} {
		if err := os.WriteFile(file, []byte(begins+"docker run --name shop shop\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		start, beside string
		want          *DockerUnit
	}{
		{"/usr/bin/docker run --rm --name shop -p 8000:8000 shop", "", &DockerUnit{Container: "shop", Anew: true}},
		{"/usr/bin/docker run --name=shop shop", "", &DockerUnit{Container: "shop"}},
		{"docker container run -it --name shop shop", "/usr/bin/docker rm -f shop", &DockerUnit{Container: "shop", Anew: true}},
		{"docker run --name shop shop", "/usr/bin/docker rm -f other", &DockerUnit{Container: "shop"}},
		{"docker run -d --rm --name shop shop", "", &DockerUnit{Container: "shop", Leaves: true}},
		{"docker run -d --rm --name shop shop", "docker stop shop", &DockerUnit{Container: "shop", Anew: true}},
		{"docker start -a shop", "docker stop shop", &DockerUnit{Container: "shop", Starts: true}},
		{"docker start -ai shop", "", &DockerUnit{Container: "shop", Starts: true}},
		{"docker start shop", "", &DockerUnit{Container: "shop", Starts: true, Leaves: true}},
		{"/usr/bin/env docker run --rm --name ${NAME} shop", "", &DockerUnit{Container: "shop", Anew: true}},
		{"/bin/sh -c exec docker run --rm --name shop shop", "", &DockerUnit{Container: "shop", Anew: true}},
		{script, "", &DockerUnit{Container: "shop", Anew: true}},
		{"/usr/bin/podman run --name shop --replace --rm --cgroups=split -d localhost/shop", "/usr/bin/podman rm -v -f -i shop", &DockerUnit{Container: "shop", Podman: true, Anew: true}},
		{"podman run --cidfile=/run/shop.id --replace -d --name shop shop", "podman stop --cidfile=/run/shop.id", &DockerUnit{Container: "shop", Podman: true, Anew: true}},
		{"podman run --cidfile=/run/shop.id --replace -d --name shop shop", "podman stop --cidfile=/run/other.id", &DockerUnit{Container: "shop", Podman: true, Leaves: true}},
		{"podman start shop", "podman stop shop", &DockerUnit{Container: "shop", Podman: true, Starts: true}},
		{"podman run --replace --name shop shop", "", &DockerUnit{Container: "shop", Podman: true, Anew: true}},
		{"docker run --replace --name shop shop", "", &DockerUnit{Container: "shop"}},
		{"docker run --rm=true --detach=true --name shop shop", "", &DockerUnit{Container: "shop", Leaves: true}},
		{"docker run - --name shop shop", "", &DockerUnit{Container: "shop"}},
		{"docker start --interactive shop", "", &DockerUnit{Container: "shop", Starts: true}},
		{"docker start", "", nil},
		{"docker start -a", "", nil},
		{"docker run --name", "", nil},
		{binary, "", nil},
		{python, "", nil},
		{"docker run --rm shop", "", nil},
		{"docker ps", "", nil},
		{"/usr/bin/gunicorn wsgi:app", "docker rm -f shop", nil},
	} {
		look := &look{machine: sys.NewLocal(sys.LocalOptions{NoSudo: true})}
		got := look.dockerUnit(t.Context(), systemd.Unit{
			ExecStart: [][]string{strings.Fields(test.start)}, Beside: [][]string{strings.Fields(test.beside)}, Environment: map[string]string{"NAME": "shop"},
		}, true)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (%s): %s", test.start, test.beside, diff)
		}
	}
}

// TestWhichProjectAUnitBringsUp: by name, files or directory, and whether it waits for it.
func TestWhichProjectAUnitBringsUp(t *testing.T) {
	t.Parallel()
	web := docker.Container{Project: "shop", Service: "web", ProjectDir: "/srv/shop", ConfigFiles: []string{"/srv/shop/compose.yaml"}}
	for _, test := range []struct {
		start, beside   string
		makes, attached bool
		leaves          bool
	}{
		{"/usr/bin/docker compose up", "", true, true, false},
		{"docker compose up -d --remove-orphans", "docker compose down", true, false, false},
		{"docker-compose up --detach --build web", "", true, false, true},
		{"docker compose up worker", "", false, true, false},
		{"docker compose -p shop -f /elsewhere/compose.yaml up", "", true, true, false},
		{"docker compose -p other up", "", false, true, false},
		{"docker compose --file=compose.yaml up --scale web=2", "", true, true, false},
		{"docker compose -f prod.yaml up", "", false, true, false},
		{"/bin/sh -c cd /srv && docker compose up", "", false, true, false},
		{"docker compose --project-directory /srv/shop up", "", true, true, false},
		{"docker compose --profile web --env-file x.env up", "", true, true, false},
		{"docker compose --ansi=never up", "", true, true, false},
		{"docker compose up --wait", "docker compose stop", true, false, false},
	} {
		look := &look{machine: sys.NewLocal(sys.LocalOptions{NoSudo: true})}
		got := look.dockerUnit(t.Context(), systemd.Unit{
			WorkingDirectory: "/srv/shop", ExecStart: [][]string{strings.Fields(test.start)}, Beside: [][]string{strings.Fields(test.beside)},
		}, true)
		if got == nil || got.Project == nil || got.Project.makes(web) != test.makes || got.Project.Attached != test.attached || got.Leaves != test.leaves {
			t.Errorf("%s (%s): %+v", test.start, test.beside, got)
		}
	}
	for _, none := range []string{"docker compose build", "docker compose", "docker compose -f", "docker compose --verbose", "docker compose run web flask db upgrade", "docker compose logs -f"} {
		if got := (&look{machine: sys.NewLocal(sys.LocalOptions{NoSudo: true})}).dockerUnit(t.Context(), systemd.Unit{ExecStart: [][]string{strings.Fields(none)}}, true); got != nil {
			t.Errorf("%s: %+v", none, got)
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
	loopback := lone
	loopback.Ports = []docker.PublishedPort{{HostIP: "127.0.0.1", HostPort: 80, ContainerPort: 8000}, {HostIP: "::1", HostPort: 80, ContainerPort: 8000}}
	inside := Server{Master: Process{Process: proc.Process{PID: 7, Cgroup: proc.Cgroup{Container: "one"}}}}
	unit := func(name, state string, made *DockerUnit) Unit {
		return Unit{Unit: systemd.Unit{Name: name, LoadState: "loaded", ActiveState: state}, Docker: made, Serves: made == nil}
	}
	task := docker.Container{ID: "one", Name: "shop_web.1.x", State: "running", PID: 7, Swarm: &docker.SwarmService{Name: "shop_web"}}
	ended := docker.Container{ID: "three", Name: "shop_web.1.w", State: "exited", ExitCode: 137, Serves: true, Swarm: task.Swarm}
	script := docker.Container{ID: "one", Name: "board", State: "exited", ExitCode: 1, Program: true, Ports: lone.Ports}
	around := unit("web.service", "active", &DockerUnit{Container: "shop", Anew: true})
	for name, test := range map[string]struct {
		named      string
		units      []Unit
		containers []docker.Container
		want       string
	}{
		"alone":                            {"", nil, []docker.Container{lone, left}, "docker:shop"},
		"by its name":                      {"docker:shop", nil, []docker.Container{lone}, "docker:shop"},
		"of a unit":                        {"", []Unit{around}, []docker.Container{lone}, "web.service"},
		"of a unit, by its name":           {"docker:shop", []Unit{around}, []docker.Container{lone}, "web.service"},
		"by the unit's name":               {"web", []Unit{around}, []docker.Container{lone}, "web.service"},
		"of a unit that is over":           {"docker:shop", []Unit{unit("web.service", "inactive", around.Docker)}, []docker.Container{lone}, "docker:shop"},
		"tried out beside a unit":          {"", []Unit{unit("blog.service", "active", nil)}, []docker.Container{private, left}, "blog.service"},
		"a task of a swarm":                {"", nil, []docker.Container{task, ended}, "swarm:shop_web"},
		"of a swarm, by its name":          {"swarm:shop_web", nil, []docker.Container{ended, task}, "swarm:shop_web"},
		"a script that ended":              {"", nil, []docker.Container{script}, "docker:board"},
		"one beside a unit":                {"", []Unit{unit("blog.service", "active", nil)}, []docker.Container{script}, "blog.service"},
		"of a unit with another container": {"", []Unit{unit("web.service", "active", &DockerUnit{Container: "blog"})}, []docker.Container{lone}, "docker:shop"},
		"of a unit of Podman's":            {"", []Unit{unit("web.service", "active", &DockerUnit{Container: "shop", Podman: true})}, []docker.Container{lone}, "docker:shop"},
		"of a unit with a project":         {"", []Unit{unit("web.service", "active", &DockerUnit{Container: "shop", Project: &ProjectUnit{}})}, []docker.Container{lone}, "docker:shop"},
		"that this box alone gets to":      {"", []Unit{unit("blog.service", "active", nil)}, []docker.Container{loopback}, "blog.service"},
		"nothing of that name":             {"docker:web", nil, []docker.Container{lone}, ""},
	} {
		known := &Facts{Options: Options{Service: test.named}, Units: Of(test.units, ""), Containers: Of(test.containers, ""), Processes: Of(Processes{Servers: []Server{inside}}, "")}
		target, err := chooseTarget(known)
		if target.Service != test.want || (err == nil) != (test.want != "") || test.want != "" && test.want != "blog.service" && target.Container != "one" {
			t.Errorf("%s: %+v, %v", name, target, err)
		}
	}
}

// TestAnotherContainerOfTheService: the same Compose service started as another project, and an
// older container from the same tag. What else runs from that image is another site's.
func TestAnotherContainerOfTheService(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	composed := docker.Container{ID: "own", Name: "next-web-1", Project: "next", Service: "web", ProjectDir: "/srv/shop", ImageName: "next-web", ImageID: "2", Created: made}
	lone := docker.Container{ID: "own", Name: "green", ImageName: "shop", ImageID: "2", Created: made}
	for name, test := range map[string]struct {
		own    docker.Container
		change func(other *docker.Container)
		is     bool
	}{
		"renamed project":   {composed, func(other *docker.Container) { other.Project = "shop" }, true},
		"another service":   {composed, func(other *docker.Container) { other.Project, other.Service = "shop", "api" }, false},
		"another directory": {composed, func(other *docker.Container) { other.Project, other.ProjectDir = "shop", "/srv/other" }, false},
		"a replica":         {composed, func(*docker.Container) {}, false},
		"older image":       {lone, func(other *docker.Container) { other.ImageID, other.Created = "1", made.Add(-time.Hour) }, true},
		"same image":        {lone, func(other *docker.Container) { other.Created = made.Add(-time.Hour) }, false},
		"newer container":   {lone, func(other *docker.Container) { other.ImageID, other.Created = "3", made.Add(time.Hour) }, false},
		"another Docker's": {lone, func(other *docker.Container) {
			other.ImageID, other.Created, other.Daemon.Host = "1", made.Add(-time.Hour), "unix:///run/user/1001/docker.sock"
		}, false},
		"of a project by now": {lone, func(other *docker.Container) {
			other.ImageID, other.Created, other.Project = "1", made.Add(-time.Hour), "shop"
		}, false},
		"itself":          {lone, func(other *docker.Container) { other.ID = "own" }, false},
		"of no directory": {docker.Container{ID: "own", Project: "next", Service: "web"}, func(other *docker.Container) { other.Project = "shop" }, false},
		"another tag": {lone, func(other *docker.Container) {
			other.ImageID, other.ImageName, other.Created = "1", "shop:1", made.Add(-time.Hour)
		}, false},
	} {
		other := test.own
		other.ID, other.Name = "other", "the-other"
		test.change(&other)
		known := &Facts{Target: Target{Container: "own"}, Containers: Of([]docker.Container{test.own, other}, "")}
		answering := Server{Master: Process{Process: proc.Process{Cgroup: proc.Cgroup{Container: "other"}}}}
		if clue := known.otherContainer(answering); (clue != "") != test.is || test.is && !strings.Contains(clue, "the-other") {
			t.Errorf("%s: %q", name, clue)
		}
	}
}
