package steps

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// findNotRestarted sees loaders that all began before the code changed (G1, G2).
func findNotRestarted(v *view) *report.Finding {
	_, old, _ := v.counts()
	oldest, any := v.oldest()
	if sibling, found := v.oldSibling(); found && old == 0 && slices.ContainsFunc(v.serving, v.isOwn) {
		runner, _ := v.RunBy(sibling)
		unit := runner.Name
		return &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("Nginx sends the site's requests to %s as well, and its processes hold the code from before the change: master %d runs since %s.",
				unit, sibling.Master.PID, v.clock(sibling.Master.Started)),
			Evidence: v.processEvidence(sibling),
			Advice:   sys.Textf("Look at it and cure it there: flasktui %s", unit),
		}
	}
	if !any || old == 0 {
		return v.notRestartedByMarker()
	}
	if oldest.frozen {
		return nil
	}
	finding := &report.Finding{
		Confidence: confidence(oldest.proven),
		Why: sys.Textf("The %s %d holds the code that it imported: %s. New code on disk is not imported until it is started again.",
			oldest.role, oldest.process.PID, oldest.why),
		Evidence: v.loaderEvidence(oldest),
		Fixes:    []string{"restart", "hup"},
	}
	if !oldest.proven && v.markerProves() {
		// The app itself names the new release: a file was touched, no more.
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("%s, but the app itself answers with the release on disk: probably the file was only touched.", oldest.why)
	}
	return finding
}

// markerProves tells whether every answer of the app names the release that should run,
// by something that was set when the process was started: a variable that it has, or a
// constant of the source. What may be read anew for each answer (a file, git) proves
// nothing of the code.
func (v *view) markerProves() bool {
	tally := v.appTally()
	marker := tally.only()
	if tally.failed > 0 || v.meaning(marker) != markerExpected {
		return false
	}
	return slices.Contains(v.Code.Value.Constants, marker) ||
		slices.Contains(slices.Collect(maps.Values(v.main.Master.Shown)), marker)
}

// notRestartedByMarker takes the app's own word where times say nothing: it names an
// older release although everything on disk looks right.
func (v *view) notRestartedByMarker() *report.Finding {
	marker := v.appTally().only()
	fresh, _, _ := v.counts()
	if meaning := v.meaning(marker); meaning != markerOld && meaning != markerOther || fresh > 0 && v.markerIsLabel(marker) {
		return nil
	}
	if fresh > 0 && v.Options.Expect == "" {
		// Everything else says new: an old label is worth a look, not an alarm.
		return &report.Finding{
			Confidence: report.Possible,
			Why: sys.Textf("The app calls itself %s, and the release on disk is %s, though it was started after the code last changed. Either the marker itself is old, or the app comes from elsewhere.",
				marker, v.activeIdentity().label()),
			Evidence: []report.Evidence{report.Observed("release marker", sys.Textf("%s", marker), v.markerSource())},
			Fixes:    []string{"restart"},
		}
	}
	if fresh > 0 {
		return nil
	}
	return &report.Finding{
		Confidence: report.Likely,
		Why:        sys.Textf("The app itself answers that it is %s, and the release on disk is %s.", marker, v.activeIdentity().label()),
		Evidence:   []report.Evidence{report.Observed("release marker", sys.Textf("%s", marker), v.markerSource())},
		Fixes:      []string{"restart", "hup"},
	}
}

func (v *view) markerSource() sys.Text {
	return sys.Textf("GET %s at %s", v.Site.Value.VersionPath, v.Site.Value.App.Where)
}

