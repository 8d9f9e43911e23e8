package wizard

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/steps/report"
	"flasktui/sys"
)

func textsOf(log string) []sys.Text {
	var lines []sys.Text
	for line := range strings.Lines(log) {
		lines = append(lines, sys.Text(strings.TrimSuffix(line, "\n")))
	}
	return lines
}

const failingLog = `2026-11-27T10:57:10+00:00 gunicorn[129]: [2026-11-27 10:57:10 +0000] [129] [INFO] Shutting down: Master
2026-11-27T10:57:17+00:00 systemd[1]: Starting bank.service - bank site...
2026-11-27T10:57:18+00:00 gunicorn[208]: [2026-11-27 10:57:18 +0000] [208] [INFO] Starting gunicorn 23.0.0
2026-11-27T10:57:18+00:00 gunicorn[211]: [2026-11-27 10:57:18 +0000] [211] [ERROR] Exception in worker process
2026-11-27T10:57:18+00:00 gunicorn[211]: Traceback (most recent call last):
2026-11-27T10:57:18+00:00 gunicorn[211]:   File "/srv/bank/wsgi.py", line 3, in <module>
2026-11-27T10:57:18+00:00 gunicorn[211]:     import stripe
2026-11-27T10:57:18+00:00 gunicorn[211]: ModuleNotFoundError: No module named 'stripe'
2026-11-27T10:57:18+00:00 gunicorn[211]: 
2026-11-27T10:57:18+00:00 gunicorn[211]: During handling of the above exception, another exception occurred:
2026-11-27T10:57:18+00:00 gunicorn[211]: 
2026-11-27T10:57:18+00:00 gunicorn[211]: Traceback (most recent call last):
2026-11-27T10:57:18+00:00 gunicorn[211]:   File "/srv/bank/wsgi.py", line 5, in <module>
2026-11-27T10:57:18+00:00 gunicorn[211]: RuntimeError: no payments
2026-11-27T10:57:18+00:00 gunicorn[208]: [2026-11-27 10:57:18 +0000] [208] [WARNING] Worker (pid:211) was sent SIGTERM!
2026-11-27T10:57:19+00:00 systemd[1]: bank.service: Failed with result 'exit-code'.
`

// TestALogIsReadable: what stands twice stands once, levels are told apart, and of a traceback,
// or a chain of them, there is the end.
func TestALogIsReadable(t *testing.T) {
	var got []string
	for _, line := range readLog(textsOf(failingLog), true) {
		got = append(got, fmt.Sprintf("%s %s", line.status, strings.TrimPrefix(line.text, "2026-11-27T10:57:")))
	}
	want := []string{
		"pending 10+00:00 gunicorn[129]: [INFO] Shutting down: Master",
		"pending 17+00:00 systemd[1]: Starting bank.service - bank site...",
		"pending 18+00:00 gunicorn[208]: [INFO] Starting gunicorn 23.0.0",
		"fail 18+00:00 gunicorn[211]: [ERROR] Exception in worker process",
		"fail 18+00:00 gunicorn[211]: RuntimeError: no payments (the end of a traceback of 10 lines)",
		"warn 18+00:00 gunicorn[208]: [WARNING] Worker (pid:211) was sent SIGTERM!",
		"fail 19+00:00 systemd[1]: bank.service: Failed with result 'exit-code'.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if whole := readLog(textsOf(failingLog), false); len(whole) != 16 || whole[13].status != report.Fail || !strings.HasSuffix(whole[13].text, "RuntimeError: no payments") {
		t.Errorf("unfolded it has %d lines: %+v", len(whole), whole)
	}
	if at := sinceStart(textsOf(failingLog)); at != 1 {
		t.Errorf("it was started in line %d", at)
	}
}

// TestALogThatIsNoJournal keeps what stands there once: the time is Gunicorn's own.
func TestALogThatIsNoJournal(t *testing.T) {
	for line, want := range map[string]string{
		"web-1  | [2026-11-27 10:57:18 +0000] [7] [INFO] Booting worker": "web-1  | [2026-11-27 10:57:18 +0000] [7] [INFO] Booting worker",
		"[2026-11-27 10:57:18 +0000] [7] [INFO] Booting worker":          "[2026-11-27 10:57:18 +0000] [7] [INFO] Booting worker",
		"Traceback (most recent call last):":                             "Traceback (most recent call last):",
		"":                                                               "",
	} {
		if got := readLog([]sys.Text{sys.Text(line)}, true); len(got) != 1 || got[0].text != want {
			t.Errorf("%q is shown as %+v", line, got)
		}
	}
	if at := sinceStart(textsOf("web-1  | a\nweb-1  | [2026-11-27 10:57:18 +0000] [1] [INFO] Starting gunicorn 23.0.0\nweb-1  | b\n")); at != 1 {
		t.Errorf("it was started in line %d", at)
	}
}

func FuzzALogIsReadable(f *testing.F) {
	f.Add(failingLog, true)
	f.Add("Traceback (most recent call last):\n  a\nb\nTraceback (most recent call last):", true)
	f.Fuzz(func(t *testing.T, log string, fold bool) {
		lines := textsOf(log)
		read := readLog(lines, fold)
		if len(read) > len(lines) || !fold && len(read) != len(lines) {
			t.Errorf("%d lines are shown as %d", len(lines), len(read))
		}
		if at := sinceStart(lines); at < 0 || at > len(lines) {
			t.Errorf("it was started in line %d", at)
		}
	})
}

// TestTheLogIsThereAsItWasLeft after help and after any other page, place and lines and all.
func TestTheLogIsThereAsItWasLeft(t *testing.T) {
	for _, keys := range []string{"? esc", "d l", "t l", "w esc", "i l"} {
		b := openLog(t, Config{})
		b.press("pgup")
		b.press("pgup")
		before := b.screen()
		b.press(strings.Fields(keys)...)
		b.tell(linesMsg{b.log.tail, nil})
		if b.shown != logKind {
			b.press("l")
		}
		if lines := func(screen string) []string { return strings.Split(screen, "\n")[1:22] }; strings.Join(lines(before), "\n") != strings.Join(lines(b.screen()), "\n") {
			t.Errorf("after %s the log is\n%s\nbefore it was\n%s", keys, b.screen(), before)
		}
	}
}

// TestTheKeysOfTheLog fold, cut and choose what is recent.
func TestTheKeysOfTheLog(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("l")
	b.tell(linesMsg{b.log.tail, textsOf(failingLog)})
	b.press("home")
	b.sees("Shutting down")
	b.seesNot("import stripe")
	b.press("S")
	b.seesNot("Shutting down")
	b.press("z")
	b.sees("import stripe")
	b.press("W")
	b.sees("…")
	b.press("W", "z", "S")
	b.sees("Shutting down")
}
