package fixes

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/manager"
	"flasktui/sys"
	"flasktui/sys/proc"
)

// restartedNothing says what a restart left as it was, whatever its command's exit status;
// empty where the service was started anew.
func restartedNothing(before, after *box.Box) sys.Text { return manager.Of(after).SameRun(before) }

// processIs reads whether a process id is still that process; an error that wraps
// fs.ErrNotExist says that it is gone, or that its id is another's by now.
func processIs(ctx context.Context, machine sys.Machine, id proc.ProcessID) error {
	const statLimit = 64 << 10
	raw, err := machine.ReadFile(ctx, path.Join("/proc", strconv.Itoa(id.PID), "stat"), statLimit)
	if err != nil {
		return err
	}
	stat, err := proc.ParseStat(strings.NewReader(string(raw)))
	if err != nil {
		return err
	}
	if stat.StartTicks != id.StartTicks || stat.State == "Z" {
		return fmt.Errorf("process %d is no longer the one that was shown: %w", id.PID, fs.ErrNotExist)
	}
	return nil
}

// signalTo makes an action that sends a signal to one process, and to no other that has its
// id by then.
func signalTo(process facts.Process, signal string) Action {
	one := change(serviceTimeout, "kill", signal, strconv.Itoa(process.PID))
	one.Process = process.ID()
	return one
}
