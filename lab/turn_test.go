package lab

import (
	"fmt"
	"testing"
)

// Each row comes up sooner or later, and no turn is empty.
func TestTurns(t *testing.T) {
	t.Parallel()
	rows := Faults()
	for _, parts := range []uint32{1, 2, 3} {
		seen := map[string]bool{}
		for commit := range 40 {
			taken := 0
			for _, row := range rows {
				if (Turn{parts, fmt.Sprint(commit)}).Takes(row.Name) {
					taken++
					seen[row.Name] = true
				}
			}
			if low, high := len(rows)/int(parts)/2, 2*len(rows)/int(parts); taken < low || taken > high {
				t.Errorf("commit %d of %d parts takes %d of %d rows", commit, parts, taken, len(rows))
			}
		}
		if len(seen) != len(rows) {
			t.Errorf("of %d rows, %d come up in 40 commits by %d parts", len(rows), len(seen), parts)
		}
	}
	for text, good := range map[string]bool{"": true, "3": true, "0": false, "x": false, "-1": false} {
		if _, err := TurnOf(func(string) string { return text }); (err == nil) != good {
			t.Errorf("LAB_TURNS=%q: %v", text, err)
		}
	}
}
