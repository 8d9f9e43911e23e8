package wizard

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps/report"
)

// TestKeys presses every key of the contract and looks where it leads.
func TestKeys(t *testing.T) {
	for _, test := range []struct {
		keys  []string
		shown kind
		sees  string
	}{
		{nil, pathKind, "Master"},
		{[]string{"enter"}, walkKind, "Step 4 of 14"},
		{[]string{"w"}, walkKind, "Step 4 of 14"},
		{[]string{"up", "enter"}, walkKind, "Step 2 of 14"},
		{[]string{"k", "k", "k", "k", "k", "k", "enter"}, walkKind, "Step 14 of 14"},
		{[]string{"down", "down", "down", "down", "enter"}, walkKind, "Step 1 of 14"},
		{[]string{"j", "j", "j", "j", "j", "enter"}, diagnosisKind, "> 1 The service was not restarted"},
		{[]string{"j", "j", "j", "j", "j", "j", "j", "j", "enter"}, diagnosisKind, "> 2 Background workers"},
		{[]string{"w", "n"}, walkKind, "Step 5 of 14"},
		{[]string{"w", "right"}, walkKind, "Step 5 of 14"},
		{[]string{"w", "p"}, walkKind, "Step 3 of 14"},
		{[]string{"w", "left", "left", "left", "left", "left"}, walkKind, "Step 1 of 14"},
		{[]string{"w", "enter"}, walkKind, "Step 5 of 14"},
		{[]string{"w", "n", "n", "n", "n", "n", "n", "n", "n", "n", "n"}, walkKind, "Step 14 of 14"},
		{[]string{"w", "n", "n", "n", "n", "n", "n", "n", "n", "n", "n", "n"}, diagnosisKind, "(service-not-restarted)"},
		{[]string{"w", "t"}, pathKind, "Master"},
		{[]string{"w", "esc"}, pathKind, "Master"},
		{[]string{"d"}, diagnosisKind, "certain, step 4"},
		{[]string{"d", "n", "enter"}, walkKind, "Step 4 of 14"},
		{[]string{"d", "n"}, diagnosisKind, "> 2 Background workers"},
		{[]string{"d", "n", "p"}, diagnosisKind, "> 1 The service"},
		{[]string{"d", "w", "esc"}, diagnosisKind, "certain, step 4"},
		{[]string{"d", "pgdown"}, diagnosisKind, "What is proved"},
		{[]string{"d", "end", "home"}, diagnosisKind, "> 1 The service"},
		{[]string{"l"}, logKind, "The log of shop.service"},
		{[]string{"l", "esc"}, pathKind, "Master"},
		{[]string{"?"}, helpKind, "On the page that you came from"},
		{[]string{"?", "?"}, pathKind, "Master"},
		{[]string{"w", "?", "esc"}, walkKind, "Step 4 of 14"},
		{[]string{"w", "?", "d", "esc"}, walkKind, "Step 4 of 14"},
		{[]string{"f"}, dialogKind, "Restart the service?"},
		{[]string{"w", "f"}, dialogKind, "Service restart: No"},
		{[]string{"d", "f"}, dialogKind, "systemctl restart shop.service"},
		{[]string{"l", "f"}, dialogKind, "systemctl restart shop.service"},
		{[]string{"d", "n", "f"}, diagnosisKind, "No command fixes this"},
		{[]string{"w", "n", "f"}, walkKind, "This step offers no fix"},
		{[]string{"f", "2"}, dialogKind, "systemctl reload shop.service"},
		{[]string{"f", "esc"}, pathKind, "Cancelled: nothing was run."},
		{[]string{"w", "f", "esc"}, walkKind, "Cancelled: nothing was run."},
		{[]string{"esc"}, pathKind, "Master"},
		{[]string{"e"}, pathKind, "Master"},
		{[]string{"w", "n", "c"}, walkKind, "This step has no commands"},
		{[]string{"z"}, pathKind, "Master"},
		{[]string{"y"}, pathKind, "Master"},
	} {
		t.Run(strings.Join(test.keys, " "), func(t *testing.T) {
			b := open(t, Config{}, staleReport())
			b.press(test.keys...)
			if b.shown != test.shown {
				t.Errorf("page %d is shown, not %d", b.shown, test.shown)
			}
			b.sees(test.sees)
			if !b.stays() {
				t.Error("it quits")
			}
		})
	}
}

func TestQuitting(t *testing.T) {
	for _, keys := range [][]string{
		{"q"}, {"ctrl+c"}, {"w", "q"}, {"d", "q"}, {"l", "q"}, {"?", "q"}, {"f", "ctrl+c"}, {"w", "ctrl+c"},
	} {
		b := open(t, Config{}, staleReport())
		b.press(keys...)
		if !b.quits() {
			t.Errorf("%v does not quit", keys)
		}
	}
}

// TestSuspend looks for the message by which Bubble Tea suspends.
func TestSuspend(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("ctrl+z")
	if !holds[tea.SuspendMsg](b.command, time.Minute) {
		t.Error("ctrl+z does not suspend")
	}
	b.tell(tea.ResumeMsg{})
	b = openRunning(t, Config{})
	b.press("ctrl+z")
	if holds[tea.SuspendMsg](b.command, 50*time.Millisecond) {
		t.Error("ctrl+z suspends while a fix runs")
	}
	b.sees("Not while a fix runs.")
}

// TestBurst splits what arrived in one read into its keys.
func TestBurst(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("wnn")
	b.sees("Step 6 of 14")
	b.tell(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("nnq"), Paste: true})
	b.sees("Step 6 of 14")
}

