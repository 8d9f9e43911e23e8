package causes

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

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
		Why: sys.Textf("%s is mounted into %s as a single file. It was replaced by a new file of the same name, as git, rsync and editors do; the container holds on to the old one, so that even a reload there reads the old configuration.",
			mount.Source, front.Name),
		Evidence: []report.Evidence{
			report.Observed("on disk now", sys.Textf("%s", mount.Resolved), sys.Typed("stat -L %s", mount.Source)),
			report.Observed("in the container", sys.Textf("another one, at %s", mount.Destination), sys.Typed("stat %s%s", front.Inside.Root, mount.Destination)),
		},
		Fixes: []string{"nginx-reload"},
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

// frontStatic is a static file that the Nginx of a container serves out of its own image or
// of a volume, and that is not the release's; ok is false for any other.
func frontStatic(b *box.Box, probe facts.StaticProbe) (finding *report.Finding, ok bool) {
	front := b.Front.Value
	inside, within := strings.CutPrefix(probe.ServedFile, front.Inside.Root+"/")
	if !b.Front.Known || !within || front.Inside.Root == "" {
		return nil, false
	}
	inside = "/" + inside
	finding = &report.Finding{
		Confidence: report.Certain,
		Evidence: []report.Evidence{
			report.Observed("served", sys.Textf("sha256 %.12s", probe.Identity.SHA256), sys.Typed("curl %s", probe.URLPath)),
			report.Observed("in the release", sys.Textf("sha256 %.12s", probe.ReleaseSHA256), sys.Textf("%s", probe.ReleaseFile)),
			report.Observed("root or alias", sys.Textf("%s%s", probe.Location.Root, probe.Location.Alias), sys.Textf("%s:%d", probe.Location.RootFile, probe.Location.RootLine)),
		},
	}
	mount, mounted := front.Inside.MountOver(inside)
	if mounted && mount.Type == "volume" {
		hidden := facts.SourceDifference{Path: probe.ReleaseFile, Inside: inside, Volume: mount.Name, VolumeAnonymous: mount.Anonymous()}
		finding.Why = sys.Textf("The Nginx in %s serves %s from the volume %s. Docker fills a volume when it is made, and whoever shares it later gets what is in it: a newer image does not reach it.",
			front.Name, probe.URLPath, mount.Name)
		finding.Advice = volumeAdvice(b, hidden)
		return finding, true
	}
	if mounted {
		return nil, false
	}
	finding.Why = sys.Textf("The Nginx in %s serves %s from its own image, which was built with other files than the release has.", front.Name, probe.URLPath)
	finding.Advice = sys.Textf("Build that image and make its container anew as well, as the deploy does for the app's (the Compose service %s).", front.Service)
	return finding, true
}
