package causes

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
	"flasktui/sys/nginx"
)

func backgroundWorkersStale() Kind {
	return Kind{
		ID: "background-workers-stale", Title: "Background workers still run the old code",
		Step:  walk.ServiceRestart().Number,
		Claim: report.ClaimLoaded,
		Hop:   report.HopWorkers, besides: "background workers do not",
		marks: []Moment{BackgroundStarted},
		find:  findBackgroundWorkers,
		page: guide.Page{
			What: "The site is new, but Celery, RQ, a scheduler or a consumer of the same app still runs what it loaded before. " +
				"Jobs fail on arguments that they do not know, or do yesterday's work.",
			How: "The deploy restarts the web service, and the workers are units of their own that nobody listed. A pool that " +
				"replaces its children can even run both. In a Compose project, `up -d web` leaves the worker's container as it is.",
			Commands: []string{
				"ps -eo pid,lstart,args | grep -e celery -e 'rq worker' | grep -v grep",
				"systemctl list-units --type=service | grep -i -e celery -e rq -e worker",
				"docker compose -p {project} ps --format json",
			},
			Prevent: "Tie them together: a target that owns all services of the app, restarted as one.",
			Guard:   []string{"[Unit]", "PartOf={unit}", "# or in the deploy: systemctl restart {unit} 'shop-worker@*'"},
			See:     []string{"service-not-restarted"},
		},
	}
}

// findBackgroundWorkers sees whatever runs the same app beside the service, and began before
// the code changed: processes on the box, and other services of the Compose project.
func findBackgroundWorkers(b *box.Box) *report.Finding {
	finding := findBackground(b)
	var services []string
	for _, sibling := range b.Siblings.Value {
		line, old := siblingOld(b, sibling)
		if !old || slices.Contains(services, sibling.Service) {
			continue
		}
		services = append(services, sibling.Service)
		if finding == nil {
			finding = &report.Finding{Confidence: report.Certain}
		}
		finding.Evidence = append(finding.Evidence, line)
	}
	if len(services) == 0 {
		return finding
	}
	own, _ := b.TargetContainer()
	if finding.Why != "" {
		finding.Why += " "
		finding.Advice += " "
	}
	finding.Why += sys.Textf("Other services of the Compose project %s run the same app, from before the code changed: %s. What is done to %s does not touch them.",
		own.Project, strings.Join(services, ", "), own.Service)
	finding.Advice += "Recreate them as well: " + b.ComposeLine(own, append([]string{"up", "-d", "--build"}, services...)...)
	if mounted := slices.ContainsFunc(b.Siblings.Value, func(sibling facts.Sibling) bool {
		return sibling.Mounted && slices.Contains(services, sibling.Service)
	}); mounted {
		finding.Advice += sys.Text(". Where their code is mounted, restart them: ") + b.ComposeLine(own, append([]string{"restart"}, services...)...)
	}
	return finding
}

// findBackground sees Celery and its like that began before the code changed (G14).
func findBackground(b *box.Box) *report.Finding {
	var stale []facts.Background
	certain := false
	for _, process := range b.Background.Value {
		if held := b.JudgeBackground(process); held.State == box.Stale {
			stale, certain = append(stale, process), certain || held.Certain
		}
	}
	for _, server := range siblingsBehind(b) {
		certain = certain || b.HeldBy(server).Certain
		stale = append(stale, facts.Background{Process: server.Master, Unit: b.RunnerOf(server), Release: server.Master.Directory})
	}
	if len(stale) == 0 {
		return nil
	}
	finding := &report.Finding{
		Confidence: confidence(certain),
		Why:        box.Several(len(stale), "background process", "background processes") + " of the same app started before the code changed. Restarting the site does not restart them.",
	}
	var units []string
	for _, process := range stale {
		finding.Evidence = append(finding.Evidence, report.Observed(string(sys.Textf("process %d", process.PID)),
			sys.Textf("started %s in %s — %s", b.Clock(process.Started), cmp.Or(process.Release, "a directory that may not be read"), commandWords(process.CommandLine)), sys.Textf("/proc/%d", process.PID)))
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
func siblingsBehind(b *box.Box) []facts.Server {
	var behind []facts.Server
	for _, server := range b.Processes.Value.Servers {
		runner, inService := b.RunBy(server)
		serves := slices.ContainsFunc(b.Serving, func(serving facts.Server) bool { return serving.Master.PID == server.Master.PID })
		if inService && !serves && !b.IsOwn(server) && runner.Service() != b.Unit.Service() && b.HeldBy(server).State == box.Stale && answersForSite(b, server) {
			behind = append(behind, server)
		}
	}
	return behind
}

// answersForSite tells whether any location of the site's server block leads to a server.
func answersForSite(b *box.Box, gunicorn facts.Server) bool {
	server := b.Site.Value.Address.Server
	return server != nil && slices.ContainsFunc(server.Locations, func(location nginx.Location) bool {
		return location.Pass != "" && b.HoldsAny(gunicorn, b.BackendAddresses(location))
	})
}

// siblingOld tells whether another service of the project holds older code than the disk,
// and by what that is seen.
func siblingOld(b *box.Box, sibling facts.Sibling) (report.Evidence, bool) {
	label := "service " + sibling.Service
	inspect := box.DockerLine(sibling.Container, "inspect", sibling.Name)
	if sibling.Mounted {
		old := !b.Change.At.IsZero() && box.After(b.Change.At, sibling.Started)
		return report.Observed(label, sys.Textf("started %s, with %s mounted", b.Clock(sibling.Started), sibling.Source), inspect), old
	}
	if image, replaced := b.TagMoved(sibling.Container); replaced {
		return report.Observed(label, sys.Textf("runs %.19s; %s now names %.19s, built %s", sibling.ImageID, sibling.ImageName, image.ID, b.Clock(image.Created)), inspect), true
	}
	built := b.BuiltAt(sibling.ImageID)
	for _, one := range sibling.Differences {
		if one.Volume == "" && !one.Static && !one.Missing && !one.Cloned && !built.IsZero() && one.At.After(built) {
			return report.Observed(label, sys.Textf("its image was built %s; %s changed %s and has different content in it", b.Clock(built), one.Path, b.Clock(one.At)), inspect), true
		}
	}
	return report.Evidence{}, false
}
