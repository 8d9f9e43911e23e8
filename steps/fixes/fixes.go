// Package fixes holds every cure, a file each: the commands that it runs on a box, what
// forbids it, how its effect is seen, and its page; and the runner, which runs one as it was
// shown. Causes and steps name a fix by its value.
//
// It knows the box and the pages, and no cause. Begin with All and Kind, then plan.go.
package fixes

import "sync"

// All is every fix there is, in the order in which they are listed. The list is everybody's.
func All() []Kind { return listed() }

// listed makes the fixes once, pages and all: they are asked for many times a judgement.
var listed = sync.OnceValue(func() []Kind {
	return []Kind{
		DaemonReload(),
		Restart(),
		DaemonReloadRestart(),
		NginxReload(),
		TouchWSGI(),
		ApacheReload(),
		HUP(),
		SwitchSymlink(),
		Rollback(),
		DockerRecreate(),
		DockerUp(),
		VolumeRenew(),
		StopOrphan(),
		EditUnit(),
		EditNginx(),
		ClearBytecode(),
		ReleaseMarker(),
	}
})
