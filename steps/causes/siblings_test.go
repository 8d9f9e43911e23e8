package causes

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/docker"
)

// TestFindBackgroundWorkersOfProject: a service of the project is named for what shows that
// it holds old code, and for nothing else.
func TestFindBackgroundWorkersOfProject(t *testing.T) {
	t.Parallel()
	built := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	changed := facts.SourceDifference{Path: "/srv/shop/wsgi.py", Inside: "/app/wsgi.py", At: built.Add(time.Hour)}
	static, older, missing := changed, changed, changed
	static.Static, older.At, missing.Missing = true, built.Add(-time.Hour), true
	sibling := func(image, tag string, differences ...facts.SourceDifference) facts.Sibling {
		return facts.Sibling{
			Container:   docker.Container{Name: "shop-jobs-1", Project: "shop", Service: "jobs", ImageID: image, ImageName: tag, State: "running", PID: 9},
			Differences: differences,
		}
	}
	for name, test := range map[string]struct {
		sibling facts.Sibling
		why     string
	}{
		"its tag moved on":              {sibling("sha256:old", "shop-app"), "now names"},
		"the present image":             {sibling("sha256:new", "shop-app"), ""},
		"its own image is older":        {sibling("sha256:old", "shop-jobs", changed), "wsgi.py changed"},
		"its own image, the same files": {sibling("sha256:old", "shop-jobs"), ""},
		"a style sheet":                 {sibling("sha256:old", "shop-jobs", static), ""},
		"written by the build":          {sibling("sha256:old", "shop-jobs", older), ""},
		"left out of the image":         {sibling("sha256:old", "shop-jobs", missing), ""},
	} {
		b := box.New(factstest.Compose("2.26.1", false, docker.Image{}))
		b.Images.Value = map[string]docker.Image{
			"shop-app": {ID: "sha256:new", Created: built}, "sha256:new": {ID: "sha256:new", Created: built},
			"sha256:old": {ID: "sha256:old", Created: built}, "shop-jobs": {ID: "sha256:old", Created: built},
		}
		b.Siblings = facts.Of([]facts.Sibling{test.sibling}, "")
		finding := findBackgroundWorkers(b)
		switch {
		case test.why == "" && finding != nil:
			t.Errorf("%s: %s %v", name, finding.Why, finding.Evidence)
		case test.why != "" && finding == nil:
			t.Errorf("%s: nothing was found", name)
		case test.why != "" && (!strings.Contains(string(finding.Evidence[0].Value), test.why) || !strings.Contains(string(finding.Advice), "up -d --build jobs")):
			t.Errorf("%s: %+v", name, finding)
		}
	}
}
