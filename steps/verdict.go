package steps

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
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
			Service: sys.Textf("%s", known.Target.Service), AppDir: sys.Textf("%s", known.Deployment.Value.Directory), URL: sys.Textf("%s", known.Site.Value.Address.URL),
		},
		Causes: []report.Finding{}, Fixes: []report.Plan{}, Commands: []report.CommandRecord{},
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
		document.Verdict, document.Summary = verdict(b, document)
		document.Fixes = fixes.Plans(b, document)
	}
	return document
}

// verdict weighs what was found. Fresh needs every hop proved; whatever could not be
// read on the way makes it inconclusive, never fresh.
func verdict(b *box.Box, document report.Report) (report.Verdict, sys.Text) {
	deciding := slices.DeleteFunc(slices.Clone(document.Causes), func(finding report.Finding) bool { return !finding.Decides() })
	because := func(fallback sys.Text) sys.Text {
		if len(deciding) > 0 {
			return sys.Text(deciding[0].Title) + "."
		}
		return fallback
	}
	switch {
	case b.IsDown():
		return report.Down, "Nothing answers for the site. " + because(b.NginxStoppedWords())
	case isMixed(b, document.Causes):
		if len(deciding) == 0 {
			return report.Mixed, sys.Textf("Old and new code answer in turn: %s.", b.NginxTally().Words())
		}
		return report.Mixed, staleWords(b, deciding)
	case len(deciding) > 0:
		return report.Stale, staleWords(b, deciding)
	}
	if reason := missingProof(b, document); reason != "" {
		return report.Inconclusive, "It cannot be told whether the new release is live: " + reason
	}
	return report.Fresh, freshWords(b)
}

// isMixed tells whether two releases answer: by the app's own answers, or by workers that
// loaded on both sides of the change.
func isMixed(b *box.Box, causes []report.Finding) bool {
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
	decided := slices.ContainsFunc(causes, report.Finding.Decides)
	return fresh > 0 && old > 0 && decided
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
		if len(orphan.Workers) > 0 && b.JudgeLoader(orphan.Workers[0], "worker").Age == box.HoldsOld && b.HoldsAny(orphan.Gunicorn, b.Backends) {
			return true
		}
	}
	return false
}

// missingProof names the first hop that a fresh verdict would need and that could not be
// read; empty where all were.
func missingProof(b *box.Box, document report.Report) sys.Text {
	if reason := b.Withheld(); reason != "" {
		return reason
	}
	essential := []string{"code-on-disk", "serving-process", "service-restart"}
	if b.HasUnit {
		essential = append(essential, "daemon-reload")
	}
	if b.Site.Value.Address.Server != nil || !b.NginxDisk.Known || b.NginxInProject() != "" {
		essential = append(essential, "nginx")
	}
	essential = append(essential, "environment", "caches", "containers")
	for _, step := range document.Steps {
		if step.Status == report.Pending && slices.Contains(essential, step.ID) {
			return sys.Textf("step %d (%s) was not judged.", step.Number, step.ID)
		}
		if step.Status == report.Unknown && slices.Contains(essential, step.ID) {
			return sys.Textf("step %d (%s): %s.", step.Number, step.ID, step.Reason)
		}
	}
	if expect := b.Options.Expect; expect != "" && !b.ActiveIdentity().Matches(expect) && !box.SameRelease(b.AppTally().Only(), expect) {
		return sys.Textf("nothing names the expected release %s: neither the disk nor the site.", expect)
	}
	for _, step := range document.Steps {
		if step.Status == report.Fail {
			return sys.Textf("step %d (%s): %s", step.Number, step.ID, step.Summary)
		}
	}
	if b.SaysAnother() {
		return sys.Textf("the app itself says that it is %s, and the release on disk is %s, though all else looks right.", b.AppTally().Only(), b.ActiveIdentity().Label())
	}
	if reason := wayUnproved(b); reason != "" {
		return reason
	}
	if reason := b.Untraced(); reason != "" {
		return reason + "."
	}
	return publicUnproved(b)
}

// wayUnproved: requests reach processes that were not judged, or nothing shows how they
// reach the service at all.
func wayUnproved(b *box.Box) sys.Text {
	for _, gunicorn := range b.Serving {
		if b.IsOwn(gunicorn) {
			continue
		}
		if b.AgeOf(gunicorn) != box.HoldsNew {
			return sys.Textf("requests for the site also reach process %d (%s), which is not shown to hold the new code.", gunicorn.Master.PID, b.RunnerOf(gunicorn))
		}
	}
	address := b.Site.Value.Address
	if address.Server != nil || address.Given || !b.NginxDisk.Known || !b.NginxProxies() || b.Target.Container != "" {
		return ""
	}
	if slices.ContainsFunc(b.OwnSockets(), box.ReachedFromOutside) {
		return ""
	}
	return "Nginx runs here and sends nothing to this service, so nothing shows how requests reach it."
}

// publicUnproved: the app says which release it is, and the public address, which answers,
// neither says the same nor gives the very answer that this box's own Nginx, or the app,
// gives. What visitors get is then not known.
func publicUnproved(b *box.Box) sys.Text {
	site, said := b.Site.Value, b.AppTally().Only()
	if site.Public.Where == "" || said == "" || box.TallyOf(site.Public.Version).Only() == said ||
		box.SameAnswer(site.Public.Version, site.Nginx.Version) || box.SameAnswer(site.Public.Home, site.Nginx.Home) || box.SameAnswer(site.Public.Home, site.App.Home) {
		return ""
	}
	return sys.Textf("the public address %s does not say which release it runs, though the app does.", site.Address.URL)
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
			one = b.Loaders[0]
		}
		releases.Loaded = report.ReleaseSummary{
			Path: sys.Textf("%s", one.Release), Commit: sys.Textf("%s", one.Commit), ChangedAt: report.Time{Time: one.Process.Started},
			Source: sys.Textf("/proc/%d", one.Process.PID),
		}
		release, inRelease := b.Deployment.Value.ReleaseOf(one.Release)
		switch {
		case one.Age == box.HoldsNew && deniesTheDisk(b):
			releases.Loaded.Path, releases.Loaded.Commit = "", ""
		case inRelease:
			releases.Loaded.ID = box.ReleaseIdentity(release).Label()
			releases.Loaded.Commit = sys.Textf("%s", cmp.Or(one.Commit, release.Commit))
		case one.Age == box.HoldsNew:
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
	return named != "" && b.Meaning(named) == box.MarkerOld
}