// loaderEvidence sets the start of a process beside the change of the code.
func (v *view) loaderEvidence(one loader) []report.Evidence {
	lines := []report.Evidence{
		report.Observed(one.role+" started", v.exactClock(one.process.Started, v.change.At)+sys.Textf(" (process %d)", one.process.PID), sys.Textf("/proc/%d/stat", one.process.PID)),
	}
	if !v.change.At.IsZero() {
		lines = append(lines, report.Observed("code changed", v.exactClock(v.change.At, one.process.Started)+" — "+v.change.What, v.change.Source))
	}
	if one.commitMoved(v) {
		lines = append(lines,
			report.Observed("commit it was started from", sys.Textf("%s", shortCommit(one.commit)), sys.Textf("%s/logs/HEAD (whole seconds)", v.Deployment.Value.Repository.GitDirectory)),
			report.Observed("commit on disk", sys.Textf("%s", shortCommit(v.Deployment.Value.Repository.Commit)), sys.Textf("%s/HEAD", v.Deployment.Value.Repository.GitDirectory)))
	} else if one.release != "" && one.release != v.Deployment.Value.Active && v.Target.Container == "" {
		lines = append(lines,
			report.Observed("it runs from", sys.Textf("%s", one.release), sys.Textf("readlink /proc/%d/cwd", one.process.PID)),
			report.Observed("release on disk", sys.Textf("%s", v.Deployment.Value.Active), "readlink -f"))
	}
	if tally := v.appTally(); len(tally.values) > 0 {
		lines = append(lines, report.Observed("the app answers", tally.words(), v.markerSource()))
	}
	return lines
}

// findPreloadReload sees workers that a HUP made anew from a master that had imported
// the app before the change (G3).
func findPreloadReload(v *view) *report.Finding {
	if !v.running || !v.preloadKnown || !v.preload {
		return nil
	}
	master, ok := v.oldest()
	if !ok || master.frozen {
		return nil
	}
	changed := v.change.At
	reloaded := slices.ContainsFunc(v.main.Workers, func(worker facts.Process) bool { return after(worker.Started, changed) })
	if !reloaded || changed.IsZero() {
		return nil
	}
	return &report.Finding{
		Confidence: confidence(master.proven),
		Why: sys.Textf("The master %d preloads the app and has done so before the code changed. Its workers are newer than the change, but they were forked from that master, old code included: a HUP cannot reload a preloaded app.",
			v.main.Master.PID),
		Evidence: append(v.loaderEvidence(master),
			report.Observed("newest worker started", v.clock(newestStart(v.main.Workers)), sys.Textf("/proc/%d/task/%d/children", v.main.Master.PID, v.main.Master.PID)),
			report.Observed("preload", "on", "Gunicorn's command line or configuration file")),
		Fixes: []string{"restart"},
	}
}

// findMixed sees workers of one master on both sides of the change, or an app that names
// two releases in turn (G6).
func findMixed(v *view) *report.Finding {
	fresh, old, _ := v.counts()
	tally := v.appTally()
	byTimes := v.mixedMaster() != 0
	byMarker := len(tally.values) > 1
	if !byTimes && !byMarker {
		return nil
	}
	if !byTimes && (len(v.Own())+len(v.orphans()) > 1 || !v.running || !v.Settings.Known || !v.showsWhoListens()) {
		// Two masters that answer in turn are told by what made the second one; and where it
		// could not be read who is at the address, nobody knows whether there is one.
		return nil
	}
	finding := &report.Finding{Confidence: confidence(byMarker || v.provenOld()), Fixes: []string{"restart"}}
	if byTimes {
		finding.Why = sys.Textf("Of %d workers, %d imported the app before the code changed and %d after: a worker that died was replaced, and the new one reads the new code. Which code answers is chance.",
			fresh+old, old, fresh)
		for _, one := range v.loaders {
			finding.Evidence = append(finding.Evidence, report.Observed(one.label(), sys.Textf("%s — %s code", v.clock(one.process.Started), one.age), sys.Textf("/proc/%d/stat", one.process.PID)))
		}
		finding.Evidence = append(finding.Evidence, report.Observed("code changed", v.clock(v.change.At)+" — "+v.change.What, v.change.Source))
	} else {
		finding.Why = sys.Textf("Asked %d times at its own socket, the app names %d different releases: its workers do not run the same code.", tally.asked, len(tally.values))
	}
	if byMarker {
		finding.Evidence = append(finding.Evidence, report.Observed("the app answers", tally.words(), v.markerSource()))
	}
	return finding
}

// label names a loader in a table of evidence.
func (one loader) label() string {
	return one.role + " " + strconv.Itoa(one.process.PID)
}

func (v *view) provenOld() bool {
	return slices.ContainsFunc(v.loaders, func(one loader) bool { return one.age == holdsOld && one.proven })
}

