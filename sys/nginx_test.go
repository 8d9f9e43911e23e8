package sys

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// shopDump is what nginx 1.26 printed for testdata/nginx: a site with an upstream,
// static files, a cache, nested and named locations.
func shopDump(t testing.TB) NginxConfig {
	t.Helper()
	file, err := os.Open("testdata/nginx/shop.dump")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	config, err := ParseNginxDump(file)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// dumpOf is a dump of one file.
func dumpOf(t testing.TB, content string) NginxConfig {
	t.Helper()
	config, err := ParseNginxDump(strings.NewReader("# configuration file /etc/nginx/nginx.conf:\n" + content + "\n"))
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
	wantUpstreams := []NginxUpstream{{Name: "shop", File: site, Line: 1, Servers: []NginxUpstreamServer{
		{Address: "unix:/run/shop/gunicorn.sock", Line: 2}, {Address: "10.0.0.7:8000", Line: 3, Backup: true}, {Address: "10.0.0.8:80", Line: 4, Down: true},
	}}}
	if diff := cmp.Diff(wantUpstreams, config.Upstreams); diff != "" {
		t.Errorf("upstreams (-want +got)\n%s", diff)
	}
	if len(config.Servers) != 5 {
		t.Fatalf("%d servers", len(config.Servers))
	}
	server := config.Servers[2]
	if diff := cmp.Diff(NginxServer{
		File: site, Line: 21, Names: []string{"shop.example.org", "*.shop.example.org", `~^(?<tenant>.+)\.shop\.test$`},
		Listens: []NginxListen{{Address: "*:443", TLS: true}, {Address: "[::]:443", TLS: true}},
	}, server, cmpopts.IgnoreFields(NginxServer{}, "Locations")); diff != "" {
		t.Errorf("server (-want +got)\n%s", diff)
	}
	root := NginxLocation{Root: "/srv/shop/current/public", RootFile: site, RootLine: 28, GzipStatic: true, Expires: "1h"}
	in := func(line int, match, path string, change func(*NginxLocation)) NginxLocation {
		location := root
		location.File, location.Line, location.Match, location.Path = site, line, match, path
		if change != nil {
			change(&location)
		}
		return location
	}
	want := []NginxLocation{
		in(1, "=", "/502.html", func(l *NginxLocation) {
			l.File, l.Root, l.RootFile, l.RootLine = "/etc/nginx/snippets/errors.shop", "/srv/shop/errors", "/etc/nginx/snippets/errors.shop", 1
		}),
		in(34, "", "/static/", func(l *NginxLocation) {
			l.Root, l.Alias, l.AliasPath, l.RootLine, l.OpenFileCache = "", "/srv/shop/current/static/", "/static/", 35, true
		}),
		in(37, "~*", `\.(css|js)$`, func(l *NginxLocation) {
			l.Root, l.Alias, l.AliasPath, l.RootLine, l.OpenFileCache = "", "/srv/shop/current/static/", "/static/", 35, true
			l.GzipStatic, l.Expires, l.Inside = false, "max", 2
		}),
		in(39, "=", "/favicon.ico", func(l *NginxLocation) { l.TryFiles = []string{"$uri", "=404"} }),
		in(40, "^~", "/media/", func(l *NginxLocation) { l.Root, l.RootLine = "/srv/shop/shared", 40 }),
		in(41, "~", "^/api/(v1|v2)/", func(l *NginxLocation) {
			l.Pass, l.PassKind, l.PassFile, l.PassLine, l.ProxyCache, l.Resolver = "$backend", "proxy_pass", site, 44, "shop_cache", true
		}),
		in(47, "", "/", func(l *NginxLocation) { l.TryFiles = []string{"$uri", "@app"} }),
		in(48, "@", "app", func(l *NginxLocation) {
			l.Pass, l.PassKind, l.PassFile, l.PassLine = "http://shop", "proxy_pass", site, 51
		}),
		in(54, "", "/legacy/", func(l *NginxLocation) {
			l.Pass, l.PassKind, l.PassFile, l.PassLine = "unix:/run/legacy.sock", "uwsgi_pass", site, 54
		}),
		in(55, "", "/old/", func(l *NginxLocation) {
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
		location ~* ^/IMG/ { location /img/in { return 207; } return 208; }
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
	circular := NginxServer{Locations: []NginxLocation{{Path: "/", Inside: 2}, {Path: "/", Inside: 1}, {Match: "~", Path: "/", Inside: 3}}}
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
		location NginxLocation
		path     string
		want     string
	}{
		{NginxLocation{Path: "/s/", Alias: "/srv/static/"}, "/s/a", "/srv/static/a"},
		{NginxLocation{Path: "/s", Alias: "/srv/static/"}, "/s/a", "/srv/static/a"},
		{NginxLocation{Path: "/s/", Alias: "/srv/static/", AliasPath: "/s/"}, "/other", ""},
		{NginxLocation{Match: "~", Path: `^/u/(\w+)/(?<rest>.*)$`, Alias: "/home/$1/public/$rest"}, "/u/ada/x.css", "/home/ada/public/x.css"},
		{NginxLocation{Match: "~*", Path: `^/U/(`, Alias: "/home/$1"}, "/u/ada", ""},
		{NginxLocation{Path: "/", Root: "/srv/$host"}, "/a", ""},
		{NginxLocation{Path: "/", Root: "html"}, "/a", ""},
		{NginxLocation{Path: "/"}, "/a$b", "/a$b"},
		{NginxLocation{Path: "/", Root: "/srv", Return: "404"}, "/a", ""},
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
		for _, server := range config.Backends(NginxLocation{Pass: pass}) {
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
	line := func(servers []NginxServer) (lines []int) {
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
	config, err := ParseNginxDump(strings.NewReader(dump))
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
		if config, err := ParseNginxDump(strings.NewReader(dump)); err == nil {
			t.Errorf("%s: got %+v", name, config)
		}
	}
	_, err := ParseNginxDump(strings.NewReader("# configuration file /etc/nginx/nginx.conf:\n\n# configuration file /b:\n\n}"))
	if err == nil || !strings.Contains(err.Error(), "/b:2") {
		t.Errorf("the error names the place: %v", err)
	}
}

func TestParseNginxTest(t *testing.T) {
	tests := []struct {
		name, stderr string
		warnings     []Text
		failure      Text
		file         string
		line         int
	}{
		{"all is well", "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n", nil, "", "", 0},
		{"a name twice", "2026/11/23 18:54:05 [warn] 2740#2740: conflicting server name \"a.test\" on 0.0.0.0:80, ignored\nnginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n",
			[]Text{`conflicting server name "a.test" on 0.0.0.0:80, ignored`}, "", "", 0},
		{"a typing error", "2026/11/23 18:52:02 [emerg] 27624#27624: invalid parameter \"listen\" in /etc/nginx/sites-enabled/shop:23\nnginx: configuration file /etc/nginx/nginx.conf test failed\n",
			nil, `invalid parameter "listen" in /etc/nginx/sites-enabled/shop:23`, "/etc/nginx/sites-enabled/shop", 23},
		{"before a log is open", "nginx: [emerg] unknown directive \"foo\" in /etc/nginx/conf.d/my site.conf:1\n", nil, `unknown directive "foo" in /etc/nginx/conf.d/my site.conf:1`, "/etc/nginx/conf.d/my site.conf", 1},
		{"a file that is gone", "2026/11/23 18:52:02 [emerg] 27636#27636: open() \"/etc/nginx/nginx.conf\" failed (2: No such file or directory)\n",
			nil, `open() "/etc/nginx/nginx.conf" failed (2: No such file or directory)`, "", 0},
		{"escapes", "nginx: [emerg] unknown directive \"\x1b]0;x\x07y\" in /etc/nginx/nginx.conf:1", nil, Safe("unknown directive \"\x1b]0;x\x07y\" in /etc/nginx/nginx.conf:1"), "/etc/nginx/nginx.conf", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			warnings, failure, file, line := ParseNginxTest(test.stderr)
			if diff := cmp.Diff(test.warnings, warnings); diff != "" || failure != test.failure || file != test.file || line != test.line {
				t.Errorf("%q in %q:%d (-want +got)\n%s", failure, file, line, diff)
			}
			if strings.ContainsAny(string(failure), "\x1b\x07") {
				t.Error("it would reach the terminal")
			}
		})
	}
}

// hostMachine is a memory machine that knows who reads it.
type hostMachine struct {
	memoryMachine
	uid int
}

func (m hostMachine) Host(context.Context) (Host, error) { return Host{UID: m.uid}, nil }

func TestReadNginxConfig(t *testing.T) {
	dump, err := os.ReadFile("testdata/nginx/shop.dump")
	if err != nil {
		t.Fatal(err)
	}
	denied, err := os.ReadFile("testdata/nginx/non_root.stderr")
	if err != nil {
		t.Fatal(err)
	}
	failed := errors.New("exit status 1")
	answering := func(uid int, output Output) Machine {
		return hostMachine{memoryMachine{run: func(command Command) Output {
			if strings.Join(command.Argv, " ") != "nginx -T" || !command.Elevate || command.Changes {
				return Output{Exit: -1, Err: fmt.Errorf("unexpected %+v", command)}
			}
			return output
		}}, uid}
	}
	config, _, err := ReadNginxConfig(t.Context(), answering(0, Output{Stdout: dump, Stderr: []byte("nginx: [warn] careful\n")}))
	if err != nil || len(config.Servers) != 5 || len(config.Warnings) != 1 {
		t.Errorf("%d servers, %v", len(config.Servers), err)
	}
	refused := Output{Stderr: []byte("nginx: [emerg] unknown directive \"x\" in /etc/nginx/nginx.conf:3\n"), Exit: 1, Err: failed}
	config, _, err = ReadNginxConfig(t.Context(), answering(1000, refused))
	if err != nil || config.FailureLine != 3 || config.Failure == "" {
		t.Errorf("a refused configuration is a result: %+v, %v", config, err)
	}
	_, _, err = ReadNginxConfig(t.Context(), answering(1000, Output{Stderr: denied, Exit: 1, Err: failed}))
	if !errors.Is(err, ErrNeedsPrivilege) || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a key that only root may read is no refused configuration: %v", err)
	}
	config, _, err = ReadNginxConfig(t.Context(), answering(0, Output{Stderr: denied, Exit: 1, Err: failed}))
	if err != nil || config.Failure == "" {
		t.Errorf("for root it is one: %v", err)
	}
	if _, _, err = ReadNginxConfig(t.Context(), memoryMachine{}); !errors.Is(err, ErrNoCommand) {
		t.Errorf("no Nginx: %v", err)
	}
	timeout := Output{Exit: -1, Err: context.DeadlineExceeded}
	if _, _, err = ReadNginxConfig(t.Context(), answering(0, timeout)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a timeout: %v", err)
	}
}

func TestNginxTitle(t *testing.T) {
	for title, want := range map[string]string{
		"nginx: master process /usr/sbin/nginx -g daemon on; master_process on;": "master",
		"nginx: worker process":                  "worker",
		"nginx: worker process is shutting down": "worker, shutting down",
		"nginx: cache manager process":           "cache",
		"/usr/sbin/nginx":                        "",
		"":                                       "",
	} {
		role, shuttingDown, ok := NginxTitle([]string{title})
		if shuttingDown {
			role += ", shutting down"
		}
		if role != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", title, role, ok)
		}
	}
	if _, _, ok := NginxTitle(nil); ok {
		t.Error("a kernel thread is no Nginx")
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
		config, err := ParseNginxDump(strings.NewReader(dump))
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
		config, err := ParseNginxDump(strings.NewReader(dump))
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

func FuzzParseNginxTest(f *testing.F) {
	f.Add("nginx: [emerg] x in /a:1\n2026/11/23 18:54:05 [warn] 1#1: y")
	f.Fuzz(func(_ *testing.T, stderr string) { ParseNginxTest(stderr) })
}
