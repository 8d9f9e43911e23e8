package facts

import (
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
		look.findLink(t.Context(), &deployment)
		if err := deployment.readReleases(t.Context(), look, "wsgi"); err != nil {
			t.Fatal(err)
		}
		if len(deployment.Releases) != test.releases || test.releases > 0 && deployment.Link == nil {
			t.Errorf("%s: link %v, releases %+v", test.name, deployment.Link, deployment.Releases)
		}
	}
}
