package facts

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"flasktui/sys"
)

// TestALinkThatNothingUsesIsNone: where the unit names a newer release itself, whatever link
// stands beside it.
func TestALinkThatNothingUsesIsNone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name            string
		directory, link string
		named           []string
		left            bool
	}{
		{"the unit names the newer one", "/srv/2", "/srv/1", []string{"/srv/2"}, true},
		{"it names the older one: the link is what should run", "/srv/1", "/srv/2", []string{"/srv/1"}, false},
		{"the same one", "/srv/2", "/srv/2", []string{"/srv/2"}, false},
		{"it goes through the link for its program", "/srv/2", "/srv/1", []string{"/srv/2", "/srv/current/venv/bin/gunicorn"}, false},
		{"systemd still has the older one", "/srv/1", "/srv/1", []string{"/srv/2"}, true},
	} {
		deployment := Deployment{
			Directory: test.directory, Resolved: test.directory, Active: test.link, Link: &Link{Path: "/srv/current", Resolved: test.link},
			Releases: []Release{{Path: "/srv/1"}, {Path: "/srv/2"}},
		}
		deployment.leaveUnusedLink(test.named)
		if left := deployment.Link == nil; left != test.left || left && deployment.Active != test.directory {
			t.Errorf("%s: link %v, active %s", test.name, deployment.Link, deployment.Active)
		}
	}
}

// TestReleasesByWhatALinkLeadsTo: by no name of a directory (G52).
func TestReleasesByWhatALinkLeadsTo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		link, to string
		files    []string
		releases int
	}{
		{"by commits, in a directory of any name", "/srv/shop/current", "trees/41be07d", []string{"/srv/shop/trees/41be07d/wsgi.py", "/srv/shop/trees/9ab31e0/wsgi.py"}, 2},
		{"by words, in a directory of their own", "/srv/shop/current", "trees/plum", []string{"/srv/shop/trees/plum/wsgi.py", "/srv/shop/trees/harvest/wsgi.py"}, 2},
		{"by commits, beside the link", "/srv/shop/current", "41be07d", []string{"/srv/shop/41be07d/wsgi.py", "/srv/shop/9ab31e0/wsgi.py"}, 2},
		{"a copy that was laid by", "/srv/shop", "shop-main", []string{"/srv/shop-main/wsgi.py", "/srv/shop-main.bak/wsgi.py"}, 0},
		{"other sites in the same directory", "/srv/current", "sites/plum", []string{"/srv/sites/plum/wsgi.py", "/srv/sites/blog/blog.py"}, 0},
		{"another disk", "/srv", "mnt/srv", []string{"/mnt/srv/wsgi.py", "/mnt/old/wsgi.py"}, 0},
	} {
		box := files(test.files...)
		box.Links[test.link] = test.to
		for _, name := range test.files {
			box.infos[name] = sys.FileInfo{Modified: noon, Born: noon, Changed: noon.Add(time.Second)}
		}
		deployment := Deployment{Directory: test.link}
		look := lookAt(box)
		deployment.Resolved, _ = look.machine.Resolve(t.Context(), test.link)
		if err := look.findLink(t.Context(), &deployment); err != nil {
			t.Fatal(err)
		}
		if err := deployment.readReleases(t.Context(), look, "wsgi"); err != nil {
			t.Fatal(err)
		}
		if len(deployment.Releases) != test.releases || test.releases > 0 && deployment.Link == nil {
			t.Errorf("%s: link %v, releases %+v", test.name, deployment.Link, deployment.Releases)
		}
	}
}

// TestWhatIsACopy: most of the one is in the other, and some of it can be imported.
func TestWhatIsACopy(t *testing.T) {
	t.Parallel()
	list := func(names string) []sys.Entry {
		var entries []sys.Entry
		for name := range strings.FieldsSeq(names) {
			entry := sys.Entry{Name: strings.TrimSuffix(name, "/")}
			if strings.HasSuffix(name, "/") {
				entry.Type = fs.ModeDir
			}
			entries = append(entries, entry)
		}
		return entries
	}
	for _, test := range []struct {
		one, other string
		want       bool
	}{
		{"app.py x y", "app.py x z", true},
		{"app.py x y z", "app.py x", true},
		{"app.py x y z w", "app.py x", false},
		{"shop/ README", "shop/", true},
		{"shop/ README", "shop README", false},
		{"README LICENSE", "README LICENSE", false},
		{".git/ .env app.py x", ".git/ .env x", false},
		{".git/ app.py __pycache__/", "app.py", true},
		{"app.py a b c", ".git/ app.py", false},
		{"", "app.py", false},
	} {
		if got := isCopyOf(list(test.one), list(test.other)); got != test.want {
			t.Errorf("%s beside %s: %t", test.one, test.other, got)
		}
	}
	for name, want := range map[string]bool{
		"4b1d8e5": true, strings.Repeat("a", 40): true, strings.Repeat("a", 41): false, "4b1d8e": false, "20260304": false, "4b1d8e5-x": false, "4B1D8E5": false,
	} {
		if got := isCommitName(name); got != want {
			t.Errorf("%s is a commit: %t", name, got)
		}
	}
}

// TestWhereCopiesAloneStand: below the link's directory, without an order of their names.
func TestWhereCopiesAloneStand(t *testing.T) {
	t.Parallel()
	link := func(change func(*Link)) *Link {
		one := &Link{Path: "/srv/shop/current", Resolved: "/srv/shop/slots/blue"}
		change(one)
		return one
	}
	for name, test := range map[string]struct {
		link *Link
		want bool
	}{
		"slots":             {link(func(*Link) {}), true},
		"none":              {nil, false},
		"leads nowhere":     {link(func(one *Link) { one.Dangling = true }), false},
		"is no link":        {link(func(one *Link) { one.NotALink = true }), false},
		"stands beside":     {link(func(one *Link) { one.Path = "/srv/shop/slots/current" }), false},
		"names of an order": {link(func(one *Link) { one.Resolved = "/srv/shop/slots/20260304120000" }), false},
	} {
		deployment := Deployment{Link: test.link, ReleasesDirectory: "/srv/shop/slots"}
		if got := deployment.holdsCopiesAlone(); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
