package systemd

import (
	"testing"
	"time"
)

// TestHowLongAStartMayTake: as systemctl prints it.
func TestHowLongAStartMayTake(t *testing.T) {
	for shown, want := range map[string]time.Duration{
		"1min 30s": 90 * time.Second, "infinity": StartsForever, "0": StartsForever, "2h 3min": 123 * time.Minute, "500ms": 500 * time.Millisecond, "": 0, "soon": 0,
	} {
		if got := startTimeout(shown); got != want {
			t.Errorf("%q: %s, not %s", shown, got, want)
		}
	}
}
