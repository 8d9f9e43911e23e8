package walk

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// StaticAssets is what clients get of the static files.
func StaticAssets() Step {
	return Step{
		Number: 10, ID: "static-assets", Title: "Static assets",
		Question: "Are the static files that clients get those of the release?",
		Claim:    report.ClaimFiles,
		Needs:    []func() facts.Group{facts.GroupStatic},
		Judge:    judgeStatic,
		page: guide.Page{
			Asks: "Are the style sheets and scripts that clients get the ones in the release?",
			Why: "Nginx serves them by itself, from its own path, with its own caches. The app can be new while the page looks " +
				"and behaves as before.",
			Good: "The bytes served, with and without gzip, are those of the release's file.",
			Read: "Nginx makes a file's ETag from its time and size, so the tag alone tells which file was served. root or " +
				"alias that leads to an old release, a build that did not run, an open_file_cache that still holds the file " +
				"behind the old link, or a .gz beside the file that nobody renewed: each gives old bytes.",
			Mistake: "Testing with curl alone. Without \"Accept-Encoding: gzip\" you get the plain file, while every browser " +
				"gets the old .gz beside it.",
			Commands: []string{
				"curl -sI {url}{asset}",
				"curl -s {url}{asset} | sha256sum; sha256sum {current}{asset}",
				"curl -s -H 'Accept-Encoding: gzip' {url}{asset} | gunzip | sha256sum",
				"ls -la --time-style=full-iso {current}/static",
			},
			IfItFails: "Correct the path, or run the asset build again and renew compressed copies, before the restart.",
			See:       []string{"static-stale", "edit-nginx"},
		},
	}
}

// judgeStatic: what is served of a few files, plain and compressed, against the
// release's own.
func judgeStatic(b *box.Box) report.Result {
	if !b.Static.Known {
		return notKnown(b.Static)
	}
	static := b.Static.Value
	base := strings.TrimSuffix(b.Site.Value.Address.URL, "/")
	var commands []sys.Text
	var lines []report.Evidence
	checked, named, failing, differing := 0, 0, sys.Text(""), sys.Text("")
	source := sys.Text("")
	for _, probe := range static.Probes {
		if len(commands) == 0 {
			commands = append(commands,
				sys.Typed("find %s -type f | head", static.Directory),
				sys.Typed("curl -sI %s%s", base, probe.URLPath),
				sys.Typed("curl -s --compressed %s%s | sha256sum; sha256sum %s", base, probe.URLPath, probe.ReleaseFile))
		}
		state, how := sys.Text("the same as the release's file"), sys.Textf("GET with and without Accept-Encoding: gzip, against %s", probe.ReleaseFile)
		given := b.GivenOf(probe)
		if given.Named {
			how = sys.Textf("%s, which Nginx's configuration names, against %s", probe.ServedResolved, probe.ReleaseFile)
		}
		switch {
		case given.Own == "":
			state, failing = "the release's file could not be read", sys.Textf("%s could not be read", probe.ReleaseFile)
		case given.SHA256 == "":
			state, failing = given.Why, given.Why
		case given.Differs(), !given.Named && probe.Gzip.Status == 200 && probe.Gzip.SHA256 != given.Own:
			state = "different content from the release's file"
			differing, source = sys.Textf("%s", probe.URLPath), staticSource(b, probe)
		case given.Named:
			named++
			fallthrough
		default:
			checked++
		}
		lines = append(lines, report.Observed(probe.URLPath, state, how))
	}
	switch {
	case differing != "":
		return warn(sys.Textf("%s reaches visitors with different content from the release's file, %s.", differing, source)).With(commands, lines...)
	case checked == 0 && b.ServesNoStaticFile():
		return warn("The app answers 404 for the static files of the release that were asked for: it serves none of them.").With(commands, lines...)
	case checked == 0 && failing != "":
		return unknown(sys.Textf("no static file could be compared: %s", failing)).With(commands, lines...)
	case named > 0:
		return ok(sys.Text("The files that Nginx's configuration names have the content of the release's; a request for them is not answered with the file.")).With(commands, lines...)
	}
	return ok(box.Several(checked, "file has", "files have")+" the content of the release's, asked for with and without compression.").With(commands, lines...)
}

// staticSource says where a file comes from that differs from the release's.
func staticSource(b *box.Box, probe facts.StaticProbe) sys.Text {
	_, old, _ := b.Counts()
	switch {
	case probe.Identity.Cache.Hit:
		return "out of a cache"
	case probe.Location != nil && probe.ServedResolved != "":
		return sys.Textf("out of %s", probe.ServedResolved)
	case old > 0:
		return "by the app itself, which still runs another release"
	}
	return "by the app itself"
}
