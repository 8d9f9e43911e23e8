package box

import (
	"strings"
	"testing"

	"flasktui/steps/facts"
	"flasktui/sys/nginx"
)

// TestOutage: who gets nothing is down; who is kept waiting, or turned away on purpose, is
// not, and the words say by whom.
func TestOutage(t *testing.T) {
	asked := func(answers ...facts.Answer) facts.Asked {
		one := facts.Asked{Where: "127.0.0.1:1", Version: answers}
		for _, answer := range answers {
			one.Why, one.Problem = answer.Why, answer.Problem
		}
		return one
	}
	status := func(code int, took int64) facts.Answer { return facts.Answer{Status: code, TookMS: took} }
	silent := facts.Answer{Problem: "context deadline exceeded", Silent: true}
	refused := facts.Answer{Why: facts.WhyFailed, Problem: "connection refused"}
	denied := facts.Answer{Why: facts.WhyDenied, Problem: "dial unix /run/shop.sock: connect: not for this user"}
	for _, test := range []struct {
		name       string
		app, nginx facts.Asked
		down       bool
		words      string
	}{
		{"both answer", asked(status(200, 1)), asked(status(200, 1)), false, ""},
		{"the app refuses, no Nginx", asked(refused), facts.Asked{}, true, ""},
		{"the app's socket is not for this user, no Nginx", asked(denied), facts.Asked{}, false, ""},
		{"the app's socket is not for this user, and Nginx reaches nobody", asked(denied), asked(status(502, 1)), true, ""},
		{"nobody behind Nginx", asked(refused), asked(status(502, 1)), true, ""},
		{"Nginx says 503 and the app refuses", asked(refused), asked(status(503, 1)), true, ""},
		{"Nginx refuses", asked(status(200, 1)), asked(refused), true, ""},
		{"Nginx refuses and the app is silent", asked(silent), asked(refused), true, ""},
		{"Nginx cannot reach an app that answers", asked(status(200, 1)), asked(status(502, 1)), true, ""},
		{"Nginx hangs before a quick app", asked(status(200, 1)), asked(silent), true, ""},
		{"the app is silent and Nginx reaches nobody", asked(silent), asked(status(502, 1)), true, ""},
		{"both are silent", asked(silent), asked(silent), false, "has not answered within 3 s"},
		{"the app is silent, no Nginx", asked(silent), facts.Asked{}, false, "has not answered within 3 s"},
		{"a slow app", asked(status(200, 2100)), asked(silent), false, "2100 ms"},
		{"Nginx is closed", asked(status(200, 1)), asked(status(503, 1)), false, "Nginx itself answers with status 503"},
		{"some requests are over the limit", asked(status(200, 1)), asked(status(503, 1), status(200, 1)), false, ""},
		{"the app is closed", asked(status(503, 1)), asked(status(503, 1)), false, "the app itself answers with status 503"},
		{"the app is closed, no Nginx", asked(status(503, 1)), facts.Asked{}, false, "the app itself answers with status 503"},
	} {
		t.Run(test.name, func(t *testing.T) {
			known := &facts.Facts{Site: facts.Of(facts.Site{Address: facts.SiteAddress{Server: &nginx.Server{}}, App: test.app, Nginx: test.nginx}, "")}
			b := &Box{Facts: known}
			if got := b.IsDown(); got != test.down {
				t.Errorf("down is %v, not %v", got, test.down)
			}
			if words := string(b.NoPageReason()); !strings.Contains(words, test.words) || test.words == "" && words != "" {
				t.Errorf("it says %q, not %q", words, test.words)
			}
		})
	}
}

// TestAnOutageWhereNothingCouldBeAsked is one where whoever manages the service shows that no
// server of it runs: what may not be seen is not known to be missing.
func TestAnOutageWhereNothingCouldBeAsked(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(b *Box)
		down   bool
	}{
		{"a unit of a server", func(b *Box) { b.HasUnit, b.Unit.Serves, b.Unit.ActiveState = true, true, "active" }, true},
		{"a unit that ended", func(b *Box) { b.HasUnit, b.Unit.ActiveState = true, "failed" }, true},
		{"a unit that runs something else", func(b *Box) { b.HasUnit, b.Unit.ActiveState = true, "active" }, false},
		{"nothing that is known to manage it", func(b *Box) { b.Unit.ActiveState = "failed" }, false},
		{"a container", func(b *Box) { b.Target.Container = "c" }, true},
		{"a program of supervisord's", func(b *Box) { b.Target.Program = "shop" }, true},
		{"a server runs", func(b *Box) { b.Target.Container, b.Running = "c", true }, false},
		{"processes are hidden", func(b *Box) { b.Target.Container, b.Processes.Value.Hidden = "c", true }, false},
		{"the site is not known", func(b *Box) { b.Target.Container, b.Site = "c", facts.Unreadable[facts.Site]("timed out", "") }, false},
		{"the public address answers, and an Nginx that is guessed", func(b *Box) {
			b.Site.Value.Address = facts.SiteAddress{Server: &nginx.Server{}, Guessed: true}
			b.Site.Value.Nginx = facts.Asked{Where: "127.0.0.1:80", Version: []facts.Answer{{Status: 502}}}
			b.Site.Value.Public = facts.Asked{Where: "1.2.3.4:80", Version: []facts.Answer{{Status: 200}}}
		}, false},
		{"nobody answers, and an Nginx that is guessed", func(b *Box) {
			b.Site.Value.Address = facts.SiteAddress{Server: &nginx.Server{}, Guessed: true}
			b.Site.Value.Nginx = facts.Asked{Where: "127.0.0.1:80", Version: []facts.Answer{{Status: 502}}}
		}, true},
	} {
		b := &Box{Facts: &facts.Facts{Processes: facts.Of(facts.Processes{}, ""), Site: facts.Of(facts.Site{}, "")}}
		test.change(b)
		if got := b.IsDown(); got != test.down {
			t.Errorf("%s: down is %v", test.name, got)
		}
	}
}

// TestAnNginxThatDoesNotRun is said to be what is wrong where the site is known to need it.
func TestAnNginxThatDoesNotRun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(b *Box)
		want   string
	}{
		{"it stands before the site", func(*Box) {}, "Nginx does not run; start it: systemctl start nginx."},
		{"the app answers behind it", func(b *Box) { b.Site.Value.App.Version = []facts.Answer{{Status: 200}} }, "Nginx does not run, and the app behind it answers. Start it: systemctl start nginx."},
		{"it stands before none", func(b *Box) { b.Site.Value.Address.Server = nil }, ""},
		{"it stands before none that is known, and is refused", func(b *Box) { b.Site.Value.Address.Server, b.NginxDisk.Value.Failure = nil, "emerg" }, "Nginx does not run; start it: systemctl start nginx."},
		{"it runs", func(b *Box) { b.Processes.Value.Nginx = []facts.NginxProcess{{Role: "master"}} }, ""},
		{"processes are hidden", func(b *Box) { b.Processes.Value.Hidden = true }, ""},
		{"one in a container does", func(b *Box) { b.Front = facts.Of(facts.Front{}, "") }, ""},
		{"there is none", func(b *Box) { b.NginxDisk = facts.Missing[nginx.Config]("none", "") }, ""},
	} {
		b := &Box{Facts: &facts.Facts{Processes: facts.Of(facts.Processes{}, ""), Site: facts.Of(facts.Site{Address: facts.SiteAddress{Server: &nginx.Server{}}}, ""), NginxDisk: facts.Of(nginx.Config{}, "")}}
		test.change(b)
		if got := string(b.NginxStoppedWords()); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
