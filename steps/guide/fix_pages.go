package guide

// fixPages are in the order of the contract.
func fixPages() []Page {
	return []Page{
		daemonReloadFix(), restart(), daemonReloadRestart(), nginxReload(), hup(), switchSymlink(), dockerRecreate(), dockerUp(),
		stopOrphan(), editUnit(), editNginx(), clearBytecode(), releaseMarkerFix(),
	}
}
