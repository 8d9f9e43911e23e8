package supervisord

import (
	"maps"
	"strings"
	"testing"

	"flasktui/sys"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
)

// TestBelieveSupervisor: root's supervisorctl is given no file, and talks to no socket,
// that others than root decide about, whatever the process looks like.
func TestBelieveSupervisor(t *testing.T) {
	t.Parallel()
	const main = "[unix_http_server]\nfile=/run/s.sock\n[supervisorctl]\nserverurl=unix:///run/s.sock\n[include]\nfiles=/etc/supervisor/conf.d/*.conf\n"
	files := map[string]string{
		"/proc/7/status": "Uid: 0 0 0 0\n", "/usr/bin/python3.13": "", "/usr/bin/supervisord": "", "/run/s.sock": "", "/home/grace/x": "", "/home/grace/supervisord": "",
		"/etc/supervisor/supervisord.conf": main, "/etc/supervisor/conf.d/app.conf": "[program:app]\ncommand=gunicorn app:app\n", "/usr/bin/vi": "",
		"/proc/net/unix": "Num\n", "/proc/net/tcp": "sl\n   0: 0100007F:2329 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 42 1 0\n",
	}
	links := map[string]string{"/proc/7/exe": "/usr/bin/python3.13", "/proc/7/root": "/", "/proc/7/fd/4": "socket:[42]", "/etc/supervisord.conf": "supervisor/supervisord.conf", "/etc/aside": "/home/grace/aside"}
	argv := []string{"/usr/bin/python3", "/usr/bin/supervisord", "-n"}
	for _, test := range []struct {
		name, config, want string
		argv               []string
		executable         string
		change             map[string]string
		kept               map[string]sys.FileInfo
		links              map[string]string
	}{
		{name: "Debian's"},
		{name: "a link of root's", config: "/etc/supervisord.conf"},
		{name: "a port that it holds", change: map[string]string{"/etc/supervisor/supervisord.conf": "[inet_http_server]\nport=127.0.0.1:9001\n[supervisorctl]\n"}},
		{name: "nothing to include yet", change: map[string]string{"/etc/supervisor/supervisord.conf": main + "  /etc/absent/*.conf /etc/absent.conf\n"}},
		{name: "su", change: map[string]string{"/proc/7/status": "Uid: 1003 0 0 0\n"}, want: "real 1003"},
		{name: "a script of grace's", argv: []string{"/usr/bin/python3", "/home/grace/supervisord"}, want: "/home/grace is not root's"},
		{name: "a name alone", argv: []string{"supervisord", "-c", "/etc/supervisor/supervisord.conf"}, want: "a relative path"},
		{name: "an editor that is called so", argv: []string{"/usr/bin/supervisord"}, executable: "/usr/bin/vi", want: "executes /usr/bin/vi"},
		{name: "a file of the group's", kept: map[string]sys.FileInfo{"/etc/supervisor/supervisord.conf": {Mode: 0o664}}, want: "supervisord.conf is not root's"},
		{name: "a directory of grace's", kept: map[string]sys.FileInfo{"/etc/supervisor": {UID: 1003}}, want: "/etc/supervisor is not root's"},
		{name: "an included file of grace's", kept: map[string]sys.FileInfo{"/etc/supervisor/conf.d/app.conf": {UID: 1003}}, want: "app.conf is not root's"},
		{name: "a directory of includes in which she may write", kept: map[string]sys.FileInfo{"/etc/supervisor/conf.d": {Mode: 0o775}}, want: "conf.d is not root's"},
		{name: "a directory that she could make", change: map[string]string{"/etc/supervisor/supervisord.conf": main + "  /home/grace/conf.d/*.conf\n"}, want: "/home/grace is not root's"},
		{name: "a directory that a pattern would name", change: map[string]string{"/etc/supervisor/supervisord.conf": main + "  /home/*/s.conf\n"}, want: "/home/grace is not root's"},
		{name: "includes by a link to hers", change: map[string]string{"/etc/supervisor/supervisord.conf": main + "  /etc/aside/*.conf\n"}, want: "/home/grace is not root's"},
		{name: "what only supervisord can expand", change: map[string]string{"/etc/supervisor/supervisord.conf": main + "  %(ENV_HOME)s/*.conf\n"}, want: "only supervisord can expand"},
		{name: "a socket of hers", change: map[string]string{"/etc/supervisor/supervisord.conf": strings.ReplaceAll(main, "/run/s.sock", "/home/grace/x")}, want: "/home/grace is not root's"},
		{name: "another supervisord's socket", change: map[string]string{"/run/other.sock": "", "/etc/supervisor/supervisord.conf": strings.Replace(main, "file=/run/s.sock", "file=/run/other.sock", 1)}, want: "does not listen"},
		{name: "another process's port", links: map[string]string{"/proc/7/fd/4": "socket:[43]"}, change: map[string]string{"/etc/supervisor/supervisord.conf": "[inet_http_server]\nport=9001\n[supervisorctl]\n"}, want: "another process"},
		{name: "another machine", change: map[string]string{"/etc/supervisor/supervisord.conf": "[supervisorctl]\nserverurl=http://u:pw@elsewhere:9001\n"}, want: "not known to be this supervisord"},
		{name: "a port without anybody", change: map[string]string{"/etc/supervisor/supervisord.conf": "[supervisorctl]\nserverurl=http://127.0.0.1:9002\n"}, want: "does not listen"},
		{name: "no section of supervisorctl's", change: map[string]string{"/etc/supervisor/supervisord.conf": "[unix_http_server]\nfile=/run/s.sock\n"}, want: "no [supervisorctl]"},
		{name: "a link from where it says otherwise", config: "/etc/supervisord.conf", change: map[string]string{"/etc/supervisor/supervisord.conf": main + "  conf.d/*.ini\n"}, want: "depends on the place"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			box := memory.Machine{Files: maps.Clone(files), Links: maps.Clone(links), Kept: map[string]sys.FileInfo{"/home/grace": {UID: 1003}}}
			maps.Copy(box.Files, test.change)
			maps.Copy(box.Links, test.links)
			maps.Copy(box.Kept, test.kept)
			process := proc.Process{PID: 7, Argv: argv, Executable: "/usr/bin/python3.13"}
			if strings.Contains(box.Files["/proc/7/status"], "1003") {
				process.Users.Real = 1003
			}
			if test.argv != nil {
				process.Argv = test.argv
			}
			if test.executable != "" {
				process.Executable, box.Links["/proc/7/exe"] = test.executable, test.executable
				box.Kept[test.executable] = sys.FileInfo{Inode: 9}
			}
			config := test.config
			if config == "" {
				config = "/etc/supervisor/supervisord.conf"
			}
			got, err := TrustedConfiguration(t.Context(), box, process, config)
			switch {
			case test.want == "" && (err != nil || got != "/etc/supervisor/supervisord.conf"):
				t.Errorf("%q, %v", got, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "pw")):
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// TestSupervisorOption reads the arguments as supervisord's getopt does.
func TestSupervisorOption(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"python3 /usr/bin/supervisord -n":       "",
		"python3 /usr/bin/supervisord -n -c /a": "/a",
		"python3 /usr/bin/supervisord -nc /a":   "/a",
		"supervisord -c/a -n":                   "/a",
		"supervisord --configuration=/a":        "/a",
		"supervisord --conf /a --nodaemon":      "/a",
		"supervisord --nodaemon --conf=/a":      "/a",
		"supervisord -c /a -c /b":               "/b",
		"supervisord -l -c":                     "",
		"supervisord -l /log -c /a":             "/a",
		"supervisord --logfile -c /a":           "",
		"supervisord --childlogdir=/x":          "",
		"supervisord -n -- -c /a":               "",
		"supervisord x -c /a":                   "",
		"supervisord -c":                        "",
	} {
		if got := option(strings.Fields(line)); got != want {
			t.Errorf("%s: %q", line, got)
		}
	}
}
