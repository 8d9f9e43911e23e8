package steps

import (
	"cmp"
	"context"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Progress is one event while a fix runs. The type belongs to the fixes; the faces need not
// know that room, nor for the errors.
type Progress = fixes.Progress

// BlockedError is ErrBlocked with its reason.
type BlockedError = fixes.BlockedError

var (
	// ErrBlocked means that a precondition of a fix does not hold.
	ErrBlocked = fixes.ErrBlocked
	// ErrChanged means that the box is no longer as it was when the person confirmed.
	ErrChanged = fixes.ErrChanged
)

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
	// After is the box examined again.
	After Examination
}

// ForFix has a look wait longer, as what a fix rests on and what it came to must be known, on a
// busy box too: a box that is not busy answers as soon as ever.
func ForFix(options Options) Options {
	const times = 3
	options.Timeout = times * cmp.Or(options.Timeout, DefaultTimeout)
	return options
}

// Apply runs a plan that a person has confirmed, and examines the box before and after it:
// see [fixes.Runner.Apply]. progress, if not nil, is told of every command and line, one
// call at a time.
//
// Commands marked Terminal go to the machine like all others: a face that owns a terminal
// wraps its machine to run them there.
func Apply(ctx context.Context, machine sys.Machine, options Options, before Examination, plan report.Plan, progress func(Progress)) (Outcome, error) {
	shown := fixes.Judged{Report: before.Report}
	if before.facts != nil {
		shown.Box = box.New(before.facts)
	}
	options = ForFix(options)
	look := func(ctx context.Context) (fixes.Judged, error) {
		examination, err := Examine(ctx, machine, options, nil)
		if err != nil {
			return fixes.Judged{}, err
		}
		// From here on it is this service, whatever else may be found, or not yet.
		options.Service = examination.facts.Target.Service
		return fixes.Judged{Box: box.New(examination.facts), Report: examination.Report}, nil
	}
	outcome, err := fixes.Runner{Machine: machine, Look: look, Progress: progress}.Apply(ctx, shown, plan)
	after := before
	if outcome.After.Box != shown.Box {
		after = Examination{Report: outcome.After.Report, facts: outcome.After.Box.Facts}
	}
	return Outcome{Done: outcome.Done, Open: outcome.Open, Message: outcome.Message, Exceeds: outcome.Exceeds, After: after}, err
}
