package fixes_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/steps/fixes"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestWhatAnOrphanIs: a process of the unit's own app at an address that the unit itself is
// set to bind, that nothing else runs; and nothing else (G5, G57).
func TestWhatAnOrphanIs(t *testing.T) {
	t.Parallel()
	type change = func(known *facts.Facts, stranger *facts.Server)
	runner := func(parent string) change {
		return func(_ *facts.Facts, stranger *facts.Server) {
			stranger.Parents = []facts.Parent{{PID: 3, Name: parent, CommandLine: []sys.Text{sys.Safe(parent), "-x"}}}
		}
	}
	for _, test := range []struct {
		name    string
		change  change
		found   report.Confidence
		blocked bool
	}{
		{"started by hand", func(*facts.Facts, *facts.Server) {}, report.Certain, false},
		{"born in cron's unit", func(_ *facts.Facts, stranger *facts.Server) { stranger.Master.Cgroup.Unit = "cron.service" }, report.Certain, false},
		{"another app", func(_ *facts.Facts, stranger *facts.Server) { stranger.Settings.App = "blog:app" }, "", true},
		{"the same name of an app, elsewhere", func(_ *facts.Facts, stranger *facts.Server) { stranger.Master.Directory = "/srv/blog" }, "", true},
		{"where it stands is not known", func(_ *facts.Facts, stranger *facts.Server) { stranger.Master.Directory = "" }, report.Likely, true},
		{"at an address that only Nginx asks", func(known *facts.Facts, _ *facts.Server) {
			known.Listeners.Value[0].Address = netip.MustParseAddrPort("127.0.0.1:8100")
			known.Site = facts.Of(facts.Site{Address: facts.SiteAddress{Location: &nginx.Location{Path: "/", Pass: "http://127.0.0.1:8100"}}}, "test")
		}, "", true},
		{"run by another unit", func(known *facts.Facts, stranger *facts.Server) {
			stranger.Master.Cgroup.Unit = "blog.service"
			known.Units.Value = append(known.Units.Value, facts.Unit{Unit: systemd.Unit{Name: "blog.service"}, Runs: []int{20}})
		}, "", true},
		{"in a container", func(_ *facts.Facts, stranger *facts.Server) { stranger.Master.Cgroup.Container = "abc" }, "", true},
		{"below a supervisor", runner("runsv"), report.Likely, true},
		{"below somebody's shell", runner("sshd"), report.Certain, false},
		{"its parent could not be read", func(_ *facts.Facts, stranger *facts.Server) { stranger.Master.PPID = 3 }, report.Likely, true},
		{"supervisord's programs could not be read", func(known *facts.Facts, _ *facts.Server) {
			known.Supervised = facts.Unreadable[[]facts.Supervised]("no time was left", "test")
		}, report.Likely, true},
		{"of a user's own service manager", func(_ *facts.Facts, stranger *facts.Server) {
			stranger.Master.Cgroup = proc.Cgroup{Unit: "web.service", User: true}
		}, report.Likely, true},
		{"the unit starts no Gunicorn", func(known *facts.Facts, _ *facts.Server) { known.Units.Value[0].Serves = false }, "", true},
		{"the unit was stopped on purpose", func(known *facts.Facts, _ *facts.Server) {
			known.Units.Value[0].ActiveState, known.Units.Value[0].Result = "inactive", "success"
		}, report.Possible, true},
		{"the unit is masked", func(known *facts.Facts, _ *facts.Server) { known.Units.Value[0].UnitFileState = "masked" }, report.Certain, true},
		{"the unit's directory is gone", func(known *facts.Facts, _ *facts.Server) {
			known.UnitFiles = facts.Of(facts.UnitFiles{MissingLoaded: []string{"/srv/shop/current"}}, "test")
		}, report.Certain, true},
	} {
		b := box.New(factstest.UnitAndStranger(test.change))
		finding := causes.FindOrphan(b)
		if found := finding != nil; found != (test.found != "") || found && finding.Confidence != test.found {
			t.Errorf("%s: %+v", test.name, finding)
		}
		if plan := fixes.PlanFor(b, fixes.StopOrphan()); (plan.Blocked != "") != test.blocked {
			t.Errorf("%s: blocked %q, %v", test.name, plan.Blocked, plan.Commands)
		}
	}
}

