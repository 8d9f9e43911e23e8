package wizard

import (
	"context"
	"sync/atomic"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// fixRun is a fix under way. It outlives the screens, so what came of it is kept here
// too; done is closed after that was written.
type fixRun struct {
	plan    report.Plan
	done    chan struct{}
	outcome steps.Outcome
	err     error
	crash   *CrashError
}

// start runs the fix at once: a command of Bubble Tea's is dropped where the program ends
// before its turn, and what was confirmed and is waited for would never end. What it
// returns waits for the end.
func (f *fixRun) start(ctx context.Context, acting *atomic.Bool, config Config, machine sys.Machine, options steps.Options, before steps.Examination, send func(tea.Msg)) tea.Cmd {
	acting.Store(true)
	go func() {
		defer close(f.done)
		defer acting.Store(false)
		defer caught("running the fix", func(crash *CrashError) { f.crash = crash })
		events := &batch[steps.Progress]{
			deliver: func(events []steps.Progress) { send(progressMsg{events}) },
			broke:   func(crash *CrashError) { send(crashMsg{crash}) },
		}
		f.outcome, f.err = config.Apply(ctx, machine, options, before, f.plan, events.add)
		events.flush()
	}()
	return func() tea.Msg {
		<-f.done
		if f.crash != nil {
			return crashMsg{f.crash}
		}
		return appliedMsg{f.outcome, f.err}
	}
}

// over says whether the fix has ended.
func (f *fixRun) over() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}
