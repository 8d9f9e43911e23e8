package facts

import (
	"net/netip"
	"net/url"
	"testing"

	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestWhereTheSiteIsAsked: what a visitor would type, and where Nginx listens for it.
func TestWhereTheSiteIsAsked(t *testing.T) {
	t.Parallel()
	pass := func(path string) []nginx.Location {
		return []nginx.Location{{Path: path, Pass: "http://127.0.0.1:8000"}}
	}
	for _, test := range []struct {
		name   string
		server nginx.Server
		given  string
		url    string
		local  string
		plain  bool
		public string
	}{
		{"http", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "*:80"}}, Locations: pass("/")}, "", "http://shop.example/", "127.0.0.1:80", true, ""},
		{"TLS first", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "0.0.0.0:80"}, {Address: "0.0.0.0:443", TLS: true}}, Locations: pass("/")}, "", "https://shop.example/", "127.0.0.1:443", false, ""},
		{"IPv4 before IPv6", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "[::]:443", TLS: true}, {Address: "0.0.0.0:80"}}, Locations: pass("/")}, "", "http://shop.example/", "127.0.0.1:80", true, ""},
		{"IPv6 alone", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "[::]:80"}}, Locations: pass("/")}, "", "http://shop.example/", "[::1]:80", true, ""},
		{"another port", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "127.0.0.1:8080"}}, Locations: pass("/")}, "", "http://shop.example:8080/", "127.0.0.1:8080", true, ""},
		{"TLS on another port", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "*:8443", TLS: true}}, Locations: pass("/")}, "", "https://shop.example:8443/", "127.0.0.1:8443", false, ""},
		{"no name", nginx.Server{Names: []string{"_"}, Listens: []nginx.Listen{{Address: "*:80"}}, Locations: pass("/")}, "", "http://localhost/", "127.0.0.1:80", true, ""},
		{"a name that can be typed", nginx.Server{Names: []string{"", "*.example", "~^www", ".shop.example"}, Listens: []nginx.Listen{{Address: "*:80"}}, Locations: pass("/")}, "", "http://shop.example/", "127.0.0.1:80", true, ""},
		{"below a path", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "*:80"}}, Locations: pass("/shop/")}, "", "http://shop.example/shop/", "127.0.0.1:80", true, ""},
		{"by an expression", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "*:80"}}, Locations: []nginx.Location{{Match: "~", Path: "/x", Pass: "http://127.0.0.1:8000"}}}, "", "http://shop.example/", "127.0.0.1:80", true, ""},
		{"no listen at all", nginx.Server{Names: []string{"shop.example"}, Locations: pass("/")}, "", "http://shop.example/", "127.0.0.1:80", true, ""},
		{"given", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "*:80"}}, Locations: pass("/")}, "http://shop.example/a", "http://shop.example/a", "127.0.0.1:80", true, "shop.example:80"},
		{"given, of nobody's", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "*:81"}}, Locations: pass("/")}, "https://shop.example/a", "https://shop.example/a", "", false, "shop.example:443"},
		{"the path is passed on to nobody", nginx.Server{Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "*:80"}}, Locations: pass("/b/")}, "http://shop.example/a", "http://shop.example/a", "127.0.0.1:80", true, "shop.example:80"},
	} {
		known := Facts{Options: Options{URL: test.given}, NginxDisk: Of(nginx.Config{Servers: []nginx.Server{test.server}}, "")}
		known.Settings.Value.Wanted = []string{"127.0.0.1:8000"}
		address := known.siteAddress()
		if address.URL != test.url || address.Local != test.local || address.LocalPlain != test.plain || address.Public != test.public || address.Given != (test.given != "") || (address.Problem != "") != (test.local == "") {
			t.Errorf("%s: %+v", test.name, address)
		}
	}
	for wanted, want := range map[string]string{"0.0.0.0:81": "http://127.0.0.1:81/", "unix:/run/a.sock": "http://localhost/", "": "http://localhost/"} {
		known := Facts{NginxDisk: Missing[nginx.Config]("no Nginx", "")}
		known.Settings.Value.Wanted = []string{wanted}
		if wanted == "" {
			known.Settings.Value.Wanted = nil
		}
		if address := known.siteAddress(); address.URL != want || address.Problem != "no Nginx" || address.Local != "" {
			t.Errorf("without Nginx, at %q: %+v", wanted, address)
		}
	}
	for given, want := range map[string]int{"http://a": 80, "https://a": 443, "http://a:81": 81} {
		if parsed, err := url.Parse(given); err != nil || portOf(parsed) != want {
			t.Errorf("%s: %d", given, portOf(parsed))
		}
	}
}

