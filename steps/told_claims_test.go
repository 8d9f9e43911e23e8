package steps_test

import (
	"testing"
	"time"

	"flasktui/lab/boxes"
	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/web"
)

// TestWhatIsToldOfEachClaim: what proves it, what leaves it open, and why it does not apply.
func TestWhatIsToldOfEachClaim(t *testing.T) {
	t.Parallel()
	const (
		healthy  = practiced + "healthy"
		cdn      = practiced + "healthy/cdn"
		checkout = practiced + "healthy/checkout"
	)
	built := boxes.Name("built-not-recreated", boxes.Cured)
	site := func(change func(*facts.Site)) func(*facts.Facts) {
		return func(known *facts.Facts) { change(&known.Site.Value) }
	}
	named := func(asked *facts.Asked, names ...string) {
		for index := range asked.Version {
			asked.Version[index].Marker.Value = names[index%len(names)]
		}
	}
	// unasked is a box whose Nginx sends nothing to anybody.
	unasked := func(change func(*facts.Facts)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			known.Site.Value.Address = facts.SiteAddress{URL: "http://localhost/"}
			known.Site.Value.Nginx = facts.Asked{}
			for index := range known.NginxDisk.Value.Servers {
				known.NginxDisk.Value.Servers[index].Locations = nil
			}
			change(known)
		}
	}
	hold(t, []telling{
		// intended
		{healthy, func(known *facts.Facts) {
			known.Options.Expect = "spring"
			named(&known.Site.Value.App, "spring")
			named(&known.Site.Value.Nginx, "spring")
		}, 0, "inconclusive", "!nothing names the expected release"},
		{checkout, nil, 0, "fresh", "intended is proved: The service takes its code from /"},
		{checkout, nil, 0, "fresh", "!no release in"},

		// loaded
		{healthy, site(func(site *facts.Site) { named(&site.App, "spring", "summer") }), 0, "mixed", "mixed-workers is"},
		{healthy, site(func(site *facts.Site) {
			named(&site.App, "20260302142000")
			named(&site.Nginx, "20260302142000")
		}), 0, "inconclusive", "the app itself says that it is 20260302142000"},
		{built, func(known *facts.Facts) { gone(&known.Siblings) }, 0, "fresh", "!another service of the project"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Siblings) }, 0, "fresh", "!another service of the project"},

		// way
		{healthy, site(func(site *facts.Site) { named(&site.Nginx, "spring", "summer") }), 0, "inconclusive", "way is open: step 14 (release-marker): The answers name different releases"},
		{cdn, site(func(site *facts.Site) {
			named(&site.Public, "")
			site.Public.Home = nil
			for index := range site.Public.Version {
				site.Public.Version[index].SHA256 = "another"
			}
		}), 0, "inconclusive", "does not say which release it runs, though the app does"},
		{cdn, site(func(site *facts.Site) {
			named(&site.Public, "")
			site.Public.Home = site.Nginx.Home
		}), 0, "fresh", "!does not say which release"},
		{cdn, site(func(site *facts.Site) {
			named(&site.Public, "")
			site.Public.Home, site.Nginx.Home = site.App.Home, nil
		}), 0, "fresh", "!does not say which release"},
		{cdn, site(func(site *facts.Site) {
			named(&site.Public, "")
			named(&site.App, "")
			named(&site.Nginx, "")
		}), 0, "fresh", "!does not say which release"},
		{healthy, unasked(func(*facts.Facts) {}), 0, "inconclusive", "nothing shows how requests reach it"},
		{healthy, unasked(func(known *facts.Facts) { known.Site.Value.Address.Given = true }), 0, "fresh", "!nothing shows how requests reach it"},
		{healthy, unasked(func(known *facts.Facts) { gone(&known.NginxDisk) }), 0, "fresh", "!nothing shows how requests reach it"},
		{healthy, unasked(func(known *facts.Facts) { gone(&known.NginxDisk) }), 0, "fresh", "It answers at unix:/run/shop/gunicorn.sock itself"},
		{healthy, func(known *facts.Facts) {
			known.Site.Value.Nginx = facts.Asked{}
			known.Site.Value.App = facts.Asked{}
			known.Site.Value.Public = facts.Asked{}
		}, 0, "inconclusive", "!itself"},
		{healthy, nil, 0, "fresh", "way is proved: Nginx sends http://shop.example to unix:/run/shop/gunicorn.sock, which this service holds"},

		// environment and configuration
		{healthy, func(known *facts.Facts) { gone(&known.NginxDisk) }, 0, "fresh", "configuration is proved: What runs was started from the configuration that is on disk."},
		{healthy, nil, 0, "fresh", "configuration that is on disk, Nginx's included."},
		{healthy, func(known *facts.Facts) { known.Processes.Value.Servers = nil }, 0, "inconclusive", "configuration is open: no process of the service was seen"},
		{healthy, func(known *facts.Facts) {
			known.Environment.Value.DotEnv = &facts.EnvironmentFileOnDisk{Path: "/srv/shop/current/.env", Info: sys.FileInfo{Changed: known.TakenAt.Add(-48 * time.Hour)}}
			known.Code.Value.LoadsDotEnv = true
		}, 0, "fresh", "environment is proved"},

		// files and caches
		{healthy, site(func(site *facts.Site) { site.Public = facts.Asked{} }), 0, "fresh", "caches is proved: No cache on this box answers differently from the app; anything in front of the box was not asked."},
		{cdn, nil, 0, "fresh", "caches is proved: No cache answers differently from the app."},
		{healthy, site(otherPage(500)), 0, "inconclusive", "caches is open: the page at"},
		{healthy, site(otherPage(200)), 0, "fresh", "caches is proved"},
	})
}

