package causes

import (
	"net/url"
	"slices"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func cacheServesOld() Kind {
	return Kind{
		ID: "cache-serves-old", Title: "A cache answers with the old release",
		Step:  walk.Caches().Number,
		Claim: report.ClaimCaches,
		Hop:   report.HopCache, instead: "answers with an old copy in place of the app",
		common: true,
		find:   findCache,
		page: guide.Page{
			What: "Asked directly, the app answers with the new release. Something before it, proxy_cache or a CDN, answers from memory.",
			How: "A page was marked cacheable, or a CDN was told to keep everything; the deploy purges nothing; a query string is " +
				"left out of the cache's key.",
			Commands: []string{
				"curl -sI {url} | grep -iE 'age|cache|via|x-served'",
				"curl -sI \"{url}?t=$(date +%s)\" | grep -iE 'age|cache|via'",
				"sudo nginx -T 2>/dev/null | grep -nE 'proxy_cache'",
			},
			Prevent: "Pages say no-cache or a time you can wait out, assets carry a hash in their name, and the deploy purges " +
				"what it must, after the new release is live and not before.",
			Guard: []string{"response.headers[\"Cache-Control\"] = \"no-cache\"", "# then purge with your CDN's own tool"},
			See:   []string{"caches"},
		},
	}
}

// findCache sees an answer through Nginx, or from the public address, that is not the
// one that the app gives (G34, G37).
func findCache(b *box.Box) *report.Finding {
	site := b.Site.Value
	if fresh, old, _ := b.Counts(); !b.Site.Known || b.TakesTurns() || fresh > 0 && old > 0 {
		// Two that answer in turn look like a cache, and are none.
		return nil
	}
	if finding := cacheAt(b, site.Address, site.Nginx, "Nginx"); finding != nil {
		return finding
	}
	for _, other := range site.Others {
		if finding := cacheAt(b, other.Address, other.Asked, blockWords(other)); finding != nil {
			return finding
		}
	}
	for _, door := range site.Doors {
		finding := cacheAt(b, site.Address, door.Asked, b.DoorWords(door))
		if finding == nil {
			continue
		}
		finding.Advice = doorPurge(b, door)
		return finding
	}
	return cacheAt(b, site.Address, site.Public, publicPlace)
}

// doorPurge is how the cache of a program on this box is emptied; the commands are those of
// varnishadm(1) and of Apache's htcacheclean(8).
func doorPurge(b *box.Box, door facts.Door) sys.Text {
	host, address := "", b.Site.Value.Address
	if parsed, err := url.Parse(address.URL); err == nil && (address.Given || address.Server != nil) {
		host = parsed.Hostname()
	}
	switch words := b.DoorWords(door); door.Name() {
	case "Varnish":
		purge := sys.Text("sudo varnishadm ban req.url '~' .")
		if host != "" {
			purge = sys.Typed("sudo varnishadm ban req.http.host '~' %s", host)
		}
		return sys.Textf("Purge %s on this box: ", words) + purge
	case "Apache":
		return sys.Textf("Purge the cache of %s on this box: sudo htcacheclean -a -p/var/cache/apache2/mod_cache_disk lists what it keeps (its configuration's CacheRoot, if that is another directory), and sudo htcacheclean -v -p/var/cache/apache2/mod_cache_disk with the addresses from that list removes them.", words)
	case "HAProxy":
		return sys.Textf("Purge the cache of %s on this box; it lies in its memory and ends with the process: sudo systemctl reload haproxy.", words)
	default:
		return sys.Textf("Purge the cache of %s on this box.", words)
	}
}

const publicPlace = "the public address"

// blockWords names a further server block, by what its visitors type.
func blockWords(other facts.OtherBlock) sys.Text {
	return sys.Textf("Nginx for %s", other.Address.URL)
}

func cacheAt(b *box.Box, address facts.SiteAddress, asked facts.Asked, place sys.Text) *report.Finding {
	app, there := b.AppTally(), box.TallyOf(asked.Version)
	differs := app.Only() != "" && there.Only() != "" && app.Only() != there.Only()
	page, pageKnown := b.PageDiffers(asked)
	bustedNew := app.Only() != "" && box.BustedMarker(asked) == app.Only()
	cache, hit := box.CacheHit(asked)
	// Where both name the same release, or the copy is younger than the processes, an
	// older copy of a page that changes by itself is what a cache is for. The answer that
	// names the release may be kept out of the cache, though, and the page not: so what is
	// told apart by a query alone counts for all that.
	same := app.Only() != "" && app.Only() == there.Only()
	busted := bustedPageMatches(b, asked)
	byPage := pageKnown && page && (hit && !same || busted) && !copiedSince(b, address, asked)
	if !differs && !byPage {
		return nil
	}
	if !hit && !bustedNew && !busted && !cachedByConfiguration(address) {
		return nil
	}
	finding := &report.Finding{
		Confidence: confidence((hit || bustedNew || busted) && (differs || !same)),
		Why: sys.Textf("Asked at its own socket the app gives one answer, and %s gives another, older one: a cache in between answers.",
			place),
	}
	if differs {
		finding.Evidence = append(finding.Evidence,
			report.Observed("the app answers", app.Words(), markerSource(b)),
			report.Observed(string(place)+" answers", there.Words(), sys.Textf("GET %s at %s", b.Site.Value.VersionAt(asked), asked.Where)))
	} else {
		finding.Evidence = append(finding.Evidence, report.Observed("the page differs", sys.Textf("sha256 %.12s at the app, %.12s there", b.Site.Value.App.Home[0].SHA256, asked.Home[0].SHA256), sys.Textf("GET %s", address.URL)))
	}
	if hit {
		finding.Evidence = append(finding.Evidence, report.Observed(cache.Header, sys.Textf("%s", cache.Value), sys.Textf("curl -I %s", address.URL)))
	}
	if bustedNew {
		finding.Evidence = append(finding.Evidence, report.Observed("with a query no cache has seen", sys.Textf("%s", box.BustedMarker(asked)), sys.Textf("GET %s?flasktui=…", b.Site.Value.VersionPath)))
	}
	finding.Advice = cacheAdvice(b, address, place)
	return finding
}

func cacheAdvice(b *box.Box, address facts.SiteAddress, place sys.Text) sys.Text {
	location := address.Location
	if location != nil && location.ProxyCache != "" {
		if directory := b.SiteNginx().Value.CachePaths[location.ProxyCache]; directory != "" {
			return sys.Textf("Nginx's proxy_cache %q keeps answers under %s. Purge it as your set-up does (remove the files there, or wait out proxy_cache_valid), and send Cache-Control: no-store from what must not be kept.", location.ProxyCache, directory)
		}
	}
	if place == publicPlace {
		return "Purge the CDN or proxy that stands before this box; it cannot be done from here."
	}
	return "Purge the cache, and send Cache-Control: no-store from what must not be kept."
}

// bustedPageMatches tells whether the page, asked past the caches, is the app's own each time,
// and the plain one the same other page each time.
func bustedPageMatches(b *box.Box, asked facts.Asked) bool {
	app, alike := b.Site.Value.App.Home, func(one, other facts.Answer) bool { return one.SHA256 == other.SHA256 }
	if len(app) < 2 || !alike(app[0], app[1]) || app[0].Status != 200 || len(asked.Busted) < 2 || len(asked.Home) == 0 || alike(asked.Home[0], app[0]) {
		return false
	}
	return !slices.ContainsFunc(asked.Busted[1:], func(answer facts.Answer) bool { return !alike(answer, app[0]) }) &&
		!slices.ContainsFunc(asked.Home, func(answer facts.Answer) bool { return !alike(answer, asked.Home[0]) })
}

// copiedSince tells whether a copy in a cache before the app must have been made from what
// the processes that run now answered: by its Age, or because Nginx keeps no copy for as
// long as they have run.
func copiedSince(b *box.Box, address facts.SiteAddress, asked facts.Asked) bool {
	if len(b.Loaders) == 0 || len(asked.Home) == 0 {
		return false
	}
	started := b.Loaders[0].Process.Started
	for _, one := range b.Loaders {
		if one.Process.Started.Before(started) {
			started = one.Process.Started
		}
	}
	cache := asked.Home[0].Cache
	if cache.Age >= 0 {
		return b.TakenAt.Add(-time.Duration(cache.Age) * time.Second).After(started)
	}
	if !cachedByConfiguration(address) {
		return false
	}
	kept := time.Duration(max(address.Location.ProxyCacheSeconds, cache.MaxAge)) * time.Second
	return kept > 0 && b.TakenAt.Sub(started) > kept
}
