package steps_test

import (
	"slices"
	"strings"
	"testing"

	"flasktui/steps"
	"flasktui/steps/report"
)

// TestNoReportContradictsItself looks at each box as it is.
func TestNoReportContradictsItself(t *testing.T) {
	var met meetings
	everyBox(t, func(_ *testing.T, name string, examination steps.Examination) {
		for _, contradiction := range contradictions(examination.Report) {
			met.note(name+": "+contradiction, name)
		}
	})
	met.none(t)
}

// contradictions are what no report may say in one breath.
func contradictions(document report.Report) []string {
	var found []string
	claim := func(holds bool, words string) {
		if !holds {
			found = append(found, words)
		}
	}
	deciding := slices.DeleteFunc(slices.Clone(document.Causes), func(cause report.Finding) bool { return !cause.Decides() })
	// Step 13 advises how to reload, and is no part of the way from the URL to the disk.
	failing := func(step report.Result) bool {
		return step.Status == report.Fail || step.Status == report.Unknown && step.Number != 13
	}
	broken := func(hop report.Hop) bool { return hop.State == report.Fail }
	disk, loaded, served := document.Releases.OnDisk, document.Releases.Loaded, document.Releases.Served
	switch document.Verdict {
	case report.Fresh:
		claim(!slices.ContainsFunc(document.Steps, failing), "fresh, and a step fails or is unknown")
		claim(!slices.ContainsFunc(document.Path, broken), "fresh, and a hop is broken")
		claim(!slices.ContainsFunc(document.Path, func(hop report.Hop) bool { return hop.State == report.Unknown }), "fresh, and a hop is unknown")
		claim(len(deciding) == 0, "fresh, and a cause decides")
		claim(slices.ContainsFunc(document.Proof, func(one report.Claim) bool {
			return one.Claim == report.ClaimLoaded && one.State == report.Proved && strings.HasSuffix(string(document.Summary), string(one.Because))
		}), "fresh, and the summary does not say what proves it")
		claim(disk.ID == "" || loaded.ID == "" || loaded.ID == disk.ID, "fresh, and what is loaded is not what is on disk")
		claim(disk.ID == "" || served.ID == "" || sameAsDisk(served.ReleaseSummary, disk), "fresh, and what is served is not what is on disk")
	case report.Stale, report.Mixed:
		claim(len(deciding) > 0, "stale, and nothing decides it")
		claim(slices.ContainsFunc(document.Path, broken), "stale, and no hop is broken")
		// What is edited in place, or shared by all releases, has changed no name.
		older := loaded.ChangedAt.Before(disk.ChangedAt.Time)
		claim(document.Verdict != report.Stale || disk.ID == "" || loaded.ID != disk.ID || !sameAsDisk(served.ReleaseSummary, disk) || older || !aboutCode(document),
			"stale for its code, and neither a name nor a time sets the releases apart")
	case report.Down:
		claim(served.ID == "", "down, and something is served")
	case report.Inconclusive:
		claim(len(deciding) == 0, "inconclusive, and a cause decides")
	}
	if len(deciding) > 0 {
		claim(len(deciding[0].Fixes) > 0 || deciding[0].Advice != "", deciding[0].ID+" has neither fix nor advice")
		claim(len(deciding[0].Evidence) > 0, deciding[0].ID+" has no evidence")
	}
	for _, cause := range deciding {
		claim(document.Steps[cause.Step-1].Status == report.Fail, cause.ID+" decides, and its step does not fail")
		for _, line := range cause.Evidence {
			claim(line.Source != "" && line.Value != "", cause.ID+" has evidence without value or source")
		}
		for _, fix := range cause.Fixes {
			claim(slices.ContainsFunc(document.Fixes, func(plan report.Plan) bool { return plan.ID == fix }), cause.ID+" names a fix that is not made ready")
		}
	}
	for index, cause := range deciding {
		claim(index == 0 || cause.Confidence != report.Certain || deciding[index-1].Confidence == report.Certain || len(cause.Fixes) == 0,
			cause.ID+" is certain, has a cure, and stands below one that is likely")
	}
	for _, one := range claimContradictions(document, deciding) {
		claim(false, one)
	}
	for _, step := range document.Steps {
		claim(step.Status != report.Pending, step.ID+" is pending")
		claim(step.Status != report.Unknown && step.Status != report.Skipped || step.Reason != "", step.ID+" gives no reason")
		claim(step.Summary != "", step.ID+" says nothing")
	}
	return found
}

