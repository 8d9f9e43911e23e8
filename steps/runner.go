package steps

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
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

// Outcome is what a fix came to.
type Outcome struct {
	// Done says that the effect that the fix promises was seen, not merely that its
	// commands ended well.
	Done bool
	// Message is that in a sentence, with the log's own reason where it failed.
	Message sys.Text
	// Exceeds says that what runs now was given more than was shown: files changed between
	// the last look and the moment in which they were read.
	Exceeds bool
	// After is the box examined again.
	After Examination
}

var (
	// ErrBlocked means that a precondition of a fix does not hold.
	ErrBlocked = errors.New("the fix may not run")
	// ErrChanged means that the box is no longer as it was when the person confirmed.
	ErrChanged = errors.New("the box has changed since the fix was shown")
)

// fixing is a fix on its way: what to run it on, and who is told.
type fixing struct {
	machine  sys.Machine
	options  Options
	progress func(Progress)
}

// Apply runs a plan that a person has confirmed. It looks at the box once more: the plan
// must come out the same and unblocked (ErrChanged, ErrBlocked). Then it runs the
// commands in order, stops at the first that fails, waits for the effect and examines
// the box again. progress, if not nil, is told of every command and line, one call at a
// time. What comes back beside a nil error may still be not Done.
//
// Commands marked Terminal go to the machine like all others: a face that owns a terminal
// wraps its machine to run them there.
func Apply(ctx context.Context, machine sys.Machine, options Options, before Examination, plan report.Plan, progress func(Progress)) (Outcome, error) {
	fix, known := fixes.ByID(plan.ID)
	if !known {
		return Outcome{After: before}, errors.New("there is no fix " + plan.ID)
	}
	now, err := Examine(ctx, machine, options, nil)
	if err != nil {
		return Outcome{After: before}, err
	}
	// From here on it is this service, whatever else may be found, or not yet.
	options.Service = now.facts.Target.Service
	present := box.New(now.facts)
	ready := fixes.PlanFor(present, fix)
	switch {
	case ready.Blocked != "":
		return Outcome{After: now}, &BlockedError{Reason: ready.Blocked}
	case before.facts == nil || !sameAsShown(before, fix, plan, ready):
		return Outcome{After: now}, ErrChanged
	}
	if progress == nil {
		progress = func(Progress) {}
	}
	under := fixing{machine, options, progress}
	started := machine.Now()
	if failure := under.run(ctx, ready); failure != "" {
		after, err := Examine(ctx, machine, options, nil)
		if err != nil {
			// It ran, and failed; that the service is gone from sight is part of it.
			return Outcome{Message: failure + sys.Textf(" — %v", err), After: now}, nil
		}
		return Outcome{Message: failure, After: after}, nil
	}
	return under.verify(ctx, fix, now, started), nil
}

// sameAsShown tells whether a fix comes out as it was shown: the document that comes back is
// the one that the look before made, and so is all that the document does not say.
func sameAsShown(before Examination, fix fixes.Kind, plan report.Plan, ready fixes.Prepared) bool {
	shown := fixes.PlanFor(box.New(before.facts), fix)
	return reflect.DeepEqual(shown.Plan, plan) && fixes.SamePlan(ready, shown)
}

// BlockedError is ErrBlocked with its reason.
type BlockedError struct{ Reason sys.Text }

func (e *BlockedError) Error() string { return string(e.Reason) }

func (e *BlockedError) Unwrap() error { return ErrBlocked }

// run executes the commands; the text says which one failed, and how.
func (fixing fixing) run(ctx context.Context, plan fixes.Prepared) sys.Text {
	tell := fixing.progress
	for index, one := range plan.Run {
		if one.Process != (proc.ProcessID{}) {
			if err := fixes.ProcessIs(ctx, fixing.machine, one.Process); err != nil {
				return sys.Textf("%s was not run, as the process is not what it was: %v", sys.CommandLine(one.Command.Argv), err)
			}
		}
		tell(Progress{Command: index, Started: true})
		command := one.Command
		command.Line = func(line sys.Text) { tell(Progress{Command: index, Line: line}) }
		output := fixing.machine.Run(ctx, command)
		tell(Progress{Command: index, Ended: true, Exit: output.Exit, Took: output.Took})
		if output.Err != nil {
			failure := sys.Textf("%s: %v", sys.CommandLine(command.Argv), output.Err) + firstLine(output.Stderr)
			if one.Failed != "" {
				failure = one.Failed + " " + failure
			}
			return failure
		}
		if one.Settled != nil {
			if err := one.Settled(ctx, fixing.machine); err != nil {
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

const (
	// patience is how long the effect of a fix may take after its commands ended:
	// Gunicorn's graceful timeout, or Nginx's attempts to bind (G28), or an app that is
	// still imported.
	patience = 35 * time.Second
	// impatience is for effects that come at once or not at all.
	impatience = 8 * time.Second
	pause      = 200 * time.Millisecond
)

// verify looks at the box until the effect is there, or patience ends; who is told to go
// meanwhile has less of it, but does not say of a fix that it failed without having waited.
func (fixing fixing) verify(ctx context.Context, fix fixes.Kind, present Examination, started time.Time) Outcome {
	before := box.New(present.facts)
	soon := time.Now().Add(impatience)
	told := ctx
	ctx, cancel := context.WithTimeout(context.WithoutCancel(told), patience)
	defer cancel()
	defer context.AfterFunc(told, func() { time.AfterFunc(impatience, cancel) })()
	for {
		outcome, settled := fixing.look(ctx, fix, present, started)
		unseen := outcome.After.facts == present.facts
		late := time.Now().After(soon) && fix.ID != "hup" && !unseen && !fixes.StillStarting(box.New(outcome.After.facts), before)
		if settled || late || ctx.Err() != nil {
			return outcome
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// look tells how far the effect is there. A service that was just started anew may be out of
// sight for a moment: that is no end of looking.
func (fixing fixing) look(ctx context.Context, fix fixes.Kind, present Examination, started time.Time) (outcome Outcome, settled bool) {
	after, err := Examine(context.WithoutCancel(ctx), fixing.machine, fixing.options, nil)
	if err != nil {
		return Outcome{Message: sys.Textf("%v", err), After: present}, false
	}
	if unshown := fixes.Exceeding(box.New(present.facts), box.New(after.facts)); unshown != "" {
		return Outcome{Message: unshown, Exceeds: true, After: after}, true
	}
	done, words := fix.Done(box.New(present.facts), box.New(after.facts), started)
	settled = done && after.Report.Verdict != report.Down && after.Report.Verdict != report.Mixed
	return Outcome{Done: done, Message: words + after.reasonInLog(done), After: after}, settled
}

// reasonInLog is the log's own word on why a fix did not take.
func (examination Examination) reasonInLog(done bool) sys.Text {
	if done || examination.facts == nil {
		return ""
	}
	if reason := box.Telling(examination.facts.Journal.Value); reason != "" {
		return " — its log says: " + reason
	}
	return ""
}
