package wizard

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// fixRun is a fix under way. It outlives the screens, so what came of it is kept here
// too; done is closed after that was written.
type fixRun struct {
	plan    report.Plan
	cancel  context.CancelFunc
	done    chan struct{}
	outcome steps.Outcome
	err     error
}

func (f *fixRun) start(ctx context.Context, config Config, machine sys.Machine, options steps.Options, before steps.Examination, send func(tea.Msg)) tea.Cmd {
	return guard("running the fix", func() tea.Msg {
		defer close(f.done)
		defer f.cancel()
		events := &batch[steps.Progress]{
			deliver: func(events []steps.Progress) { send(progressMsg{events}) },
			broke:   func(crash *CrashError) { send(crashMsg{crash}) },
		}
		f.outcome, f.err = config.Apply(ctx, machine, options, before, f.plan, events.add)
		events.flush()
		return appliedMsg{f.outcome, f.err}
	})
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
