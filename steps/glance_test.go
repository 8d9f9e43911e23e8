package steps

import (
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys"
	"flasktui/sys/git"
)

// TestTheLastChangeInBrief: by what it was, whatever the names on the box say.
func TestTheLastChangeInBrief(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*facts.Facts){
		"app.py written": func(*facts.Facts) {},
		"current moved": func(known *facts.Facts) {
			at := factstest.Noon().Add(time.Minute)
			known.Deployment.Value.Link.Info = sys.FileInfo{Born: at, Modified: at, Changed: at}
		},
		"HEAD moved": func(known *facts.Facts) {
			known.Deployment.Value.Repository = &git.Repository{Log: []git.ReflogEntry{{Old: "a", New: "b", At: factstest.Noon()}}}
		},
		"HEAD moved here.py written": func(known *facts.Facts) { known.Code.Value.Source.Path = factstest.NewRelease + "/HEAD moved here.py" },
	} {
		known := factstest.Story{StandsIn: factstest.NewRelease, LinkMoved: -time.Hour}.Facts()
		change(known)
		b := box.New(known)
		if got := string(brief(b.Change, b)); got != want {
			t.Errorf("%q, want %q (%s)", got, want, b.Change.What)
		}
	}
}
