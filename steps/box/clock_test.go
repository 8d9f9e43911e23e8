package box

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/facts"
)

// TestHowATimeIsTold: with date, zone and age, and so that two times that lie close together
// are told apart.
func TestHowATimeIsTold(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 0, 10, 0, 0, time.FixedZone("CET", 3600))
	b := New(&facts.Facts{TakenAt: now})
	for _, test := range []struct {
		ago         time.Duration
		clock, only string
	}{
		{12 * time.Minute, "2026-11-22 23:58:00 CET (12 min ago)", "12 min ago"},
		{3 * 24 * time.Hour, "2026-11-20 00:10:00 CET (3 days ago)", "3 days ago"},
		{25 * time.Hour, "2026-11-21 23:10:00 CET (25 h ago)", "25 h ago"},
		{90 * time.Second, "2026-11-23 00:08:30 CET (90 s ago)", "90 s ago"},
		{-time.Second, "2026-11-23 00:10:01 CET (just now)", "just now"},
		{-time.Hour, "2026-11-23 01:10:00 CET", "2026-11-23 01:10:00 CET"},
	} {
		at := now.Add(-test.ago).UTC()
		if clock, only := b.Clock(at), b.Ago(at); string(clock) != test.clock || string(only) != test.only {
			t.Errorf("%s ago: %q, %q", test.ago, clock, only)
		}
	}
	if got := b.Clock(time.Time{}); !strings.Contains(string(got), "not known") {
		t.Errorf("no time: %q", got)
	}
	at := now.Add(-time.Hour)
	if got := b.ExactClock(at, at.Add(40*time.Millisecond)); got != "2026-11-22 23:10:00.000 CET" {
		t.Errorf("close: %q", got)
	}
	if got := b.Since(at, now.Add(-3*time.Hour)); got != "60 min ago (2026-11-22 23:10:00 CET)" {
		t.Errorf("beside another: %q", got)
	}
	if got := b.Since(at, at.Add(10*time.Second)); got != "at 2026-11-22 23:10:00 CET (60 min ago)" {
		t.Errorf("beside one as long ago: %q", got)
	}
	if got := b.ExactClock(at, at.Add(time.Minute)); got != "2026-11-22 23:10:00 CET (60 min ago)" {
		t.Errorf("apart: %q", got)
	}
}
