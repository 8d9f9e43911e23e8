package box

import (
	"slices"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// askMemory: what a process has imported lies in its memory, whatever the times on the files
// say (G50).
func askMemory(b *Box, one Loader) testimony {
	missed := one.Missed
	if missed.Memory == nil || !After(missed.At, one.Process.Started) || !b.speaksFor(missed.Memory.PID, one.Process) {
		return testimony{}
	}
	return testimony{
		state: Stale, certain: true, source: sys.Textf("/proc/%d/mem", missed.Memory.PID),
		why: sys.Textf("it started at %s, before %s changed at %s: %s",
			b.ExactClock(one.Process.Started, missed.At), missed.Path, b.ExactClock(missed.At, one.Process.Started), memoryWords(*missed.Memory)),
	}
}

// speaksFor tells whether the memory of one process bears witness of another: its own, or that
// of one of the same master, as one of them is asked for all.
func (b *Box) speaksFor(asked int, process facts.Process) bool {
	if asked == process.PID {
		return true
	}
	return slices.ContainsFunc(b.Processes.Value.Servers, func(server facts.Server) bool {
		members := append([]facts.Process{server.Master}, server.Workers...)
		holds := func(pid int) bool {
			return slices.ContainsFunc(members, func(member facts.Process) bool { return member.PID == pid })
		}
		return holds(asked) && holds(process.PID)
	})
}

// memoryWords says what the memory of a process has not (G50).
func memoryWords(witness facts.MemoryWitness) sys.Text {
	if witness.Word != "" {
		return sys.Textf("%q, which %s has in line %d, is not in the memory of process %d", witness.Word, witness.Function, witness.Line, witness.PID)
	}
	return sys.Textf("%s, as the file has it at line %d, is not what process %d holds", witness.Function, witness.Line, witness.PID)
}
