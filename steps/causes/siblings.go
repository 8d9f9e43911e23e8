package causes

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

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
	finding.Advice += "Make them anew as well: " + b.ComposeLine(own, append([]string{"up", "-d", "--build"}, services...)...)
	if mounted := slices.ContainsFunc(b.Siblings.Value, func(sibling facts.Sibling) bool {
		return sibling.Mounted && slices.Contains(services, sibling.Service)
	}); mounted {
		finding.Advice += sys.Text(". Where their code is mounted, restart them: ") + b.ComposeLine(own, append([]string{"restart"}, services...)...)
	}
	return finding
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
	if image, replaced := imageReplaced(b, sibling.Container); replaced {
		return report.Observed(label, sys.Textf("runs %.19s; %s now names %.19s, built %s", sibling.ImageID, sibling.ImageName, image.ID, b.Clock(image.Created)), inspect), true
	}
	built := b.BuiltAt(sibling.ImageID)
	for _, one := range sibling.Differences {
		if one.Volume == "" && !one.Static && !one.Missing && !one.Cloned && !built.IsZero() && one.At.After(built) {
			return report.Observed(label, sys.Textf("its image was built %s; %s changed %s and has another content in it", b.Clock(built), one.Path, b.Clock(one.At)), inspect), true
		}
	}
	return report.Evidence{}, false
}
