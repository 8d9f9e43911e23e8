package causes

import (
	"cmp"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func staticStale() Kind {
	return Kind{
		ID: "static-stale", Title: "Clients get static files of another release",
		Step:  walk.StaticAssets().Number,
		Claim: report.ClaimFiles,
		Hop:   report.HopNginx, instead: "serves static files of another release",
		common: true,
		find:   findStatic,
		under:  []func() Kind{nginxNotReloaded, cacheServesOld, symlinkBroken, frontElsewhere},
		page: guide.Page{
			What: "The app is new, its style sheets and scripts are not: what Nginx serves differs from the file in the release.",
			How: "root or alias holds the path of one release; the asset build did not run; collected files were not copied; " +
				"open_file_cache still holds the file behind the old link; a .gz or .br beside the file is of an older build, " +
				"and gzip_static prefers it.",
			Commands: []string{
				"curl -s {url}{asset} | sha256sum; sha256sum {current}{asset}",
				"curl -s -H 'Accept-Encoding: gzip' {url}{asset} | gunzip | sha256sum",
				"sudo nginx -T 2>/dev/null | grep -nE 'root|alias|gzip_static|open_file_cache'",
			},
			Prevent: "Let root or alias lead through the link, build into the release before the switch, compress in the same " +
				"step, and put a hash into the names.",
			Guard: []string{"alias {current}/static/;", "find {root}/releases/$RELEASE/static -name '*.css' -exec gzip -kf9 {} +"},
			See:   []string{"edit-nginx", "static-assets"},
		},
	}
}

// findStatic sees static files served with different content than the release has: another
// directory, or a compressed twin that was not made anew (G32, G33, G36).
func findStatic(b *box.Box) *report.Finding {
	if !b.Static.Known {
		return nil
	}
	var best *report.Finding
	for _, probe := range b.Static.Value.Probes {
		if b.GivenOf(probe).Own == "" {
			continue
		}
		if finding := staticProbe(b, probe); finding != nil && (best == nil || finding.Decides() && !best.Decides()) {
			best = finding
		}
	}
	return best
}

func staticProbe(b *box.Box, probe facts.StaticProbe) *report.Finding {
	if probe.Location != nil && probe.ServedFile == "" {
		// The block answers by itself (return): there is no file that could be an older one.
		return nil
	}
	file := sys.Textf("%s", probe.ReleaseFile)
	given := b.GivenOf(probe)
	identity := given.Differs()
	gzip := !given.Named && given.SHA256 != "" && probe.Gzip.Status == 200 && probe.Gzip.SHA256 != given.Own
	served := report.Observed("served", sys.Textf("sha256 %.12s, ETag %s", probe.Identity.SHA256, probe.Identity.Headers["Etag"]), sys.Textf("curl %s", probe.URLPath))
	if given.Named {
		served = report.Observed("what Nginx's configuration names for it", sys.Textf("sha256 %.12s", given.SHA256), sys.Typed("sha256sum %s", probe.ServedResolved))
	}
	own := report.Observed("in the release", sys.Textf("sha256 %.12s", given.Own), file)
	if finding, ok := frontStatic(b, probe); identity && ok {
		return finding
	}
	switch {
	case identity && probe.Location != nil && probe.ServedResolved != "" && !b.ServedFromRelease(probe):
		return staticElsewhere(b, probe, served, own)
	case !identity && gzip:
		return &report.Finding{
			Confidence: report.Certain,
			Why: sys.Textf("Asked plainly, %s has the release's content; asked as browsers do, with compression, it has another: %s is older than the file that it stands for. curl shows the new file, and every browser the old one.",
				probe.URLPath, cmp.Or(probe.Compressed, "the compressed twin")),
			Evidence: []report.Evidence{
				own,
				report.Observed("served plain", sys.Textf("sha256 %.12s", probe.Identity.SHA256), sys.Textf("curl %s", probe.URLPath)),
				report.Observed("served compressed", sys.Textf("sha256 %.12s", probe.Gzip.SHA256), sys.Textf("curl --compressed %s", probe.URLPath)),
			},
			Advice: sys.Textf("Write %s again in the deploy (gzip -9 -k -f), or remove it.", cmp.Or(probe.Compressed, "the compressed file")),
		}
	case identity && probe.Identity.Cache.Hit:
		return nil
	case identity && probe.Location == nil && len(hiddenByVolume(b, func(one facts.SourceDifference) bool { return one.Path == probe.ReleaseFile })) > 0:
		return staticInVolume(b, probe)
	case identity && probe.Location == nil && b.MayHoldOldCode():
		// The app serves it itself, from the release that it still runs, or may.
		return nil
	case identity && probe.Location != nil && probe.Location.OpenFileCache:
		return &report.Finding{
			Confidence: report.Certain,
			Why: sys.Textf("%s is served with different content than the file that its path now leads to. open_file_cache is on there: Nginx keeps the old file open after the link has moved.",
				probe.URLPath),
			Evidence: []report.Evidence{served, own, report.Observed("open_file_cache", "on", sys.Textf("%s:%d", probe.Location.File, probe.Location.Line))},
			Fixes:    fixes.IDs(fixes.NginxReload),
		}
	case identity:
		return &report.Finding{
			Confidence: report.Likely,
			Why:        sys.Textf("%s is served with different content than %s has.", probe.URLPath, probe.ReleaseFile),
			Evidence:   []report.Evidence{served, own},
			Advice:     "The app, or what stands before it, takes its static files from elsewhere; restart it if it was started from another release, or build the files again.",
		}
	}
	return nil
}

// staticElsewhere is a file that Nginx takes from outside the active release, with another
// content. In another release, or with its content, it is that one's; in a directory of
// its own it may well be meant so: built files, or a front end that is deployed apart.
func staticElsewhere(b *box.Box, probe facts.StaticProbe, served, own report.Evidence) *report.Finding {
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("%s is served from %s, which is not the active release %s, and its content is another.",
			probe.URLPath, probe.ServedResolved, b.Deployment.Value.Active),
		Evidence: []report.Evidence{
			report.Observed("root or alias", sys.Textf("%s%s", probe.Location.Root, probe.Location.Alias), sys.Textf("%s:%d", probe.Location.RootFile, probe.Location.RootLine)), served, own,
		},
		Fixes:  fixes.IDs(fixes.EditNginx),
		Advice: "If the files are built or copied by the deploy, run that step again.",
	}
	if given := b.GivenOf(probe); given.Named {
		finding.Why = sys.Textf("%s. By Nginx's configuration it comes from %s, which is not the active release %s, and the content of that file is another.",
			given.Why, probe.ServedResolved, b.Deployment.Value.Active)
	}
	_, inRelease := b.Deployment.Value.ReleaseOf(probe.ServedResolved)
	switch {
	case inRelease:
	case probe.OtherCommit:
		finding.Confidence, finding.Fixes = report.Likely, nil
		finding.Why = sys.Textf("By Nginx's configuration %s is served from %s, and what is there is a file as another commit has it: the repository keeps that content, and nothing that is checked out has it.", probe.URLPath, probe.ServedResolved)
		finding.Evidence = append(finding.Evidence, report.Observed("its content is that of", "another commit", sys.Textf("git hash-object %s, and git cat-file -e", probe.ServedResolved)))
	case !b.ServedApart(probe):
		finding.Evidence = append(finding.Evidence, report.Observed("its content is that of", sys.Textf("%s", probe.OtherRelease), "sha256sum in the releases"))
		finding.Fixes = nil
	default:
		finding.Confidence, finding.Fixes = report.Possible, nil
		finding.Why = sys.Textf("By Nginx's configuration %s is served from %s, which lies in no release, and its content is another than the release's file has. That is right where these files are built, or deployed apart; otherwise they are old.",
			probe.URLPath, probe.ServedResolved)
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
			report.Observed("served", sys.Textf("sha256 %.12s", b.GivenOf(probe).SHA256), sys.Typed("curl %s", probe.URLPath)),
			report.Observed("in the release", sys.Textf("sha256 %.12s", probe.ReleaseSHA256), sys.Textf("%s", probe.ReleaseFile)),
			report.Observed("root or alias", sys.Textf("%s%s", probe.Location.Root, probe.Location.Alias), sys.Textf("%s:%d", probe.Location.RootFile, probe.Location.RootLine)),
		},
	}
	mount, mounted := front.Inside.MountOver(inside)
	if mounted && mount.Type == "volume" {
		hidden := facts.SourceDifference{Path: probe.ReleaseFile, Inside: inside, Volume: mount.Name, VolumeAnonymous: mount.Anonymous()}
		finding.Why = sys.Textf("The Nginx in %s serves %s from the volume %s. Docker fills a volume when it is made, and whoever shares it later gets what is in it: a newer image does not reach it.",
			front.Name, probe.URLPath, mount.Name)
		finding.Advice, finding.Fixes = volumeAdvice(b, hidden), volumeFixes(b)
		return finding, true
	}
	if mounted {
		return nil, false
	}
	finding.Why = sys.Textf("The Nginx in %s serves %s from its own image, which was built with other files than the release has.", front.Name, probe.URLPath)
	finding.Advice = sys.Textf("Rebuild that image and recreate its container as well, as the deploy does for the app's (the Compose service %s).", front.Service)
	return finding, true
}

// staticInVolume is a static file that the app serves out of a volume, over the one in the
// image (G44).
func staticInVolume(b *box.Box, probe facts.StaticProbe) *report.Finding {
	hidden := hiddenByVolume(b, func(one facts.SourceDifference) bool { return one.Path == probe.ReleaseFile })[0]
	return &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("%s is served from the volume %s, which lies over the static files of the image. Docker filled it when it was made; newer images do not reach it.",
			probe.URLPath, hidden.Volume),
		Evidence: []report.Evidence{
			report.Observed("served", sys.Textf("sha256 %.12s", probe.Identity.SHA256), sys.Textf("curl %s", probe.URLPath)),
			report.Observed("in the release", sys.Textf("sha256 %.12s", probe.ReleaseSHA256), sys.Textf("%s", probe.ReleaseFile)),
			report.Observed("in the volume", sys.Textf("%s", hidden.Inside), sys.Textf("mount of the volume %s", hidden.Volume)),
		},
		Advice: volumeAdvice(b, hidden),
		Fixes:  volumeFixes(b),
	}
}