// findDeletedDirectory sees a process whose directory was removed under it (G9).
func findDeletedDirectory(v *view) *report.Finding {
	for _, gunicorn := range v.Own() {
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
					report.Observed("release on disk", sys.Textf("%s", v.Deployment.Value.Active), "readlink -f"),
				},
				Fixes: []string{"restart"},
			}
		}
	}
	return nil
}

// findFailed sees a unit that does not run, or that runs and has nobody listening.
func findFailed(v *view) *report.Finding {
	if !v.hasUnit {
		return v.containerFailed()
	}
	state := unitWords(v.unit)
	failed := v.unit.ActiveState == "failed" || v.unit.SubState == "auto-restart" || v.unit.ActiveState == "inactive" ||
		v.unit.ActiveState == "activating" && (v.Processes.Known && !v.running || v.unit.Restarts > 0)
	if !failed && !v.isSilent() {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Why:        sys.Textf("%s is %s: no process of it answers requests.", v.unit.Name, state),
		Evidence:   []report.Evidence{report.Observed("state", state+sys.Textf(", result %s", v.unit.Result), sys.Textf("systemctl show %s", v.unit.Name))},
		Advice:     sys.Textf("Read why first: journalctl -u %s -n 100 --no-pager. Starting it again would fail in the same way until that is mended.", v.unit.Name),
	}
	switch {
	case !failed:
		finding.Confidence = report.Likely
		finding.Why = sys.Textf("%s is %s, and nothing listens at %s. Either it is still starting, or it cannot.", v.unit.Name, state, strings.Join(v.Settings.Value.Wanted, ", "))
		finding.Evidence = append(finding.Evidence, report.Observed("main process started", v.clock(v.mainStarted()), sys.Textf("systemctl show %s", v.unit.Name)))
	case v.unit.ActiveState == "inactive" && v.unit.Result == "success":
		finding.Fixes = []string{"restart"}
		finding.Advice = "It was stopped, and did not fail."
	}
	if v.startRefusal(false) != "" {
		// Not offered, but shown with the reason why it would do harm.
		finding.Fixes = []string{"restart"}
	}
	if v.unit.Restarts > 0 {
		finding.Evidence = append(finding.Evidence, report.Observed("started again by systemd", sys.Textf("%d times", v.unit.Restarts), sys.Textf("systemctl show %s", v.unit.Name)))
	}
	if reason := telling(v.Journal.Value); reason != "" {
		finding.Evidence = append(finding.Evidence, report.Observed("the log's reason", reason, sys.Textf("journalctl -u %s", v.unit.Name)))
		finding.Why += sys.Textf(" Its log gives the reason: %s", reason)
	}
	return finding
}

// isSilent tells whether the unit counts as running, and nothing listens at any address
// that it is meant to hold.
func (v *view) isSilent() bool {
	if v.unit.ActiveState != "active" || v.unit.Type == "oneshot" || !v.unit.Gunicorn ||
		!v.Processes.Known || !v.Listeners.Known || v.Settings.Value.SocketActivated || len(v.Settings.Value.Wanted) == 0 {
		return false
	}
	if v.running && (len(v.ListenersOf(v.main)) > 0 || v.main.Master.Unreadable["sockets"] != "") {
		return false
	}
	return !slices.ContainsFunc(v.Settings.Value.Wanted, v.ListensAt)
}

// telling is the line of a log that says most: the last error of Python or Gunicorn, or
// else systemd's own.
func telling(lines []sys.Text) sys.Text {
	for _, marks := range [][]string{
		{"ModuleNotFoundError", "ImportError", "SyntaxError", "NameError", "FileNotFoundError", "PermissionError", "Error: ", "Connection in use", "Address already in use", "AppImportError", "Failed to find attribute"},
		{"Failed at step", "Failed to", "status=", "No such file"},
	} {
		for _, line := range slices.Backward(lines) {
			if slices.ContainsFunc(marks, func(mark string) bool { return strings.Contains(string(line), mark) }) {
				return line
			}
		}
	}
	return ""
}

func commandWords(words []sys.Text) sys.Text {
	var line []string
	for _, word := range words {
		line = append(line, string(word))
	}
	return sys.Textf("%s", strings.Join(line, " "))
}
