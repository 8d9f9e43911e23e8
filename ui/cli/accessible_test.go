package cli

import (
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// listener is somebody who hears flasktui and types at it: all that is known of the
// program is its text.
type listener struct {
	t      *testing.T
	keys   *io.PipeWriter
	status chan int

	mutex sync.Mutex
	heard strings.Builder
	// from is where what was heard after the last answer begins.
	from int
}

func (l *listener) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.heard.Write(text)
}

// listen starts flasktui on the practice box.
func listen(t *testing.T, args ...string) *listener {
	t.Helper()
	input, keys := io.Pipe()
	l := &listener{t: t, keys: keys, status: make(chan int, 1)}
	engine := realEngine(func(string) string { return "" })
	engine.RecordPath = "/nonexistent/must/not/be/written"
	go func() {
		l.status <- Program{
			Args: args, Stdin: input, Stdout: l, Stderr: l, Getenv: func(string) string { return "" },
			Terminal: Terminal{Stdin: true, Stdout: true}, Engine: engine,
		}.Run(t.Context())
	}()
	t.Cleanup(func() { _ = keys.Close() })
	return l
}

// hears waits for a question and returns what was said before it since the last answer.
func (l *listener) hears(question string) string {
	l.t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(time.Millisecond) {
		l.mutex.Lock()
		said := l.heard.String()[l.from:]
		l.mutex.Unlock()
		if strings.HasSuffix(said, question) {
			return said
		}
	}
	l.t.Fatalf("%q was never asked:\n%s", question, l.heard.String())
	return ""
}

func (l *listener) says(answer string) {
	l.t.Helper()
	l.mutex.Lock()
	l.from = l.heard.Len()
	l.mutex.Unlock()
	if _, err := io.WriteString(l.keys, answer+"\n"); err != nil {
		l.t.Fatal(err)
	}
}

const asksNumber = "Type a number and enter: "

// picks answers a menu with the number of a choice, known by its words, and returns what
// is said from there to the next question.
func (l *listener) picks(choice, next string) string {
	l.t.Helper()
	menu := l.hears(asksNumber)
	for line := range strings.Lines(menu) {
		if number, name, ok := strings.Cut(strings.TrimSpace(line), ". "); ok && strings.HasPrefix(name, choice) {
			l.says(number)
			return l.hears(next)
		}
	}
	l.t.Fatalf("%q was not offered in\n%s", choice, menu)
	return ""
}

func (l *listener) tells(said string, wanted ...string) {
	l.t.Helper()
	for _, want := range wanted {
		if !strings.Contains(said, want) {
			l.t.Errorf("%q was not said in\n%s", want, said)
		}
	}
}

// TestAWholeRepairByTextAlone looks, walks, is told, hesitates, repairs, makes sure and
// looks back, knowing nothing but the text.
func TestAWholeRepairByTextAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	l := listen(t, "practice", "service-not-restarted", "--accessible")
	l.tells(l.hears(asksNumber), "This is the practice box. Nothing real is touched.",
		"library-web.service on practice: STALE.\n", "Release on disk: 20", "Release in memory: 20", "URL, works, and passes on old code: http://library.example, answers ",
		"Workers, wrong: 249, 251, both hold old code, loaded 3 days ago", " Step 4 tells more.\n", "Cause 1 of 1, certain: The service was not restarted after the code changed.\n",
		"What helps: restart, medium risk. ", "hup would help, and may not run now: ")
	l.says("")
	l.tells(l.hears(asksNumber), "What next?\n1. Fix: The service was not restarted", "\n2. Walk through the fourteen steps\n", "\n0. Leave\n")
	l.says("?")
	l.tells(l.hears(asksNumber), "What next?\n1. Fix: ")
	l.says("14")
	l.tells(l.hears(asksNumber), `There is no choice "14" here; ? says the choices again.`)
	l.says("?")
	l.tells(l.picks("What happened when", asksNumber), "In memory: workers 249, 251 started and loaded the code. This is out of date now.", "On disk: current moved to releases/")
	l.tells(l.picks("The checklist", asksNumber), "No: The service was restarted or reloaded after the deploy (step 4).", "Yes: The Nginx configuration is valid and loaded")
	l.tells(l.picks("Walk", asksNumber), "Step 1 of 14: Code on disk.\nIs the new code where", "To look by hand:\n  ")
	l.tells(l.picks("Explain this step", asksNumber), "Why it matters", "The usual mistake", "If it fails")
	l.picks("Back to the menu", asksNumber)
	l.tells(l.picks("Explain this cause", asksNumber), "How it comes about", "Never again")
	l.tells(l.picks("What the words mean", asksNumber), "cgroup: ", "preload: ")

	const asksRun = "anything else cancels: "
	l.tells(l.picks("Fix: ", asksRun), "  $ systemctl restart library-web.service\n", "Risk:   medium", "Undo:   ")
	l.says("n")
	l.tells(l.hears(asksNumber), "cancelled, nothing was run")
	l.picks("Fix: ", asksRun)
	l.says("y")
	l.tells(l.hears(asksNumber), "Before: STALE: ", "After:  FRESH: ")
	l.tells(l.picks("Debrief", asksNumber), "restart (STALE -> FRESH).", "What gave it away", "So that there is no next time", "systemctl restart library-web.service")
	path := l.picks("Export", asksNumber)
	_, path, _ = strings.Cut(path, "The report is in ")
	path, _, _ = strings.Cut(path, "\n")
	ticket, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	l.tells(string(ticket), "### What was done", "`restart`, stale → fresh.", "Before: The service was not restarted", "After: The site runs", "### What happened when", "- [x] ")
	l.picks("Leave", "")
	if status := <-l.status; status != 0 {
		t.Errorf("it left with %d", status)
	}
	if strings.ContainsAny(l.heard.String(), "\x1b\r\b") {
		t.Error("something was drawn over")
	}
}

