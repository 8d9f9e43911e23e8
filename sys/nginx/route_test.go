package nginx

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLocationFor(t *testing.T) {
	server := shopDump(t).Servers[2]
	for path, want := range map[string]string{
		"/":                       "/",
		"/cart?x=/static/":        "/",
		"/favicon.ico":            "/favicon.ico",
		"/static/logo.png":        "/static/",
		"/static/app.css?v=1":     `\.(css|js)$`,
		"/static/%2e%2e/cart.css": "/",
		"//static//app.JS":        `\.(css|js)$`,
		"/static":                 "/",
		"/media/app.css":          "/media/",
		"/api/v1/items":           "^/api/(v1|v2)/",
		"/api/v3/items":           "/",
		"/old/x":                  "/old/",
		"/502.html":               "/502.html",
		"/app":                    "/",
	} {
		if got, ok := server.LocationFor(path); !ok || got.Path != want {
			t.Errorf("%s: %q, want %q", path, got.Path, want)
		}
	}
}

func TestLocationForOrder(t *testing.T) {
	server := dumpOf(t, `http { server { root /srv/www;
		location /a { location /a/b { return 201; } location ~ x$ { return 202; } location = /a/e { return 203; } }
		location ^~ /c { location ~ y$ { return 204; } }
		location ~ \.php$ { return 205; }
		location ~ /\.(?!well-known) { return 206; }
		location ~* ^/IMG/ { location ~ inside { return 207; } return 208; }
		location = /c/exact.php { return 209; }
	} }`).Servers[0]
	for path, want := range map[string]string{
		"/a/b":               "201",
		"/a/b.php":           "205",
		"/a/b/x":             "202",
		"/a/e":               "203",
		"/a/1.php":           "205",
		"/c/y":               "204",
		"/c/1.php":           "",
		"/c/exact.php":       "209",
		"/.git/config":       "206",
		"/.well-known/x":     "",
		"/img/1":             "208",
		"/img/inside":        "207",
		"/elsewhere":         "",
		"/elsewhere/2.php":   "205",
		"/elsewhere/2.php?y": "205",
	} {
		got, ok := server.LocationFor(path)
		if !ok || got.Return != want {
			t.Errorf("%s: %+v, want %q", path, got, want)
		}
	}
	none := dumpOf(t, "http { server { location /a { return 200; } } }").Servers[0]
	if got, ok := none.LocationFor("/b"); ok {
		t.Errorf("nothing serves it, got %+v", got)
	}
	circular := Server{Locations: []Location{{Path: "/", Inside: 2}, {Path: "/", Inside: 1}, {Match: "~", Path: "/", Inside: 3}}}
	circular.LocationFor("/a")
}

