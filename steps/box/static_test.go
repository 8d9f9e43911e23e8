package box

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// TestWhatVisitorsGetOfAFile: an answer with the file tells; without one, the file that the
// configuration names, as long as nothing else may come in its place.
func TestWhatVisitorsGetOfAFile(t *testing.T) {
	t.Parallel()
	const old, own = "/srv/shop/releases/v1/static/a.css", "/srv/shop/releases/v2/static/a.css"
	answer := func(status int, content string) facts.Answer { return facts.Answer{Status: status, SHA256: content} }
	named := func(change func(*facts.StaticProbe)) facts.StaticProbe {
		probe := facts.StaticProbe{
			URLPath: "/static/a.css", ReleaseFile: own, ReleaseSHA256: "new", Location: &nginx.Location{Alias: "/srv/shop/releases/v1/static/"},
			ServedFile: old, ServedResolved: old, ServedSHA256: "old", Identity: answer(http.StatusUnauthorized, "page"),
		}
		if change != nil {
			change(&probe)
		}
		return probe
	}
	page := answer(http.StatusOK, "page")
	page.Headers = map[string]string{"Content-Type": "text/html; charset=utf-8"}
	for _, test := range []struct {
		name    string
		probe   facts.StaticProbe
		content string
		differs bool
		why     string
	}{
		{"an answer", named(func(probe *facts.StaticProbe) { probe.Identity = answer(http.StatusOK, "new") }), "new", false, ""},
		{"another answer", named(func(probe *facts.StaticProbe) { probe.Identity = answer(http.StatusOK, "old") }), "old", true, ""},
		{"a password is asked for", named(nil), "old", true, "status 401"},
		{"and the other release has the same", named(func(probe *facts.StaticProbe) { probe.ServedSHA256 = "new" }), "new", false, "status 401"},
		{"sent elsewhere", named(func(probe *facts.StaticProbe) { probe.Identity = answer(http.StatusFound, "") }), "old", true, "status 302"},
		{"no answer", named(func(probe *facts.StaticProbe) { probe.Identity = facts.Answer{Problem: "refused"} }), "old", true, "was not answered"},
		{"a page in its place", named(func(probe *facts.StaticProbe) { probe.Identity = page }), "", false, "though Nginx's configuration names"},
		{"not found", named(func(probe *facts.StaticProbe) { probe.Identity = answer(http.StatusNotFound, "") }), "", false, "though Nginx's configuration names"},
		{"passed to the app", named(func(probe *facts.StaticProbe) { probe.Location = nil }), "", false, "no root or alias"},
		{"not readable", named(func(probe *facts.StaticProbe) { probe.ServedSHA256 = "" }), "", false, "was not read"},
		{"held open", named(func(probe *facts.StaticProbe) { probe.Location.OpenFileCache = true }), "", false, "open_file_cache"},
		{"something else first", named(func(probe *facts.StaticProbe) { probe.Location.TryFiles = []string{"/closed.css", "$uri"} }), "", false, "try_files"},
		{"compressed beside", named(func(probe *facts.StaticProbe) {
			probe.Location.GzipStatic, probe.Compressed = true, old+".gz"
		}), "", false, "a.css.gz"},
		{"the release's own by its path", named(func(probe *facts.StaticProbe) {
			probe.ServedResolved, probe.ServedSHA256 = "/srv/shop/releases/v2/public/a.css", "built"
		}), "built", false, "status 401"},
	} {
		known := onDisk(test.probe)
		given := New(known).GivenOf(test.probe)
		if given.SHA256 != test.content || given.Differs() != test.differs || !strings.Contains(string(given.Why), test.why) || (test.why == "") != (given.Why == "") {
			t.Errorf("%s: %q, differs %t: %s", test.name, given.SHA256, given.Differs(), given.Why)
		}
		known.NginxFiles.Value.Changed[0].At = known.TakenAt
		if given := New(known).GivenOf(test.probe); given.Named || test.why == "" && given.SHA256 == "" {
			t.Errorf("%s, with a configuration that was not loaded: %+v", test.name, given)
		}
	}
}

// onDisk is a box whose Nginx has the configuration on disk.
func onDisk(probe facts.StaticProbe) *facts.Facts {
	now := time.Date(2026, time.March, 5, 12, 0, 0, 0, time.UTC)
	known := &facts.Facts{TakenAt: now}
	known.Deployment = facts.Of(facts.Deployment{
		Active:   "/srv/shop/releases/v2",
		Releases: []facts.Release{{Name: "v1", Path: "/srv/shop/releases/v1"}, {Name: "v2", Path: "/srv/shop/releases/v2"}},
	}, "")
	known.Static = facts.Of(facts.Static{Probes: []facts.StaticProbe{probe}}, "")
	known.Processes = facts.Of(facts.Processes{Nginx: []facts.NginxProcess{{Process: proc.Process{PID: 7, Started: now.Add(-time.Hour)}, Role: "worker"}}}, "")
	known.NginxFiles = facts.Of(facts.NginxFiles{Changed: []facts.Change{{Path: "/etc/nginx/nginx.conf", At: now.Add(-2 * time.Hour)}}}, "")
	return known
}
