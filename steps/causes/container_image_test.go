package causes_test

import (
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/docker"
)

// TestATitleNamesWhatDiffers: the first line of an image that was not built names the file, or
// the setting, that it does not have as the disk has it.
func TestATitleNamesWhatDiffers(t *testing.T) {
	t.Parallel()
	built := factstest.Noon()
	one := facts.SourceDifference{Path: "/srv/shop/run.sh", Inside: "/app/run.sh", At: built.Add(time.Hour)}
	for want, source := range map[string]facts.ImageSource{
		"The image is older than run.sh on disk":                               {Compared: 3, Differences: []facts.SourceDifference{one}},
		"The image is older than run.sh and 1 further file on disk":            {Compared: 3, Differences: []facts.SourceDifference{one, one}},
		"The image is not what Dockerfile makes now: ENV EXTRA, FROM python:3": {Settings: []string{"ENV EXTRA", "FROM python:3"}, Recipe: "/srv/shop/Dockerfile", RecipeAt: built.Add(time.Hour)},
	} {
		known := factstest.Compose("2.26.1", false, docker.Image{ID: "sha256:1", Created: built})
		known.ImageSource, known.Deployment = facts.Of(source, ""), facts.Of(facts.Deployment{Active: "/srv/shop"}, "")
		titles := []string{}
		for _, finding := range causes.Find(box.New(known)) {
			titles = append(titles, finding.Title)
		}
		if len(titles) == 0 || titles[0] != want {
			t.Errorf("%q is told, not %q", titles, want)
		}
	}
}
