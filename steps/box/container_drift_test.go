package box_test

import (
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/docker"
)

// TestContainerDrift: only what surely differs counts, and what explains most comes first.
func TestContainerDrift(t *testing.T) {
	t.Parallel()
	built := factstest.Noon()
	edited := facts.SourceDifference{Path: "/srv/shop/wsgi.py", Inside: "/app/wsgi.py", At: built.Add(time.Hour)}
	source := func(behind bool, differences ...facts.SourceDifference) func(*facts.Facts) {
		return func(known *facts.Facts) {
			known.ImageSource = facts.Of(facts.ImageSource{Compared: 3, Behind: behind, Differences: differences}, "")
		}
	}
	older, cloned, hidden, missing := edited, edited, edited, edited
	older.At, cloned.Cloned, hidden.Volume, missing.Missing = built.Add(-time.Hour), true, "code", true
	mount := func(source string, same bool) func(*facts.Facts) {
		return func(known *facts.Facts) {
			state := facts.MountState{Differs: true, Same: same}
			state.Source = source
			known.Inside = facts.Of(facts.Inside{Mounts: []facts.MountState{state}}, "")
		}
	}
	configured := func(compose func(*docker.Compose)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			known.Containers.Value[0].ConfigHash, known.Compose.Value.Hash = "old", "new"
			known.Compose.Value.Version, known.Compose.Value.Service = known.Containers.Value[0].ComposeVersion, &docker.ComposeService{}
			compose(&known.Compose.Value.Compose)
		}
	}
	retagged := func(layers ...string) func(*facts.Facts) {
		return func(known *facts.Facts) {
			known.Images.Value["shop_web"] = docker.Image{ID: "sha256:2", Created: built, Layers: layers}
		}
	}
	for name, test := range map[string]struct {
		change func(*facts.Facts)
		want   box.Drift
	}{
		"nothing":                            {func(*facts.Facts) {}, box.NoDrift},
		"made and not started":               {func(known *facts.Facts) { known.Containers.Value[0].State = "created" }, box.DriftNotStarted},
		"edited after the build":             {source(false, edited), box.DriftSource},
		"made after the build":               {source(false, missing), box.DriftSource},
		"older than the build":               {source(false, older), box.NoDrift},
		"hidden by a volume":                 {source(false, hidden), box.NoDrift},
		"cloned, and left behind":            {source(true, cloned), box.DriftSource},
		"cloned, and which is newer unknown": {source(false, cloned), box.NoDrift},
		"the tag moved on":                   {retagged("b"), box.DriftImage},
		"another id of the same layers":      {retagged("a"), box.NoDrift},
		"another configuration":              {configured(func(*docker.Compose) {}), box.DriftConfiguration},
		"variables of a shell":               {configured(func(compose *docker.Compose) { compose.Unset = []string{"TAG"} }), box.NoDrift},
		"another version of Compose":         {configured(func(compose *docker.Compose) { compose.Version = "2.30.0" }), box.NoDrift},
		"a service whose hash is unsteady":   {configured(func(compose *docker.Compose) { compose.Service = nil }), box.NoDrift},
		"a mount of the project":             {mount("/srv/shop/app", false), box.DriftMount},
		"the same one by another name":       {mount("/srv/shop/app", true), box.NoDrift},
		"a mount of the system":              {mount("/etc/localtime", false), box.NoDrift},
	} {
		known := factstest.Compose("2.26.1", false, docker.Image{ID: "sha256:1", Created: built, Layers: []string{"a"}})
		test.change(known)
		if got := box.New(known).ContainerDrift(); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}
