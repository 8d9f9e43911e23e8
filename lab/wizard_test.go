package lab

import (
	"strings"
	"testing"
	"time"
)

// patience is how long the wizard may take for anything it shows.
const patience = 60 * time.Second

// TestWizard walks a person's way through the wizard, on a terminal of the
// usual size in a box with a stale site: look, hesitate, fix, leave.
func TestWizard(t *testing.T) {
	f, c := breaks(t, "wizard", "switched-not-restarted")
	p := openPerson(t, c)
	p.types("stty -a > /tmp/before; flasktui; status=$?; stty -a > /tmp/after; echo left with $status")

	p.sees("STALE", c.Unit)
	p.presses("f")
	p.sees("systemctl restart "+c.Unit, "y")
	p.presses("Escape")
	p.sees("STALE")
	stays(t, c, "spring")

	// A burst is no answer, whoever's keys they are.
	p.presses("f", "y")
	p.settles()
	stays(t, c, "spring")
	p.presses("Escape")
	p.settles()

	p.cures(f, c, "systemctl restart "+c.Unit)
	p.leaves()
	saneTerminal(t, c, p)
}

// TestWizardBurst sends the keys of a fix in one burst, before and after the
// wizard is up. None of it confirms anything.
func TestWizardBurst(t *testing.T) {
	_, c := breaks(t, "burst", "pulled-not-restarted")
	p := openPerson(t, c)
	p.types("flasktui " + c.Unit)
	p.presses("f", "y") // typed ahead
	p.sees("STALE")
	for range 3 {
		p.presses("f", "y")
		p.settles()
		p.presses("Escape")
	}
	stays(t, c, "spring")
	p.presses("C-c")
	p.sees("ready$")
	saneTerminal(t, c, p)
}

// TestVersionOnMutePty asks for the version on a terminal that never answers a
// question. Nothing is asked, and nothing waited for.
func TestVersionOnMutePty(t *testing.T) {
	atOnce <- struct{}{}
	defer func() { <-atOnce }()
	b, err := shared.Boot(t.Context(), "mute")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Stop(); err != nil {
			t.Error(err)
		}
	}()
	for _, args := range []string{"--version", "version", "--help", "completion bash"} {
		// script gives its command a pty and only records what comes out of it.
		start := time.Now()
		r, err := b.Do(t.Context(), "", "script", "-q", "-e", "-c", "/usr/local/bin/flasktui "+args, "/dev/null")
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("flasktui %s took %s", args, took)
		}
		if r.Exit != 0 || r.Stdout == "" {
			t.Errorf("flasktui %s: exit %d, %q", args, r.Exit, r.Stdout)
		}
		if strings.Contains(r.Stdout, "\x1b") {
			t.Errorf("flasktui %s wrote an escape sequence: %q", args, r.Stdout)
		}
	}
}
