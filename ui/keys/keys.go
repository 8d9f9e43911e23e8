// Package keys is what the keyboard does. The keys are fixed by the contract; the words
// beside them are what the footer and the help page say.
//
// A new key is a field of Map and a line of Default; the page that takes it names it in its hints.
package keys

import "github.com/charmbracelet/bubbles/key"

// Map is every key of the wizard.
type Map struct {
	Quit, QuitNow, Suspend, Help, Back key.Binding

	Walk, Enter, Next, Previous key.Binding
	Up, Down, PageUp, PageDown  key.Binding
	HalfUp, HalfDown            key.Binding
	Top, Bottom                 key.Binding

	Search, NextHit, PreviousHit key.Binding
	Services                     key.Binding
	Fold, Wrap, Recent           key.Binding

	Path, Diagnosis, Log  key.Binding
	Timeline, Guided      key.Binding
	Quick, Debrief        key.Binding
	Quiz, Answer          key.Binding
	Watch, History        key.Binding
	Probe, ProbeAll, Fix  key.Binding
	Copy, Export, Unlock  key.Binding
	CopyOne               key.Binding
	Confirm, Practice, To key.Binding
}

// Default is the keyboard as the contract has it.
func Default() Map {
	return Map{
		Quit:    bind("q", "quit", "q"),
		QuitNow: bind("ctrl+c", "quit at once", "ctrl+c"),
		Suspend: bind("ctrl+z", "suspend; fg comes back", "ctrl+z"),
		Help:    bind("?", "help", "?"),
		Back:    bind("esc", "back", "esc", "backspace"),

		Walk:     bind("w", "walk through the steps", "w"),
		Enter:    bind("enter", "open", "enter"),
		Next:     bind("n", "next", "n", "right"),
		Previous: bind("p", "previous", "p", "left"),
		Up:       bind("k", "up", "up", "k"),
		Down:     bind("j", "down", "down", "j"),
		PageUp:   bind("pgup", "a page up", "pgup", "ctrl+b"),
		PageDown: bind("pgdn", "a page down", "pgdown", "ctrl+f", " "),
		HalfUp:   bind("ctrl+u", "half a page up", "ctrl+u"),
		HalfDown: bind("ctrl+d", "half a page down", "ctrl+d"),
		Top:      bind("home", "to the top", "home"),
		Bottom:   bind("end", "to the end", "end", "G"),

		Search:      bind("/", "search", "/"),
		NextHit:     bind("n", "next", "n"),
		PreviousHit: bind("N", "back", "N"),
		Fold:        bind("z", "unfold", "z"),
		Wrap:        bind("W", "cut", "W"),
		Recent:      bind("S", "since start", "S"),
		Services:    bind("s", "services", "s"),

		Path:      bind("t", "request path", "t"),
		Diagnosis: bind("d", "diagnosis", "d"),
		Log:       bind("l", "log", "l"),
		Timeline:  bind("i", "times", "i"),
		Guided:    bind("g", "guide", "g"),
		Quick:     bind("x", "quick fix", "x"),
		Debrief:   bind("b", "debrief", "b"),
		Quiz:      bind("Q", "quiz", "Q"),
		Answer:    bind("a", "name the cause", "a"),
		Watch:     bind("v", "watch", "v"),
		History:   bind("h", "history", "h"),
		Probe:     bind("r", "probe again", "r"),
		ProbeAll:  bind("R", "probe all again", "R"),
		Fix:       bind("f", "fix", "f"),
		Copy:      bind("c", "copy commands", "c"),
		CopyOne:   bind("C", "copy one", "C"),
		Export:    bind("e", "export", "e"),
		Unlock:    bind("u", "unlock with sudo", "u"),
		Confirm:   bind("y", "run it", "y"),
		Practice:  bind("p", "practice", "p"),
		To:        bind("1-9", "choose", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
	}
}

func bind(shown, does string, pressed ...string) key.Binding {
	return key.NewBinding(key.WithKeys(pressed...), key.WithHelp(shown, does))
}
