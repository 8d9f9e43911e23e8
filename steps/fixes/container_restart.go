package fixes

import (
	"flasktui/steps/box"
	"flasktui/steps/manager"
	"flasktui/sys"
)

// doneContainerRestart: the same container, with processes that were not there before.
func doneContainerRestart(before, after *box.Box) (bool, sys.Text) {
	if nothing := restartedNothing(before, after); nothing != "" {
		return false, nothing
	}
	return doneDocker(before, after)
}

// ContainerRestartRefusal is why `docker compose restart` would change nothing; empty
// where it is what helps, and for a service that runs in none.
func ContainerRestartRefusal(b *box.Box) sys.Text {
	if _, ok := b.TargetContainer(); !ok {
		return ""
	}
	if anew, byHand, alone := manager.Anew(b); alone {
		return aloneRefusal(b, anew, byHand)
	}
	const why = "a restart starts the same container again: it applies neither a new image nor a new environment. "
	drift := b.ContainerDrift()
	switch drift {
	case box.DriftNotStarted:
		return why + sys.Textf("The container was never started; use %s.", DockerUp().ID)
	case box.DriftSource:
		return why + sys.Textf("The source has changed since the image was built; use %s.", DockerRecreate().ID)
	case box.DriftImage:
		return why + sys.Textf("The tag names another image now; use %s.", DockerUp().ID)
	case box.DriftConfiguration:
		return why + sys.Textf("The Compose configuration or its environment has changed; use %s.", DockerUp().ID)
	}
	if mounted, over := b.MountOver(b.Settings.Value.Directory); over && mounted.Type == "bind" || drift == box.DriftMount {
		return ""
	}
	return why + "The code here is in the image, and no mounted source has changed."
}

// aloneRefusal is ContainerRestartRefusal for a container that no Compose project has.
func aloneRefusal(b *box.Box, anew bool, byHand sys.Text) sys.Text {
	drift := b.ContainerDrift()
	mounted, over := b.MountOver(b.Settings.Value.Directory)
	switch {
	case manager.BuildFirst(b) != "":
		return "the image has to be built first: a restart takes it as it is. " + byHand
	case anew, over && mounted.Type == "bind" && drift != box.DriftImage, drift == box.DriftMount:
		return ""
	case drift == box.DriftImage:
		return "a restart starts the same container again, from its old image. " + byHand
	}
	return "a restart starts the same container again: the code here is in the image, and no mounted source has changed."
}
