package steps

import (
	"cmp"
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
		Host: report.HostSummary{
			Hostname: sys.Textf("%s", known.Host.Value.Hostname), User: sys.Textf("%s", known.Host.Value.User), Privilege: known.Host.Value.Privilege,
		},
		Target: report.TargetSummary{
			Service: sys.Textf("%s", known.Target.Service), Manager: string(manager.Of(b).Kind()),
			AppDir: sys.Textf("%s", known.Deployment.Value.Directory), URL: sys.Textf("%s", known.Site.Value.Address.URL),
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
	document.Releases = releases(b)
	document.Path = requestPath(b, slices.Concat(document.Causes, all))
	document.Timeline = timeline(b, all)
	document.Checklist = checklist(b, document.Steps)
	if complete {
		document.Proof = prove(b, all, document.Steps)
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
		return report.Down, "Nothing answers for the site. " + sys.Text(deciding[0].Title) + "."
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
	if sharedWithOrphan(b) {
		return true
	}
	if _, old := b.OldSibling(); old && slices.ContainsFunc(b.Serving, b.IsOwn) {
		return true
	}
	fresh, old, _ := b.Counts()
	return fresh > 0 && old > 0
}

// sharedWithOrphan tells whether requests reach, by turns, the service's own Gunicorn with
// the new code and an orphan beside it with older code. Of a Unix socket only the last
// to bind it gets any.
func sharedWithOrphan(b *box.Box) bool {
	fresh, _, _ := b.Counts()
	if fresh == 0 || !slices.ContainsFunc(b.Serving, b.IsOwn) || !slices.ContainsFunc(b.Backends, func(backend string) bool { return !strings.HasPrefix(backend, "unix:") }) {
		return false
	}
	for _, orphan := range b.Orphans() {
		if len(orphan.Workers) > 0 && b.HeldBy(orphan.Gunicorn).State == box.Stale && b.HoldsAny(orphan.Gunicorn, b.Backends) {
			return true
		}
	}
	return false
}

// releases sets disk, processes and site side by side.
func releases(b *box.Box) report.Releases {
	var releases report.Releases
	id := b.ActiveIdentity()
	releases.OnDisk = report.ReleaseSummary{
		ID: id.Label(), Path: sys.Textf("%s", b.Deployment.Value.Active), Commit: sys.Textf("%s", id.Commit),
		ChangedAt: report.Time{Time: b.Change.At}, Source: b.Change.Source,
	}
	if len(b.Loaders) > 0 {
		one, isOld := b.Oldest()
		if !isOld {
			one = slices.MinFunc(b.Loaders, func(a, b box.Loader) int {
				return cmp.Or(a.Process.Started.Compare(b.Process.Started), cmp.Compare(a.Process.PID, b.Process.PID))
			})
		}
		releases.Loaded = report.ReleaseSummary{
			Path: sys.Textf("%s", one.Release), Commit: sys.Textf("%s", one.Commit), ChangedAt: report.Time{Time: one.Process.Started},
			Source: sys.Textf("/proc/%d", one.Process.PID),
		}
		release, inRelease := b.Deployment.Value.ReleaseOf(one.Release)
		switch {
		case one.State == box.Current && deniesTheDisk(b):
			releases.Loaded.Path, releases.Loaded.Commit = "", ""
		case inRelease:
			releases.Loaded.ID = box.ReleaseIdentity(release).Label()
			releases.Loaded.Commit = sys.Textf("%s", cmp.Or(one.Commit, release.Commit))
		case one.State == box.Current:
			releases.Loaded.ID, releases.Loaded.Commit = releases.OnDisk.ID, releases.OnDisk.Commit
		default:
			releases.Loaded.ID = sys.Textf("%s", box.ShortCommit(one.Commit))
		}
	}
	if !b.IsDown() {
		releases.Served = servedRelease(b)
	}
	return releases
}

// deniesTheDisk tells whether the app names another release than the one on disk, though
// its processes are younger: they hold what Python found elsewhere, or an older name.
func deniesTheDisk(b *box.Box) bool {
	named := b.AppTally().Only()
	return named != "" && b.Meaning(named) == box.MarkerOld && !b.ActiveIdentity().Matches(named)
}
