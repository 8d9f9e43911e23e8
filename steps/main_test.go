package steps_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain lets garbage lie: the tests judge thousands of boxes, all of which fit into memory,
// and a fifth of their time went into clearing up after each.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