// TestARestartThatLeavesTheOldServerIsNotOffered: of a unit that ends its shell alone.
func TestARestartThatLeavesTheOldServerIsNotOffered(t *testing.T) {
	t.Parallel()
	known := factstest.Story{StandsIn: factstest.NewRelease}.Facts()
	known.Units.Value[0].MainPID, known.Units.Value[0].KillMode = 9, "process"
	if plan := fixes.PlanFor(box.New(known), fixes.Restart()); !strings.Contains(string(plan.Blocked), "KillMode=process") {
		t.Errorf("blocked %q", plan.Blocked)
	}
	known.Units.Value[0].KillMode = "mixed"
	if plan := fixes.PlanFor(box.New(known), fixes.Restart()); plan.Blocked != "" {
		t.Errorf("blocked %q", plan.Blocked)
	}
}

// TestNothingUnmanagedIsEnded: what nothing starts again is not restarted, nor reloaded where that
// would load the old tree again, and the report says how a person does it.
func TestNothingUnmanagedIsEnded(t *testing.T) {
	t.Parallel()
	known := factstest.Story{MasterStarted: -time.Hour, WorkerStarted: -time.Hour, StandsIn: factstest.OldRelease}.Facts()
	known.Units.Value[0] = facts.Unit{Unit: systemd.Unit{Name: "cron.service"}}
	known.Target = facts.Target{Service: "pid:10", PID: 10, Master: 10}
	master := &known.Processes.Value.Servers[0].Master
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
	for _, fix := range []fixes.Kind{
		fixes.Restart(), fixes.HUP(), fixes.StopOrphan(), fixes.DaemonReloadRestart(), fixes.SwitchSymlink(), fixes.ClearBytecode(), fixes.EditUnit(), fixes.ReleaseMarker(),
	} {
		if plan := fixes.PlanFor(b, fix); plan.Blocked == "" {
			t.Errorf("%s: %v", fix.ID, plan.Commands)
		}
	}
}

// another is a machine on which process 20 is no longer the one that was seen.
type another struct {
	sys.Machine
	ran []string
}

func (machine *another) ReadFile(context.Context, string, int64) ([]byte, error) {
	return []byte("20 (nginx) S 1 1 1 0 0 0 0 0 0 0 0 0 0 0 20 0 1 0 999 0 0"), nil
}

func (machine *another) Run(_ context.Context, command sys.Command) sys.Output {
	machine.ran = append(machine.ran, strings.Join(command.Argv, " "))
	return sys.Output{}
}

// TestNoOtherProcessIsEndedInTheOrphansPlace: its id may be another's by the time it is told
// to go.
func TestNoOtherProcessIsEndedInTheOrphansPlace(t *testing.T) {
	t.Parallel()
	b := box.New(factstest.UnitAndStranger(func(_ *facts.Facts, stranger *facts.Server) { stranger.Master.StartTicks = 100 }))
	machine, seen := &another{}, fixes.Judged{Box: b}
	runner := fixes.Runner{Machine: machine, Look: func(context.Context) (fixes.Judged, error) { return seen, nil }}
	outcome, err := runner.Apply(t.Context(), seen, fixes.PlanFor(b, fixes.StopOrphan()).Plan)
	if err != nil || len(machine.ran) > 0 || outcome.Done || !strings.Contains(string(outcome.Message), "no longer the one that was shown") {
		t.Errorf("%q (%v), ran %q", outcome.Message, err, machine.ran)
	}
}
