package causes

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// findNotRestarted sees loaders that all began before the code changed (G1, G2).
func findNotRestarted(b *box.Box) *report.Finding {
	_, old, _ := b.Counts()
	oldest, any := b.Oldest()
	if sibling, found := b.OldSibling(); found && old == 0 && slices.ContainsFunc(b.Serving, b.IsOwn) {
		runner, _ := b.RunBy(sibling)
		unit := runner.Name
		return &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("Nginx sends the site's requests to %s as well, and its processes hold the code from before the change: master %d runs since %s.",
				unit, sibling.Master.PID, b.Clock(sibling.Master.Started)),
			Evidence: ProcessEvidence(b, sibling),
			Advice:   sys.Textf("Look at it and cure it there: flasktui %s", unit),
		}
	}
	if !any || old == 0 {
		return notRestartedByMarker(b)
	}
	if oldest.Frozen {
		return nil
	}
	finding := &report.Finding{
		Confidence: confidence(oldest.Proven),
		Why: sys.Textf("The %s %d holds the code that it imported: %s. New code on disk is not imported until it is started again.",
			oldest.Role, oldest.Process.PID, oldest.Why),
		Evidence: loaderEvidence(b, oldest),
		Fixes:    []string{"restart", "hup"},
	}
	if !oldest.Proven && b.MarkerProves() {
		// The app itself names the new release: a file was touched, no more.
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("%s, but the app itself answers with the release on disk: probably the file was only touched.", oldest.Why)
	}
	return finding
}

// notRestartedByMarker takes the app's own word where times say nothing: it names an
// older release although everything on disk looks right.
func notRestartedByMarker(b *box.Box) *report.Finding {
	marker := b.AppTally().Only()
	fresh, _, _ := b.Counts()
	if meaning := b.Meaning(marker); meaning != box.MarkerOld && meaning != box.MarkerOther || fresh > 0 && b.MarkerIsLabel(marker) {
		return nil
	}
	if fresh > 0 && b.Options.Expect == "" {
		// Everything else says new: an old label is worth a look, not an alarm.
		return &report.Finding{
			Confidence: report.Possible,
			Why: sys.Textf("The app calls itself %s, and the release on disk is %s, though it was started after the code last changed. Either the marker itself is old, or the app comes from elsewhere.",
				marker, b.ActiveIdentity().Label()),
			Evidence: []report.Evidence{report.Observed("release marker", sys.Textf("%s", marker), markerSource(b))},
			Fixes:    []string{"restart"},
		}
	}
	if fresh > 0 {
		return nil
	}
	return &report.Finding{
		Confidence: report.Likely,
		Why:        sys.Textf("The app itself answers that it is %s, and the release on disk is %s.", marker, b.ActiveIdentity().Label()),
		Evidence:   []report.Evidence{report.Observed("release marker", sys.Textf("%s", marker), markerSource(b))},
		Fixes:      []string{"restart", "hup"},
	}
}

func markerSource(b *box.Box) sys.Text {
	return sys.Textf("GET %s at %s", b.Site.Value.VersionPath, b.Site.Value.App.Where)
}

