package facts

import (
	"net/netip"
	"slices"
	"testing"

	"flasktui/sys"
)

// inContainer is a site in a container: its code in the image, templates mounted, static
// files in a volume.
func inContainer() Facts {
	const id = "a111111111111111111111111111111111111111111111111111111111111111"
	container := sys.Container{
		ID: id, Project: "shop", Service: "web", PID: 418, ProjectDir: "/srv/shop", WorkingDirectory: "/app",
		Ports:     []sys.PublishedPort{{HostIP: "127.0.0.1", HostPort: 8080, ContainerPort: 8000}, {HostIP: "", HostPort: 9000, ContainerPort: 9000}},
		Addresses: map[string]string{"shop_default": "172.18.0.2"},
		Mounts:    []sys.Mount{{Type: "bind", Source: "/srv/run", Destination: "/run"}},
	}
	return Facts{
		Containers: Of([]sys.Container{container}, ""),
		Target:     Target{Service: "compose:shop/web", Container: id},
		Inside: Of(Inside{Root: "/proc/418/root", Mounts: []MountState{
			{Mount: sys.Mount{Type: "bind", Source: "/srv/shop/templates", Destination: "/app/templates"}},
			{Mount: sys.Mount{Type: "bind", Source: "/srv/shop/current", Destination: "/app/live"}, Differs: true},
			{Mount: sys.Mount{Type: "volume", Name: "assets", Source: "/var/lib/docker/volumes/assets/_data", Destination: "/app/static"}},
		}}, ""),
		Compose: Of(ComposeFacts{Copies: []SourceCopy{
			{Source: "/srv/shop", Destination: "/app"}, {Source: "/srv/shop/extra/conf.py", Destination: "/app/conf.py"},
		}}, ""),
	}
}

func TestOnBox(t *testing.T) {
	facts := inContainer()
	for name, want := range map[string]string{
		"/app/wsgi.py":              "/proc/418/root/app/wsgi.py",
		"/app/templates/index.html": "/srv/shop/templates/index.html",
		"/app/templates-old/x":      "/proc/418/root/app/templates-old/x",
		"/app/live/x.py":            "/proc/418/root/app/live/x.py",
		"/app/static/app.css":       "/proc/418/root/app/static/app.css",
		"":                          "",
	} {
		if got := facts.OnBox(name); got != want {
			t.Errorf("OnBox(%q) = %q, want %q", name, got, want)
		}
	}
	if got := new(Facts).OnBox("/app"); got != "/app" {
		t.Errorf("outside of a container: %q", got)
	}
}

func TestSourceOf(t *testing.T) {
	facts := inContainer()
	for name, want := range map[string]string{
		"/app": "/srv/shop", "/app/wsgi.py": "/srv/shop/wsgi.py", "/app/conf.py": "/srv/shop/extra/conf.py", "/usr/lib/x": "",
	} {
		if got, _ := facts.SourceOf(name); got != want {
			t.Errorf("SourceOf(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestContainerListeners: a socket inside is reached at the published port and at the
// container's address; one that is bound to its loopback, not at all.
func TestContainerListeners(t *testing.T) {
	facts := inContainer()
	for bound, want := range map[string][]string{
		"0.0.0.0:8000":    {"127.0.0.1:8080", "172.18.0.2:8000"},
		"[::]:9000":       {"0.0.0.0:9000", "172.18.0.2:9000"},
		"172.18.0.2:8000": {"127.0.0.1:8080", "172.18.0.2:8000"},
		"127.0.0.1:8000":  nil,
		"/run/app.sock":   {"unix:/srv/run/app.sock"},
		"/tmp/app.sock":   nil,
	} {
		listener := sys.Listener{Inode: 7, Path: bound}
		if address, err := netip.ParseAddrPort(bound); err == nil {
			listener = sys.Listener{Inode: 7, Address: address}
		}
		gunicorn := Gunicorn{Listeners: []sys.Listener{listener, {Inode: 8, Path: "/run/other.sock"}}}
		gunicorn.Master.Cgroup.Container = facts.Target.Container
		gunicorn.Master.SocketInodes = []uint64{7}
		var got []string
		for _, reached := range facts.ListenersOf(gunicorn) {
			got = append(got, ListenerAddress(reached))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s is reached at %v, want %v", bound, got, want)
		}
	}
}

// TestContainerOf prefers a container that runs to one that was made later, and knows none
// that `docker compose run` made.
func TestContainerOf(t *testing.T) {
	facts := inContainer()
	created := facts.Containers.Value[0]
	created.ID, created.PID, created.State = "b", 0, "created"
	oneOff := facts.Containers.Value[0]
	oneOff.ID, oneOff.OneOff = "c", true
	facts.Containers.Value = append([]sys.Container{oneOff, created}, facts.Containers.Value...)
	if got, ok := containerOf(&facts, "compose:shop/web"); !ok || got.ID != facts.Target.Container {
		t.Errorf("chose %+v", got)
	}
	if replicas := facts.Replicas(); len(replicas) != 2 || replicas[1].ID != "b" {
		t.Errorf("replicas = %+v", replicas)
	}
}
