package box

import (
	"slices"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// RanBefore is the release that was the last, of all that are proved to have run here, before
// the one that the link leads to.
func (b *Box) RanBefore() (facts.PastRun, bool) {
	past := b.PastRuns.Value.Releases
	if !b.PastRuns.Known || len(past) == 0 || b.Deployment.Value.Link == nil {
		return facts.PastRun{}, false
	}
	return slices.MaxFunc(past, func(a, b facts.PastRun) int { return a.Loaded.Compare(b.Loaded) }), true
}

// NewDoesNotStart tells whether the release that the link leads to has not started since the
// link was moved to it: the first start ended by itself, in an error of Python's own.
func (b *Box) NewDoesNotStart() bool {
	return b.HasUnit && b.PastRuns.Known && !b.PastRuns.Value.FirstEnd.IsZero() && LastError(b.Journal.Value) != ""
}

// RanWords are the proof that a release ran here, as a sentence's end.
func (b *Box) RanWords(run facts.PastRun) sys.Text {
	if run.Recorded != "" {
		return sys.Textf("flasktui's own record has it that the service ran it, after the fix %s at %s", run.Recorded, b.Clock(run.Loaded))
	}
	return sys.Textf("systemd had %s load its code at %s, the service's own user compiled %s %d ms later, and that run went on until %s at least",
		b.Target.Service, b.Clock(run.Loaded), run.Bytecode, run.Compiled.Sub(run.Loaded).Milliseconds(), b.Clock(run.Until))
}
