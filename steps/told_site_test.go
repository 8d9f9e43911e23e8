package steps_test

import (
	"testing"
	"time"

	"flasktui/lab/boxes"
	"flasktui/steps/facts"
	"flasktui/sys/docker"
	"flasktui/sys/web"
)

// TestWhatIsToldOfTheSite: steps 9 to 11, and 14.
func TestWhatIsToldOfTheSite(t *testing.T) {
	t.Parallel()
	const healthy = practiced + "healthy"
	front := boxes.Name("healthy-front", boxes.Healthy)
	site := func(change func(*facts.Site)) func(*facts.Facts) {
		return func(known *facts.Facts) { change(&known.Site.Value) }
	}
	probes := func(change func(*facts.StaticProbe)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for index := range known.Static.Value.Probes {
				change(&known.Static.Value.Probes[index])
			}
		}
	}
	pages := func(change func(*facts.Answer)) func(*facts.Facts) {
		return site(func(site *facts.Site) {
			for index := range site.Nginx.Home {
				change(&site.Nginx.Home[index])
			}
		})
	}
	// silent has the app answer nothing that names a release, with a status; 0 for no answer.
	silent := func(status int) func(*facts.Facts) {
		return site(func(site *facts.Site) {
			for _, asked := range []*facts.Asked{&site.App, &site.Nginx} {
				for index := range asked.Version {
					asked.Version[index] = facts.Answer{Status: status, Problem: "no answer", Cache: web.CacheAnswer{Age: -1, MaxAge: -1}}
				}
			}
		})
	}
	hold(t, []telling{
		// 9: Nginx.
		{front, func(known *facts.Facts) { unreadable(&known.Front) }, 9, "unknown", "could not be told"},
		{healthy, func(known *facts.Facts) { unreadable(&known.NginxDisk) }, 9, "unknown", "permission denied"},
		{healthy, nginxUnread, 0, "inconclusive", "Nginx's configuration: not read"},
		{healthy, site(func(site *facts.Site) { site.Address.Server, site.Address.Location = nil, nil }), 9, "warn", "No server block of Nginx sends requests to this service"},
		// An Nginx that passes nothing on: nothing shows how a visitor would reach a socket in a file.
		{healthy, func(known *facts.Facts) {
			known.Site.Value.Address = facts.SiteAddress{URL: "http://localhost/"}
			known.Site.Value.Nginx = facts.Asked{}
			for index := range known.NginxDisk.Value.Servers {
				known.NginxDisk.Value.Servers[index].Locations = nil
			}
		}, 0, "inconclusive", "nothing shows how requests reach it"},
		{healthy, site(func(site *facts.Site) { site.Address.Backends = 3 }), 9, "unknown", "of 3 backends that Nginx sends requests to"},
		{healthy, func(known *facts.Facts) { known.NginxDisk.Value.Untested = "not root" }, 9, "ok", "By the files alone"},
		{healthy, func(known *facts.Facts) {
			known.NginxDisk.Value.Untested = "not root"
			unreadable(&known.NginxFiles)
		}, 9, "unknown", "not root"},
		{healthy, nil, 9, "ok", "!By the files alone"},
		{healthy, nil, 9, "ok", "The running Nginx has the configuration that is on disk"},

		// 10: static files.
		{healthy, nil, 10, "ok", "the same as the release's file"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Static) }, 10, "unknown", "permission denied"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Static) }, 0, "inconclusive", "files is open"},
		{healthy, func(known *facts.Facts) { gone(&known.Static) }, 0, "fresh", "files is none: it is not here."},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.Identity.Problem = "refused" }), 10, "ok", "which Nginx's configuration names"},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.Identity.Problem, probe.Location = "refused", nil }), 10, "unknown", "was not answered (refused)"},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.Identity.Status = 404 }), 0, "inconclusive", "answered with status 404"},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.Identity.Status, probe.Location = 404, nil }), 0, "fresh", "files is none: The app answers 404"},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.Identity.Status, probe.Location = 403, nil }), 0, "inconclusive", "answered with status 403"},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.Identity.Status = 401 }), 0, "fresh", "files is proved: The static files that Nginx's configuration names"},
		{practiced + "static-stale", probes(func(probe *facts.StaticProbe) { probe.Identity.Status = 401 }), 0, "stale", "files is refuted"},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.ReleaseSHA256, probe.ServedSHA256 = "", "" }), 10, "unknown", "the release's file could not be read"},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.Gzip.Status, probe.Gzip.SHA256 = 404, "" }), 10, "ok", "!different content"},
		{healthy, probes(func(probe *facts.StaticProbe) { probe.Gzip.Status, probe.Gzip.SHA256 = 200, "another" }), 10, "fail", "different content"},

		// 11: caches.
		{healthy, func(known *facts.Facts) { unreadable(&known.Site) }, 11, "unknown", "permission denied"},
		{healthy, nil, 11, "ok", "No cache on this box answers instead of the app"},
		{healthy, site(func(site *facts.Site) { site.Public = facts.Asked{} }), 11, "ok", "pass --url to have it asked"},
		{practiced + "healthy/cdn", nil, 11, "ok", "!pass --url"},
		{practiced + "healthy/cdn", site(func(site *facts.Site) { site.Public.Problem = "timeout" }), 11, "unknown", "did not answer this box: timeout"},
		{healthy, site(func(site *facts.Site) { site.App.Problem = "refused" }), 11, "ok", "no answer: refused"},
		{healthy, site(func(site *facts.Site) { site.App = facts.Asked{Where: site.App.Where, Problem: "refused"} }), 11, "unknown", "could not be asked at its own socket: refused"},
		{healthy, site(func(site *facts.Site) { site.Public = facts.Asked{} }), 0, "fresh", "anything in front of the box was not asked"},
		{healthy, pages(func(page *facts.Answer) { page.ServiceWorker = true }), 11, "warn", "registers a service worker"},
		{healthy, pages(func(page *facts.Answer) { page.Cache.MaxAge, page.Cache.NoStore = 600, false }), 11, "warn", "Browsers may keep the page for 600 s"},
		{healthy, pages(func(page *facts.Answer) { page.Cache.MaxAge, page.Cache.NoStore = 600, true }), 11, "ok", "!Browsers may keep"},

		// 14: the marker.
		{healthy, nil, 14, "ok", "which is the release on disk"},
		{healthy, nil, 14, "ok", "through Nginx"},
		{healthy, nil, 14, "ok", "/version\n"},
		{healthy, silent(500), 14, "unknown", "answers with status 500"},
		{healthy, silent(0), 14, "unknown", "did not answer at"},
		{healthy, site(func(site *facts.Site) { site.Address.URL += "//" }), 14, "ok", "!///version"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Deployment) }, 14, "unknown", "what is on disk could not be read to compare it with: permission denied"},
	})
}

