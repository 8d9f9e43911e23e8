package box

import (
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys"
	"flasktui/sys/gunicorn"
	"flasktui/sys/systemd"
)

// TestWhereAProcessStandsIsInferredOnlyIfNothingMoved: whoever may not read a process's
// directory is told where it was started to go, if that leads where it led then.
func TestWhereAProcessStandsIsInferredOnlyIfNothingMoved(t *testing.T) {
	t.Parallel()
	started := factstest.Noon().Add(time.Hour)
	changed := func(at time.Time) sys.FileInfo { return sys.FileInfo{Changed: at} }
	for name, test := range map[string]struct {
		change func(known *facts.Facts)
		known  bool
	}{
		"by the unit's directory": {func(*facts.Facts) {}, true},
		"the link moved since":    {func(known *facts.Facts) { known.Deployment.Value.Entered.Changed = started.Add(time.Minute) }, false},
		"it moved within the clock's grain": {func(known *facts.Facts) {
			known.Deployment.Value.Entered.Changed = started.Add(-time.Millisecond)
		}, false},
		"the way may not be looked at":      {func(known *facts.Facts) { known.Deployment.Value.Entered.Problem = "may not be read" }, false},
		"nothing tells when it moved":       {func(known *facts.Facts) { known.Deployment.Value.Entered.Changed = time.Time{} }, false},
		"another process is the unit's":     {func(known *facts.Facts) { known.Units.Value[0].MainPID++ }, false},
		"when it was started is not told":   {func(known *facts.Facts) { known.Processes.Value.Servers[0].Master.Started = time.Time{} }, false},
		"its configuration may not be read": {func(known *facts.Facts) { known.Settings.Value.ConfigProblem = "denied" }, false},
		"the unit has a second command": {func(known *facts.Facts) {
			known.Units.Value[0].ExecStart = append(known.Units.Value[0].ExecStart, []string{"/bin/true"})
		}, false},
		"its command line names it by halves, and the unit was edited": {func(known *facts.Facts) {
			onCommandLine(known)
			known.Processes.Value.Servers[0].Settings.Chdir = "current"
			known.UnitFiles.Value.Fragment.Info = changed(started.Add(time.Minute))
		}, false},
		"a title hides what the command line named, and the unit was edited": {func(known *facts.Facts) {
			onCommandLine(known)
			known.Processes.Value.Servers[0].Master.Titled = true
			known.UnitFiles.Value.Fragment.Info = changed(started.Add(time.Minute))
		}, false},
		"it was not asked": {func(known *facts.Facts) { known.Deployment.Value.Entered = nil }, false},
		"a script starts it": {func(known *facts.Facts) {
			known.Units.Value[0].ExecStart = [][]string{{"/bin/sh", "-c", "cd /srv/other && exec gunicorn wsgi:app"}}
		}, false},
		"the unit was edited since": {func(known *facts.Facts) {
			known.UnitFiles.Value.Fragment.Info = changed(started.Add(time.Minute))
		}, false},
		"the unit's files may not be read": {func(known *facts.Facts) { known.UnitFiles.Known = false }, false},
		"a drop-in is gone":                {func(known *facts.Facts) { known.UnitFiles.Value.GoneDropIns = []string{"x.conf"} }, false},
		"it has a file system of its own": {func(known *facts.Facts) {
			known.UnitFiles.Value.Fragment.Settings = []systemd.UnitSetting{{Section: "Service", Key: "RootDirectory", Value: "/srv/jail"}}
		}, false},
		"a variable may name another": {func(known *facts.Facts) {
			known.Units.Value[0].Prints = map[string]string{"GUNICORN_CMD_ARGS": "x"}
		}, false},
		"its configuration file changed since": {func(known *facts.Facts) {
			known.Settings.Value.ConfigInfo = changed(started.Add(time.Minute))
		}, false},
		"its configuration file computes it": {func(known *facts.Facts) { known.Settings.Value.Computed = []string{"chdir"} }, false},
		"its command line names it, whatever else does": {func(known *facts.Facts) {
			onCommandLine(known)
			known.Units.Value[0].Prints = map[string]string{"GUNICORN_CMD_ARGS": "x"}
			known.UnitFiles.Value.Fragment.Info = changed(started.Add(time.Minute))
		}, true},
		"its command line names it, and the link moved": {func(known *facts.Facts) {
			onCommandLine(known)
			known.Deployment.Value.Entered.Changed = started.Add(time.Minute)
		}, false},
		"its command line names it, the link moved, and its workers came after": {func(known *facts.Facts) {
			onCommandLine(known)
			known.Settings.Value.Preload = new(bool)
			known.Deployment.Value.Entered.Changed = started.Add(time.Minute)
			known.Processes.Value.Servers[0].Workers[0].Started = started.Add(2 * time.Minute)
		}, true},
		"the link moved, and one worker is older": {func(known *facts.Facts) {
			onCommandLine(known)
			known.Deployment.Value.Entered.Changed = started.Add(time.Minute)
			server := &known.Processes.Value.Servers[0]
			server.Workers = append(server.Workers, server.Workers[0])
			server.Workers[0].Started = started.Add(2 * time.Minute)
		}, false},
		"the link moved before the workers, and the master preloads": {func(known *facts.Facts) {
			onCommandLine(known)
			preloads := true
			known.Settings.Value.Preload = &preloads
			known.Deployment.Value.Entered.Changed = started.Add(time.Minute)
			known.Processes.Value.Servers[0].Workers[0].Started = started.Add(2 * time.Minute)
		}, false},
		"the link moved before the workers, which the unit's directory leads (G2)": {func(known *facts.Facts) {
			known.Deployment.Value.Entered.Changed = started.Add(time.Minute)
			known.Processes.Value.Servers[0].Workers[0].Started = started.Add(2 * time.Minute)
		}, false},
		"the unit runs another": {func(known *facts.Facts) { known.Units.Value[0].MainPID = 9 }, false},
	} {
		known := factstest.Story{MasterStarted: time.Hour, WorkerStarted: time.Hour, StandsIn: ""}.Facts()
		known.Processes.Value.Servers[0].Master.Unreadable = map[string]string{"directory": "permission denied"}
		known.Units.Value[0].ExecStart = [][]string{{"/srv/venv/bin/gunicorn", "wsgi:app"}}
		known.UnitFiles = facts.Of(facts.UnitFiles{Fragment: &systemd.UnitFile{Info: changed(factstest.Noon())}}, "test")
		known.Deployment.Value.Entered = &facts.Entered{Directory: factstest.Link, Resolved: factstest.NewRelease, Changed: factstest.Noon(), Name: factstest.Link}
		test.change(known)
		stands := New(known).Stands()
		if got := stands.Directory == factstest.NewRelease && stands.Inferred != ""; got != test.known || (stands.Unknown == "") != test.known {
			t.Errorf("%s: %+v", name, stands)
		}
	}
	known := factstest.Story{StandsIn: factstest.OldRelease}.Facts()
	if stands := New(known).Stands(); stands.Directory != factstest.OldRelease || stands.Inferred != "" {
		t.Errorf("what can be read is inferred: %+v", stands)
	}
}

