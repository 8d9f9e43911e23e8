package box

import (
	"testing"

	"flasktui/steps/facts"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/web"
)

// TestJudgeDoor: who else listens at the port proves the way by giving the app's own
// answers, refutes it by naming an old release, and by anything else does neither.
func TestJudgeDoor(t *testing.T) {
	t.Parallel()
	page := func(sums ...string) []facts.Answer {
		var answers []facts.Answer
		for _, sum := range sums {
			answers = append(answers, facts.Answer{Status: 200, SHA256: sum})
		}
		return answers
	}
	named := func(release string) []facts.Answer {
		return []facts.Answer{{Status: 200, SHA256: release, Marker: web.Marker{Value: release}}}
	}
	missing := []facts.Answer{{Status: 404, SHA256: "none"}}
	for name, test := range map[string]struct {
		app, door facts.Asked
		want      DoorState
	}{
		"the same page":             {facts.Asked{Home: page("a", "a")}, facts.Asked{Home: page("a")}, DoorSame},
		"another page":              {facts.Asked{Home: page("a", "a")}, facts.Asked{Home: page("b")}, DoorOpen},
		"a redirect":                {facts.Asked{Home: page("a", "a")}, facts.Asked{Home: []facts.Answer{{Status: 301, SHA256: "r"}}}, DoorOpen},
		"pages that change":         {facts.Asked{Home: page("a", "b")}, facts.Asked{Home: page("c")}, DoorOpen},
		"the same for nothing":      {facts.Asked{Home: page("a", "b"), NotFound: missing}, facts.Asked{Home: page("c"), NotFound: missing}, DoorSame},
		"the same release":          {facts.Asked{Home: page("a", "b"), Version: named("new")}, facts.Asked{Home: page("c"), Version: named("new")}, DoorSame},
		"the release, not the page": {facts.Asked{Home: page("a", "a"), Version: named("new")}, facts.Asked{Home: page("c"), Version: named("new")}, DoorOpen},
		"an old release":            {facts.Asked{Home: page("a", "a"), Version: named("new")}, facts.Asked{Home: page("c"), Version: named("old")}, DoorOld},
		"another app's":             {facts.Asked{Home: page("a", "a"), Version: named("new")}, facts.Asked{Home: page("c"), Version: named("4.2")}, DoorOpen},
		"one of two is old":         {facts.Asked{Home: page("a", "a"), Version: named("new")}, facts.Asked{Home: page("a"), Version: append(named("new"), named("old")...)}, DoorOld},
		"no release at all":         {facts.Asked{Home: page("a", "a"), Version: named("new")}, facts.Asked{Home: page("a")}, DoorOpen},
		"no answer":                 {facts.Asked{Home: page("a", "a")}, facts.Asked{Problem: "refused"}, DoorOpen},
		"an error page of its own":  {facts.Asked{Home: []facts.Answer{{Status: 500, SHA256: "a"}, {Status: 500, SHA256: "a"}}}, facts.Asked{Home: []facts.Answer{{Status: 500, SHA256: "a"}}}, DoorOpen},
		"the same redirect":         {facts.Asked{Home: []facts.Answer{{Status: 302, SHA256: "a"}, {Status: 302, SHA256: "a"}}}, facts.Asked{Home: []facts.Answer{{Status: 302, SHA256: "a"}}}, DoorSame},
		"the same for a page there": {facts.Asked{Home: page("a", "b"), NotFound: page("n")}, facts.Asked{Home: page("c"), NotFound: page("n")}, DoorOpen},
		"a problem beside a page":   {facts.Asked{Home: page("a", "a")}, facts.Asked{Problem: "it broke off", Home: page("a")}, DoorOpen},
		"an old one, the app none":  {facts.Asked{Home: page("a", "a")}, facts.Asked{Home: page("a"), Version: named("old")}, DoorOpen},
		"the app was not asked":     {facts.Asked{}, facts.Asked{Home: page("a")}, DoorOpen},
	} {
		known := &facts.Facts{Deployment: facts.Of(facts.Deployment{Active: "/srv/new", Releases: []facts.Release{{Name: "old", Path: "/srv/old"}, {Name: "new", Path: "/srv/new"}}}, "")}
		known.Site = facts.Of(facts.Site{App: test.app}, "")
		door := facts.Door{Port: 80, Process: proc.Process{PID: 812, Executable: "/usr/sbin/apache2", Cgroup: proc.Cgroup{Unit: "apache2.service"}}, Asked: test.door}
		b := New(known)
		if got, words := b.JudgeDoor(door); got != test.want || words == "" {
			t.Errorf("%s: %v, want %v: %s", name, got, test.want, words)
		}
		if words := b.DoorWords(door); words != "Apache (process 812, apache2.service)" {
			t.Error(words)
		}
	}
}

