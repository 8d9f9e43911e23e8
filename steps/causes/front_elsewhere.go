package causes

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func frontElsewhere() Kind {
	return Kind{
		ID: "front-elsewhere", Title: "Something else than this service answers the URL",
		Step:  walk.Nginx().Number,
		Claim: report.ClaimWay,
		Hop:   report.HopNginx,
		find:  findFrontElsewhere,
		under: []func() Kind{nginxNotReloaded, orphanGunicorn},
		page: guide.Page{
			What: "What the URL answers does not come from this service, or not always, however new its code is: it comes from files, from another " +
				"program at the port, or from another backend of the upstream.",
			How: "The name is in no server block, so the default one answers with its welcome page; a static export or the files of a " +
				"single-page app lie where the app was; another web server took the port first; the server block for https was never written; " +
				"the deploy restarted one of two backends.",
			Commands: []string{
				"sudo nginx -T 2>/dev/null | grep -nE 'configuration file|server_name|listen|proxy_pass|root|return'",
				"sudo ss -ltnp 'sport = :80 or sport = :443'",
				"curl -sI {url}; curl -sI --unix-socket {socket} http://localhost/",
			},
			Prevent: "Have one server block for each name, with proxy_pass in it, and a default one that answers nothing: return 444.",
			Guard:   []string{"location / { proxy_pass http://unix:{socket}; }", "flasktui check {unit} --url {url}"},
			See:     []string{"edit-nginx", "restart", "nginx", "nginx-wrong-upstream"},
		},
	}
}

// findFrontElsewhere sees another backend with old code, another program at the port that
// leads to one, or the URL that was given met by a server block that passes it to nobody (G55).
func findFrontElsewhere(b *box.Box) *report.Finding {
	if finding := findOldBackend(b); finding != nil {
		return finding
	}
	if finding := findOldDoor(b); finding != nil {
		return finding
	}
	site := b.Site.Value
	if !b.Site.Known || !site.Address.Given || !b.SiteNginx().Known || b.SiteNginx().Value.Failure != "" || !b.AnswersItself() ||
		box.SameAnswer(site.Nginx.Home, site.App.Home) {
		return nil
	}
	location, server := site.Address.Location, site.Address.Server
	finding := &report.Finding{
		Confidence: report.Possible,
		Why:        sys.Textf("The server block that Nginx takes for %s ", site.Address.URL) + b.BlockAnswer() + sys.Textf(", and passes nothing to %s.", b.Target.Service),
		Evidence: []report.Evidence{
			report.Observed("server block", sys.Textf("%s for %s", cmp.Or(strings.Join(server.Names, " "), "without a name,"), site.Address.URL), sys.Textf("%s:%d", server.File, server.Line)),
			report.Observed("no proxy_pass", b.BlockAnswer(), sys.Textf("%s:%d", location.File, location.Line)),
		},
		Fixes: fixes.IDs(fixes.EditNginx),
	}
	for _, place := range []struct {
		what  string
		asked facts.Asked
	}{{"the app answers", site.App}, {"Nginx answers", site.Nginx}} {
		if len(place.asked.Home) > 0 && place.asked.Home[0].Answered() {
			finding.Evidence = append(finding.Evidence, report.Observed(place.what, walk.AnswerWords(place.asked), sys.Textf("GET %s at %s", site.Address.URL, place.asked.Where)))
		}
	}
	differs, compared := b.PageDiffers(site.Nginx)
	asRead := location.Unread == "" && b.NginxHasItsFiles()
	switch own := b.OwnLocation(); {
	case own != "":
		finding.Why += sys.Textf(" In the same block %s does lead to it; ask that, if it is what you mean.", own)
	case len(site.Nginx.Home) > 0 && (asRead || compared && differs):
		finding.Confidence = report.Certain
	}
	return finding
}

