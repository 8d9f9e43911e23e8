package facts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/memory"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// proxied is a project of fronting's whose Nginx is process 12, with its configuration.
func proxied(t *testing.T, configuration string) (memory.Machine, *Facts) {
	t.Helper()
	known, _, _ := fronting("")
	const master = "nginx: master process nginx -g daemon off;"
	box := running(started{pid: 12, parent: 1, line: "nginx", directory: "/", unit: "system.slice/docker.service"})
	delete(box.Links, "/proc/12/root")
	box.Files["/proc/12/cmdline"] = master + "\x00"
	box.Files["/proc/12/root/etc/nginx/nginx.conf"] = "events {}\nhttp {\n" + configuration + "\n}\n"
	process, err := proc.ReadProcess(t.Context(), box, proc.Boot{}, 12)
	if err != nil {
		t.Fatal(err)
	}
	process.Cgroup.Container = "proxy"
	known.Processes.Value.Nginx = []NginxProcess{{Process: process, Role: "master"}}
	known.NginxDisk = Missing[nginx.Config]("no Nginx on the box", "")
	return box, &known
}

// TestWhichNginxInAContainerStandsBefore the service: one that leads to it, of its own project
// before any other, and none where the box's own leads there.
func TestWhichNginxInAContainerStandsBefore(t *testing.T) {
	t.Parallel()
	server := func(pass string) string {
		return "server { listen 80; location / { proxy_pass " + pass + "; } }"
	}
	boxes := func(pass, name string) nginx.Config {
		return nginx.Config{Servers: []nginx.Server{{
			Names: []string{name}, File: "/etc/nginx/sites-enabled/shop", Listens: []nginx.Listen{{Address: "0.0.0.0:80"}}, Locations: []nginx.Location{{Path: "/", Pass: pass}},
		}}}
	}
	for _, test := range []struct {
		name, configuration string
		with                func(box *memory.Machine, known *Facts)
		want                string
	}{
		{"it leads to the service", server("http://web:8000"), nil, "shop-proxy-1 by its address"},
		{"by an address", server("http://172.18.0.2:8000"), nil, "shop-proxy-1 by its address"},
		{"by a name of its own /etc/hosts", server("http://app:8000"), func(box *memory.Machine, _ *Facts) {
			box.Files["/proc/12/root/etc/hosts"] = "172.18.0.2 app\n"
		}, "shop-proxy-1 by its address"},
		{"the service does not run", server("http://web:8000"), func(_ *memory.Machine, known *Facts) {
			known.Processes.Value.Servers = nil
		}, "shop-proxy-1 by its name"},
		{"to a neighbour", server("http://admin:8000"), nil, "shop-proxy-1 sends requests to http://admin:8000, which is not known to be this service"},
		{"to two", server("http://admin:8000") + server("http://admin:8000") + server("http://elsewhere"), nil, "shop-proxy-1 sends requests to http://admin:8000, http://elsewhere, which is not known to be this service"},
		{"it serves files alone", "server { listen 80; root /srv; }", nil, "no Nginx in a container leads to the service"},
		{"another project's leads elsewhere", server("http://admin:8000"), func(_ *memory.Machine, known *Facts) { known.Containers.Value[2].Project = "blog" }, "no Nginx in a container leads to the service"},
		{"another project's leads here", server("http://172.18.0.2:8000"), func(_ *memory.Machine, known *Facts) { known.Containers.Value[2].Project = "edge" }, "shop-proxy-1 by its address"},
		{"its configuration cannot be read", server("http://web:8000"), func(box *memory.Machine, _ *Facts) {
			delete(box.Files, "/proc/12/root/etc/nginx/nginx.conf")
			box.Files["/proc/12/root/x"] = ""
		}, "shop-proxy-1: reading Nginx's configuration under /proc/12/root"},
		{"another project's cannot be read", server("http://web:8000"), func(box *memory.Machine, known *Facts) {
			delete(box.Files, "/proc/12/root/etc/nginx/nginx.conf")
			box.Files["/proc/12/root/x"], known.Containers.Value[2].Project = "", "blog"
		}, "no Nginx in a container leads to the service"},
		{"the container cannot be looked into", server("http://web:8000"), func(box *memory.Machine, _ *Facts) { box.Denied = []string{"/proc/12/root"} }, "shop-proxy-1: open /proc/12/root"},
		{"somebody else in it bears the title", server("http://web:8000"), func(_ *memory.Machine, known *Facts) {
			known.Processes.Value.Nginx[0].Users = proc.UserIDs{Real: 101, Effective: 101, Saved: 101, FileSystem: 101}
		}, "no Nginx in a container leads to the service"},
		{"a worker", server("http://web:8000"), func(_ *memory.Machine, known *Facts) { known.Processes.Value.Nginx[0].Role = "worker" }, "no Nginx runs in a container"},
		{"its container ended", server("http://web:8000"), func(_ *memory.Machine, known *Facts) { known.Containers.Value[2].PID = 0 }, "no Nginx runs in a container"},
		{"of another's Docker", server("http://web:8000"), func(_ *memory.Machine, known *Facts) {
			known.Containers.Value[2].Daemon = docker.Daemon{Host: "unix:///run/user/1001/docker.sock"}
			known.Containers.Value[2].Daemon.Owner.UID = 1001
		}, "no Nginx runs in a container"},
		{"none in a container", server("http://web:8000"), func(_ *memory.Machine, known *Facts) { known.Processes.Value.Nginx[0].Cgroup.Container = "" }, "no Nginx runs in a container"},
		{"the box's own cannot be read", server("http://web:8000"), func(_ *memory.Machine, known *Facts) { known.NginxDisk = Unreadable[nginx.Config]("denied", "") }, "denied"},
		{"the box's own leads to the service", server("http://web:8000"), func(_ *memory.Machine, known *Facts) {
			known.NginxDisk = Of(boxes("http://172.18.0.2:8000", "shop.example"), "")
		}, "the box's own Nginx leads to the service"},
		{"the box's own leads to this one", server("http://web:8000"), func(box *memory.Machine, known *Facts) {
			known.NginxDisk = Of(boxes("http://127.0.0.1:8080", "shop.example"), "")
			box.Files["/etc/nginx/sites-enabled/shop"] = ""
			box.Modified = map[string]time.Time{"/etc/nginx/sites-enabled/shop": noon}
		}, "shop-proxy-1 by its address behind shop.example of 12:00"},
		{"the box's own leads elsewhere", server("http://web:8000"), func(_ *memory.Machine, known *Facts) {
			known.NginxDisk = Of(boxes("http://127.0.0.1:9999", "shop.example"), "")
		}, "shop-proxy-1 by its address"},
		{"the box's own, for the URL", server("http://web:8000"), func(_ *memory.Machine, known *Facts) {
			known.NginxDisk = Of(boxes("http://127.0.0.1:8080", "shop.example"), "")
			known.Options.URL = "http://shop.example/"
		}, "shop-proxy-1 by its address behind shop.example of 00:00"},
		{"the box's own, for another URL", server("http://web:8000"), func(_ *memory.Machine, known *Facts) {
			config := boxes("http://127.0.0.1:9999", "blog.example")
			config.Servers = append(config.Servers, boxes("http://127.0.0.1:8080", "shop.example").Servers...)
			known.NginxDisk, known.Options.URL = Of(config, ""), "http://blog.example/"
		}, "shop-proxy-1 by its address"},
		{"one in the host's own network", server("http://172.18.0.2:8000"), func(_ *memory.Machine, known *Facts) { known.Containers.Value[2].HostNetwork = true }, "shop-proxy-1 by its address"},
	} {
		box, known := proxied(t, test.configuration)
		if test.with != nil {
			test.with(&box, known)
		}
		front := gathered(t, box, *known, (*look).readFront).Front
		words := string(front.Problem)
		if front.Known {
			words = front.Value.Name + map[bool]string{true: " by its address", false: " by its name"}[front.Value.ByAddress]
			if edge := front.Value.Edge; edge != nil {
				words += fmt.Sprintf(" behind %s of %s", edge.Server.Names[0], edge.ChangedAt.UTC().Format("15:04"))
			}
		}
		if words != test.want && !(strings.Contains(test.want, "shop-proxy-1: ") && strings.HasPrefix(words, test.want)) {
			t.Errorf("%s: %s, want %s", test.name, words, test.want)
		}
	}
}

