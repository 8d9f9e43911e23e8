package facts

import (
	"context"
	"errors"
	"io/fs"

	"flasktui/sys"
)

// Fact is one thing that was asked of the box.
type Fact[T any] struct {
	Value T `json:"value"`
	// Known says that Value holds what the box has. Otherwise Why says of what kind the reason
	// is, and Problem puts it in words.
	Known   bool     `json:"known"`
	Why     Why      `json:"why,omitempty"`
	Problem sys.Text `json:"problem,omitempty"`
	// Source is the file that was read or the command that was run.
	Source string `json:"source,omitempty"`
}

// Why is of what kind the reason is for which something is not known; empty where it is.
type Why string

const (
	// WhyAbsent says that there is no such thing on this box (no Nginx installed, no unit),
	// which is knowledge too.
	WhyAbsent Why = "absent"
	// WhyNotAsked says that nothing hangs on it here, or there is nobody to ask.
	WhyNotAsked Why = "not-asked"
	// WhyDenied says that whoever looked had not the right to.
	WhyDenied Why = "denied"
	// WhyTimedOut says that the time was up before it was there.
	WhyTimedOut Why = "timed-out"
	// WhyFault says that flasktui itself has made a mistake.
	WhyFault Why = "fault"
	// WhyFailed is any other reason, which the words alone say.
	WhyFailed Why = "failed"
)

// whyOf tells the kind of an error from what it wraps.
func whyOf(err error) Why {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, sys.ErrNeedsPrivilege), errors.Is(err, fs.ErrPermission):
		return WhyDenied
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, sys.ErrNoAnswer):
		return WhyTimedOut
	}
	return WhyFailed
}

// Of makes a known fact.
func Of[T any](value T, source string) Fact[T] {
	return Fact[T]{Value: value, Known: true, Source: source}
}

// Missing makes a fact of absence: there is no such thing on this box.
func Missing[T any](problem sys.Text, source string) Fact[T] {
	return Fact[T]{Why: WhyAbsent, Problem: problem, Source: source}
}

// Unreadable makes a fact that could not be had.
func Unreadable[T any](problem sys.Text, source string) Fact[T] {
	return Fact[T]{Why: WhyFailed, Problem: problem, Source: source}
}

// unreadableFor makes a fact that could not be had for an error.
func unreadableFor[T any](err error, source string) Fact[T] {
	return Fact[T]{Why: whyOf(err), Problem: sys.Safe(err.Error()), Source: source}
}

// restsOn makes a fact that is not known because another one is not.
func restsOn[T, Other any](other Fact[Other], source string) Fact[T] {
	return Fact[T]{Why: other.Why, Problem: other.Problem, Source: source}
}

// Absent tells whether there is no such thing on this box.
func (fact Fact[T]) Absent() bool { return fact.Why == WhyAbsent }
