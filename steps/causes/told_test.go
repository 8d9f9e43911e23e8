package causes

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys/git"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/web"
)

// TestWhatIsToldOfAnUnfinishedGit: a lock that was left is removed, and an operation that waits is
// finished or aborted.
func TestWhatIsToldOfAnUnfinishedGit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		operation     git.Operation
		ago           time.Duration
		says, advises string
		recent        bool
	}{
		{git.Merge, time.Hour, "git began a merge and did not finish it", "merge --abort", false},
		{git.IndexLock, time.Hour, "its lock keeps every later git from checking anything out", "remove /srv/shop/.git/x", false},
		{git.IndexLock, time.Minute, "its lock keeps", "remove /srv/shop/.git/x", true},
	} {
		deployment := facts.Deployment{Active: "/srv/shop", Repository: &git.Repository{Directory: "/srv/shop", Unfinished: []git.Unfinished{{Operation: test.operation, Path: "/srv/shop/.git/x", At: now.Add(-test.ago)}}}}
		finding := findDeployUnfinished(box.New(&facts.Facts{TakenAt: now, Deployment: facts.Of(deployment, "")}))
		if finding == nil {
			t.Fatalf("%s is not found", test.operation)
		}
		if recent := strings.Contains(string(finding.Why), "look again in a while"); !strings.Contains(string(finding.Why), test.says) || !strings.Contains(string(finding.Advice), test.advises) || recent != test.recent {
			t.Errorf("%s: %s %s", test.operation, finding.Why, finding.Advice)
		}
	}
}

// TestHowACacheBeforeTheServiceIsEmptied: by its own tool, for the site's name where that is known.
func TestHowACacheBeforeTheServiceIsEmptied(t *testing.T) {
	t.Parallel()
	shop := &nginx.Server{}
	for _, test := range []struct {
		executable string
		address    facts.SiteAddress
		want       string
	}{
		{"/usr/sbin/varnishd", facts.SiteAddress{URL: "https://shop.example/", Given: true}, "req.http.host '~' shop.example"},
		{"/usr/sbin/varnishd", facts.SiteAddress{URL: "https://shop.example/", Server: shop}, "req.http.host '~' shop.example"},
		{"/usr/sbin/varnishd", facts.SiteAddress{URL: "http://localhost/"}, "ban req.url '~' ."},
		{"/usr/sbin/varnishd", facts.SiteAddress{URL: "http://%zz/", Given: true}, "ban req.url '~' ."},
		{"/usr/sbin/apache2", facts.SiteAddress{}, "htcacheclean"},
		{"/usr/sbin/haproxy", facts.SiteAddress{}, "systemctl reload haproxy"},
		{"/usr/bin/caddy", facts.SiteAddress{}, "Purge the cache of Caddy (process 7, /usr/bin/caddy) on this box."},
	} {
		b := box.New(&facts.Facts{Site: facts.Of(facts.Site{Address: test.address}, "")})
		got := doorPurge(b, facts.Door{Port: 80, Process: proc.Process{PID: 7, Executable: test.executable}})
		if !strings.Contains(string(got), test.want) {
			t.Errorf("%s, %s: %s", test.executable, test.address.URL, got)
		}
	}
}

// TestWhatCountsAsACache: another answer alone is none; it takes a header that says so, an answer
// past the caches, or a configuration that keeps answers.
func TestWhatCountsAsACache(t *testing.T) {
	t.Parallel()
	named := func(release string) facts.Answer {
		return facts.Answer{Status: 200, SHA256: "page", Cache: web.CacheAnswer{Age: -1, MaxAge: -1}, Marker: web.Marker{Value: release}}
	}
	hit := func(answer facts.Answer) facts.Answer {
		answer.Cache.Hit, answer.Cache.Header, answer.Cache.Value = true, "X-Cache", "HIT"
		return answer
	}
	kept := &nginx.Location{ProxyCache: "zone"}
	for name, test := range map[string]struct {
		there    facts.Answer
		busted   string
		location *nginx.Location
		public   bool
		want     report.Confidence
		advises  string
	}{
		"another answer alone":                 {named("old"), "", nil, false, "", ""},
		"another, which says that it was kept": {hit(named("old")), "", nil, false, report.Certain, "Purge the cache, and send"},
		"another, and the new past the caches": {named("old"), "new", nil, false, report.Certain, "Purge the cache, and send"},
		"another, and the old past the caches": {named("old"), "old", nil, false, "", ""},
		"another, where Nginx keeps answers":   {named("old"), "", kept, false, report.Likely, "keeps answers under /var/cache/zone"},
		"the same, which was kept":             {hit(named("new")), "", nil, false, "", ""},
		"none, which was kept":                 {hit(named("")), "", nil, false, "", ""},
		"another at the public address":        {hit(named("old")), "", nil, true, report.Certain, "it cannot be done from here"},
	} {
		asked := facts.Asked{Version: []facts.Answer{test.there}, Home: []facts.Answer{test.there}}
		if test.busted != "" {
			asked.Busted = []facts.Answer{named(test.busted)}
		}
		site := facts.Site{Address: facts.SiteAddress{URL: "http://a.example/", Location: test.location}, App: facts.Asked{Version: []facts.Answer{named("new"), named("new")}, Home: []facts.Answer{named("new"), named("new")}}}
		if test.public {
			site.Public = asked
		} else {
			site.Nginx = asked
		}
		known := &facts.Facts{Site: facts.Of(site, ""), NginxDisk: facts.Of(nginx.Config{CachePaths: map[string]string{"zone": "/var/cache/zone"}}, "")}
		var confidence report.Confidence
		finding := findCache(&box.Box{Facts: known})
		if finding != nil {
			confidence = finding.Confidence
		}
		if confidence != test.want || finding != nil && !strings.Contains(string(finding.Advice), test.advises) {
			t.Errorf("%s: %q, want %q: %+v", name, confidence, test.want, finding)
		}
	}
}