// TestTheProjectsOwnNginxImage is compared with its source where the same project builds it (G60).
func TestTheProjectsOwnNginxImage(t *testing.T) {
	t.Parallel()
	const none = "no Nginx before the service has an image that the same Compose project builds"
	for _, test := range []struct {
		name string
		with func(known *Facts)
		want string
	}{
		{"the project builds it", func(*Facts) {}, "0 of 1; site.conf (configuration)"},
		{"it takes a ready one", func(known *Facts) { known.Compose.Value.Others["proxy"] = docker.ComposeService{} }, none},
		{"its files do not name it", func(known *Facts) { known.Compose.Value.Others = nil }, none},
		{"it is the service itself", func(known *Facts) {
			known.Front.Value.Container, known.Front.Value.Service = known.Target.Container, "proxy"
		}, none},
		{"another project's", func(known *Facts) { known.Containers.Value[1].Project = "edge" }, none},
		{"it is in no container", func(known *Facts) { known.Front = Missing[Front]("none", "") }, none},
		{"the service is in none", func(known *Facts) { known.Target.Container = "" }, none},
	} {
		box, known := builtSite("FROM nginx\nCOPY site.conf /etc/nginx/conf.d/site.conf\n", map[string]string{"site.conf": "2"}, nil)
		box.Files["/proc/500/root/etc/nginx/conf.d/site.conf"] = "1"
		known.Containers.Value = append(known.Containers.Value, docker.Container{ID: strings.Repeat("b", 64), Name: "shop-proxy-1", Project: "shop", Service: "proxy", PID: 500, WorkingDirectory: "/"})
		known.Front = Of(Front{Container: known.Containers.Value[1].Identity(), Service: "proxy", Inside: Inside{Root: "/proc/500/root"}}, "")
		known.Compose.Value.Others = map[string]docker.ComposeService{"proxy": {Build: known.Compose.Value.Service.Build}}
		test.with(&known)
		if got := described(gathered(t, box, known, (*look).readFrontSource).FrontSource); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// TestWhatAVolumeWouldLose: a named one that hides what was built may be made anew only where
// all that is in it comes from the image (G61).
func TestWhatAVolumeWouldLose(t *testing.T) {
	t.Parallel()
	const hidden = "assets at /app/static, 1 files"
	for _, test := range []struct {
		name  string
		mount docker.Mount
		with  func(box *tree)
		want  string
	}{
		{"the image's own files", docker.Mount{Type: "volume", Name: "assets"}, func(*tree) {}, hidden},
		{"a mount of the box", docker.Mount{Type: "bind", Name: "assets"}, func(*tree) {}, ""},
		{"one that Docker named", docker.Mount{Type: "volume", Name: strings.Repeat("a1", 32)}, func(*tree) {}, ""},
		{"an upload", docker.Mount{Type: "volume", Name: "assets"}, func(box *tree) { box.Files["/proc/418/root/app/static/up.png"] = "1" }, hidden + "+1: /app/static/up.png is in the volume, and the build brings no file of that name"},
		{"written later", docker.Mount{Type: "volume", Name: "assets"}, func(box *tree) { box.infos["/proc/418/root/app/static/app.css"] = written(minutes(5)) }, "assets at /app/static, 0 files: /app/static/app.css was written after Docker had filled the volume"},
		{"filled a moment later", docker.Mount{Type: "volume", Name: "assets"}, func(box *tree) {
			box.infos["/proc/418/root/app/static/app.css"] = written(noon.Add(30 * time.Second))
		}, hidden},
		{"a link", docker.Mount{Type: "volume", Name: "assets"}, func(box *tree) { box.Links["/proc/418/root/app/static/a"] = "/x" }, "assets at /app/static, 0 files: /app/static/a is no regular file"},
		{"a directory in it", docker.Mount{Type: "volume", Name: "assets"}, func(box *tree) { box.Files["/proc/418/root/app/static/up/a.png"] = "1" }, hidden + "+1: /app/static/up/a.png is in the volume, and the build brings no file of that name"},
		{"its age is not known", docker.Mount{Type: "volume", Name: "assets"}, func(box *tree) { box.infos["/proc/418/root/app/static"] = written(time.Time{}) }, "assets at /app/static, 0 files: when the volume was made could not be read, so what was written since is not known"},
		{"a directory that may not be read", docker.Mount{Type: "volume", Name: "assets"}, func(box *tree) {
			box.Files["/proc/418/root/app/static/a/b"] = ""
			box.Denied = []string{"/proc/418/root/app/static/a"}
		}, "assets at /app/static, 0 files: not all of the volume could be looked at"},
	} {
		machine, known := builtSite(copiesAll, map[string]string{"wsgi.py": "1", "static/app.css": "2"}, map[string]string{"/app/wsgi.py": "1", "/app/static/app.css": "1"})
		test.mount.Destination = "/app/static"
		known.Inside.Value.Mounts = []MountState{{Mount: test.mount}, {Mount: docker.Mount{Type: "volume", Name: "other", Destination: "/data"}}}
		machine.Links = map[string]string{}
		box := tree{Machine: machine, infos: map[string]sys.FileInfo{}}
		test.with(&box)
		look := lookAt(box)
		look.readBuild(t.Context(), &known.Compose.Value, "")
		source := look.imageSource(t.Context(), &known).Value
		var got []string
		for _, volume := range source.Volumes {
			words := fmt.Sprintf("%s at %s, %d files", volume.Name, volume.Destination, volume.Files)
			if volume.Kept != "" {
				words += ": " + string(volume.Kept)
			}
			got = append(got, words)
		}
		want := strings.Replace(test.want, "1 files+1", "2 files", 1)
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: %v, want %s", test.name, got, want)
		}
	}
}