// loaderEvidence sets the start of a process beside the change of the code.
func loaderEvidence(b *box.Box, one box.Loader) []report.Evidence {
	lines := []report.Evidence{
		report.Observed(one.Role+" started", b.ExactClock(one.Process.Started, b.Change.At)+sys.Textf(" (process %d)", one.Process.PID), sys.Textf("/proc/%d/stat", one.Process.PID)),
	}
	if !b.Change.At.IsZero() {
		lines = append(lines, report.Observed("code changed", b.ExactClock(b.Change.At, one.Process.Started)+" — "+b.Change.What, b.Change.Source))
	}
	if one.CommitMoved(b) {
		lines = append(lines,
			report.Observed("commit it was started from", sys.Textf("%s", box.ShortCommit(one.Commit)), sys.Textf("%s/logs/HEAD (whole seconds)", b.Deployment.Value.Repository.GitDirectory)),
			report.Observed("commit on disk", sys.Textf("%s", box.ShortCommit(b.Deployment.Value.Repository.Commit)), sys.Textf("%s/HEAD", b.Deployment.Value.Repository.GitDirectory)))
	} else if one.Release != "" && one.Release != b.Deployment.Value.Active && b.Target.Container == "" {
		lines = append(lines,
			report.Observed("it runs from", sys.Textf("%s", one.Release), sys.Textf("readlink /proc/%d/cwd", one.Process.PID)),
			report.Observed("release on disk", sys.Textf("%s", b.Deployment.Value.Active), "readlink -f"))
	}
	if tally := b.AppTally(); len(tally.Values) > 0 {
		lines = append(lines, report.Observed("the app answers", tally.Words(), markerSource(b)))
	}
	return lines
}

