package facts

import (
	"net/url"
	"testing"

	"flasktui/sys/apache"
	"flasktui/sys/appserver"
	"flasktui/sys/proc"
)

// TestWhoseGroupAProcessIsOf: by the socket that it holds, or by its title where nobody may see that.
func TestWhoseGroupAProcessIsOf(t *testing.T) {
	t.Parallel()
	groups := map[uint64]int{71: 1, 72: 2}
	shop := apache.App{Daemon: &apache.Daemon{Name: "shop", Number: 1}}
	unread := map[string]string{"sockets": "permission denied"}
	for name, test := range map[string]struct {
		process      Process
		group        int
		daemon, told bool
	}{
		"holds its group's socket": {Process{Process: proc.Process{Argv: []string{"/usr/sbin/apache2"}}, SocketInodes: []uint64{3, 71}}, 1, true, true},
		"holds another's":          {Process{Process: proc.Process{Argv: []string{"(wsgi:other)"}}, SocketInodes: []uint64{72}}, 2, true, true},
		"a child of Apache's":      {Process{Process: proc.Process{Argv: []string{"/usr/sbin/apache2"}}, SocketInodes: []uint64{3, 4}}, 0, false, true},
		"named after its group":    {Process{Process: proc.Process{Argv: []string{"(wsgi:shop)     "}, Unreadable: unread}}, 1, true, true},
		"named after another":      {Process{Process: proc.Process{Argv: []string{"(wsgi:blog)"}, Unreadable: unread}}, 0, true, true},
		"nothing shows":            {Process{Process: proc.Process{Argv: []string{"/usr/sbin/apache2"}, Unreadable: unread}}, 0, false, false},
	} {
		group, daemon, told := groupOf(test.process, shop, groups)
		if group != test.group || daemon != test.daemon || told != test.told {
			t.Errorf("%s: group %d, of mod_wsgi %v, told %v; want %d, %v, %v", name, group, daemon, told, test.group, test.daemon, test.told)
		}
	}
}

// TestSeveralAppsOfOneApache: each is a service by its script, with the address of its virtual host,
// and a URL leads to one of them.
func TestSeveralAppsOfOneApache(t *testing.T) {
	t.Parallel()
	config := apache.Config{
		Hosts: []apache.Host{{}, {Addresses: []string{"*:80"}, Name: "shop.example"}, {Addresses: []string{"*:8443"}, Name: "blog.example", TLS: true}},
		Apps:  []apache.App{{Script: "/srv/shop.wsgi", Prefix: "/", Hosts: []int{1}}, {Script: "/srv/blog.wsgi", Prefix: "/blog", Hosts: []int{2}}},
	}
	main := Process{Process: proc.Process{PID: 7}}
	known := &Facts{Units: Of([]Unit{{Runs: []int{7}}}, "")}
	known.Units.Value[0].Name = "apache2.service"
	known.Processes.Value.Apache = []Apache{{Main: main, Config: config}}
	for index := range config.Apps {
		known.Processes.Value.Servers = append(known.Processes.Value.Servers, Server{Kind: appserver.ModWSGI, Master: main, WSGI: &WSGIApp{App: config.Apps[index]}})
	}
	shop, blog := known.Processes.Value.Servers[0], known.Processes.Value.Servers[1]
	if got := known.ServiceOf(blog); got != "wsgi:/srv/blog.wsgi" {
		t.Errorf("the service is %q", got)
	}
	for app, address := range map[*WSGIApp]string{shop.WSGI: "http://shop.example/", blog.WSGI: "https://blog.example:8443/blog/"} {
		if got := known.addressOfApp(app); got != address {
			t.Errorf("%s is asked at %s, not %s", app.Script, got, address)
		}
	}
	asked, err := url.Parse("https://blog.example:8443/blog/page")
	if err != nil || known.answersFor(shop, asked) || !known.answersFor(blog, asked) {
		t.Errorf("the URL leads to the shop %v, to the blog %v: %v", known.answersFor(shop, asked), known.answersFor(blog, asked), err)
	}
	known.Target = Target{Service: "wsgi:/srv/blog.wsgi", Unit: "apache2.service", Script: "/srv/blog.wsgi"}
	if own := known.Own(); len(own) != 1 || own[0].WSGI.Script != "/srv/blog.wsgi" {
		t.Errorf("%d servers are the service's own", len(own))
	}
}