// TestTheQuickFixByTextAlone confirms each part, and stops at the first that is not
// wanted.
func TestTheQuickFixByTextAlone(t *testing.T) {
	t.Parallel()
	const asksRun = "anything else cancels: "
	l := listen(t, "practice", "service-not-restarted", "--accessible")
	l.tells(l.picks("The quick fix", asksRun), "Part 1 of 4: Have systemd load the unit from disk.", "  $ systemctl daemon-reload\n")
	l.says("n")
	l.tells(l.hears(asksNumber), "The quick fix ends here. What comes after was not run.")
	l.picks("The quick fix", asksRun)
	for _, next := range []string{"$ systemctl restart library-web.service\n", "$ systemctl reload nginx\n"} {
		l.says("y")
		l.tells(l.hears(asksRun), next)
	}
	l.says("y")
	l.tells(l.hears(asksNumber), "Part 4 of 4: proof.\nFRESH: ", "Yes: The live site says that it is the new release (step 14).")
	l.picks("Leave", "")
	if status := <-l.status; status != 0 {
		t.Errorf("it left with %d", status)
	}
}

// TestTheQuickFixStopsWhereAPartFails: nothing after it runs.
func TestTheQuickFixStopsWhereAPartFails(t *testing.T) {
	t.Parallel()
	const asksRun = "anything else cancels: "
	l := listen(t, "practice", "nginx-config-invalid", "--accessible")
	l.picks("The quick fix", asksRun)
	l.says("y")
	l.hears(asksRun)
	l.says("y")
	l.tells(l.hears(asksNumber), "Part 3 of 4: Test and reload Nginx.", "is refused: nginx -t refuses the configuration on disk", "The quick fix ends here.")
}

// TestNumbersDoNotShift: a choice has the number that it had before the repair, and what is not
// there any more is not offered.
func TestNumbersDoNotShift(t *testing.T) {
	t.Parallel()
	const asksRun = "anything else cancels: "
	l := listen(t, "practice", "service-not-restarted", "--accessible")
	l.tells(l.hears(asksNumber), "\n1. Fix: ", "\n4. What happened when\n", "\n12. Probe again\n", "\n13. Debrief")
	l.says("1")
	l.hears(asksRun)
	l.says("y")
	cured := l.hears(asksNumber)
	l.tells(cured, "\n2. Walk", "\n4. What happened when\n", "\n12. Probe again\n", "\n13. Debrief")
	for _, gone := range []string{"\n1. Fix", "\n3. Explain this cause"} {
		if strings.Contains(cured, gone) {
			t.Errorf("%q is offered of a box that is fresh:\n%s", gone, cured)
		}
	}
	l.says("2")
	l.tells(l.hears(asksNumber), "Step 1 of 14", "\n1. Next step\n", "\n0. Back to the menu\n")
	l.says("0")
	l.hears(asksNumber)
	l.says("0")
	if status := <-l.status; status != 0 {
		t.Errorf("it left with %d", status)
	}
}

// TestTheQuizIsHeard asks somebody who hears the screen, tells no judgement before the answer,
// and the score when they leave.
func TestTheQuizIsHeard(t *testing.T) {
	l := listen(t, "practice", "--quiz", "--accessible")
	answer := func(number string) string {
		l.says(number)
		return l.hears(asksNumber)
	}
	said := l.hears(asksNumber)
	for _, want := range []string{"Box 1 of", "Somebody says:", "1. Name the cause", "0. Leave"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in\n%s", want, said)
		}
	}
	for _, number := range []string{"3", "4", "2"} {
		said += answer(number)
	}
	said += answer("0")
	for _, hidden := range []string{"STALE", "FRESH", "Status: as it should be", "Fix:"} {
		if strings.Contains(said, hidden) {
			t.Errorf("%q gives the answer away in\n%s", hidden, said)
		}
	}
	if said := answer("1"); !strings.Contains(said, "Which cause is it?") || !strings.Contains(said, "Nothing is wrong") {
		t.Errorf("no cause is asked for in\n%s", said)
	}
	said = answer("1")
	if strings.Contains(said, "Which line decides it?") {
		said = answer("1")
	}
	if !strings.Contains(said, "What it was") || !strings.Contains(said, "1. Next box") {
		t.Errorf("it is not told how it went in\n%s", said)
	}
}
