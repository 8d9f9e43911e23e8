package fixes

import (
	"slices"
	"strconv"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// changeAs makes an action that changes something in a directory by name, with no more
// rights than whoever keeps that directory has. They could exchange any part of the way
// there between our look and the command, and so lead root to what is not theirs; led
// there as themselves, they gain nothing. In a session of its own the command has no
// terminal either that they could type into through it.
//
// The text is why it may not run: root's directory, on a way that others can change.
func changeAs(owner facts.DirectoryOwner, directory string, argv ...string) (Action, sys.Text) {
	switch {
	case owner.Problem != "":
		return change(serviceTimeout, argv...), sys.Textf("who may change %s could not be told: %s", directory, owner.Problem)
	case owner.UID != 0:
		return change(serviceTimeout, slices.Concat(setPrivileges(owner.UID, owner.GID), argv)...), ""
	case owner.Loose != "":
		return change(serviceTimeout, argv...), sys.Textf("%s is root's, but others may change %s, and so lead root elsewhere", directory, owner.Loose)
	}
	return change(serviceTimeout, argv...), ""
}

// setPrivileges begins a command that runs with a user's rights alone (setpriv(1)).
func setPrivileges(uid, gid uint32, options ...string) []string {
	as := []string{
		"setsid", "--wait", "setpriv", "--reuid=" + strconv.FormatUint(uint64(uid), 10),
		"--regid=" + strconv.FormatUint(uint64(gid), 10), "--clear-groups",
	}
	return append(append(as, options...), "--")
}
