package causes

import (
	"cmp"
	"path"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

// containerConfigChanged sees a service that is now otherwise in the Compose files, or in
// the environment files that they name, than when its container was made (G41).
func containerConfigChanged(b *box.Box) *report.Finding {
	container, _ := b.TargetContainer()
	compose := b.Compose.Value
	if !b.Compose.Known || compose.Hash == "" || container.ConfigHash == "" || compose.Hash == container.ConfigHash {
		return nil
	}
	if compose.Older && containerImageReplaced(b) != nil {
		// Version 1 counts the image's id as well, and that is told already.
		return nil
	}
	names := b.ContainerEnvironmentDifferences()
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The Compose files give %s another configuration than its container was made with. A restart starts the same container again, with the old one.",
			container.Service),
		Evidence: []report.Evidence{
			report.Observed("by the files now", sys.Textf("%.12s", compose.Hash), b.ComposeLine(container, "config", "--hash", container.Service)),
			report.Observed("the container was made with", sys.Textf("%.12s", container.ConfigHash), sys.Textf("label com.docker.compose.config-hash of %s", container.Name)),
		},
		Fixes: []string{"docker-up", "docker-recreate"},
	}
	for _, name := range names {
		finding.Evidence = append(finding.Evidence, report.Observed(name, "differs", sys.Textf("docker compose config, against docker inspect %s", container.Name)))
	}
	switch {
	case len(compose.Unset) > 0:
		finding.Confidence = report.Possible
		finding.Why += sys.Textf(" But the files take %s from the shell of whoever runs Compose, and flasktui has not got it: the two may differ for that alone.", strings.Join(compose.Unset, ", "))
	case len(names) > 0:
		finding.Why = sys.Textf("The container was made with another environment than the Compose files now give: %s. Docker sets it when a container is made; a restart keeps the old one.", strings.Join(names, ", "))
	case compose.Version != container.ComposeVersion:
		finding.Confidence = report.Possible
		finding.Why += sys.Textf(" But it was made by Compose %s, and Compose here is %s: versions count a configuration otherwise.", container.ComposeVersion, cmp.Or(compose.Version, "of an unknown version"))
	case compose.Service == nil && !compose.Older || compose.Service != nil && compose.Service.Shared:
		finding.Confidence = report.Possible
		finding.Why += " But the hash of such a service can differ though nothing has changed."
	}
	return finding
}

// containerMountReplaced sees a mounted file whose name now belongs to another one (G46),
// or a directory that was mounted through a link which has moved (G47).
func containerMountReplaced(b *box.Box) *report.Finding {
	container, _ := b.TargetContainer()
	for _, mount := range b.Inside.Value.Mounts {
		if !mount.Differs || mount.Same {
			continue
		}
		finding := &report.Finding{
			Confidence: report.Certain,
			Evidence: []report.Evidence{
				report.Observed("on disk now", sys.Textf("%s", mount.Resolved), sys.Textf("stat -L %s", mount.Source)),
				report.Observed("in the container", sys.Textf("another one, at %s", mount.Destination), sys.Textf("stat %s%s", b.Inside.Value.Root, mount.Destination)),
			},
			Fixes: []string{"restart", "docker-recreate"},
		}
		switch {
		case mount.Missing:
			finding.Why = sys.Textf("%s, which is mounted at %s of %s, is gone from the disk; the container keeps what was there.", mount.Source, mount.Destination, container.Name)
			finding.Fixes = nil
			finding.Advice = sys.Textf("Put %s back before the container is started again: Docker would make an empty directory in its place.", mount.Source)
		case mount.IsFile:
			finding.Why = sys.Textf("%s is mounted into %s as a single file. It was replaced by a new file of the same name, as git, rsync and editors do, and the container holds on to the old one.", mount.Source, container.Name)
		default:
			finding.Why = sys.Textf("%s, which is mounted at %s, now leads to %s; Docker followed the link when it started the container, and that one keeps the old directory.", mount.Source, mount.Destination, mount.Resolved)
		}
		if !sys.Within(container.ProjectDir, mount.Source) && !sys.Within(path.Dir(container.ProjectDir), mount.Source) {
			finding.Confidence = report.Possible
		}
		return finding
	}
	return nil
}

// ContainerRestartRefusal is why `docker compose restart` would change nothing; empty
// where it is what helps.
func ContainerRestartRefusal(b *box.Box) sys.Text {
	const why = "a restart starts the same container again: it applies neither a new image nor a new environment. "
	for _, seen := range []struct {
		look func(*box.Box) *report.Finding
		then sys.Text
	}{
		{containerNotStarted, "The container was never started; use docker-up."},
		{containerOlderThanSource, "The source has changed since the image was built; use docker-recreate."},
		{containerImageReplaced, "The tag names another image now; use docker-up."},
		{containerConfigChanged, "The Compose configuration or its environment has changed; use docker-up."},
	} {
		if finding := seen.look(b); finding != nil && finding.Decides() {
			return why + seen.then
		}
	}
	mounted, over := b.MountOver(b.Settings.Value.Directory)
	if over && mounted.Type == "bind" {
		return ""
	}
	if finding := containerMountReplaced(b); finding != nil && finding.Decides() {
		return ""
	}
	return why + "The code here is in the image, and no mounted source has changed."
}
