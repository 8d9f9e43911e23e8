package causes

import (
	"cmp"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// containerImageReplaced sees a container whose image is not the one that its tag names
// now (G40).
func containerImageReplaced(b *box.Box) *report.Finding {
	container, image, replaced := b.ReplacedImage()
	if !replaced {
		return nil
	}
	return &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The container %s runs an image that %s no longer names: a newer one was built or pulled, and the container was not recreated. A restart starts the old one again.",
			container.Name, container.ImageName),
		Evidence: []report.Evidence{
			report.Observed("the container runs", sys.Textf("%.19s", container.ImageID), box.DockerLine(container, "inspect", container.Name)),
			report.Observed("the tag names", sys.Textf("%.19s, built %s", image.ID, b.Clock(image.Created)), box.DockerLine(container, "image", "inspect", container.ImageName)),
		},
		Fixes: fixes.IDs(fixes.DockerUp, fixes.DockerRecreate),
	}
}

// taskNotUpdated sees a task of a swarm that runs another image than its service was told: the
// update stopped half-way, as it does where a new task fails.
func taskNotUpdated(b *box.Box) *report.Finding {
	container, _ := b.TargetContainer()
	service := container.Swarm
	if service == nil || service.Problem != "" || service.Image == "" || service.Image == container.ImageName || service.Update == "updating" {
		return nil
	}
	told := sys.Textf("state of the last update: %s", cmp.Or(service.Update, "none"))
	if service.Message != "" {
		told += " (" + service.Message + ")"
	}
	return &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The service %s of the swarm is to run %s, and its task %s still runs %s: the swarm stopped replacing it half-way.",
			service.Name, service.Image, container.Name, container.ImageName),
		Evidence: []report.Evidence{
			report.Observed("the service", sys.Textf("%s; ", service.Image)+told, box.DockerLine(container, "service", "inspect", service.Name)),
			report.Observed("the task", sys.Textf("%s", container.ImageName), box.DockerLine(container, "inspect", container.Name)),
		},
		Advice: "Why a new task did not start says `" + box.DockerLine(container, "service", "ps", "--no-trunc", service.Name) +
			"`. Mend that and deploy again, or go back with `" + box.DockerLine(container, "service", "rollback", service.Name) + "`.",
	}
}

// containerOlderThanSource sees source on disk that the image was not built from (G42,
// G43): by content, since a date alone may be that of a touch.
func containerOlderThanSource(b *box.Box) *report.Finding {
	container, _ := b.TargetContainer()
	notBuilt := b.SourceNotBuilt()
	changed := notBuilt.Files
	if len(changed) == 0 {
		return containerOtherwiseBuilt(b)
	}
	differ := box.Several(len(changed), "file of the source differs", "files of the source differ")
	finding := &report.Finding{
		Confidence: report.Certain,
		Title:      imageOlderThan(b, "The image", changed),
		Why: differ + sys.Textf(" between the image that %s runs and the disk; %s changed at %s, after the image was built. The image has to be built again; %s keeps the old code.",
			container.Name, changed[0].Path, b.Clock(changed[0].At), withoutBuild(container)),
		Fixes: fixes.IDs(fixes.DockerRecreate),
	}
	switch cloned := notBuilt.Cloned; {
	case cloned != nil && notBuilt.Newer:
		finding.Title = "The image holds an earlier commit than the checkout"
		finding.Why = sys.Textf("The image that %s runs holds an earlier commit than the checkout on disk: %s has different content, for one. The Dockerfile clones the repository, and the build's cache keeps what it once got: a build does not clone again while the line stays the same.",
			container.Name, cloned.Path)
		finding.Evidence = append(finding.Evidence, report.Observed("commit in the image", sys.Textf("%s, which the checkout has left behind", box.ShortCommit(b.ImageSource.Value.ClonedCommit)), sys.Textf(".git/HEAD in %s", container.Name)))
	case cloned != nil:
		finding.Title = ""
		finding.Confidence = report.Possible
		finding.Why = sys.Textf("The image that %s runs was built from a clone of the repository in another state than the checkout on disk: %s has different content. Which of the two is newer is not known.", container.Name, cloned.Path)
	case notBuilt.Since.IsZero():
		finding.Confidence = report.Likely
		finding.Title = string(sys.Textf("The image does not have the %s that is on disk", b.ShortSource(changed[0].Path)))
		finding.Why = differ + sys.Textf(" between the image that %s runs and the disk, %s among them. When the image was built is not known.", container.Name, changed[0].Path)
	default:
		finding.Evidence = append(finding.Evidence, report.Observed("image built", b.Clock(notBuilt.Since), box.DockerLine(container, "image", "inspect", container.ImageName)))
	}
	for _, one := range changed[:min(len(changed), 3)] {
		finding.Evidence = append(finding.Evidence, differenceEvidence(b, b.Inside.Value.Root, one))
	}
	return finding
}

// withoutBuild is what people do instead of a build, to no avail.
func withoutBuild(container docker.Container) sys.Text {
	if container.Project == "" {
		return "a restart, or a new container from the same image,"
	}
	return "a restart, or an `up` without a build,"
}

// imageOlderThan names what is on disk and not in an image, as a title has room for.
func imageOlderThan(b *box.Box, image sys.Text, changed []facts.SourceDifference) string {
	title := image + sys.Textf(" is older than %s on disk", b.ShortSource(changed[0].Path))
	if further := len(changed) - 1; further > 0 {
		title = image + sys.Textf(" is older than %s and %s on disk", b.ShortSource(changed[0].Path), box.Several(further, "further file", "further files"))
	}
	return string(title)
}

// differenceEvidence is a file that an image has otherwise; root is where its container has the
// image's files.
func differenceEvidence(b *box.Box, root string, one facts.SourceDifference) report.Evidence {
	words := sys.Textf("changed %s; the image has different content", b.Clock(one.At))
	if one.Missing {
		words = sys.Textf("made %s; the image has no such file", b.Clock(one.At))
	}
	return report.Observed(one.Path, words, sys.Textf("sha256sum, against %s%s", root, one.Inside))
}

// containerOtherwiseBuilt tells of files that the build left otherwise than the source
// has them, though they are older: a step of the Dockerfile wrote them, or its cache kept
// what was fetched from elsewhere (G43).
func containerOtherwiseBuilt(b *box.Box) *report.Finding {
	container, _ := b.TargetContainer()
	if _, _, replaced := b.ReplacedImage(); replaced || b.ImageSource.Value.Compared == 0 {
		return nil
	}
	for _, one := range b.ImageSource.Value.Differences {
		if one.Volume != "" || one.Missing || one.Configuration {
			// A program that starts in a container often writes its own configuration.
			continue
		}
		finding := &report.Finding{
			Confidence: report.Possible,
			Why: sys.Textf("%s has different content in the image and on disk, and was there before the image was built: a step of the Dockerfile may write it.",
				one.Path),
			Evidence: []report.Evidence{differenceEvidence(b, b.Inside.Value.Root, one)},
			Fixes:    fixes.IDs(fixes.DockerRecreate),
		}
		if remote := b.BuildRemote(); len(remote) > 0 {
			finding.Why = sys.Textf("%s has different content in the image and on disk, and was there before the image was built. The Dockerfile fetches code from elsewhere, and the build's cache keeps what it once got.", one.Path)
			finding.Evidence = append(finding.Evidence, report.Observed("Dockerfile", sys.Textf("%s", remote[0]), box.DockerLine(container, "image", "history", container.ImageName)))
		}
		return finding
	}
	return nil
}
