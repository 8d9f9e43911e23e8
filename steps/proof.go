package steps

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

// claim is how one of the seven is judged where no cause refutes it.
type claim struct {
	id report.ClaimID
	// against says what shows by itself that the claim is false; empty for nothing. It is asked
	// where causes decide and none of them bears on this claim: they explain it.
	against func(*box.Box) sys.Text
	// doubt is what is not known and would have to be, beside what the claim's steps say;
	// empty for nothing.
	doubt func(*box.Box) sys.Text
	// none is why the claim does not apply here; empty where it does.
	none func(*box.Box) sys.Text
	// proof says what proves it.
	proof func(*box.Box) sys.Text
	// hops of the request path show it, and leave it open where they are broken or unknown.
	// The first one says that it is open, where none of them says so already.
	hops []string
	// besides is a hop that shows it, and belongs to another claim as well.
	besides string
}

// shownAt tells whether a hop shows the claim.
func (one claim) shownAt(hop report.Hop) bool {
	return hop.Hop == one.besides || slices.Contains(one.hops, hop.Hop)
}

// claims are the seven, in the order in which a person would ask for them.
func claims() []claim {
	return []claim{
		{id: report.ClaimIntended, doubt: intendedDoubt, proof: intendedProof, hops: []string{report.HopRelease, report.HopDirectory}},
		{id: report.ClaimLoaded, against: oldCodeHeld, doubt: loadedDoubt, proof: loadedProof, hops: []string{report.HopWorkers, report.HopMaster}},
		{id: report.ClaimWay, doubt: wayDoubt, proof: wayProof, hops: []string{report.HopURL, report.HopNginx, report.HopSocket}},
		{id: report.ClaimFiles, doubt: filesDoubt, none: filesNone, proof: filesProof},
		{id: report.ClaimCaches, doubt: cachesDoubt, proof: cachesProof, hops: []string{report.HopCache}},
		{id: report.ClaimEnvironment, doubt: environmentDoubt, proof: environmentProof},
		{id: report.ClaimConfiguration, doubt: configurationDoubt, proof: configurationProof, hops: []string{report.HopUnit}, besides: report.HopNginx},
	}
}

// prove sets out the seven claims: each is refuted by the deciding causes that bear on it;
// open where one of its steps could not be judged, a hop that shows it is broken or unknown, or
// something else is not known; and only then proved. The path is the one that was seen, before
// causes are marked on it: a hop at which a cause of another claim shows says nothing of this one.
func prove(b *box.Box, found []report.Finding, document report.Report) []report.Claim {
	proof := make([]report.Claim, 0, len(claims()))
	// What a claim says of why it is false is the root's title, not that of what follows from it.
	found = slices.Concat(document.Causes, slices.DeleteFunc(slices.Clone(found), func(finding report.Finding) bool {
		return slices.ContainsFunc(document.Causes, func(root report.Finding) bool { return root.ID == finding.ID })
	}))
	shown := byClaim(document.Steps, slices.ContainsFunc(found, report.Finding.Decides))
	for _, one := range claims() {
		claimed := report.Claim{Claim: one.id, Causes: []string{}, Evidence: []report.Evidence{}}
		refute(&claimed, found)
		if claimed.State == "" && one.against != nil {
			one.refuteByItself(b, &claimed, document.Causes)
		}
		if claimed.State == "" {
			one.judge(b, &claimed, shown[one.id], document.Path)
		}
		proof = append(proof, claimed)
	}
	return proof
}

// refute names the causes that refute a claim, if any do.
func refute(claimed *report.Claim, found []report.Finding) {
	for _, finding := range found {
		if !finding.Decides() || causes.Of(finding).Claim != claimed.Claim {
			continue
		}
		if claimed.State == "" {
			claimed.State, claimed.Because = report.Refuted, sys.Text(finding.Title)+"."
			claimed.Evidence = append(claimed.Evidence, finding.Evidence...)
		}
		claimed.Causes = append(claimed.Causes, finding.ID)
	}
}

// refuteByItself refutes a claim that is seen to be false while the cause of it bears on another
// one: a container of an old image holds old code, and what is wrong is its configuration.
func (one claim) refuteByItself(b *box.Box, claimed *report.Claim, roots []report.Finding) {
	if at := slices.IndexFunc(roots, report.Finding.Decides); at >= 0 {
		if words := one.against(b); words != "" {
			claimed.State, claimed.Because = report.Refuted, words
			claimed.Causes = append(claimed.Causes, roots[at].ID)
		}
	}
}

// byClaim are the results of the steps that show each claim. That the site names another
// release, or several, leaves something open only where no cause explains it.
func byClaim(results []report.Result, explained bool) map[report.ClaimID][]report.Result {
	shown := map[report.ClaimID][]report.Result{}
	for index, step := range walk.All() {
		if !explained || step.Number != walk.ReleaseMarker().Number {
			shown[step.Claim] = append(shown[step.Claim], results[index])
		}
	}
	return shown
}

// judge settles a claim that no cause refutes.
func (one claim) judge(b *box.Box, claimed *report.Claim, shown []report.Result, path []report.Hop) {
	for _, step := range shown {
		switch step.Status {
		case report.Pending:
			claimed.State, claimed.Because = report.Open, sys.Textf("step %d (%s) was not judged.", step.Number, step.ID)
			return
		case report.Unknown:
			claimed.State, claimed.Because = report.Open, sys.Textf("step %d (%s): %s.", step.Number, step.ID, step.Reason)
			return
		case report.Fail:
			claimed.State, claimed.Because = report.Open, sys.Textf("step %d (%s): %s", step.Number, step.ID, step.Summary)
			return
		}
	}
	if one.doubt != nil {
		if doubt := one.doubt(b); doubt != "" {
			claimed.State, claimed.Because = report.Open, doubt
			return
		}
	}
	for _, hop := range path {
		if slices.Contains(one.hops, hop.Hop) && (hop.State == report.Fail || hop.State == report.Unknown) {
			claimed.State, claimed.Because = report.Open, sys.Textf("%s (%s): %s.", hop.Hop, hop.Label, hop.Detail)
			return
		}
	}
	if one.none != nil {
		if reason := one.none(b); reason != "" {
			claimed.State, claimed.Because = report.None, reason
			return
		}
	}
	if slices.ContainsFunc(shown, func(step report.Result) bool { return step.Status != report.Skipped }) || len(shown) == 0 {
		claimed.State, claimed.Because = report.Proved, one.proof(b)
		for _, step := range shown {
			claimed.Evidence = append(claimed.Evidence, step.Evidence...)
		}
		return
	}
	claimed.State, claimed.Because = report.None, shown[0].Reason
}

// showOpen marks on the request path what is open: a hop is good only where the claim that it
// shows is proved.
func showOpen(hops []report.Hop, proof []report.Claim) {
	for index, one := range claims() {
		if proof[index].State != report.Open || len(one.hops) == 0 {
			continue
		}
		shows := func(hop report.Hop) bool { return one.shownAt(hop) && hop.State != report.OK }
		if slices.ContainsFunc(hops, shows) {
			continue
		}
		at := slices.IndexFunc(hops, func(hop report.Hop) bool { return hop.Hop == one.hops[0] })
		hops[at].State, hops[at].Detail, hops[at].Brief = report.Unknown, proof[index].Because, ""
	}
}
