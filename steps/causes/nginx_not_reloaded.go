package causes

import (
	"net/http"
	"slices"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
	"flasktui/sys/nginx"
)

func nginxNotReloaded() Kind {
	return Kind{
		ID: "nginx-not-reloaded", Title: "Nginx runs an older configuration than the disk",
		Step:  walk.Nginx().Number,
		Claim: report.ClaimConfiguration,
		Hop:   report.HopNginx, instead: "runs an older configuration than the disk has",
		marks: []Moment{NginxLoaded},
		find:  findNginxNotReloaded,
		under: []func() Kind{nginxConfigInvalid},
		page: guide.Page{
			What: "The configuration was changed after the workers that run were started. What you read on disk is not what answers.",
			How: "The reload was forgotten, or it was refused after it was asked for: an address in use, a missing certificate " +
				"or log directory. The command exits with 0 all the same, and only the error log says \"emerg\". Or Nginx runs in a " +
				"container that has the file mounted by itself: git and editors put a new file in its place, the container keeps the " +
				"old one, and a reload in it reads that again. Then the container has to be restarted.",
			Commands: []string{
				"ps -o pid,lstart,args -C nginx",
				"sudo find /etc/nginx -newermt \"$(ps -o lstart= -C nginx | tail -1)\" -type f",
				"sudo grep emerg /var/log/nginx/error.log | tail -5",
			},
			Prevent: "Let the deploy reload and then look for new workers, not for an exit status.",
			Guard:   []string{"sudo nginx -t && sudo systemctl reload nginx", "flasktui check {unit} --retry-timeout 30s"},
			See:     []string{"nginx-reload", "nginx"},
		},
	}
}

// findNginxNotReloaded sees a configuration that was written after Nginx read it (G28).
func findNginxNotReloaded(b *box.Box) *report.Finding {
	if finding := frontMountReplaced(b); finding != nil {
		return finding
	}
	loaded := b.NginxLoadedAt()
	files := b.NginxFiles.Value
	if !b.NginxFiles.Known || loaded.IsZero() || len(files.Changed) == 0 {
		return nil
	}
	newest, concerns := changedSince(b, files.Changed, loaded)
	if newest.Path == "" {
		return nil
	}
	sure, contradiction := nginxContradicts(b, newest.Path)
	if !concerns || contradiction == "" {
		sure = report.Possible
	}
	finding := &report.Finding{
		Confidence: sure,
		Why: sys.Textf("%s was written at %s, and the running Nginx read its configuration at %s. It treats requests as the old file says.",
			newest.Path, b.ExactClock(newest.At, loaded), b.ExactClock(loaded, newest.At)),
		Evidence: []report.Evidence{
			report.Observed("configuration changed", sys.Textf("%s at %s", newest.Path, b.ExactClock(newest.At, loaded)), sys.Textf("statx %s", newest.Path)),
			report.Observed("Nginx's workers started", b.ExactClock(loaded, newest.At), "/proc/PID/stat of the oldest worker"),
		},
		Fixes: fixes.IDs(fixes.NginxReload),
	}
	switch {
	case contradiction != "":
		finding.Evidence = append(finding.Evidence, report.Observed("it shows", contradiction, "asked just now"))
	case concerns:
		finding.Why = sys.Textf("%s was written at %s, after the running Nginx read its configuration at %s. Nothing that was asked contradicts the file, so its content may be what it was before; if it is not, the change waits for a reload.",
			newest.Path, b.ExactClock(newest.At, loaded), b.ExactClock(loaded, newest.At))
	}
	return finding
}

// frontMountReplaced sees a file of the configuration, mounted into the container of an
// Nginx, whose name now belongs to another file (G46), or a directory of it behind a link
// that has moved (G47). The container holds on to the old one: a reload there reads that
// again.
func frontMountReplaced(b *box.Box) *report.Finding {
	mount, ok := b.FrontMount()
	if !ok {
		return nil
	}
	front := b.Front.Value
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("%s is mounted into %s as a single file. It was replaced by a new file of the same name, as git, rsync and editors do; the container holds on to the old one, so even a reload there reads the old configuration.",
			mount.Source, front.Name),
		Evidence: []report.Evidence{
			report.Observed("on disk now", sys.Textf("%s", mount.Resolved), sys.Typed("stat -L %s", mount.Source)),
			report.Observed("in the container", sys.Textf("another one, at %s", mount.Destination), sys.Typed("stat %s%s", front.Inside.Root, mount.Destination)),
		},
		Fixes: fixes.IDs(fixes.NginxReload),
	}
	switch {
	case mount.Missing:
		finding.Why = sys.Textf("%s, which is mounted at %s of %s, is gone from the disk; its Nginx goes on with what was there.", mount.Source, mount.Destination, front.Name)
		finding.Fixes = nil
		finding.Advice = sys.Textf("Put %s back before the container is started again: Docker would make an empty directory in its place.", mount.Source)
	case !mount.IsFile:
		finding.Why = sys.Textf("%s, which is mounted at %s of %s, now leads to %s; Docker followed the link when it started the container, and its Nginx reads the old directory.", mount.Source, mount.Destination, front.Name, mount.Resolved)
	}
	return finding
}

