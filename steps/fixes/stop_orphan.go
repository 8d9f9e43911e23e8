package fixes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/proc"
)

// StopOrphan ends the server that holds the unit's address.
func StopOrphan() Kind {
	return Kind{
		ID: "stop-orphan", Title: "Stop the server outside the unit and restart the unit",
		patience: soon,
		plan:     planStopOrphan,
		done:     doneStopOrphan,
		page: guide.Page{
			Does: "Sends TERM to the master that no unit owns, then restarts the unit that should have the socket.",
			When: "A server of the same app that no unit runs holds the address where the unit is set to listen. It is refused where something " +
				"may start it again, or where nothing would answer in its place.",
			Risk: "High. As the orphan goes it removes the Unix socket's path, even when the unit's own server is listening " +
				"there. So the restart is part of this fix, and requests fail in between.",
			Undo:     "None. Whoever started it by hand can start it again.",
			Proof:    "The unit's own master holds the socket and answers.",
			Commands: []string{"kill -TERM {pid}", "systemctl restart {unit}"},
			See:      []string{"orphan-gunicorn"},
		},
	}
}

func planStopOrphan(b *box.Box) Prepared {
	if reason := manager.Of(b).NoUnit(); reason != "" {
		return blocked(reason)
	}
	orphans := b.Orphans()
	if len(orphans) == 0 {
		return blocked("there is no server outside the unit at its address")
	}
	var actions []Action
	var pids []string
	for _, orphan := range orphans {
		pid := strconv.Itoa(orphan.Master.PID)
		pids = append(pids, pid)
		stop := signalTo(orphan.Master, orphan.Software().StopSignal())
		stop.Settled = func(ctx context.Context, machine sys.Machine) error {
			return processGone(ctx, machine, orphan.Master.ID())
		}
		actions = append(actions, stop)
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("The server outside the unit (process %s) is told to finish and exit; it removes the socket's file, so %s, which is set to listen there and runs the same app, is restarted at once and answers in its place.",
			strings.Join(pids, ", "), b.Unit.Name),
		Risk: report.HighRisk,
		Undo: "The orphan cannot be brought back as it was; the unit answers in its place.",
	}, append(actions, restartAction(b))...)
	plan.Blocked = manager.Of(b).Restart(manager.Made{}).Refusal
	for _, orphan := range orphans {
		if orphan.Doubt != "" {
			plan.Blocked = sys.Textf("process %d: %s", orphan.Master.PID, orphan.Doubt)
		}
	}
	return plan
}

// processGone waits for a process to end, as long as Gunicorn's own graceful timeout and
// a little more.
func processGone(ctx context.Context, machine sys.Machine, process proc.ProcessID) error {
	const patience = 40 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if err := processIs(ctx, machine, process); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("process %d has not ended", process.PID)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func doneStopOrphan(before, after *box.Box) (bool, sys.Text) {
	if left := after.Orphans(); len(left) > 0 {
		return false, sys.Textf("process %d still holds the address", left[0].Master.PID)
	}
	return doneRestart(before, after)
}
