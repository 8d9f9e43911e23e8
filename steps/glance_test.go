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

// TestGlanceAt: a day is told with "on", a time of day with "at", and two times that lie
// close together to the millisecond, on whatever day.
func TestGlanceAt(t *testing.T) {
	t.Parallel()
	noon := factstest.Noon()
	b := box.New(&facts.Facts{TakenAt: noon.Add(time.Hour)})
	for name, test := range map[string]struct {
		at, other time.Time
		want      string
	}{
		"unknown":            {time.Time{}, noon, "at an unknown time"},
		"today":              {noon, noon.Add(-time.Minute), "at 12:00:00"},
		"today, and close":   {noon, noon.Add(-time.Second), "at 12:00:00.000"},
		"days ago":           {noon.AddDate(0, 0, -3), noon, "on 20 Nov 12:00"},
		"days ago and close": {noon.AddDate(0, 0, -3), noon.AddDate(0, 0, -3).Add(time.Second), "at 12:00:00.000"},
		"a year ago":         {noon.AddDate(-1, 0, 0), noon, "on 23 Nov 2025"},
	} {
		if got := string(glanceAt(b, test.at, test.other)); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

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