// TestWhichServerBlockIsTheServices: the one that leads to it, or else one that ought to, with
// what says so; and rather none than another service's.
func TestWhichServerBlockIsTheServices(t *testing.T) {
	t.Parallel()
	block := func(name, pass string, more ...nginx.Location) nginx.Server {
		return nginx.Server{File: "/etc/nginx/" + name, Line: 1, Names: []string{name}, Listens: []nginx.Listen{{Address: "0.0.0.0:80"}}, Locations: append(more, nginx.Location{Path: "/", Pass: pass})}
	}
	const own, dead, blog = "http://127.0.0.1:8000", "http://127.0.0.1:8001", "http://127.0.0.1:8100"
	for _, test := range []struct {
		name    string
		servers []nginx.Server
		want    string
		guessed bool
	}{
		{"it leads there", []nginx.Server{block("blog.example", blog), block("www.example", own)}, "www.example", false},
		{"of two of that name the first answers (G35)", []nginx.Server{block("www.example", dead), {File: "/etc/nginx/second", Line: 9, Names: []string{"www.example"}, Listens: []nginx.Listen{{Address: "0.0.0.0:80"}}, Locations: []nginx.Location{{Path: "/", Pass: own}}}}, "www.example", false},
		{"it serves its files", []nginx.Server{block("a.example", dead), block("b.example", dead, nginx.Location{Path: "/static/", Alias: "/srv/shop/releases/v1/static"})}, "b.example", true},
		{"it has its name", []nginx.Server{block("a.example", dead), block("myshop.example", dead)}, "myshop.example", true},
		{"it alone leads nowhere", []nginx.Server{block("a.example", dead), block("blog.example", blog)}, "a.example", true},
		{"two lead nowhere", []nginx.Server{block("a.example", dead), block("b.example", dead)}, "", false},
		{"it leads to another service", []nginx.Server{block("shop.example", blog)}, "", false},
		{"it passes nothing on", []nginx.Server{block("shop.example", "")}, "", false},
		{"none", nil, "", false},
		{"Nginx does not run, and another listens there", []nginx.Server{{Names: []string{"a.example"}, Listens: []nginx.Listen{{Address: "0.0.0.0:8100"}}, Locations: []nginx.Location{{Path: "/", Pass: dead}}}}, "", false},
	} {
		known := Facts{Target: Target{Service: "shop.service", Unit: "shop.service"}, NginxDisk: Of(nginx.Config{Servers: test.servers}, "")}
		known.Settings.Value.Wanted, known.Settings.Value.Directory = []string{"127.0.0.1:8000"}, "/srv/shop/current"
		other := born("blog.service", 8)
		other.Master.SocketInodes = []uint64{2}
		known.Processes = Of(Processes{Servers: []Server{other}}, "")
		known.Listeners = Of([]proc.Listener{{Address: netip.MustParseAddrPort("127.0.0.1:8100"), Inode: 2}}, "")
		known.Units = Of([]Unit{{Unit: systemd.Unit{Name: "shop.service", WorkingDirectory: "/srv/shop/current", ActiveState: "active"}, Serves: true}}, "")
		server, _, clue := known.siteServer()
		got := ""
		if server != nil {
			got = server.Names[0]
		}
		if got != test.want || (clue != "") != test.guessed {
			t.Errorf("%s: %q by %q", test.name, got, clue)
		}
		if server != nil && test.name[:2] == "of" && server.Line != 1 {
			t.Errorf("%s: the one on line %d", test.name, server.Line)
		}
	}
}

