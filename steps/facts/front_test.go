package facts

import (
	"net/netip"
	"slices"
	"testing"

	"flasktui/sys/docker"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// fronting is a project of an app, an admin page and an Nginx with the two networks that
// Compose made for them.
func fronting(pass string) (Facts, frontReading, docker.Container) {
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
		Processes: Of(Processes{Gunicorns: []Gunicorn{{
			Master:    Process{Process: proc.Process{PID: 10, Cgroup: proc.Cgroup{Container: "web"}}, SocketInodes: []uint64{7}},
			Listeners: []proc.Listener{{Address: netip.MustParseAddrPort("0.0.0.0:8000"), Inode: 7}},
		}}}, ""),
	}
	reading := frontReading{config: nginx.Config{Servers: []nginx.Server{{
		Listens: []nginx.Listen{{Address: "*:8080"}}, Locations: []nginx.Location{{Path: "/", Pass: pass}},
	}}}}
	reading.names = backendNames(reading.config)
	for host := range reading.names {
		reading.names[host] = known.namedInNetworks(proxy, nil, host)
	}
	return known, reading, proxy
}

// TestLeadsHere: an Nginx that sends requests to a neighbour is none of the service's.
func TestLeadsHere(t *testing.T) {
	t.Parallel()
	for pass, want := range map[string]bool{
		"http://web:8000": true, "http://shop-web-1:8000/": true, "http://WEB:8000": true, "http://172.18.0.2:8000": true,
		"http://admin:8000": false, "http://172.18.0.3:8000": false, "http://127.0.0.1:8000": false, "http://elsewhere:8000": false, "": false, "http://$app": false,
	} {
		known, reading, _ := fronting(pass)
		if got := known.leadsHere(&reading); got != want {
			t.Errorf("proxy_pass %q leads to the service: %v", pass, got)
		}
	}
}

// TestLeadsHereStopped: a service that does not run has no address, and is known by name.
func TestLeadsHereStopped(t *testing.T) {
	t.Parallel()
	known, reading, _ := fronting("http://web:8000")
	known.Processes = Of(Processes{}, "")
	known.Containers.Value[0].PID, known.Containers.Value[0].Addresses = 0, nil
	reading.names = map[string][]string{"web": nil}
	if !known.leadsHere(&reading) || reading.front.ByAddress {
		t.Errorf("not found by its name: %+v", reading.front)
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
