package box

import (
	"testing"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/web"
)

// answering is a service on disk as 20261123000000, restarted since, whose app calls
// itself by a marker.
func answering(marker string) *facts.Facts {
	known := factstest.Story{MasterStarted: 2 * 60e9, WorkerStarted: 2 * 60e9, StandsIn: factstest.NewRelease, LinkMoved: 60e9}.Facts()
	answer := facts.Answer{Status: 200, Marker: web.Marker{Value: marker, From: "release"}}
	known.Site = facts.Of(facts.Site{App: facts.Asked{Where: "unix:/run/shop.sock", Version: []facts.Answer{answer, answer}}}, "test")
	return known
}

func TestWhatAMarkerMeans(t *testing.T) {
	for marker, want := range map[string]MarkerMeaning{
		"":                  MarkerNone,
		"20261123000000":    MarkerExpected,
		"20260101000000":    MarkerOld,
		"20251231235959":    MarkerOther,
		"2025":              MarkerForeign,
		"1.4.2":             MarkerForeign,
		"4f2c1d9":           MarkerForeign,
		"202512312359":      MarkerForeign,
		"stable-2025123123": MarkerForeign,
	} {
		if got := New(answering(marker)).Meaning(marker); got != want {
			t.Errorf("%q is %s, want %s", marker, got, want)
		}
	}
}

func TestCommitsAreOfOneForm(t *testing.T) {
	for _, pair := range [][2]string{{"4f2c1d9", "9ab31e04f2c1d9"}, {"20261123000000", "20251231235959"}} {
		if !sameForm(pair[0], pair[1]) {
			t.Errorf("%q", pair)
		}
	}
	for _, pair := range [][2]string{{"", ""}, {"4f2c1d9", "20261123"}, {"v1.2.3", "v1.2.4"}, {"123", "456"}, {"abc", "abd"}} {
		if sameForm(pair[0], pair[1]) {
			t.Errorf("%q", pair)
		}
	}
}

// TestAnAppThatNamesAnotherReleaseIsNotFresh: all times look right, and the app itself says
// otherwise. That is no proof of the old code, and far from a proof of the new.
func TestAnAppThatNamesAnotherReleaseIsNotFresh(t *testing.T) {
	for _, marker := range []string{"20251231235959", "20260101000000"} {
		known := answering(marker)
		if !New(known).SaysAnother() {
			t.Errorf("%s is passed over", marker)
		}
		known.Code.Value.Constants = []string{marker}
		if New(known).SaysAnother() {
			t.Errorf("%s stands in the source on disk, so the new code says it too", marker)
		}
		known.Code.Value.Constants = nil
		known.Environment = facts.Of(facts.EnvironmentOnDisk{Shown: map[string]string{"APP_RELEASE": marker}}, "test")
		if New(known).SaysAnother() {
			t.Errorf("%s is a label that the unit sets", marker)
		}
	}
}
