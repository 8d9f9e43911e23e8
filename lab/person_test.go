package lab

import (
	"strings"
	"testing"
	"time"
)

// person sits at a terminal of 80 by 24 in a box, and gives up the test when
// the screen does not show what it should.
type person struct {
	t *testing.T
	*Terminal
}

func openPerson(t *testing.T, c *Case) person {
	t.Helper()
	terminal, err := c.OpenTerminal(t.Context(), 80, 24)
	if err != nil {
		t.Fatal(err)
	}
	return person{t, terminal}
}

func (p person) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p person) types(line string)      { p.t.Helper(); p.must(p.Type(p.t.Context(), line)) }
func (p person) presses(keys ...string) { p.t.Helper(); p.must(p.Press(p.t.Context(), keys...)) }

func (p person) sees(texts ...string) {
	p.t.Helper()
	p.must(p.WaitFor(p.t.Context(), patience, texts...))
}

func (p person) settles() string {
	p.t.Helper()
	screen, err := p.Settles(p.t.Context(), 400*time.Millisecond)
	p.must(err)
	return screen
}

// cures runs the first fix as a person does: it is shown, read, confirmed and proved.
func (p person) cures(f Fault, c *Case, plan ...string) {
	p.t.Helper()
	p.presses("f")
	p.sees(plan...)
	p.settles()
	p.presses("y")
	p.sees("FRESH")
	if err := f.Cured(p.t.Context(), c); err != nil {
		p.t.Error(err)
	}
}

// leaves goes back to the first page and quits from there, with all well.
func (p person) leaves() {
	p.t.Helper()
	p.presses("Escape")
	p.settles()
	p.presses("q")
	p.sees("left with 0")
}

// stays asks the site whether it still serves what it did: nothing was run.
func stays(t *testing.T, c *Case, word string) {
	t.Helper()
	got, err := c.Serves(t.Context(), c.Site, "edition", 6)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(got, ",") != word {
		t.Errorf("the site serves %v, not %s: something was run that nobody confirmed", got, word)
	}
}

// saneTerminal asks for a terminal as it was before: its modes, a visible
// cursor, the normal screen.
func saneTerminal(t *testing.T, c *Case, p person) {
	t.Helper()
	if modes, err := c.Run(t.Context(), "sh", "-c", "test ! -e /tmp/before || diff /tmp/before /tmp/after"); err != nil {
		t.Errorf("the terminal's modes are not what they were:\n%s", modes)
	}
	for flag, want := range map[string]string{"cursor_flag": "1", "alternate_on": "0", "mouse_any_flag": "0"} {
		if got, err := p.Flag(t.Context(), flag); err != nil || got != want {
			t.Errorf("after the wizard the terminal has %s=%s, not %s (%v)", flag, got, want, err)
		}
	}
}
