package causes

import (
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// TestURLAnsweredByTheBlockItself: a server block without proxy_pass is not the service,
// where Nginx runs it as it was read or shows it by its answer; and nothing is alleged of
// one that may pass requests on after all.
func TestURLAnsweredByTheBlockItself(t *testing.T) {
	t.Parallel()
	loaded := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	page := func(sum string) []facts.Answer {
		return []facts.Answer{{Status: 200, SHA256: sum}, {Status: 200, SHA256: sum}}
	}
	files := nginx.Location{File: "/etc/nginx/sites-enabled/default", Line: 5, Path: "/", Root: "/var/www/html"}
	for name, test := range map[string]struct {
		change func(*facts.Facts)
		want   report.Confidence
	}{
		"the default page": {func(*facts.Facts) {}, report.Certain},
		"no page of the app is stable, and the configuration is as it was loaded": {func(known *facts.Facts) {
			known.Site.Value.App.Home[1].SHA256 = "another"
		}, report.Certain},
		"neither is told by the configuration nor by the answer": {func(known *facts.Facts) {
			known.Site.Value.App.Home[1].SHA256 = "another"
			known.NginxFiles.Value.Changed = []facts.Change{{Path: files.File, At: loaded.Add(time.Minute)}}
		}, report.Possible},
		"a script may pass it on": {func(known *facts.Facts) {
			known.Site.Value.App.Home[1].SHA256 = "another"
			known.Site.Value.Address.Location.Unread = "content_by_lua_block"
		}, report.Possible},
		"the page is the app's":    {func(known *facts.Facts) { known.Site.Value.Nginx.Home = page("new") }, ""},
		"nobody named the URL":     {func(known *facts.Facts) { known.Site.Value.Address.Given = false }, ""},
		"a redirect":               {func(known *facts.Facts) { known.Site.Value.Address.Location.Return = "301 https://a.example/" }, ""},
		"it passes requests on":    {func(known *facts.Facts) { known.Site.Value.Address.Location.Pass = "http://127.0.0.1:8000" }, ""},
		"Nginx was not asked":      {func(known *facts.Facts) { known.Site.Value.Nginx = facts.Asked{} }, report.Possible},
		"the app is beside it":     {besideFiles, report.Possible},
		"Nginx could not be read":  {func(known *facts.Facts) { known.NginxDisk = facts.Unreadable[nginx.Config]("denied", "") }, ""},
		"a site that is not known": {func(known *facts.Facts) { known.Site.Known = false }, ""},
	} {
		location := files
		server := nginx.Server{File: files.File, Line: 2, Names: []string{"_"}, Locations: []nginx.Location{files}}
		known := &facts.Facts{NginxDisk: facts.Of(nginx.Config{Servers: []nginx.Server{server}}, ""), NginxFiles: facts.Of(facts.NginxFiles{}, "")}
		known.Processes = facts.Of(facts.Processes{Nginx: []facts.NginxProcess{{Role: "worker", Process: proc.Process{PID: 9, Started: loaded}}}}, "")
		known.Settings = facts.Of(facts.Settings{Wanted: []string{"127.0.0.1:8000"}}, "")
		known.Site = facts.Of(facts.Site{
			Address: facts.SiteAddress{URL: "http://a.example/", Given: true, Server: &server, Location: &location},
			App:     facts.Asked{Where: "127.0.0.1:8000", Home: page("new")},
			Nginx:   facts.Asked{Where: "127.0.0.1:80", Home: page("welcome")[:1]},
		}, "")
		test.change(known)
		finding := findFrontElsewhere(box.New(known))
		if (finding == nil) != (test.want == "") || finding != nil && finding.Confidence != test.want {
			t.Errorf("%s: %+v", name, finding)
		}
	}
}

// besideFiles has the app below a path of the same block.
func besideFiles(known *facts.Facts) {
	server := known.Site.Value.Address.Server
	server.Locations = append(server.Locations, nginx.Location{Path: "/api/", Pass: "http://127.0.0.1:8000"})
}
