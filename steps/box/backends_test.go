package box

import (
	"net/netip"
	"strings"
	"testing"

	"flasktui/steps/facts"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/web"
)

// TestOtherBackends: another backend is old where it names an old release; that it says the same
// proves nothing, and no difference between two that take turns is a cache's.
func TestOtherBackends(t *testing.T) {
	t.Parallel()
	says := func(release string) facts.Asked {
		answer := facts.Answer{Status: 200, SHA256: release, Marker: web.Marker{Value: release}}
		return facts.Asked{Where: "somewhere", Version: []facts.Answer{answer}, Home: []facts.Answer{answer, answer}}
	}
	for name, test := range map[string]struct {
		change func(*facts.Facts)
		want   State
		why    string
		turns  bool
	}{
		"it names an old release":  {func(known *facts.Facts) { known.Site.Value.Backends[0].Asked = says("old") }, Stale, "names old", true},
		"it names the same":        {func(*facts.Facts) {}, Undetermined, "same release, new", false},
		"it names what is unknown": {func(known *facts.Facts) { known.Site.Value.Backends[0].Asked = says("4.2") }, Undetermined, "nothing on this box shows", true},
		"it does not answer":       {func(known *facts.Facts) { known.Site.Value.Backends[0].Asked = facts.Asked{Problem: "refused"} }, Undetermined, "refused", true},
		"nobody asked it":          {func(known *facts.Facts) { known.Site.Value.Backends = nil }, Undetermined, "not asked", true},
		"both are old": {func(known *facts.Facts) {
			known.Site.Value.App = says("old")
			known.Site.Value.Backends[0].Asked = says("old")
		}, Undetermined, "same release, old", false},
		"nothing listens there": {func(known *facts.Facts) { known.Listeners.Value = known.Listeners.Value[:1] }, "", "", false},
		"a variable nobody can follow": {func(known *facts.Facts) {
			known.Site.Value.Address.Location.Pass, known.Site.Value.Address.Location.Passes = "http://$host", nil
		}, "", "", true},
	} {
		known := &facts.Facts{Deployment: facts.Of(facts.Deployment{Active: "/srv/new", Releases: []facts.Release{{Name: "old", Path: "/srv/old"}, {Name: "new", Path: "/srv/new"}}}, "")}
		known.Settings = facts.Of(facts.Settings{Wanted: []string{"127.0.0.1:8001"}}, "")
		known.Listeners = facts.Of([]proc.Listener{{Address: netip.MustParseAddrPort("127.0.0.1:8001")}, {Address: netip.MustParseAddrPort("127.0.0.1:8002")}}, "")
		location := nginx.Location{Path: "/", Pass: "http://127.0.0.1:$port", Passes: []string{"http://127.0.0.1:8001", "http://127.0.0.1:8002"}, PassKind: "proxy_pass"}
		known.NginxDisk = facts.Of(nginx.Config{}, "")
		known.Site = facts.Of(facts.Site{
			Address: facts.SiteAddress{URL: "http://a.example/", Location: &location, Backends: 2}, App: says("new"),
			Backends: []facts.Backend{{Address: "127.0.0.1:8002", Asked: says("new")}},
		}, "")
		test.change(known)
		b := New(known)
		others := b.OtherBackends()
		if (test.want != "") != (len(others) == 1) || len(others) == 1 && (others[0].State != test.want || !strings.Contains(string(others[0].Why), test.why)) {
			t.Errorf("%s: %+v", name, others)
		}
		if b.TakesTurns() != test.turns {
			t.Errorf("%s: taking turns is %v", name, b.TakesTurns())
		}
	}
}

// TestOldCopyBehindADoor: a program that gives the page of another server with old code leads
// there; one whose page nobody else gives does not.
func TestOldCopyBehindADoor(t *testing.T) {
	t.Parallel()
	page := func(sums ...string) []facts.Answer {
		var answers []facts.Answer
		for _, sum := range sums {
			answers = append(answers, facts.Answer{Status: 200, SHA256: sum})
		}
		return answers
	}
	for name, test := range map[string]struct {
		door, copied []facts.Answer
		started      string
		want         DoorState
		turns        bool
	}{
		"the old one's page":              {page("old"), page("old", "old"), "/srv/releases/old", DoorOld, false},
		"both in turn":                    {page("new", "old"), page("old", "old"), "/srv/releases/old", DoorOld, true},
		"the service's page":              {page("new"), page("old", "old"), "/srv/releases/old", DoorSame, false},
		"a page of neither":               {page("other"), page("old", "old"), "/srv/releases/old", DoorOpen, false},
		"an old one whose page changes":   {page("old"), page("old", "older"), "/srv/releases/old", DoorOpen, false},
		"one that is not known to be old": {page("old"), page("old", "old"), "/srv/elsewhere", DoorOpen, false},
	} {
		known := &facts.Facts{Deployment: facts.Of(facts.Deployment{
			Directory: "/srv/current", Link: &facts.Link{Path: "/srv/current", Target: "/srv/releases/new", Resolved: "/srv/releases/new"},
			Active: "/srv/releases/new", Resolved: "/srv/releases/new", ReleasesDirectory: "/srv/releases",
			Releases: []facts.Release{{Name: "old", Path: "/srv/releases/old"}, {Name: "new", Path: "/srv/releases/new"}},
		}, "")}
		server := facts.Server{Master: facts.Process{Process: proc.Process{PID: 20, Directory: test.started}, SocketInodes: []uint64{5}}}
		known.Processes = facts.Of(facts.Processes{Servers: []facts.Server{server}}, "")
		known.Listeners = facts.Of([]proc.Listener{{Address: netip.MustParseAddrPort("127.0.0.1:8002"), Inode: 5}}, "")
		door := facts.Door{Port: 80, Asked: facts.Asked{Home: test.door}}
		known.Site = facts.Of(facts.Site{
			App: facts.Asked{Home: page("new", "new")}, Doors: []facts.Door{door},
			Copies: []facts.Backend{{Address: "127.0.0.1:8002", Asked: facts.Asked{Home: test.copied}}},
		}, "")
		b := New(known)
		if got, words := b.JudgeDoor(door); got != test.want {
			t.Errorf("%s: %v, want %v: %s", name, got, test.want, words)
		}
		if got := b.leadsToSeveral(door); got != test.turns {
			t.Errorf("%s: several is %v", name, got)
		}
	}
}
