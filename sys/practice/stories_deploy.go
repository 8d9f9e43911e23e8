package practice

import "time"

// Stories about releases that were uploaded, switched to and restarted, or not.

const (
	day    = 24 * time.Hour
	minute = time.Minute
)

// shop keeps releases beside a current link and listens on a Unix socket.
func shop(box *Box) *site {
	return &site{
		box: box, name: "shop", domain: "shop.example", base: "/srv/shop", account: "shop", unit: "shop.service",
		venv: "/srv/shop/venv", bind: "unix:/run/shop/gunicorn.sock", workers: 3, module: "wsgi:app",
		source: source{marker: markerFromFile, version: "/version", key: "release"},
	}
}

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

// restart is systemctl restart of the site's unit.
func (s *site) restart() { s.box.service(s.unit).restart() }

func healthy(box *Box) {
	s := shop(box)
	s.first(3 * day)
	next := s.second(12 * minute)
	s.activate(next)
	s.box.clock.pass(2 * time.Second)
	s.restart()
}

func serviceNotRestarted(box *Box) {
	s := shop(box)
	s.name, s.domain, s.base, s.unit = "library", "library.example", "/var/www/library", "library-web.service"
	s.account, s.venv, s.bind, s.workers = "deploy", "/opt/venvs/library", "127.0.0.1:8100", 2
	s.first(3 * day)
	next := s.second(12 * minute)
	s.box.clock.pass(3 * time.Second)
	s.activate(next)
}
