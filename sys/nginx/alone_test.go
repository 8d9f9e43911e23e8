package nginx

import (
	"context"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
)

// TestNginxIsNotRunForOthers: as root Nginx opens the logs that a file of its configuration
// names, and quotes what that includes. Where others may write one it is not run to look,
// and what they name is read for them alone.
func TestNginxIsNotRunForOthers(t *testing.T) {
	t.Parallel()
	const server = "http {\n include conf.d/*.conf;\n server { listen 80; server_name shop; location / { proxy_pass http://127.0.0.1:8000; } }\n}\n"
	for name, test := range map[string]struct {
		main  string
		does  func(box memory.Machine)
		wants string
	}{
		"root's alone":     {},
		"a missing file":   {main: "include /etc/nginx/none.conf;"},
		"the main file":    {wants: "/etc/nginx/nginx.conf", does: func(box memory.Machine) { box.Kept["/etc/nginx/nginx.conf"] = sys.FileInfo{Mode: 0o664} }},
		"an included file": {wants: "/etc/nginx/conf.d/a.conf", does: func(box memory.Machine) { box.Kept["/etc/nginx/conf.d/a.conf"] = sys.FileInfo{UID: 1000} }},
		"its directory":    {wants: "/etc/nginx/conf.d", does: func(box memory.Machine) { box.Kept["/etc/nginx/conf.d"] = sys.FileInfo{UID: 1000} }},
		"an empty directory": {main: "include /srv/*/nginx/*.conf;", wants: "/srv/app", does: func(box memory.Machine) {
			box.Files["/srv/app/nginx/README"] = ""
			box.Kept["/srv/app"] = sys.FileInfo{UID: 1000}
		}},
		"a link to a home":         {wants: "/home/ada", does: func(box memory.Machine) { box.Links["/etc/nginx/conf.d/z.conf"] = "/home/ada/z.conf" }},
		"an include in an include": {wants: "/home/ada", does: func(box memory.Machine) { box.Files["/etc/nginx/conf.d/a.conf"] = "include /home/ada/z.conf;" }},
		"one before an error":      {main: "include /home/ada/z.conf; }", wants: "/home/ada"},
		"a module": {main: "load_module modules/odd.so;", wants: "/usr/share/nginx/modules", does: func(box memory.Machine) {
			box.Files["/usr/share/nginx/modules/odd.so"] = ""
			box.Kept["/usr/share/nginx/modules"] = sys.FileInfo{UID: 1000}
		}},
	} {
		ran := false
		box := memory.Machine{
			Files: map[string]string{"/etc/nginx/nginx.conf": test.main + "\n" + server, "/etc/nginx/conf.d/a.conf": "", "/home/ada/z.conf": ""},
			Links: map[string]string{}, Kept: map[string]sys.FileInfo{"/home/ada": {UID: 1000}},
		}
		box.OnRun = func(command sys.Command) sys.Output {
			switch strings.Join(command.Argv, " ") {
			case "nginx -V":
				return sys.Output{Stderr: []byte("configure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf --with-x")}
			case "nginx -T":
				ran = true
				return sys.Output{Stdout: []byte("# configuration file /etc/nginx/nginx.conf:\n" + server)}
			}
			return sys.Output{Exit: -1, Err: sys.ErrNoCommand}
		}
		if test.does != nil {
			test.does(box)
		}
		config, _, err := Installed().ReadConfig(t.Context(), box)
		said := string(config.Untested)
		if err != nil {
			said = err.Error()
		}
		switch {
		case test.wants == "" && (!ran || err != nil || said != ""):
			t.Errorf("%s: ran %t, %v, %s", name, ran, err, said)
		case test.wants != "" && (ran || !strings.Contains(said, test.wants+" is not root's alone") || !strings.Contains(said, "sudo nginx -t")):
			t.Errorf("%s: ran %t, %v, %s", name, ran, err, said)
		case name != "one before an error" && (err != nil || len(config.Servers) != 1) && name != "a missing file":
			t.Errorf("%s: %d servers, %v", name, len(config.Servers), err)
		}
	}
}

// namingMachine notes on whose behalf files are read.
type namingMachine struct {
	memory.Machine
	behalf map[string][]uint32
}

func (m namingMachine) ReadFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	m.behalf[name] = sys.NamersIn(ctx).Users
	return m.Machine.ReadFile(ctx, name, limit)
}

// TestWhatNginxsFilesNameIsReadForTheirWriters: an include of a user's leads no further than
// that user could.
func TestWhatNginxsFilesNameIsReadForTheirWriters(t *testing.T) {
	t.Parallel()
	box := namingMachine{memory.Machine{
		Files: map[string]string{
			"/etc/nginx/nginx.conf": "include site; include team; include own;", "/home/ada/site": "include /srv/a;", "/etc/nginx/team": "include /srv/b;",
			"/etc/nginx/own": "include /srv/c;", "/srv/a": "", "/srv/b": "", "/srv/c": "",
		},
		Links: map[string]string{"/etc/nginx/site": "/home/ada/site"},
		Kept:  map[string]sys.FileInfo{"/home/ada": {UID: 1000}, "/etc/nginx/team": {GID: 50, Mode: 0o664}},
	}, map[string][]uint32{}}
	if _, err := readForWriters(t.Context(), box, "/etc/nginx/nginx.conf"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]uint32{"/home/ada/site": nil, "/srv/a": {1000}, "/srv/b": {sys.NoAccount}, "/srv/c": nil} {
		if got, read := box.behalf[name]; !read || len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
			t.Errorf("%s is read for %v, want %v", name, got, want)
		}
	}
}
