package steps

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// judge makes the report of a look; with facts still missing, of as much as is there.
func judge(known *facts.Facts, complete bool) report.Report {
	v := newView(known)
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
		all = allFindings(v)
		document.Causes, follows = rankCauses(all)
	}
	for _, step := range All() {
		document.Steps = append(document.Steps, step.result(v, all, follows))
	}
	document.Releases = v.releases()
	document.Path = v.requestPath(slices.Concat(document.Causes, all))
	document.Timeline = v.timeline(all)
	document.Checklist = v.checklist(document.Steps)
	if complete {
		document.Verdict, document.Summary = v.verdict(document)
		document.Fixes = v.plans(document)
	}
	return document
}

// verdict weighs what was found. Fresh needs every hop proved; whatever could not be
// read on the way makes it inconclusive, never fresh.
func (v *view) verdict(document report.Report) (report.Verdict, sys.Text) {
	deciding := slices.DeleteFunc(slices.Clone(document.Causes), func(finding report.Finding) bool { return !finding.Decides() })
	because := func(fallback sys.Text) sys.Text {
		if len(deciding) > 0 {
			return sys.Text(deciding[0].Title) + "."
		}
		return fallback
	}
	switch {
	case v.isDown():
		return report.Down, "Nothing answers for the site. " + because(v.nginxStoppedWords())
	case v.isMixed(document.Causes):
		if len(deciding) == 0 {
			return report.Mixed, sys.Textf("Old and new code answer in turn: %s.", v.nginxTally().words())
		}
		return report.Mixed, v.staleWords(deciding)
	case len(deciding) > 0:
		return report.Stale, v.staleWords(deciding)
	}
	if reason := v.missingProof(document); reason != "" {
		return report.Inconclusive, "It cannot be told whether the new release is live: " + reason
	}
	return report.Fresh, v.freshWords()
}

// isMixed tells whether two releases answer: by the app's own answers, or by workers that
// loaded on both sides of the change.
func (v *view) isMixed(causes []report.Finding) bool {
	public := tallyOf(v.Site.Value.Public.Version)
	if len(v.appTally().values) > 1 || len(v.nginxTally().values) > 1 || len(public.values) > 1 {
		return true
	}
	if v.sharedWithOrphan() {
		return true
	}
	if _, old := v.oldSibling(); old && slices.ContainsFunc(v.serving, v.isOwn) {
		return true
	}
	fresh, old, _ := v.counts()
	decided := slices.ContainsFunc(causes, report.Finding.Decides)
	return fresh > 0 && old > 0 && decided
}

// sharedWithOrphan tells whether requests reach, by turns, the service's own Gunicorn with
// the new code and an orphan beside it with older code. Of a Unix socket only the last
// to bind it gets any.
func (v *view) sharedWithOrphan() bool {
	fresh, _, _ := v.counts()
	if fresh == 0 || !slices.ContainsFunc(v.serving, v.isOwn) || !slices.ContainsFunc(v.backends, func(backend string) bool { return !strings.HasPrefix(backend, "unix:") }) {
		return false
	}
	for _, orphan := range v.orphans() {
		if len(orphan.Workers) > 0 && v.judgeLoader(orphan.Workers[0], "worker").age == holdsOld && v.holdsAny(orphan.Gunicorn, v.backends) {
			return true
		}
	}
	return false
}

