package box

import (
	"testing"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/git"
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

// TestNamesOfOneKind contradict each other, and no other.
func TestNamesOfOneKind(t *testing.T) {
	for _, pair := range [][2]string{
		{"4f2c1d9", "9ab31e04f2c1d9"},
		{"20261123000000", "20251231235959"},
		{"v1.2.3", "v1.2.4"},
		{"release-1", "Release-12"},
		{"app-4f2c1d9", "app-0ab31e0"},
		{"20261123-1000", "20251231-900"},
		{"4f2c1d9", "1234567890123456789012345678901234567890"},
	} {
		if !web.NamedAlike(pair[0], pair[1]) {
			t.Errorf("%q are not alike", pair)
		}
	}
	for _, pair := range [][2]string{
		{"", ""},
		{"4f2c1d9", "20261123"},
		{"4f2c1d9", "20261123000000"},
		{"v2", "20261123000000"},
		{"release-1", "build-1"},
		{"1.2", "1.2.3"},
		{"abc", "abd"},
		{"main", "4f2c1d9"},
		{"v2", "b2"},
	} {
		if web.NamedAlike(pair[0], pair[1]) {
			t.Errorf("%q are alike", pair)
		}
	}
	for pair, want := range map[[2]string]bool{
		{"4f2c1d9", "9ab31e04f2c1d9"}: true, {"20261123000000", "20251231235959"}: true,
		{"20261123000000", "20251231"}: false, {"v1.2.3", "v1.2.4"}: false, {"123", "456"}: false, {"stable", "stable"}: false, {"", ""}: false,
	} {
		if web.StampedAlike(pair[0], pair[1]) != want {
			t.Errorf("%q: %t", pair, !want)
		}
	}
}

// TestWhatContradictsAnExpectation is a name of its kind alone: releases that are called by
// times say nothing of a commit, nor a commit of a time.
func TestWhatContradictsAnExpectation(t *testing.T) {
	checkout := answering("")
	checkout.Deployment.Value.Releases = nil
	checkout.Deployment.Value.Repository = &git.Repository{Commit: "9ab31e04f2c1d99ab31e04f2c1d99ab31e04f2c1"}
	for _, test := range []struct {
		known  *facts.Facts
		expect string
		want   bool
	}{
		{answering(""), "20251231235959", true},
		{answering("v1"), "v2", true},
		{answering("v1"), "4f2c1d9", false},
		{answering("4f2c1d9"), "9ab31e0", true},
		{answering(""), "main", false},
		{checkout, "4f2c1d9", true},
		{checkout, "20251231", false},
	} {
		if got := New(test.known).Contradicts(test.expect); got != test.want {
			t.Errorf("%s: %t", test.expect, got)
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
