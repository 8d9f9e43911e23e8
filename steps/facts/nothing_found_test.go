package facts

import (
	"context"
	"strings"
	"testing"

	"flasktui/sys/docker"
	"flasktui/sys/memory"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// peopled is a box in memory whose processes can be listed.
type peopled struct {
	memory.Machine
	pids []int
}

func (box peopled) Processes(context.Context) ([]int, error) { return box.pids, nil }

// TestWhatIsToldWhereNothingIsFound: who holds the site's ports, where that sends requests, and
// what to type next.
func TestWhatIsToldWhereNothingIsFound(t *testing.T) {
	t.Parallel()
	type change = func(box *peopled, known *Facts)
	// passing has the box's Nginx, which holds port 80, send requests to addresses.
	passing := func(backends ...string) change {
		return func(_ *peopled, known *Facts) {
			known.Processes.Value.Nginx = []NginxProcess{{Process: proc.Process{PID: 12, Name: "nginx"}, Role: "master"}}
			server := nginx.Server{Listens: []nginx.Listen{{Address: "0.0.0.0:80"}}, Locations: []nginx.Location{{Path: "/files"}}}
			for _, backend := range backends {
				server.Locations = append(server.Locations, nginx.Location{Path: "/", Pass: "http://" + backend})
			}
			known.NginxDisk = Of(nginx.Config{Servers: []nginx.Server{server}}, "")
		}
	}
	for name, test := range map[string]struct {
		line   string
		change change
		says   string
		hint   string
	}{
		"Apache, with nothing loaded": {"/usr/sbin/apache2 -k start", nil, "port 80 is held by Apache (process 12), nothing listens at port 443", "ps -o pid,user,lstart,args -p 12"},
		"Apache, with mod_wsgi": {"/usr/sbin/apache2 -k start", func(box *peopled, _ *Facts) {
			box.Files["/proc/12/maps"] = "7f0-7f1 r-xp 0 0 0 /usr/lib/apache2/modules/mod_wsgi.so\n"
		}, "Apache with Apache's mod_wsgi (process 12)", "apachectl graceful"},
		"a module of another kind": {"/usr/sbin/apache2 -k start", func(box *peopled, _ *Facts) {
			box.Files["/proc/12/maps"] = "7f0-7f1 r-xp 0 0 0 /usr/lib/apache2/modules/mod_php.so\n"
		}, "held by Apache (process 12)", "cat /proc/12/cgroup"},
		"Kubernetes": {"/usr/bin/kubelet", nil, "port 80 is held by Kubernetes (process 12)", "kubectl"},
		"in a container": {"caddy run", func(box *peopled, _ *Facts) {
			box.Files["/proc/12/cgroup"] = "0::/system.slice/docker-" + strings.Repeat("ab", 32) + ".scope\n"
		}, "in a container (process 12)", "ps -o pid"},
		"nobody who is seen": {"caddy run", func(box *peopled, _ *Facts) { box.pids = nil }, "a program that could not be told (no process of this box was found to hold the port)", "ss -ltnp"},
		"at the URL's port":  {"caddy run", func(_ *peopled, known *Facts) { known.Options.URL = "http://shop.example:8080/" }, "; nothing listens at port 8080", "as it was"},
		"at what is no URL":  {"caddy run", func(_ *peopled, known *Facts) { known.Options.URL = "http://%zz/" }, "port 80 is held by", "ps -o pid"},
		"not known":          {"caddy run", func(_ *peopled, known *Facts) { known.Listeners.Known = false }, "nothing was found", "as it was"},
		"Nginx, for itself":  {"nginx -g x", passing(), "port 80 is held by Nginx, whose configuration sends requests to no other program", "sudo nginx -T"},
		"Nginx, elsewhere":   {"nginx -g x", passing("10.0.0.7:8080"), "which sends requests to 10.0.0.7:8080 (where nothing of this box listens), nothing", "another machine"},
		"Nginx, to another": {"nginx -g x", func(box *peopled, known *Facts) {
			passing("10.0.0.7:8080", "127.0.0.1:3000")(box, known)
			known.Listeners.Value = append(known.Listeners.Value, listening("127.0.0.1:3000", 6))
			box.Links["/proc/13/fd/3"], box.pids = "socket:[6]", []int{12, 13}
		}, "127.0.0.1:3000 (Node.js (process 13))", "-p 13"},
		"Nginx, to many":  {"nginx -g x", passing("10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080", "10.0.0.4:8080"), "10.0.0.3:8080 (where nothing of this box listens), others", "another machine"},
		"Nginx, to three": {"nginx -g x", passing("10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080"), "10.0.0.3:8080 (where nothing of this box listens), nothing listens at port 443", "another machine"},
	} {
		box := peopled{running(started{pid: 12, parent: 1, line: test.line, directory: "/"}, started{pid: 13, parent: 1, line: "node server.js", directory: "/srv"}), []int{12}}
		delete(box.Links, "/proc/12/exe")
		delete(box.Links, "/proc/13/exe")
		box.Links["/proc/12/fd/3"] = "socket:[5]"
		known := &Facts{Processes: Of(Processes{}, ""), Listeners: Of([]proc.Listener{listening("0.0.0.0:80", 5)}, "")}
		if test.change != nil {
			test.change(&box, known)
		}
		refusal := &TargetError{Problem: "nothing was found", Hint: "as it was"}
		lookAt(box).tellHolders(t.Context(), known, refusal)
		if !strings.Contains(string(refusal.Problem), test.says) || !strings.Contains(string(refusal.Hint), test.hint) {
			t.Errorf("%s: %s\nhint: %s", name, refusal.Problem, refusal.Hint)
		}
	}
}

// TestWhyNothingIsFound: a server in a container that nobody tells of, by whose container it is.
func TestWhyNothingIsFound(t *testing.T) {
	t.Parallel()
	inside := func(path string) Facts {
		server := born("x.scope", 7)
		server.Master.Cgroup = proc.Cgroup{Container: "c", Path: path}
		return Facts{Processes: Of(Processes{Servers: []Server{server}}, "")}
	}
	unasked := inside("/system.slice/docker-c.scope")
	unasked.Containers = Unreadable[[]docker.Container]("permission denied", "")
	for _, test := range []struct {
		known Facts
		says  string
	}{
		{Facts{Processes: Unreadable[Processes]("not Linux", "")}, "not Linux"},
		{Facts{Processes: Of(Processes{}, "")}, "no server of Python apps is seen to run"},
		{inside("/system.slice/docker-c.scope"), "in a container that Docker did not tell of"},
		{inside("/machine.slice/libpod-c.scope"), "in a container that Podman made"},
		{unasked, "that Docker did not tell of: permission denied"},
	} {
		if err := nothingFound(&test.known); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%v, want %s", err, test.says)
		}
	}
}
