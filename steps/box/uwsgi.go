package box

import (
	"slices"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/appserver"
)

// This file is what uWSGI does otherwise than Gunicorn: on a HUP its master executes its program
// anew under its own process id, and loads the app before it makes workers, unless it is lazy
// (G63).

// tellAgain says of a master that has executed its program again that this is what its start means.
func tellAgain(server facts.Server, master *Loader) {
	told := server.UWSGI
	master.Again = told != nil && told.Again && !told.AgainAt.IsZero()
	if master.Again && master.Witness == ByTimes {
		master.Why = "uWSGI has reloaded under the process id that it had, and that counts as its start: " + master.Why
		master.Source = sys.Textf("/proc/%d/map_files and /proc/%d/environ, and ", server.Master.PID, server.Master.PID) + master.Source
	}
}

// Began is what a process did when it took in its code, and where that is seen.
func (one Loader) Began() (did, source sys.Text) {
	if one.Again {
		return "reloaded", sys.Textf("/proc/%d/map_files, by the birth of shared memory", one.Process.PID)
	}
	return "started", sys.Textf("/proc/%d/stat", one.Process.PID)
}

// untoldReload is why it is not known when a uWSGI loaded the app; empty where it is, and for any
// other server.
func untoldReload(server facts.Server) sys.Text {
	switch told := server.UWSGI; {
	case told == nil:
		return ""
	case told.Untold != "":
		return told.Untold
	case told.Problem != "":
		return sys.Textf("whether uWSGI's master or each worker loads the app is not known, as its configuration could not be read: %s", told.Problem)
	}
	return ""
}

// noUWSGIReload is why a HUP reloads nothing; empty where it does.
func (b *Box) noUWSGIReload() sys.Text {
	told := b.Settings.Value.UWSGI
	switch {
	case told == nil || told.Problem != "" || slices.Contains(told.Unknown, "master"):
		return sys.Text(appserver.ByKind(appserver.UWSGI).HUP)
	case !told.Master && !b.isVassal():
		return "uWSGI runs here without a master, and a HUP ends it"
	}
	return ""
}

// isVassal tells a uWSGI that an emperor has started, which gives it a master.
func (b *Box) isVassal() bool {
	_, has := b.Server.Master.Prints["UWSGI_EMPEROR_FD"]
	return has
}

// GoesOnWithoutApp tells whether a reload that does not load the app leaves a server that has none.
func (b *Box) GoesOnWithoutApp() bool {
	told := b.Settings.Value.UWSGI
	return b.Running && b.Server.Kind == appserver.UWSGI && told != nil && !told.NeedsApp
}
