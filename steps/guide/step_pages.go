package guide

// stepPages are in the order of the walk.
func stepPages() []Page {
	return []Page{
		codeOnDisk(), servingProcess(), workingDirectory(), serviceRestart(), daemonReload(), unitPaths(), environment(),
		releaseSymlink(), nginx(), staticAssets(), caches(), containers(), gunicornReload(), releaseMarker(),
	}
}
