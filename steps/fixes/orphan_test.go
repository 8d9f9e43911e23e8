package fixes

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// unitAndStranger is a box whose unit is set to listen at 127.0.0.1:8000, where a Gunicorn
// that it does not run listens.
func unitAndStranger(change func(known *facts.Facts, stranger *facts.Gunicorn)) *box.Box {
	known := story{workerStarted: time.Hour, standsIn: newRelease}.facts()
	known.Processes.Value.Gunicorns[0].Settings.App = "wsgi:app"
	settings := known.Settings.Value
	settings.App, settings.Wanted = "wsgi:app", []string{"127.0.0.1:8000"}
	known.Settings = facts.Of(settings, "test")
	known.Units.Value[0].LoadState = "loaded"
	stranger := facts.Gunicorn{Master: facts.Process{Process: proc.Process{
		PID: 20, PPID: 1, Directory: oldRelease, Cgroup: proc.Cgroup{Unit: "session-1.scope"}, Started: noon,
	}, SocketInodes: []uint64{5}}}
	stranger.Settings.App = "wsgi:app"
	known.Listeners = facts.Of([]proc.Listener{{Address: netip.MustParseAddrPort("127.0.0.1:8000"), Inode: 5}}, "test")
	known.Supervised = facts.Of([]facts.Supervised{}, "test")
	change(known, &stranger)
	known.Processes.Value.Gunicorns = append(known.Processes.Value.Gunicorns, stranger)
	return box.New(known)
}

// TestWhatAnOrphanIs: a process of the unit's own app at an address that the unit itself is
// set to bind, that nothing else runs; and nothing else (G5, G57).
func TestWhatAnOrphanIs(t *testing.T) {
	t.Parallel()
	type box = func(known *facts.Facts, stranger *facts.Gunicorn)
	runner := func(parent string) box {
		return func(_ *facts.Facts, stranger *facts.Gunicorn) {
			stranger.Parents = []facts.Parent{{PID: 3, Name: parent, CommandLine: []sys.Text{sys.Safe(parent), "-x"}}}
		}
	}
	for _, test := range []struct {
		name    string
		box     box
		found   report.Confidence
		blocked bool
	}{
		{"started by hand", func(*facts.Facts, *facts.Gunicorn) {}, report.Certain, false},
		{"born in cron's unit", func(_ *facts.Facts, stranger *facts.Gunicorn) { stranger.Master.Cgroup.Unit = "cron.service" }, report.Certain, false},
		{"another app", func(_ *facts.Facts, stranger *facts.Gunicorn) { stranger.Settings.App = "blog:app" }, "", true},
		{"the same name of an app, elsewhere", func(_ *facts.Facts, stranger *facts.Gunicorn) { stranger.Master.Directory = "/srv/blog" }, "", true},
		{"where it stands is not known", func(_ *facts.Facts, stranger *facts.Gunicorn) { stranger.Master.Directory = "" }, report.Likely, true},
		{"at an address that only Nginx asks", func(known *facts.Facts, _ *facts.Gunicorn) {
			known.Listeners.Value[0].Address = netip.MustParseAddrPort("127.0.0.1:8100")
			known.Site = facts.Of(facts.Site{Address: facts.SiteAddress{Location: &nginx.Location{Path: "/", Pass: "http://127.0.0.1:8100"}}}, "test")
		}, "", true},
		{"run by another unit", func(known *facts.Facts, stranger *facts.Gunicorn) {
			stranger.Master.Cgroup.Unit = "blog.service"
			known.Units.Value = append(known.Units.Value, facts.Unit{Unit: systemd.Unit{Name: "blog.service"}, Runs: []int{20}})
		}, "", true},
		{"in a container", func(_ *facts.Facts, stranger *facts.Gunicorn) { stranger.Master.Cgroup.Container = "abc" }, "", true},
		{"below a supervisor", runner("runsv"), report.Likely, true},
		{"below somebody's shell", runner("sshd"), report.Certain, false},
		{"its parent could not be read", func(_ *facts.Facts, stranger *facts.Gunicorn) { stranger.Master.PPID = 3 }, report.Likely, true},
		{"supervisord's programs could not be read", func(known *facts.Facts, _ *facts.Gunicorn) {
			known.Supervised = facts.Unreadable[[]facts.Supervised]("no time was left", "test")
		}, report.Likely, true},
		{"of a user's own service manager", func(_ *facts.Facts, stranger *facts.Gunicorn) {
			stranger.Master.Cgroup = proc.Cgroup{Unit: "web.service", User: true}
		}, report.Likely, true},
		{"the unit starts no Gunicorn", func(known *facts.Facts, _ *facts.Gunicorn) { known.Units.Value[0].Gunicorn = false }, "", true},
		{"the unit was stopped on purpose", func(known *facts.Facts, _ *facts.Gunicorn) {
			known.Units.Value[0].ActiveState, known.Units.Value[0].Result = "inactive", "success"
		}, report.Possible, true},
		{"the unit is masked", func(known *facts.Facts, _ *facts.Gunicorn) { known.Units.Value[0].UnitFileState = "masked" }, report.Certain, true},
		{"the unit's directory is gone", func(known *facts.Facts, _ *facts.Gunicorn) {
			known.UnitFiles = facts.Of(facts.UnitFiles{MissingLoaded: []string{"/srv/shop/current"}}, "test")
		}, report.Certain, true},
	} {
		b := unitAndStranger(test.box)
		finding := causes.FindOrphan(b)
		if found := finding != nil; found != (test.found != "") || found && finding.Confidence != test.found {
			t.Errorf("%s: %+v", test.name, finding)
		}
		if plan := planStopOrphan(b); (plan.Blocked != "") != test.blocked {
			t.Errorf("%s: blocked %q, %v", test.name, plan.Blocked, plan.Commands)
		}
	}
}

