package lab

import (
	"context"
	"strings"
)

// Sites that something else than Gunicorn's own command serves.

// servedUnit runs one command, whatever that is.
const servedUnit = `[Service]
Type=exec
User={{.User}}
{{with .Runtime}}RuntimeDirectory={{.}}
{{end}}WorkingDirectory={{.WorkDir}}
ExecStart={{index .Gunicorn 0}}
{{range .Service}}{{.}}
{{end}}
[Install]
WantedBy=multi-user.target
`

// served has a site run by a command, and flasktui find it by itself.
func served(s Site, command string) Site {
	s.UnitText, s.Gunicorn, s.Bare = servedUnit, []string{command}, true
	return s.layered()
}

// program is a site whose module is started as a program, with what that does in the end.
func program(s Site, tail string) Site {
	s.App.Tail = "\n\nif __name__ == \"__main__\":\n" + tail
	return served(s, "/usr/bin/python3 {{.Live}}/wsgi.py")
}

// supervisedWaitress is a program of supervisord's, beside a Gunicorn.
func supervisedWaitress(name string) Site {
	s := supervised(name, "127.0.0.1:8000")
	section := "/etc/supervisor/conf.d/" + name + ".conf"
	s.Files[section] = strings.Replace(s.Files[section], "{{.Exec}}", waitressServe, 1)
	return s.layered()
}

// startServedAgain ends a Waitress and starts it again as it was started.
func startServedAgain(ctx context.Context, c *Case) error {
	return acts(sh(`pkill -KILL -f '[b]in/waitress-serve'; while pgrep -f '[b]in/waitress-serve' > /dev/null; do sleep 0.05; done`), sh(c.Hand), answers)(ctx, c)
}

// flaskMounted is a container with its source mounted in which Flask's own server runs.
func flaskMounted(name, service, bind string) Site {
	s := mounted(name, service, bind)
	file := "/srv/" + name + "/Dockerfile"
	from, _, _ := strings.Cut(s.Files[file], "CMD")
	s.Files[file] = from + "CMD [\"/usr/bin/flask\", \"--app\", \"wsgi\", \"run\", \"--host\", \"0.0.0.0\", \"--port\", \"8000\"]\n"
	return s
}

// programMounted is the same with the app's module as the program.
func programMounted(name, service, bind string) Site {
	s := flaskMounted(name, service, bind)
	file := "/srv/" + name + "/Dockerfile"
	from, _, _ := strings.Cut(s.Files[file], "CMD")
	s.Files[file] = from + "CMD [\"/usr/bin/python3\", \"wsgi.py\"]\n"
	s.App.Tail = "\n\nif __name__ == \"__main__\":\n    app.run(host=\"0.0.0.0\", port=8000)\n"
	return s
}

// at has a site listen there.
func at(bind string) func(*Site) { return func(s *Site) { s.Bind = bind } }

// stood has a site's process stand somewhere else than its code is.
func stood(directory string) func(*Site) { return func(s *Site) { s.Work = directory } }

const (
	waitressServe = "/usr/bin/waitress-serve --listen={{.Bind}} {{.Main}}"
	uvicornServe  = "/usr/bin/python3 -m uvicorn --interface wsgi "
	hypercorn     = "/usr/bin/hypercorn --bind {{.Bind}} {{.Main}}"
	uwsgiServe    = "/usr/bin/uwsgi --plugin python3 --http-socket {{.Bind}} --master --processes 2 --die-on-term --module {{.Main}}"
	flaskRun      = "/usr/bin/flask --app wsgi run "

	appRun   = "    app.run(host=\"127.0.0.1\", port=8000)\n"
	appDebug = "    app.run(host=\"127.0.0.1\", port=8000, debug=True)\n"
	byGevent = "    from gevent.pywsgi import WSGIServer\n    WSGIServer((\"127.0.0.1\", 8000), app).serve_forever()\n"
	// byLibrary starts Gunicorn as its documentation has it for an app of one's own.
	byLibrary = `    from gunicorn.app.base import BaseApplication

    class Site(BaseApplication):
        def load_config(self):
            self.cfg.set("bind", "127.0.0.1:8000")
            self.cfg.set("workers", 2)

        def load(self):
            return app

    Site().run()
`
)

