package facts

import (
	"net/netip"
	"strings"
	"testing"

	"flasktui/sys/docker"
	"flasktui/sys/gunicorn"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

func listening(address string, inode uint64) proc.Listener {
	return proc.Listener{Address: netip.MustParseAddrPort(address), Inode: inode}
}

// TestWhichServicesThereAre: what runs before what is merely there, and what somebody tries
// out only where there is nothing else.
func TestWhichServicesThereAre(t *testing.T) {
	t.Parallel()
	unit := func(name, state string) Unit {
		return Unit{Unit: systemd.Unit{Name: name, LoadState: "loaded", ActiveState: state}, Serves: true}
	}
	container := func(service, state string, exit, pid int) docker.Container {
		return docker.Container{ID: service, Project: "p", Service: service, State: state, ExitCode: exit, PID: pid, Serves: true}
	}
	again := container("web", "running", 0, 20)
	again.Restarts = 3
	loose := born("session-1.scope", 7)
	loose.Master.SocketInodes = []uint64{1}
	seen := born("session-1.scope", 9)
	seen.Master.SocketInodes = []uint64{2}
	passed := born("session-1.scope", 10)
	passed.Master.SocketInodes = []uint64{3}
	left := loose
	left.Leaderless = true
	inside := born("docker.service", 20)
	inside.Master.Cgroup = proc.Cgroup{Container: "web"}
	nobodys := unit("cron.service", "active")
	nobodys.Serves = false
	for _, test := range []struct {
		name       string
		units      []Unit
		containers []docker.Container
		gunicorns  []Server
		want       string
	}{
		{"nothing", nil, nil, nil, ""},
		{"a unit that runs", []Unit{unit("a.service", "active"), nobodys}, nil, nil, "a.service"},
		{"one that failed", []Unit{unit("a.service", "failed")}, nil, nil, "a.service"},
		{"one that runs before one that does not", []Unit{unit("a.service", "active"), unit("b.service", "inactive")}, nil, nil, "a.service"},
		{"those that do not, where nothing else is", []Unit{unit("b.service", "inactive"), unit("a.service", "inactive")}, nil, nil, "a.service b.service"},
		{"a container that runs it", nil, []docker.Container{container("web", "running", 0, 20)}, []Server{inside}, "compose:p/web"},
		{"a container that runs something else", nil, []docker.Container{container("web", "running", 0, 20)}, nil, ""},
		{"a container that is started again and again", nil, []docker.Container{again}, nil, "compose:p/web"},
		{"a container that ended badly", nil, []docker.Container{container("web", "exited", 1, 0)}, nil, "compose:p/web"},
		{"a container that was stopped in order", []Unit{unit("a.service", "active")}, []docker.Container{container("web", "exited", 0, 0)}, nil, "a.service"},
		{"that one alone", nil, []docker.Container{container("web", "exited", 0, 0)}, nil, "compose:p/web"},
		{"by hand, alone", nil, nil, []Server{loose}, "pid:7"},
		{"by hand, beside a service", []Unit{unit("a.service", "active")}, nil, []Server{loose}, "a.service"},
		{"by hand, where other machines get to", []Unit{unit("a.service", "active")}, nil, []Server{seen}, "a.service pid:9"},
		{"by hand, and Nginx sends requests there", []Unit{unit("a.service", "active")}, nil, []Server{passed}, "a.service pid:10"},
		{"a worker without a master", nil, nil, []Server{left}, ""},
	} {
		known := Facts{Processes: Of(Processes{Servers: test.gunicorns}, ""), Units: Of(test.units, ""), Containers: Of(test.containers, "")}
		known.Listeners = Of([]proc.Listener{listening("127.0.0.1:8000", 1), listening("0.0.0.0:8001", 2), listening("127.0.0.1:8002", 3)}, "")
		known.NginxDisk = Of(nginx.Config{Servers: []nginx.Server{{Locations: []nginx.Location{{Path: "/", Pass: "http://127.0.0.1:8002"}}}}}, "")
		if got := strings.Join(candidateServices(&known), " "); got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
		target, err := chooseTarget(&known)
		if (err == nil) != (len(strings.Fields(test.want)) == 1) || err == nil && target.Service != test.want {
			t.Errorf("%s: chose %+v, %v", test.name, target, err)
		}
	}
}

// TestWhoseOrphanItIs: of the unit that wants to listen where it does, with the same app from
// the same deployment; and of nobody else.
func TestWhoseOrphanItIs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		with func(unit *Unit, orphan *Server)
		want bool
	}{
		{"it is", func(*Unit, *Server) {}, true},
		{"the unit starts no Gunicorn", func(unit *Unit, _ *Server) { unit.Serves = false }, false},
		{"the unit was stopped", func(unit *Unit, _ *Server) { unit.ActiveState = "inactive" }, false},
		{"another app", func(unit *Unit, _ *Server) { unit.Settings.App = "blog:app" }, false},
		{"the app is not known", func(unit *Unit, orphan *Server) { unit.Settings.App, orphan.Settings.App = "", "" }, false},
		{"another directory", func(_ *Unit, orphan *Server) { orphan.Master.Directory = "/srv/blog" }, false},
		{"another port", func(unit *Unit, _ *Server) { unit.Settings.Bind = []string{"127.0.0.1:8001"} }, false},
		{"a socket of systemd's", func(unit *Unit, _ *Server) { unit.Settings.Bind = []string{"fd://3"} }, false},
		{"the unit would listen everywhere", func(unit *Unit, _ *Server) { unit.Settings.Bind = []string{"0.0.0.0:8000"} }, true},
		{"it was born in it", func(_ *Unit, orphan *Server) { orphan.Master.Cgroup.Unit = "shop.service" }, false},
	} {
		unit := Unit{Unit: systemd.Unit{Name: "shop.service", ActiveState: "failed", WorkingDirectory: "/srv/shop"}, Serves: true, Settings: gunicorn.Settings{App: "wsgi:app", Bind: []string{"127.0.0.1:8000"}}}
		orphan := born("session-1.scope", 7)
		orphan.Settings.App, orphan.Master.Directory, orphan.Master.SocketInodes = "wsgi:app", "/srv/shop", []uint64{1}
		test.with(&unit, &orphan)
		known := Facts{Processes: Of(Processes{Servers: []Server{orphan}}, ""), Units: Of([]Unit{unit}, ""), Listeners: Of([]proc.Listener{listening("127.0.0.1:8000", 1)}, "")}
		if _, claimed := known.unitForAddress(orphan); claimed != test.want {
			t.Errorf("%s: %v", test.name, claimed)
		}
	}
}