// TestARestartThatLeavesTheOldServerIsNotOffered: of a unit that ends its shell alone.
func TestARestartThatLeavesTheOldServerIsNotOffered(t *testing.T) {
	t.Parallel()
	known := story{standsIn: newRelease}.facts()
	known.Units.Value[0].MainPID, known.Units.Value[0].KillMode = 9, "process"
	if plan := planRestart(box.New(known)); !strings.Contains(string(plan.Blocked), "KillMode=process") {
		t.Errorf("blocked %q", plan.Blocked)
	}
	known.Units.Value[0].KillMode = "mixed"
	if plan := planRestart(box.New(known)); plan.Blocked != "" {
		t.Errorf("blocked %q", plan.Blocked)
	}
}

// TestNothingUnmanagedIsEnded: what nothing starts again is neither restarted nor reloaded,
// and the report says how a person does it.
func TestNothingUnmanagedIsEnded(t *testing.T) {
	t.Parallel()
	known := story{masterStarted: -time.Hour, workerStarted: -time.Hour, standsIn: oldRelease}.facts()
	known.Units.Value[0] = facts.Unit{Unit: systemd.Unit{Name: "cron.service"}}
	known.Target = facts.Target{Service: "pid:10", PID: 10, Master: 10}
	master := &known.Processes.Value.Gunicorns[0].Master
	master.Cgroup.Unit, master.CommandLine = "cron.service", []sys.Text{"/usr/bin/gunicorn", "wsgi:app"}
	b := box.New(known)
	for _, finding := range causes.Find(b) {
		if len(finding.Fixes) > 0 {
			t.Errorf("%s offers %v", finding.ID, finding.Fixes)
		}
		if finding.ID == "service-not-restarted" && !strings.Contains(string(finding.Advice), "cd /srv/shop/current && /usr/bin/gunicorn wsgi:app") {
			t.Errorf("advice %q", finding.Advice)
		}
	}
	for _, id := range []string{"restart", "hup", "stop-orphan", "daemon-reload-restart", "switch-symlink", "clear-bytecode", "edit-unit", "release-marker"} {
		fix, _ := ByID(id)
		if plan := PlanFor(b, fix); plan.Blocked == "" {
			t.Errorf("%s: %v", id, plan.Commands)
		}
	}
}

// noon is when the code of the boxes in these tests was last written.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant that Go cannot write as one

// story is a box with releases and a link, as the tests vary it.
type story struct {
	masterStarted, workerStarted time.Duration // after noon
	standsIn                     string
	linkMoved                    time.Duration
	preload                      bool
	touched                      bool // written in place, the birth of the file long before
	through                      string
}

const (
	oldRelease = "/srv/shop/releases/20260101000000"
	newRelease = "/srv/shop/releases/20261123000000"
	link       = "/srv/shop/current"
)

func (s story) facts() *facts.Facts {
	at := noon.Add
	process := func(pid, parent int, started time.Duration) facts.Process {
		return facts.Process{Process: proc.Process{
			PID: pid, PPID: parent, Started: at(started), Directory: s.standsIn, Cgroup: proc.Cgroup{Unit: "shop.service"},
		}}
	}
	known := &facts.Facts{TakenAt: at(time.Hour)}
	known.Target = facts.Target{Service: "shop.service", Unit: "shop.service", Master: 10}
	known.Units = facts.Of([]facts.Unit{{Unit: systemd.Unit{Name: "shop.service", MainPID: 10, ActiveState: "active"}, Gunicorn: true, Runs: []int{10}}}, "test")
	known.Processes = facts.Of(facts.Processes{Gunicorns: []facts.Gunicorn{{
		Master: process(10, 1, s.masterStarted), Workers: []facts.Process{process(11, 10, s.workerStarted)},
	}}}, "test")
	settings := facts.Settings{Directory: s.standsIn, DirectoryVia: "cwd"}
	settings.Preload = &s.preload
	if s.through != "" {
		settings.Directory, settings.DirectoryVia = s.through, "chdir"
	}
	known.Settings = facts.Of(settings, "test")
	known.Deployment = facts.Of(facts.Deployment{
		Directory: link, Resolved: newRelease, Active: newRelease, ReleasesDirectory: "/srv/shop/releases", ByName: true,
		Link: &facts.Link{Path: link, Target: newRelease, Resolved: newRelease, Info: sys.FileInfo{Born: at(s.linkMoved), Modified: at(s.linkMoved), Changed: at(s.linkMoved)}},
		Releases: []facts.Release{
			{Name: "20260101000000", Path: oldRelease, Complete: true}, {Name: "20261123000000", Path: newRelease, Complete: true},
		},
	}, "test")
	source := facts.Change{Path: newRelease + "/app.py", At: noon, SourceTime: noon.Add(-24 * time.Hour)}
	if s.touched {
		source.SourceTime = noon
	}
	known.Code = facts.Of(facts.Code{Tree: newRelease, Source: source, Files: 3}, "test")
	return known
}
