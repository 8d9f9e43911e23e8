package box

import (
	"time"

	"flasktui/sys"
)

// This file is how a time is told: with its date and zone, as what is said is read elsewhere and
// later, and with how long ago it was, so that of two times it is plain which came first.

// Date is a time as a person on the box would read it, with its date and zone.
func (b *Box) Date(at time.Time) sys.Text {
	if at.IsZero() {
		return "a time that is not known"
	}
	return sys.Text(at.In(b.TakenAt.Location()).Format("2006-01-02 15:04:05 MST"))
}

// Clock is Date with how long before the look it was.
func (b *Box) Clock(at time.Time) sys.Text {
	if at.IsZero() || at.Sub(b.TakenAt) > clockSkew {
		return b.Date(at)
	}
	return b.Date(at) + " (" + b.Ago(at) + ")"
}

// ExactClock is Clock, or Date with milliseconds, for times that lie close together.
func (b *Box) ExactClock(at, other time.Time) sys.Text {
	if IsClose(at, other) {
		return sys.Text(at.In(b.TakenAt.Location()).Format("2006-01-02 15:04:05.000 MST"))
	}
	return b.Clock(at)
}

// Since is a time as a sentence puts it that sets it beside another one: how long ago first, as
// that shows which came first; where both are as long ago, the time itself.
func (b *Box) Since(at, other time.Time) sys.Text {
	if IsClose(at, other) || at.IsZero() || at.Sub(b.TakenAt) > clockSkew || b.Ago(at) == b.Ago(other) {
		return "at " + b.ExactClock(at, other)
	}
	return b.Ago(at) + " (" + b.Date(at) + ")"
}

// IsClose tells whether two times lie so close together that the second would not tell which
// came first.
func IsClose(at, other time.Time) bool {
	return !at.IsZero() && !other.IsZero() && at.Sub(other).Abs() < 2*time.Second
}

// clockSkew is how far ahead of the look's beginning a time may be that is of the look itself.
const clockSkew = time.Minute

// Ago is how long before the look a time was, in the one unit that tells it best; a time to
// come is told by its date.
func (b *Box) Ago(at time.Time) sys.Text {
	passed := b.TakenAt.Sub(at)
	switch {
	case at.IsZero(), passed < -clockSkew:
		return b.Date(at)
	case passed < 10*time.Second:
		return "just now"
	}
	return sys.Span(passed) + " ago"
}