// serverFaults are deploys after which a server of another kind was not restarted. Each is a
// healthy box first.
func serverFaults() []Fault {
	const notRestarted = "service-not-restarted"
	noNginx := func(s *Site) {
		s.Listen, s.Conf, s.Args = "127.0.0.1:8000", map[string]string{}, []string{"--url", "http://127.0.0.1:8000/"}
	}
	named := func(s *Site) { s.Bare = false }
	stays := func(name string, site Site) Fault {
		return Fault{Name: name, Verdict: stale, Cause: notRestarted, Fix: "restart", Lacking: []string{"hup"}, Site: site, Break: deploy}
	}
	return []Fault{
		stays("waitress-not-restarted", served(linked("orchard"), waitressServe).with(at("127.0.0.1:8000"))),
		stays("waitress-without-nginx", served(linked("hedge"), waitressServe).with(at("127.0.0.1:8000")).with(noNginx)),
		stays("uvicorn-not-restarted", served(linked("heath"), uvicornServe+"--port 8000 {{.Main}}").with(at("127.0.0.1:8000")).with(named)),
		stays("uvicorn-workers-not-restarted", served(linked("moor"), uvicornServe+"--workers 2 --uds {{.Socket}} {{.Main}}")),
		stays("hypercorn-not-restarted", served(linked("fen"), hypercorn).with(at("127.0.0.1:8000"))),
		{
			// A HUP would go to the directory that it was started in.
			Name: "uwsgi-not-restarted", Verdict: stale, Cause: notRestarted, Fix: "restart", Refused: []string{"hup"},
			Site: served(linked("dale"), uwsgiServe).with(at("127.0.0.1:8000")), Break: deploy,
		},
		stays("flask-run-not-restarted", served(linked("glen"), flaskRun+"--port 8000").with(at("127.0.0.1:8000"))),
		stays("flask-run-copied", served(copied("ford", "127.0.0.1:8000"), "/usr/bin/flask --app '{{.Main}}' run --port 8000").with(named)),
		stays("python-program-not-restarted", program(linked("copse"), appRun).with(at("127.0.0.1:8000"))),
		stays("python-program-without-nginx", program(checkout("thicket", "127.0.0.1:8000"), appRun).with(noNginx)),
		stays("gevent-not-restarted", program(linked("marsh"), byGevent).with(at("127.0.0.1:8000")).with(named)),
		stays("gunicorn-as-library", program(linked("quarry"), byLibrary).with(at("127.0.0.1:8000"))),
		stays("uvicorn-app-dir-not-restarted", served(linked("tarn"), uvicornServe+"--app-dir {{.Live}} --port 8000 {{.Main}}").with(at("127.0.0.1:8000")).with(stood("/"))),
		stays("flask-run-by-file", served(linked("dell"), "/usr/bin/flask --app {{.Live}}/wsgi.py run --port 8000").with(at("127.0.0.1:8000")).with(stood("/"))),
		stays("flask-run-by-environment", served(linked("holt"), "/usr/bin/flask run --port 8000").with(at("127.0.0.1:8000")).with(stood("/var/lib")).with(func(s *Site) {
			s.Service = []string{"Environment=FLASK_APP={{.Live}}/wsgi.py:app"}
		})),
		stays("hypercorn-configured", served(linked("hurst"), "/usr/bin/hypercorn -c /etc/hurst.toml {{.Main}}").with(at("127.0.0.1:8000")).with(func(s *Site) {
			s.Files = map[string]string{"/etc/hurst.toml": "bind = [\"127.0.0.1:8000\"]\nworkers = 2\n"}
		})),
		stays("python-program-below", program(checkout("shaw", "127.0.0.1:8000"), appRun).with(stood("/opt")).with(func(s *Site) { s.Gunicorn[0] = "/usr/bin/python3 {{.Name}}/wsgi.py" })),
		stays("python-program-stands-elsewhere", program(linked("beck"), appRun).with(at("127.0.0.1:8000")).with(stood("/var/lib"))),
		{
			// The unit names the script in a release, and not by the link.
			Name: "python-program-pinned", Verdict: stale, Cause: "unit-points-to-old-path",
			Site:  program(linked("clough"), appRun).with(at("127.0.0.1:8000")).with(stood("/")).with(func(s *Site) { s.Gunicorn[0] = "/usr/bin/python3 {{.Dir 0}}/wsgi.py" }),
			Break: acts(deploy, restart), Cure: acts(sh(`sed -i 's#{{.Dir 0}}#{{.Live}}#' {{.UnitPath}}; systemctl daemon-reload`), restart),
		},
		// Nothing starts it again: it is named, and left alone.
		{
			Name: "waitress-by-hand-not-restarted", Verdict: stale, Cause: notRestarted, Cure: startServedAgain, Break: deploy,
			Site: unmanaged("fold", "127.0.0.1:8000", asItsUser+"setsid /usr/bin/waitress-serve --listen={{.Bind}} {{.Main}} > /dev/null 2>&1 &").layered(),
		},
		{
			Name: "waitress-supervised-not-restarted", Verdict: stale, Cause: notRestarted, Fix: "restart", Break: deploy,
			Site: supervisedWaitress("byre"),
		},
		// A reloader watches the files that were imported, and those of the old release stay.
		stays("flask-debug-link-switched", served(linked("ridge"), flaskRun+"--debug --port 8000").with(at("127.0.0.1:8000"))),
	}
}

// healthyServers are well, with what looks as if it were a server beside them.
func healthyServers() []Fault {
	reloads := acts(deploy, serving("edition", "harvest"), answers)
	return []Fault{
		{
			Name: "healthy-flask-debug", Verdict: fresh, Break: reloads,
			Site: served(checkout("knoll", "127.0.0.1:8000"), flaskRun+"--debug --port 8000"),
		},
		{
			Name: "healthy-python-debug", Verdict: fresh, Break: reloads,
			Site: program(checkout("brook", "127.0.0.1:8000"), appDebug),
		},
		{
			Name: "healthy-uvicorn-reload", Verdict: fresh, Break: reloads,
			Site: served(checkout("shire", "127.0.0.1:8000"), uvicornServe+"--reload --port 8000 {{.Main}}"),
		},
		{
			// Where it stands is an old release; what it was told to run is not.
			Name: "healthy-program-stands-in-old", Verdict: fresh, Break: acts(deploy, restart),
			Site: program(linked("gill"), appRun).with(at("127.0.0.1:8000")).with(stood("{{.Dir 0}}")),
		},
		{
			// Daemons in Python that listen are no services of the site's.
			Name: "healthy-waitress-beside-daemons", Verdict: fresh,
			Site: served(linked("lea"), waitressServe).with(at("127.0.0.1:8000")),
			Break: acts(deploy, restart, sh(`systemd-run --quiet --unit=notebook python3 -m http.server 8899 --bind 127.0.0.1
systemctl start supervisor
until curl -s -o /dev/null http://127.0.0.1:8899/; do sleep 0.05; done`)),
		},
	}
}
