package practice

import (
	"path"
	"strings"
	"time"
)

// Variants are further boxes for tests of judgement: another way to the same cause, and
// healthy boxes that look suspicious. Their ids are "CAUSE/DETAIL"; New takes them too.
func Variants() []Fault {
	return []Fault{
		{"healthy/checkout", "A checkout was pulled and restarted; since then its owner was changed, and logs and uploads were written.", healthyCheckout},
		{"healthy/another-stale", "Two services, and only the one that nobody asks about is stale.", healthyBesideStale},
		{"healthy/respawned", "A worker was respawned after the restart.", healthyRespawned},
		{"healthy/reloaded-through-link", "The link was switched, and a HUP sufficed, since --chdir goes through it.", healthyReloaded},
		{"healthy/cdn", "A CDN stands before the site, and passes pages on.", healthyBehindCDN},
		{"service-not-restarted/titled", "Process titles hide command line and environment.", titledNotRestarted},
		{"static-stale/precompressed", "The stylesheet is new, its compressed twin is old.", staticPrecompressed},
		{"cache-serves-old/cdn", "A CDN keeps the old page.", cdnServesOld},
		{"nginx-not-reloaded/moved", "The service moved to another port, and so did the server block, on disk.", nginxMoved},
		{"orphan-gunicorn/socket", "A master started by hand has bound the service's socket path over it.", orphanOnSocket},
		{"service-not-restarted/stylesheet", "The service was not restarted, and Nginx takes the stylesheet from the old release's own directory.", notRestartedAndStatic},
		{"hup-with-preload/cdn", "A HUP under preload brought the old code back, and a CDN keeps the old page.", preloadedBehindCDN},
		{"cache-serves-old/queue", "A CDN keeps the old page, and the task queue was not restarted.", cdnAndQueue},
	}
}

// Boxes with two faults at once, as they come in life: who mends the first and looks no further
// is not done.

func notRestartedAndStatic(box *Box) {
	s := pinnedStatic(box, "museum", "127.0.0.1:8908")
	old := s.firstStatic(5 * day)
	s.deploy(24 * minute)
	box.corrections[s.nginxFile()] = s.repointed(old)
}

func preloadedBehindCDN(box *Box) {
	s := pinned(box, "concierge", "127.0.0.1:8909")
	s.kind, s.flags, s.source.marker = checkout, "--preload ", markerFromGit
	s.first(4 * day)
	s.behindCache(28 * minute)
	s.deploy(20 * minute)
	known := box.service(s.unit)
	known.main.program.signal(known.main, "HUP")
}

func cdnAndQueue(box *Box) {
	s := pinned(box, "courier", "unix:/run/courier/web.sock")
	s.history(4 * day)
	box.write("/etc/systemd/system/courier-queue.service", s.queueUnit())
	s.first(4 * day)
	box.service("courier-queue.service").start()
	s.behindCache(28 * minute)
	s.deploy(20 * minute)
	s.restart()
}

// behindCache puts a CDN before the site, which has kept the pages as they were then.
func (s *site) behindCache(ago time.Duration) {
	front := s.box.fronts[s.domain]
	front.cdn, front.caches = "cloudflare", true
	s.history(ago)
	for _, page := range []string{"/", "/version", "/static/app.css"} {
		front.serve(s.box.visit(page, ""))
	}
}

func healthyCheckout(box *Box) {
	s := &site{
		box: box, name: "meadow", domain: "meadow.example", base: "/srv/sites/meadow", kind: checkout, account: "deploy", unit: "meadow.service",
		venv: "/srv/venvs/meadow", bind: "[::1]:8444", workers: 2, module: "wsgi:app",
		source: source{marker: markerFromGit, version: "/version"},
	}
	s.first(6 * day)
	s.deploy(2 * 60 * minute)
	s.restart()
	s.history(50 * minute)
	box.own(s.base, "deploy")
	box.write(path.Join(s.base, "logs/app.log"), "started\n")
	box.write(path.Join(s.base, "uploads/photo.jpg"), "\xff\xd8\xff")
}

