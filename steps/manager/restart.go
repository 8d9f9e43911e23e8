package manager

import (
	"flasktui/steps/box"
	"flasktui/sys"
)

// What managers that stop a service and start it again have in common.

// noWayBack is how to go back after a restart.
const noWayBack = "This does not bring the old code back: point the link, or the checkout, at the old release and restart again."

func startsAnew(b *box.Box, who sys.Text) sys.Text {
	return who + sys.Textf(" stops %s and starts it again: new processes import the code that is on disk now.", b.Target.Service)
}

// sameMaster says that the process which ran before a restart runs still; empty where it
// does not.
func sameMaster(before, after *box.Box) sys.Text {
	if after.Running && before.HasProcess(after.Server.Master) {
		return sys.Textf("it restarted nothing: process %d is the one that ran before", after.Server.Master.PID)
	}
	return ""
}