// claimContradictions are what the seven claims may not say beside the rest.
func claimContradictions(document report.Report, deciding []report.Finding) []string {
	var found []string
	states := map[report.ClaimState]int{}
	var refuting []string
	for _, one := range document.Proof {
		states[one.State]++
		refuting = append(refuting, one.Causes...)
		if one.Because == "" {
			found = append(found, string(one.Claim)+" gives no reason")
		}
		if (one.State == report.Refuted) != (len(one.Causes) > 0) {
			found = append(found, string(one.Claim)+" is refuted by nothing, or not refuted by its causes")
		}
	}
	for _, cause := range deciding {
		if !slices.Contains(refuting, cause.ID) {
			found = append(found, cause.ID+" decides, and refutes no claim")
		}
	}
	if len(document.Proof) != 7 {
		found = append(found, "not all seven claims are there")
	}
	shownBy := map[report.ClaimID][]string{
		report.ClaimIntended: {report.HopRelease, report.HopDirectory}, report.ClaimLoaded: {report.HopWorkers, report.HopMaster},
		report.ClaimWay: {report.HopURL, report.HopNginx, report.HopSocket}, report.ClaimCaches: {report.HopCache}, report.ClaimConfiguration: {report.HopUnit, report.HopNginx},
	}
	for _, one := range document.Proof {
		hops := shownBy[one.Claim]
		open := func(hop report.Hop) bool { return slices.Contains(hops, hop.Hop) && hop.State != report.OK }
		if one.State == report.Open && len(hops) > 0 && !slices.ContainsFunc(document.Path, open) {
			found = append(found, string(one.Claim)+" is open, and every hop that shows it is good")
		}
	}
	for _, one := range document.Proof {
		holdsOld := func(hop report.Hop) bool {
			return hop.Hop == report.HopWorkers && strings.Contains(string(hop.Detail), "old code, loaded")
		}
		if one.Claim == report.ClaimLoaded && len(deciding) > 0 && one.State != report.Refuted && slices.ContainsFunc(document.Path, holdsOld) {
			found = append(found, "loaded is not refuted, and its hop says that old code is held")
		}
		root := slices.IndexFunc(deciding, func(cause report.Finding) bool { return slices.Contains(one.Causes, cause.ID) })
		if root >= 0 && deciding[root].ID != one.Causes[0] {
			found = append(found, string(one.Claim)+" is refuted by what follows from "+deciding[root].ID+" before it is by that itself")
		}
	}
	wanted := report.Fresh
	switch {
	case states[report.Refuted] > 0:
		wanted = report.Stale
	case states[report.Open] > 0:
		wanted = report.Inconclusive
	}
	if verdict := document.Verdict; verdict != report.Down && verdict != wanted && (verdict != report.Mixed || wanted != report.Stale) {
		found = append(found, string(verdict)+", and the claims are "+string(wanted))
	}
	return found
}

// sameAsDisk tells whether the site names the release that is on disk.
func sameAsDisk(served report.ReleaseSummary, disk report.ReleaseSummary) bool {
	name := string(served.ID)
	return name == string(disk.ID) || name != "" && (strings.HasPrefix(string(disk.Commit), name) || strings.HasPrefix(string(disk.ID), name+" "))
}

// aboutCode tells a first cause that is about which release the processes hold. A link that
// leads nowhere, a Gunicorn beside the unit's own, and a container that is not what is on disk
// (its settings, the Nginx before it) are faults whatever they hold.
func aboutCode(document report.Report) bool {
	causes := document.Causes
	// A container may be stale for its settings, or for Nginx's image, with all code loaded.
	loaded := slices.ContainsFunc(document.Proof, func(one report.Claim) bool { return one.Claim == report.ClaimLoaded && one.State == report.Proved })
	return len(causes) > 0 && !loaded && slices.Contains([]string{
		"service-not-restarted", "mixed-workers", "hup-with-preload", "release-dir-deleted", "unit-points-to-old-path", "daemon-reload-needed",
		"unit-change-not-applied", "symlink-not-switched", "deployed-elsewhere",
	}, causes[0].ID)
}
