package practice

import (
	"path"
	"time"
)

// Stories about releases that were uploaded, switched to and restarted, or not.

const (
	day    = 24 * time.Hour
	minute = time.Minute
)

// first puts the old release live.
func (s *site) first(ago time.Duration) release {
	s.history(ago)
	old := s.release("The spring collection", "spring")
	s.announce(old, "spring")
	s.equip()
	s.upload(old)
	s.activate(old)
	s.install()
	return old
}

// second uploads the new release and no more.
func (s *site) second(ago time.Duration) release {
	s.history(ago)
	next := s.release("The autumn collection", "autumn")
	s.announce(next, "autumn")
	s.upload(next)
	return next
}

// deploy uploads the new release and makes it the active one on disk.
func (s *site) deploy(ago time.Duration) release {
	next := s.second(ago)
	s.box.clock.pass(2 * time.Second)
	s.activate(next)
	s.box.clock.pass(time.Second)
	return next
}

// restart is systemctl restart of the site's unit.
func (s *site) restart() { s.box.service(s.unit).restart() }

func healthy(box *Box) {
	s := &site{
		box: box, name: "shop", domain: "shop.example", base: "/srv/shop", account: "shop", unit: "shop.service",
		venv: "/srv/shop/venv", bind: "unix:/run/shop/gunicorn.sock", workers: 3, module: "wsgi:app",
		source: source{marker: markerFromFile, version: "/version", key: "release"},
	}
	s.first(3 * day)
	s.deploy(12 * minute)
	s.restart()
}

func serviceNotRestarted(box *Box) {
	s := &site{
		box: box, name: "library", domain: "library.example", base: "/var/www/library", account: "deploy", unit: "library-web.service",
		venv: "/opt/venvs/library", bind: "127.0.0.1:8100", workers: 2, module: "library:app",
		source: source{marker: markerFromFile, version: "/version", key: "commit"},
	}
	s.first(3 * day)
	s.deploy(12 * minute)
}

func symlinkNotSwitched(box *Box) {
	s := &site{
		box: box, name: "kitchen", domain: "kitchen.example", base: "/home/cook/kitchen", account: "cook", unit: "kitchen.service",
		venv: "/home/cook/venv", bind: "127.0.0.1:5001", workers: 2, module: "wsgi:application",
		source: source{marker: markerInCode, version: "/api/version", key: "version"},
	}
	s.first(6 * day)
	s.second(25 * minute)
	box.clock.pass(4 * time.Second)
	s.restart()
}

// symlinkBroken is `ln -sf NEW current`: the link was followed, and the new one stands
// inside the old release.
func symlinkBroken(box *Box) {
	s := &site{
		box: box, name: "cinema", domain: "cinema.example", base: "/srv/cinema", account: "cinema", unit: "cinema.service",
		venv: "/srv/cinema/shared/venv", bind: "unix:/run/cinema/app.sock", workers: 2, module: "wsgi:app",
		source: source{marker: markerFromFile, version: "/version", key: "release"},
	}
	s.first(5 * day)
	next := s.second(18 * minute)
	box.clock.pass(2 * time.Second)
	box.link(s.releasePath(next), path.Join(box.realPath(s.root()), next.id))
	s.restart()
}

func releaseDeleted(box *Box) {
	s := &site{
		box: box, name: "gallery", domain: "gallery.example", base: "/srv/gallery", account: "gallery", unit: "gallery.service",
		venv: "/srv/gallery/venv", bind: "unix:/run/gallery/web.sock", workers: 3, module: "wsgi:app",
		flags: "--chdir /srv/gallery/current ", source: source{marker: markerFromFile, version: "/version", key: "release"},
	}
	old := s.first(4 * day)
	s.deploy(20 * minute)
	// The deploy keeps no old releases.
	box.remove(s.releasePath(old))
}

