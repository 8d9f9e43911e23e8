package facts

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"flasktui/sys/docker"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// fronting is a project of an app, an admin page and an Nginx with the two networks that
// Compose made for them.
func fronting(pass string) (Facts, Front, docker.Container) {
	web := docker.Container{
		ID: "web", Name: "shop-web-1", Project: "shop", Service: "web", PID: 10,
		Addresses: map[string]string{"shop_default": "172.18.0.2"},
		Aliases:   map[string][]string{"shop_default": {"shop-web-1", "web"}},
	}
	admin := docker.Container{
		ID: "admin", Name: "shop-admin-1", Project: "shop", Service: "admin", PID: 11,
		Addresses: map[string]string{"shop_default": "172.18.0.3"},
		Aliases:   map[string][]string{"shop_default": {"admin", "shop-admin-1"}},
	}
	proxy := docker.Container{
		ID: "proxy", Name: "shop-proxy-1", Project: "shop", Service: "proxy", PID: 12,
		Ports:     []docker.PublishedPort{{HostIP: "0.0.0.0", HostPort: 8080, ContainerPort: 80}, {HostIP: "::", HostPort: 8080, ContainerPort: 80}},
		Addresses: map[string]string{"shop_default": "172.18.0.4", "shop_outside": "172.19.0.2"},
		Mounts:    []docker.Mount{{Type: "volume", Source: "/var/lib/docker/volumes/run/_data", Destination: "/run/app"}},
	}
	known := Facts{
		Containers: Of([]docker.Container{web, admin, proxy}, ""),
		Target:     Target{Service: "compose:shop/web", Container: "web"},
		Processes: Of(Processes{Servers: []Server{{
			Master:    Process{Process: proc.Process{PID: 10, Cgroup: proc.Cgroup{Container: "web"}}, SocketInodes: []uint64{7}},
			Listeners: []proc.Listener{{Address: netip.MustParseAddrPort("0.0.0.0:8000"), Inode: 7}},
		}}}, ""),
	}
	front := Front{Config: nginx.Config{Servers: []nginx.Server{{
		Listens: []nginx.Listen{{Address: "*:8080"}}, Locations: []nginx.Location{{Path: "/", Pass: pass}},
	}}}}
	front.Names = backendNames(front.Config)
	for host := range front.Names {
		front.Names[host] = known.namedInNetworks(proxy, nil, host)
	}
	return known, front, proxy
}

// TestLeadsHere: an Nginx that sends requests to a neighbour is none of the service's.
func TestLeadsHere(t *testing.T) {
	t.Parallel()
	for pass, want := range map[string]bool{
		"http://web:8000": true, "http://shop-web-1:8000/": true, "http://WEB:8000": true, "http://172.18.0.2:8000": true,
		"http://admin:8000": false, "http://172.18.0.3:8000": false, "http://127.0.0.1:8000": false, "http://elsewhere:8000": false, "": false, "http://$app": false,
	} {
		known, front, _ := fronting(pass)
		if got := known.leadsHere(&front); got != want {
			t.Errorf("proxy_pass %q leads to the service: %v", pass, got)
		}
	}
}

// TestLeadsHereStopped: a service that does not run has no address, and is known by name.
func TestLeadsHereStopped(t *testing.T) {
	t.Parallel()
	known, front, _ := fronting("http://web:8000")
	known.Processes = Of(Processes{}, "")
	known.Containers.Value[0].PID, known.Containers.Value[0].Addresses = 0, nil
	front.Names = map[string][]string{"web": nil}
	if !known.leadsHere(&front) || front.ByAddress {
		t.Errorf("not found by its name: %+v", front)
	}
}

// TestTheBoxesOwnNginxStaysItsOwn: what was read of it is not exchanged for what a Front has;
// whoever asks for the Nginx before the service is given that one's.
func TestTheBoxesOwnNginxStaysItsOwn(t *testing.T) {
	t.Parallel()
	known, front, _ := fronting("http://web:8000")
	known.NginxDisk, known.NginxNames = Of(nginx.Config{Files: []string{"/etc/nginx/nginx.conf"}}, "nginx -T"), map[string][]string{"other": {"10.0.0.1"}}
	if own := known.SiteNginx(); own.Source != "nginx -T" || known.BackendNames()["other"] == nil {
		t.Errorf("without a front: %+v, %v", own, known.BackendNames())
	}
	known.Front = Of(front, "")
	site := known.SiteNginx()
	if len(site.Value.Servers) != 1 || !strings.Contains(site.Source, "through") || len(known.BackendNames()["web"]) != 1 || known.BackendNames()["other"] != nil {
		t.Errorf("with a front: %+v, %v", site, known.BackendNames())
	}
	if len(known.NginxDisk.Value.Files) != 1 || len(known.NginxNames) != 1 {
		t.Errorf("the box's own has become %+v, %v", known.NginxDisk, known.NginxNames)
	}
	known.Front = Unreadable[Front]("not read", "")
	if site = known.SiteNginx(); site.Known || site.Absent() || site.Problem != "not read" {
		t.Errorf("of a front that could not be read: %+v", site)
	}
	leading := known
	leading.NginxDisk = Of(nginx.Config{Servers: []nginx.Server{{Locations: []nginx.Location{{Path: "/", Pass: "http://172.18.0.2:8000"}}}}}, "nginx -T")
	if site = leading.SiteNginx(); site.Source != "nginx -T" {
		t.Errorf("of an own one that leads to the service: %+v", site)
	}
	known.Front = Missing[Front]("there is none", "")
	if site = known.SiteNginx(); site.Source != "nginx -T" {
		t.Errorf("without a front in any container: %+v", site)
	}
}

func TestListensOnBox(t *testing.T) {
	t.Parallel()
	_, _, proxy := fronting("")
	for listen, want := range map[string][]string{
		"*:80": {"*:8080", "[::]:8080"}, "[::]:80": nil, "127.0.0.1:80": nil, "*:443": {"172.18.0.4:443", "172.19.0.2:443"},
		"unix:/run/app/n.sock": {"unix:/var/lib/docker/volumes/run/_data/n.sock"}, "unix:/tmp/n.sock": nil,
	} {
		var got []string
		for _, one := range listensOnBox(proxy, nginx.Listen{Address: listen}) {
			got = append(got, one.Address)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("listen %s: %q, want %q", listen, got, want)
		}
	}
}

// TestBackendOnBox: the loopback of a container is not the box's own.
func TestBackendOnBox(t *testing.T) {
	t.Parallel()
	_, _, proxy := fronting("")
	proxy.Addresses = map[string]string{"shop_default": "172.18.0.4"}
	for address, want := range map[string]string{
		"127.0.0.1:8000": "172.18.0.4:8000", "localhost:8000": "172.18.0.4:8000", "localhost": "172.18.0.4:80", "web:8000": "web:8000", "172.18.0.2:8000": "172.18.0.2:8000",
		"unix:/run/app/g.sock": "unix:/var/lib/docker/volumes/run/_data/g.sock", "unix:/tmp/g.sock": "unix:/proc/12/root/tmp/g.sock",
	} {
		if got := backendOnBox(proxy, address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	proxy.HostNetwork = true
	if got := backendOnBox(proxy, "127.0.0.1:8000"); got != "127.0.0.1:8000" {
		t.Errorf("in the box's own network: %s", got)
	}
}
