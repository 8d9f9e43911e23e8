package box

import (
	"time"

	"flasktui/sys"
)

// askTimes compares the start of a process with the last change of the source: by its birth
// and its inode, or by its modification time, which a touch looks like.
func askTimes(b *Box, one Loader) testimony {
	missed, started, code := one.Missed, one.Process.Started, b.Code.Value
	said := testimony{source: sys.Textf("statx %s and /proc/%d/stat", missed.Path, one.Process.PID)}
	open := func(why sys.Text) testimony { return testimony{state: Undetermined, why: why} }
	switch {
	case started.IsZero():
		return open("its start could not be read")
	case !b.Code.Known:
		return open(sys.Textf("the code could not be read: %s", b.Code.Problem))
	case missed.At.IsZero() && code.Unsettled.At.IsZero() && code.Source.At.IsZero():
		return open(sys.Textf("no Python source was found under %s", code.Tree))
	case !b.ClockDecides(missed.At, started):
		return open(b.ClockWords())
	case After(missed.At, started):
		// Importing takes a process a moment: what is written right after its start
		// may still be what it reads.
		const importing = 2 * time.Second
		replaced := missed.At.Sub(missed.SourceTime).Abs() > clockGrain || one.CommitMoved(b)
		said.state = Stale
		said.certain = replaced && missed.At.Sub(started) > importing || missed.Imported(started)
		said.why = sys.Textf("it started at %s, before %s changed at %s",
			b.ExactClock(started, missed.At), missed.Path, b.ExactClock(missed.At, started))
	case After(code.Unsettled.At, started):
		return open(sys.Textf("%s changed in some way at %s, after it started, and nothing tells whether the process holds what it was before: %s",
			code.Unsettled.Path, b.Clock(code.Unsettled.At), code.Unsettled.Unsettled))
	case code.Partial:
		return open("the tree was too large, or could not be read, to be looked at whole")
	default:
		said.state = Current
		last := missed.At
		if last.IsZero() {
			last = code.Unsettled.At
		}
		said.why = sys.Textf("it started at %s, after the last change of the code at %s", b.ExactClock(started, last), b.ExactClock(last, started))
	}
	return said
}
