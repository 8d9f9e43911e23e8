package box

import (
	"flasktui/sys"
)

// askLabel: what the app answers as its release is none of the names that the source on disk has
// where its view takes that from, and the only one of that kind there is another one. A label
// that is the same says nothing (G49). It is asked where something changed since the start, and
// nothing else tells whether that is other code.
func askLabel(b *Box, one Loader) testimony {
	label, started := b.Label.Value, one.Process.Started
	changed := b.unknownChange(one)
	if label.Path == "" || started.IsZero() || changed == "" || len(b.Own()) != 1 || !b.isOwnProcess(one.Process) {
		return testimony{}
	}
	where := sys.Textf("%s", label.Path)
	if label.Line > 0 {
		where += sys.Textf(", line %d", label.Line)
	}
	site := b.Site.Value
	return testimony{
		state: Stale, source: sys.Textf("GET %s at %s, and %s", site.VersionAt(site.App), site.App.Where, label.Path),
		why: sys.Textf("%s; and it answers %q at %s each time, which the code on disk would not: it takes that from %s, where another one stands now",
			changed, b.AppTally().Only(), site.VersionAt(site.App), where),
	}
}

// unknownChange is what changed after the start of a process, and may have brought other code, or
// the same again; empty where nothing did, or something surely did.
func (b *Box) unknownChange(one Loader) sys.Text {
	started, unsettled, entered := one.Process.Started, b.Code.Value.Unsettled, b.Deployment.Value.Entered
	switch {
	case After(one.Missed.At, started):
	case After(unsettled.At, started):
		return sys.Textf("it started at %s, before %s changed in some way at %s", b.ExactClock(started, unsettled.At), unsettled.Path, b.ExactClock(unsettled.At, started))
	case one.Process.Unreadable["directory"] != "" && entered != nil && entered.Problem == "" && After(entered.Changed, started):
		return sys.Textf("it started at %s, before %s was recreated, or may have been, at %s", b.ExactClock(started, entered.Changed), entered.Name, b.ExactClock(entered.Changed, started))
	}
	return ""
}