// TestWhoAnswersAURL: the services behind it, where it leads instead, or why that is not told.
func TestWhoAnswersAURL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, url, pass               string
		with                          func(known *Facts)
		services, elsewhere, untraced string
	}{
		{"by Nginx", "http://shop.example/", "http://127.0.0.1:8000", nil, "pid:7", "", ""},
		{"by its own port", "http://localhost:8000/", "", nil, "pid:7", "", ""},
		{"by a name, at a port of its own", "http://shop.example:8000/", "", nil, "pid:7", "", ""},
		{"by another address than it listens at", "http://127.0.0.2:8000/", "", nil, "", "nothing listens there", ""},
		{"nobody", "http://127.0.0.1:9/", "", nil, "", "nothing listens there", ""},
		{"what listens is not known", "http://127.0.0.1:9/", "", func(known *Facts) { known.Listeners.Known = false }, "", "", "no server block of Nginx answers for it"},
		{"files", "http://shop.example/", "", nil, "", "Nginx passes it on to nobody", ""},
		{"no block", "http://shop.example:82/", "", nil, "", "", "no server block of Nginx answers for it"},
		{"Nginx is not known", "http://shop.example/", "", func(known *Facts) { known.NginxDisk = Unreadable[nginx.Config]("why", "") }, "", "", "Nginx's configuration, which would tell, is not known (why)"},
		{"something else listens", "http://shop.example/", "http://127.0.0.1:8100", nil, "", "", "Nginx sends it to 127.0.0.1:8100, and what listens there is no server of Python apps that was seen"},
		{"nothing listens", "http://shop.example/", "http://127.0.0.1:8200", nil, "", "Nginx sends it to 127.0.0.1:8200, where nothing listens", ""},
		{"a unit would", "http://shop.example/", "http://127.0.0.1:8300", nil, "shop.service", "", ""},
		{"no URL", "http://%zz/", "", nil, "", "", "the URL could not be read"},
	} {
		server := born("session-1.scope", 7)
		server.Master.SocketInodes = []uint64{1}
		known := Facts{Options: Options{URL: test.url}, Processes: Of(Processes{Servers: []Server{server}}, "")}
		known.Listeners = Of([]proc.Listener{listening("127.0.0.1:8000", 1), listening("127.0.0.1:8100", 5)}, "")
		known.Units = Of([]Unit{{Unit: systemd.Unit{Name: "shop.service"}, Settings: gunicorn.Settings{Bind: []string{"127.0.0.1:8300"}}}}, "")
		known.NginxDisk = Of(nginx.Config{Servers: []nginx.Server{{
			Names: []string{"shop.example"}, Listens: []nginx.Listen{{Address: "0.0.0.0:80"}}, Locations: []nginx.Location{{Path: "/", Pass: test.pass}},
		}}}, "")
		if test.with != nil {
			test.with(&known)
		}
		services, elsewhere, untraced := known.behindURL()
		if strings.Join(services, " ") != test.services || string(elsewhere) != test.elsewhere || string(untraced) != test.untraced {
			t.Errorf("%s: %v, elsewhere %q, untraced %q", test.name, services, elsewhere, untraced)
		}
	}
}
