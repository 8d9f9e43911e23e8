package steps

import (
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/nginx"
)

// isBehind tells whether a background process stands in another release than the active
// one, or began before the code changed.
func (v *view) isBehind(process facts.Background) bool {
	deployment := v.Deployment.Value
	release, inRelease := deployment.ReleaseOf(strings.TrimSuffix(process.Release, " (deleted)"))
	elsewhere := inRelease && deployment.Link != nil && release.Path != deployment.Active
	return elsewhere || after(v.change.At, process.Started) && !v.change.At.IsZero() && !v.startedFromCommit(process)
}

// findBackground sees Celery and its like that began before the code changed (G14).
func findBackground(v *view) *report.Finding {
	var stale []facts.Background
	for _, process := range v.Background.Value {
		if v.isBehind(process) {
			stale = append(stale, process)
		}
	}
	for _, gunicorn := range v.siblingsBehind() {
		stale = append(stale, facts.Background{Process: gunicorn.Master, Unit: v.runnerOf(gunicorn), Release: gunicorn.Master.Directory})
	}
	if len(stale) == 0 {
		return nil
	}
	finding := &report.Finding{
		Confidence: confidence(v.change.Proven),
		Why:        several(len(stale), "background process", "background processes") + " of the same app started before the code changed. Restarting the site does not restart them.",
	}
	var units []string
	for _, process := range stale {
		finding.Evidence = append(finding.Evidence, report.Observed(string(sys.Textf("process %d", process.PID)),
			sys.Textf("started %s in %s — %s", v.clock(process.Started), process.Release, commandWords(process.CommandLine)), sys.Textf("/proc/%d", process.PID)))
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
func (v *view) siblingsBehind() []facts.Gunicorn {
	var behind []facts.Gunicorn
	for _, gunicorn := range v.Processes.Value.Gunicorns {
		runner, inService := v.RunBy(gunicorn)
		serves := slices.ContainsFunc(v.serving, func(serving facts.Gunicorn) bool { return serving.Master.PID == gunicorn.Master.PID })
		if inService && !serves && !v.isOwn(gunicorn) && runner.Name != v.unit.Name && v.ageOf(gunicorn) == holdsOld && v.answersForSite(gunicorn) {
			behind = append(behind, gunicorn)
		}
	}
	return behind
}

// startedFromCommit tells whether a process was started from the commit that is checked
// out, and no file holds anything else since.
func (v *view) startedFromCommit(process facts.Background) bool {
	repository := v.Deployment.Value.Repository
	return repository != nil && repository.LeftAndCameBack(process.Started) && !after(v.Code.Value.Edited.At, process.Started)
}

// answersForSite tells whether any location of the site's server block leads to a Gunicorn.
func (v *view) answersForSite(gunicorn facts.Gunicorn) bool {
	server := v.Site.Value.Address.Server
	return server != nil && slices.ContainsFunc(server.Locations, func(location nginx.Location) bool {
		return location.Pass != "" && v.holdsAny(gunicorn, v.BackendAddresses(location))
	})
}
