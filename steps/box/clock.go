package box

import (
	"time"

	"flasktui/sys"
)

// Clock writes a time as a person on the box would read it, with the day where it is not
// the day of the look.
func (b *Box) Clock(at time.Time) sys.Text {
	if at.IsZero() {
		return "unknown"
	}
	at = at.In(b.TakenAt.Location())
	if at.YearDay() == b.TakenAt.YearDay() && at.Year() == b.TakenAt.Year() {
		return sys.Text(at.Format("15:04:05"))
	}
	return sys.Text(at.Format("2006-01-02 15:04:05"))
}

// ExactClock is clock with milliseconds, for times that lie close together.
func (b *Box) ExactClock(at, other time.Time) sys.Text {
	if gap := at.Sub(other); gap > -2*time.Second && gap < 2*time.Second {
		return sys.Text(at.In(b.TakenAt.Location()).Format("15:04:05.000"))
	}
	return b.Clock(at)
}
