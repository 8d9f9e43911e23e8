package nginx

import (
	"errors"
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flasktui/sys/hosts"
	"flasktui/sys/memory"
)

// contained is an Nginx in a container whose configuration is reached through links
// that lead somewhere only inside of it.
func contained() memory.Machine {
	return memory.Machine{
		Files: map[string]string{
			"/proc/41/root/etc/nginx/nginx.conf":             "events {}\nhttp {\n  include conf.d/*.conf;\n  include /etc/nginx/sites/*/[!x]*;\n  include missing/*.conf;\n}\n",
			"/proc/41/root/etc/nginx/conf.d/a.conf":          "upstream app { server web:8000; server localhost:9000 backup; }\nserver { listen 80; listen [::]:80; location / { proxy_pass http://app; } }\n",
			"/proc/41/root/etc/nginx/conf.d/.hidden.conf":    "server { listen 1; }\n",
			"/proc/41/root/data/sites/shop/site":             "server { listen 8080; server_name shop; root /srv/www; location /static/ { alias /srv/assets/; } location /x { proxy_pass http://unix:/run/app.sock:/y; } }\n",
			"/proc/41/root/data/sites/shop/x-not":            "server { listen 2; }\n",
			"/etc/nginx/nginx.conf":                          "events {}\nhttp { server { listen 7777; } }\n",
			"/proc/42/root/opt/edge/main.conf":               "events {}\nhttp { include more.conf; }\n",
			"/proc/42/root/opt/edge/more.conf":               "server { listen 81; location / { proxy_pass http://127.0.0.1:8000; } }\n",
			"/proc/43/root/usr/local/nginx/conf/nginx.conf":  "http { include nginx.conf; include broken.conf; }\n",
			"/proc/43/root/usr/local/nginx/conf/broken.conf": "server { listen 80;\n",
		},
		Links: map[string]string{"/proc/41/root/etc/nginx/sites": "/data/sites"},
	}
}

func TestReadNginxUnder(t *testing.T) {
	t.Parallel()
	config, err := ReadUnder(t.Context(), contained(), "/proc/41/root", "nginx: master process nginx -g daemon off;")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"/etc/nginx/nginx.conf", "/etc/nginx/conf.d/a.conf", "/etc/nginx/sites/shop/site"}
	if diff := cmp.Diff(want, config.Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if len(config.Servers) != 2 || config.Servers[0].Listens[0].Address != "*:80" {
		t.Errorf("servers: %+v", config.Servers)
	}
	config, err = ReadUnder(t.Context(), contained(), "/proc/42/root", "nginx: master process /usr/sbin/nginx -p /opt -c edge/main.conf")
	if err != nil || len(config.Servers) != 1 || config.Servers[0].Listens[0].Address != "*:81" {
		t.Errorf("named on the command line: %+v, %v", config.Servers, err)
	}
	if _, err := ReadUnder(t.Context(), contained(), "/proc/43/root", ""); err == nil || !strings.Contains(err.Error(), "broken.conf") {
		t.Errorf("a broken file: %v", err)
	}
	if _, err := ReadUnder(t.Context(), contained(), "/proc/44/root", ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
}

func TestNginxOptions(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"nginx: master process nginx -g daemon off;":                             "",
		"nginx: master process /usr/sbin/nginx -c /etc/edge.conf -g daemon off;": "-c /etc/edge.conf",
		"nginx: master process nginx -c edge.conf -p /opt/nginx":                 "-p /opt/nginx -c edge.conf",
		"nginx: master process nginx -c":                                         "",
		"":                                                                       "",
	} {
		if got := strings.Join(Options(title), " "); got != want {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
}

func TestNginxPlaced(t *testing.T) {
	t.Parallel()
	config, err := ReadUnder(t.Context(), contained(), "/proc/41/root", "")
	if err != nil {
		t.Fatal(err)
	}
	placed := config.Placed(Placing{
		File: func(name string) string { return path.Join("/box", name) },
		Listens: func(listen Listen) []Listen {
			if listen.Address != "*:80" {
				return nil
			}
			return []Listen{{Address: "127.0.0.1:9080"}}
		},
		Backend: func(address string) string {
			return strings.NewReplacer("localhost", "172.18.0.9", "unix:/run", "unix:/box/run").Replace(address)
		},
	})
	if diff := cmp.Diff([]Listen{{Address: "127.0.0.1:9080"}}, placed.Servers[0].Listens); diff != "" {
		t.Errorf("listens (-want +got):\n%s", diff)
	}
	first, _ := placed.Servers[0].LocationFor("/")
	backends := placed.Backends(first)
	if len(backends) != 2 || backends[0].Address != "web:8000" || backends[1].Address != "172.18.0.9:9000" {
		t.Errorf("backends: %+v", backends)
	}
	shop := placed.Servers[1]
	static, _ := shop.LocationFor("/static/app.css")
	if file := static.FileFor("/static/app.css"); file != "/box/srv/assets/app.css" {
		t.Errorf("served from %q", file)
	}
	passed, _ := shop.LocationFor("/x")
	if backends := placed.Backends(passed); len(backends) != 1 || backends[0].Address != "unix:/box/run/app.sock" || passed.PassFile != "/box/etc/nginx/sites/shop/site" {
		t.Errorf("%+v of %+v", backends, passed)
	}
	if config.Servers[1].File != "/etc/nginx/sites/shop/site" || config.Upstreams[0].Servers[1].Address != "localhost:9000" {
		t.Errorf("the configuration itself was changed: %+v", config)
	}
}

func TestParseHostsFile(t *testing.T) {
	t.Parallel()
	hosts, err := hosts.ParseFile(strings.NewReader("127.0.0.1\tlocalhost\n::1 localhost ip6-localhost # own\n# 1.2.3.4 none\n172.17.0.1 Host.Docker.Internal\nnonsense here\n10.0.0.1\n"))
	want := map[string][]netip.Addr{
		"localhost": {netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}, "ip6-localhost": {netip.MustParseAddr("::1")},
		"host.docker.internal": {netip.MustParseAddr("172.17.0.1")},
	}
	if diff := cmp.Diff(want, hosts, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func FuzzParseHostsFile(f *testing.F) {
	f.Add("127.0.0.1 localhost\n::1 a b # c\n")
	f.Fuzz(func(t *testing.T, text string) {
		hosts, _ := hosts.ParseFile(strings.NewReader(text))
		for name, addresses := range hosts {
			if name == "" || len(addresses) == 0 || strings.ContainsAny(name, " #\n") {
				t.Errorf("%q: %v", name, addresses)
			}
		}
	})
}

func FuzzParseHosts(f *testing.F) {
	f.Add("127.0.0.1       STREAM backend.internal\n127.0.0.1       DGRAM  \n::1             RAW    \n")
	f.Fuzz(func(t *testing.T, text string) {
		addresses, _ := hosts.ParseAnswer(strings.NewReader(text))
		for at, address := range addresses {
			if !address.IsValid() || slices.Contains(addresses[:at], address) {
				t.Errorf("%v", addresses)
			}
		}
	})
}
