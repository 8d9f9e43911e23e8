package git

import (
	"testing"

	"flasktui/sys/memory"
)

func TestClonedFrom(t *testing.T) {
	t.Parallel()
	machine := memory.Machine{Files: map[string]string{
		"/srv/shop/.git/config":    "[core]\n\turl = https://example.org/none\n[remote \"origin\"]\n\turl = https://user:token@Example.org/team/shop.git\n[branch \"main\"]\n\tremote = origin\n",
		"/srv/local/.git/config":   "[remote \"origin\"]\n\turl = /var/lib/git/local.git\n",
		"/srv/tree/.git/commondir": "../../shop/.git\n", "/srv/tree/.git/HEAD": "",
	}}
	for _, test := range []struct {
		checkout, url string
		want          bool
	}{
		{"/srv/shop", "https://example.org/team/shop", true},
		{"/srv/shop", "git@example.org:team/shop.git", true},
		{"/srv/shop", "ssh://git@example.org:22/team/shop.git/", true},
		{"/srv/tree", "git://example.org/team/shop.git", true},
		{"/srv/shop", "https://example.org/team/other.git", false},
		{"/srv/shop", "https://example.com/team/shop.git", false},
		{"/srv/shop", "https://example.org/none", false},
		{"/srv/shop", "", false},
		{"/srv/local", "git://127.0.0.1/local.git", true},
		{"/srv/local", "https://example.org/team/local.git", true},
		{"/srv/none", "/var/lib/git/local.git", false},
	} {
		repository := &Repository{Directory: test.checkout, GitDirectory: test.checkout + "/.git"}
		if got := repository.ClonedFrom(t.Context(), machine, test.url); got != test.want {
			t.Errorf("%s of %s: %v", test.checkout, test.url, got)
		}
	}
}

func FuzzSameRepository(f *testing.F) {
	f.Add("https://user@example.org:8443/a/b.git", "git@example.org:a/b")
	f.Fuzz(func(t *testing.T, one, other string) {
		if sameRepository(one, other) != sameRepository(other, one) {
			t.Errorf("%q and %q: the order matters", one, other)
		}
	})
}
