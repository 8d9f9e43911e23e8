package facts

import (
	"slices"
	"testing"
)

func TestAFileMayHaveBeenImportedThroughTheLink(t *testing.T) {
	t.Parallel()
	deployment := Deployment{Link: &Link{Path: "/srv/shop/current", Outer: "/var/www/shop", Resolved: "/srv/shop/releases/2"}}
	for file, want := range map[string][]string{
		"/srv/shop/releases/2/shop/web.py": {"/srv/shop/releases/2/shop/web.py", "/srv/shop/current/shop/web.py", "/var/www/shop/shop/web.py"},
		"/opt/lib/other.py":                {"/opt/lib/other.py"},
	} {
		if got := importedAs(deployment, file); !slices.Equal(got, want) {
			t.Errorf("%s: %q", file, got)
		}
	}
	if got := importedAs(Deployment{}, "/srv/app.py"); !slices.Equal(got, []string{"/srv/app.py"}) {
		t.Errorf("without a link: %q", got)
	}
}

func TestAProcessThatIsSwappedOutIsLeftAlone(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]bool{"Name:\tx\nVmSwap:\t       0 kB\n": false, "VmSwap:\t     128 kB\n": true, "Name:\tkthread\n": false} {
		if got := swappedOut(status); got != want {
			t.Errorf("%q: %v", status, got)
		}
	}
}
