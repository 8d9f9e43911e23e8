package box

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// Given is what visitors get of one static file: as a request was answered, or, where nobody
// may ask, as Nginx's configuration names it.
type Given struct {
	// SHA256 is the content; empty where neither tells, and Why says why not.
	SHA256 string
	// Own is the content that the release has for it; empty where it could not be read.
	Own string
	// Named says that the content is that of the file which the configuration names, and was
	// not sent. Why says why it was not.
	Named bool
	Why   sys.Text
}

// Differs tells whether visitors get another content than the release's.
func (given Given) Differs() bool {
	return given.SHA256 != "" && given.Own != "" && given.SHA256 != given.Own
}

// GivenOf is what visitors get of a static file. An answer that is not the file (a password
// is asked for, another address is named, a page comes in its place) shows nothing of it.
func (b *Box) GivenOf(probe facts.StaticProbe) Given {
	given := Given{Own: probe.ReleaseSHA256}
	if b.ServedFromRelease(probe) && probe.ServedSHA256 != "" {
		// The release may have files of one name in two directories; this is the one that
		// is served.
		given.Own = probe.ServedSHA256
	}
	given.Why = notTheFile(probe)
	if given.Why == "" {
		given.SHA256 = probe.Identity.SHA256
		return given
	}
	if doubt := b.namedDoubt(probe); doubt != "" {
		given.Why += ", " + doubt
		return given
	}
	given.SHA256, given.Named = probe.ServedSHA256, true
	return given
}

// notTheFile says why an answer does not show the file; empty where it is the file.
func notTheFile(probe facts.StaticProbe) sys.Text {
	answer := probe.Identity
	switch {
	case answer.Problem != "":
		return sys.Textf("%s was not answered (%s)", probe.URLPath, answer.Problem)
	case answer.Status != http.StatusOK:
		return sys.Textf("%s is answered with status %d", probe.URLPath, answer.Status)
	case strings.HasPrefix(answer.Headers["Content-Type"], "text/html") && !strings.HasPrefix(path.Ext(probe.URLPath), ".htm"):
		return sys.Textf("a page is sent in the place of %s", probe.URLPath)
	}
	return ""
}

// namedDoubt says why Nginx's configuration does not tell what visitors would get either;
// empty where it does.
func (b *Box) namedDoubt(probe facts.StaticProbe) sys.Text {
	location, answer := probe.Location, probe.Identity
	switch {
	case location == nil:
		return "and no root or alias of Nginx names a file for it"
	case answer.Problem == "" && (answer.Status == http.StatusOK || answer.Status == http.StatusNotFound):
		return "though Nginx's configuration names a file for it"
	case probe.ServedSHA256 == "":
		return "and the file that Nginx's configuration names for it was not read"
	case location.OpenFileCache:
		return "and by open_file_cache Nginx may hold another file than the one at that path"
	case len(location.TryFiles) > 0 && location.TryFiles[0] != "$uri":
		return "and try_files may name another file for it"
	case location.GzipStatic && probe.Compressed != "", location.BrotliStatic && probe.Compressed != "":
		return sys.Textf("and browsers would get %s, whose content was not seen", probe.Compressed)
	case b.Front.Value.Edge != nil:
		return "and another Nginx stands before the one that serves it"
	case !b.NginxHasItsFiles():
		return "and whether the running Nginx has the configuration on disk is not known"
	}
	return ""
}

// NginxHasItsFiles tells whether no file of Nginx's configuration was written since the
// running Nginx read it.
func (b *Box) NginxHasItsFiles() bool {
	loaded := b.NginxLoadedAt()
	if !b.NginxFiles.Known || loaded.IsZero() {
		return false
	}
	for _, file := range b.NginxFiles.Value.Changed {
		if After(file.At, loaded) {
			return false
		}
	}
	return true
}

// ServedFromRelease tells whether the served file is the release's own by its path.
func (b *Box) ServedFromRelease(probe facts.StaticProbe) bool {
	return probe.ServedResolved != "" && sys.Within(b.Deployment.Value.Active, probe.ServedResolved)
}

// ServedApart tells whether Nginx serves a file from a directory that is no release's, with
// a content that no release beside the active one has, nor any other commit: built, or deployed
// apart.
func (b *Box) ServedApart(probe facts.StaticProbe) bool {
	_, inRelease := b.Deployment.Value.ReleaseOf(probe.ServedResolved)
	return probe.Location != nil && probe.ServedResolved != "" && !inRelease && probe.OtherRelease == "" && !probe.OtherCommit && !b.ServedFromRelease(probe)
}

// ServesNoStaticFile tells whether the app itself, to which all that was asked for leads, has no
// such file for visitors: nothing old reaches them, and nothing new. A 404 from where Nginx's
// configuration names a file is none of that.
func (b *Box) ServesNoStaticFile() bool {
	probes := b.Static.Value.Probes
	served := func(probe facts.StaticProbe) bool {
		return probe.Location != nil || probe.Identity.Problem != "" || probe.Identity.Status != http.StatusNotFound
	}
	return len(probes) > 0 && !slices.ContainsFunc(probes, served)
}
