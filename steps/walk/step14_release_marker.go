package walk

import (
	"net/url"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// ReleaseMarker is what the site says of itself.
func ReleaseMarker() Step {
	return Step{
		Number: 14, ID: "release-marker", Title: "Release marker",
		Question: "Does the live site itself say which release it is?",
		Claim:    report.ClaimWay,
		Needs:    []func() facts.Group{facts.GroupSite, facts.GroupDeployment},
		Judge:    judgeMarker,
		page: guide.Page{
			Asks: "Does the site itself say which release it runs, through the public address and behind it?",
			Why: "All other evidence is circumstantial. A program that names its own release ends every argument, in one " +
				"request, from anywhere.",
			Good: "The marker answers the same release at the app's socket, through Nginx and at the public address, many " +
				"times over, and it is the release on disk.",
			Read: "One answer proves one worker. flasktui asks twice as many times as there are workers, and two more, for a " +
				"pool in which one worker is newer than the others answers differently in turn. New at the socket and old at " +
				"the public address means something in between answers.",
			Mistake: "Reading the marker's value from the environment file by hand and calling it proof, or setting it at " +
				"build time and never again. A marker read from a file at each request tells what is on disk, not what runs: " +
				"read it once, when the app is loaded.",
			Commands: []string{
				"curl -s {url}/version",
				"curl -s --unix-socket {socket} http://localhost/version",
				"for i in 1 2 3 4 5 6 7 8; do curl -s {url}/version; echo; done | sort | uniq -c",
			},
			IfItFails: "A missing marker is not the fault of the deploy: the other steps can still prove the release, only not as plainly. " +
				"An answer that is old while all else is new leads to what answers in between.",
			Prevent: "Give the app a route that answers with what was set when it was loaded, and let the deploy set it.",
			Guard: []string{
				"RELEASE = os.environ.get(\"APP_RELEASE\", \"unknown\")",
				"",
				"@app.get(\"/version\")",
				"def version():",
				"    return {\"release\": RELEASE}",
			},
			See: []string{"mixed-workers", "cache-serves-old"},
		},
	}
}

// judgeMarker: what the app says of itself, asked directly and through the site.
func judgeMarker(b *box.Box) report.Result {
	if !b.Site.Known {
		return notKnown(b.Site)
	}
	site := b.Site.Value
	commands := []sys.Text{sys.Typed("curl -s %s", markerURL(b))}
	app, nginx, public := b.AppTally(), b.NginxTally(), box.TallyOf(site.Public.Version)
	var lines []report.Evidence
	for _, place := range []struct {
		name  string
		tally box.Tally
		asked facts.Asked
	}{{"at the app's socket", app, site.App}, {"through Nginx", nginx, site.Nginx}, {"at the public address", public, site.Public}} {
		if place.asked.Where != "" && place.tally.Asked > 0 {
			value := place.tally.Words()
			if value == "" {
				value = "an answer without a release in it"
			}
			lines = append(lines, report.Observed(place.name, value, sys.Textf("GET %s at %s", site.VersionAt(place.asked), place.asked.Where)))
		}
	}
	if label := b.ActiveIdentity().Label(); label != "" {
		lines = append(lines, report.Observed("release on disk", label, sys.Textf("%s", b.Deployment.Value.Active)))
	}
	everywhere := b.ReleasesNamed()
	switch {
	case app.Asked > 0 && app.Failed == app.Asked && app.FailedStatus != 0 && len(nginx.Values) == 0:
		return unknown(sys.Textf("the app answers with status %d at %s, and so names no release", app.FailedStatus, site.App.Where)).With(commands, lines...)
	case app.Asked > 0 && app.Failed == app.Asked && len(nginx.Values) == 0:
		return unknown(sys.Textf("the app did not answer at %s", site.App.Where)).With(commands, lines...)
	case len(everywhere) == 0:
		result := warn(sys.Textf("The site does not say which release it is: there is no marker at %s.", site.VersionPath)).With(commands, lines...)
		result.Fixes = fixes.IDs(fixes.ReleaseMarker)
		return result
	}
	for _, value := range everywhere {
		if value != everywhere[0] {
			return failed(sys.Textf("The answers name different releases: %s at the app, %s through Nginx.", app.Words(), nginx.Words())).With(commands, lines...)
		}
	}
	switch b.Meaning(everywhere[0]) {
	case box.MarkerExpected:
		return ok(sys.Textf("The live site says that it is %s, which is the release on disk.", everywhere[0])).With(commands, lines...)
	case box.MarkerOld, box.MarkerOther:
		return warn(sys.Textf("The live site says that it is %s; the release on disk is %s.", everywhere[0], b.ActiveIdentity().Label())).With(commands, lines...)
	}
	if !b.Deployment.Known {
		return unknown(sys.Textf("the live site says that it is %s; what is on disk could not be read to compare it with: %s", everywhere[0], b.Deployment.Problem)).With(commands, lines...)
	}
	return ok(sys.Textf("The live site says that it is %s, the same at every hop that was asked. Nothing on disk carries that name to compare it with.", everywhere[0])).With(commands, lines...)
}

func markerURL(b *box.Box) string {
	base, err := url.Parse(b.Site.Value.Address.URL)
	if err != nil {
		return b.Site.Value.VersionPath
	}
	return base.Scheme + "://" + base.Host + b.Site.Value.VersionPath
}
