package walk

import "testing"

// TestAStepIsWhole: it says all that is to be known of it, and its place is its number.
func TestAStepIsWhole(t *testing.T) {
	t.Parallel()
	for index, step := range All() {
		if step.Number != index+1 || step.ID == "" || step.Title == "" || step.Question == "" || len(step.Needs) == 0 || step.Judge == nil {
			t.Errorf("step %d has gaps: %+v", index+1, step)
		}
	}
}
