package box

import (
	"testing"

	"flasktui/steps/facts"
	"flasktui/sys/web"
)

const commit = "4f2c1d9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e"

// TestWhichNamesAreOfOneRelease: commits by prefix, everything else whole; and what the person
// expects by its beginning, where that ends with a part of the name.
func TestWhichNamesAreOfOneRelease(t *testing.T) {
	for _, test := range []struct {
		own, other     string
		same, expected bool
	}{
		{commit, "4f2c1d9", true, true},
		{commit, "4F2C1D9A8B", true, true},
		{commit, "4f2c1d8", false, false},
		{commit, "4f2c1d", false, false},
		{"4f2c1d9", commit, true, true},
		{"v1.4.0", "1.4.0", true, true},
		{"1.4.0", "1.4", false, true},
		{"1.40", "1.4", false, false},
		{"release-12", "release-1", false, false},
		{"release-12", "release", false, true},
		{"release-12", "rel", false, false},
		{"green", "gree", false, false},
		{" v7 ", "7", true, true},
		{"build-118", "build-119", false, false},
		{"20261123", "2", false, false},
		{"20261123000000", "2026", false, false},
		{"20261123000000", "20261123", false, true},
		{"20261123-1000", "20261123", false, true},
		{"20261123000000", "20261123000000", true, true},
		{"", "", false, false},
		{"shop", "", false, false},
		{"", "shop", false, false},
	} {
		if got := web.SameRelease(test.own, test.other); got != test.same {
			t.Errorf("SameRelease(%q, %q) = %v", test.own, test.other, got)
		}
		if got := IsExpected(test.own, test.other); got != test.expected {
			t.Errorf("IsExpected(%q, %q) = %v", test.own, test.other, got)
		}
	}
}

// TestTheExpectedRelease: a whole name before one that only begins so, and of several that do
// the active one.
func TestTheExpectedRelease(t *testing.T) {
	release := func(name string) facts.Release {
		return facts.Release{Name: name, Path: "/srv/" + name, Complete: true}
	}
	for _, test := range []struct{ expect, active, want string }{
		{"v1.4", "v1.4.2", "v1.4"},
		{"20261123", "20261123-0900", "20261123-0900"},
		{"20261123", "v1.4", "20261123-1000"},
		{"v1.5", "v1.4", ""},
	} {
		b := &Box{Facts: &facts.Facts{}}
		b.Options.Expect = test.expect
		b.Deployment.Value = facts.Deployment{Active: "/srv/" + test.active, Releases: []facts.Release{
			release("v1.4"), release("v1.4.2"), release("20261123-0900"), release("20261123-1000"),
		}}
		if got, _ := b.WantedRelease(); got.Name != test.want {
			t.Errorf("--expect %s: %q, want %q", test.expect, got.Name, test.want)
		}
	}
}
