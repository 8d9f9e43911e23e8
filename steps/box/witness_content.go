package box

import "flasktui/sys"

// askContent: git's index and the bytecode know what a file held, whatever its times say.
func askContent(b *Box, one Loader) testimony {
	missed, started := one.Missed, one.Process.Started
	unsettled := After(b.Code.Value.Unsettled.At, started)
	switch {
	case started.IsZero() || !b.Code.Known:
	case missed.At.IsZero() && !b.Code.Value.Source.At.IsZero() && !unsettled && !b.Code.Value.Partial:
		return testimony{
			state: Current, source: sys.Textf("%s/index", b.Deployment.Value.Repository.GitDirectory),
			why: sys.Textf("all files have the content of commit %s, which it was started from", ShortCommit(one.Commit)),
		}
	case missed.Replaced && After(missed.At, started) && b.ClockDecides(missed.At, started):
		return testimony{
			state: Stale, source: sys.Textf("__pycache__ beside %s", missed.Path),
			why: sys.Textf("it started at %s, and %s was overwritten after that, the last change at %s: Python compiled it from different content, and its time was set back",
				b.ExactClock(started, missed.At), missed.Path, b.ExactClock(missed.At, started)),
		}
	}
	return testimony{}
}
