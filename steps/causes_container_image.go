package steps

import (
	"slices"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// containerImageReplaced sees a container whose image is not the one that its tag names
// now (G40).
func containerImageReplaced(v *view) *report.Finding {
	for _, container := range v.Replicas() {
		image, replaced := v.imageReplaced(container)
		if !replaced || container.State == "created" || container.State == docker.ContainerAbsent {
			continue
		}
		return &report.Finding{
			Confidence: report.Certain,
			Why: sys.Textf("The container %s runs an image that %s no longer names: a newer one was built or pulled, and the container was not made anew. A restart starts the old one again.",
				container.Name, container.ImageName),
			Evidence: []report.Evidence{
				report.Observed("the container runs", sys.Textf("%.19s", container.ImageID), dockerLine(container, "inspect", container.Name)),
				report.Observed("the tag names", sys.Textf("%.19s, built %s", image.ID, v.clock(image.Created)), dockerLine(container, "image", "inspect", container.ImageName)),
			},
			Fixes: []string{"docker-up", "docker-recreate"},
		}
	}
	return nil
}

// imageReplaced is the image that a container's tag names now, where that is another one
// than it runs. Ids of two kinds may name the same layers.
func (v *view) imageReplaced(container docker.Container) (docker.Image, bool) {
	image, known := v.Images.Value[container.ImageName]
	if !known || image.ID == container.ImageID {
		return docker.Image{}, false
	}
	running, ok := v.Images.Value[container.ImageID]
	return image, !ok || len(image.Layers) == 0 || !slices.Equal(running.Layers, image.Layers)
}

// containerOlderThanSource sees source on disk that the image was not built from (G42,
// G43): by content, since a date alone may be that of a touch.
func containerOlderThanSource(v *view) *report.Finding {
	container, _ := v.TargetContainer()
	changed, since := v.sourceNotBuilt()
	if len(changed) == 0 {
		return v.containerOtherwiseBuilt()
	}
	differ := several(len(changed), "file of the source differs", "files of the source differ")
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: differ + sys.Textf(" between the image that %s runs and the disk; %s changed at %s, after the image was built. The image has to be built again; a restart, or an `up` without a build, keeps the old code.",
			container.Name, changed[0].Path, v.clock(changed[0].At)),
		Fixes: []string{"docker-recreate"},
	}
	if cloned := slices.IndexFunc(changed, func(one facts.SourceDifference) bool { return one.Cloned }); cloned >= 0 {
		finding.Why = sys.Textf("The image that %s runs holds an earlier commit than the checkout on disk: %s has another content, for one. The Dockerfile clones the repository, and the build's cache keeps what it once got: a build does not clone again while the line stays the same.",
			container.Name, changed[cloned].Path)
		if commit := v.ImageSource.Value.ClonedCommit; v.ImageSource.Value.Behind {
			finding.Evidence = append(finding.Evidence, report.Observed("commit in the image", sys.Textf("%s, which the checkout has left behind", shortCommit(commit)), sys.Textf(".git/HEAD in %s", container.Name)))
		} else {
			finding.Confidence = report.Possible
			finding.Why = sys.Textf("The image that %s runs was built from a clone of the repository in another state than the checkout on disk: %s has another content. Which of the two is newer is not told.", container.Name, changed[cloned].Path)
		}
	} else if since.IsZero() {
		finding.Confidence = report.Likely
		finding.Why = differ + sys.Textf(" between the image that %s runs and the disk, %s among them. When the image was built is not told.", container.Name, changed[0].Path)
	} else {
		finding.Evidence = append(finding.Evidence, report.Observed("image built", v.clock(since), dockerLine(container, "image", "inspect", container.ImageName)))
	}
	for _, one := range changed[:min(len(changed), 3)] {
		finding.Evidence = append(finding.Evidence, v.differenceEvidence(one))
	}
	return finding
}

