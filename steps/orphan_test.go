package steps

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/sys"
	"flasktui/sys/proc"
)

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
	b := unitAndStranger(func(_ *facts.Facts, stranger *facts.Gunicorn) { stranger.Master.StartTicks = 100 })
	machine := &another{}
	fix, _ := fixes.ByID("stop-orphan")
	failure := fixing{machine: machine, progress: func(Progress) {}}.run(t.Context(), fixes.PlanFor(b, fix))
	if len(machine.ran) > 0 || !strings.Contains(string(failure), "another") {
		t.Errorf("%q, ran %q", failure, machine.ran)
	}
}

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
