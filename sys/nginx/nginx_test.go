package nginx

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// shopDump is what nginx 1.26 printed for testdata/nginx: a site with an upstream,
// static files, a cache, nested and named locations.
func shopDump(t testing.TB) Config {
	t.Helper()
	file, err := os.Open("testdata/nginx/shop.dump")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	config, err := ParseDump(file)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// dumpOf is a dump of one file.
func dumpOf(t testing.TB, content string) Config {
	t.Helper()
	config, err := ParseDump(strings.NewReader("# configuration file /etc/nginx/nginx.conf:\n" + content + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func TestParseNginxDumpOfARealSite(t *testing.T) {
	config := shopDump(t)
	const site = "/etc/nginx/sites-enabled/shop"
	if config.WorkerShutdownTimeout != "30s" || config.CachePaths["shop_cache"] != "/var/cache/nginx/shop" || len(config.Files) != 7 || config.Files[3] != site {
		t.Errorf("got %q, %v, %v", config.WorkerShutdownTimeout, config.CachePaths, config.Files)
	}
	wantUpstreams := []Upstream{{Name: "shop", File: site, Line: 1, Servers: []UpstreamServer{
		{Address: "unix:/run/shop/gunicorn.sock", Line: 2}, {Address: "10.0.0.7:8000", Line: 3, Backup: true}, {Address: "10.0.0.8:80", Line: 4, Down: true},
	}}}
	if diff := cmp.Diff(wantUpstreams, config.Upstreams); diff != "" {
		t.Errorf("upstreams (-want +got)\n%s", diff)
	}
	if len(config.Servers) != 5 {
		t.Fatalf("%d servers", len(config.Servers))
	}
	server := config.Servers[2]
	if diff := cmp.Diff(Server{
		File: site, Line: 21, Names: []string{"shop.example.org", "*.shop.example.org", `~^(?<tenant>.+)\.shop\.test$`},
		Listens: []Listen{{Address: "*:443", TLS: true}, {Address: "[::]:443", TLS: true}},
	}, server, cmpopts.IgnoreFields(Server{}, "Locations")); diff != "" {
		t.Errorf("server (-want +got)\n%s", diff)
	}
	root := Location{Root: "/srv/shop/current/public", RootFile: site, RootLine: 28, GzipStatic: true, Expires: "1h"}
	in := func(line int, match, path string, change func(*Location)) Location {
		location := root
		location.File, location.Line, location.Match, location.Path = site, line, match, path
		if change != nil {
			change(&location)
		}
		return location
	}
	want := []Location{
		in(1, "=", "/502.html", func(l *Location) {
			l.File, l.Root, l.RootFile, l.RootLine = "/etc/nginx/snippets/errors.shop", "/srv/shop/errors", "/etc/nginx/snippets/errors.shop", 1
		}),
		in(34, "", "/static/", func(l *Location) {
			l.Root, l.Alias, l.AliasPath, l.RootLine, l.OpenFileCache = "", "/srv/shop/current/static/", "/static/", 35, true
		}),
		in(37, "~*", `\.(css|js)$`, func(l *Location) {
			l.Root, l.Alias, l.AliasPath, l.RootLine, l.OpenFileCache = "", "/srv/shop/current/static/", "/static/", 35, true
			l.GzipStatic, l.Expires, l.Inside = false, "max", 2
		}),
		in(39, "=", "/favicon.ico", func(l *Location) { l.TryFiles = []string{"$uri", "=404"} }),
		in(40, "^~", "/media/", func(l *Location) { l.Root, l.RootLine = "/srv/shop/shared", 40 }),
		in(41, "~", "^/api/(v1|v2)/", func(l *Location) {
			l.Pass, l.PassKind, l.PassFile, l.PassLine, l.ProxyCache, l.Resolver = "$backend", "proxy_pass", site, 44, "shop_cache", true
			l.Passes = []string{"http://api:8000"}
		}),
		in(47, "", "/", func(l *Location) { l.TryFiles = []string{"$uri", "@app"} }),
		in(48, "@", "app", func(l *Location) {
			l.Pass, l.PassKind, l.PassFile, l.PassLine = "http://shop", "proxy_pass", site, 51
			l.Unread = "if"
		}),
		in(54, "", "/legacy/", func(l *Location) {
			l.Pass, l.PassKind, l.PassFile, l.PassLine = "unix:/run/legacy.sock", "uwsgi_pass", site, 54
		}),
		in(55, "", "/old/", func(l *Location) {
			l.Pass, l.PassKind, l.PassFile, l.PassLine = "http://unix:/run/old.sock:/new/", "proxy_pass", site, 55
		}),
		in(21, "", "/", nil),
	}
	if diff := cmp.Diff(want, server.Locations); diff != "" {
		t.Errorf("locations (-want +got)\n%s", diff)
	}
	if got := config.Servers[0]; got.Return != "444" || !got.Listens[0].Default || got.Names[0] != "_" {
		t.Errorf("the default server: %+v", got)
	}
	if got := config.Servers[3].Listens; len(got) != 1 || got[0].Address != "*:80" {
		t.Errorf("no listen at all: %+v", got)
	}
	if got := config.Servers[4].Listens; got[0].Address != "127.0.0.1:80" || got[1].Address != "unix:/run/nginx-site.sock" {
		t.Errorf("a host, a socket: %+v", got)
	}
}

func TestParseNginxDumpSharesListens(t *testing.T) {
	config := dumpOf(t, `include conf.d/*.conf;
	http {
		server { listen 443 ssl proxy_protocol; listen 80; }
		server { listen *:443; listen [::]:443; }
	}`)
	second := config.Servers[1].Listens
	if !second[0].TLS || !second[0].ProxyProtocol || second[1].TLS || second[1].ProxyProtocol {
		t.Errorf("what one block says of a socket holds for all that share it, and for no other: %+v", second)
	}
	if plain := config.Servers[0].Listens[1]; plain.TLS || plain.ProxyProtocol {
		t.Errorf("another port of the block: %+v", plain)
	}
}

func TestParseNginxDumpInherits(t *testing.T) {
	config := dumpOf(t, `include conf.d/*.conf;
	http {
		server { ssl on; listen 443; location / { proxy_pass http://$up; } location /x { expires off; proxy_cache off; open_file_cache off; brotli_static off; } }
		server { root a; location / { try_files $uri @x; location /in { } } }
		proxy_cache z; expires 1d; open_file_cache max=5; resolver 10.0.0.1; brotli_static on;
		access_log syslog:server=x "a;b{";
	}`)
	tls := config.Servers[0]
	first, second := tls.Locations[0], tls.Locations[1]
	if !tls.Listens[0].TLS || !first.Resolver || first.ProxyCache != "z" || first.Expires != "1d" || !first.OpenFileCache || !first.BrotliStatic {
		t.Errorf("what stands after a server holds in it: %+v", tls)
	}
	if second.ProxyCache != "" || second.Expires != "" || second.OpenFileCache || second.BrotliStatic || second.Resolver {
		t.Errorf("off is off: %+v", second)
	}
	if nested := config.Servers[1].Locations[1]; nested.Root != "a" || nested.TryFiles != nil {
		t.Errorf("root is inherited, try_files is not: %+v", nested)
	}
	if names := config.Servers[1].Names; len(names) != 1 || names[0] != "" {
		t.Errorf("no name is the empty name: %q", names)
	}
}

func TestParseNginxDumpIncludes(t *testing.T) {
	dump := strings.NewReplacer("@", "# configuration file /etc/nginx/").Replace(`@nginx.conf:
http { include sites-enabled/[!_]*.conf; include ./snippets/../one.conf; include absent/*; include absent.conf; }
@sites-enabled/b.conf:
server { server_name b; include shared; }
@shared:
location / { proxy_pass http://unix:/b.sock; }
# a comment at the very end
@sites-enabled/a.conf:
server { server_name a; include shared; }
@sites-enabled/_hidden.conf:
server { server_name hidden; }
@one.conf:
server { server_name one; location ~ "^/a{2}" { } location "/q{uoted" { } }
`)
	config, err := ParseDump(strings.NewReader(dump))
	if err == nil {
		var got []string
		for _, server := range config.Servers {
			got = append(got, fmt.Sprintf("%s %s:%d", server.Names[0], server.File, server.Line))
		}
		want := []string{"a /etc/nginx/sites-enabled/a.conf:1", "b /etc/nginx/sites-enabled/b.conf:1", "one /etc/nginx/one.conf:1"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if got := config.Servers[1].Locations[0]; got.PassFile != "/etc/nginx/shared" || got.PassLine != 1 {
			t.Errorf("a shared file: %+v", got)
		}
		return
	}
	t.Fatal(err)
}

func TestParseNginxDumpWithLua(t *testing.T) {
	config := dumpOf(t, `http { server { server_name lua;
		location /lua { content_by_lua_block { local s = "}" -- it's { a comment
			ngx.say(s, '{', [[ } ]]) --[=[ } ]=]
			if x then return { 1 } end }
		}
		set_by_lua_block $x { return "}" }
		location / { proxy_pass http://127.0.0.1:8000; } } }`)
	if location, ok := config.Servers[0].LocationFor("/x"); !ok || location.Pass == "" {
		t.Errorf("got %+v", config.Servers)
	}
}

func TestParseNginxDumpRefuses(t *testing.T) {
	for name, dump := range map[string]string{
		"nothing":     "",
		"no mark":     "http { }",
		"unbalanced":  "# configuration file /etc/nginx/nginx.conf:\nhttp {\n server {",
		"self":        "# configuration file /a:\ninclude /a;\n",
		"each other":  "# configuration file /a:\nhttp { include /b; include /b; }\n# configuration file /b:\ninclude /b;include /b;\n",
		"cut off":     "# configuration file /a:\nhttp { server { listen",
		"closes more": "# configuration file /a:\nhttp { } }",
	} {
		if config, err := ParseDump(strings.NewReader(dump)); err == nil {
			t.Errorf("%s: got %+v", name, config)
		}
	}
	_, err := ParseDump(strings.NewReader("# configuration file /etc/nginx/nginx.conf:\n\n# configuration file /b:\n\n}"))
	if err == nil || !strings.Contains(err.Error(), "/b:2") {
		t.Errorf("the error names the place: %v", err)
	}
}

// bigDump is a box with many sites, each in a file of its own.
func bigDump(sites int) string {
	var dump strings.Builder
	dump.WriteString("# configuration file /etc/nginx/nginx.conf:\nhttp { include /etc/nginx/sites-enabled/*; }\n# configuration file /etc/nginx/proxy_params:\nproxy_set_header Host $http_host;\n")
	for site := range sites {
		fmt.Fprintf(&dump, `# configuration file /etc/nginx/sites-enabled/site%[1]d:
# managed by ansible, site number %[1]d
upstream site%[1]d {
    server unix:/run/site%[1]d/gunicorn.sock fail_timeout=0;
}
server {
    listen 80;
    listen [::]:80;
    server_name site%[1]d.example.org www.site%[1]d.example.org;
    access_log /var/log/nginx/site%[1]d.log;
    client_max_body_size 4G;
    location /static/ {
        alias /srv/site%[1]d/current/static/;
        expires 1h;
    }
    location / {
        include proxy_params;
        proxy_pass http://site%[1]d;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_redirect off;
    }
}
`, site)
	}
	return dump.String()
}

func BenchmarkParseNginxDump1500(b *testing.B) {
	dump := bigDump(1500)
	b.SetBytes(int64(len(dump)))
	b.ReportAllocs()
	for b.Loop() {
		config, err := ParseDump(strings.NewReader(dump))
		if err != nil || len(config.Servers) != 1500 {
			b.Fatal(len(config.Servers), err)
		}
	}
}

func FuzzParseNginxDump(f *testing.F) {
	recorded, err := os.ReadFile("testdata/nginx/shop.dump")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(recorded), "/static/app.css", "shop.example.org")
	f.Add("# configuration file /a:\nhttp { server { location ~ ( { alias $1; location / {} } listen [; server_name ~( *; } upstream { server; } }\n", "/%", "")
	f.Add("# configuration file a:\ninclude [;http{server{content_by_lua_block{ \"}\n", "", "a.")
	f.Fuzz(func(t *testing.T, dump, path, host string) {
		config, err := ParseDump(strings.NewReader(dump))
		if err != nil {
			return
		}
		for _, server := range append(config.Servers, config.ServersFor(host, 80)...) {
			location, _ := server.LocationFor(path)
			if file := location.FileFor(path); file != "" && file[0] != '/' {
				t.Errorf("%q is no absolute file", file)
			}
			config.Backends(location)
		}
	})
}

func TestNginxCacheTime(t *testing.T) {
	for valid, want := range map[string]int{
		"200 302 10m": 600, "1h30m": 5400, "any 90": 90, "200 500ms": 0, "404 1d 2h": 7200, "200 always": 0, "200 99999999999999y": 1 << 31,
	} {
		config, err := ParseDump(strings.NewReader("# configuration file /etc/nginx/nginx.conf:\nhttp { server { location / { proxy_cache z; proxy_cache_valid " + valid + "; proxy_cache_valid 404 1; proxy_pass http://a; } } }\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := config.Servers[0].Locations[0].ProxyCacheSeconds; got != max(want, 1) {
			t.Errorf("proxy_cache_valid %s is %d s, not %d", valid, got, max(want, 1))
		}
	}
}
