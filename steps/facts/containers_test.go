package facts

import (
	"net/netip"
	"slices"
	"testing"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/proc"
)

// inContainer is a site in a container: its code in the image, templates mounted, static
// files in a volume.
func inContainer() Facts {
	const id = "a111111111111111111111111111111111111111111111111111111111111111"
	container := docker.Container{
		ID: id, Project: "shop", Service: "web", PID: 418, ProjectDir: "/srv/shop", WorkingDirectory: "/app",
		Ports:     []docker.PublishedPort{{HostIP: "127.0.0.1", HostPort: 8080, ContainerPort: 8000}, {HostIP: "", HostPort: 9000, ContainerPort: 9000}},
		Addresses: map[string]string{"shop_default": "172.18.0.2"},
		Mounts:    []docker.Mount{{Type: "bind", Source: "/srv/run", Destination: "/run"}},
	}
	return Facts{
		Containers: Of([]docker.Container{container}, ""),
		Target:     Target{Service: "compose:shop/web", Container: id},
		Inside: Of(Inside{Root: "/proc/418/root", Mounts: []MountState{
			{Mount: docker.Mount{Type: "bind", Source: "/srv/shop/templates", Destination: "/app/templates"}},
			{Mount: docker.Mount{Type: "bind", Source: "/srv/shop/current", Destination: "/app/live"}, Differs: true},
			{Mount: docker.Mount{Type: "volume", Name: "assets", Source: "/var/lib/docker/volumes/assets/_data", Destination: "/app/static"}},
		}}, ""),
		Compose: Of(ComposeFacts{ImageBuild: ImageBuild{Copies: []SourceCopy{
			{Source: "/srv/shop", Destination: "/app"}, {Source: "/srv/shop/extra/conf.py", Destination: "/app/conf.py"},
		}}}, ""),
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
		listener := proc.Listener{Inode: 7, Path: bound}
		if address, err := netip.ParseAddrPort(bound); err == nil {
			listener = proc.Listener{Inode: 7, Address: address}
		}
		server := Server{Listeners: []proc.Listener{listener, {Inode: 8, Path: "/run/other.sock"}}}
		server.Master.Cgroup.Container = facts.Target.Container
		server.Master.SocketInodes = []uint64{7}
		var got []string
		for _, reached := range facts.ListenersOf(server) {
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
	facts.Containers.Value = append([]docker.Container{oneOff, created}, facts.Containers.Value...)
	if got, ok := containerOf(&facts, "compose:shop/web"); !ok || got.ID != facts.Target.Container {
		t.Errorf("chose %+v", got)
	}
	if replicas := facts.Replicas(); len(replicas) != 2 || replicas[1].ID != "b" {
		t.Errorf("replicas = %+v", replicas)
	}
}

// inTwoWorlds has shop/web in root's Docker, and containers of the same names, labels and id
// in the Dockers of two users.
func inTwoWorlds(uid int) Facts {
	const id = "b111111111111111111111111111111111111111111111111111111111111111"
	daemon := func(uid uint32, name string) docker.Daemon {
		return docker.Daemon{Host: "unix:///run/user/" + name + "/docker.sock", Owner: sys.Account{UID: uid, Name: name}}
	}
	container := func(daemon docker.Daemon, id, world, service string) docker.Container {
		return docker.Container{
			Daemon: daemon, ID: id, World: world, Name: "shop-web-1", Project: "shop", Service: service, PID: 1, Serves: true,
			Addresses: map[string]string{"shop_default": "172.18.0.2"}, Aliases: map[string][]string{"shop_default": {service}},
		}
	}
	gunicorn := func(pid int, group string) Server {
		return Server{Master: Process{Process: proc.Process{PID: pid, Cgroup: proc.Cgroup{Container: group}}}}
	}
	eves, adas := "user@1002.service", "user@1001.service"
	return Facts{
		Host: Of(sys.Host{UID: uid}, ""),
		Containers: Of([]docker.Container{
			container(daemon(1002, "eve"), id, eves, "web"), container(docker.Daemon{}, id, "", "web"), container(docker.Daemon{}, "c1", "", "worker"),
			container(daemon(1001, "ada"), "d1", adas, "web"), container(daemon(1001, "ada"), "d2", adas, "own"),
		}, ""),
		Processes: Of(Processes{Servers: []Server{gunicorn(7, eves+"/"+id), gunicorn(8, id), gunicorn(9, adas+"/d1")}}, ""),
	}
}

// TestContainersOfDifferentDaemonsAreNeverOneService, whatever they call themselves.
func TestContainersOfDifferentDaemonsAreNeverOneService(t *testing.T) {
	for name, test := range map[string]struct {
		uid           int
		service, want string
		own           []int
	}{
		"root's":                   {0, "compose:shop/web", "compose:shop/web", []int{8}},
		"ada's":                    {0, "compose:shop/web@ada", "compose:shop/web@ada", []int{9}},
		"eve's":                    {0, "compose:shop/web@eve", "compose:shop/web@eve", []int{7}},
		"root's, looked at by ada": {1001, "compose:shop/web", "compose:shop/web", []int{8}},
		"hers, looked at by her":   {1001, "compose:shop/own", "compose:shop/own", nil},
		"hers, named in full":      {1001, "compose:shop/own@ada", "compose:shop/own", nil},
		"hers":                     {0, "compose:shop/own@ada", "compose:shop/own@ada", nil},
		"hers, for root's":         {0, "compose:shop/own", "", nil},
		"nobody's":                 {0, "compose:shop/web@bob", "", nil},
		"no name at all":           {0, "", "compose:shop/web", []int{8}},
	} {
		facts := inTwoWorlds(test.uid)
		facts.Options.Service = test.service
		target, err := chooseTarget(&facts)
		if target.Service != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, target.Service, err, test.want)
			continue
		}
		facts.Target = target
		var own []int
		for _, server := range facts.Own() {
			own = append(own, server.Master.PID)
		}
		if !slices.Equal(own, test.own) {
			t.Errorf("%s: its masters are %v, not %v", name, own, test.own)
		}
		if replicas := facts.Replicas(); err == nil && len(replicas) != 1 {
			t.Errorf("%s: %d replicas", name, len(replicas))
		}
	}
}

