package lab

import "strings"

// Sites that uWSGI serves, by the ways in which people tell it what to do.

const (
	// uwsgiINI is what most write: the master loads the app, and Nginx speaks uwsgi to it.
	uwsgiINI = `[uwsgi]
plugins = python3
chdir = {{.Live}}
module = {{.Main}}
master = true
processes = 2
socket = {{.Socket}}
chmod-socket = 666
die-on-term = true
need-app = true
`
	uwsgiConf = `server {
    listen 80;
    server_name {{.Server}};

    location /static/ {
        alias {{.Live}}/{{.StaticDir}}/;
    }

    location / {
        include uwsgi_params;
        uwsgi_pass {{.Bind}};
    }
}
`
)

// uwsgiSite has its configuration in a file, and Nginx speak the uwsgi protocol.
func uwsgiSite(s Site, file, text string) Site {
	s = served(s, "/usr/bin/uwsgi /etc/uwsgi/"+s.Name+"."+file)
	s.Service = append(s.Service, "Type=notify", "NotifyAccess=all")
	s.Files = map[string]string{"/etc/uwsgi/" + s.Name + "." + file: text}
	s.Conf = map[string]string{"conf.d/" + s.Name + ".conf": uwsgiConf}
	return s
}

// uwsgiTold is the usual one with further lines.
func uwsgiTold(name string, lines ...string) Site {
	return uwsgiSite(linked(name), "ini", uwsgiINI+strings.Join(lines, "\n")+"\n")
}

// uwsgiPulled is the same of a checkout.
func uwsgiPulled(name string, lines ...string) Site {
	return uwsgiSite(checkout(name, "unix:/run/"+name+"/"+name+".sock"), "ini", uwsgiINI+strings.Join(lines, "\n")+"\n")
}

// withFile has an empty file on the box.
func withFile(name string) func(*Site) { return func(s *Site) { s.Files[name] = "" } }

// routed has a process of uWSGI's own take requests of HTTP.
func routed(s *Site) {
	s.Bind, s.Conf = "127.0.0.1:8000", nil
	file := "/etc/uwsgi/" + s.Name + ".ini"
	s.Files[file] = strings.NewReplacer("socket = {{.Socket}}", "http = {{.Bind}}", "plugins = python3", "plugins = python3,http").Replace(s.Files[file])
}

// supervisedUWSGI is a program of supervisord's.
func supervisedUWSGI(name string) Site {
	s := supervised(name, "127.0.0.1:8000")
	section := "/etc/supervisor/conf.d/" + name + ".conf"
	s.Files[section] = strings.Replace(s.Files[section], "{{.Exec}}", "/usr/bin/uwsgi --ini /etc/uwsgi/"+name+".ini", 1)
	s.Files["/etc/uwsgi/"+name+".ini"] = strings.Replace(uwsgiINI, "{{.Socket}}", "{{.Bind}}", 1)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": uwsgiConf}
	return s.layered()
}

// vassal is one of two apps that an emperor starts by their files.
func vassal(name, command string) Site {
	s := served(linked(name), command)
	s.Service = []string{"Type=notify", "NotifyAccess=all", "KillSignal=SIGINT"}
	s.Files = map[string]string{
		"/etc/uwsgi/vassals/" + name + ".ini": uwsgiINI,
		"/etc/uwsgi/vassals/other.ini":        strings.NewReplacer("{{.Live}}", "/srv/other", "{{.Main}}", "other", "{{.Socket}}", "/run/{{.Name}}/other.sock").Replace(uwsgiINI),
		"/srv/other/other.py":                 "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'other']\n",
	}
	s.Conf = map[string]string{"conf.d/" + name + ".conf": uwsgiConf}
	s.Args = []string{"--url", "http://" + name + ".example/"}
	return s
}

// uwsgiInitScript starts a uWSGI as Debian's script does: two files, and in the background.
const uwsgiInitScript = `#!/bin/sh
### BEGIN INIT INFO
# Provides: inkpen
# Required-Start: $local_fs
# Required-Stop: $local_fs
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
### END INIT INFO
export UWSGI_DEB_CONFNAMESPACE=app UWSGI_DEB_CONFNAME=inkpen
case "$1" in
start) install -d -o {{.User}} /run/inkpen
	start-stop-daemon --start --quiet --pidfile /run/inkpen/pid --exec /usr/bin/uwsgi-core -- --ini /etc/uwsgi/inkpen.ini --uid {{.User}} --umask 022 --pidfile /run/inkpen/pid --daemonize /var/log/inkpen.log ;;
stop) start-stop-daemon --stop --quiet --retry QUIT/10/KILL/5 --pidfile /run/inkpen/pid --exec /usr/bin/uwsgi-core ;;
restart) $0 stop; $0 start ;;
esac
`

// uwsgiHUP has the master reload.
const uwsgiHUP = `systemctl kill --kill-whom=main -s HUP {{.Unit}}`