// TestDoorDoubt: a program at the ports of visitors, beside the one at which the site's own Nginx
// listens, may be another site's: not where visitors cannot reach that Nginx by itself, nor where
// an answer of the program's ties it to the service.
func TestDoorDoubt(t *testing.T) {
	t.Parallel()
	answer := func(status int, sum string) []facts.Answer { return []facts.Answer{{Status: status, SHA256: sum}} }
	app := facts.Asked{Home: append(answer(200, "page"), answer(200, "page")...), NotFound: answer(404, "flask's")}
	strange := facts.Asked{Home: answer(200, "welcome"), NotFound: answer(404, "apache's")}
	kept := facts.Asked{Home: answer(200, "old page"), NotFound: answer(404, "flask's")}
	sent := facts.Asked{Home: []facts.Answer{{Status: 301, SHA256: "to", Headers: map[string]string{"Location": "https://shop.example/"}}}, NotFound: answer(301, "to")}
	toOwn := facts.Asked{Home: []facts.Answer{{Status: 301, SHA256: "to", Headers: map[string]string{"Location": "http://shop.example:8080/"}}}, NotFound: answer(404, "flask's")}
	const everywhere, inside = "*:8080", "127.0.0.1:8080"
	for name, test := range map[string]struct {
		listen string
		given  bool
		doors  []facts.Door
		doubt  bool
	}{
		"no program":                            {everywhere, false, nil, false},
		"another site's":                        {everywhere, false, []facts.Door{{Port: 80, Asked: strange}}, false},
		"another site's, before an inner Nginx": {inside, false, []facts.Door{{Port: 80, Asked: strange}}, true},
		"at a localhost":                        {"localhost:8080", false, []facts.Door{{Port: 80, Asked: strange}}, true},
		"another page of the app":               {everywhere, false, []facts.Door{{Port: 80, Asked: kept}}, true},
		"no HTTP at all":                        {everywhere, false, []facts.Door{{Port: 443, Asked: facts.Asked{Problem: "refused"}}}, false},
		"no HTTP, before an inner Nginx":        {inside, false, []facts.Door{{Port: 443, Asked: facts.Asked{Problem: "refused"}}}, true},
		"sent on to one that leads here":        {inside, false, []facts.Door{{Port: 80, Asked: sent}, {Port: 443, Asked: app}}, false},
		"sent on to nobody":                     {inside, false, []facts.Door{{Port: 80, Asked: sent}}, true},
		"the URL sends on to one that does":     {everywhere, true, []facts.Door{{Port: 80, Asked: sent}, {Port: 443, Asked: app}}, false},
		"the URL sends on to another page":      {everywhere, true, []facts.Door{{Port: 80, Asked: sent}, {Port: 443, Asked: kept}}, true},
		"sent on, and has a problem":            {everywhere, false, []facts.Door{{Port: 80, Asked: facts.Asked{Problem: "broke off", Home: answer(200, "old page"), NotFound: answer(404, "flask's")}}}, false},
		"a name of a release, another page":     {everywhere, false, []facts.Door{{Port: 80, Asked: facts.Asked{Home: answer(200, "x"), Version: []facts.Answer{{Status: 200, Marker: web.Marker{Value: "r"}}}}}}, true},
		"the page, on another name":             {everywhere, false, []facts.Door{{Port: 80, Asked: facts.Asked{Home: answer(200, "page"), Version: []facts.Answer{{Status: 200, Marker: web.Marker{Value: "r"}}}}}}, true},
		"sent on to the site's own port":        {everywhere, false, []facts.Door{{Port: 443, Asked: toOwn}}, false},
		"sent on to itself":                     {inside, true, []facts.Door{{Port: 443, Asked: sent}, {Port: 80, Asked: strange}}, true},
		"the URL that was given":                {everywhere, true, []facts.Door{{Port: 80, Asked: strange}}, true},
	} {
		address := facts.SiteAddress{URL: "http://shop.example:8080/", Given: test.given, Server: &nginx.Server{Listens: []nginx.Listen{{Address: test.listen}}}, Location: &nginx.Location{}}
		known := &facts.Facts{Site: facts.Of(facts.Site{Address: address, App: app, Doors: test.doors}, "")}
		if doubt := New(known).DoorDoubt(); (doubt != "") != test.doubt {
			t.Errorf("%s: %q", name, doubt)
		}
	}
}

// TestWhatAProgramBeforeTheServiceIsCalled: by what is known of its process.
func TestWhatAProgramBeforeTheServiceIsCalled(t *testing.T) {
	t.Parallel()
	for want, process := range map[string]proc.Process{
		"the program at port 80":                       {},
		"Varnish (process 7, varnish.service)":         {PID: 7, Executable: "/usr/sbin/varnishd", Cgroup: proc.Cgroup{Unit: "varnish.service"}},
		"Varnish (process 7, /usr/sbin/varnishd)":      {PID: 7, Executable: "/usr/sbin/varnishd"},
		"Caddy (process 7)":                            {PID: 7, Name: "caddy"},
		"a program that could not be told (process 7)": {PID: 7},
	} {
		if got := New(&facts.Facts{}).DoorWords(facts.Door{Port: 80, Process: process}); string(got) != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestWhichProgramStandsBeforeNginx: one that gives the app's own page, where there is an Nginx.
func TestWhichProgramStandsBeforeNginx(t *testing.T) {
	t.Parallel()
	own := []facts.Answer{{Status: 200, SHA256: "a"}, {Status: 200, SHA256: "a"}}
	for name, test := range map[string]struct {
		page   string
		nginx  *nginx.Server
		before bool
	}{
		"the app's page":             {"a", &nginx.Server{}, true},
		"another":                    {"b", &nginx.Server{}, false},
		"the app's, and no Nginx is": {"a", nil, false},
	} {
		site := facts.Site{Address: facts.SiteAddress{Server: test.nginx}, App: facts.Asked{Home: own}, Doors: []facts.Door{{Port: 80, Asked: facts.Asked{Home: []facts.Answer{{Status: 200, SHA256: test.page}}}}}}
		if _, before := New(&facts.Facts{Site: facts.Of(site, "")}).DoorBeforeNginx(); before != test.before {
			t.Errorf("%s: %v", name, before)
		}
	}
}