func TestFileFor(t *testing.T) {
	server := shopDump(t).Servers[2]
	for path, want := range map[string]string{
		"/about.html":         "/srv/shop/current/public/about.html",
		"/static/css/a.css":   "/srv/shop/current/static/css/a.css",
		"/static/img/a%20b":   "/srv/shop/current/static/img/a b",
		"/media/x.png":        "/srv/shop/shared/media/x.png",
		"/":                   "/srv/shop/current/public/index.html",
		"/api/v1/x":           "",
		"/static/../secret":   "/srv/shop/current/public/secret",
		"/old/style.css":      "",
		"/static/%2e%2e/x.js": "/srv/shop/current/public/x.js",
	} {
		location, _ := server.LocationFor(path)
		if got := location.FileFor(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for _, test := range []struct {
		location Location
		path     string
		want     string
	}{
		{Location{Path: "/s/", Alias: "/srv/static/"}, "/s/a", "/srv/static/a"},
		{Location{Path: "/s", Alias: "/srv/static/"}, "/s/a", "/srv/static/a"},
		{Location{Path: "/s/", Alias: "/srv/static/", AliasPath: "/s/"}, "/other", ""},
		{Location{Match: "~", Path: `^/u/(\w+)/(?<rest>.*)$`, Alias: "/home/$1/public/$rest"}, "/u/ada/x.css", "/home/ada/public/x.css"},
		{Location{Match: "~*", Path: `^/U/(`, Alias: "/home/$1"}, "/u/ada", ""},
		{Location{Path: "/", Root: "/srv/$host"}, "/a", ""},
		{Location{Path: "/", Root: "html"}, "/a", ""},
		{Location{Path: "/"}, "/a$b", "/a$b"},
		{Location{Path: "/", Root: "/srv", Return: "404"}, "/a", ""},
	} {
		if got := test.location.FileFor(test.path); got != test.want {
			t.Errorf("%+v %s: %q, want %q", test.location, test.path, got, test.want)
		}
	}
}

func TestBackends(t *testing.T) {
	config := shopDump(t)
	for pass, want := range map[string][]string{
		"http://shop":                     {"unix:/run/shop/gunicorn.sock", "10.0.0.7:8000", "10.0.0.8:80"},
		"http://SHOP/path":                {"unix:/run/shop/gunicorn.sock", "10.0.0.7:8000", "10.0.0.8:80"},
		"shop":                            {"unix:/run/shop/gunicorn.sock", "10.0.0.7:8000", "10.0.0.8:80"},
		"http://unix:/run/old.sock:/new/": {"unix:/run/old.sock"},
		"http://unix:/run/old.sock":       {"unix:/run/old.sock"},
		"unix:/run/u.sock":                {"unix:/run/u.sock"},
		"http://127.0.0.1:8000/":          {"127.0.0.1:8000"},
		"http://localhost/app":            {"localhost:80"},
		"https://app":                     {"app:443"},
		"http://[::1]:8000":               {"[::1]:8000"},
		"http://[::1]/":                   {"[::1]:80"},
		"grpc://app:50051":                {"app:50051"},
		"http://$backend":                 nil,
		"http://app$request_uri":          nil,
		"":                                nil,
	} {
		var got []string
		for _, server := range config.Backends(Location{Pass: pass}) {
			got = append(got, server.Address)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", pass, diff)
		}
	}
}

func TestServersFor(t *testing.T) {
	config := dumpOf(t, `http {
		server { listen 80; server_name first; }
		server { listen 80; server_name ~^ADA\d+\.test$; }
		server { listen 80; server_name *.example.org; }
		server { listen 80; server_name .Shop.example.org www.example.*; }
		server { listen 80; server_name shop.example.org; }
		server { listen 80; server_name *.shop.example.org; }
		server { listen 8080 default_server; server_name _; }
		server { listen 8080; listen 80; server_name both.test; }
		server { listen 443 quic; listen unix:/run/x.sock; server_name shop.example.org; }
		server { listen 9000-9009; server_name range.test; }
	} stream { server { listen 80; server_name shop.example.org; } }`)
	line := func(servers []Server) (lines []int) {
		for _, server := range servers {
			lines = append(lines, server.Line)
		}
		return lines
	}
	for _, test := range []struct {
		host string
		port int
		want []int
	}{
		{"shop.example.org", 80, []int{5, 6, 4, 2}},
		{"SHOP.example.org.", 80, []int{5, 6, 4, 2}},
		{"a.shop.example.org", 80, []int{5, 7, 4, 2}},
		{"www.example.net", 80, []int{5, 2}},
		{"www.example.org", 80, []int{4, 5, 2}},
		{"ada12.test", 80, []int{3, 2}},
		{"nobody.test", 80, []int{2}},
		{"nobody.test", 8080, []int{8}},
		{"both.test", 8080, []int{9, 8}},
		{"range.test", 9005, []int{11}},
		{"shop.example.org", 443, nil},
	} {
		if diff := cmp.Diff(test.want, line(config.ServersFor(test.host, test.port))); diff != "" {
			t.Errorf("%s:%d (-want +got)\n%s", test.host, test.port, diff)
		}
	}
	if got := shopDump(t).ServersFor("any.shop.test", 443); len(got) != 1 || got[0].Line != 21 {
		t.Errorf("a regular expression, and the first as default: %v", line(got))
	}
}

// TestBackendsByVariables: what a variable can hold is told where nothing but constants are
// given to it, and not where any request may say it.
func TestBackendsByVariables(t *testing.T) {
	const before = `upstream old { server unix:/run/old.sock; } upstream new { server 127.0.0.1:8002; server 127.0.0.1:8003 backup; }
		split_clients "$remote_addr" $split { 20% 127.0.0.1:8001; * new; }
		map $cookie_canary $mapped { volatile; default "old"; ~^yes "${split}"; }
		geo $near { default 127.0.0.1:8001; proxy 10.0.0.1; 10.0.0.0/8 127.0.0.1:8004; }
		map $host $open { default $host; shop.example new; }
		map $arg_a $round { default $trip; } map $arg_b $trip { default $round; } `
	for pass, want := range map[string][]string{
		"proxy_pass http://$split;":           {"127.0.0.1:8001", "127.0.0.1:8002", "127.0.0.1:8003"},
		"proxy_pass http://${mapped};":        {"127.0.0.1:8001", "127.0.0.1:8002", "127.0.0.1:8003", "unix:/run/old.sock"},
		"proxy_pass http://$near/;":           {"127.0.0.1:8001", "127.0.0.1:8004"},
		"set $it new; proxy_pass http://$it;": {"127.0.0.1:8002", "127.0.0.1:8003"},
		"set $it old; if ($cookie_b) { set $it http://127.0.0.1:8009; } proxy_pass http://127.0.0.1:$port;": {"127.0.0.1:8005", "127.0.0.1:8006"},
		"set $it http://old; if ($cookie_b) { set $it http://new; } proxy_pass $it;":                        {"127.0.0.1:8002", "127.0.0.1:8003", "unix:/run/old.sock"},
		"set $port 8007; proxy_pass http://127.0.0.1:$port;":                                                {"127.0.0.1:8007"},
		"proxy_pass http://$open;":                             nil,
		"proxy_pass http://$round;":                            nil,
		"proxy_pass http://new$request_uri;":                   {"127.0.0.1:8002", "127.0.0.1:8003"},
		"proxy_pass http://127.0.0.1:8010/x$uri$is_args$args;": {"127.0.0.1:8010"},
		"proxy_pass http://unix:/run/a.sock:/$host;":           {"unix:/run/a.sock"},
		"proxy_pass http://$host;":                             nil,
	} {
		config := dumpOf(t, "http { "+before+"server { set $port 8005; if ($arg_x) { set $port 8006; } location / { "+pass+" } } }")
		var got []string
		for _, backend := range config.Backends(config.Servers[0].Locations[0]) {
			got = append(got, backend.Address)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s leads to %v, want %v", pass, got, want)
		}
	}
}

// TestHanded: the path that a backend is asked by, and what it is told of the mount.
func TestHanded(t *testing.T) {
	for text, want := range map[string]string{
		"proxy_pass http://app;":                                         "/shop/version",
		"proxy_pass http://app/;":                                        "/version",
		"proxy_pass http://app/inner/;":                                  "/inner/version",
		"proxy_pass http://unix:/run/a.sock:/;":                          "/version",
		"proxy_pass http://unix:/run/a.sock;":                            "/shop/version",
		"rewrite ^/shop/(.*)$ /$1 break; proxy_pass http://app;":         "/version",
		"rewrite ^/shop(?<rest>/.*)$ /x$1 break; proxy_pass http://app;": "/x/version",
		"proxy_pass http://$host/;":                                      "/shop/version",
	} {
		config := dumpOf(t, "http { server { location /shop/ { "+text+" } } }")
		if got := config.Servers[0].Locations[0].Handed("/shop/version"); got != want {
			t.Errorf("%s asks for %s, not %s", text, got, want)
		}
	}
	config := dumpOf(t, `http { proxy_set_header X-Forwarded-Prefix /all; server {
		location /a/ { proxy_set_header SCRIPT_NAME /a; proxy_set_header X-Key /secret; proxy_pass http://app; }
		location /b/ { proxy_set_header Host $host; proxy_pass http://app; }
		location /c/ { proxy_pass http://app; } } }`)
	var got []map[string]string
	for _, location := range config.Servers[0].Locations {
		got = append(got, location.Headers)
	}
	if diff := cmp.Diff([]map[string]string{{"SCRIPT_NAME": "/a"}, nil, {"X-Forwarded-Prefix": "/all"}}, got); diff != "" {
		t.Error(diff)
	}
}

// TestServersOnOneLine: neither their lines nor the order of their names tell blocks apart.
func TestServersOnOneLine(t *testing.T) {
	config := dumpOf(t, `http { server { listen 80; server_name a.example www.a.example ~^a\d+\.example$; return 201; } server { listen 80; server_name a.example; return 202; } `+
		`server { listen 80 default_server; server_name *.a.example; return 203; } server { listen 8080; server_name a.example; return 204; } }`)
	for index, one := range config.Servers {
		for other, two := range config.Servers {
			if one.Is(two) != (index == other) {
				t.Errorf("blocks %d and %d are taken for one: %t", index, other, one.Is(two))
			}
		}
	}
	for host, want := range map[string][]string{
		"a.example": {"201", "202", "203"}, "www.a.example": {"201", "203"}, "a7.example": {"201", "203"}, "b.a.example": {"203"}, "c.example": {"203"},
	} {
		var got []string
		for _, server := range config.ServersFor(host, 80) {
			got = append(got, server.Return)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", host, got, want)
		}
	}
	if got := config.ServersFor("a.example", 8080); len(got) != 1 || got[0].Return != "204" {
		t.Errorf("at another port: %+v", got)
	}
}