// findPreloadReload sees workers that a HUP made anew from a master that had imported
// the app before the change (G3).
func findPreloadReload(b *box.Box) *report.Finding {
	if !b.Running || !b.PreloadKnown || !b.Preload {
		return nil
	}
	master, ok := b.Oldest()
	if !ok || master.Frozen {
		return nil
	}
	changed := b.Change.At
	reloaded := slices.ContainsFunc(b.Gunicorn.Workers, func(worker facts.Process) bool { return box.After(worker.Started, changed) })
	if !reloaded || changed.IsZero() {
		return nil
	}
	return &report.Finding{
		Confidence: confidence(master.Proven),
		Why: sys.Textf("The master %d preloads the app and has done so before the code changed. Its workers are newer than the change, but they were forked from that master, old code included: a HUP cannot reload a preloaded app.",
			b.Gunicorn.Master.PID),
		Evidence: append(loaderEvidence(b, master),
			report.Observed("newest worker started", b.Clock(box.NewestStart(b.Gunicorn.Workers)), sys.Textf("/proc/%d/task/%d/children", b.Gunicorn.Master.PID, b.Gunicorn.Master.PID)),
			report.Observed("preload", "on", "Gunicorn's command line or configuration file")),
		Fixes: []string{"restart"},
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

// findDeletedDirectory sees a process whose directory was removed under it (G9).
func findDeletedDirectory(b *box.Box) *report.Finding {
	for _, gunicorn := range b.Own() {
		for _, process := range append([]facts.Process{gunicorn.Master}, gunicorn.Workers...) {
			directory, deleted := strings.CutSuffix(process.Directory, " (deleted)")
			if !deleted {
				continue
			}
			return &report.Finding{
				Confidence: report.Certain,
				Why: sys.Textf("Process %d stands in %s, which was removed, most likely when old releases were pruned. What it serves it imported before that; a HUP would kill it, since Gunicorn cannot enter the directory again.",
					process.PID, directory),
				Evidence: []report.Evidence{
					report.Observed("working directory", sys.Textf("%s", process.Directory), sys.Textf("readlink /proc/%d/cwd", process.PID)),
					report.Observed("release on disk", sys.Textf("%s", b.Deployment.Value.Active), "readlink -f"),
				},
				Fixes: []string{"restart"},
			}
		}
	}
	return nil
}

// findFailed sees a unit that does not run, or that runs and has nobody listening.
func findFailed(b *box.Box) *report.Finding {
	if !b.HasUnit {
		return containerFailed(b)
	}
	state := box.UnitWords(b.Unit)
	failed := b.Unit.ActiveState == "failed" || b.Unit.SubState == "auto-restart" || b.Unit.ActiveState == "inactive" ||
		b.Unit.ActiveState == "activating" && (b.Processes.Known && !b.Running || b.Unit.Restarts > 0)
	if !failed && !isSilent(b) {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Why:        sys.Textf("%s is %s: no process of it answers requests.", b.Unit.Name, state),
		Evidence:   []report.Evidence{report.Observed("state", state+sys.Textf(", result %s", b.Unit.Result), sys.Textf("systemctl show %s", b.Unit.Name))},
		Advice:     sys.Textf("Read why first: journalctl -u %s -n 100 --no-pager. Starting it again would fail in the same way until that is mended.", b.Unit.Name),
	}
	switch {
	case !failed:
		finding.Confidence = report.Likely
		finding.Why = sys.Textf("%s is %s, and nothing listens at %s. Either it is still starting, or it cannot.", b.Unit.Name, state, strings.Join(b.Settings.Value.Wanted, ", "))
		finding.Evidence = append(finding.Evidence, report.Observed("main process started", b.Clock(b.MainStarted()), sys.Textf("systemctl show %s", b.Unit.Name)))
	case b.Unit.ActiveState == "inactive" && b.Unit.Result == "success":
		finding.Fixes = []string{"restart"}
		finding.Advice = "It was stopped, and did not fail."
	}
	if b.StartRefusal(false) != "" {
		// Not offered, but shown with the reason why it would do harm.
		finding.Fixes = []string{"restart"}
	}
	if b.Unit.Restarts > 0 {
		finding.Evidence = append(finding.Evidence, report.Observed("started again by systemd", sys.Textf("%d times", b.Unit.Restarts), sys.Textf("systemctl show %s", b.Unit.Name)))
	}
	if reason := box.Telling(b.Journal.Value); reason != "" {
		finding.Evidence = append(finding.Evidence, report.Observed("the log's reason", reason, sys.Textf("journalctl -u %s", b.Unit.Name)))
		finding.Why += sys.Textf(" Its log gives the reason: %s", reason)
	}
	return finding
}

// box.isSilent tells whether the unit counts as running, and nothing listens at any address
// that it is meant to hold.
func isSilent(b *box.Box) bool {
	if b.Unit.ActiveState != "active" || b.Unit.Type == "oneshot" || !b.Unit.Gunicorn ||
		!b.Processes.Known || !b.Listeners.Known || b.Settings.Value.SocketActivated || len(b.Settings.Value.Wanted) == 0 {
		return false
	}
	if b.Running && (len(b.ListenersOf(b.Gunicorn)) > 0 || b.Gunicorn.Master.Unreadable["sockets"] != "") {
		return false
	}
	return !slices.ContainsFunc(b.Settings.Value.Wanted, b.ListensAt)
}

func commandWords(words []sys.Text) sys.Text {
	var line []string
	for _, word := range words {
		line = append(line, string(word))
	}
	return sys.Textf("%s", strings.Join(line, " "))
}

// ProcessEvidence lists a master with its workers.
func ProcessEvidence(b *box.Box, gunicorn facts.Gunicorn) []report.Evidence {
	lines := []report.Evidence{report.Observed("master", sys.Textf("process %d since %s, in %s", gunicorn.Master.PID, b.Clock(gunicorn.Master.Started), cmp.Or(gunicorn.Master.Cgroup.Unit, "no unit")), sys.Textf("/proc/%d", gunicorn.Master.PID))}
	if b.Units.Known && b.IsLoose(gunicorn) {
		lines = append(lines, report.Observed("who started it", b.StartedBy(gunicorn), sys.Textf("/proc/%d/cgroup and its parents", gunicorn.Master.PID)))
	}
	for _, worker := range gunicorn.Workers {
		lines = append(lines, report.Observed("worker", sys.Textf("process %d since %s", worker.PID, b.Clock(worker.Started)), sys.Textf("/proc/%d/stat", worker.PID)))
	}
	for _, listener := range b.ListenersOf(gunicorn) {
		lines = append(lines, report.Observed("listens at", sys.Textf("%s", facts.ListenerAddress(listener)), sys.Textf("/proc/%d/fd and /proc/net", gunicorn.Master.PID)))
	}
	return lines
}
