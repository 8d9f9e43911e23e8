package practice

import (
	"strings"
	"time"
)

// Stories about Nginx, and about what answers in the app's place.

// pinnedStatic is a site whose static files Nginx takes from a release directory.
func pinnedStatic(box *Box, name, bind string) *site {
	s := pinned(box, name, bind)
	s.locations = "    location /static/ {\n        alias /srv/" + name + "/releases/{id}/" + name + "/static/;\n        expires 10m;\n    }\n\n"
	return s
}

// firstStatic puts the old release live with its own directory in the server block.
func (s *site) firstStatic(ago time.Duration) release {
	s.history(ago)
	s.locations = strings.Replace(s.locations, "{id}", s.box.clock.time().UTC().Format("20060102150405"), 1)
	return s.first(ago)
}

// repointed is the server block with static files taken through the current link.
func (s *site) repointed(old release) string {
	return strings.Replace(s.serverText(), "releases/"+old.id, "current", 1)
}

func staticStale(box *Box) {
	s := pinnedStatic(box, "florist", "127.0.0.1:8140")
	old := s.firstStatic(4 * day)
	s.deploy(26 * minute)
	s.restart()
	box.corrections[s.nginxFile()] = s.repointed(old)
}

func nginxNotReloaded(box *Box) {
	s := pinnedStatic(box, "bazaar", "unix:/run/bazaar/bazaar.sock")
	old := s.firstStatic(4 * day)
	s.deploy(26 * minute)
	s.restart()
	box.clock.pass(5 * time.Second)
	box.replace(s.nginxFile(), s.repointed(old))
}

// nginxInvalid has the right server block on disk, and beside it a file that keeps all
// of it from being loaded.
func nginxInvalid(box *Box) {
	s := pinnedStatic(box, "agenda", "127.0.0.1:8150")
	old := s.firstStatic(4 * day)
	s.deploy(31 * minute)
	s.restart()
	box.clock.pass(5 * time.Second)
	box.replace(s.nginxFile(), s.repointed(old))
	box.replace("/etc/nginx/conf.d/timeouts.conf", "proxy_read_timeout 30s\n")
	box.corrections["/etc/nginx/conf.d/timeouts.conf"] = "proxy_read_timeout 30s;\n"
	box.nginx.reload()
}

// wrongUpstream has the service on a new port, and a forgotten one still at the old.
func wrongUpstream(box *Box) {
	s := pinned(box, "voyage", "127.0.0.1:8601")
	s.upstream = "upstream voyage_app {\n    server {bind};\n}\n\n"
	s.pass = "http://voyage_app"
	s.firstPinned(5 * day)
	right := *s
	right.bind = "127.0.0.1:8602"
	box.corrections[s.nginxFile()] = right.serverText()
	legacy := *s
	legacy.unit = "voyage-legacy.service"
	s.history(2 * day)
	box.service(s.unit).stop()
	box.write(legacy.unitFile(), legacy.unitText())
	box.service(legacy.unit).start()
	s.bind, s.directory = "127.0.0.1:8602", ""
	box.write(s.unitFile(), s.unitText())
	box.reloadManager()
	s.deploy(23 * minute)
	box.service(s.unit).start()
	box.asked = Asked{Service: s.unit}
}

// staleAddress has an app that moved with its name; Nginx looked the name up long ago.
func staleAddress(box *Box) {
	s := pinned(box, "journal", "journal-app:8000")
	hosts := string(box.find("/etc/hosts").content)
	box.write("/etc/hosts", hosts+"127.0.2.1\tjournal-app\n")
	s.first(3 * day)
	s.deploy(12 * minute)
	box.write("/etc/hosts", hosts+"127.0.2.2\tjournal-app\n")
	s.restart()
}

func cacheServesOld(box *Box) {
	s := pinned(box, "gazette", "127.0.0.1:8700")
	s.upstream = "proxy_cache_path /var/cache/nginx/gazette levels=1:2 keys_zone=gazette:10m inactive=2h;\n\n"
	s.locations = "    proxy_cache gazette;\n    proxy_cache_valid 200 1h;\n    add_header X-Cache-Status $upstream_cache_status;\n\n" +
		"    location /static/ {\n        alias {root}/{name}/static/;\n    }\n\n"
	s.first(3 * day)
	s.history(33 * minute)
	for _, path := range []string{"/", "/version"} {
		box.fronts[s.domain].serve(box.visit(path, ""))
	}
	s.deploy(24 * minute)
	s.restart()
}

// frontElsewhere has a still copy of the pages, made for the time of a move, where the app's
// server block stood.
func frontElsewhere(box *Box) {
	s := pinned(box, "orchard", "127.0.0.1:8730")
	s.first(3 * day)
	box.corrections[s.nginxFile()] = s.serverText()
	s.history(2 * day)
	box.write("/var/www/orchard-still/index.html", "<!doctype html>\n<title>orchard</title>\n<h1>The spring collection</h1>\n")
	box.replace(s.nginxFile(), "server {\n    listen 80;\n    listen [::]:80;\n    server_name "+s.domain+";\n    root /var/www/orchard-still;\n\n    location / {\n        try_files $uri $uri/ =404;\n    }\n}\n")
	box.nginx.reload()
	s.deploy(22 * minute)
	s.restart()
	box.asked = Asked{Service: s.unit, URL: "http://" + s.domain + "/"}
}
