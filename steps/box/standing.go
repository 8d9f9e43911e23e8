package box

import (
	"path"
	"slices"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/systemd"
)

// Standing is where the service's master stands, and how that is known.
type Standing struct {
	// Directory is empty where it is not known; Unknown then says why.
	Directory string
	Unknown   sys.Text
	// Inferred says from what it follows; empty where it was read.
	Inferred sys.Text
	// Workers says that it is of the workers alone, and of where they import from.
	Workers bool
}

// Stands tells where the service's master stands. Whoever may not ask the process is told
// where it was started to go, if that leads where it led then: a reload goes there anew at
// most (G2), and comes to the same place.
func (b *Box) Stands() Standing {
	master := b.Server.Master
	reason := master.Unreadable["directory"]
	if reason == "" {
		return Standing{Directory: master.Directory}
	}
	unread := sys.Textf("the directory of process %d could not be read: %s", master.PID, reason)
	entered := b.Deployment.Value.Entered
	if entered == nil {
		return Standing{Unknown: unread}
	}
	doubt := b.doubtsEntered(*entered)
	if doubt == "" && b.movedSince(*entered, master) && b.importAnew(*entered) {
		return Standing{
			Directory: entered.Resolved, Workers: true,
			Inferred: sys.Textf("their master was started to import from %s, as that is written, and leaves the import to them; that changed last at %s, before the first of them was started",
				entered.Directory, b.Clock(entered.Changed)),
		}
	}
	if doubt == "" && b.movedSince(*entered, master) {
		doubt = sys.Textf("%s was recreated, or may have been, after it was started, at %s", entered.Name, b.Clock(entered.Changed))
	}
	if doubt != "" {
		return Standing{Unknown: sys.Textf("%s; nor does it follow from how it was started: %s", unread, doubt) + b.Host.Value.OrWithSudo()}
	}
	return Standing{
		Directory: entered.Resolved,
		Inferred: sys.Textf("it was started to go to %s, and no name on the way can have come to lead elsewhere after %s, which was before its start at %s",
			entered.Directory, b.ExactClock(entered.Changed, master.Started), b.ExactClock(master.Started, entered.Changed)),
	}
}

// keepsOldPath tells of a process of the service whose directory may not be read whether its
// master surely stands, and lets its workers import, elsewhere than in the active release: it
// was started in the unit's own directory, to which the link led it, before that release was
// there, and Gunicorn keeps the real path of it (G2).
func (b *Box) keepsOldPath(process facts.Process) bool {
	master, deployment := b.Server.Master, b.Deployment.Value
	own := master.PID == process.PID || slices.ContainsFunc(b.Server.Workers, func(worker facts.Process) bool { return worker.PID == process.PID })
	entered := deployment.Entered
	if entered == nil || !own || b.Settings.Value.Chdir != "" || b.Settings.Value.DirectoryVia != "WorkingDirectory" {
		return false
	}
	_, through := deployment.Link.Rest(entered.Directory)
	return through && b.doubtsEntered(*entered) == "" && After(b.Change.LinkAt, master.Started) && b.ClockDecides(b.Change.LinkAt, master.Started) &&
		b.madeAfter(deployment.Active, master.Started)
}

// doubtsEntered is why the master may stand elsewhere than where the way that it was told
// leads now; empty for no doubt.
func (b *Box) doubtsEntered(entered facts.Entered) sys.Text {
	master, settings := b.Server.Master, b.Settings.Value
	onCommandLine := b.Server.Settings.Chdir != "" && !master.Titled
	switch {
	case !b.HasUnit || master.PID != b.Unit.MainPID || master.Started.IsZero():
		return "it is not known to be what a unit started"
	case !b.UnitFiles.Known:
		return "the unit's files could not be read"
	case b.ownRoot() != "":
		return sys.Textf("the unit gives it a file system of its own (%s=)", b.ownRoot())
	case !onCommandLine || !path.IsAbs(b.Server.Settings.Chdir):
		if doubt := b.doubtsUnitsWord(); doubt != "" {
			return doubt
		}
	}
	switch {
	case !onCommandLine && (settings.ConfigProblem != "" || slices.Contains(settings.Computed, "chdir")):
		return "what its configuration file says of a directory is not known"
	case !onCommandLine && !After(master.Started, settings.ConfigInfo.Changed):
		return sys.Textf("%s changed after it was started", settings.ConfigPath)
	case entered.Problem != "":
		return sys.Textf("%s: %s", entered.Directory, entered.Problem)
	case entered.Changed.IsZero():
		return sys.Textf("when %s changed is not known", entered.Directory)
	case !b.ClockDecides(entered.Changed, master.Started):
		return b.ClockWords()
	}
	return ""
}

// movedSince tells whether a way may have come to lead elsewhere after the start of a process.
func (b *Box) movedSince(entered facts.Entered, process facts.Process) bool {
	return !After(process.Started, entered.Changed) || !b.ClockDecides(entered.Changed, process.Started)
}

// importAnew tells whether the workers have imported the app by the way as it leads now,
// wherever their master stands: Gunicorn puts --chdir, as it is written, first on the path
// that they import from, and they were all made after the way last changed.
func (b *Box) importAnew(entered facts.Entered) bool {
	if !b.PreloadKnown || b.Preload || len(b.Server.Workers) == 0 || b.Server.Settings.Chdir == "" || b.Server.Master.Titled {
		return false
	}
	return !slices.ContainsFunc(b.Server.Workers, func(worker facts.Process) bool { return b.movedSince(entered, worker) })
}

// doubtsUnitsWord is why the unit, as it is now, may have started the master elsewhere.
func (b *Box) doubtsUnitsWord() sys.Text {
	started := b.Server.Master.Started
	changed := slices.ContainsFunc(b.UnitFiles.Value.All(), func(file systemd.UnitFile) bool { return !After(started, file.Info.Changed) })
	switch {
	case len(b.Unit.ExecStart) != 1 || !facts.StartsServerItself(b.Unit.ExecStart[0]):
		return "the unit does not start the server itself, and what comes before it may have gone elsewhere"
	case changed || len(b.UnitFiles.Value.GoneDropIns) > 0:
		return "the unit was edited after it was started"
	case !b.ArgumentsOnlyFromCommand():
		return "its environment may have told it another directory"
	}
	return ""
}

// ownRoot is the unit's setting by which its processes see other files at a path than the
// box does; empty for none (systemd.exec(5)).
func (b *Box) ownRoot() string {
	for _, file := range b.UnitFiles.Value.All() {
		for _, setting := range file.Settings {
			if slices.Contains([]string{
				"RootDirectory", "RootImage", "BindPaths", "BindReadOnlyPaths", "TemporaryFileSystem", "MountImages", "ExtensionImages", "ExtensionDirectories",
			}, setting.Key) {
				return setting.Key
			}
		}
	}
	return ""
}
