package lab

import "strings"

// Sites that Apache's mod_wsgi runs (G64).

// wsgiScript is the script of a site, beside its releases, with the app from the live one.
const wsgiScript = `import sys
sys.path.insert(0, "{{.Live}}")
{{if eq .App.Callable "create_app()"}}from {{.App.Module}} import create_app
application = create_app()
{{else}}from {{.App.Module}} import {{.App.Callable}} as application
{{end}}`

// wsgiHost is the virtual host of a site; what stands for its processes comes between.
func wsgiHost(directives string) string {
	return `<VirtualHost *:80>
    ServerName {{.Server}}
` + directives + `
    Alias /static/ {{.Live}}/{{.StaticDir}}/
    <Directory {{.Base}}>
        Require all granted
    </Directory>
</VirtualHost>
`
}

const (
	inDaemon   = "    WSGIDaemonProcess {{.Name}} processes=2 threads=2 user={{.User}} display-name=%{GROUP}\n    WSGIProcessGroup {{.Name}}\n    WSGIScriptAlias / {{.Base}}/site.wsgi"
	inUntitled = "    WSGIDaemonProcess {{.Name}} threads=3 user={{.User}} home={{.Live}}\n    WSGIScriptAlias / {{.Base}}/site.wsgi process-group={{.Name}}"
	inEmbedded = "    WSGIScriptAlias / {{.Base}}/site.wsgi"

	touchScript = `touch {{.Base}}/site.wsgi`
	// startApache has Apache be the only one at port 80.
	startApache = `systemctl stop nginx
a2enmod -q wsgi alias > /dev/null
rm -f /etc/apache2/sites-enabled/000-default.conf
systemctl start apache2`
)

// underApache has a site run by mod_wsgi, and flasktui find it by itself.
func underApache(s Site, directives string) Site {
	s.Unit, s.UnitText, s.Conf, s.Hand, s.Bare = "apache2.service", "", map[string]string{}, startApache, true
	s.Bind = "127.0.0.1:80"
	base := s.Base
	if base == "" {
		base = "/srv/" + s.Name
	}
	s.Files = map[string]string{
		"/etc/apache2/sites-enabled/" + s.Name + ".conf": wsgiHost(directives),
		base + "/site.wsgi": wsgiScript,
	}
	s.First = sh(`chown {{.User}}: {{.Base}}/site.wsgi`)
	return s.layered()
}

// modWSGIFaults are deploys under Apache's mod_wsgi.
func modWSGIFaults() []Fault {
	notReloaded := func(name, fix string, site Site) Fault {
		return Fault{Name: name, Verdict: stale, Cause: "service-not-restarted", Fix: fix, Lacking: []string{"hup", "restart"}, Site: site, Break: acts(visit, deploy)}
	}
	again := sh(touchScript)
	return []Fault{
		notReloaded("mod-wsgi-daemon-not-touched", "touch-wsgi", underApache(copied("mill", "127.0.0.1:80"), inDaemon)),
		notReloaded("mod-wsgi-untitled-not-touched", "touch-wsgi", underApache(linked("weir"), inUntitled)),
		notReloaded("mod-wsgi-embedded-not-reloaded", "apache-reload", underApache(copied("pond", "127.0.0.1:80"), inEmbedded)),
		{
			// Another app of the same Apache is as new as its disk.
			Name: "mod-wsgi-one-of-two", Verdict: stale, Cause: "service-not-restarted", Fix: "touch-wsgi",
			Site: besideAnother(underApache(copied("mill", "127.0.0.1:80"), inDaemon)), Break: acts(visit, deploy),
		},
		{
			Name: "mod-wsgi-one-of-two-by-url", Verdict: stale, Cause: "service-not-restarted", Fix: "touch-wsgi",
			Site: besideAnother(underApache(copied("mill", "127.0.0.1:80"), inDaemon)).with(func(s *Site) { s.Args = []string{"--url", "http://{{.Server}}/"} }), Break: acts(visit, deploy),
		},
		{
			Name: "mod-wsgi-embedded-touched", Verdict: stale, Cause: "service-not-restarted", Fix: "apache-reload",
			Site: underApache(copied("pond", "127.0.0.1:80"), inEmbedded), Break: acts(visit, deploy, again, visit),
		},
		{
			Name: "mod-wsgi-reloading-off", Verdict: stale, Cause: "service-not-restarted", Fix: "apache-reload", Lacking: []string{"touch-wsgi"},
			Site: underApache(copied("sluices", "127.0.0.1:80"), strings.Replace(inDaemon, "    WSGIProcessGroup", "    WSGIScriptReloading Off\n    WSGIProcessGroup", 1)), Break: acts(visit, deploy, again, visit),
		},
	}
}

// besideAnother has Apache run another app as well, in a group and a virtual host before the site's.
func besideAnother(s Site) Site {
	s.Files["/etc/apache2/sites-enabled/000-another.conf"] = "WSGIDaemonProcess another\n<VirtualHost *:80>\n    ServerName another.example\n    WSGIProcessGroup another\n" +
		"    WSGIScriptAlias / /srv/another/another.wsgi\n    <Directory /srv/another>\n        Require all granted\n    </Directory>\n</VirtualHost>\n"
	s.Files["/srv/another/another.wsgi"] = "import sys\nsys.path.insert(0, \"/srv/another\")\nfrom another import app as application\n"
	s.Files["/srv/another/another.py"] = "from flask import Flask\n\napp = Flask(__name__)\n\n@app.get(\"/\")\ndef index():\n    return \"another\"\n"
	s.Args = []string{"wsgi:{{.Base}}/site.wsgi"}
	return s
}

// healthyModWSGI are boxes whose apps are new, each by what its mode takes.
func healthyModWSGI() []Fault {
	again := sh(touchScript)
	return []Fault{
		{Name: "healthy-mod-wsgi-daemon", Verdict: fresh, Site: underApache(copied("mill", "127.0.0.1:80"), inDaemon), Break: acts(visit, deploy, sh(`sleep 0.1`), again, visit)},
		{Name: "healthy-mod-wsgi-linked", Verdict: fresh, Site: underApache(linked("weir"), inUntitled), Break: acts(visit, deploy, sh(`sleep 0.1`), again, visit)},
		{Name: "healthy-mod-wsgi-embedded", Verdict: fresh, Site: underApache(copied("pond", "127.0.0.1:80"), inEmbedded), Break: acts(visit, deploy, sh(`apachectl graceful; sleep 1`), visit)},
	}
}
