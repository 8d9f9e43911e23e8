package wizard

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"flasktui/steps/report"
	"flasktui/sys"
)

// wanting is a look by somebody whose sudo asks for a password.
func wanting() report.Report {
	document := staleReport()
	document.Host.Privilege = sys.PrivilegeNone
	for i := range document.Fixes {
		document.Fixes[i].WantsRights = true
		document.Fixes[i].Blocked = "it needs root's rights, and user deploy has none here without a password; run flasktui with sudo"
	}
	return document
}

// confirming presses f and y, up to where sudo asks.
func confirming(t *testing.T, config Config) *bench {
	t.Helper()
	config.Unlock = func() *exec.Cmd { return exec.CommandContext(t.Context(), "true") }
	b := open(t, config, wanting())
	b.sees("press f to fix it: restart")
	b.press("f")
	b.sees("Restart the service?")
	b.sees("sudo asks for your password first")
	b.seesNot("may not run now")
	b.press("y")
	b.tell(settledMsg{b.dialog.press})
	if b.fix != nil {
		t.Fatal("it runs before sudo was asked")
	}
	return b
}

// TestAPasswordIsAskedForOnceItIsConfirmed: f, y, the password, and what was shown runs.
func TestAPasswordIsAskedForOnceItIsConfirmed(t *testing.T) {
	b := confirming(t, Config{})
	plan := b.dialog.plan()
	b.tell(unlockedMsg{nil, &plan})
	if b.fix != nil || !b.probing {
		t.Fatal("it runs before the box was looked at with more rights")
	}
	b.tell(examineEndedMsg{look: b.look, examination: finished(staleReport())})
	if b.fix == nil || b.shown != runningKind {
		t.Errorf("it does not run:\n%s", b.screen())
	}
}

// TestWithoutThePasswordNothingRuns.
func TestWithoutThePasswordNothingRuns(t *testing.T) {
	b := confirming(t, Config{})
	plan := b.dialog.plan()
	b.tell(unlockedMsg{errors.New("exit status 1"), &plan})
	b.sees("sudo did not let you in; nothing was run.")
	if b.fix != nil {
		t.Error("it runs")
	}
}

// TestOnlyWhatWasReadRuns: with root's rights the plan may be another one, or none, and a key
// that was pressed meanwhile cancels.
func TestOnlyWhatWasReadRuns(t *testing.T) {
	for name, test := range map[string]struct {
		key    string
		change func(*report.Report)
		says   string
	}{
		"another command": {"", func(document *report.Report) {
			document.Fixes[0].Commands = [][]string{{"systemctl", "restart", "blog.service"}}
		}, "read it again"},
		"more risk":       {"", func(document *report.Report) { document.Fixes[0].Risk = report.HighRisk }, "read it again"},
		"nothing to do":   {"", func(document *report.Report) { *document = freshReport(); document.Fixes = nil }, "not called for any more"},
		"still no rights": {"", func(document *report.Report) { document.Fixes[0].Blocked = "it needs root's rights" }, "read it again"},
		"cancelled":       {"x", func(*report.Report) {}, "probed again"},
	} {
		t.Run(name, func(t *testing.T) {
			b := confirming(t, Config{})
			plan := b.dialog.plan()
			b.tell(unlockedMsg{nil, &plan})
			if test.key != "" {
				b.press(test.key)
			}
			document := staleReport()
			test.change(&document)
			b.tell(examineEndedMsg{look: b.look, examination: finished(document)})
			if b.fix != nil {
				t.Error("it runs")
			}
			if test.key == "" {
				b.sees(test.says)
			}
		})
	}
}

// TestWhomSudoRefusesIsToldBefore, in one sentence, and is asked for no password.
func TestWhomSudoRefusesIsToldBefore(t *testing.T) {
	asked := 0
	b := open(t, Config{Unlock: noUnlock, Refusal: func(context.Context) sys.Text {
		asked++
		return "Sorry, user deploy may not run sudo on web-1."
	}}, wanting())
	b.run(func() bool { return b.refusal != "" })
	b.seesNot("u unlock")
	b.press("f")
	if !strings.Contains(inOneLine(b.screen()), inOneLine("sudo gives deploy none: Sorry, user deploy may not run sudo on web-1. Somebody")) {
		t.Errorf("it is not told why:\n%s", b.screen())
	}
	b.seesNot("your password")
	b.press("y")
	b.tell(settledMsg{b.dialog.press})
	if b.fix != nil {
		t.Error("it runs")
	}
	b.press("r")
	b.tell(examineEndedMsg{look: b.look, examination: finished(wanting())})
	if asked != 1 {
		t.Errorf("sudo was asked %d times", asked)
	}
}
