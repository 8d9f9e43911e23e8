package practice

import (
	"strings"
	"time"
)

// Stories about units: what is on disk, what systemd has loaded, what was started.

// pinned is a site whose unit names a release directory, as some deploys write it.
func pinned(box *Box, name, bind string) *site {
	return &site{
		box: box, name: name, domain: name + ".example", base: "/srv/" + name, account: name, unit: name + ".service",
		venv: "/srv/" + name + "/venv", bind: bind, workers: 2, module: "wsgi:app",
		source: source{marker: markerFromFile, version: "/version", key: "release"},
	}
}

// datedSite is pinned without a current link: the unit alone says which release is live,
// and the app serves its static files itself.
func datedSite(box *Box, name, bind string) *site {
	s := pinned(box, name, bind)
	s.kind, s.locations = dated, "\n"
	return s
}

// firstPinned puts the old release live with its own directory in the unit.
func (s *site) firstPinned(ago time.Duration) {
	s.history(ago)
	s.directory = s.base + "/releases/" + s.box.clock.time().UTC().Format("20060102150405")
	s.first(ago)
}

// unitFor is the unit's text with another working directory.
func (s *site) unitFor(directory string) string {
	return strings.Replace(s.unitText(), "WorkingDirectory="+s.directory, "WorkingDirectory="+directory, 1)
}

func unitOldPath(box *Box) {
	s := pinned(box, "clinic", "127.0.0.1:8030")
	s.firstPinned(9 * day / 2)
	s.deploy(17 * minute)
	s.restart()
	box.corrections[s.unitFile()] = s.unitFor(s.root())
}

func daemonReloadNeeded(box *Box) {
	s := datedSite(box, "billing", "unix:/run/billing/billing.sock")
	s.firstPinned(3 * day)
	next := s.deploy(13 * minute)
	box.write(s.unitFile(), s.unitFor(s.releasePath(next)))
	s.restart()
}

// unitNotApplied has the change in a drop-in of a template's instance.
func unitNotApplied(box *Box) {
	s := datedSite(box, "payroll", "127.0.0.1:8055")
	s.unit = "payroll@blue.service"
	s.firstPinned(3 * day)
	next := s.deploy(13 * minute)
	box.replace("/etc/systemd/system/payroll@blue.service.d/release.conf", "[Service]\nWorkingDirectory="+s.releasePath(next)+"\n")
	box.reloadManager()
}

// environmentChanged has one release all along: what changed is its environment file.
func environmentChanged(box *Box) {
	s := pinned(box, "weather", "127.0.0.1:8090")
	s.unitExtra = "EnvironmentFile=/etc/default/weather\n"
	s.history(5 * day)
	text := func(season string) string {
		return "# Settings of the weather site\nFLASK_ENV=production\nSECRET_KEY=not-a-real-secret-of-weather\nSITE_BANNER=\"The " + season + " forecast\"\n"
	}
	box.write("/etc/default/weather", text("spring"))
	live := s.release("The weather", "plain")
	s.equip()
	s.upload(live)
	s.activate(live)
	s.install()
	s.history(21 * minute)
	box.write("/etc/default/weather", text("autumn"))
	box.editions = []edition{{live.id + " with the spring settings", "spring"}, {live.id + " with the autumn settings", "autumn"}}
}

// wrongService is a deploy that restarts a unit which exists, works, and is not the one
// that Nginx asks.
func wrongService(box *Box) {
	s := pinned(box, "concert", "unix:/run/concert/gunicorn.sock")
	s.first(6 * day)
	other := *s
	other.unit, other.bind = "concert-web.service", "127.0.0.1:8061"
	box.write(other.unitFile(), other.unitText())
	box.service(other.unit).start()
	s.deploy(19 * minute)
	other.restart()
	box.asked = Asked{Service: other.unit}
}