func deployedElsewhere(box *Box) {
	s := &site{
		box: box, name: "stamps", domain: "stamps.example", base: "/srv/stamps", kind: copied, account: "stamps", unit: "stamps.service",
		venv: "/opt/stamps-venv", bind: "127.0.0.1:8201", workers: 2, module: "wsgi:app",
		source: source{marker: markerInCode, version: "/version", key: "release"}, locations: "\n",
	}
	s.first(8 * day)
	s.history(30 * minute)
	next := s.release("The autumn collection", "autumn")
	s.announce(next, "autumn")
	box.makeDirectory("/srv/stamps-new")
	box.own("/srv/stamps-new", "stamps")
	s.uploadTo("/srv/stamps-new", next)
	box.clock.pass(3 * time.Second)
	s.restart()
	box.asked = Asked{Service: s.unit, AppDir: "/srv/stamps-new"}
	moved := *s
	moved.directory = "/srv/stamps-new"
	box.corrections[s.unitFile()] = moved.unitText()
}

// deployUnfinished: the archive was brought whole, and the release directory stayed empty.
func deployUnfinished(box *Box) {
	s := &site{
		box: box, name: "lantern", domain: "lantern.example", base: "/srv/lantern", account: "lantern", unit: "lantern.service",
		venv: "/srv/lantern/venv", bind: "127.0.0.1:8406", workers: 2, module: "wsgi:app",
		source: source{marker: markerFromFile, version: "/version", key: "release"},
	}
	s.first(5 * day)
	next := s.incoming(35 * minute)
	box.makeDirectory(s.releasePath(next))
	box.own(s.releasePath(next), s.account)
	box.clock.pass(3 * time.Second)
	s.restart()
}

// releaseNotHere: what came with the archive was never made a release.
func releaseNotHere(box *Box) {
	s := &site{
		box: box, name: "ferns", domain: "ferns.example", base: "/srv/ferns", account: "ferns", unit: "ferns.service",
		venv: "/opt/ferns/venv", bind: "unix:/run/ferns/gunicorn.sock", workers: 2, module: "wsgi:app",
		source: source{marker: markerFromFile, version: "/version", key: "release"},
	}
	s.first(6 * day)
	next := s.incoming(18 * minute)
	box.clock.pass(3 * time.Second)
	s.restart()
	box.asked = Asked{Service: s.unit, Expect: next.id}
}

// incoming brings the new release as an archive that is unpacked in a directory of its own.
func (s *site) incoming(ago time.Duration) release {
	s.history(ago)
	next := s.release("The autumn collection", "autumn")
	s.announce(next, "autumn")
	s.uploadTo("/home/"+s.account+"/incoming", next)
	return next
}

func serviceFailed(box *Box) {
	s := &site{
		box: box, name: "quiz", domain: "quiz.example", base: "/srv/quiz", account: "quiz", unit: "quiz.service",
		venv: "/srv/quiz/venv", bind: "127.0.0.1:8044", workers: 2, module: "wsgi:app",
		source: source{marker: markerFromFile, version: "/version", key: "release"},
	}
	s.first(2 * day)
	right := s.source
	s.source.imports = "import stripe\n"
	next := s.deploy(9 * minute)
	s.restart()
	file := path.Join(s.releasePath(next), "quiz/__init__.py")
	box.corrections[file] = right.code(s.name, next)
}

// requirementsOlder has a release live that asks for a newer library than its virtualenv got.
func requirementsOlder(box *Box) {
	s := &site{
		box: box, name: "atelier", domain: "atelier.example", base: "/srv/atelier", account: "atelier", unit: "atelier.service",
		venv: "/srv/atelier/venv", bind: "unix:/run/atelier/web.sock", workers: 2, module: "wsgi:app",
		source: source{marker: markerFromFile, version: "/version", key: "release"},
	}
	old := s.first(5 * day)
	box.replace(path.Join(s.releasePath(old), "requirements.txt"), "flask==3.0.3\ngunicorn==23.0.0\n")
	for _, name := range []string{"flask-3.0.3", "gunicorn-23.0.0"} {
		box.replace(path.Join(s.venv, "lib/python3.13/site-packages", name+".dist-info/INSTALLER"), "pip\n")
	}
	next := s.second(35 * minute)
	box.replace(path.Join(s.releasePath(next), "requirements.txt"), "flask==3.1.2\ngunicorn==23.0.0\n")
	box.clock.pass(2 * time.Second)
	s.activate(next)
	box.clock.pass(time.Second)
	s.restart()
}
