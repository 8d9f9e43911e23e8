package guide

// causePages are in the order of the contract: the ten common ones first.
func causePages() []Page {
	return []Page{
		serviceNotRestarted(), unitPointsToOldPath(), symlinkNotSwitched(), nginxWrongUpstream(), envNotReloaded(),
		staticStale(), cacheServesOld(), containerStale(), deployedElsewhere(), wrongService(),

		daemonReloadNeeded(), unitChangeNotApplied(), hupWithPreload(), mixedWorkers(), orphanGunicorn(),
		releaseDirDeleted(), serviceFailed(), symlinkBroken(), nginxNotReloaded(), nginxConfigInvalid(),
		nginxStaleAddress(), installedPackageShadowsCheckout(), staleBytecode(), templatesCached(), backgroundWorkersStale(),
	}
}