func onCommandLine(known *facts.Facts) {
	known.Processes.Value.Servers[0].Settings = gunicorn.Settings{Chdir: factstest.Link}
}

// TestALinkMadeAnewProvesNothingWithoutTheDirectory: it may have led to the same place before;
// only to a release that was not there yet has it surely been moved.
func TestALinkMadeAnewProvesNothingWithoutTheDirectory(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		made time.Duration
		want State
	}{
		"to a release made since":            {90 * time.Minute, Stale},
		"to a release that was there before": {30 * time.Minute, Undetermined},
	} {
		known := factstest.Story{MasterStarted: time.Hour, WorkerStarted: time.Hour, LinkMoved: 2 * time.Hour, Through: factstest.Link}.Facts()
		known.Deployment.Value.Releases[1].Info.Born = factstest.Noon().Add(test.made)
		if one := New(known).Loaders[0]; one.State != test.want || one.Certain {
			t.Errorf("%s: it holds %s code: %s", name, one.State, one.Why)
		}
	}
}

// TestAMasterMayBeToldToPreloadByWhatIsNotRead: its environment may do that, and then workers
// that came after the change hold what their master imported before it.
func TestAMasterMayBeToldToPreloadByWhatIsNotRead(t *testing.T) {
	t.Parallel()
	direct := [][]string{{"/srv/venv/bin/gunicorn", "wsgi:app"}}
	for name, test := range map[string]struct {
		change func(unit *facts.Unit)
		want   State
	}{
		"nothing else can": {func(unit *facts.Unit) { unit.ExecStart = direct }, Current},
		"a variable may": {func(unit *facts.Unit) {
			unit.ExecStart, unit.Prints = direct, map[string]string{"GUNICORN_CMD_ARGS": "x"}
		}, Undetermined},
		"a file of variables may": {func(unit *facts.Unit) {
			unit.ExecStart, unit.EnvironmentFiles = direct, []systemd.EnvironmentFile{{Path: "/etc/shop.env"}}
		}, Undetermined},
		"the script that starts it may": {func(unit *facts.Unit) { unit.ExecStart = [][]string{{"/srv/shop/run.sh"}} }, Undetermined},
	} {
		known := factstest.Story{MasterStarted: -time.Hour, WorkerStarted: time.Hour, StandsIn: factstest.NewRelease, LinkMoved: -2 * time.Hour}.Facts()
		known.Processes.Value.Servers[0].Master.Unreadable = map[string]string{"environ": "permission denied"}
		test.change(&known.Units.Value[0])
		if one := New(known).Loaders[0]; one.State != test.want {
			t.Errorf("%s: it holds %s code: %s", name, one.State, one.Why)
		}
	}
}

