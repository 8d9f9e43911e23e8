package fixes

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/proc"
)

// Progress is one event while a fix runs.
type Progress struct {
	// Command is the index in Plan.Commands that the event belongs to.
	Command int
	// Line is a line of its output; Started and Ended frame it.
	Line    sys.Text
	Started bool
	Ended   bool
	Exit    int
	Took    time.Duration
}

// Judged is the box as it was seen, and what was judged of it.
type Judged struct {
	Box    *box.Box
	Report report.Report
}

// Outcome is what a fix came to.
type Outcome struct {
	// Done says that the effect that the fix promises was seen, not merely that its
	// commands ended well.
	Done bool
	// Open says that the service was still starting when it had had its time: the fix is
	// neither done nor failed.
	Open bool
	// Message is that in a sentence, with the log's own reason where it failed.
	Message sys.Text
	// Exceeds says that what runs now was given more than was shown: files changed between
	// the last look and the moment in which they were read.
	Exceeds bool
	// After is the last look at the box.
	After Judged
}

var (
	// ErrBlocked means that a precondition of a fix does not hold.
	ErrBlocked = errors.New("the fix may not run")
	// ErrChanged means that the box is no longer as it was when the person confirmed.
	ErrChanged = errors.New("the box has changed since the fix was shown")
)

// BlockedError is ErrBlocked with its reason.
type BlockedError struct{ Reason sys.Text }

func (e *BlockedError) Error() string { return string(e.Reason) }

func (e *BlockedError) Unwrap() error { return ErrBlocked }

// Runner runs fixes on a machine.
type Runner struct {
	Machine sys.Machine
	// Look looks at the box anew and judges it.
	Look func(context.Context) (Judged, error)
	// Progress is told of every command and line, one call at a time; nil for nobody.
	Progress func(Progress)
}

// Apply runs a plan as a person has confirmed it, on the look before. It looks at the box
// once more: the plan must come out the same and unblocked (ErrChanged, a [BlockedError]).
// Then it runs the commands in order, stops at the first that fails, and looks at the box
// until the effect is there or patience ends. What comes back beside a nil error may still
// be not Done.
func (runner Runner) Apply(ctx context.Context, before Judged, plan report.Plan) (Outcome, error) {
	fix, known := ByID(plan.ID)
	if !known {
		return Outcome{After: before}, errors.New("there is no fix " + plan.ID)
	}
	now, err := runner.Look(ctx)
	if err != nil {
		return Outcome{After: before}, err
	}
	ready := PlanOf(now.Box, fix, plan.Service)
	switch {
	case ready.Blocked != "":
		return Outcome{After: now}, &BlockedError{Reason: ready.Blocked}
	case before.Box == nil || !sameAsShown(before, fix, plan, ready):
		return Outcome{After: now}, ErrChanged
	}
	if failure := runner.run(ctx, ready); failure != "" {
		after, err := runner.Look(ctx)
		if err != nil {
			// It ran, and failed; that the service is gone from sight is part of it.
			return Outcome{Message: failure + sys.Textf(" — %v", err), After: now}, nil
		}
		return Outcome{Message: failure, After: after}, nil
	}
	return runner.verify(ctx, fix, now, plan.Service, len(ready.Run)-1), nil
}

// sameAsShown tells whether a fix comes out as it was shown: the document that comes back is
// the one that the look before made, and so is all that the document does not say.
func sameAsShown(before Judged, fix Kind, plan report.Plan, ready Prepared) bool {
	shown := PlanOf(before.Box, fix, plan.Service)
	return reflect.DeepEqual(shown.Plan, plan) && samePlan(ready, shown)
}

