package docker

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys/memory"
)

func TestParsePlannedContainers(t *testing.T) {
	t.Parallel()
	planned, err := ParsePlannedContainers(strings.NewReader(readFile(t, "testdata/docker/config-2.26.json")), ComposeProject{Directory: "/srv/t", Files: []string{"/srv/t/compose.yaml"}})
	if err != nil || len(planned) != 2 {
		t.Fatalf("%+v, %v", planned, err)
	}
	if one := planned[0]; one.Service != "b" || one.Project != "tt" || one.Name != "tt-b-1" || one.ImageName != "bimg" || one.State != ContainerAbsent ||
		one.ProjectDir != "/srv/t" || one.Build == nil || one.Build.Dockerfile != "/srv/t/Df" {
		t.Errorf("%+v", one)
	}
	raw := `{"name":"shop","services":{"web":{"build":{"context":"/srv/shop"},"command":["gunicorn","app:app"],"container_name":"edge","ports":[
		{"target":8000,"published":"8001","host_ip":"127.0.0.1","protocol":"tcp"},{"target":8000,"published":8002},{"target":53,"published":"53","protocol":"udp"},
		{"target":9000,"published":"9000-9010"},{"target":9001}]},"odd":{"command":"sh -c 'gunicorn app:app'","ports":["80:80"]}}}`
	planned, err = ParsePlannedContainers(strings.NewReader(raw), ComposeProject{Name: "other"})
	if err != nil || len(planned) != 2 {
		t.Fatalf("%+v, %v", planned, err)
	}
	web := planned[1]
	if diff := cmp.Diff([]PublishedPort{{"127.0.0.1", 8001, 8000}, {"", 8002, 8000}}, web.Ports); diff != "" || !web.Serves || web.Name != "edge" || web.Project != "other" || web.ImageName != "other-web" {
		t.Errorf("%+v (-want +got):\n%s", web, diff)
	}
	if odd := planned[0]; !odd.Serves || !slices.Equal(odd.Ports, []PublishedPort{{"", 80, 80}}) {
		t.Errorf("%+v", odd)
	}
	for _, broken := range []string{"", "[]", `{"services":{}}`, `{"name":"SECRET`} {
		if _, err := ParsePlannedContainers(strings.NewReader(broken), ComposeProject{}); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%q: %v", broken, err)
		}
	}
}

func TestFindComposeFile(t *testing.T) {
	t.Parallel()
	machine := memory.Machine{Files: map[string]string{
		"/srv/a/docker-compose.yml": "", "/srv/a/docker-compose.override.yml": "", "/srv/a/compose.yml": "", "/srv/b/docker-compose.yaml": "", "/srv/b/docker-compose.override.yaml": "", "/srv/c/x.yaml": "",
	}}
	for directory, want := range map[string][]string{
		"/srv/a": {"/srv/a/compose.yml"}, "/srv/b": {"/srv/b/docker-compose.yaml", "/srv/b/docker-compose.override.yaml"}, "/srv/c": nil, "/srv/none": nil,
	} {
		if diff := cmp.Diff(want, FindComposeFile(t.Context(), machine, directory)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", directory, diff)
		}
	}
}

func FuzzParsePlannedContainers(f *testing.F) {
	f.Add(`{"name":"shop","services":{"web":{"build":".","command":null,"ports":[{"target":80,"published":"80"}]}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		planned, err := ParsePlannedContainers(strings.NewReader(text), ComposeProject{})
		for _, one := range planned {
			if err != nil || one.ID == "" || one.Project == "" || one.PID != 0 {
				t.Errorf("%+v, %v", one, err)
			}
		}
	})
}
