package facts

import (
	"net/netip"
	"strings"
	"testing"

	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestWithWhichSettingsTheServiceRuns: put together from the command line, the environment
// and the file, of the process where there is one and of the unit where not.
func TestWithWhichSettingsTheServiceRuns(t *testing.T) {
	t.Parallel()
	type want struct{ from, config, problem, directory, via, wanted, app string }
	for _, test := range []struct {
		name string
		// line is the process's command line, or else the unit's where none runs.
		line    string
		running bool
		with    func(box tree, unit *Unit, master *Process)
		want    want
	}{
		{"the unit alone", "/v/bin/gunicorn wsgi:app", false, nil, want{"unit", "", "", "/srv/shop", "WorkingDirectory", "127.0.0.1:8000", "wsgi:app"}},
		{"--bind", "/v/bin/gunicorn -b unix:run/a.sock -b :81 wsgi:app", false, nil, want{"unit", "", "", "/srv/shop", "WorkingDirectory", "unix:/srv/shop/run/a.sock 0.0.0.0:81", "wsgi:app"}},
		{"--chdir, where the socket begins too", "/v/bin/gunicorn --chdir web -b unix:a.sock wsgi:app", false, nil, want{"unit", "", "", "/srv/shop/web", "chdir", "unix:/srv/shop/web/a.sock", "wsgi:app"}},
		{"PORT may name another", "/v/bin/gunicorn wsgi:app", false, func(_ tree, unit *Unit, _ *Process) { unit.Prints = map[string]string{"PORT": "x"} }, want{"unit", "", "", "/srv/shop", "WorkingDirectory", "", "wsgi:app"}},
		{"a file of variables may as well", "/v/bin/gunicorn wsgi:app", false, func(_ tree, unit *Unit, _ *Process) {
			unit.EnvironmentFiles = []systemd.EnvironmentFile{{Path: "/etc/env"}}
		}, want{"unit", "", "", "/srv/shop", "WorkingDirectory", "", "wsgi:app"}},
		{"a script may as well", "/srv/start.sh", false, nil, want{"unit", "", "", "/srv/shop", "WorkingDirectory", "", ""}},
		{"a socket of systemd's", "/v/bin/gunicorn wsgi:app", false, func(_ tree, unit *Unit, _ *Process) { unit.TriggeredBy = []string{"shop.socket"} }, want{"unit", "", "", "/srv/shop", "WorkingDirectory", "", "wsgi:app"}},
		{"a process, by where it stands", "/v/bin/gunicorn wsgi:app", true, nil, want{"process", "", "", "/srv/shop/releases/v1", "cwd", "127.0.0.1:9000", "wsgi:app"}},
		{"a process, by its shell's path (G2)", "/v/bin/gunicorn wsgi:app", true, func(_ tree, _ *Unit, master *Process) { master.Shown = map[string]string{"PWD": "/srv/shop/current"} }, want{"process", "", "", "/srv/shop/current", "PWD", "127.0.0.1:9000", "wsgi:app"}},
		{"a process that shows a title only", "gunicorn: master [wsgi:app]", true, func(_ tree, unit *Unit, master *Process) {
			master.Titled, unit.Settings.App = true, "wsgi:app"
		}, want{"unit", "", "", "/srv/shop/releases/v1", "cwd", "127.0.0.1:9000", "wsgi:app"}},
		{"GUNICORN_CMD_ARGS", "/v/bin/gunicorn wsgi:app", true, func(_ tree, _ *Unit, master *Process) {
			master.FromEnvironment = gunicorn.Settings{Bind: []string{"127.0.0.1:7000"}}
		}, want{"process", "", "", "/srv/shop/releases/v1", "cwd", "127.0.0.1:7000", "wsgi:app"}},
		{"the command line wins over it", "/v/bin/gunicorn -b 127.0.0.1:6000 wsgi:app", true, func(_ tree, _ *Unit, master *Process) {
			master.FromEnvironment = gunicorn.Settings{Bind: []string{"127.0.0.1:7000"}}
		}, want{"process", "", "", "/srv/shop/releases/v1", "cwd", "127.0.0.1:6000", "wsgi:app"}},
		{"the file that Gunicorn takes unasked", "/v/bin/gunicorn", false, func(box tree, _ *Unit, _ *Process) {
			box.Files["/srv/shop/gunicorn.conf.py"] = "bind = '127.0.0.1:5000'\nwsgi_app = 'web:app'\nchdir = '/srv/shop/web'\n"
		}, want{"unit", "/srv/shop/gunicorn.conf.py", "", "/srv/shop/web", "chdir", "127.0.0.1:5000", "web:app"}},
		{"a file that is named", "/v/bin/gunicorn -c conf/g.py wsgi:app", false, func(box tree, _ *Unit, _ *Process) { box.Files["/srv/shop/conf/g.py"] = "bind = '127.0.0.1:5000'\n" }, want{"unit", "/srv/shop/conf/g.py", "", "/srv/shop", "WorkingDirectory", "127.0.0.1:5000", "wsgi:app"}},
		{"a file by its address", "/v/bin/gunicorn -c file:conf/g.py wsgi:app", false, func(box tree, _ *Unit, _ *Process) { box.Files["/srv/shop/conf/g.py"] = "bind = '127.0.0.1:5000'\n" }, want{"unit", "/srv/shop/conf/g.py", "", "/srv/shop", "WorkingDirectory", "127.0.0.1:5000", "wsgi:app"}},
		{"a module", "/v/bin/gunicorn -c python:conf.g wsgi:app", false, func(box tree, _ *Unit, _ *Process) {
			box.Files["/srv/shop/conf/__init__.py"], box.Files["/srv/shop/conf/g.py"] = "", "bind = '127.0.0.1:5000'\nchdir = '/srv/shop/web'\n"
		}, want{"unit", "/srv/shop/conf/g.py", "", "/srv/shop/web", "chdir", "127.0.0.1:5000", "wsgi:app"}},
		{"a module, of the process's environment", "/v/bin/gunicorn wsgi:app", true, func(box tree, _ *Unit, master *Process) {
			master.FromEnvironment = gunicorn.Settings{ConfigFile: "python:g"}
			box.Files["/opt/conf/g.py"] = "bind = '127.0.0.1:5000'\n"
			master.Shown = map[string]string{"PYTHONPATH": "/opt/conf"}
		}, want{"process", "/opt/conf/g.py", "", "/srv/shop/releases/v1", "cwd", "127.0.0.1:5000", "wsgi:app"}},
		{"a module that is nowhere", "/v/bin/gunicorn -c python:conf.g wsgi:app", false, nil, want{"unit", "", "unread", "/srv/shop", "WorkingDirectory", "", "wsgi:app"}},
		{"a file that is named and gone", "/v/bin/gunicorn -c conf/g.py wsgi:app", false, nil, want{"unit", "/srv/shop/conf/g.py", "unread", "/srv/shop", "WorkingDirectory", "", "wsgi:app"}},
		{"a file that computes the address", "/v/bin/gunicorn wsgi:app", false, func(box tree, _ *Unit, _ *Process) {
			box.Files["/srv/shop/gunicorn.conf.py"] = "import os\nbind = os.environ['WHERE']\n"
		}, want{"unit", "/srv/shop/gunicorn.conf.py", "", "/srv/shop", "WorkingDirectory", "", "wsgi:app"}},
		{"a file that may not be read", "/v/bin/gunicorn wsgi:app", false, func(box tree, _ *Unit, _ *Process) { box.Links["/srv/shop/gunicorn.conf.py"] = "/locked/g.py" }, want{"unit", "/srv/shop/gunicorn.conf.py", "unread", "/srv/shop", "WorkingDirectory", "", "wsgi:app"}},
	} {
		box := files("/srv/shop/wsgi.py", "/locked/g.py")
		box.Denied = []string{"/locked"}
		argv := strings.Fields(test.line)
		unit := Unit{Unit: systemd.Unit{Name: "shop.service", MainPID: 7, WorkingDirectory: "/srv/shop", ExecStart: [][]string{argv}}, Runs: []int{7}}
		unit.Settings = gunicorn.ParseArgv(argv)
		master := Process{Process: proc.Process{PID: 7, Argv: argv, Directory: "/srv/shop/releases/v1"}, SocketInodes: []uint64{1}}
		if test.with != nil {
			test.with(box, &unit, &master)
		}
		known := Facts{Target: Target{Unit: unit.Name}, Units: Of([]Unit{unit}, "")}
		known.Listeners = Of([]proc.Listener{{Address: netip.MustParseAddrPort("127.0.0.1:9000"), Inode: 1}}, "")
		if test.running {
			known.Processes = Of(Processes{Servers: []Server{{Master: master, Settings: gunicorn.ParseArgv(argv)}}}, "")
		}
		settings := gathered(t, box, known, (*look).readSettings).Settings.Value
		got := want{settings.From, settings.ConfigPath, string(settings.ConfigProblem), settings.Directory, settings.DirectoryVia, strings.Join(settings.Wanted, " "), settings.App}
		if got.problem != "" {
			got.problem = "unread"
		}
		if got != test.want {
			t.Errorf("%s:\n got %+v\nwant %+v", test.name, got, test.want)
		}
		imported := map[bool]string{true: "/srv/shop/wsgi.py"}[settings.App == "wsgi:app" && settings.Directory == "/srv/shop"]
		if (settings.ImportProblem == "") != (settings.App != "") || imported != "" && settings.Import.File != imported {
			t.Errorf("%s: imports %+v, problem %q", test.name, settings.Import, settings.ImportProblem)
		}
	}
	if known := gathered(t, files(), Facts{}, (*look).readSettings); known.Settings.Known || known.Settings.Problem == "" {
		t.Errorf("nothing runs: %+v", known.Settings)
	}
}

// TestWhichInterpreterRuns: by the script's first line where the command line has none.
func TestWhichInterpreterRuns(t *testing.T) {
	t.Parallel()
	box := files("/v/pyvenv.cfg", "/v/bin/python3", "/usr/bin/gunicorn")
	box.Files["/v/bin/gunicorn"] = "#!/v/bin/python3\nimport gunicorn\n"
	box.Files["/opt/bin/gunicorn"] = "#!/v/bin/python3\nimport gunicorn\n"
	for _, test := range []struct{ line, titled, interpreter, script, shebang, virtualenv string }{
		{"/v/bin/gunicorn wsgi:app", "", "/v/bin/gunicorn", "/v/bin/gunicorn", "/v/bin/python3", "/v"},
		{"/v/bin/python3 /v/bin/gunicorn wsgi:app", "", "/v/bin/python3", "/v/bin/gunicorn", "/v/bin/python3", "/v"},
		{"/opt/bin/gunicorn wsgi:app", "", "/opt/bin/gunicorn", "/opt/bin/gunicorn", "/v/bin/python3", "/v"},
		{"/v/bin/python3 -m gunicorn wsgi:app", "", "/v/bin/python3", "", "", "/v"},
		{"gunicorn wsgi:app", "", "gunicorn", "", "", ""},
		{"/usr/bin/gunicorn wsgi:app", "", "/usr/bin/gunicorn", "/usr/bin/gunicorn", "", ""},
		{"/opt/bin/gunicorn wsgi:app", "gunicorn: master [wsgi:app]", "/opt/bin/gunicorn", "/opt/bin/gunicorn", "/v/bin/python3", "/v"},
	} {
		unit := Unit{Unit: systemd.Unit{ExecStart: [][]string{strings.Fields(test.line)}}}
		main := Server{Master: Process{Process: proc.Process{Argv: strings.Fields(test.titled), Titled: true}}}
		var settings Settings
		lookAt(box).readInterpreter(t.Context(), &settings, unit, main, test.titled != "")
		if settings.Interpreter != test.interpreter || settings.Script != test.script || settings.Shebang != test.shebang || settings.Virtualenv != test.virtualenv {
			t.Errorf("%s: %q, script %q, shebang %q, virtualenv %q", test.line, settings.Interpreter, settings.Script, settings.Shebang, settings.Virtualenv)
		}
	}
}

// TestWhoNamedThePaths: the account of the process, never root, and anybody where that is
// not known.
func TestWhoNamedThePaths(t *testing.T) {
	t.Parallel()
	running := born("session-1.scope", 7)
	running.Master.Users.Real, running.Master.Users.Effective = 33, 0
	known := Facts{Target: Target{PID: 7}, Processes: Of(Processes{Servers: []Server{running}}, "")}
	if named := known.processNamers(); named.Anybody || len(named.Users) != 1 || named.Users[0] != 33 {
		t.Errorf("%+v", named)
	}
	known.Processes.Value.Servers[0].Master.Unreadable = map[string]string{"uid": "not allowed"}
	if named := known.processNamers(); !named.Anybody {
		t.Errorf("unread: %+v", named)
	}
	if named := new(Facts).processNamers(); named.Anybody || len(named.Users) != 0 {
		t.Errorf("nothing runs: %+v", named)
	}
}