// run executes the commands; the text says which one failed, and how.
func (runner Runner) run(ctx context.Context, plan Prepared) sys.Text {
	tell := runner.tell
	for index, one := range plan.Run {
		if one.Process != (proc.ProcessID{}) {
			if err := processIs(ctx, runner.Machine, one.Process); err != nil {
				return sys.Textf("%s was not run, because the process has changed: %v", sys.CommandLine(one.Command.Argv), err)
			}
		}
		tell(Progress{Command: index, Started: true})
		command := one.Command
		command.Line = func(line sys.Text) { tell(Progress{Command: index, Line: line}) }
		output := runner.Machine.Run(ctx, command)
		tell(Progress{Command: index, Ended: true, Exit: output.Exit, Took: output.Took})
		if output.Err != nil {
			failure := sys.Textf("%s: %v", sys.CommandLine(command.Argv), output.Err) + firstLine(output.Stderr)
			if one.Failed != "" {
				failure = one.Failed + " " + failure
			}
			return failure
		}
		if one.Settled != nil {
			if err := one.Settled(ctx, runner.Machine); err != nil {
				return sys.Textf("%v", err)
			}
		}
	}
	return ""
}

func firstLine(raw []byte) sys.Text {
	line, _, _ := strings.Cut(strings.TrimSpace(string(raw)), "\n")
	if line == "" {
		return ""
	}
	return " — " + sys.Textf("%s", line)
}

// verify looks at the box until the effect is there, or patience ends: never while the
// service is starting and has not had its time. Who cancels the context waits less, but does
// not say of a fix that it failed without having waited.
func (runner Runner) verify(caller context.Context, fix Kind, before Judged, service string, last int) Outcome {
	const (
		pause = 200 * time.Millisecond
		again = 10 * time.Second
	)
	ran := time.Now()
	ctx, cancel := context.WithCancel(context.WithoutCancel(caller))
	defer cancel()
	defer context.AfterFunc(caller, func() { time.AfterFunc(soon, cancel) })()
	var told, waited time.Time
	// The plan was made for it, so it is there.
	was, _ := before.Box.As(service)
	for {
		outcome, is, settled := runner.effect(ctx, fix, before, was, service)
		if settled {
			return outcome
		}
		now := time.Now()
		patience := fix.patience
		if is == was {
			patience = max(patience, graceful)
		}
		one, waits := starting(was, is, ran)
		if waits {
			// A look may fall between the start of a server and its first answer, and see neither.
			waited = now
		}
		switch {
		case waits && (!now.Before(one.until) || ctx.Err() != nil):
			outcome.Open = !outcome.Done
			return outcome
		case ctx.Err() != nil, !waits && now.Sub(ran) > patience && (now.Sub(waited) > again || is.Start().Failing):
			return outcome
		case waits && now.Sub(told) >= again && now.Sub(ran) >= time.Second:
			told = now
			runner.tell(Progress{Command: last, Line: one.howLong(now)})
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (runner Runner) tell(event Progress) {
	if runner.Progress != nil {
		runner.Progress(event)
	}
}

// effect tells how far the effect is there. A service that was just started anew may be out
// of sight for a moment: that is no end of looking, and is is then what was seen of it before.
func (runner Runner) effect(ctx context.Context, fix Kind, before Judged, was *box.Box, service string) (outcome Outcome, is *box.Box, settled bool) {
	after, err := runner.Look(context.WithoutCancel(ctx))
	if err != nil {
		return Outcome{Message: sys.Textf("%v", err), After: before}, was, false
	}
	if unshown := exceeding(before.Box, after.Box); unshown != "" {
		return Outcome{Message: unshown, Exceeds: true, After: after}, after.Box, true
	}
	is, seen := after.Box.As(service)
	if !seen {
		return Outcome{Message: sys.Textf("%s is not seen behind the site any more", service), After: after}, was, false
	}
	done, words := fix.done(was, is)
	start := is.Start()
	verdict := after.Report.Verdict
	stillStarting := start.Starting && verdict == report.Inconclusive
	settled = done && !stillStarting && verdict != report.Down && verdict != report.Mixed
	if !done && !start.Starting {
		if reason := box.Reason(is.Journal.Value); reason != "" {
			words += " — its log says: " + reason
		}
	}
	return Outcome{Done: done, Message: words, After: after}, is, settled
}
