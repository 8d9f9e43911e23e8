package box

import (
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys/docker"
	"flasktui/sys/git"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestWhetherTwoPagesDiffer: a page that is another one each time tells nothing.
func TestWhetherTwoPagesDiffer(t *testing.T) {
	t.Parallel()
	page := func(status int, sums ...string) (answers []facts.Answer) {
		for _, sum := range sums {
			answers = append(answers, facts.Answer{Status: status, SHA256: sum})
		}
		return answers
	}
	for _, test := range []struct {
		name           string
		app, asked     []facts.Answer
		differs, known bool
	}{
		{"the same", page(200, "a", "a"), page(200, "a"), false, true},
		{"another", page(200, "a", "a"), page(200, "b"), true, true},
		{"the app's changes", page(200, "a", "b"), page(200, "b"), false, false},
		{"the app was asked once", page(200, "a"), page(200, "b"), false, false},
		{"the app fails", page(500, "a", "a"), page(200, "b"), false, false},
		{"nobody was asked", page(200, "a", "a"), nil, false, false},
		{"an error page", page(200, "a", "a"), page(502, "b"), false, false},
		{"it broke off", page(200, "a", "a"), []facts.Answer{{Status: 200, SHA256: "b", Problem: "EOF"}}, false, false},
	} {
		b := &Box{Facts: &facts.Facts{Site: facts.Of(facts.Site{App: facts.Asked{Home: test.app}}, "")}}
		if differs, known := b.PageDiffers(facts.Asked{Home: test.asked}); differs != test.differs || known != test.known {
			t.Errorf("%s: %v, %v", test.name, differs, known)
		}
	}
	for _, test := range []struct {
		one, other []facts.Answer
		same       bool
	}{
		{page(200, "a"), page(200, "a", "b"), true},
		{page(200, "a"), page(404, "a"), false},
		{page(200, "a"), page(200, "b"), false},
		{page(200, ""), page(200, ""), false},
		{nil, page(200, "a"), false},
		{page(200, "a"), nil, false},
	} {
		if got := SameAnswer(test.one, test.other); got != test.same {
			t.Errorf("%v and %v: %v", test.one, test.other, got)
		}
	}
}

// TestASiteWithoutADoor: Nginx does not run and cannot, and nothing else listens for visitors.
func TestASiteWithoutADoor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name            string
		with            func(known *facts.Facts)
		stopped, noDoor bool
	}{
		{"it is so", func(*facts.Facts) {}, true, true},
		{"Nginx runs", func(known *facts.Facts) { known.Processes.Value.Nginx = []facts.NginxProcess{{}} }, false, false},
		{"processes are hidden", func(known *facts.Facts) { known.Processes.Value.Hidden = true }, false, false},
		{"processes could not be read", func(known *facts.Facts) { known.Processes.Known = false }, false, false},
		{"there is no Nginx", func(known *facts.Facts) { known.NginxDisk.Known = false }, false, false},
		{"another Nginx is before it", func(known *facts.Facts) { known.Front.Known = true }, false, false},
		{"it could start", func(known *facts.Facts) { known.NginxDisk.Value.Failure = "" }, true, false},
		{"something else listens at 80", func(known *facts.Facts) {
			known.Listeners.Value = append(known.Listeners.Value, listener("0.0.0.0:80", 9))
		}, true, false},
		{"something else listens at 443", func(known *facts.Facts) {
			known.Listeners.Value = append(known.Listeners.Value, listener("0.0.0.0:443", 9))
		}, true, false},
		{"what listens is not known", func(known *facts.Facts) { known.Listeners.Known = false }, true, false},
		{"the app listens for everybody", func(known *facts.Facts) { known.Listeners.Value[0] = listener("0.0.0.0:8000", 1) }, true, false},
	} {
		known := running().Facts
		known.Listeners = facts.Of([]proc.Listener{listener("127.0.0.1:8000", 1)}, "")
		known.NginxDisk = facts.Of(nginx.Config{Failure: "unknown directive"}, "")
		test.with(known)
		b := New(known)
		if b.NginxStopped() != test.stopped || b.NginxCannotStart() != test.noDoor || (b.NginxStoppedWords() != "") != (test.stopped && known.NginxDisk.Value.Failure != "") {
			t.Errorf("%s: stopped %v, no door %v, %q", test.name, b.NginxStopped(), b.NginxCannotStart(), b.NginxStoppedWords())
		}
	}
	for socket, want := range map[string]bool{"unix:/run/a": false, "127.0.0.1:80": false, "[::1]:80": false, "0.0.0.0:80": true, "10.0.0.1:80": true} {
		if ReachedFromOutside(socket) != want {
			t.Errorf("%s is reached from outside: %v", socket, !want)
		}
	}
}

