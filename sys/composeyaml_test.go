package sys

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseComposeYAML(t *testing.T) {
	t.Parallel()
	model := readFile(t, "testdata/docker/config-1.29.yaml")
	got, err := ParseComposeYAML(strings.NewReader(model), "web")
	want := ComposeService{
		Build: &ComposeBuild{Context: "/srv/shop", Dockerfile: "/srv/shop/deploy/Dockerfile", Target: "run"},
		// A long value is folded, and left out.
		Environment: map[string]string{
			"APP_MODE": "sale", "DOLLAR": "a$b", "LIT": "x", "NUMBER": "5", "QUOTED": `it's: "odd" # here`, "SECRET_KEY": "s3cret value", "TAGGED": "",
		},
		Unset: []string{"PASSED"}, Mounts: []Mount{{"bind", "", "/srv/shop/data", "/data"}},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	pulled, err := ParseComposeYAML(strings.NewReader(model), "cache")
	if err != nil || pulled.Image != "pybase" || pulled.Build != nil || len(pulled.Environment) != 0 {
		t.Errorf("%+v, %v", pulled, err)
	}
	if _, err := ParseComposeYAML(strings.NewReader(model), "nosuch"); !errors.Is(err, errNoService) {
		t.Errorf("a service that is not there: %v", err)
	}
	if _, err := ParseComposeYAML(strings.NewReader("KEY: hunter2\n"), "web"); err == nil || strings.Contains(err.Error(), "hunter2") {
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
		service, err := ParseComposeYAML(strings.NewReader(text), name)
		if err == nil && (service.Environment == nil || service.Mounts == nil || service.Unset == nil) {
			t.Errorf("%q: %+v", text, service)
		}
	})
}
