package fixes

import (
	"testing"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/practice"
)

// TestTwoLooksAtOneProcess: the practice box gives times as inexact as a real one's, and
// the process is the same all the same.
func TestTwoLooksAtOneProcess(t *testing.T) {
	t.Parallel()
	machine, err := practice.New("healthy", nil)
	if err != nil {
		t.Fatal(err)
	}
	moved := false
	var first *box.Box
	for range 5 {
		looked, err := facts.Look(t.Context(), sys.NewRecorder(machine), facts.Options{Service: machine.Asked().Service}, nil)
		if err != nil {
			t.Fatal(err)
		}
		b := box.New(&looked)
		if first == nil {
			first = b
			continue
		}
		moved = moved || !b.Server.Master.Started.Equal(first.Server.Master.Started)
		if !first.HasProcess(b.Server.Master) || restartedNothing(first, b) == "" {
			t.Error("the process that runs on is taken for another")
		}
	}
	if !moved {
		t.Error("five looks work out the very same start: a real box's never do")
	}
}
