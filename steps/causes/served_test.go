package causes

import (
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/web"
)

// TestPageFromCache: the page is stable, and an older copy of it comes through Nginx, while
// what names the release is asked past the cache. Whether that is the old release is told
// by how long the copy may have lain there.
func TestPageFromCache(t *testing.T) {
	looked := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	answer := func(sum string) facts.Answer {
		return facts.Answer{Status: 200, SHA256: sum, Cache: web.CacheAnswer{Age: -1, MaxAge: -1}, Marker: web.Marker{Value: "r2"}}
	}
	for _, test := range []struct {
		name    string
		up      time.Duration
		seconds int
		age     int
		want    bool
	}{
		{"kept for longer than the workers have run", 2 * time.Minute, 3600, -1, true},
		{"kept for no time that is known", 2 * time.Minute, 0, -1, true},
		{"a copy of the workers that run now", 2 * time.Hour, 3600, -1, false},
		{"an Age from before the start", 2 * time.Minute, 3600, 300, true},
		{"an Age from after the start", 2 * time.Minute, 3600, 30, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			through := answer("old page")
			through.Cache.Age = test.age
			known := &facts.Facts{TakenAt: looked}
			known.Site = facts.Of(facts.Site{
				Address: facts.SiteAddress{URL: "http://a.example/", Location: &nginx.Location{ProxyCache: "zone", ProxyCacheSeconds: test.seconds}},
				App:     facts.Asked{Version: []facts.Answer{answer("v")}, Home: []facts.Answer{answer("page"), answer("page")}},
				Nginx:   facts.Asked{Version: []facts.Answer{answer("v")}, Home: []facts.Answer{through}, Busted: []facts.Answer{answer("v"), answer("page")}},
			}, "")
			b := &box.Box{Facts: known, Loaders: []box.Loader{{State: box.Current, Process: facts.Process{Process: proc.Process{Started: looked.Add(-test.up)}}}}}
			if found := findCache(b); (found != nil) != test.want {
				t.Errorf("found %v, want one: %v", found, test.want)
			}
		})
	}
}
