package steps

import (
	"slices"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// judgeMarker: what the app says of itself, asked directly and through the site.
func judgeMarker(v *view) report.Result {
	if !v.Site.Known {
		return notKnown(v.Site)
	}
	site := v.Site.Value
	commands := []sys.Text{sys.Typed("curl -s %s", markerURL(v))}
	app, nginx, public := v.appTally(), v.nginxTally(), tallyOf(site.Public.Version)
	var lines []report.Evidence
	for _, place := range []struct {
		name  string
		tally tally
		asked facts.Asked
	}{{"at the app's socket", app, site.App}, {"through Nginx", nginx, site.Nginx}, {"at the public address", public, site.Public}} {
		if place.asked.Where != "" && place.tally.asked > 0 {
			value := place.tally.words()
			if value == "" {
				value = "an answer without a release in it"
			}
			lines = append(lines, report.Observed(place.name, value, sys.Textf("GET %s at %s", site.VersionPath, place.asked.Where)))
		}
	}
	if label := v.activeIdentity().label(); label != "" {
		lines = append(lines, report.Observed("release on disk", label, sys.Textf("%s", v.Deployment.Value.Active)))
	}
	everywhere := append(append(append([]string{}, app.values...), nginx.values...), public.values...)
	switch {
	case app.asked > 0 && app.failed == app.asked && app.failedStatus != 0 && len(nginx.values) == 0:
		return unknown(sys.Textf("the app answers with status %d at %s, and so names no release", app.failedStatus, site.App.Where)).With(commands, lines...)
	case app.asked > 0 && app.failed == app.asked && len(nginx.values) == 0:
		return unknown(sys.Textf("the app did not answer at %s", site.App.Where)).With(commands, lines...)
	case len(everywhere) == 0:
		result := warn(sys.Textf("The site does not say which release it is: there is no marker at %s.", site.VersionPath)).With(commands, lines...)
		result.Fixes = []string{"release-marker"}
		return result
	}
	for _, value := range everywhere {
		if value != everywhere[0] {
			return failed(sys.Textf("The answers name different releases: %s at the app, %s through Nginx.", app.words(), nginx.words())).With(commands, lines...)
		}
	}
	switch v.meaning(everywhere[0]) {
	case markerExpected:
		return ok(sys.Textf("The live site says that it is %s, which is the release on disk.", everywhere[0])).With(commands, lines...)
	case markerOld, markerOther:
		return warn(sys.Textf("The live site says that it is %s; the release on disk is %s.", everywhere[0], v.activeIdentity().label())).With(commands, lines...)
	}
	if !v.Deployment.Known {
		return unknown(sys.Textf("the live site says that it is %s; what is on disk could not be read to compare it with: %s", everywhere[0], v.Deployment.Problem)).With(commands, lines...)
	}
	return ok(sys.Textf("The live site says that it is %s, the same at every hop that was asked. Nothing on disk carries that name to compare it with.", everywhere[0])).With(commands, lines...)
}

// markerStep is the number of this step.
const markerStep = 14

// saysItIsNew tells whether every release that the site named is the one on disk.
func (v *view) saysItIsNew() bool {
	named := slices.Concat(v.appTally().values, v.nginxTally().values, tallyOf(v.Site.Value.Public.Version).values)
	return len(named) > 0 && !slices.ContainsFunc(named, func(value string) bool { return v.meaning(value) != markerExpected })
}

func markerURL(v *view) string {
	base := v.Site.Value.Address.URL
	for len(base) > 0 && base[len(base)-1] == '/' {
		base = base[:len(base)-1]
	}
	return base + v.Site.Value.VersionPath
}