func uwsgiFaults() []Fault {
	const notRestarted = "service-not-restarted"
	stays := func(name, fix string, site Site, further ...Act) Fault {
		return Fault{Name: name, Verdict: stale, Cause: notRestarted, Fix: fix, Chosen: fix == "hup", Site: site, Break: acts(append([]Act{deploy}, further...)...)}
	}
	return []Fault{
		stays("uwsgi-ini-not-restarted", "restart", uwsgiTold("uplands")),
		stays("uwsgi-ini-reloaded-by-fix", "hup", uwsgiTold("upnor")),
		{
			// It has reloaded before, under the same process id; not since.
			Name: "uwsgi-reloaded-before-deploy", Verdict: stale, Cause: notRestarted, Fix: "restart", Site: uwsgiTold("upton"),
			Break: acts(sh(uwsgiHUP+"; sleep 3"), answers, deploy),
		},
		// A worker that died was made again from the master, old code included.
		stays("uwsgi-worker-died", "hup", uwsgiTold("upwey"), sh(`kill -KILL $(pgrep -P $(systemctl show -P MainPID {{.Unit}}) | head -1); sleep 2`), answers),
		stays("uwsgi-lazy-apps-not-restarted", "hup", uwsgiTold("lazenby", "lazy-apps = true")),
		{
			// Each worker loads the app by itself, so that one that died has the new code.
			Name: "uwsgi-lazy-worker-died", Verdict: mixed, Cause: "mixed-workers", Fix: "restart", Site: uwsgiPulled("lazonby", "lazy-apps = true"),
			Break: acts(deploy, sh(`kill -KILL $(pgrep -P $(systemctl show -P MainPID {{.Unit}}) | head -1); sleep 2`), answers), Was: "harvest,spring",
		},
		{
			// The master stands in the release from before, and lets each new worker import there.
			Name: "uwsgi-chain-reloaded-in-old-release", Verdict: stale, Cause: notRestarted, Fix: "restart",
			Site:  uwsgiTold("chaldon", "lazy-apps = true", "touch-chain-reload = /srv/chaldon.reload").with(withFile("/srv/chaldon.reload")),
			Break: acts(deploy, sh(`sleep 1; touch /srv/chaldon.reload; sleep 4`), answers),
		},
		{
			// The emperor keeps two; only one was deployed.
			Name: "uwsgi-emperor-not-touched", Verdict: stale, Cause: notRestarted, Fix: "hup", Break: deploy, Site: vassal("emley", "/usr/bin/uwsgi --emperor /etc/uwsgi/vassals"),
		},
		{
			Name: "uwsgi-emperor-by-file", Verdict: stale, Cause: notRestarted, Fix: "hup", Break: deploy,
			Site: vassal("emneth", "/usr/bin/uwsgi --ini /etc/uwsgi/emperor.ini").with(func(s *Site) {
				s.Files["/etc/uwsgi/emperor.ini"] = "[uwsgi]\nmaster = true\nemperor = /etc/uwsgi/vassals\n"
			}),
		},
		// Layouts as strangers have them.
		stays("uwsgi-file-beside", "restart", uwsgiTold("besford").with(stood("/etc/uwsgi")).with(func(s *Site) { s.Gunicorn[0] = "/usr/bin/uwsgi --ini besford.ini" })),
		stays("uwsgi-started-by-root", "hup", uwsgiTold("rooksbridge", "uid = web", "gid = web", "vacuum = true").with(func(s *Site) {
			s.UnitText = strings.Replace(s.UnitText, "User={{.User}}\n", "", 1)
			s.Files["/run/rooksbridge/keep"] = ""
			s.Bind = "127.0.0.1:3031"
			s.Files["/etc/uwsgi/rooksbridge.ini"] = strings.Replace(s.Files["/etc/uwsgi/rooksbridge.ini"], "{{.Socket}}", "{{.Bind}}", 1)
			s.Conf["conf.d/rooksbridge.conf"] = "upstream behind { server {{.Bind}}; }\n" + strings.Replace(uwsgiConf, "uwsgi_pass {{.Bind}}", "uwsgi_pass behind", 1)
		})),
		stays("uwsgi-three-slashes", "restart", uwsgiTold("slough").with(func(s *Site) {
			s.Conf["conf.d/slough.conf"] = strings.Replace(uwsgiConf, "uwsgi_pass {{.Bind}}", "uwsgi_pass unix://{{.Socket}}", 1)
		})),
		stays("uwsgi-by-shell", "restart", uwsgiTold("shelley").with(func(s *Site) {
			s.Gunicorn[0] = "/bin/bash -c 'cd {{.Live}}; exec uwsgi --ini /etc/uwsgi/shelley.ini'"
		})),
		stays("uwsgi-mounted", "restart", uwsgiSite(linked("mountsorrel"), "ini", strings.Replace(uwsgiINI, "module = {{.Main}}", "mount = /={{.Main}}\nmanage-script-name = true", 1))),
		stays("uwsgi-supervised", "restart", supervisedUWSGI("uwsgi-keeper")),
		{
			// Debian's own script for uWSGI, which systemd makes a unit of.
			Name: "uwsgi-init-script", Verdict: stale, Cause: notRestarted, Fix: "restart", Break: deploy,
			Site: uwsgiTold("inkpen").with(func(s *Site) {
				s.Hand = `mkdir -p /run/uwsgi; chmod 755 /etc/init.d/inkpen; systemctl daemon-reload; systemctl start inkpen`
				s.UnitText = "[Unit]\nDescription=not used\n"
				s.Files["/etc/init.d/inkpen"] = uwsgiInitScript
			}),
		},
		stays("uwsgi-touch-reload-not-touched", "restart", uwsgiTold("touchen", "touch-reload = /srv/touchen.reload").with(withFile("/srv/touchen.reload"))),
		stays("uwsgi-cheaper-not-restarted", "restart", uwsgiTold("cheam", "cheaper = 1", "cheaper-initial = 1", "processes = 4")),
		stays("uwsgi-http-socket-not-restarted", "hup", served(checkout("halden", "127.0.0.1:8000"), uwsgiServe)),
		stays("uwsgi-yaml-not-restarted", "restart", uwsgiSite(linked("yarrow"), "yaml", strings.NewReplacer("[uwsgi]", "uwsgi:", "\n", "\n  ", " = ", ": ").Replace(strings.TrimSpace(uwsgiINI))+"\n")),
		stays("uwsgi-xml-not-restarted", "restart", uwsgiSite(linked("xanthe"), "xml", `<uwsgi>
  <plugins>python3</plugins><chdir>{{.Live}}</chdir><module>{{.Main}}</module>
  <master/><processes>2</processes><socket>{{.Socket}}</socket><chmod-socket>666</chmod-socket><die-on-term/>
</uwsgi>
`)),
		stays("uwsgi-json-not-restarted", "restart", uwsgiSite(linked("jessop"), "json", `{"uwsgi": {"plugins": "python3", "chdir": "{{.Live}}", "module": "{{.Main}}", "master": true,
  "processes": 2, "socket": ["{{.Socket}}"], "chmod-socket": "666", "die-on-term": true}}
`)),
		stays("uwsgi-router-not-restarted", "hup", uwsgiTold("routh", "lazy-apps = true").with(routed)),
		stays("uwsgi-placeholders-not-restarted", "restart", uwsgiSite(linked("placket"), "ini", `[uwsgi]
project = %n
base = /srv/%(project)
plugins = python3
chdir = %(base)/current
wsgi-file = %(base)/current/wsgi.py
callable = app
master = true
processes = 2
socket = /run/%(project)/%(project).sock
chmod-socket = 666
die-on-term = true
`)),
		stays("uwsgi-pythonpath-not-restarted", "restart", uwsgiSite(linked("pytham"), "ini",
			strings.Replace(uwsgiINI, "chdir = {{.Live}}", "pythonpath = {{.Live}}", 1)).with(stood("/var/lib"))),
		stays("uwsgi-without-master", "restart", uwsgiSite(linked("lone"), "ini", strings.Replace(uwsgiINI, "master = true\n", "", 1)).with(func(s *Site) {
			s.Service = nil
		})),
	}
}

