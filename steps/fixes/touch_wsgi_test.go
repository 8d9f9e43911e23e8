package fixes

import (
	"slices"
	"strings"
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/apache"
)

// TestARootsScriptAmongOthersFiles: whose script it is decides as whom it is touched, and whether.
func TestARootsScriptAmongOthersFiles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		script  uint32
		owner   facts.DirectoryOwner
		as      string
		blocked string
	}{
		{"the app's user's own", 1000, facts.DirectoryOwner{UID: 1000}, "--reuid=1000", ""},
		{"the app's user's, in root's directory", 1000, facts.DirectoryOwner{}, "--reuid=1000", ""},
		{"root's, in root's directory", 0, facts.DirectoryOwner{}, "", ""},
		{"root's, in the app's user's directory", 0, facts.DirectoryOwner{UID: 1000}, "", "could lead root elsewhere"},
		{"root's, on a way that others may change", 0, facts.DirectoryOwner{Loose: "/srv"}, "", "lead root elsewhere"},
		{"root's, and whose the way is could not be told", 0, facts.DirectoryOwner{Problem: "permission denied"}, "", "permission denied"},
	} {
		app := facts.WSGIApp{
			App:    apache.App{Script: "/srv/shop/shop.wsgi", Reloads: true, Daemon: &apache.Daemon{Name: "shop"}},
			Target: "/srv/shop/releases/1/shop.wsgi", Info: sys.FileInfo{UID: test.script, GID: test.script}, Owner: test.owner,
		}
		plan := planTouchWSGI(&box.Box{Running: true, Server: facts.Server{WSGI: &app}})
		if test.blocked == "" && plan.Blocked != "" || !strings.Contains(string(plan.Blocked), test.blocked) {
			t.Errorf("%s: blocked by %q, want %q", test.name, plan.Blocked, test.blocked)
		}
		argv := plan.Commands[0]
		if test.as != "" && !slices.Contains(argv, test.as) || !slices.Contains(argv, "--no-dereference") || argv[len(argv)-1] != app.Target {
			t.Errorf("%s: it runs %q", test.name, argv)
		}
	}
}