func (v *view) differenceEvidence(one facts.SourceDifference) report.Evidence {
	words := sys.Textf("changed %s; the image has another content", v.clock(one.At))
	if one.Missing {
		words = sys.Textf("made %s; the image has no such file", v.clock(one.At))
	}
	return report.Observed(one.Path, words, sys.Textf("sha256sum, against %s%s", v.Inside.Value.Root, one.Inside))
}

// sourceNotBuilt are files that changed after the newest image of the service was built,
// and when that was. Where no time is told, all that differ count.
func (v *view) sourceNotBuilt() (changed []facts.SourceDifference, since time.Time) {
	container, _ := v.TargetContainer()
	since = v.builtAt(container.ImageID)
	if tagged := v.builtAt(container.ImageName); tagged.After(since) {
		since = tagged
	}
	if v.ImageSource.Value.Compared == 0 {
		// Nothing was found where the Dockerfile seems to put it.
		return nil, since
	}
	for _, one := range v.ImageSource.Value.Differences {
		switch {
		case one.Volume != "":
		case one.Cloned:
			changed = append(changed, one)
		case since.IsZero() && !one.Missing, !since.IsZero() && one.At.After(since):
			changed = append(changed, one)
		}
	}
	return changed, since
}

// builtAt is when an image was made; the zero time where its builder did not say, or set
// a fixed one so that builds can be repeated.
func (v *view) builtAt(image string) time.Time {
	const firstDocker = 2013
	if at := v.Images.Value[image].Created; at.Year() >= firstDocker {
		return at
	}
	return time.Time{}
}

// containerOtherwiseBuilt tells of files that the build left otherwise than the source
// has them, though they are older: a step of the Dockerfile wrote them, or its cache kept
// what was fetched from elsewhere (G43).
func (v *view) containerOtherwiseBuilt() *report.Finding {
	container, _ := v.TargetContainer()
	if containerImageReplaced(v) != nil || v.ImageSource.Value.Compared == 0 {
		return nil
	}
	for _, one := range v.ImageSource.Value.Differences {
		if one.Volume != "" || one.Missing {
			continue
		}
		finding := &report.Finding{
			Confidence: report.Possible,
			Why: sys.Textf("%s has another content in the image than on disk, and was there before the image was built: a step of the Dockerfile may write it.",
				one.Path),
			Evidence: []report.Evidence{v.differenceEvidence(one)},
			Fixes:    []string{"docker-recreate"},
		}
		if remote := v.Compose.Value.Remote; len(remote) > 0 {
			finding.Why = sys.Textf("%s has another content in the image than on disk, and was there before the image was built. The Dockerfile fetches code from elsewhere, and the build's cache keeps what it once got.", one.Path)
			finding.Evidence = append(finding.Evidence, report.Observed("Dockerfile", sys.Textf("%s", remote[0]), dockerLine(container, "image", "history", container.ImageName)))
		}
		return finding
	}
	return nil
}

// frozenOld says why the processes of a container hold older code than the disk, where no
// restart of them would help; empty where nothing shows that they do.
func (v *view) frozenOld() sys.Text {
	container, ok := v.TargetContainer()
	if !ok {
		return ""
	}
	if mount, over := v.MountOver(v.Settings.Value.Directory); over && mount.Differs {
		return sys.Textf("its container has another directory mounted than the one that %s is now", mount.Source)
	}
	built := v.builtAt(container.ImageID)
	for _, one := range v.ImageSource.Value.Differences {
		if one.Cloned && v.ImageSource.Value.Behind && !one.Static && one.Volume == "" {
			return sys.Textf("it runs from an image into which another state of the repository was cloned than %s is", one.Path)
		}
		if one.Volume == "" && !one.Static && !one.Cloned && !one.Missing && !built.IsZero() && one.At.After(built) {
			return sys.Textf("it runs from an image that was built at %s, before %s changed at %s", v.exactClock(built, one.At), one.Path, v.exactClock(one.At, built))
		}
	}
	return ""
}