// TestAReloadIsSeenToKeepTheOldPathWithoutTheDirectory (G2): a unit's directory through a link
// is entered once, and a release that was made later is not what it led to.
func TestAReloadIsSeenToKeepTheOldPathWithoutTheDirectory(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(known *facts.Facts)
		want   State
	}{
		"the release was made since": {func(*facts.Facts) {}, Stale},
		"it was there before": {func(known *facts.Facts) {
			known.Deployment.Value.Releases[1].Info.Born = factstest.Noon().Add(-2 * time.Hour)
		}, Current},
		"Gunicorn goes through the link": {func(known *facts.Facts) {
			known.Settings.Value.Chdir, known.Settings.Value.DirectoryVia = factstest.Link, "chdir"
		}, Current},
		"a script may have gone elsewhere": {func(known *facts.Facts) { known.Units.Value[0].ExecStart = [][]string{{"/srv/shop/run.sh"}} }, Current},
		"its directory can be read": {func(known *facts.Facts) {
			known.Processes.Value.Servers[0].Workers[0].Directory = factstest.NewRelease
		}, Current},
	} {
		known := factstest.Story{MasterStarted: -time.Hour, WorkerStarted: 2 * time.Hour, LinkMoved: time.Hour, Through: factstest.Link}.Facts()
		known.Settings.Value.DirectoryVia = "WorkingDirectory"
		known.Processes.Value.Servers[0].Master.Unreadable = map[string]string{"directory": "permission denied"}
		known.Units.Value[0].ExecStart = [][]string{{"/srv/venv/bin/gunicorn", "wsgi:app"}}
		known.UnitFiles = facts.Of(facts.UnitFiles{Fragment: &systemd.UnitFile{Info: sys.FileInfo{Changed: factstest.Noon().Add(-3 * time.Hour)}}}, "test")
		known.Deployment.Value.Entered = &facts.Entered{Directory: factstest.Link, Resolved: factstest.NewRelease, Changed: factstest.Noon().Add(time.Hour), Name: factstest.Link}
		known.Deployment.Value.Releases[1].Info.Born = factstest.Noon().Add(30 * time.Minute)
		test.change(known)
		if one := New(known).Loaders[0]; one.State != test.want || one.Certain {
			t.Errorf("%s: it holds %s code: %s", name, one.State, one.Why)
		}
	}
}