// TestWhatIsToldOfContainersAndReloads: steps 12 and 13.
func TestWhatIsToldOfContainersAndReloads(t *testing.T) {
	t.Parallel()
	const healthy = practiced + "healthy"
	var (
		built   = boxes.Name("built-not-recreated", boxes.Cured)
		mounted = boxes.Name("mounted-not-restarted", boxes.Cured)
		cron    = boxes.Name("healthy-by-cron", boxes.Healthy)
	)
	container := func(change func(*docker.Container)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for index := range known.Containers.Value {
				change(&known.Containers.Value[index])
			}
		}
	}
	hold(t, []telling{
		{built, nil, 12, "ok", "the same in the image as on disk"},
		{mounted, nil, 12, "ok", "Its code comes from"},
		{built, func(known *facts.Facts) { unreadable(&known.Containers) }, 12, "unknown", "permission denied"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Containers) }, 12, "skipped", "the service runs in no container"},
		{healthy, func(known *facts.Facts) {
			unreadable(&known.Containers)
			known.Processes.Value.Servers = nil
		}, 12, "skipped", "starts its server itself, in no container"},
		{healthy, func(known *facts.Facts) {
			unreadable(&known.Containers)
			known.Processes.Value.Servers = nil
			for index := range known.Units.Value {
				known.Units.Value[index].Serves = false
			}
		}, 12, "unknown", "permission denied"},
		{healthy, func(known *facts.Facts) { known.Containers = facts.Of([]docker.Container{}, "") }, 12, "skipped", "no container runs on this box"},
		{healthy, func(known *facts.Facts) {
			known.Containers = facts.Of([]docker.Container{{ID: "1", Name: "other"}}, "")
		}, 12, "skipped", "1 container is on this box"},
		{cron, func(known *facts.Facts) { unreadable(&known.Containers) }, 12, "skipped", "the service runs in no container"},
		{cron, func(known *facts.Facts) {
			known.Containers = facts.Of([]docker.Container{{ID: "1", Name: "other"}}, "")
		}, 12, "skipped", "the service runs in no container"},
		{built, func(known *facts.Facts) { unreadable(&known.Images) }, 12, "unknown", "permission denied"},
		{built, func(known *facts.Facts) { unreadable(&known.Inside) }, 12, "unknown", "the container's files could not be read: permission denied"},
		{built, func(known *facts.Facts) { unreadable(&known.Compose) }, 12, "unknown", "the Compose project could not be read: permission denied"},
		{built, func(known *facts.Facts) { unreadable(&known.ImageSource) }, 12, "unknown", "could not be compared with it: permission denied"},
		{built, func(known *facts.Facts) { known.ImageSource.Value.Compared = 0 }, 12, "unknown", "no file of the build's context was found"},
		{built, func(known *facts.Facts) { known.ImageSource.Value.Partial = true }, 12, "unknown", "not every file of the build's context"},
		{mounted, func(known *facts.Facts) {
			known.Inside.Value.Mounts = append(known.Inside.Value.Mounts, facts.MountState{Mount: docker.Mount{Destination: "/data"}, Problem: "denied"})
		}, 12, "unknown", "the mount at /data could not be compared: denied"},
		{mounted, container(func(one *docker.Container) { one.State = "exited" }), 12, "fail", "is exited"},

		{healthy, nil, 13, "ok", "would load the code on disk, without dropping requests"},
		{healthy, func(known *facts.Facts) { known.Processes.Value.Servers = nil }, 13, "skipped", "no Gunicorn of shop.service runs"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Settings) }, 13, "unknown", "preloads the app could not be told"},
		{healthy, eachMaster(func(master *facts.Process) { master.Unreadable = map[string]string{"directory": "denied"} }), 13, "unknown", "denied"},
		{healthy, func(known *facts.Facts) { known.Settings.Value.PIDFile = "/run/shop.pid" }, 13, "ok", "cat /run/shop.pid"},
		{healthy, func(known *facts.Facts) { known.Settings.Value.Directory = "" }, 13, "ok", "directory it keeps: not known"},
		{practiced + "container-stale", nil, 13, "warn", "Nor would a restart"},
		{practiced + "hup-with-preload", nil, 13, "fail", "!Nor would a restart"},
		{healthy, func(known *facts.Facts) {
			known.Processes.Value.Servers[0].Master.Started = known.TakenAt.Add(-time.Minute)
		}, 13, "ok", "preload: off"},
	})
}