// findOldDoor sees a program other than Nginx at the site's port that names an old release,
// where the app itself names another (G54), and no cache of that program is the reason.
func findOldDoor(b *box.Box) *report.Finding {
	site := b.Site.Value
	for _, door := range site.Doors {
		state, words := b.JudgeDoor(door)
		if state != box.DoorOld || cacheAt(b, site.Address, door.Asked, b.DoorWords(door)) != nil {
			continue
		}
		finding := &report.Finding{
			Confidence: report.Certain,
			Why:        words + ".",
			Evidence: []report.Evidence{
				report.Observed("who listens", b.DoorWords(door), sys.Textf("/proc/net/tcp, port %d", door.Port)),
				report.Observed("it answers", walk.AnswerWords(door.Asked), sys.Textf("GET %s at %s", site.VersionAt(door.Asked), door.Asked.Where)),
				report.Observed("the app answers", walk.AnswerWords(site.App), sys.Textf("GET %s at %s", site.VersionAt(site.App), site.App.Where)),
			},
			Advice: sys.Textf("See in its configuration to whom %s sends these requests: another backend than %s (at %s) has the old release.", b.DoorWords(door), b.Target.Service, strings.Join(b.OwnSockets(), ", ")),
		}
		if old, found := b.OldCopyAt(door); found && old.Server != nil {
			finding.Evidence = append(finding.Evidence, walk.ProcessEvidence(b, *old.Server)...)
			finding.Advice = doorAdvice(b, door, old)
			finding.Service = b.ServiceOf(*old.Server)
		}
		return finding
	}
	return nil
}

// doorAdvice is what to do where a program before the service leads to another one of this box
// with old code: that is to have the new code where it shares the requests, and to get none
// where it has them all.
func doorAdvice(b *box.Box, door facts.Door, old box.Backend) sys.Text {
	if b.AnswersInTurn(door) {
		return sys.Textf("%s also sends requests to %s. ", b.DoorWords(door), b.BackendWords(old)) + backendAdvice(b, *old.Server)
	}
	return sys.Textf("%s sends requests to %s. Point it to %s (at %s) in its configuration.", b.DoorWords(door), b.BackendWords(old), b.Target.Service, strings.Join(b.OwnSockets(), ", "))
}

// findOldBackend sees one of several backends answer with old code, beside the service itself
// (G56).
func findOldBackend(b *box.Box) *report.Finding {
	old, found := b.OldBackend()
	if !found {
		return nil
	}
	words := b.BackendWords(old)
	finding := &report.Finding{
		Confidence: confidence(old.Certain),
		Why:        sys.Textf("Requests for the site go to %s as well, which has old code: %s.", words, old.Why),
		Evidence:   []report.Evidence{report.Observed("backends", sys.Textf("%s", strings.Join(b.Backends, ", ")), proxySource(b))},
		Advice:     sys.Textf("Deploy the release to %s as well, or take it out of the upstream.", words),
	}
	if len(old.Asked.Version) > 0 {
		finding.Evidence = append(finding.Evidence, report.Observed("this one answers", walk.AnswerWords(old.Asked), sys.Textf("GET %s at %s", b.Site.Value.VersionAt(old.Asked), old.Asked.Where)))
	}
	if old.Server != nil {
		finding.Evidence = append(finding.Evidence, walk.ProcessEvidence(b, *old.Server)...)
		finding.Advice = backendAdvice(b, *old.Server)
		finding.Service = b.ServiceOf(*old.Server)
	}
	return finding
}

// backendAdvice is how another service of this box comes to hold the new code.
func backendAdvice(b *box.Box, server facts.Server) sys.Text {
	unit, inUnit := b.RunBy(server)
	if !inUnit {
		return sys.Textf("Have whoever runs process %d (%s) start it again, once it would take its code from %s.", server.Master.PID, b.RunnerOf(server), b.Deployment.Value.Active)
	}
	if takesActive(b, unit.WorkingDirectory) {
		if unit.Owner == nil {
			return sys.Typed("Restart that service: sudo systemctl restart %s.", unit.Name)
		}
		return sys.Textf("Restart that service: flasktui fix %s.", unit.Service())
	}
	return sys.Textf("%s takes its code from %s: have it take the new release, and restart it. flasktui check %s says what it needs.", unit.Service(), cmp.Or(unit.WorkingDirectory, "another directory"), unit.Service())
}

// takesActive tells whether what starts in a directory takes its code from the active release.
func takesActive(b *box.Box, directory string) bool {
	deployment := b.Deployment.Value
	within := []string{deployment.Active, deployment.Directory}
	if deployment.Link != nil {
		within = append(within, deployment.Link.Path)
	}
	return slices.ContainsFunc(within, func(one string) bool { return one != "" && sys.Within(one, directory) })
}

// proxySource is where it is written to whom requests go.
func proxySource(b *box.Box) sys.Text {
	location := b.Site.Value.Address.Location
	return sys.Textf("%s:%d", location.PassFile, location.PassLine)
}
