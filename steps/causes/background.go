package causes

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/nginx"
)

// findBackground sees Celery and its like that began before the code changed (G14).
func findBackground(b *box.Box) *report.Finding {
	var stale []facts.Background
	for _, process := range b.Background.Value {
		if b.IsBehind(process) {
			stale = append(stale, process)
		}
	}
	for _, gunicorn := range siblingsBehind(b) {
		stale = append(stale, facts.Background{Process: gunicorn.Master, Unit: b.RunnerOf(gunicorn), Release: gunicorn.Master.Directory})
	}
	if len(stale) == 0 {
		return nil
	}
	finding := &report.Finding{
		Confidence: confidence(b.Change.Proven),
		Why:        box.Several(len(stale), "background process", "background processes") + " of the same app started before the code changed. Restarting the site does not restart them.",
	}
	var units []string
	for _, process := range stale {
		finding.Evidence = append(finding.Evidence, report.Observed(string(sys.Textf("process %d", process.PID)),
			sys.Textf("started %s in %s — %s", b.Clock(process.Started), process.Release, commandWords(process.CommandLine)), sys.Textf("/proc/%d", process.PID)))
		if process.Unit != "" && !slices.Contains(units, process.Unit) {
			units = append(units, process.Unit)
		}
	}
	finding.Advice = "Restart them by whatever started them; no unit is known to run them."
	if len(units) > 0 {
		finding.Advice = sys.Textf("Restart them as well: systemctl restart %s", strings.Join(units, " "))
	}
	return finding
}

// siblingsBehind are the Gunicorns of other services that answer for other paths of the
// site (an API, an admin page) out of the same deployment, with old code.
func siblingsBehind(b *box.Box) []facts.Gunicorn {
	var behind []facts.Gunicorn
	for _, gunicorn := range b.Processes.Value.Gunicorns {
		runner, inService := b.RunBy(gunicorn)
		serves := slices.ContainsFunc(b.Serving, func(serving facts.Gunicorn) bool { return serving.Master.PID == gunicorn.Master.PID })
		if inService && !serves && !b.IsOwn(gunicorn) && runner.Name != b.Unit.Name && b.AgeOf(gunicorn) == box.HoldsOld && answersForSite(b, gunicorn) {
			behind = append(behind, gunicorn)
		}
	}
	return behind
}

// answersForSite tells whether any location of the site's server block leads to a Gunicorn.
func answersForSite(b *box.Box, gunicorn facts.Gunicorn) bool {
	server := b.Site.Value.Address.Server
	return server != nil && slices.ContainsFunc(server.Locations, func(location nginx.Location) bool {
		return location.Pass != "" && b.HoldsAny(gunicorn, b.BackendAddresses(location))
	})
}