// otherPage is a site that names no release, and gives through Nginx another page than at the
// app's own socket; past the caches it answers with a status.
func otherPage(status int) func(*facts.Site) {
	return func(site *facts.Site) {
		for _, asked := range []*facts.Asked{&site.App, &site.Nginx, &site.Public} {
			for _, answers := range [][]facts.Answer{asked.Version, asked.Home, asked.Busted} {
				for index := range answers {
					answers[index].Marker.Value = ""
				}
			}
		}
		for _, asked := range []*facts.Asked{&site.Nginx, &site.Public} {
			for index := range asked.Home {
				asked.Home[index].SHA256 = "another"
			}
			for index := range asked.Busted {
				asked.Busted[index].SHA256, asked.Busted[index].Status = "another", status
			}
		}
	}
}

// TestWhatIsToldOfTheWay: each hop from the URL to the release, and what it is called.
func TestWhatIsToldOfTheWay(t *testing.T) {
	t.Parallel()
	const (
		healthy  = practiced + "healthy"
		cdn      = practiced + "healthy/cdn"
		checkout = practiced + "healthy/checkout"
	)
	front := boxes.Name("healthy-front", boxes.Healthy)
	uvicorn := boxes.Name("uvicorn-workers-not-restarted", boxes.Cured)
	waitress := boxes.Name("waitress-not-restarted", boxes.Cured)
	// site is changed where no URL was given, so that the public address was not asked.
	site := func(change func(*facts.Site)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			known.Site.Value.Public, known.Site.Value.Address.Given = facts.Asked{}, false
			change(&known.Site.Value)
		}
	}
	hold(t, []telling{
		{healthy, nil, 0, "fresh", "url ok: http://shop.example, answers 1f059a6"},
		{healthy, func(known *facts.Facts) { known.Site.Value.Public.Problem = "timeout" }, 0, "inconclusive", "url ok: http://shop.example, answers 1f059a6"},
		{healthy, site(func(site *facts.Site) {
			site.Address = facts.SiteAddress{URL: "http://localhost/"}
			site.Nginx = facts.Asked{}
		}), 0, "inconclusive", "url ok: unix:/run/shop/gunicorn.sock, answers 1f059a6"},
		{healthy, site(func(site *facts.Site) {
			site.Address = facts.SiteAddress{URL: "http://given.example/", Given: true}
			site.Nginx = facts.Asked{}
		}), 0, "fresh", "url ok: http://given.example/"},
		{healthy, site(func(site *facts.Site) {
			for index := range site.Nginx.Version {
				site.Nginx.Version[index].TLSError = "expired"
			}
		}), 0, "fresh", "its certificate cannot be trusted: expired"},
		{healthy, site(func(site *facts.Site) {
			site.Nginx.Version = []facts.Answer{{Status: 502, Cache: web.CacheAnswer{Age: -1, MaxAge: -1}}}
		}), 0, "inconclusive", "url fail: http://shop.example, does not answer: a gateway error"},
		{healthy, site(func(site *facts.Site) { site.Nginx.Version, site.Nginx.Home = nil, nil }), 0, "inconclusive", "url unknown: http://shop.example"},

		{healthy, site(func(*facts.Site) {}), 0, "fresh", "cache ok: none answered, on this box; a CDN was not asked"},
		{cdn, nil, 0, "fresh", "!a CDN was not asked"},
		{healthy, site(func(site *facts.Site) { site.Nginx = facts.Asked{} }), 0, "fresh", "cache skipped: none, nothing before the app could be asked"},

		{healthy, nil, 0, "fresh", "nginx ok: shop"},
		{healthy, func(known *facts.Facts) { gone(&known.NginxDisk) }, 0, "fresh", "nginx skipped: none, it is not here"},
		{healthy, func(known *facts.Facts) { unreadable(&known.NginxDisk) }, 0, "inconclusive", "nginx unknown: not known, permission denied"},
		{front, nil, 0, "fresh", ", sends to"},
		{front, nil, 0, "fresh", "in "},

		{healthy, nil, 0, "fresh", "held by"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Listeners) }, 0, "inconclusive", "socket unknown: unix:/run/shop/gunicorn.sock, permission denied"},
		{practiced + "service-failed", nil, 0, "down", "nothing listens there"},
		{practiced + "service-failed", nil, 0, "down", "master fail: none"},
		{healthy, func(known *facts.Facts) {
			known.Processes.Value.Servers, known.Processes.Value.Hidden = nil, true
		}, 0, "inconclusive", "master unknown: not known, /proc shows this user only its own processes (hidepid)"},

		{healthy, nil, 0, "fresh", "all 3 hold the code on disk"},
		{healthy, func(known *facts.Facts) { known.Processes.Value.Servers = nil }, 0, "inconclusive", "workers unknown: none, no process has the code loaded"},
		{uvicorn, nil, 0, "fresh", "the code on disk"},
		{waitress, nil, 0, "fresh", "holds the code on disk"},
		{practiced + "hup-with-preload", nil, 0, "stale", "copies of a master with old code"},
		{practiced + "service-not-restarted", nil, 0, "stale", "old code, loaded"},

		{healthy, nil, 0, "fresh", "directory ok: /srv/shop/current, → "},
		{checkout, nil, 0, "fresh", "the code itself, no link"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Deployment) }, 0, "inconclusive", "directory unknown: , permission denied"},
		{healthy, func(known *facts.Facts) { known.Deployment.Value.Directory += "/web" }, 0, "fresh", "current → "},
		{healthy, func(known *facts.Facts) {
			known.Code.Value.Source, known.Code.Value.Template = facts.Change{}, facts.Change{}
		}, 0, "inconclusive", "no Python source was found under"},
	})
}