// TestOnlyAUsersContainers: they are what is meant where there is nothing else.
func TestOnlyAUsersContainers(t *testing.T) {
	facts := inTwoWorlds(0)
	facts.Containers.Value = facts.Containers.Value[3:4]
	if target, err := chooseTarget(&facts); err != nil || target.Service != "compose:shop/web@ada" {
		t.Errorf("%+v, %v", target, err)
	}
}

// TestNamesLeadToNoOtherWorld: a network of the same name in another Docker is another one.
func TestNamesLeadToNoOtherWorld(t *testing.T) {
	facts := inTwoWorlds(0)
	for index := range facts.Containers.Value {
		facts.Containers.Value[index].Addresses["shop_default"] = "172.18.0." + string(rune('1'+index))
	}
	from := facts.Containers.Value[2]
	if got := facts.namedInNetworks(from, nil, "web"); !slices.Equal(got, []string{"172.18.0.2"}) {
		t.Errorf("web leads to %v", got)
	}
}

// TestWhoMayStandBefore: the Nginx of a user's own Docker is believed before that user's
// services alone, that of root's before any.
func TestWhoMayStandBefore(t *testing.T) {
	facts := inTwoWorlds(0)
	for _, test := range []struct {
		service string
		want    []bool // of eve's, root's, ada's
	}{
		{"compose:shop/web", []bool{false, true, false}}, {"compose:shop/web@ada", []bool{false, true, true}}, {"", []bool{false, true, false}},
	} {
		facts.Options.Service, facts.Target = test.service, Target{}
		if test.service != "" {
			facts.Target, _ = chooseTarget(&facts)
		}
		for index, at := range []int{0, 1, 3} {
			if got := facts.mayStandBefore(facts.Containers.Value[at]); got != test.want[index] {
				t.Errorf("%q: %d %v", test.service, index, got)
			}
		}
	}
}
