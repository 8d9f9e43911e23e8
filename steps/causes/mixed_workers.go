package causes

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

func mixedWorkers() Kind {
	return Kind{
		ID: "mixed-workers", Title: "Old and new workers answer in turn", Step: 4,
		Hop:   report.HopWorkers,
		find:  findMixed,
		under: []func() Kind{orphanGunicorn},
	}
}

// findMixed sees workers of one master on both sides of the change, or an app that names
// two releases in turn (G6).
func findMixed(b *box.Box) *report.Finding {
	fresh, old, _ := b.Counts()
	tally := b.AppTally()
	byTimes := b.MixedMaster() != 0
	byMarker := len(tally.Values) > 1
	if !byTimes && !byMarker {
		return nil
	}
	if !byTimes && (len(b.Own())+len(b.Orphans()) > 1 || !b.Running || !b.Settings.Known || !showsWhoListens(b)) {
		// Two masters that answer in turn are told by what made the second one; and where it
		// could not be read who is at the address, nobody knows whether there is one.
		return nil
	}
	finding := &report.Finding{Confidence: confidence(byMarker || provenOld(b)), Fixes: []string{"restart"}}
	if byTimes {
		finding.Why = sys.Textf("Of %d workers, %d imported the app before the code changed and %d after: a worker that died was replaced, and the new one reads the new code. Which code answers is chance.",
			fresh+old, old, fresh)
		for _, one := range b.Loaders {
			finding.Evidence = append(finding.Evidence, report.Observed(one.Label(), sys.Textf("%s — %s code", b.Clock(one.Process.Started), one.Age), sys.Textf("/proc/%d/stat", one.Process.PID)))
		}
		finding.Evidence = append(finding.Evidence, report.Observed("code changed", b.Clock(b.Change.At)+" — "+b.Change.What, b.Change.Source))
	} else {
		finding.Why = sys.Textf("Asked %d times at its own socket, the app names %d different releases: its workers do not run the same code.", tally.Asked, len(tally.Values))
	}
	if byMarker {
		finding.Evidence = append(finding.Evidence, report.Observed("the app answers", tally.Words(), markerSource(b)))
	}
	return finding
}

func provenOld(b *box.Box) bool {
	return slices.ContainsFunc(b.Loaders, func(one box.Loader) bool { return one.Age == box.HoldsOld && one.Proven })
}
