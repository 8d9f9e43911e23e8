package docker

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// parseYAML reads one service of what docker-compose 1 prints.
func parseYAML(text, name string) (ComposeService, error) {
	raw, err := jsonOfYAML([]byte(text))
	if err != nil {
		return ComposeService{}, err
	}
	return parseService(bytes.NewReader(raw), name)
}

func TestParseComposeYAML(t *testing.T) {
	t.Parallel()
	model := readFile(t, "testdata/docker/config-1.29.yaml")
	got, err := parseYAML(model, "web")
	want := ComposeService{
		Build: &ComposeBuild{Context: "/srv/shop", Dockerfile: "/srv/shop/deploy/Dockerfile", Target: "run"},
		// A long value is folded onto more lines.
		Environment: map[string]string{
			"APP_MODE": "sale", "DOLLAR": "a$b", "LIT": "x",
			"LONG": "a long value of many words that goes on and on, far beyond what fits into the eighty columns of a terminal", "NUMBER": "5", "QUOTED": `it's: "odd" # here`, "SECRET_KEY": "s3cret value", "TAGGED": "",
		},
		Unset: []string{"PASSED"}, Mounts: []Mount{{"bind", "", "/srv/shop/data", "/data"}},
		Overrides: []string{"CMD", "ENV APP_MODE", "ENV DOLLAR", "ENV LIT", "ENV LONG", "ENV NUMBER", "ENV PASSED", "ENV QUOTED", "ENV SECRET_KEY", "ENV TAGGED"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	pulled, err := parseYAML(model, "cache")
	if err != nil || pulled.Image != "pybase" || pulled.Build != nil || len(pulled.Environment) != 0 {
		t.Errorf("%+v, %v", pulled, err)
	}
	if _, err := parseYAML(model, "nosuch"); !errors.Is(err, errNoService) {
		t.Errorf("a service that is not there: %v", err)
	}
	if _, err := parseYAML("KEY: hunter2\n", "web"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("something else: %v", err)
	}
}

func TestParsePlannedYAML(t *testing.T) {
	t.Parallel()
	planned, err := ParsePlannedYAML(strings.NewReader(readFile(t, "testdata/docker/config-1.29.yaml")), ComposeProject{Directory: "/srv/My Shop", Files: []string{"/srv/shop/docker-compose.yml"}})
	if err != nil || len(planned) != 2 {
		t.Fatalf("%+v, %v", planned, err)
	}
	web := planned[1]
	if diff := cmp.Diff([]PublishedPort{{"127.0.0.1", 8077, 8000}}, web.Ports); diff != "" || web.Service != "web" || web.Name != "myshop_web_1" || web.ImageName != "myshop_web" ||
		web.State != ContainerAbsent || web.Build == nil || web.Build.Dockerfile != "/srv/shop/deploy/Dockerfile" || web.Serves {
		t.Errorf("%+v (-want +got):\n%s", web, diff)
	}
	planned, err = ParsePlannedYAML(strings.NewReader("services:\n  a:\n    command: gunicorn app:app\n    ports:\n    - 80:8000\n    - '8000'\n    - '[::1]:81:8000/udp'\n    - 9000-9001:1\n  b:\n    command:\n    - /venv/bin/gunicorn\n    - app:app\n    container_name: edge\n"), ComposeProject{Name: "p"})
	if err != nil || len(planned) != 2 || !planned[0].Serves || !planned[1].Serves || planned[1].Name != "edge" || len(planned[0].Ports) != 1 || planned[0].Ports[0].HostPort != 80 {
		t.Errorf("%+v, %v", planned, err)
	}
	if _, err := ParsePlannedYAML(strings.NewReader("KEY: hunter2\n"), ComposeProject{}); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("something else: %v", err)
	}
}

func FuzzParseComposeYAML(f *testing.F) {
	raw, err := os.ReadFile("testdata/docker/config-1.29.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw), "web")
	f.Add("services:\n  a:\n    volumes:\n    - x\n", "a")
	f.Fuzz(func(t *testing.T, text, name string) {
		service, err := parseYAML(text, name)
		if err == nil && (service.Environment == nil || service.Mounts == nil || service.Unset == nil) {
			t.Errorf("%q: %+v", text, service)
		}
		planned, err := ParsePlannedYAML(strings.NewReader(text), ComposeProject{Name: name})
		if err != nil && planned != nil {
			t.Errorf("%q: %+v beside %v", text, planned, err)
		}
	})
}
