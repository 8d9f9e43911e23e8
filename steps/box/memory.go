package box

import (
	"flasktui/steps/facts"
	"flasktui/sys"
)

// memoryWords says what the memory of a process has not (G50).
func memoryWords(witness facts.MemoryWitness) sys.Text {
	if witness.Word != "" {
		return sys.Textf("%q, which %s has in line %d, is not in the memory of process %d", witness.Word, witness.Function, witness.Line, witness.PID)
	}
	return sys.Textf("%s, as the file has it at line %d, is not what process %d holds", witness.Function, witness.Line, witness.PID)
}
