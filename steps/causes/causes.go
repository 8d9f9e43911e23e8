// Package causes holds every way in which old code stays live, a file each: what is known of
// it without a box, and the function that sees it in what is true of one.
//
// It knows the box, the steps and the fixes, and names each of them by its value alone. Begin with All
// here, cause.go, which says what a cause is, and any cause's file: it is named as its id.
package causes

import "sync"

// All is every cause there is. Its place here is its rank: the order in which to cure what
// was found. The list is everybody's: whoever wants another order takes a copy.
func All() []Kind { return ranked() }

// ranked makes the causes once, pages and all: each of them is asked for dozens of times a
// judgement, and a judgement is made at every fact that comes in.
var ranked = sync.OnceValue(func() []Kind {
	return []Kind{
		// Who answers at all.
		wrongService(),
		orphanGunicorn(),
		// What the disk and the unit say.
		symlinkBroken(),
		symlinkNotSwitched(),
		unitPointsToOldPath(),
		daemonReloadNeeded(),
		unitChangeNotApplied(),
		deployedElsewhere(),
		deployUnfinished(),
		releaseNotHere(),
		installedPackageShadowsCheckout(),
		staleBytecode(),
		// The processes, and the container around them.
		containerStale(),
		releaseDirDeleted(),
		hupWithPreload(),
		mixedWorkers(),
		serviceFailed(),
		serviceNotRestarted(),
		envNotReloaded(),
		templatesCached(),
		// What stands before them.
		nginxConfigInvalid(),
		nginxNotReloaded(),
		nginxWrongUpstream(),
		frontElsewhere(),
		nginxStaleAddress(),
		staticStale(),
		cacheServesOld(),
		// What runs beside them, and what was not installed.
		backgroundWorkersStale(),
		requirementsNotInstalled(),
	}
})
