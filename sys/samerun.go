package sys

// ProcessID is what tells one process from every other of this boot: ids are used again,
// and the time at which a process was started is worked out anew by every look, from clocks
// that are good to 10 ms. What the kernel keeps is the count of clock ticks (proc(5),
// starttime), which is the same in every look.
type ProcessID struct {
	PID        int    `json:"pid"`
	StartTicks uint64 `json:"start_ticks"`
}

// ID is the process's own, to be compared with ==.
func (process Process) ID() ProcessID { return ProcessID{process.PID, process.StartTicks} }

// SameRun tells whether two looks saw the same run of the same container: a restart keeps
// the id, and Docker stamps each start.
func (container Container) SameRun(other Container) bool {
	return container.ID == other.ID && container.Started.Equal(other.Started)
}

// SameRun tells whether two looks saw the same run of the same unit: each start has an
// invocation id of its own (systemd.exec(5), $INVOCATION_ID). False where it is not known.
func (unit Unit) SameRun(other Unit) bool {
	return unit.Name == other.Name && unit.InvocationID != "" && unit.InvocationID == other.InvocationID
}