func healthyUWSGI() []Fault {
	well := func(name string, site Site, acted ...Act) Fault {
		return Fault{Name: name, Verdict: fresh, Site: site, Break: acts(append(acted, serving("edition", "harvest"), answers)...)}
	}
	return []Fault{
		well("healthy-uwsgi", uwsgiTold("ulting"), deploy, restart),
		// The process is the one of before, and so is its start; what it holds is not.
		well("healthy-uwsgi-reloaded", uwsgiTold("ulceby"), deploy, sh(uwsgiHUP)),
		well("healthy-uwsgi-lazy-reloaded", uwsgiTold("ulcombe", "lazy-apps = true"), deploy, sh(uwsgiHUP)),
		well("healthy-uwsgi-touched", uwsgiTold("ulpha", "touch-reload = /srv/ulpha.reload").with(withFile("/srv/ulpha.reload")), deploy, sh(`sleep 1; touch /srv/ulpha.reload`)),
		well("healthy-uwsgi-chain-reloaded", uwsgiPulled("chale", "lazy-apps = true", "touch-chain-reload = /srv/chale.reload").with(withFile("/srv/chale.reload")),
			deploy, sh(`sleep 1; touch /srv/chale.reload; sleep 4`)),
		// The router and the mule are older than the change, and answer nothing.
		well("healthy-uwsgi-router-chain-reloaded", uwsgiPulled("chard", "lazy-apps = true", "mule = true", "touch-chain-reload = /srv/chard.reload").with(withFile("/srv/chard.reload")).with(routed),
			deploy, sh(`sleep 1; touch /srv/chard.reload; sleep 4`)),
		well("healthy-uwsgi-autoreload", uwsgiPulled("autun", "py-autoreload = 1"), deploy, sh(`sleep 1; touch {{.Live}}/*.py`)),
		well("healthy-uwsgi-titled", uwsgiTold("titley", "auto-procname = true", "procname-prefix-spaced = titley"), deploy, restart),
	}
}
