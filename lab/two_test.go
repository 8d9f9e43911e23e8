package lab

import (
	"testing"
)

// TestTwoInTheWizard has two people at two terminals want the same fix. The second sees who
// is at it and what runs, and runs nothing; when the first is killed in the middle, which
// leaves nothing behind that could stand in the way, the second may.
func TestTwoInTheWizard(t *testing.T) {
	s := linked("harbour")
	s.Service = []string{startsWhenAllowed}
	c := prepare(t, "two", s)
	if err := deploy(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	second := c.sits(t, "linus", "flasktui "+c.Unit)
	second.sees("STALE")
	second.settles()
	first := openPerson(t, c)
	first.types("flasktui " + c.Unit)
	first.sees("STALE")
	first.settles()

	first.presses("f")
	first.sees("systemctl restart " + c.Unit)
	first.settles()
	second.presses("f")
	second.sees("systemctl restart " + c.Unit)
	second.settles()
	holdStart(t, c)
	first.presses("y")
	restarting(t, c)
	second.presses("y")
	second.sees("root (process ", `the fix "restart" of `+c.Unit)
	if started, err := c.Run(t.Context(), "sh", "-c", "grep -c fix-started /home/linus/.local/state/flasktui/actions.jsonl 2>/dev/null || true"); err != nil || (started != "" && started != "0\n") {
		t.Errorf("the second began %q fixes (%v)", started, err)
	}
	// Whoever holds the lock is killed without a chance to let it go.
	if _, err := c.Run(t.Context(), "pkill", "-KILL", "-u", "root", "-x", "flasktui"); err != nil {
		t.Fatal(err)
	}
	allowStart(t, c)
	if err := serving("edition", c.New.Edition)(t.Context(), c); err != nil {
		t.Errorf("what was begun does not come to its end: %v", err)
	}
	if r := c.as(t, "linus", "fix", "--yes", "--fix", "restart", c.Unit); r.Exit != 0 {
		t.Errorf("after the first is gone: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	second.presses("Escape")
	second.settles()
	second.presses("q")
	second.sees("left with")
}