func TestProbing(t *testing.T) {
	b := newBench(t, Config{})
	b.sees("PROBING")
	b.tell(examinedMsg{look: b.look, examination: partialExamination()})
	b.sees("PROBING")
	b.sees("probing 7 of 12: nginx -T, docker ps, the URL")
	b.press("f")
	b.sees("Still probing")
	b.press("w", "n")
	b.sees("Being read now.")
	b.tell(examineEndedMsg{look: b.look, examination: finished(staleReport())})
	b.sees("STALE")
	b.seesNot("PROBING")
	b.sees("probed just now")
	b.clock = b.clock.Add(3 * time.Second)
	b.tell(clockMsg{})
	b.sees("probed 3 s ago")
}

// TestProbeAgain keeps what is shown until the new look is whole, and says what changed.
func TestProbeAgain(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("w", "r")
	b.sees("probing now")
	b.tell(examinedMsg{look: b.look, examination: partialExamination()})
	b.sees("✗ No: the workers started")
	b.tell(examineEndedMsg{look: b.look - 1, examination: finished(downReport())})
	b.sees("STALE")
	b.tell(examineEndedMsg{look: b.look, examination: finished(freshReport())})
	b.sees("FRESH")
	b.sees("Step 4 probed again: as it should be, was wrong")
	b.press("R")
	b.tell(examineEndedMsg{look: b.look, examination: finished(staleReport())})
	b.sees("Probed again: STALE")
	b.press("r")
	b.tell(examineEndedMsg{look: b.look, examination: finished(staleReport())})
	b.sees("Step 4 probed again: still wrong")
}

func TestStepOption(t *testing.T) {
	b := open(t, Config{Step: 9}, staleReport())
	b.sees("Step 9 of 14")
	b.press("esc")
	b.sees("Master")
}

func TestChooser(t *testing.T) {
	for keys, service := range map[string]string{"enter": "shop.service", "down enter": "blog.service", "3": "shop@blue.service", "j j k enter": "blog.service"} {
		b := openChooser(t, Config{})
		b.press(strings.Fields(keys)...)
		if b.options.Service != service || !b.probing || b.shown != pathKind {
			t.Errorf("%q chose %q, page %d", keys, b.options.Service, b.shown)
		}
		b.sees(service)
	}
	b := openChooser(t, Config{})
	b.press("9", "f", "w", "d", "t", "l", "esc")
	if b.shown != chooserKind {
		t.Errorf("page %d is shown", b.shown)
	}
}

func TestLost(t *testing.T) {
	b := openLost(t, Config{OfferPractice: true})
	b.press("f", "w", "d", "t", "l", "c", "r")
	b.sees("There is nothing to examine")
	b.sees("INCONCLUSIVE")
	b.press("p")
	if !b.quits() || !b.practice {
		t.Error("p does not lead to the practice box")
	}
	b = openLost(t, Config{})
	b.seesNot("practice")
	b.press("p")
	if !b.stays() || b.practice {
		t.Error("p leads to a practice box that was not offered")
	}
	b.press("R")
	b.tell(examineEndedMsg{look: b.look, examination: finished(staleReport())})
	b.sees("STALE")
	b.sees("Master")
	b = newBench(t, Config{})
	b.tell(examineEndedMsg{look: b.look, err: errors.New("the box is gone")})
	b.sees("the box is gone")
}

func TestCopy(t *testing.T) {
	var copied string
	b := open(t, Config{Copy: func(text string) error { copied = text; return nil }}, staleReport())
	b.press("w", "c")
	b.run(func() bool { return strings.Contains(b.notice, "Sent 3 commands of step 4") })
	if want := "systemctl show shop.service -p ExecMainStartTimestamp,ActiveState\n"; !strings.HasPrefix(copied, want) {
		t.Errorf("copied %q", copied)
	}
	b.press("t")
	b.seesNot("Sent")
}

func TestExport(t *testing.T) {
	b := open(t, Config{Export: func(report report.Report) (string, error) {
		return "/tmp/" + string(report.Target.Service) + ".md", nil
	}}, staleReport())
	b.press("e")
	b.run(func() bool { return strings.Contains(b.notice, "/tmp/shop.service.md") })
	b = open(t, Config{Export: func(report.Report) (string, error) { return "", errors.New("no room") }}, staleReport())
	b.press("e")
	b.run(func() bool { return strings.Contains(b.notice, "Could not export: no room") })
}

func TestLog(t *testing.T) {
	b := open(t, Config{Machine: &fakeMachine{log: []string{"one line", "another"}}}, staleReport())
	b.press("l")
	b.run(func() bool { return strings.Contains(b.screen(), "another") })
	followed := b.log.tail
	b.press("esc")
	b.tell(linesMsg{followed, nil})
	b.sees("Master")
	b.press("l")
	b.tell(tailEndedMsg{b.log.tail, errors.New("journalctl: no such command")})
	b.sees("The log cannot be followed: journalctl: no such command")
}

// TestFooter lists the keys that apply, and only those.
func TestFooter(t *testing.T) {
	b := open(t, Config{}, freshReport())
	b.seesNot("f fix")
	b.seesNot("u unlock")
	b.press("f")
	b.sees("Nothing needs fixing")
	b = open(t, Config{Unlock: func() *exec.Cmd { return nil }}, inconclusiveReport())
	b.sees("u unlock")
	b.press("u")
	b.tell(unlockedMsg{})
	b.sees("probing now")
}
