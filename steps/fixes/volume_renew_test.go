package fixes

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// TestAVolumeIsRenewedOnlyWhereNothingIsLost: every container that has it goes and comes
// again, the app's own first; and what would be lost, or would not come again, forbids it.
func TestAVolumeIsRenewedOnlyWhereNothingIsLost(t *testing.T) {
	t.Parallel()
	mounter := func(project, service string) docker.Container {
		return docker.Container{
			ID: project + service, Name: project + "-" + service + "-1", Project: project, Service: service, State: "running",
			Mounts: []docker.Mount{{Type: "volume", Name: "shop_assets", Destination: "/assets"}},
		}
	}
	for name, test := range map[string]struct {
		change  func(known *facts.Facts)
		blocked string
	}{
		"well":          {func(*facts.Facts) {}, ""},
		"holds more":    {func(known *facts.Facts) { known.ImageSource.Value.Volumes[0].Kept = "/assets/upload.css was written" }, "/assets/upload.css was written"},
		"hides nothing": {func(known *facts.Facts) { known.ImageSource.Value.Volumes = nil }, "no named volume hides"},
		"of others too": {func(known *facts.Facts) {
			known.Containers.Value = append(known.Containers.Value, mounter("mill", "web"))
		}, "mill-web-1 of another project"},
		"another's name":  {func(known *facts.Facts) { known.ImageSource.Value.Volumes[0].Name = "assets" }, "may not make it again"},
		"an old image":    {func(known *facts.Facts) { known.ImageSource.Value.Differences[0].Volume = "" }, "build it first"},
		"shell variables": {func(known *facts.Facts) { known.Compose.Value.Unset = []string{"TAG"} }, "TAG"},
	} {
		built := factstest.Noon()
		known := factstest.Compose("2.26.1", false, docker.Image{ID: "sha256:1", Created: built})
		target := known.Containers.Value[0]
		known.Containers.Value[0].Mounts = append(known.Containers.Value[0].Mounts, docker.Mount{Type: "volume", Name: "shop_assets", Destination: "/app/static"})
		// It stands first in the list, and comes last all the same.
		known.Containers.Value = append([]docker.Container{mounter(target.Project, "proxy")}, known.Containers.Value...)
		known.ImageSource = facts.Of(facts.ImageSource{
			Compared:    1,
			Differences: []facts.SourceDifference{{Path: "/srv/shop/static/app.css", Inside: "/app/static/app.css", At: built.Add(time.Hour), Volume: "shop_assets"}},
			Volumes:     []facts.VolumeContent{{Name: "shop_assets", Destination: "/app/static", Files: 1}},
		}, "")
		test.change(known)
		plan := planVolumeRenew(box.New(known))
		if (plan.Blocked == "") != (test.blocked == "") || !strings.Contains(string(plan.Blocked), test.blocked) {
			t.Errorf("%s: blocked: %q", name, plan.Blocked)
		}
		if name != "well" {
			continue
		}
		var lines []string
		for _, argv := range plan.Commands {
			lines = append(lines, sys.CommandLine(argv))
		}
		for index, end := range []string{" rm -s -f web proxy", "docker volume rm shop_assets", " up -d --no-deps web", " up -d --no-deps proxy"} {
			if len(lines) != 4 || !strings.HasSuffix(lines[index], end) {
				t.Fatalf("the commands are %q", lines)
			}
		}
	}
}