// TestWhatNamesTellOfAService: what of a service's name, and of its directory, others share.
func TestWhatNamesTellOfAService(t *testing.T) {
	t.Parallel()
	for service, want := range map[string]string{
		"shop.service": "shop", "compose:live/shop": "shop", "shop@blue.service": "shop", "gunicorn-shop.service": "shop",
		"shop-gunicorn.service": "shop", "gunicorn.service": "", "ab.service": "", "": "",
	} {
		if got := serviceStem(service); got != want {
			t.Errorf("serviceStem(%q) = %q", service, got)
		}
	}
	for directory, want := range map[string]string{
		"/srv/shop/releases/v1/web": "/srv/shop", "/srv/shop/current": "/srv/shop", "/srv/shop/current/web": "/srv/shop",
		"/srv/shop": "/srv/shop", "/srv": "", "/": "",
	} {
		known := Facts{}
		known.Settings.Value.Directory = directory
		if got := known.deployRoot(); got != want {
			t.Errorf("deployRoot of %q = %q", directory, got)
		}
	}
	for _, test := range []struct {
		directory, other string
		beside           bool
	}{
		{"/srv/shop", "/srv/shop", true},
		{"/srv/shop", "/srv/shop/web", true},
		{"/srv/shop", "/srv/blog", false},
		{"/srv/shop/current", "/srv/shop/releases/v1", true},
		{"/srv/shop/current", "/srv/blog/current", false},
		{"/", "/srv", false},
		{"", "/srv", false},
		{"/srv/shop", "", false},
	} {
		if got := besideIn(test.directory, test.other); got != test.beside {
			t.Errorf("%s is beside %s: %v", test.other, test.directory, got)
		}
	}
}

// TestOtherBlocksThatLeadToTheService: those that may give visitors something else are asked.
func TestOtherBlocksThatLeadToTheService(t *testing.T) {
	t.Parallel()
	block := func(name, listen string, location nginx.Location) nginx.Server {
		location.Path = "/"
		return nginx.Server{File: "/etc/nginx/" + name + listen, Line: 1, Names: []string{name}, Listens: []nginx.Listen{{Address: listen}}, Locations: []nginx.Location{location}}
	}
	own := nginx.Location{Pass: "http://127.0.0.1:8000"}
	site := block("www.example", "0.0.0.0:80", own)
	for _, test := range []struct {
		name  string
		other nginx.Server
		found bool
		asked bool
	}{
		{"it leads there", block("m.example", "0.0.0.0:80", own), true, false},
		{"it keeps answers", block("m.example", "0.0.0.0:80", nginx.Location{Pass: own.Pass, ProxyCache: "zone"}), true, true},
		{"it passes on to the site's", block("www.example", "0.0.0.0:8080", nginx.Location{Pass: "http://127.0.0.1:80"}), true, true},
		{"it leads elsewhere", block("m.example", "0.0.0.0:80", nginx.Location{Pass: "http://127.0.0.1:9000"}), false, false},
		{"it has the site's name, and is ignored", nginx.Server{File: "/etc/nginx/x", Line: 5, Names: []string{"www.example"}, Listens: []nginx.Listen{{Address: "0.0.0.0:80"}}, Locations: []nginx.Location{{Path: "/", Pass: own.Pass}}}, false, false},
	} {
		known := Facts{NginxDisk: Of(nginx.Config{Servers: []nginx.Server{site, test.other}}, "")}
		known.Settings.Value.Wanted = []string{"127.0.0.1:8000"}
		address := known.siteAddress()
		others := known.otherBlocks(address)
		if (len(others) == 1) != test.found || test.found && (others[0].Asked.Where != "") != test.asked {
			t.Errorf("%s: %+v", test.name, others)
		}
		address.Given = true
		if others := known.otherBlocks(address); len(others) != 0 {
			t.Errorf("%s: a person meant one URL: %+v", test.name, others)
		}
	}
}
