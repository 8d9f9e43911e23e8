package steps

import (
	"context"
	"time"

	"flasktui/sys"
)

// action is one command of a plan with what surrounds it.
type action struct {
	command sys.Command
}

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
	// After is the box examined again.
	After Examination
}

// Apply runs a plan that a person has confirmed: it examines the preconditions once
// more, runs the commands in order and stops at the first failure, waits for the effect
// and examines the box again. A blocked plan runs nothing and is an error.
func Apply(ctx context.Context, machine sys.Machine, options Options, before Examination, plan Plan, progress func(Progress)) (Outcome, error) {
	panic("to be written")
}
