package causes

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// containerConfigChanged sees a service that is now otherwise in the Compose files, or in
// the environment files that they name, than when its container was made (G41).
func containerConfigChanged(b *box.Box) *report.Finding {
	doubt, changed := b.ComposeChanged()
	if !changed {
		return nil
	}
	container, _ := b.TargetContainer()
	compose := b.Compose.Value
	names := b.ContainerEnvironmentDifferences()
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The configuration of %s in the Compose files differs from the one that its container was made with. A restart starts the same container again, with the old one.",
			container.Service),
		Evidence: []report.Evidence{
			report.Observed("by the files now", sys.Textf("%.12s", compose.Hash), b.ComposeLine(container, "config", "--hash", container.Service)),
			report.Observed("the container was made with", sys.Textf("%.12s", container.ConfigHash), sys.Textf("label com.docker.compose.config-hash of %s", container.Name)),
		},
		Fixes: fixes.IDs(fixes.DockerUp, fixes.DockerRecreate),
	}
	for _, name := range names {
		finding.Evidence = append(finding.Evidence, report.Observed(name, "differs", sys.Textf("docker compose config, against docker inspect %s", container.Name)))
	}
	if doubt != box.NoDoubt {
		finding.Confidence = report.Possible
	}
	switch {
	case doubt == box.UnsetInShell:
		finding.Why += sys.Textf(" But the files take %s from the shell of whoever runs Compose, and flasktui does not have it: the two may differ for that reason alone.", strings.Join(compose.Unset, ", "))
	case len(names) > 0:
		finding.Why = sys.Textf("The container was made with a different environment from the one that the Compose files now give: %s. Docker sets it when a container is created; a restart keeps the old one.", strings.Join(names, ", "))
	case doubt == box.OtherVersion:
		finding.Why += sys.Textf(" But it was made by Compose %s, and Compose here is %s: versions hash a configuration differently.", container.ComposeVersion, cmp.Or(compose.Version, "of an unknown version"))
	case doubt == box.SharedService:
		finding.Why += " But the hash of such a service can differ even though nothing has changed."
	}
	if named := b.Options.ComposeFile; named != "" && !slices.Contains(container.ConfigFiles, named) {
		finding.Why += sys.Textf(" It was started from %s, and the file that was named is %s.", strings.Join(container.ConfigFiles, ", "), named)
		finding.Evidence = append(finding.Evidence, startedFrom(container))
	}
	return finding
}

// containerFromOtherFiles sees a container that was started from other Compose files than all
// others of its project were. Who adds a service by a file of its own does that on purpose.
func containerFromOtherFiles(b *box.Box) *report.Finding {
	container, _ := b.TargetContainer()
	var others []docker.Container
	for _, other := range b.Containers.Value {
		if other.Project == container.Project && other.Daemon.Owner == container.Daemon.Owner && other.ID != container.ID && other.Service != container.Service && !other.OneOff && other.State != docker.ContainerAbsent && len(other.ConfigFiles) > 0 {
			others = append(others, other)
		}
	}
	if container.Project == "" || b.Options.ComposeFile != "" || len(container.ConfigFiles) == 0 || len(others) == 0 || slices.ContainsFunc(others, func(other docker.Container) bool {
		return !slices.Equal(other.ConfigFiles, others[0].ConfigFiles) || slices.Equal(other.ConfigFiles, container.ConfigFiles)
	}) {
		return nil
	}
	return &report.Finding{
		Confidence: report.Possible,
		Why: sys.Textf("%s was started from %s, and every other service of the project from %s. If that was a mistake, %s has settings that are not meant for this box.",
			container.Name, strings.Join(container.ConfigFiles, ", "), strings.Join(others[0].ConfigFiles, ", "), container.Service),
		Evidence: []report.Evidence{startedFrom(container), startedFrom(others[0])},
		Advice:   sys.Textf("To have it compared with those files: flasktui check compose:%s/%s --compose-file %s", container.Project, container.Service, others[0].ConfigFiles[len(others[0].ConfigFiles)-1]),
	}
}

func startedFrom(container docker.Container) report.Evidence {
	return report.Observed(container.Name+" was started from", sys.Textf("%s", strings.Join(container.ConfigFiles, ", ")), sys.Textf("label com.docker.compose.project.config_files of %s", container.Name))
}

// containerMountReplaced sees a mounted file whose name now belongs to another one (G46),
// or a directory that was mounted through a link which has moved (G47).
func containerMountReplaced(b *box.Box) *report.Finding {
	container, _ := b.TargetContainer()
	mount, ours, found := b.ReplacedMount()
	if !found {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Evidence: []report.Evidence{
			report.Observed("on disk now", sys.Textf("%s", mount.Resolved), sys.Textf("stat -L %s", mount.Source)),
			report.Observed("in the container", sys.Textf("another one, at %s", mount.Destination), sys.Textf("stat %s%s", b.Inside.Value.Root, mount.Destination)),
		},
		Fixes: fixes.IDs(fixes.Restart, fixes.DockerRecreate),
	}
	if !ours {
		finding.Confidence = report.Possible
	}
	switch {
	case mount.Missing:
		finding.Why = sys.Textf("%s, which is mounted at %s of %s, is gone from the disk; the container keeps what was there.", mount.Source, mount.Destination, container.Name)
		finding.Fixes = nil
		finding.Advice = sys.Textf("Put %s back before the container is started again: Docker would make an empty directory in its place.", mount.Source)
	case mount.IsFile:
		finding.Why = sys.Textf("%s is mounted into %s as a single file. It was replaced by a new file of the same name, as git, rsync and editors do, and the container holds on to the old one.", mount.Source, container.Name)
	default:
		finding.Why = sys.Textf("%s, which is mounted at %s, now leads to %s; Docker followed the link when it started the container, and it keeps the old directory.", mount.Source, mount.Destination, mount.Resolved)
	}
	return finding
}
