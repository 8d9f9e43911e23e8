package causes

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func mixedWorkers() Kind {
	return Kind{
		ID: "mixed-workers", Title: "Old and new workers answer in turn",
		Step:  walk.ServiceRestart().Number,
		Claim: report.ClaimLoaded,
		Hop:   report.HopWorkers,
		find:  findMixed,
		under: []func() Kind{orphanGunicorn},
		page: guide.Page{
			What: "Some workers of one master loaded the old code and some the new, so the same address answers differently " +
				"from one request to the next.",
			How: "Without preload, a worker that is replaced for any reason (max_requests, a timeout, lack of memory) loads " +
				"what is on disk at that moment. If a deploy put new files there and restarted nothing, the pool turns over " +
				"worker by worker.",
			Commands: []string{
				"ps -o pid,lstart --ppid {pid}",
				"for i in 1 2 3 4 5 6 7 8; do curl -s --unix-socket {socket} http://localhost/version; echo; done | sort | uniq -c",
			},
			Prevent: "Never change a tree that a process runs from: unpack each release into a directory of its own, switch the " +
				"link, restart at once.",
			Guard: []string{"rsync -a build/ {root}/releases/$RELEASE/", "ln -sfn {root}/releases/$RELEASE {root}/.next && mv -T {root}/.next {current}", "sudo systemctl restart {unit}"},
			See:   []string{"restart", "service-not-restarted"},
		},
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
	finding := &report.Finding{Confidence: confidence(byMarker || provenOld(b)), Fixes: fixes.IDs(fixes.TouchWSGI, fixes.ApacheReload, fixes.Restart)}
	if byTimes {
		finding.Why = sys.Textf("Of %d workers, %d imported the app before the code changed and %d after: a worker that died was replaced, and the new one reads the new code. Which code answers is chance.",
			fresh+old, old, fresh)
		for _, one := range b.Loaders {
			finding.Evidence = append(finding.Evidence, report.Observed(one.Label(), sys.Textf("%s — %s code", b.Clock(one.Process.Started), one.State), sys.Textf("/proc/%d/stat", one.Process.PID)))
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
	return slices.ContainsFunc(b.Loaders, func(one box.Loader) bool { return one.State == box.Stale && one.Certain })
}
