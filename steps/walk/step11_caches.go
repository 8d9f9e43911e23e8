package walk

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Caches is who stands between the visitor and the app.
func Caches() Step {
	return Step{
		Number: 11, ID: "caches", Title: "Caches",
		Question: "Does a proxy, CDN or browser cache answer instead of the app?",
		Claim:    report.ClaimCaches,
		Needs:    []func() facts.Group{facts.GroupSite},
		Judge:    judgeCaches,
		page: guide.Page{
			Asks: "Does something before the app answer from memory: Nginx's proxy cache, a CDN or the browser?",
			Why:  "The app is right, and the visitor sees the old page. Restarting it once more will not help.",
			Good: "The answer is the same at the app's socket, at Nginx on this machine and at the public address, with and " +
				"without a query that no cache can know.",
			Read: "Age, X-Cache, CF-Cache-Status, Cache-Status and Via name who answered. An Age greater than the time since " +
				"the deploy is proof. A bare address that answers old while the same one with ?t=NOW answers new is proof too. " +
				"What a browser keeps, the machine cannot see: a long max-age on a name without a hash, or a service worker, " +
				"is a warning only.",
			Mistake: "Testing in a browser with its own cache and a service worker, and concluding something about the server.",
			Commands: []string{
				"curl -sI {url}",
				"curl -sI \"{url}?t=$(date +%s)\"",
				"curl -s --unix-socket {socket} http://localhost/ | sha256sum; curl -s {url} | sha256sum",
			},
			IfItFails: "Purge the cache that answered, with its own tools. Give assets names that carry a hash, and pages a " +
				"Cache-Control that you can wait out.",
			See: []string{"cache-serves-old"},
		},
	}
}

// judgeCaches: what the app says at its own socket, what Nginx and the public address
// say, and what their headers say of caches.
func judgeCaches(b *box.Box) report.Result {
	if !b.Site.Known {
		return notKnown(b.Site)
	}
	site := b.Site.Value
	commands := []sys.Text{
		sys.Typed("curl -sI %s", site.Address.URL),
		sys.Typed("curl -sI %s\"?v=$(date +%%s)\"", site.Address.URL),
	}
	var lines []report.Evidence
	for _, place := range []struct {
		name  string
		asked facts.Asked
	}{{"at the app's socket", site.App}, {"through Nginx", site.Nginx}, {"at the public address", site.Public}} {
		switch {
		case place.asked.Where == "":
			lines = append(lines, report.Observed(place.name, sys.Textf("not asked: %s", place.asked.Problem), ""))
		case place.asked.Problem != "":
			lines = append(lines, report.Observed(place.name, sys.Textf("no answer: %s", place.asked.Problem), sys.Textf("GET at %s", place.asked.Where)))
		default:
			lines = append(lines, report.Observed(place.name, AnswerWords(place.asked), sys.Textf("GET %s at %s", site.VersionAt(place.asked), place.asked.Where)))
		}
		if problem := place.asked.TLSError(); problem != "" {
			lines = append(lines, report.Observed("certificate "+place.name, sys.Textf("%s", problem), sys.Textf("TLS at %s", place.asked.Where)))
		}
	}
	cacheable := slices.ContainsFunc(site.Nginx.Home, func(answer facts.Answer) bool { return answer.Cache.MaxAge > 0 && !answer.Cache.NoStore })
	worker := slices.ContainsFunc(append(slices.Clone(site.Nginx.Home), site.Public.Home...), func(answer facts.Answer) bool { return answer.ServiceWorker })
	switch {
	case site.App.Problem != "" && !slices.ContainsFunc(site.App.Version, facts.Answer.OK):
		return unknown(sys.Textf("the app could not be asked at its own socket: %s", site.App.Problem)).With(commands, lines...)
	case site.Public.Where != "" && site.Public.Problem != "":
		return unknown(sys.Textf("%s did not answer this box: %s. What a CDN holds is not known", site.Address.URL, site.Public.Problem)).With(commands, lines...)
	case !b.SiteNginx().Known && !b.SiteNginx().Absent() && len(site.Nginx.Version) == 0 && len(site.Public.Version) == 0:
		return unknown(sys.Textf("where Nginx is to be asked could not be read, so whether a cache there answers is not known: %s", b.SiteNginx().Problem)).With(commands, lines...)
	case worker:
		return warn("The page registers a service worker: browsers may show what it has kept, which no server can see.").With(commands, lines...)
	case cacheable:
		return warn(sys.Textf("Browsers may keep the page for %d s (Cache-Control); it cannot be taken back from here.", site.Nginx.Home[0].Cache.MaxAge)).With(commands, lines...)
	}
	summary := sys.Text("No cache on this box answers instead of the app.")
	if site.Public.Where == "" {
		summary += " Anything in front of it (a CDN) was not asked; pass --url to have it asked."
	}
	return ok(summary).With(commands, lines...)
}

// AnswerWords says in short what one place answered.
func AnswerWords(asked facts.Asked) sys.Text {
	if tally := box.TallyOf(asked.Version); len(tally.Values) > 0 {
		return tally.Words()
	}
	if len(asked.Home) == 0 {
		return "no answer"
	}
	first := asked.Home[0]
	if first.Problem != "" {
		return first.Problem
	}
	return sys.Textf("status %d, %d bytes, sha256 %.12s", first.Status, first.Length, first.SHA256)
}
