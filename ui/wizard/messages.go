package wizard

import (
	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// The messages that commands and goroutines send to the root.
type (
	// examinedMsg is an intermediate state of look number look.
	examinedMsg struct {
		look        int
		examination steps.Examination
	}
	// examineEndedMsg is its end.
	examineEndedMsg struct {
		look        int
		examination steps.Examination
		err         error
	}
	// linesMsg are new lines of a log that is followed.
	linesMsg struct {
		tail  *tail
		lines []sys.Text
	}
	// tailEndedMsg says that following a log has ended, by itself or by an error.
	tailEndedMsg struct {
		tail *tail
		err  error
	}
	// progressMsg is what happened to the fix that runs.
	progressMsg struct{ events []steps.Progress }
	// appliedMsg is its end.
	appliedMsg struct {
		outcome steps.Outcome
		err     error
	}
	// settledMsg comes a moment after y number press; no key came between.
	settledMsg struct{ press int }
	// terminalMsg asks for the person's terminal for a command of the fix that runs.
	terminalMsg struct {
		command sys.Command
		reply   chan<- sys.Output
	}
	// unlockedMsg is the end of the command that asks for a password; run is the plan
	// that waits for it, if any.
	unlockedMsg struct {
		err error
		run *report.Plan
	}
	// refusedMsg is what sudo said to who asked whether it would let this person in.
	refusedMsg struct{ reason sys.Text }
	// noticeMsg is to be said on the status line.
	noticeMsg struct{ text string }
	// clockMsg moves the times on the screen.
	clockMsg struct{}
	// stopMsg ends the wizard from outside: a signal, the caller's context.
	stopMsg struct{ reason string }
	// crashMsg ends it from inside.
	crashMsg struct{ crash *CrashError }
)
