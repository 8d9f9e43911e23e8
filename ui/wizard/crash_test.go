package wizard

import (
	"context"
	"errors"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/sys"
)

// TestCrash ends the wizard in good order wherever a panic comes from.
func TestCrash(t *testing.T) {
	for name, crash := range map[string]func(*bench){
		"a command": func(b *bench) { b.tell(guard("probing", func() tea.Msg { panic("boom") })()) },
		"a message": func(b *bench) { b.tell(linesMsg{tail: nil}) },
		"a page": func(b *bench) {
			b.lessons.step = nil
			b.press("w")
		},
		"drawing": func(b *bench) {
			b.theme = nil
			b.View()
			b.tell(<-b.messages)
		},
		"a goroutine": func(b *bench) {
			broken := &batch[int]{deliver: func([]int) { panic("boom") }, broke: func(c *CrashError) { b.messages <- crashMsg{c} }}
			broken.add(1)
			b.tell(<-b.messages)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, Config{}, staleReport())
			crash(b)
			if b.crash == nil {
				t.Fatal("the panic went unnoticed")
			}
			if !b.quits() {
				t.Error("it does not quit")
			}
			_, err := b.leave(b.config)
			var told *CrashError
			if !errors.As(err, &told) || told.Hint() == "" || len(told.Stack) == 0 {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestExaminePanics is the commonest place of all.
func TestExaminePanics(t *testing.T) {
	b := newBench(t, Config{Examine: func(context.Context, sys.Machine, steps.Options, func(steps.Examination)) (steps.Examination, error) {
		panic("a probe of ours is wrong")
	}})
	b.command = b.examine()
	b.run(func() bool { return b.crash != nil })
	if got, want := b.crash.Error(), "flasktui broke down while probing: a probe of ours is wrong"; got != want {
		t.Errorf("%q", got)
	}
}
