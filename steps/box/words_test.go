package box

import (
	"net/netip"
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys"
	"flasktui/sys/git"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

func listener(address string, inode uint64) proc.Listener {
	return proc.Listener{Address: netip.MustParseAddrPort(address), Inode: inode}
}

// TestPathsAreNamedFromTheDeployment where they lie in it, and whole elsewhere.
func TestPathsAreNamedFromTheDeployment(t *testing.T) {
	t.Parallel()
	deployment := facts.Deployment{
		Directory: "/srv/shop/current", Active: "/srv/shop/releases/v2", ReleasesDirectory: "/srv/shop/releases",
		Link: &facts.Link{Path: "/srv/shop/current"}, Releases: []facts.Release{{Name: "v2", Path: "/srv/shop/releases/v2"}},
	}
	b := &Box{Facts: &facts.Facts{Deployment: facts.Of(deployment, "")}}
	for _, test := range []struct{ name, short, release, source string }{
		{"/srv/shop/releases/v2", "releases/v2", "v2", "releases/v2"},
		{"/srv/shop/releases/v2/app.py", "releases/v2/app.py", "releases/v2/app.py", "app.py"},
		{"/srv/shop", "/srv/shop", "/srv/shop", "/srv/shop"},
		{"/srv/shopping/x", "/srv/shopping/x", "/srv/shopping/x", "/srv/shopping/x"},
	} {
		if b.ShortPath(test.name) != test.short || b.ReleaseOrPath(test.name) != test.release || b.ShortSource(test.name) != test.source {
			t.Errorf("%s: %q, %q, %q", test.name, b.ShortPath(test.name), b.ReleaseOrPath(test.name), b.ShortSource(test.name))
		}
	}
	b.Deployment.Value.Link = nil
	if got := b.ShortPath("/srv/shop/x"); got != "x" {
		t.Errorf("without a link: %q", got)
	}
	b.Deployment.Value.ReleasesDirectory, b.Deployment.Value.Directory = "", "/"
	if got := b.ShortPath("/srv/shop/x"); got != "/srv/shop/x" {
		t.Errorf("of the whole box: %q", got)
	}
}

// TestWhatALogTells: the last line that says why.
func TestWhatALogTells(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		lines []sys.Text
		want  sys.Text
	}{
		{nil, ""},
		{[]sys.Text{"Started.", "Booting worker"}, ""},
		{[]sys.Text{"ImportError: one", "ModuleNotFoundError: two", "Failed with result 'exit-code'"}, "ModuleNotFoundError: two"},
		{[]sys.Text{"Failed at step EXEC", "Stopped."}, "Failed at step EXEC"},
	} {
		if got := Telling(test.lines); got != test.want {
			t.Errorf("%v: %q", test.lines, got)
		}
	}
	for state, want := range map[[2]string]sys.Text{{"active", "running"}: "active (running)", {"failed", "failed"}: "failed", {"active", ""}: "active"} {
		if got := UnitWords(facts.Unit{Unit: systemd.Unit{ActiveState: state[0], SubState: state[1]}}); got != want {
			t.Errorf("%v: %q", state, got)
		}
	}
	if Several(1, "file", "files") != "1 file" || Several(0, "file", "files") != "0 files" {
		t.Error("a number and its noun")
	}
}

// TestNamesOfReleases: the shortest that a person would know it by.
func TestNamesOfReleases(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id    Identity
		label sys.Text
	}{
		{Identity{Name: "v2", Commit: commit}, "v2 (4f2c1d9)"},
		{Identity{Name: "4f2c1d9", Commit: commit}, "4f2c1d9"},
		{Identity{Name: "v2"}, "v2"},
		{Identity{Commit: commit}, "4f2c1d9"},
		{Identity{revision: commit}, "4f2c1d9"},
		{Identity{Commit: "short"}, "short"},
	} {
		if got := test.id.Label(); got != test.label {
			t.Errorf("%+v: %q", test.id, got)
		}
	}
	if (Identity{Name: "v2", revision: "beef"}).Matches(" ") || !(Identity{revision: "beef"}).Matches("beef") || (Identity{}).Matches("x") {
		t.Error("what a release is called")
	}
}

