package facts

import (
	"strings"
	"testing"

	"flasktui/sys/appserver"
	"flasktui/sys/memory"
	"flasktui/sys/proc"
)

// TestWhereAnotherServerImportsFrom: each by what decides it (Python(1), uvicorn's --app-dir).
func TestWhereAnotherServerImportsFrom(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		settings Settings
		line     string
		stands   string
		want     string
	}{
		{"a script by its path", Settings{Kind: appserver.Python}, "python3 /srv/shop/current/app.py", "/", "/srv/shop/current by script"},
		{"a relative script", Settings{Kind: appserver.Python}, "python3 app.py", "/srv/shop/releases/v2", "/srv/shop/releases/v2 by cwd"},
		{"a module", Settings{Kind: appserver.Python}, "python3 -m shop", "/srv/shop", "/srv/shop by cwd"},
		{"a server's own script", Settings{Kind: appserver.Waitress}, "python3 /usr/bin/waitress-serve wsgi:app", "/srv/shop", "/srv/shop by cwd"},
		{"uvicorn", Settings{Kind: appserver.Uvicorn}, "python3 -m uvicorn wsgi:app", "/srv/shop", "/srv/shop by cwd"},
		{"uvicorn is told", Settings{Kind: appserver.Uvicorn}, "python3 -m uvicorn --app-dir web wsgi:app", "/srv/shop", "/srv/start/web by app-dir"},
		{"it does not run", Settings{Kind: appserver.Waitress}, "", "", "/srv/unit by WorkingDirectory"},
	} {
		main := Server{Master: Process{Process: proc.Process{Argv: strings.Fields(test.line), Directory: test.stands}}}
		if strings.Contains(test.line, "--app-dir") {
			test.settings.PythonPath = []string{"web"}
		}
		unit := Unit{}
		unit.Name, unit.WorkingDirectory = "shop.service", "/srv/unit"
		known := Facts{Target: Target{Unit: "shop.service"}, Units: Of([]Unit{unit}, "")}
		test.settings.decideOthersDirectory(&known, main, "/srv/start")
		if got := test.settings.Directory + " by " + test.settings.DirectoryVia; got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
		if elsewhere := strings.HasSuffix(test.want, "script") || strings.HasSuffix(test.want, "app-dir"); test.settings.ImportsElsewhere() != elsewhere {
			t.Errorf("%s: it imports elsewhere: %v", test.name, !elsewhere)
		}
	}
}

// TestWhichAppFlaskRuns where none is named on the command line (flask run --help).
func TestWhichAppFlaskRuns(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, file, want string }{
		{"wsgi.py", "/srv/shop/wsgi.py", "wsgi"},
		{"app.py", "/srv/shop/app.py", "app"},
		{"neither", "/srv/shop/shop.py", ""},
	} {
		main := Server{Kind: appserver.Flask}
		main.Master.PID, main.Master.Directory, main.Master.Cgroup.Unit = 20, "/srv/shop", "shop.service"
		known := Facts{Target: Target{Service: "pid:20", PID: 20}, Processes: Of(Processes{Servers: []Server{main}}, "")}
		settings := Settings{Kind: appserver.Flask}
		lookAt(memory.Machine{Files: map[string]string{test.file: ""}}).findFlaskApp(t.Context(), &settings, &known)
		if settings.App != test.want {
			t.Errorf("%s: %q", test.name, settings.App)
		}
	}
}

// TestAScriptThatNamesAServer is read as the process's user may read it.
func TestAScriptThatNamesAServer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, line, directory, container string
		want                             bool
	}{
		{"by its path", "python3 /srv/shop/app.py", "", "", true},
		{"from where it stands", "python3 app.py", "/srv/shop", "", true},
		{"where it stands is not known", "python3 app.py", "", "", false},
		{"another script", "python3 mail.py", "/srv/shop", "", false},
		{"one that is gone", "python3 gone.py", "/srv/shop", "", false},
		{"no script", "python3 -m shop", "/srv/shop", "", false},
		{"in a container", "python3 /srv/shop/app.py", "", "a", false},
	} {
		box := memory.Machine{Files: map[string]string{"/srv/shop/app.py": "from flask import Flask\n", "/srv/shop/mail.py": "import smtplib\n"}}
		process := Process{Process: proc.Process{Argv: strings.Fields(test.line), Directory: test.directory, Cgroup: proc.Cgroup{Container: test.container}}}
		if got := lookAt(box).namesServer(t.Context(), process); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
