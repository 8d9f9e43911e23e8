package steps

import (
	"net/http"
	"slices"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/nginx"
)

// findNginxNotReloaded sees a configuration that was written after Nginx read it (G28).
func findNginxNotReloaded(v *view) *report.Finding {
	if finding := frontMountReplaced(v); finding != nil {
		return finding
	}
	loaded := v.NginxLoadedAt()
	files := v.NginxFiles.Value
	if !v.NginxFiles.Known || loaded.IsZero() || len(files.Changed) == 0 {
		return nil
	}
	newest, concerns := v.changedSince(files.Changed, loaded)
	if newest.Path == "" {
		return nil
	}
	sure, contradiction := v.nginxContradicts(newest.Path)
	if !concerns || contradiction == "" {
		sure = report.Possible
	}
	finding := &report.Finding{
		Confidence: sure,
		Why: sys.Textf("%s was written at %s, and the running Nginx read its configuration at %s. What it does with requests is what the old file says.",
			newest.Path, v.exactClock(newest.At, loaded), v.exactClock(loaded, newest.At)),
		Evidence: []report.Evidence{
			report.Observed("configuration changed", sys.Textf("%s at %s", newest.Path, v.exactClock(newest.At, loaded)), sys.Textf("statx %s", newest.Path)),
			report.Observed("Nginx's workers started", v.exactClock(loaded, newest.At), "/proc/PID/stat of the oldest worker"),
		},
		Fixes: []string{"nginx-reload"},
	}
	switch {
	case contradiction != "":
		finding.Evidence = append(finding.Evidence, report.Observed("it shows", contradiction, "asked just now"))
	case concerns:
		finding.Why = sys.Textf("%s was written at %s, after the running Nginx read its configuration at %s. Nothing that was asked answers otherwise than the file says, so it may hold what it held before; if it does not, the change waits for a reload.",
			newest.Path, v.exactClock(newest.At, loaded), v.exactClock(loaded, newest.At))
	}
	return finding
}

// nginxContradicts is what the running Nginx does otherwise than the configuration on disk
// says, and how sure that is: a file may be written again with the same content, and its
// time proves nothing by itself. It is empty where nothing is seen. file is the one that
// was written.
func (v *view) nginxContradicts(file string) (report.Confidence, sys.Text) {
	site := v.Site.Value
	app, through := v.appTally().only(), v.nginxTally()
	asked := v.reachesOwn() && len(site.Nginx.Version) > 0
	switch {
	case asked && v.isDown() && slices.ContainsFunc(site.App.Version, facts.Answer.OK):
		return report.Certain, sys.Textf("the app answers at %s, where the file sends requests, and through Nginx nobody does", site.App.Where)
	case asked && len(through.values) > 0 && v.nginxSaysOtherwise():
		return report.Certain, sys.Textf("the app says %s at the socket where the file sends requests, and through Nginx it is %s", app, through.words())
	}
	for _, probe := range v.Static.Value.Probes {
		if location := probe.Location; location != nil && !location.OpenFileCache && probe.ServedSHA256 != "" &&
			probe.Identity.Status == http.StatusOK && !probe.Identity.Cache.Hit && probe.Identity.SHA256 != probe.ServedSHA256 {
			return report.Certain, sys.Textf("%s is not answered with %s, which the file names for it", probe.URLPath, probe.ServedResolved)
		}
	}
	if !v.Front.Known && v.Listeners.Known {
		for _, server := range v.NginxDisk.Value.Servers {
			if missing, all := v.ListensFor(server); server.File == file && !all {
				return report.Certain, sys.Textf("nothing listens at %s, where the file has Nginx listen", missing)
			}
		}
	}
	switch {
	case asked && app != "" && v.missesAt(site.VersionPath, site.App.Version, site.Nginx.Version):
		return report.Likely, sys.Textf("the app knows %s, where the file sends requests for it, and through Nginx it is not found", site.VersionPath)
	case asked && app == "" && v.pageIsAnother():
		return report.Likely, "through Nginx another page comes than from the socket where the file sends requests"
	}
	return "", ""
}

// missesAt tells whether a path is found at the app and not through Nginx, though the
// configuration on disk sends it to the app.
func (v *view) missesAt(requestPath string, app, through []facts.Answer) bool {
	location, ok := v.Site.Value.Address.Server.LocationFor(requestPath)
	return ok && location.Pass == v.Site.Value.Address.Location.Pass && location.Return == "" && len(app) > 0 && len(through) > 0 &&
		app[0].Status == http.StatusOK && through[0].Status == http.StatusNotFound
}

// pageIsAnother tells whether Nginx gives, even past its caches, another page than the
// app, whose own is the same each time.
func (v *view) pageIsAnother() bool {
	asked := v.Site.Value.Nginx
	differs, known := v.pageDiffers(asked)
	return known && differs && len(asked.Busted) > 1 && asked.Busted[1].Status == http.StatusOK &&
		asked.Busted[1].SHA256 != v.Site.Value.App.Home[0].SHA256
}

// changedSince is a file of Nginx that was written after a time, and whether it concerns
// this site: one that holds other sites' blocks alone does not. One that does comes first.
func (v *view) changedSince(changed []facts.Change, since time.Time) (file facts.Change, concerns bool) {
	for _, one := range changed {
		if !after(one.At, since) {
			continue
		}
		if !v.ofAnotherSite(one.Path) {
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
func (v *view) ofAnotherSite(name string) bool {
	address := v.Site.Value.Address
	if address.Server == nil || address.Guessed || address.Server.File == name || address.Location.File == name || address.Location.PassFile == name {
		return false
	}
	config := v.NginxDisk.Value
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
