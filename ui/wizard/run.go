package wizard

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"

	"flasktui/steps"
	"flasktui/sys"
	_ "flasktui/ui/terminal" // for its init, which has to run in whatever links Bubble Tea
)

// framesPerSecond is how often a changed screen is drawn at most. It also is the delay
// of the first frame, so it is not lower; a screen at rest costs nothing.
const framesPerSecond = 100

// Run shows the wizard until the person leaves, and returns the last finished
// examination for a summary on the normal screen (its Report.Verdict is empty where
// there was none). The error is ErrPractice where the practice box was asked for, the
// *steps.TargetError that left nothing to examine, a *CrashError after a panic, or what
// stopped the wizard from outside. The terminal is restored whatever happened, and a fix
// that was begun has ended.
func Run(ctx context.Context, config Config) (steps.Examination, error) {
	config = config.withDefaults()
	running, cancel := context.WithCancel(ctx)
	defer cancel()

	var program *tea.Program
	send := func(msg tea.Msg) { program.Send(msg) }
	model := newWizard(running, config, send)
	model.sizeTo(config)
	program = tea.NewProgram(model,
		tea.WithAltScreen(), tea.WithFPS(framesPerSecond), tea.WithInput(untilGone(config.Input, send)),
		tea.WithOutput(config.Output), tea.WithoutSignalHandler())
	defer model.listen(ctx)()

	_, err := program.Run()
	cancel()
	close(model.terminal.gone)
	if model.crash == nil && err != nil {
		model.stopped = err.Error()
	}
	return model.leave(config)
}

// sizeTo draws the first frame in the terminal's size already.
func (w *wizard) sizeTo(config Config) {
	file, ok := config.Output.(term.File)
	if !ok {
		return
	}
	if width, height, err := term.GetSize(file.Fd()); err == nil && width > 0 && height > 0 {
		w.width, w.height = width, height
		w.arrange()
	}
}

// leave waits for a fix that still runs, and says what there is to return.
func (w *wizard) leave(config Config) (steps.Examination, error) {
	examination := steps.Examination{}
	if w.finished {
		examination = w.examination
	}
	if w.fix != nil && !w.run.ended {
		examination = w.waitForFix(config, examination)
	}
	switch {
	case w.crash != nil:
		return examination, w.crash
	case w.quizFailed != nil:
		return examination, w.quizFailed
	case w.quizzed:
		return examination, ErrQuiz
	case w.practice:
		return examination, ErrPractice
	case w.stopped != "":
		return examination, fmt.Errorf("the wizard was stopped: %s", w.stopped)
	case !w.finished && w.lost.err != nil:
		return examination, w.lost.err
	case !w.finished && w.chooser.problem != nil:
		return examination, w.chooser.problem
	}
	return examination, nil
}

// waitForFix lets a fix whose end was not shown any more come to it: half of one is
// worse than none.
func (w *wizard) waitForFix(config Config, examination steps.Examination) steps.Examination {
	names := make([]string, 0, len(w.fix.plan.Commands))
	for _, argv := range w.fix.plan.Commands {
		names = append(names, sys.CommandLine(argv))
	}
	// Nobody may be left to read it.
	say := func(format string, arguments ...any) {
		_, _ = fmt.Fprintf(config.Messages, "flasktui: "+format+"\n", arguments...)
	}
	if !w.fix.over() {
		say("waiting for the fix to end (%s); ctrl+c stops what has not been started", strings.Join(names, "; "))
	}
	<-w.fix.done
	if w.crash == nil {
		w.crash = w.fix.crash
	}
	if err := w.fix.err; err != nil && !errors.Is(err, context.Canceled) {
		say("%s", sys.ErrorText(err))
	} else if message := w.fix.outcome.Message; message != "" {
		say("%s", message)
	}
	if after := w.fix.outcome.After; after.Report.Verdict != "" {
		return after
	}
	return examination
}
