package memory

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"flasktui/sys"
)

var errSwappedOut = errors.New("it is swapped out, and to be read it would have to be brought back in")

// Ask has files compared with what a process has in its memory. One that works gives memory
// back while it is read: then it is tried again.
func Ask(ctx context.Context, machine sys.Machine, pid int, compare func(*Process) ([]Compared, error)) (compared []Compared, err error) {
	const tries = 3
	err = ErrIncomplete
	for try := 0; try < tries && errors.Is(err, ErrIncomplete); try++ {
		compared, err = askOnce(ctx, machine, pid, compare)
	}
	return compared, err
}

// askOnce opens the memory of a process. One that is swapped out is left alone, as reading would
// bring it back in.
func askOnce(ctx context.Context, machine sys.Machine, pid int, compare func(*Process) ([]Compared, error)) ([]Compared, error) {
	directory := fmt.Sprintf("/proc/%d", pid)
	status, err := machine.ReadFile(ctx, directory+"/status", 64<<10)
	if err != nil {
		return nil, err
	}
	if swappedOut(string(status)) {
		return nil, errSwappedOut
	}
	maps, err := machine.ReadFile(ctx, directory+"/maps", 8<<20)
	if err != nil {
		return nil, err
	}
	held, err := machine.OpenMemory(ctx, pid)
	if err != nil {
		return nil, err
	}
	defer func() { _ = held.Close() }()
	process, err := New(held, maps)
	if err != nil {
		return nil, err
	}
	return compare(process)
}

// swappedOut reads VmSwap of proc_pid_status(5).
func swappedOut(status string) bool {
	for line := range strings.Lines(status) {
		if rest, is := strings.CutPrefix(line, "VmSwap:"); is {
			return strings.TrimSpace(rest) != "0 kB"
		}
	}
	return false
}
