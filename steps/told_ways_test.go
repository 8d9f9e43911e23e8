package steps_test

import (
	"net/netip"
	"strings"
	"testing"

	"flasktui/lab/boxes"
	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/sys/docker"
)

// TestWhatIsToldOfTheWayAndItsFiles: how requests get to the service, and where another file comes from.
func TestWhatIsToldOfTheWayAndItsFiles(t *testing.T) {
	t.Parallel()
	const healthy, stale = practiced + "healthy", practiced + "static-stale"
	var (
		haproxy   = boxes.Name("healthy-behind-haproxy", boxes.Healthy)
		container = boxes.Name("healthy-container", boxes.Healthy)
		built     = boxes.Name("built-not-recreated", boxes.Cured)
	)
	site := func(change func(*facts.Site)) func(*facts.Facts) {
		return func(known *facts.Facts) { change(&known.Site.Value) }
	}
	probes := func(change func(*facts.StaticProbe)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for index := range known.Static.Value.Probes {
				known.Static.Value.Probes[index].Identity.SHA256 = "another"
				change(&known.Static.Value.Probes[index])
			}
		}
	}
	// sends has Nginx send requests to an address, and the service listen everywhere at its port.
	sends := func(address string) func(*facts.Facts) {
		return func(known *facts.Facts) {
			location := *known.Site.Value.Address.Location
			location.Pass = "http://" + address
			known.Site.Value.Address.Location = &location
			for index := range known.Listeners.Value {
				if known.Listeners.Value[index].Path == "/run/shop/gunicorn.sock" {
					known.Listeners.Value[index].Path, known.Listeners.Value[index].Address = "", netip.MustParseAddrPort("0.0.0.0:8600")
					known.Listeners.Value[index].Own = []netip.Prefix{netip.MustParsePrefix("10.9.0.1/32")}
				}
			}
		}
	}
	hold(t, []telling{
		{healthy, sends("10.9.0.1:8600"), 0, "fresh", "socket ok: 10.9.0.1:8600, held by Gunicorn "},
		{healthy, sends("10.9.0.2:8600"), 0, "inconclusive", "socket unknown: 10.9.0.2:8600, nothing of this box listens there, and it may be another machine's address"},
		{healthy, sends("127.0.0.1:8601"), 0, "stale", "socket fail: 127.0.0.1:8601, nothing listens there"},

		{healthy, nil, 0, "fresh", "way is proved: Nginx sends "},
		{healthy, nil, 0, "fresh", "which this service holds, and it answers"},
		{haproxy, nil, 0, "fresh", "way is proved: HAProxy (process "},
		{haproxy, nil, 0, "fresh", "!way is proved: Nginx sends"},
		{haproxy, site(func(site *facts.Site) { site.Doors[0].Asked = facts.Asked{Problem: "refused"} }), 0, "inconclusive", "did not answer when it was asked: refused"},
		{haproxy, site(func(site *facts.Site) { site.Doors = nil }), 0, "fresh", "!HAProxy"},

		{stale, nil, 10, "fail", "is served from /srv/florist/releases/"},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.Identity.Cache.Hit = true }), 10, "warn", "out of a cache"},
		{healthy, probes(func(*facts.StaticProbe) {}), 10, "fail", "!out of a cache"},
		// Where Nginx's file leads may not be read: it is not told where it lies.
		{healthy, probes(func(probe *facts.StaticProbe) { probe.ServedResolved, probe.ServedProblem = "", "permission denied" }), 10, "fail", "!is served from"},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.ServedResolved, probe.ServedProblem = "", "permission denied" }), 10, "fail", "is served with different content than"},

		// Beside the release: built there, or left there from another commit.
		{healthy, probes(func(probe *facts.StaticProbe) { probe.ServedResolved = "/var/www/shop/app.css" }), 0, "fresh", "static-stale is possible"},
		{healthy, probes(func(probe *facts.StaticProbe) {
			probe.ServedResolved, probe.OtherCommit = "/var/www/shop/app.css", true
		}), 0, "stale", "static-stale is likely, fixes []: By Nginx's configuration /static/"},

		{built, func(known *facts.Facts) { known.ImageSource.Known = false }, 12, "unknown", "could not be compared with it"},
		{container, func(known *facts.Facts) {
			for index := range known.Containers.Value {
				known.Containers.Value[index].State = "restarting"
			}
		}, 12, "fail", "restarting"},
		{built, func(known *facts.Facts) {
			known.Images.Value = map[string]docker.Image{}
		}, 0, "fresh", "loaded is proved"},
	})
}

// TestWhatTheTimeLineHolds: a moment for what is known of it, and none for what is not.
func TestWhatTheTimeLineHolds(t *testing.T) {
	t.Parallel()
	built := boxes.Name("built-not-recreated", boxes.Cured)
	moments := func(change func(*facts.Facts)) map[string]bool {
		known := factsOf(t, built)
		change(known)
		found := map[string]bool{}
		for _, moment := range steps.JudgeOf(known).Timeline {
			word, _, _ := strings.Cut(string(moment.What), " ")
			found[word] = true
		}
		return found
	}
	if with := moments(func(*facts.Facts) {}); !with["image"] || !with["container"] {
		t.Errorf("%v", with)
	}
	if without := moments(func(known *facts.Facts) { known.Images.Value = nil }); without["image"] || !without["container"] {
		t.Errorf("an image that is not known was built at some time: %v", without)
	}
}
