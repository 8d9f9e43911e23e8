package facts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/memory"
)

// TestWhichProjectsMayBeMeant: the file that was named, or those where people put such things.
func TestWhichProjectsMayBeMeant(t *testing.T) {
	t.Parallel()
	box := memory.Machine{Files: map[string]string{
		"/srv/shop/compose.yaml": "", "/home/ada/shop/docker-compose.yml": "", "/work/shop/compose.yml": "", "/home/ada/blog/compose.yaml": "", "/opt/shop/notes": "",
	}}
	bare := memory.Machine{Files: map[string]string{"/srv/shop/compose.yaml": ""}}
	for name, test := range map[string]struct {
		box     memory.Machine
		options Options
		want    string
	}{
		"by its name":                {box, Options{}, "/srv/shop/compose.yaml /home/ada/shop/docker-compose.yml"},
		"by the directory, first":    {box, Options{AppDir: "/work/shop"}, "/work/shop/compose.yml /srv/shop/compose.yaml /home/ada/shop/docker-compose.yml"},
		"by the file, and no other":  {box, Options{ComposeFile: "/elsewhere/c.yaml", AppDir: "/work/shop"}, "/elsewhere/c.yaml"},
		"where nobody has a home":    {bare, Options{}, "/srv/shop/compose.yaml"},
		"a directory without a file": {bare, Options{AppDir: "/work/shop"}, "/srv/shop/compose.yaml"},
	} {
		var files []string
		for _, one := range lookAt(test.box).composeProjects(t.Context(), test.options, "shop") {
			files = append(files, one.Files...)
		}
		if got := strings.Join(files, " "); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestWhoWantsAbsentContainers: they are looked for where one was named that is not there, and of
// root's own daemon alone.
func TestWhoWantsAbsentContainers(t *testing.T) {
	t.Parallel()
	there := docker.Container{ID: "1", Name: "shop-web-1", Project: "shop", Service: "web", State: "running", PID: 7}
	planned := func(service string) string {
		return fmt.Sprintf(`{"name":"shop","services":{%q:{"image":"shop","command":["gunicorn","wsgi:app"]}}}`, service)
	}
	for name, test := range map[string]struct {
		options Options
		planned string
		want    string
		problem bool
	}{
		"it was named":                  {Options{Service: "compose:shop/api"}, planned("api"), "compose:shop/api", false},
		"another is in the project":     {Options{Service: "compose:shop/api"}, planned("admin"), "", false},
		"it is there":                   {Options{Service: "compose:shop/web"}, planned("web"), "", false},
		"a unit was named":              {Options{Service: "shop.service", ComposeFile: "/srv/shop/compose.yaml"}, planned("api"), "", false},
		"nothing was named":             {Options{}, planned("api"), "", false},
		"the file was named":            {Options{ComposeFile: "/srv/shop/compose.yaml"}, planned("api"), "compose:shop/api", false},
		"the file of what is there":     {Options{ComposeFile: "/srv/shop/compose.yaml"}, planned("web"), "", false},
		"of a user's own daemon":        {Options{Service: "compose:shop/api@ada"}, planned("api"), "", false},
		"Compose cannot read the files": {Options{Service: "compose:shop/api"}, "", "", true},
	} {
		box := memory.Machine{Files: map[string]string{"/srv/shop/compose.yaml": "services: {}\n", "/usr/bin/docker": ""}}
		box.OnRun = func(command sys.Command) sys.Output {
			if slices.Contains(command.Argv, "config") && test.planned != "" {
				return sys.Output{Stdout: []byte(test.planned)}
			}
			return sys.Output{Exit: 1, Stderr: []byte("it failed"), Err: errors.New("exit status 1")}
		}
		absent, problem := lookAt(box).absentContainers(t.Context(), &Facts{Options: test.options, Containers: Of([]docker.Container{there}, "")})
		var names []string
		for _, one := range absent {
			names = append(names, composeName(one))
		}
		if got := strings.Join(names, " "); got != test.want || (problem != "") != test.problem {
			t.Errorf("%s: %q, want %q (%s)", name, got, test.want, problem)
		}
	}
}

// TestWhetherADockerfileNamesAServer: as a word of its own, in whichever form.
func TestWhetherADockerfileNamesAServer(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"FROM python\nCMD [\"gunicorn\", \"wsgi:app\"]\n": true,
		"FROM python\nCMD gunicorn wsgi:app\n":            true,
		"FROM postgres\nCMD [\"postgres\"]\n":             false,
	} {
		box := memory.Machine{Files: map[string]string{"/srv/Dockerfile": text}}
		if got := lookAt(box).buildsServer(t.Context(), &docker.ComposeBuild{Dockerfile: "/srv/Dockerfile"}); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	for name, build := range map[string]*docker.ComposeBuild{"no build": nil, "no file": {Dockerfile: "/gone"}} {
		if lookAt(memory.Machine{}).buildsServer(t.Context(), build) {
			t.Errorf("%s names one", name)
		}
	}
}

// TestWhichCheckoutABuildClones: the one of the same address, in the first directory that has it.
func TestWhichCheckoutABuildClones(t *testing.T) {
	t.Parallel()
	const head = "ref: refs/heads/main\n"
	config := func(url string) string { return "[remote \"origin\"]\n\turl = " + url + "\n" }
	box := memory.Machine{Files: map[string]string{
		"/srv/shop/.git/HEAD": head, "/srv/shop/.git/config": config("https://git.example/shop.git"), "/srv/shop/.git/refs/heads/main": strings.Repeat("1", 40) + "\n",
		"/srv/blog/.git/HEAD": head, "/srv/blog/.git/config": config("https://git.example/blog.git"), "/srv/blog/.git/refs/heads/main": strings.Repeat("2", 40) + "\n",
		"/srv/plain/app.py": "",
	}}
	for want, directories := range map[string][]string{
		"/srv/shop": {"", "/srv/plain", "/srv/blog", "/srv/shop"},
		"":          {"/srv/blog", "/gone"},
	} {
		if got := lookAt(box).checkoutOf(t.Context(), "https://git.example/shop.git", directories...); got != want {
			t.Errorf("%v: %s, want %s", directories, got, want)
		}
	}
}
