package facts

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"flasktui/sys/proc"
)

// isRoots tells root's own program from one that only bears its name. Whoever may not look
// at what root executes has the user ids alone to go by, and no rights that could be led.
func (look *look) isRoots(ctx context.Context, process proc.Process) bool {
	if !process.OwnedBy(0) {
		return false
	}
	err := proc.RootsProgram(ctx, look.machine, process)
	return err == nil || errors.Is(err, fs.ErrPermission)
}

// genuine leaves out what anybody on the box may call an Nginx: where a master runs as
// root, only root's are masters, and workers are their children (or, of a master that is
// gone, run as the same user as those).
func genuine(processes []NginxProcess, isRoots func(proc.Process) bool) []NginxProcess {
	masters, users := map[int]bool{}, map[int]bool{}
	for _, process := range processes {
		if process.Role == "master" && isRoots(process.Process) {
			masters[process.PID] = true
		}
	}
	if len(masters) == 0 {
		return processes
	}
	for _, process := range processes {
		if masters[process.PPID] {
			users[process.UID] = true
		}
	}
	return slices.DeleteFunc(processes, func(process NginxProcess) bool {
		orphan := process.Role != "master" && process.PPID == 1 && users[process.UID]
		return !masters[process.PID] && !masters[process.PPID] && !orphan
	})
}
