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

func serviceNotRestarted() Kind {
	return Kind{
		ID: "service-not-restarted", Title: "The service was not restarted after the code changed",
		Step:   walk.ServiceRestart().Number,
		Claim:  report.ClaimLoaded,
		Hop:    report.HopWorkers,
		common: true,
		find:   findNotRestarted,
		under:  []func() Kind{unitPointsToOldPath, daemonReloadNeeded, unitChangeNotApplied, releaseDirDeleted, hupWithPreload, mixedWorkers, orphanGunicorn, serviceFailed, symlinkBroken},
		page: guide.Page{
			What: "The processes that answer read their code before it changed, and Python never reads a module twice. The " +
				"disk is new, the memory is old.",
			How: "A `git pull` or an rsync without a restart; a deploy script that stopped before its last line; a restart that " +
				"ran before the files were all there; a restart of another unit; `pip install` into the virtualenv of a service that runs.",
			Commands: []string{
				"systemctl show {unit} -p ExecMainStartTimestamp",
				"ps -o pid,lstart,args --ppid {pid} -p {pid}",
				"git -C {current} reflog -n 1 --date=iso",
			},
			Prevent: "Let the deploy end with the restart, and with a check that fails the deploy when the release is not live.",
			Guard: []string{
				"set -euo pipefail",
				"sudo systemctl restart {unit}",
				"flasktui check {unit} --expect \"$(git -C {current} rev-parse HEAD)\" --retry-timeout 60s",
			},
			See: []string{"restart", "hup", "service-restart"},
		},
	}
}

// findNotRestarted sees loaders that all began before the code changed (G1, G2).
func findNotRestarted(b *box.Box) *report.Finding {
	_, old, _ := b.Counts()
	oldest, known := b.Oldest()
	if !known || old == 0 {
		return notRestartedByMarker(b)
	}
	if oldest.Frozen {
		return nil
	}
	return &report.Finding{
		Confidence: confidence(oldest.Certain),
		Why: sys.Textf("The %s %d holds the code that it imported: %s. New code on disk is not imported until it is started again.",
			oldest.Role, oldest.Process.PID, oldest.Why),
		Evidence: loaderEvidence(b, oldest),
		Fixes:    fixes.IDs(fixes.TouchWSGI, fixes.ApacheReload, fixes.Restart, fixes.HUP),
	}
}

// notRestartedByMarker takes the app's own word where times say nothing: it names an
// older release although everything on disk looks right.
func notRestartedByMarker(b *box.Box) *report.Finding {
	marker := b.AppTally().Only()
	fresh, _, _ := b.Counts()
	meaning := b.Meaning(marker)
	ownApp := len(b.Serving) == 0 && (b.Running || b.HasUnit && !b.Unit.Serves) || slices.ContainsFunc(b.Serving, b.IsOwn) || len(b.Orphans()) > 0
	switch {
	case !b.Deployment.Known:
		// That it is not what is expected does not say that what is on disk is.
		return nil
	case meaning != box.MarkerOld && meaning != box.MarkerOther:
		return nil
	case b.SeesOwn() && !ownApp:
		// What answers is another app, and so is its marker.
		return nil
	case fresh > 0 && (b.Options.Expect != "" || b.MarkerIsLabel(marker) || findShadow(b) != nil || findBytecode(b) != nil):
		// Its processes are young, and something else explains the name.
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Likely,
		Why:        sys.Textf("The app itself answers that it is %s, and the release on disk is %s.", marker, b.ActiveIdentity().Label()),
		Evidence:   []report.Evidence{report.Observed("release marker", sys.Textf("%s", marker), markerSource(b))},
		Fixes:      fixes.IDs(fixes.TouchWSGI, fixes.ApacheReload, fixes.Restart, fixes.HUP),
	}
	switch {
	case fresh > 0:
		// Everything else says new: an old label is worth a look, not an alarm.
		finding.Confidence, finding.Fixes = report.Possible, fixes.IDs(fixes.TouchWSGI, fixes.ApacheReload, fixes.Restart)
		finding.Why = sys.Textf("The app calls itself %s, and the release on disk is %s, though it was started after the code last changed. Either the marker itself is old, or the app comes from elsewhere.",
			marker, b.ActiveIdentity().Label())
	case !b.SeesLoaded():
		// What would explain the name otherwise could not be looked for.
		finding.Confidence = report.Possible
	}
	return finding
}