// missingProof names the first hop that a fresh verdict would need and that could not be
// read; empty where all were.
func (v *view) missingProof(document report.Report) sys.Text {
	if reason := v.withheld(); reason != "" {
		return reason
	}
	essential := []string{"code-on-disk", "serving-process", "service-restart"}
	if v.hasUnit {
		essential = append(essential, "daemon-reload")
	}
	if v.Site.Value.Address.Server != nil || !v.NginxDisk.Known || v.nginxInProject() != "" {
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
	if expect := v.Options.Expect; expect != "" && !v.activeIdentity().matches(expect) && !sameRelease(v.appTally().only(), expect) {
		return sys.Textf("nothing names the expected release %s: neither the disk nor the site.", expect)
	}
	for _, step := range document.Steps {
		if step.Status == report.Fail {
			return sys.Textf("step %d (%s): %s", step.Number, step.ID, step.Summary)
		}
	}
	if v.saysAnother() {
		return sys.Textf("the app itself says that it is %s, and the release on disk is %s, though all else looks right.", v.appTally().only(), v.activeIdentity().label())
	}
	if reason := v.wayUnproved(); reason != "" {
		return reason
	}
	if reason := v.untraced(); reason != "" {
		return reason + "."
	}
	return v.publicUnproved()
}

// wayUnproved: requests reach processes that were not judged, or nothing shows how they
// reach the service at all.
func (v *view) wayUnproved() sys.Text {
	for _, gunicorn := range v.serving {
		if v.isOwn(gunicorn) {
			continue
		}
		if v.ageOf(gunicorn) != holdsNew {
			return sys.Textf("requests for the site also reach process %d (%s), which is not shown to hold the new code.", gunicorn.Master.PID, v.runnerOf(gunicorn))
		}
	}
	address := v.Site.Value.Address
	if address.Server != nil || address.Given || !v.NginxDisk.Known || !v.NginxProxies() || v.Target.Container != "" {
		return ""
	}
	if slices.ContainsFunc(v.ownSockets(), reachedFromOutside) {
		return ""
	}
	return "Nginx runs here and sends nothing to this service, so nothing shows how requests reach it."
}

// reachedFromOutside tells an address that others than this box can ask.
func reachedFromOutside(socket string) bool {
	return !strings.HasPrefix(socket, "unix:") && !strings.HasPrefix(socket, "127.") && !strings.HasPrefix(socket, "[::1]")
}

// ageOf is what the oldest loader of any Gunicorn of the same deployment holds.
func (v *view) ageOf(gunicorn facts.Gunicorn) age {
	loaders := gunicorn.Workers
	if preloads, known := gunicorn.Settings.Preloads(); len(loaders) == 0 || known && preloads {
		loaders = []facts.Process{gunicorn.Master}
	}
	result := holdsNew
	for _, process := range loaders {
		one := v.judgeLoader(process, "worker")
		if !v.InDeployment(strings.TrimSuffix(process.Directory, " (deleted)")) {
			return holdsUnknown
		}
		if one.age != holdsNew {
			result = one.age
		}
		if result == holdsOld {
			break
		}
	}
	return result
}

// oldSibling is a Gunicorn of another service that answers for the site from the same
// deployment, with old code.
func (v *view) oldSibling() (facts.Gunicorn, bool) {
	for _, gunicorn := range v.serving {
		unit, inUnit := v.RunBy(gunicorn)
		if !v.isOwn(gunicorn) && inUnit && unit.Name != v.unit.Name && v.ageOf(gunicorn) == holdsOld {
			return gunicorn, true
		}
	}
	return facts.Gunicorn{}, false
}

// publicUnproved: the app says which release it is, and the public address, which answers,
// neither says the same nor gives the very answer that this box's own Nginx, or the app,
// gives. What visitors get is then not known.
func (v *view) publicUnproved() sys.Text {
	site, said := v.Site.Value, v.appTally().only()
	if site.Public.Where == "" || said == "" || tallyOf(site.Public.Version).only() == said ||
		sameAnswer(site.Public.Version, site.Nginx.Version) || sameAnswer(site.Public.Home, site.Nginx.Home) || sameAnswer(site.Public.Home, site.App.Home) {
		return ""
	}
	return sys.Textf("the public address %s does not say which release it runs, though the app does.", site.Address.URL)
}

// sameAnswer tells whether two places gave the same first answer.
func sameAnswer(one, other []facts.Answer) bool {
	return len(one) > 0 && len(other) > 0 && one[0].SHA256 != "" && one[0].SHA256 == other[0].SHA256 && one[0].Status == other[0].Status
}

// releases sets disk, processes and site side by side.
func (v *view) releases() report.Releases {
	var releases report.Releases
	id := v.activeIdentity()
	releases.OnDisk = report.ReleaseSummary{
		ID: id.label(), Path: sys.Textf("%s", v.Deployment.Value.Active), Commit: sys.Textf("%s", id.commit),
		ChangedAt: report.Time{Time: v.change.At}, Source: v.change.Source,
	}
	if len(v.loaders) > 0 {
		one, isOld := v.oldest()
		if !isOld {
			one = v.loaders[0]
		}
		releases.Loaded = report.ReleaseSummary{
			Path: sys.Textf("%s", one.release), Commit: sys.Textf("%s", one.commit), ChangedAt: report.Time{Time: one.process.Started},
			Source: sys.Textf("/proc/%d", one.process.PID),
		}
		release, inRelease := v.Deployment.Value.ReleaseOf(one.release)
		switch {
		case one.age == holdsNew && v.deniesTheDisk():
			releases.Loaded.Path, releases.Loaded.Commit = "", ""
		case inRelease:
			releases.Loaded.ID = releaseIdentity(release).label()
			releases.Loaded.Commit = sys.Textf("%s", cmp.Or(one.commit, release.Commit))
		case one.age == holdsNew:
			releases.Loaded.ID, releases.Loaded.Commit = releases.OnDisk.ID, releases.OnDisk.Commit
		default:
			releases.Loaded.ID = sys.Textf("%s", shortCommit(one.commit))
		}
	}
	if !v.isDown() {
		releases.Served = v.servedRelease()
	}
	return releases
}

// deniesTheDisk tells whether the app names another release than the one on disk, though
// its processes are younger: they hold what Python found elsewhere, or an older name.
func (v *view) deniesTheDisk() bool {
	named := v.appTally().only()
	return named != "" && v.meaning(named) == markerOld
}

// checklist is the guide's nine points, each from the step that measured it. A site that
// names a release which cannot be compared with the disk has answered step 14, but not
// that it is the new one.
func (v *view) checklist(results []report.Result) []report.ChecklistItem {
	points := []struct {
		item string
		step int
	}{
		{"The new code is in the directory that the deploy is meant to fill", 1},
		{"The running Gunicorn stands in the right directory", 3},
		{"WorkingDirectory, ExecStart and EnvironmentFile are right", 6},
		{"The service was restarted or reloaded after the deploy", 4},
		{"The Nginx configuration is valid and loaded", 9},
		{"Static files are those of the release", 10},
		{"No cache hides the new release", 11},
		{"Containers were rebuilt and made anew", 12},
		{"The live site says that it is the new release", markerStep},
	}
	items := make([]report.ChecklistItem, 0, len(points))
	for _, point := range points {
		status := results[point.step-1].Status
		if point.step == markerStep && status == report.OK && !v.saysItIsNew() {
			status = report.Unknown
		}
		items = append(items, report.ChecklistItem{Item: point.item, Status: status, Step: point.step})
	}
	return items
}