// TestWhatIsToldOfAContainersEvidence: what is shown of it, and what was not compared.
func TestWhatIsToldOfAContainersEvidence(t *testing.T) {
	t.Parallel()
	built := boxes.Name("built-not-recreated", boxes.Cured)
	replicas := boxes.Name("healthy-replicas", boxes.Healthy)
	lone := boxes.Name("lone-container-built-not-recreated", boxes.Cured)
	front := boxes.Name("front-built-otherwise", boxes.Cured)
	each := func(change func(*docker.Container)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for index := range known.Containers.Value {
				change(&known.Containers.Value[index])
			}
		}
	}
	hold(t, []telling{
		{built, nil, 12, "ok", "!replicas: "},
		{replicas, nil, 12, "ok", "replicas: 1 more container of the service"},
		{built, nil, 12, "ok", "container: "},
		{built, nil, 12, "ok", "Compose file: "},
		{built, each(func(one *docker.Container) { one.State = "paused" }), 12, "fail", "is paused."},
		{built, func(known *facts.Facts) { known.Target.Container = "none" }, 12, "unknown", "the container of the service was not found"},
		{built, func(known *facts.Facts) {
			gone(&known.ImageSource)
		}, 12, "ok", "Its code comes from"},
		{built, func(known *facts.Facts) {
			gone(&known.ImageSource)
			known.Deployment.Value.Directory = ""
		}, 12, "ok", "!Its code comes from"},
		{built, func(known *facts.Facts) { gone(&known.Compose) }, 12, "ok", "!could not be read"},
		{built, func(known *facts.Facts) { known.ImageSource.Value.Compared, known.ImageSource.Value.Mounted = 0, true }, 12, "ok", "Its code comes from"},
		{front, nil, 12, "ok", "the same in the image as on disk"},
		{front, func(known *facts.Facts) { unreadable(&known.FrontSource) }, 12, "unknown", "the project's Nginx is built from could not be compared with it: permission denied"},
		{front, func(known *facts.Facts) { known.FrontSource.Value.Partial = true }, 12, "unknown", "not every file of the build's context"},

		{lone, nil, 12, "ok", "With which options it ought to run, no file that is known here says."},
		{lone, nil, 12, "ok", "!started again by Docker"},
		{lone, each(func(one *docker.Container) { one.Restarts = 2 }), 12, "ok", "started again by Docker: 2 times"},
		{lone, each(func(one *docker.Container) { one.State = "paused" }), 12, "fail", "is paused."},
		{lone, func(known *facts.Facts) { unreadable(&known.Images) }, 12, "unknown", "permission denied"},
	})
}
