package box

import (
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/gunicorn"
	"flasktui/sys/systemd"
)

// TestWhereAProcessStandsIsInferredOnlyIfNothingMoved: whoever may not read a process's
// directory is told where it was started to go, if that leads where it led then.
func TestWhereAProcessStandsIsInferredOnlyIfNothingMoved(t *testing.T) {
	t.Parallel()
	started := noon.Add(time.Hour)
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
		"the way may not be looked at": {func(known *facts.Facts) { known.Deployment.Value.Entered.Problem = "may not be read" }, false},
		"nothing tells when it moved":  {func(known *facts.Facts) { known.Deployment.Value.Entered.Changed = time.Time{} }, false},
		"it was not asked":             {func(known *facts.Facts) { known.Deployment.Value.Entered = nil }, false},
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
		"the unit runs another": {func(known *facts.Facts) { known.Units.Value[0].MainPID = 9 }, false},
	} {
		known := story{masterStarted: time.Hour, workerStarted: time.Hour, standsIn: ""}.facts()
		known.Processes.Value.Gunicorns[0].Master.Unreadable = map[string]string{"directory": "permission denied"}
		known.Units.Value[0].ExecStart = [][]string{{"/srv/venv/bin/gunicorn", "wsgi:app"}}
		known.UnitFiles = facts.Of(facts.UnitFiles{Fragment: &systemd.UnitFile{Info: changed(noon)}}, "test")
		known.Deployment.Value.Entered = &facts.Entered{Directory: link, Resolved: newRelease, Changed: noon, Name: link}
		test.change(known)
		stands := New(known).Stands()
		if got := stands.Directory == newRelease && stands.Inferred != ""; got != test.known || (stands.Unknown == "") != test.known {
			t.Errorf("%s: %+v", name, stands)
		}
	}
	known := story{standsIn: oldRelease}.facts()
	if stands := New(known).Stands(); stands.Directory != oldRelease || stands.Inferred != "" {
		t.Errorf("what can be read is inferred: %+v", stands)
	}
}

func onCommandLine(known *facts.Facts) {
	known.Processes.Value.Gunicorns[0].Settings = gunicorn.Settings{Chdir: link}
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
		known := story{masterStarted: time.Hour, workerStarted: time.Hour, linkMoved: 2 * time.Hour, through: link}.facts()
		known.Deployment.Value.Releases[1].Info.Born = noon.Add(test.made)
		if one := New(known).Loaders[0]; one.State != test.want || one.Certain {
			t.Errorf("%s: it holds %s code: %s", name, one.State, one.Why)
		}
	}
}
