// Package causes holds every way in which old code stays live, a file each: what is known of
// it without a box, and the function that sees it in what is true of one.
package causes

// All is every cause there is. Its place here is its rank: the order in which to cure what
// was found.
func All() []Kind {
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
		nginxStaleAddress(),
		staticStale(),
		cacheServesOld(),
		// What runs beside them.
		backgroundWorkersStale(),
	}
}
