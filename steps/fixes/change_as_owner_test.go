package fixes

import (
	"strings"
	"testing"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// TestNoMoreRightsThanTheKeepers: a stranger's directory is changed as the stranger, root's
// as root, and root's behind a stranger's not at all.
func TestNoMoreRightsThanTheKeepers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		owner            facts.DirectoryOwner
		command, refusal string
	}{
		{facts.DirectoryOwner{}, "rm -- /a/b", ""},
		{facts.DirectoryOwner{UID: 997, GID: 33}, "setsid --wait setpriv --reuid=997 --regid=33 --clear-groups -- rm -- /a/b", ""},
		{facts.DirectoryOwner{UID: 997, GID: 33, Loose: "/a"}, "setsid --wait setpriv --reuid=997 --regid=33 --clear-groups -- rm -- /a/b", ""},
		{facts.DirectoryOwner{Loose: "/a"}, "rm -- /a/b", "others may change /a"},
		{facts.DirectoryOwner{Problem: "may not be read"}, "rm -- /a/b", "may not be read"},
	} {
		one, refusal := changeAs(test.owner, "/a", "rm", "--", "/a/b")
		if sys.CommandLine(one.Command.Argv) != test.command || !strings.Contains(string(refusal), test.refusal) || (refusal == "") != (test.refusal == "") {
			t.Errorf("%+v: %q, %q", test.owner, one.Command.Argv, refusal)
		}
	}
}
