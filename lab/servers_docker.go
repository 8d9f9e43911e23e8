package lab

import "strings"

// Containers in which another server than Gunicorn runs. Their image has what the box's own
// packages install.
const serversImage = `systemctl start docker; docker import ` + dockerRootIn + ` pybase > /dev/null
mkdir /root/servers; cd /root/servers
{ dpkg -L python3-waitress python3-uvicorn python3-h11 python3-click uwsgi-core uwsgi-plugin-python3
ldd /usr/bin/uwsgi-core /usr/lib/uwsgi/plugins/python3*_plugin.so | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | sed 's#^/lib/#/usr/lib/#'
} | sort -u | while read -r file; do test -d "$file" || echo "$file"; done | tar -c -h -f files.tar -T - 2> /dev/null
printf 'FROM pybase\nADD files.tar /\n' > Dockerfile; docker build -q -t servers . > /dev/null`

// containerRun are the words that a container runs, for a Dockerfile.
func containerRun(command string) string {
	return `["` + strings.Join(strings.Fields(command), `", "`) + `"]`
}

// servedIn has a site's container run a command.
func servedIn(s Site, command string) Site {
	file := "/srv/" + s.Name + "/Dockerfile"
	s.Files[file] = "FROM servers\nWORKDIR /app\nCOPY . /app\nCMD " + containerRun(command) + "\n"
	s.First, s.Bare = sh(serversImage), true
	return s.layered()
}

const (
	waitressIn   = "waitress-serve --listen=0.0.0.0:8000 wsgi:app"
	uvicornIn    = "python3 -m uvicorn --interface wsgi --host 0.0.0.0 --port 8000 wsgi:app"
	uvicornTwo   = "python3 -m uvicorn --interface wsgi --workers 2 --host 0.0.0.0 --port 8000 wsgi:app"
	uwsgiIn      = "uwsgi-core --plugin python313 --http-socket 0.0.0.0:8000 --master --processes 2 --die-on-term --module wsgi:app"
	programIn    = "python3 wsgi.py"
	flaskDebugIn = "flask --app wsgi run --debug --host 0.0.0.0 --port 8000"
	programTail  = "\n\nif __name__ == \"__main__\":\n    app.run(host=\"0.0.0.0\", port=8000)\n"
)

// asProgram has a site's module be a program.
func asProgram(s *Site) { s.App.Tail = programTail }

// otherServersIn are the boxes with such containers, healthy at first.
func otherServersIn() []Fault {
	built := acts(deploy, sh(`cd {{.Base}}; docker compose build -q`))
	recreate := func(name string, s Site) Fault {
		return Fault{Name: name, Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Site: s, Break: deploy}
	}
	restarts := func(name string, s Site) Fault {
		return Fault{Name: name, Verdict: stale, Cause: "service-not-restarted", Fix: "restart", Lacking: []string{"hup"}, Site: s, Break: deploy}
	}
	// uWSGI reloads what is mounted as well.
	uwsgiMounted := restarts("uwsgi-in-container-mounted", servedIn(mounted("bulrush", "web", "127.0.0.1:8071"), uwsgiIn))
	uwsgiMounted.Lacking = nil
	return []Fault{
		recreate("waitress-in-container", servedIn(composed("osier", "web", "127.0.0.1:8071"), waitressIn)),
		recreate("uvicorn-in-container", servedIn(composed("rush", "api", "127.0.0.1:8071"), uvicornIn).with(byURL)),
		recreate("uwsgi-in-container", servedIn(composed("sedge", "web", "127.0.0.1:8071"), uwsgiIn)),
		recreate("program-in-container", servedIn(composed("withy", "app", "127.0.0.1:8071"), programIn).with(asProgram)),
		restarts("waitress-in-container-mounted", servedIn(mounted("alder", "web", "127.0.0.1:8071"), waitressIn)),
		restarts("uvicorn-workers-in-container-mounted", servedIn(mounted("aspen", "web", "127.0.0.1:8071"), uvicornTwo)),
		uwsgiMounted,
		{
			Name: "waitress-in-container-built", Verdict: stale, Cause: "container-stale", Fix: "docker-up", Break: built,
			Site: servedIn(composed("teasel", "web", "127.0.0.1:8071"), waitressIn).with(func(s *Site) { s.Bare = false }),
		},
		{
			Name: "waitress-in-container-fails", Verdict: down, Cause: "service-failed", Tells: []string{"flask_not_installed"},
			Site:  servedIn(composed("tansy", "web", "127.0.0.1:8071"), waitressIn),
			Break: acts(deploy, sh(`cd {{.Base}}; echo 'import flask_not_installed' >> wsgi.py; docker compose up -d --build; sleep 3`)),
			Cure:  acts(sh(`cd {{.Base}}; sed -i '$d' wsgi.py; docker compose up -d --build`), answers),
		},
		{
			// It starts what serves anew by itself.
			Name: "healthy-flask-debug-in-container", Verdict: fresh,
			Site: servedIn(mounted("yarrow", "web", "127.0.0.1:8071"), flaskDebugIn), Break: acts(deploy, serving("edition", "harvest"), answers),
		},
		{
			Name: "lone-waitress-built", Verdict: stale, Cause: "container-stale", Break: acts(deploy, sh(dockerBuild)), Cure: acts(sh(dockerAnew), answers),
			Site: servedIn(ran("burdock", "127.0.0.1:8071", dockerAnew), waitressIn),
		},
		{
			Name: "lone-program-built", Verdict: stale, Cause: "container-stale", Break: acts(deploy, sh(dockerBuild)), Cure: acts(sh(dockerAnew), answers),
			Site: servedIn(ran("comfrey", "127.0.0.1:8071", dockerAnew), programIn).with(asProgram).with(byURL),
		},
	}
}
