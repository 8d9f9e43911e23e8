package steps_test

import (
	"net/netip"
	"testing"
	"time"

	"flasktui/lab/boxes"
	"flasktui/steps/facts"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// TestWhatIsToldOfAnNginxWhoseFileWasWritten after it read it: what it does otherwise than the
// file says makes that certain or likely; a time by itself proves nothing.
func TestWhatIsToldOfAnNginxWhoseFileWasWritten(t *testing.T) {
	t.Parallel()
	const (
		healthy = practiced + "healthy"
		file    = "/etc/nginx/sites-enabled/shop.example"
		quiet   = "nginx-not-reloaded is possible"
		sure    = "nginx-not-reloaded is certain"
		likely  = "nginx-not-reloaded is likely"
	)
	// written has files of Nginx written a minute ago.
	written := func(change func(known *facts.Facts, site *facts.Site), names ...string) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for _, name := range names {
				known.NginxFiles.Value.Changed = append(known.NginxFiles.Value.Changed, facts.Change{Path: name, At: known.TakenAt.Add(-time.Minute)})
			}
			change(known, &known.Site.Value)
		}
	}
	nothing := func(*facts.Facts, *facts.Site) {}
	each := func(answers []facts.Answer, change func(*facts.Answer)) {
		for index := range answers {
			change(&answers[index])
		}
	}
	// unnamed is an app that does not name its release.
	unnamed := func(site *facts.Site) {
		for _, asked := range []*facts.Asked{&site.App, &site.Nginx, &site.Public} {
			for _, answers := range [][]facts.Answer{asked.Version, asked.Home, asked.Busted} {
				each(answers, func(answer *facts.Answer) { answer.Marker.Value = "" })
			}
		}
	}
	another := func(site *facts.Site) {
		unnamed(site)
		each(site.Nginx.Home, func(answer *facts.Answer) { answer.SHA256 = "another" })
		each(site.Nginx.Busted, func(answer *facts.Answer) { answer.SHA256 = "another" })
		each(site.Public.Home, func(answer *facts.Answer) { answer.SHA256 = "another" })
		each(site.Public.Busted, func(answer *facts.Answer) { answer.SHA256 = "another" })
	}
	notFound := func(site *facts.Site) {
		each(site.Nginx.Version, func(answer *facts.Answer) { answer.Status, answer.Marker.Value = 404, "" })
		each(site.Public.Version, func(answer *facts.Answer) { answer.Status, answer.Marker.Value = 404, "" })
	}
	probe := func(change func(*facts.StaticProbe)) func(*facts.Facts, *facts.Site) {
		return func(known *facts.Facts, _ *facts.Site) {
			for index := range known.Static.Value.Probes {
				one := &known.Static.Value.Probes[index]
				one.Location, one.ServedSHA256, one.ServedResolved = &nginx.Location{Path: "/static/"}, "the file's", "/srv/elsewhere/x.css"
				one.Identity.Status, one.Identity.SHA256, one.Identity.Cache.Hit = 200, "another", false
				change(one)
			}
		}
	}
	block := func(known *facts.Facts) *nginx.Server { return &known.NginxDisk.Value.Servers[0] }
	hold(t, []telling{
		{healthy, written(nothing), 0, "fresh", "!nginx-not-reloaded"},
		{healthy, written(nothing, file), 0, "fresh", quiet},
		{healthy, written(nothing, file), 0, "fresh", "Nothing that was asked contradicts the file"},
		{healthy, written(func(known *facts.Facts, _ *facts.Site) { unreadable(&known.NginxFiles) }, file), 0, "fresh", "!nginx-not-reloaded"},
		{healthy, written(func(known *facts.Facts, _ *facts.Site) {
			for index := range known.NginxFiles.Value.Changed {
				known.NginxFiles.Value.Changed[index].At = known.TakenAt.AddDate(-1, 0, 0)
			}
		}, file), 0, "fresh", "!nginx-not-reloaded"},

		// Through it the app does not answer, or otherwise.
		{healthy, written(func(_ *facts.Facts, site *facts.Site) {
			for _, asked := range []*facts.Asked{&site.Nginx, &site.Public} {
				each(asked.Version, func(answer *facts.Answer) { answer.Status, answer.Marker.Value = 502, "" })
				each(asked.Home, func(answer *facts.Answer) { answer.Status = 502 })
			}
		}, file), 0, "down", "and through Nginx nothing does"},
		{healthy, written(func(_ *facts.Facts, site *facts.Site) {
			for _, answers := range [][]facts.Answer{site.Nginx.Version, site.Nginx.Busted} {
				each(answers, func(answer *facts.Answer) { answer.Marker.Value = "20260302142000" })
			}
		}, file), 0, "stale", sure},
		{healthy, written(func(_ *facts.Facts, site *facts.Site) {
			for _, answers := range [][]facts.Answer{site.Nginx.Version, site.Nginx.Busted} {
				each(answers, func(answer *facts.Answer) { answer.Marker.Value = "20260302142000" })
			}
		}), 0, "inconclusive", "!nginx-not-reloaded"},

		// A static file is not the one that the file names.
		{healthy, written(probe(func(*facts.StaticProbe) {}), file), 0, "stale", "which the file names for it"},
		{healthy, written(probe(func(one *facts.StaticProbe) { one.Location.OpenFileCache = true }), file), 0, "fresh", "!which the file names for it"},
		{healthy, written(probe(func(one *facts.StaticProbe) { one.Location = nil }), file), 0, "stale", "!which the file names for it"},
		{healthy, written(probe(func(one *facts.StaticProbe) { one.ServedSHA256 = "" }), file), 0, "fresh", "!which the file names for it"},
		{healthy, written(probe(func(one *facts.StaticProbe) { one.Identity.Status = 500 }), file), 0, "inconclusive", "!which the file names for it"},
		{healthy, written(probe(func(one *facts.StaticProbe) { one.Identity.Cache.Hit = true }), file), 0, "fresh", "!which the file names for it"},
		{healthy, written(probe(func(one *facts.StaticProbe) { one.Identity.SHA256 = one.ServedSHA256 }), file), 0, "fresh", "!which the file names for it"},

		// It does not listen where the file says.
		{healthy, written(func(known *facts.Facts, _ *facts.Site) {
			block(known).Listens = append(block(known).Listens, nginx.Listen{Address: "0.0.0.0:8443"})
		}, file), 0, "stale", "nothing listens at 127.0.0.1:8443, where the file has Nginx listen"},
		{healthy, written(func(known *facts.Facts, _ *facts.Site) {
			block(known).Listens = append(block(known).Listens, nginx.Listen{Address: "0.0.0.0:8443"})
			known.Listeners.Value = append(known.Listeners.Value, proc.Listener{Address: netip.MustParseAddrPort("0.0.0.0:8443"), Inode: 99})
		}, file), 0, "fresh", quiet},
		{healthy, written(func(known *facts.Facts, _ *facts.Site) {
			block(known).Listens = append(block(known).Listens, nginx.Listen{Address: "0.0.0.0:8443"})
		}, "/etc/nginx/nginx.conf"), 0, "fresh", quiet},

		// Where the app names no release, its pages tell.
		{healthy, written(func(_ *facts.Facts, site *facts.Site) { another(site) }, file), 0, "stale", likely},
		{healthy, written(func(_ *facts.Facts, site *facts.Site) { unnamed(site) }, file), 0, "fresh", quiet},

		// The path that names it is not found.
		{healthy, written(func(_ *facts.Facts, site *facts.Site) { notFound(site) }, file), 0, "stale", "and through Nginx it is not found"},
		{healthy, written(func(_ *facts.Facts, site *facts.Site) {
			notFound(site)
			each(site.App.Version, func(answer *facts.Answer) { answer.Status = 404 })
		}, file), 0, "fresh", "!and through Nginx it is not found"},
		{healthy, written(func(_ *facts.Facts, site *facts.Site) {
			notFound(site)
			each(site.Nginx.Version, func(answer *facts.Answer) { answer.Status = 403 })
		}, file), 0, "fresh", "!and through Nginx it is not found"},
		{healthy, written(func(_ *facts.Facts, site *facts.Site) {
			notFound(site)
			site.Address.Server.Locations = append(site.Address.Server.Locations, nginx.Location{Path: site.VersionPath, Match: "=", Return: "404"})
		}, file), 0, "fresh", "!and through Nginx it is not found"},

		// Files of other sites, and what has to do with this one.
		{healthy, written(func(known *facts.Facts, _ *facts.Site) {
			known.NginxDisk.Value.Servers = append(known.NginxDisk.Value.Servers, nginx.Server{File: "/etc/nginx/sites-enabled/blog", Names: []string{"blog.example"}})
		}, "/etc/nginx/sites-enabled/blog"), 0, "fresh", "It treats requests as the old file says."},
		{healthy, written(func(known *facts.Facts, _ *facts.Site) {
			known.NginxDisk.Value.Servers = append(known.NginxDisk.Value.Servers, nginx.Server{File: "/etc/nginx/sites-enabled/shop-tls", Names: []string{"shop.example"}})
		}, "/etc/nginx/sites-enabled/shop-tls"), 0, "fresh", "Nothing that was asked contradicts the file"},
		{healthy, written(nothing, "/etc/nginx/snippets/proxy"), 0, "fresh", "Nothing that was asked contradicts the file"},
		{healthy, written(func(known *facts.Facts, _ *facts.Site) {
			known.NginxDisk.Value.Servers = append(known.NginxDisk.Value.Servers, nginx.Server{File: "/etc/nginx/sites-enabled/blog", Names: []string{"blog.example"}})
			known.NginxDisk.Value.Upstreams = append(known.NginxDisk.Value.Upstreams, nginx.Upstream{Name: "shop", File: "/etc/nginx/sites-enabled/blog"})
		}, "/etc/nginx/sites-enabled/blog"), 0, "fresh", "Nothing that was asked contradicts the file"},
		{healthy, written(func(known *facts.Facts, site *facts.Site) {
			known.NginxDisk.Value.Servers = append(known.NginxDisk.Value.Servers, nginx.Server{File: "/etc/nginx/sites-enabled/blog", Names: []string{"blog.example"}})
			site.Address.Location.PassFile = "/etc/nginx/sites-enabled/blog"
		}, "/etc/nginx/sites-enabled/blog"), 0, "fresh", "Nothing that was asked contradicts the file"},
		{healthy, written(func(known *facts.Facts, _ *facts.Site) {
			known.NginxDisk.Value.Servers = append(known.NginxDisk.Value.Servers, nginx.Server{File: "/etc/nginx/sites-enabled/blog", Names: []string{"blog.example"}})
		}, "/etc/nginx/sites-enabled/blog", file), 0, "fresh", file + " was written at"},
	})
}

// TestWhatIsToldOfAFileThatANginxsContainerHolds, and that was replaced on the box (G46, G47).
func TestWhatIsToldOfAFileThatANginxsContainerHolds(t *testing.T) {
	t.Parallel()
	replaced := boxes.Name("front-file-replaced", boxes.Broken)
	mount := func(change func(*facts.MountState)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for index := range known.Front.Value.Inside.Mounts {
				change(&known.Front.Value.Inside.Mounts[index])
			}
		}
	}
	hold(t, []telling{
		{replaced, nil, 0, "stale", "as a single file. It was replaced by a new file of the same name"},
		{replaced, mount(func(one *facts.MountState) { one.Missing = true }), 0, "stale", "is gone from the disk; its Nginx goes on with what was there"},
		{replaced, mount(func(one *facts.MountState) { one.Missing = true }), 0, "stale", "nginx-not-reloaded is certain, fixes []"},
		{replaced, mount(func(one *facts.MountState) { one.IsFile = false }), 0, "stale", "Docker followed the link when it started the container"},
	})
}
