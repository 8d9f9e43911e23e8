package facts

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"flasktui/sys/appserver"
	"flasktui/sys/proc"
)

// kindsOf are processes by what their own command lines say.
func kindsOf(processes []Process) map[int]appserver.Kind {
	kinds := map[int]appserver.Kind{}
	for _, one := range processes {
		if server, ok := appserver.Of(one.Argv); ok {
			kinds[one.PID] = server.Kind
		}
	}
	return kinds
}

// TestOtherServersAndTheirProcesses: who serves with whom, and whether the parent can have
// imported the app for its children.
func TestOtherServersAndTheirProcesses(t *testing.T) {
	t.Parallel()
	process := func(pid, parent int, argv ...string) Process {
		one := Process{Shown: map[string]string{}}
		one.Process = proc.Process{PID: pid, PPID: parent, Argv: argv}
		return one
	}
	reloaded := func(one Process) Process {
		one.Shown["WERKZEUG_RUN_MAIN"] = "true"
		return one
	}
	spawn := []string{"/usr/bin/python3", "-c", "from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5, pipe_handle=7)", "--multiprocessing-fork"}
	for name, test := range map[string]struct {
		kind      appserver.Kind
		processes []Process
		workers   []int
		preload   string
		wanted    int
	}{
		"Waitress, and what the app forked": {
			appserver.Waitress,
			[]Process{process(7, 1, "python3", "/usr/bin/waitress-serve", "wsgi:app"), process(8, 7, "python3", "/usr/bin/waitress-serve", "wsgi:app")},
			nil, "no", 0,
		},
		"uvicorn alone":        {appserver.Uvicorn, []Process{process(7, 1, "python3", "-m", "uvicorn", "wsgi:app")}, nil, "no", 0},
		"uvicorn with workers": {appserver.Uvicorn, []Process{process(7, 1, "python3", "-m", "uvicorn", "--workers", "2", "wsgi:app"), process(8, 7, spawn...), process(9, 7, spawn...)}, []int{8, 9}, "no", 2},
		"uvicorn reloads":      {appserver.Uvicorn, []Process{process(7, 1, "python3", "-m", "uvicorn", "--reload", "wsgi:app"), process(8, 7, spawn...)}, []int{8}, "no", 1},
		"Hypercorn":            {appserver.Hypercorn, []Process{process(7, 1, "python3", "/usr/bin/hypercorn", "wsgi:app"), process(8, 7, spawn...)}, []int{8}, "no", 1},
		"flask run":            {appserver.Flask, []Process{process(7, 1, "/usr/bin/python3", "/usr/bin/flask", "run")}, nil, "no", 0},
		"flask run reloads": {
			appserver.Flask,
			[]Process{process(7, 1, "/v/bin/python3", "/v/bin/flask", "run", "--debug"), reloaded(process(8, 7, "/usr/bin/python3", "/v/bin/flask", "run", "--debug"))},
			[]int{8},
			"no", 1,
		},
		"a program that reloads": {
			appserver.Python,
			[]Process{process(7, 1, "python3", "app.py"), reloaded(process(8, 7, "/usr/bin/python3", "app.py"))},
			[]int{8},
			"no", 1,
		},
		"a program that forks": {appserver.Python, []Process{process(7, 1, "python3", "serve.py"), process(8, 7, "python3", "serve.py")}, []int{8}, "not known", 0},
		"uWSGI":                {appserver.UWSGI, []Process{process(7, 1, "uwsgi", "--master", "-w", "wsgi:app"), process(8, 7, "uwsgi", "--master", "-w", "wsgi:app")}, []int{8}, "not known", 0},
	} {
		kinds := map[int]appserver.Kind{}
		for _, one := range test.processes {
			kinds[one.PID] = test.kind
		}
		got := assemble(test.processes, kinds)
		if len(got) != 1 {
			t.Fatalf("%s: %d servers", name, len(got))
		}
		var workers []int
		for _, worker := range got[0].Workers {
			workers = append(workers, worker.PID)
		}
		preload := "not known"
		if on, known := got[0].Settings.Preloads(); known {
			preload = map[bool]string{true: "yes", false: "no"}[on]
		}
		if !slices.Equal(workers, test.workers) || preload != test.preload || got[0].Wanted(got[0].Settings) != test.wanted {
			t.Errorf("%s: workers %v, preload %s, wanted %d", name, workers, preload, got[0].Wanted(got[0].Settings))
		}
	}
}

// TestWhatIsAService: a Python program that listens is a site's server where something says so.
func TestWhatIsAService(t *testing.T) {
	t.Parallel()
	daemon := Server{Kind: appserver.Python}
	if known := (&Facts{}); known.IsService(daemon) || !known.IsService(Server{Kind: appserver.Waitress}) || !known.IsService(Server{Kind: appserver.Python, Serves: true}) {
		t.Error("a daemon that merely listens is taken for a site's server, or a server is not")
	}
	for text, want := range map[string][2]bool{
		"from flask import Flask\napp = Flask(__name__)\napp.run()\n":           {true, true},
		"import flask\nqueue.work()\n":                                          {true, false},
		"from waitress import serve\nfrom shop import app\nserve(app)\n":        {true, true},
		"from gevent.pywsgi import WSGIServer\nWSGIServer(x, app).start()\n":    {true, true},
		"import salt.scripts\nsalt.scripts.salt_master()\n":                     {false, false},
		"# from flask import Flask\nrun()\n":                                    {false, false},
		"import flask_migrate\nx.run()\n":                                       {false, false},
		"class Server(gunicorn.app.base.BaseApplication):\n  pass\n":            {false, false},
		"import gunicorn.app.base\nclass S(gunicorn.app.base.BaseApplication):": {true, true},
	} {
		if got := [2]bool{importsServer(text), handsToServer(text)}; got != want {
			t.Errorf("%q: %v", strings.Split(text, "\n"), fmt.Sprint(got))
		}
	}
}

// TestTheScriptIsReadAsItsUser: its name stands in a command line that the process's user chose.
func TestTheScriptIsReadAsItsUser(t *testing.T) {
	t.Parallel()
	of := func(user int) Process {
		return Process{Process: proc.Process{Users: proc.UserIDs{Real: user, Effective: user, Saved: user, FileSystem: user}}}
	}
	unread := of(0)
	unread.Unreadable = map[string]string{"uid": "may not be read"}
	if got := namersOf(of(1000)); !slices.Equal(got.Users, []uint32{1000}) || got.Anybody {
		t.Errorf("a user's: %+v", got)
	}
	if got := namersOf(of(0)); len(got.Users) > 0 || got.Anybody {
		t.Errorf("root's: %+v", got)
	}
	if got := namersOf(unread); !got.Anybody {
		t.Errorf("whose is not known: %+v", got)
	}
}
