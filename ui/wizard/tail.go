package wizard

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/sys"
)

// tail is a service's log being followed. Messages carry it, so that lines of a log that
// is no longer shown find nobody.
type tail struct {
	command sys.Command
	lines   []sys.Text
	cancel  context.CancelFunc
	ended   bool
	err     error
}

const (
	tailKeeps  = 500
	followsFor = 24 * time.Hour
)

// follow starts a tail; its lines come as messages.
func follow(parent context.Context, machine sys.Machine, command sys.Command, send func(tea.Msg)) (*tail, tea.Cmd) {
	ctx, cancel := context.WithCancel(parent)
	t := &tail{command: command, cancel: cancel}
	command.Timeout = followsFor
	return t, guard("following the log", func() tea.Msg {
		pending := &batch[sys.Text]{
			limit:   tailKeeps,
			deliver: func(lines []sys.Text) { send(linesMsg{t, lines}) },
			broke:   func(crash *CrashError) { send(crashMsg{crash}) },
		}
		command.Line = pending.add
		output := machine.Run(ctx, command)
		pending.flush()
		if ctx.Err() != nil {
			return nil
		}
		return tailEndedMsg{t, output.Err}
	})
}

func (t *tail) add(lines []sys.Text) {
	t.lines = append(t.lines, lines...)
	if over := len(t.lines) - tailKeeps; over > 0 {
		t.lines = append([]sys.Text(nil), t.lines[over:]...)
	}
}

func (t *tail) stop() {
	if t != nil {
		t.cancel()
	}
}
