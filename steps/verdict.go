package steps

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

// judge makes the report of a look; with facts still missing, of as much as is there.
func judge(known *facts.Facts, complete bool) report.Report {
	b := box.New(known)
	document := report.Report{
		Schema: report.Schema, GeneratedAt: report.Time{Time: known.TakenAt},
		Host: report.SummaryOf(known.Host.Value),
		Target: report.TargetSummary{
			Service: sys.Textf("%s", known.Target.Service), Server: b.ServerWord(), Manager: string(manager.Of(b).Kind()),
			AppDir: sys.Textf("%s", known.Deployment.Value.Directory), URL: sys.Textf("%s", known.Site.Value.Address.URL),
			Expect: sys.Textf("%s", known.Options.Expect),
		},
		Proof: []report.Claim{}, Causes: []report.Finding{}, Fixes: []report.Plan{}, Commands: []report.CommandRecord{},
	}
	var all []report.Finding
	var follows map[string]report.Finding
	if complete {
		all = causes.Find(b)
		document.Causes, follows = causes.Rank(all)
	}
	for _, step := range walk.All() {
		document.Steps = append(document.Steps, result(step, b, all, follows))
	}
	document.Releases = releases(b, all)
	document.Path = requestPath(b)
	document.Timeline = timeline(b, all)
	document.Checklist = checklist(b, document.Steps)
	if complete {
		document.Proof = prove(b, all, document)
	}
	showCauses(document.Path, slices.Concat(document.Causes, all))
	if complete {
		showOpen(document.Path, document.Proof)
		document.Verdict, document.Summary = verdict(b, document)
		document.Fixes = fixes.Plans(b, document)
	}
	return document
}

// verdict is a table over the seven claims, and nothing else but that nobody answers.
func verdict(b *box.Box, document report.Report) (report.Verdict, sys.Text) {
	deciding := slices.DeleteFunc(slices.Clone(document.Causes), func(finding report.Finding) bool { return !finding.Decides() })
	in := func(state report.ClaimState) int {
		return slices.IndexFunc(document.Proof, func(claimed report.Claim) bool { return claimed.State == state })
	}
	switch refuted, open := in(report.Refuted), in(report.Open); {
	case b.IsDown() && len(deciding) > 0:
		return report.Down, sys.Text(deciding[0].Title) + ". Nothing answers for the site."
	case b.IsDown() && b.Start().Starting && b.NginxStoppedWords() == "":
		return report.Inconclusive, "It cannot be told yet whether the new release is live: " + b.StartingWords() + "."
	case b.IsDown():
		return report.Down, "Nothing answers for the site. " + b.NginxStoppedWords()
	case refuted >= 0 && b.Start().Failing && b.HasNoAnswer():
		return report.Down, sys.Text(deciding[0].Title) + "."
	case refuted >= 0 && isMixed(b):
		return report.Mixed, staleWords(b, deciding)
	case refuted >= 0:
		return report.Stale, staleWords(b, deciding)
	case open >= 0:
		return report.Inconclusive, "It cannot be told whether the new release is live: " + document.Proof[open].Because
	}
	return report.Fresh, freshWords(b, document.Proof)
}

// isMixed tells whether two releases answer: by the app's own answers, or by workers that
// loaded on both sides of the change.
func isMixed(b *box.Box) bool {
	public := box.TallyOf(b.Site.Value.Public.Version)
	if len(b.AppTally().Values) > 1 || len(b.NginxTally().Values) > 1 || len(public.Values) > 1 {
		return true
	}
	if slices.ContainsFunc(b.Site.Value.Doors, func(door facts.Door) bool {
		state, _ := b.JudgeDoor(door)
		return state == box.DoorOld && b.AnswersInTurn(door)
	}) {
		return true
	}
	if sharedWithOrphan(b) {
		return true
	}
	if _, old := b.OldBackend(); old {
		return true
	}
	fresh, old, _ := b.Counts()
	return fresh > 0 && old > 0
}

// sharedWithOrphan tells whether requests reach, by turns, the service's own server with
// the new code and an orphan beside it with older code. Of a Unix socket only the last
// to bind it gets any.
func sharedWithOrphan(b *box.Box) bool {
	fresh, _, _ := b.Counts()
	if fresh == 0 || !slices.ContainsFunc(b.Serving, b.IsOwn) || !slices.ContainsFunc(b.Backends, func(backend string) bool { return !strings.HasPrefix(backend, "unix:") }) {
		return false
	}
	for _, orphan := range b.Orphans() {
		if len(orphan.Workers) > 0 && b.HeldBy(orphan.Server).State == box.Stale && b.HoldsAny(orphan.Server, b.Backends) {
			return true
		}
	}
	return false
}
