package lab

import (
	"strings"
	"testing"
)

// offer is what the opening page says to whoever has not seen it before.
const offer = "New here? Press g"

// TestExpertPath cures the commonest fault in three keys: f, y, q.
func TestExpertPath(t *testing.T) {
	f, c := breaks(t, "expert", "switched-not-restarted")
	p := openPerson(t, c)
	p.types("stty -a > /tmp/before; flasktui; status=$?; stty -a > /tmp/after; echo left with $status")
	p.sees("STALE", c.Unit, "the code changed", "f fix", offer)
	p.cures(f, c, "systemctl restart "+c.Unit)
	p.presses("q")
	// What came of it stays on the normal screen.
	p.sees("left with 0", c.Unit+": FRESH", "Done: restart, stale -> fresh")
	saneTerminal(t, c, p)

	p.types("clear; flasktui")
	p.sees("FRESH", c.Unit, "g guide")
	if screen := p.settles(); strings.Contains(screen, offer) {
		t.Errorf("the guide is offered again:\n%s", screen)
	}
}

// TestFirstTimePath is led through the steps, is offered nothing before the step at fault
// was understood, looks at what came first, and cures with the guide's quick fix.
func TestFirstTimePath(t *testing.T) {
	f, c := breaks(t, "firsttime", "switched-not-restarted")
	p := openPerson(t, c)
	p.types("stty -a > /tmp/before; flasktui " + c.Unit + "; status=$?; stty -a > /tmp/after; echo left with $status")
	p.sees("STALE", "g guide", offer)
	p.presses("g")
	p.sees("steps matter here", "As it should be: 1 Code on disk")
	p.presses("Enter")
	p.sees("Step 4 of 14", "Part 1 of 3", "Why it matters")
	p.presses("f")
	p.sees("First see what this step shows")
	p.presses("n")
	p.sees("Part 2 of 3", "How to read it")
	p.presses("n")
	p.sees("Part 3 of 3", "The usual mistake", "f fix")

	p.presses("i")
	if screen := p.settles(); !inOrder(screen, "started and loaded the code", "current moved to") {
		t.Errorf("the time line does not show that the workers came first:\n%s", screen)
	}
	p.presses("x")
	p.sees("The quick fix, one part at a time")
	for _, command := range []string{"systemctl daemon-reload", "systemctl restart " + c.Unit, "systemctl reload nginx"} {
		p.settles()
		p.presses("Enter")
		p.sees(command, "y run it")
		p.settles()
		p.presses("y")
		p.sees("The quick fix, one part at a time")
	}
	p.sees("Asked again:  FRESH", "checklist, as measured")
	if err := f.Cured(t.Context(), c); err != nil {
		t.Error(err)
	}
	p.presses("q")
	p.sees("left with 0", "Done: nginx-reload, fresh -> fresh")
	saneTerminal(t, c, p)

	// Whoever was led through can say why: the quiz asks, and is left and gone on with.
	p.types("clear; flasktui practice --quiz; echo left with $?")
	p.sees("QUIZ 1 of 4", "a name the cause")
	p.presses("d")
	p.sees("First name the cause")
	p.presses("a")
	p.sees("Which cause is it?", "Nothing is wrong")
	p.presses("Enter")
	if screen := p.settles(); strings.Contains(screen, "Which line decides it?") {
		p.presses("Enter")
	}
	p.sees("Box 1 of 4", "What it was")
	p.presses("q")
	p.sees("left with 0", "Quiz: 1 of 4")
	p.types("clear; flasktui practice --quiz")
	p.sees("QUIZ 2 of 4")
	p.presses("q")
}

// TestWatchedDeploy watches a box from stale to fresh, while somebody else restarts the service.
func TestWatchedDeploy(t *testing.T) {
	f, c := breaks(t, "watched", "switched-not-restarted")
	p := openPerson(t, c)
	p.types("flasktui " + c.Unit + "; echo left with $?")
	p.sees("STALE", "f fix")
	p.presses("v")
	p.sees("Watching: a line a change", "v end it")
	if _, err := c.Run(t.Context(), "systemctl", "restart", c.Unit); err != nil {
		t.Fatal(err)
	}
	p.sees("Fresh: the watch is over.", "FRESH")
	if screen := p.settles(); !inOrder(screen, " STALE ", "service", " FRESH ") {
		t.Errorf("the change is not told line by line:\n%s", screen)
	}
	if err := f.Cured(t.Context(), c); err != nil {
		t.Error(err)
	}
	p.presses("h")
	p.sees("What was run here for "+c.Unit, "Nothing is on record.")
	p.presses("q")
	p.sees("left with 0")
}

// TestPathWithoutASite opens the wizard where there is nothing to examine: practice is
// offered and taken, cured and looked back upon, and the box itself is left as it was.
func TestPathWithoutASite(t *testing.T) {
	atOnce <- struct{}{}
	defer func() { <-atOnce }()
	b, err := shared.Boot(t.Context(), "nosite")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Stop(); err != nil {
			t.Error(err)
		}
	}()
	terminal, err := b.OpenTerminal(t.Context(), 80, 24)
	if err != nil {
		t.Fatal(err)
	}
	p := person{t, terminal}
	p.types("flasktui; echo left with $?")
	p.sees("There is nothing to examine", "INCONCLUSIVE", "p practice")
	p.presses("p")
	p.sees("PRACTICE: nothing real is touched", "STALE", offer)
	p.presses("f")
	p.sees("systemctl restart library-web.service", "on the practice box; nothing real is touched")
	p.settles()
	p.presses("y")
	p.sees("FRESH", "b debrief")
	p.presses("b")
	p.sees("You ran restart (STALE → FRESH).", "What gave it away")
	p.presses("q")
	p.sees("left with 0")
	if left, err := b.Run(t.Context(), "find", "/root", "/var/log", "-name", "flasktui*"); err != nil || left != "" {
		t.Errorf("practice left %q on the box (%v)", left, err)
	}
}

// inOrder tells whether the texts stand on the screen one after the other.
func inOrder(screen string, texts ...string) bool {
	for _, text := range texts {
		_, after, found := strings.Cut(screen, text)
		if !found {
			return false
		}
		screen = after
	}
	return true
}
