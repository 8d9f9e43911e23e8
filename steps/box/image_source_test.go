package box_test

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/docker"
)

// TestAnImageIsWhatItIsBuiltFrom: what differs and is newer has to be built; what differs and
// may be older, or may have been decided by whoever built it, leaves the question open.
func TestAnImageIsWhatItIsBuiltFrom(t *testing.T) {
	t.Parallel()
	built := factstest.Noon()
	before, after := built.Add(-time.Hour), built.Add(time.Hour)
	for name, test := range map[string]struct {
		source    facts.ImageSource
		undated   bool
		settings  int
		newer     bool
		unsettled string
	}{
		"the same":                  {source: facts.ImageSource{Compared: 3, Same: 3}},
		"set otherwise since":       {source: facts.ImageSource{Settings: []string{"CMD"}, RecipeAt: after}, settings: 1, newer: true},
		"set otherwise, undated":    {source: facts.ImageSource{Settings: []string{"CMD"}, RecipeAt: before}, undated: true, settings: 1, newer: true},
		"set otherwise before":      {source: facts.ImageSource{Settings: []string{"CMD"}, RecipeAt: before}, unsettled: "another CMD"},
		"an argument":               {source: facts.ImageSource{Doubtful: []string{"ENV V"}, RecipeAt: after}, unsettled: "--build-arg"},
		"its base is not here":      {source: facts.ImageSource{BaseProblem: "python:3 is not on this box", RecipeAt: after}, unsettled: "python:3 is not"},
		"nor was it, before":        {source: facts.ImageSource{BaseProblem: "python:3 is not on this box", RecipeAt: before}},
		"fetched":                   {source: facts.ImageSource{Compared: 1, Unread: []string{"ADD https://example.org/x"}}, unsettled: "ADD https://example.org/x"},
		"written back in time":      {source: facts.ImageSource{Compared: 1, Differences: []facts.SourceDifference{{Path: "/srv/shop/wsgi.py", At: before, Touched: after}}}, unsettled: "which of the two is newer"},
		"written by the build":      {source: facts.ImageSource{Compared: 1, Differences: []facts.SourceDifference{{Path: "/srv/shop/wsgi.py", At: before, Touched: before}}}},
		"newer":                     {source: facts.ImageSource{Compared: 1, Differences: []facts.SourceDifference{{Path: "/srv/shop/wsgi.py", At: after, Touched: after}}}, newer: true},
		"found nowhere":             {source: facts.ImageSource{Differences: []facts.SourceDifference{{Path: "/srv/shop/wsgi.py", At: after, Touched: after, Missing: true}}}},
		"in a volume, back in time": {source: facts.ImageSource{Compared: 1, Differences: []facts.SourceDifference{{Path: "/srv/shop/wsgi.py", At: before, Touched: after, Volume: "code"}}}},
	} {
		image := docker.Image{ID: "sha256:1", Created: built}
		if test.undated {
			image.Created = time.Time{}
		}
		known := factstest.Compose("2.26.1", false, image)
		known.ImageSource = facts.Of(test.source, "")
		b := box.New(known)
		notBuilt, unsettled := b.SourceNotBuilt(), string(b.ImageUnsettled())
		if len(notBuilt.Settings) != test.settings || notBuilt.Newer != test.newer {
			t.Errorf("%s: %+v", name, notBuilt)
		}
		if (unsettled == "") != (test.unsettled == "") || !strings.Contains(unsettled, test.unsettled) {
			t.Errorf("%s: %q is unsettled", name, unsettled)
		}
	}
}
