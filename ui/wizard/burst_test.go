package wizard

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// wait moves the clock; the next key comes after that.
type wait time.Duration

// TestConfirm sends keys to the fix dialog in every way they may arrive. Only a y that
// was pressed alone, after the dialog could be seen, runs the fix.
func TestConfirm(t *testing.T) {
	const grace = wait(DefaultGrace)
	key := keyMsg
	settle := struct{}{}
	for _, test := range []struct {
		name   string
		events []any
		runs   bool
		says   string
	}{
		{"y", []any{key("f"), grace, key("y"), settle}, true, ""},
		{"y before the burst is over", []any{key("f"), grace, key("y")}, false, ""},
		{"y too soon", []any{key("f"), grace / 2, key("y"), settle}, false, typedAhead},
		{"y at once", []any{key("f"), key("y"), settle}, false, typedAhead},
		{"y too soon, then y", []any{key("f"), key("y"), settle, grace, key("y"), settle}, true, ""},
		{"fy in one read", []any{key("fy"), grace, settle}, false, typedAhead},
		{"jfyyy in one read", []any{key("jfyyy"), grace, settle}, false, typedAhead},
		{"yy in one read", []any{key("f"), grace, key("yy"), settle}, false, typedAhead},
		{"xy in one read", []any{key("f"), grace, key("xy"), settle}, false, typedAhead},
		{"y pasted", []any{key("f"), grace, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'y'}, Paste: true}, settle}, false, typedAhead},
		{"alt+y", []any{key("f"), grace, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'y'}, Alt: true}, settle}, false, "Cancelled"},
		{"y then enter at once", []any{key("f"), grace, key("y"), key("enter"), settle}, false, typedAhead},
		{"y then y at once", []any{key("f"), grace, key("y"), key("y"), settle}, false, typedAhead},
		{"number then y at once", []any{key("f"), grace, key("2"), key("y"), settle}, false, typedAhead},
		{"number then y", []any{key("f"), grace, key("2"), grace, key("y"), settle}, true, ""},
		{"enter then y", []any{key("f"), grace, key("enter"), key("y"), settle, grace, key("y"), settle}, false, ""},
		{"Y", []any{key("f"), grace, key("Y"), settle}, false, "Cancelled"},
		{"q", []any{key("f"), grace, key("q"), settle}, false, "Cancelled"},
		{"n", []any{key("f"), grace, key("n"), settle}, false, "Cancelled"},
		{"space", []any{key("f"), grace, key("space"), settle}, false, "Cancelled"},
		{"esc at once", []any{key("f"), key("esc"), settle}, false, "Cancelled"},
		{"suspended", []any{key("f"), grace, tea.ResumeMsg{}, key("y"), settle}, false, typedAhead},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := open(t, Config{}, staleReport())
			for _, event := range test.events {
				switch event := event.(type) {
				case wait:
					b.clock = b.clock.Add(time.Duration(event))
				case struct{}:
					b.tell(settledMsg{press: b.dialog.press})
				default:
					b.tell(event)
				}
			}
			if runs := b.fix != nil; runs != test.runs {
				t.Errorf("the fix runs: %v\n%s", runs, b.screen())
			}
			if test.says != "" {
				b.sees(test.says)
			}
		})
	}
}

// TestStaleSettle lets the timer of a y that was thrown away confirm no later one.
func TestStaleSettle(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.press("f", "y")
	first := b.dialog.press
	b.tell(keyMsg("y"))
	b.tell(settledMsg{first})
	b.press("y")
	b.tell(settledMsg{first})
	if b.fix != nil {
		t.Error("an old timer confirmed")
	}
}

// TestNoGrace is for those who inject none: a lone y runs at once, a burst still not.
func TestNoGrace(t *testing.T) {
	b := open(t, Config{Grace: -1}, staleReport())
	b.tell(keyMsg("fy"))
	b.tell(keyMsg("yy"))
	if b.fix != nil {
		t.Error("a burst confirmed")
	}
	b.tell(keyMsg("y"))
	if b.fix == nil {
		t.Error("a y did not")
	}
}

// TestScrollDialog lets a dialog that is too high for the window be read.
func TestScrollDialog(t *testing.T) {
	b := open(t, Config{}, staleReport())
	b.size(40, 15)
	b.press("f", "pgdown")
	if b.shown != dialogKind {
		t.Fatalf("page %d is shown", b.shown)
	}
	b.press("down", "up", "y")
	b.tell(settledMsg{b.dialog.press})
	if b.fix == nil {
		t.Error("y did not run it")
	}
	b = open(t, Config{}, staleReport())
	b.press("f", "down")
	if b.shown == dialogKind {
		t.Error("down scrolls a dialog that is whole on the screen")
	}
}
