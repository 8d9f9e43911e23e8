package box

import (
	"net/netip"
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestHowAStartStands: a service that was started a moment ago and has not answered is starting,
// and one that ends by itself is failing, however it stands at this instant (G58, G59).
func TestHowAStartStands(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 5, 14, 20, 0, 0, time.UTC)
	ago := func(seconds int) time.Time { return now.Add(-time.Duration(seconds) * time.Second) }
	restart := func(seconds int) sys.Text {
		return sys.Textf("%s host systemd[1]: shop.service: Scheduled restart job, restart counter is at 2.", ago(seconds).Format("2006-01-02T15:04:05-0700"))
	}
	boom := []sys.Text{
		"2026-03-05T14:19:59+0000 host gunicorn[7]: Traceback (most recent call last):",
		"2026-03-05T14:19:59+0000 host gunicorn[7]: ModuleNotFoundError: No module named 'shop'",
	}
	unit := func(active, sub string, restarts int, lines ...sys.Text) func(*Box) {
		return func(b *Box) {
			b.HasUnit, b.Journal = true, facts.Of(lines, "")
			b.Unit.ActiveState, b.Unit.SubState, b.Unit.Restarts, b.Unit.MainPID = active, sub, restarts, 7
		}
	}
	program := func(one facts.Supervised) func(*Box) {
		return func(b *Box) {
			one.Program = "shop"
			b.Target = facts.Target{Service: "supervisor:shop", Program: "shop"}
			b.Supervised = facts.Of([]facts.Supervised{one}, "")
		}
	}
	container := func(one docker.Container) func(*Box) {
		return func(b *Box) {
			one.ID, b.Target = "c", facts.Target{Service: "compose:shop/web", Container: "c"}
			b.Containers = facts.Of([]docker.Container{one}, "")
		}
	}
	// runs has the server run, listen and give an answer; 0 for none.
	runs := func(seconds, status int, change func(*Box)) func(*Box) {
		return func(b *Box) {
			change(b)
			b.Running = true
			b.Server.Master.PID, b.Server.Master.Started, b.Server.Master.SocketInodes = 7, ago(seconds), []uint64{1}
			b.Listeners = facts.Of([]proc.Listener{{Address: netip.MustParseAddrPort("127.0.0.1:8000"), Inode: 1}}, "")
			b.Site.Value.App = facts.Asked{Where: "127.0.0.1:8000", Version: []facts.Answer{{Status: status}}}
			if status == 0 {
				b.Site.Value.App.Version[0].Problem = "refused"
			}
		}
	}
	for _, test := range []struct {
		name   string
		change func(*Box)
		want   string
	}{
		{"a unit that runs and answers", runs(2, 200, unit("active", "running", 0)), ""},
		{"a unit that has not answered", runs(2, 0, unit("active", "running", 0)), "starting"},
		{"it has had its time", runs(200, 0, unit("active", "running", 0)), ""},
		{"it was given more time", runs(200, 0, func(b *Box) {
			unit("active", "running", 0)(b)
			b.Unit.StartTimeout = 5 * time.Minute
		}), "starting"},
		{"it was given for ever", runs(200, 0, func(b *Box) {
			unit("active", "running", 0)(b)
			b.Unit.StartTimeout = systemd.StartsForever
		}), "starting"},
		{"a command that is run once", runs(2, 0, func(b *Box) {
			unit("active", "exited", 0)(b)
			b.Unit.Type = "oneshot"
		}), ""},
		{"systemd waits for it", runs(2, 0, unit("activating", "start", 0)), "starting"},
		{"systemd starts it again", unit("activating", "auto-restart", 3), "failing"},
		{"it was started again, and the log says of what", runs(2, 0, unit("active", "running", 1, boom...)), "failing"},
		{"it was started again once, and nothing says why", runs(2, 0, unit("active", "running", 1)), "starting"},
		{"it was started again and again", runs(2, 0, unit("active", "running", 2, restart(20), restart(10))), "failing"},
		{"once lately, and once long ago", runs(2, 0, unit("active", "running", 2, restart(9000), restart(10))), "starting"},
		{"its log is not known", runs(2, 0, func(b *Box) {
			unit("active", "running", 2)(b)
			b.Journal = facts.Unreadable[[]sys.Text]("denied", "")
		}), "failing"},
		{"its log is not known, and it was started again once", runs(2, 0, func(b *Box) {
			unit("active", "running", 1)(b)
			b.Journal = facts.Unreadable[[]sys.Text]("denied", "")
		}), "starting"},

		{"a program that runs and answers", runs(2, 200, program(facts.Supervised{State: "RUNNING"})), ""},
		{"a program that has not answered", runs(2, 0, program(facts.Supervised{State: "RUNNING"})), "starting"},
		{"a program that runs for long", runs(200, 0, program(facts.Supervised{State: "RUNNING"})), ""},
		{"a program without a server yet", program(facts.Supervised{State: "STARTING"}), "starting"},
		{"a program that is started again", program(facts.Supervised{State: "BACKOFF"}), "failing"},
		{"a program that was given up", program(facts.Supervised{State: "FATAL"}), ""},
		{"a program that has ended twice", runs(2, 0, program(facts.Supervised{State: "RUNNING", Exits: 2})), "failing"},

		{"a container that has not answered", runs(2, 0, container(docker.Container{State: "running", Started: ago(2)})), "starting"},
		{"a container that answers", runs(2, 200, container(docker.Container{State: "running", Started: ago(2)})), ""},
		{"a container that is started again", container(docker.Container{State: "restarting"}), "failing"},
		{"a container that ended", container(docker.Container{State: "exited"}), ""},
		{"its healthcheck gives it time", runs(200, 0, container(docker.Container{State: "running", Started: ago(200), HealthPatience: 5 * time.Minute})), "starting"},
		{"what nothing manages", runs(2, 0, func(*Box) {}), ""},
	} {
		known := &facts.Facts{TakenAt: now, Processes: facts.Of(facts.Processes{}, ""), Listeners: facts.Of([]proc.Listener{}, ""), Site: facts.Of(facts.Site{}, "")}
		b := &Box{Facts: known}
		test.change(b)
		b.Unit.MainStarted = b.Server.Master.Started
		start := b.Start()
		got := ""
		switch {
		case start.Starting && start.Failing:
			got = "both"
		case start.Starting:
			got = "starting"
		case start.Failing:
			got = "failing"
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