// TestWhichReleaseIsWanted: the one that was named and could run, or else the newest.
func TestWhichReleaseIsWanted(t *testing.T) {
	t.Parallel()
	deployment := facts.Deployment{Active: "/r/v1", Releases: []facts.Release{{Name: "v1", Path: "/r/v1", Complete: true}, {Name: "v2", Path: "/r/v2", Complete: true}, {Name: "v3", Path: "/r/v3"}}}
	for expect, want := range map[string]string{"": "v2", "v1": "v1", "v3": "", "v4": ""} {
		b := &Box{Facts: &facts.Facts{Options: facts.Options{Expect: expect}, Deployment: facts.Of(deployment, "")}}
		if release, ok := b.WantedRelease(); release.Name != want || ok != (want != "") {
			t.Errorf("expecting %q: %+v", expect, release)
		}
		if b.ExpectsActive() != (expect == "v1") {
			t.Errorf("expecting %q is the active one: %v", expect, b.ExpectsActive())
		}
	}
}

// TestWhenTheCodeChanged: by the link, by a file, or by git, and by what it is proven.
func TestWhenTheCodeChanged(t *testing.T) {
	t.Parallel()
	at := func(count int) time.Time { return factstest.Noon().Add(time.Duration(count) * time.Minute) }
	written := func(count int) sys.FileInfo {
		return sys.FileInfo{Born: at(count), Modified: at(count), Changed: at(count)}
	}
	moved := &git.Repository{GitDirectory: "/srv/.git", Log: []git.ReflogEntry{{Old: "a", New: "b", At: at(5)}, {Old: "b", New: "b", At: at(9)}}}
	link := &facts.Link{Path: "/srv/current", Resolved: "/srv/v1", Info: written(3)}
	for _, test := range []struct {
		name       string
		link       *facts.Link
		source     facts.Change
		repository *git.Repository
		at         int
		proven     bool
		what       sys.Text
	}{
		{"nothing is known", nil, facts.Change{}, nil, -1, false, ""},
		{"the link", link, facts.Change{Path: "/srv/v1/a.py", At: at(1), SourceTime: at(1)}, nil, 3, true, "the link /srv/current was moved to /srv/v1"},
		{"a file, in place", link, facts.Change{Path: "/srv/v1/a.py", At: at(4), SourceTime: at(4)}, nil, 4, false, "/srv/v1/a.py was written"},
		{"a new file with an old time", link, facts.Change{Path: "/srv/v1/a.py", At: at(4), SourceTime: at(0)}, nil, 4, true, "/srv/v1/a.py was written"},
		{"a directory in the place of the link", &facts.Link{Path: "/srv/current", NotALink: true, Info: written(3)}, facts.Change{}, nil, -1, false, ""},
		{"the link leads nowhere", &facts.Link{Path: "/srv/current", Dangling: true, Info: written(3)}, facts.Change{}, nil, -1, false, ""},
		{"git, which names what the files time", nil, facts.Change{Path: "/srv/a.py", At: at(5).Add(100 * time.Millisecond), SourceTime: at(5)}, moved, 5, true, "HEAD moved to b ()"},
		{"git alone", nil, facts.Change{}, moved, 5, true, "HEAD moved to b ()"},
		{"a file after git", nil, facts.Change{Path: "/srv/a.py", At: at(7), SourceTime: at(7)}, moved, 7, false, "/srv/a.py was written"},
	} {
		known := &facts.Facts{Deployment: facts.Of(facts.Deployment{Link: test.link, Repository: test.repository}, ""), Code: facts.Of(facts.Code{Source: test.source}, "")}
		change := (&Box{Facts: known}).codeChange()
		if change.What != test.what || change.Sure != test.proven || change.At.IsZero() != (test.at < 0) || test.at >= 0 && change.At.Sub(at(test.at)).Abs() > time.Second {
			t.Errorf("%s: %+v", test.name, change)
		}
	}
}