// TestABackgroundProcessThatIsBehind: by where it stands, or by when it began.
func TestABackgroundProcessThatIsBehind(t *testing.T) {
	t.Parallel()
	const commit, other = "4f2c1d9a11e07c2b5d0f3e6a7b8c9d0e1f2a3b4c", "5f2c1d9a11e07c2b5d0f3e6a7b8c9d0e1f2a3b4c"
	back := &git.Repository{Commit: commit, Log: []git.ReflogEntry{
		{Old: other, New: commit, At: factstest.Noon().Add(-time.Hour)}, {Old: commit, New: other, At: factstest.Noon().Add(time.Minute)}, {Old: other, New: commit, At: factstest.Noon().Add(2 * time.Minute)},
	}}
	for _, test := range []struct {
		name       string
		release    string
		started    time.Duration
		link       bool
		repository *git.Repository
		edited     time.Duration
		behind     bool
	}{
		{"began after the change", "/srv/v2", time.Hour, true, nil, 0, false},
		{"began before it", "/srv/v2", 0, true, nil, 0, true},
		{"stands in another release", "/srv/v1", time.Hour, true, nil, 0, true},
		{"no link chooses", "/srv/v1", time.Hour, false, nil, 0, false},
		{"the commit was left and came back", "/srv/v2", 0, true, back, -time.Hour, false},
		{"the same, and a file was edited", "/srv/v2", 0, true, back, time.Minute, true},
	} {
		deployment := facts.Deployment{Active: "/srv/v2", Releases: []facts.Release{{Path: "/srv/v1"}, {Path: "/srv/v2"}}, Repository: test.repository}
		if test.link {
			deployment.Link = &facts.Link{Path: "/srv/current", Resolved: "/srv/v2"}
		}
		b := &Box{Facts: &facts.Facts{Deployment: facts.Of(deployment, ""), Code: facts.Of(facts.Code{
			Source: facts.Change{Path: "/srv/v2/app.py", At: factstest.Noon().Add(10 * time.Minute)}, Edited: facts.Change{Path: "/srv/v2/app.py", At: factstest.Noon().Add(test.edited)},
		}, "")}}
		process := facts.Background{Process: facts.Process{Process: proc.Process{Started: factstest.Noon().Add(test.started)}}, Release: test.release}
		if got := b.JudgeBackground(process).State == Stale; got != test.behind {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// TestWhoRunsAGunicorn is named where it is known, and nobody is where it is not.
func TestWhoRunsAGunicorn(t *testing.T) {
	t.Parallel()
	b := running()
	contained, loose := facts.Server{}, facts.Server{}
	contained.Master.PID, contained.Master.Cgroup.Container = 90, "web"
	loose.Master.PID = 91
	for want, server := range map[string]facts.Server{"shop.service": b.Server, "of a container": contained, "of an unknown service": loose} {
		if got := b.RunnerOf(server); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, test := range []struct {
		unit facts.Unit
		want bool
	}{
		{facts.Unit{Unit: systemd.Unit{ActiveState: "inactive", Result: "success"}}, true},
		{facts.Unit{Unit: systemd.Unit{ActiveState: "inactive", Result: "exit-code"}}, false},
		{facts.Unit{Unit: systemd.Unit{ActiveState: "active", Result: "success"}}, false},
	} {
		if got := (&Box{Unit: test.unit}).IsStopped(); got != test.want {
			t.Errorf("%+v: %v", test.unit, got)
		}
	}
}

// TestAnNginxOfTheSameProject is named only where the box's own leads nowhere near.
func TestAnNginxOfTheSameProject(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		with func(known *facts.Facts)
		want string
	}{
		{"it is there", func(*facts.Facts) {}, "shop-proxy-1"},
		{"the box's own has a block for it", func(known *facts.Facts) { known.Site.Value.Address.Server = &nginx.Server{} }, ""},
		{"of another project", func(known *facts.Facts) { known.Containers.Value[1].Project = "blog" }, ""},
		{"no Nginx runs in it", func(known *facts.Facts) { known.Processes.Value.Nginx = nil }, ""},
		{"the service is not a container", func(known *facts.Facts) { known.Target.Container = "" }, ""},
	} {
		proxy := facts.NginxProcess{Process: proc.Process{Cgroup: proc.Cgroup{Container: "proxy"}}}
		known := &facts.Facts{
			Target:     facts.Target{Service: "compose:shop/web", Container: "web"},
			Containers: facts.Of([]docker.Container{{ID: "web", Project: "shop", Service: "web"}, {ID: "proxy", Name: "shop-proxy-1", Project: "shop", Service: "proxy"}}, ""),
			Processes:  facts.Of(facts.Processes{Nginx: []facts.NginxProcess{proxy}}, ""),
		}
		test.with(known)
		if got := (&Box{Facts: known}).NginxInProject(); got != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}
