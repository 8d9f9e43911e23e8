package causes

import (
	"path"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// containerOtherwiseSet sees an image whose Dockerfile by now gives it other variables,
// another command, user, directory, step or base image (G60): a build that never happened,
// where all of the code may be the same.
func containerOtherwiseSet(b *box.Box) *report.Finding {
	container, _ := b.TargetContainer()
	finding := otherwiseSet(b, container, b.ImageSource.Value, b.SourceNotBuilt())
	if finding != nil {
		finding.Fixes = fixes.IDs(fixes.DockerRecreate)
	}
	return finding
}

func otherwiseSet(b *box.Box, container docker.Container, source facts.ImageSource, notBuilt box.NotBuilt) *report.Finding {
	if len(notBuilt.Settings) == 0 {
		return nil
	}
	names := strings.Join(notBuilt.Settings[:min(len(notBuilt.Settings), 5)], ", ")
	finding := &report.Finding{Confidence: report.Likely, Title: string(sys.Textf("The image is not what %s makes now: %s", path.Base(source.Recipe), names))}
	if notBuilt.Since.IsZero() {
		finding.Why = sys.Textf("The image of %s is not what %s makes now: it differs in %s. When it was built is not known.", container.Called(), source.Recipe, names)
	} else {
		finding.Confidence = report.Certain
		finding.Why = sys.Textf("The image of %s is not what %s makes now: it differs in %s. That changed at %s, after the image was built. The image has to be built again; %s keeps it as it is.",
			container.Called(), source.Recipe, names, b.Clock(source.RecipeAt), withoutBuild(container))
		finding.Evidence = append(finding.Evidence, report.Observed("image built", b.Clock(notBuilt.Since), box.DockerLine(container, "image", "inspect", container.ImageName)))
	}
	finding.Evidence = append(finding.Evidence, report.Observed("set otherwise", sys.Textf("%s", names), sys.Textf("%s, against %s", source.Recipe, box.DockerLine(container, "image", "inspect", container.ImageName))))
	return finding
}

// frontOlderThanSource sees that the project's own Nginx runs an image that was built from
// other files than are on disk: its configuration, or static files.
func frontOlderThanSource(b *box.Box) *report.Finding {
	front, notBuilt := b.FrontNotBuilt()
	finding := otherwiseSet(b, front, b.FrontSource.Value, notBuilt)
	if changed := notBuilt.Files; len(changed) > 0 {
		finding = &report.Finding{
			Confidence: report.Certain,
			Title:      imageOlderThan(b, "Nginx's image", changed),
			Why: sys.Textf("The Nginx before the service, %s, runs an image in which %s is missing or has different content from the one on disk; it changed at %s, after the image was built. The image has to be built again: a reload of Nginx reads what is in the image.",
				front.Name, changed[0].Path, b.Clock(changed[0].At)),
		}
		if notBuilt.Since.IsZero() {
			finding.Confidence = report.Likely
			finding.Title = string(sys.Textf("Nginx's image does not have the %s that is on disk", b.ShortSource(changed[0].Path)))
			finding.Why = sys.Textf("The Nginx before the service, %s, runs an image in which %s is missing or has different content from the one on disk. When the image was built is not known.", front.Name, changed[0].Path)
		}
		for _, one := range changed[:min(len(changed), 3)] {
			finding.Evidence = append(finding.Evidence, differenceEvidence(b, b.Front.Value.Inside.Root, one))
		}
	}
	if finding != nil {
		finding.Advice = sys.Textf("Build Nginx's image again and put a new container in its place: %s && %s",
			b.ComposeLine(front, "build", front.Service), b.ComposeLine(front, "up", "-d", "--no-deps", front.Service))
	}
	return finding
}