// nginxContradicts is what the running Nginx does otherwise than the configuration on disk
// says, and how sure that is: a file may be written again with the same content, and its
// time proves nothing by itself. It is empty where nothing is seen. file is the one that
// was written.
func nginxContradicts(b *box.Box, file string) (report.Confidence, sys.Text) {
	site := b.Site.Value
	app, through := b.AppTally().Only(), b.NginxTally()
	asked := b.ReachesOwn() && len(site.Nginx.Version) > 0
	switch {
	case asked && b.IsDown() && slices.ContainsFunc(site.App.Version, facts.Answer.OK):
		return report.Certain, sys.Textf("the app answers at %s, where the file sends requests, and through Nginx nothing does", site.App.Where)
	case asked && len(through.Values) > 0 && nginxSaysOtherwise(b):
		return report.Certain, sys.Textf("the app says %s at the socket where the file sends requests, and through Nginx it is %s", app, through.Words())
	}
	for _, probe := range b.Static.Value.Probes {
		if location := probe.Location; location != nil && !location.OpenFileCache && probe.ServedSHA256 != "" &&
			probe.Identity.Status == http.StatusOK && !probe.Identity.Cache.Hit && probe.Identity.SHA256 != probe.ServedSHA256 {
			return report.Certain, sys.Textf("%s is not answered with %s, which the file names for it", probe.URLPath, probe.ServedResolved)
		}
	}
	if !b.Front.Known && b.Listeners.Known {
		for _, server := range b.SiteNginx().Value.Servers {
			if missing, all := b.ListensFor(server); server.File == file && !all {
				return report.Certain, sys.Textf("nothing listens at %s, where the file has Nginx listen", missing)
			}
		}
	}
	switch {
	case asked && app != "" && site.Address.Location.Handed(site.VersionPath) == site.VersionAt(site.App) && missesAt(b, site.VersionPath, site.App.Version, site.Nginx.Version):
		return report.Likely, sys.Textf("the app knows %s, where the file sends requests for it, and through Nginx it is not found", site.VersionPath)
	case asked && app == "" && pageIsAnother(b):
		return report.Likely, "the page that comes through Nginx differs from the one at the socket where the file sends requests"
	}
	return "", ""
}

// missesAt tells whether a path is found at the app and not through Nginx, though the
// configuration on disk sends it to the app.
func missesAt(b *box.Box, requestPath string, app, through []facts.Answer) bool {
	location, ok := b.Site.Value.Address.Server.LocationFor(requestPath)
	return ok && location.Pass == b.Site.Value.Address.Location.Pass && location.Return == "" && len(app) > 0 && len(through) > 0 &&
		app[0].Status == http.StatusOK && through[0].Status == http.StatusNotFound
}

// pageIsAnother tells whether Nginx gives, even past its caches, another page than the
// app, whose own is the same each time.
func pageIsAnother(b *box.Box) bool {
	asked := b.Site.Value.Nginx
	differs, known := b.PageDiffers(asked)
	return known && differs && len(asked.Busted) > 1 && asked.Busted[1].Status == http.StatusOK &&
		asked.Busted[1].SHA256 != b.Site.Value.App.Home[0].SHA256
}

// changedSince is a file of Nginx that was written after a time, and whether it concerns
// this site: one that holds other sites' blocks alone does not. One that does comes first.
func changedSince(b *box.Box, changed []facts.Change, since time.Time) (file facts.Change, concerns bool) {
	for _, one := range changed {
		if !box.After(one.At, since) {
			continue
		}
		if !ofAnotherSite(b, one.Path) {
			return one, true
		}
		if file.Path == "" {
			file = one
		}
	}
	return file, false
}

// ofAnotherSite tells a file in which server blocks stand, and none that has to do with
// this site.
func ofAnotherSite(b *box.Box, name string) bool {
	address := b.Site.Value.Address
	if address.Server == nil || address.Guessed || address.Server.File == name || address.Location.File == name || address.Location.PassFile == name {
		return false
	}
	config := b.SiteNginx().Value
	if slices.ContainsFunc(config.Upstreams, func(upstream nginx.Upstream) bool { return upstream.File == name }) {
		return false
	}
	named := func(server nginx.Server) bool {
		return slices.ContainsFunc(server.Names, func(host string) bool { return slices.Contains(address.Server.Names, host) })
	}
	inFile := false
	for _, server := range config.Servers {
		if server.File == name {
			inFile = true
			if named(server) {
				return false
			}
		}
	}
	return inFile
}