func healthyBesideStale(box *Box) {
	other := pinned(box, "orchard", "127.0.0.1:8901")
	other.first(5 * day)
	other.deploy(40 * minute)
	box.editions = nil
	s := pinned(box, "valley", "unix:/run/valley/app.sock")
	s.first(4 * day)
	s.deploy(30 * minute)
	s.restart()
	box.asked = Asked{Service: s.unit}
}

func healthyRespawned(box *Box) {
	s := pinned(box, "harvest", "127.0.0.1:8902")
	s.flags = "--max-requests 1000 "
	s.first(4 * day)
	s.deploy(90 * minute)
	s.restart()
	s.history(5 * minute)
	if running, ok := box.service(s.unit).program.(*runningGunicorn); ok {
		running.signal(running.workers[0].process, "TERM")
	}
}

func healthyReloaded(box *Box) {
	s := pinned(box, "lagoon", "unix:/run/lagoon/lagoon.sock")
	s.flags = "--chdir " + s.root() + " "
	s.first(4 * day)
	s.deploy(20 * minute)
	known := box.service(s.unit)
	known.program.signal(known.main, "HUP")
}

func healthyBehindCDN(box *Box) {
	s := pinned(box, "summit", "127.0.0.1:8903")
	s.first(4 * day)
	box.fronts[s.domain].cdn = "cloudflare"
	s.deploy(20 * minute)
	s.restart()
}

func titledNotRestarted(box *Box) {
	s := pinned(box, "atlas", "127.0.0.1:8904")
	s.unitExtra = "Environment=FLASK_ENV=production\n"
	s.history(4 * day)
	box.write(path.Join(s.venv, "lib/python3.13/site-packages/setproctitle/__init__.py"), "\"\"\"Installed by pip.\"\"\"\n")
	s.first(4 * day)
	s.deploy(20 * minute)
}

func staticPrecompressed(box *Box) {
	s := pinned(box, "toys", "127.0.0.1:8905")
	s.kind = copied
	s.locations = "    location /static/ {\n        gzip_static on;\n        root {root}/{name};\n    }\n\n"
	old := s.first(4 * day)
	sheet := path.Join(s.base, "toys/static/app.css")
	box.replace(sheet+".gz", packed(string(box.find(sheet).content)))
	s.deploy(20 * minute)
	s.restart()
	box.editions = []edition{{old.id + " by its compressed stylesheet", "spring"}, {"copied", "autumn"}}
}

func cdnServesOld(box *Box) {
	s := pinned(box, "holiday", "unix:/run/holiday/web.sock")
	s.first(4 * day)
	s.behindCache(28 * minute)
	s.deploy(20 * minute)
	s.restart()
}

func nginxMoved(box *Box) {
	s := pinned(box, "inbox", "127.0.0.1:8906")
	s.first(4 * day)
	s.deploy(20 * minute)
	s.bind = "127.0.0.1:8907"
	box.write(s.unitFile(), s.unitText())
	box.write(s.nginxFile(), s.serverText())
	box.reloadManager()
	s.restart()
	box.clock.pass(time.Second)
}

func orphanOnSocket(box *Box) {
	s := pinned(box, "pantry", "unix:/srv/pantry/shared/gunicorn.sock")
	s.history(4 * day)
	box.makeDirectory("/srv/pantry/shared")
	box.account(s.account)
	box.own("/srv/pantry", s.account)
	old := s.first(4 * day)
	s.deploy(20 * minute)
	s.restart()
	shell := box.login(s.account, 31)
	shell.directory = box.find(s.releasePath(old))
	_, _, _ = box.startProgram(launch{
		origin: shell, argv: strings.Fields(s.venv + "/bin/gunicorn --daemon --bind " + s.bind + " wsgi:app"), log: func(string) {},
	})
}
