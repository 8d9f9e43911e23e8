package wizard

import (
	"strings"
	"testing"

	"flasktui/steps/report"
)

// TestCopyOne chooses one command of a step by cursor or number, and a line of the debrief.
func TestCopyOne(t *testing.T) {
	for _, test := range []struct {
		keys string
		want string
	}{
		{"w C down enter", "systemctl status shop.service --no-pager\n"},
		{"w C 1", "systemctl show shop.service -p ExecMainStartTimestamp,ActiveState\n"},
		{"f c", "systemctl restart shop.service\n"},
	} {
		copied := ""
		document := staleReport()
		for i := range document.Steps {
			if document.Steps[i].Number == 4 {
				document.Steps[i].Commands[1] = "systemctl status shop.service --no-pager"
			}
		}
		b := open(t, Config{Copy: func(text string) error { copied = text; return nil }}, document)
		b.press(strings.Fields(test.keys)...)
		b.run(func() bool { return strings.HasPrefix(b.notice, "Sent ") })
		if copied != test.want {
			t.Errorf("%s copies %q", test.keys, copied)
		}
	}
	b := open(t, Config{}, staleReport())
	b.press("w", "C", "esc")
	b.sees("Step 4 of 14")

	copied := ""
	b = openDebrief(t, Config{Practice: true, Copy: func(text string) error { copied = text; return nil }})
	b.press("C")
	for !strings.Contains(b.copying.choices[b.copying.cursor], "systemctl restart") {
		b.press("down")
	}
	b.press("enter")
	b.run(func() bool { return strings.HasPrefix(b.notice, "Sent ") })
	if copied != "systemctl restart shop.service\n" {
		t.Errorf("the debrief copies %q", copied)
	}
}

// TestCopyingTheFixRunsNothing, and of one that also writes no half is copied.
func TestCopyingTheFixRunsNothing(t *testing.T) {
	sent := 0
	b := open(t, Config{Copy: func(string) error { sent++; return nil }}, fedReport())
	b.press("f", "c")
	b.sees("Not copied: this fix also writes")
	if b.shown != dialogKind || b.fix != nil || sent != 0 {
		t.Error("it copied, ran or closed")
	}
	b = open(t, Config{Copy: func(string) error { sent++; return nil }}, staleReport())
	b.press("f")
	b.press("c")
	if b.shown != dialogKind || b.fix != nil {
		t.Error("it ran or closed")
	}
}

// TestALongCommandPastesAsOne: what is selected on the screen is one command for a shell.
func TestALongCommandPastesAsOne(t *testing.T) {
	document := staleReport()
	document.Fixes = []report.Plan{composeReport(calmOrigin()).Fixes[0]}
	document.Causes[0].Fixes = []string{"docker-up"}
	b := open(t, Config{}, document)
	b.size(60, 30)
	b.press("f")
	screen := b.screen()
	pasted := inOneLine(strings.ReplaceAll(screen, "\\\n", "\n"))
	if !strings.Contains(screen, "\\\n") || !strings.Contains(pasted, inOneLine("docker compose --project-directory /srv/shop -p shop -f /srv/shop/compose.yaml up -d web")) {
		t.Errorf("it does not paste as one:\n%s", screen)
	}
}
