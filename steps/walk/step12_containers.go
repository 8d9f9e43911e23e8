package walk

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// Containers is the container beside its image, its files and its mounts.
func Containers() Step {
	return Step{
		Number: 12, ID: "containers", Title: "Containers",
		Question: "Does the container run the image, mounts and environment that are on disk?",
		Claim:    report.ClaimConfiguration,
		Needs:    []func() facts.Group{facts.GroupContainers, facts.GroupImages, facts.GroupInside, facts.GroupCompose, facts.GroupImageSource, facts.GroupFrontSource},
		Judge:    judgeContainers,
		page: guide.Page{
			Asks: "Was the running container made from the image, the mounts and the environment that are on disk now?",
			Why: "A container is a snapshot. A new image, a new env_file or a new Compose file touches no container that " +
				"already runs.",
			Good: "The container's image is the one that its tag names today, its Compose hash is that of the file, and the code " +
				"inside is the code outside.",
			Read: "Compare ids, not tags: the tag moves on, the container keeps the old id. A named volume over a code or static " +
				"directory hides the new image's files. A bind mount of a single file holds on to the inode: git and editors " +
				"write a new file, and the container keeps the old one.",
			Mistake: "`docker compose restart`: it starts the same container again and applies neither image nor environment. " +
				"And a build from cache whose `RUN git clone` never ran again.",
			Commands: []string{
				"docker ps --no-trunc",
				"docker inspect {container} --format '{{.Image}} {{.Created}} {{json .Mounts}}'",
				"docker image inspect \"$(docker inspect {container} --format '{{.Config.Image}}')\" --format '{{.Id}}'",
				"docker compose -p {project} logs --tail=100 {service}",
				"docker context ls; ls /run/user/*/docker.sock",
			},
			IfItFails: "Build and recreate: `docker compose build`, then `docker compose up -d`. Where Nginx proxies to the " +
				"container by name, reload Nginx afterwards: it still holds the old address.",
			See: []string{"container-stale", "docker-recreate", "docker-up", "nginx-stale-address"},
		},
	}
}

// judgeContainers: the container's image, configuration, source and mounts against what
// is on disk. A cause that shows here has the last word.
func judgeContainers(b *box.Box) report.Result {
	if !b.Containers.Known {
		if b.Running && b.Server.Master.Cgroup.Container == "" {
			return skipped(sys.Textf("the service runs in no container (%s)", b.Containers.Problem))
		}
		if b.HasUnit && b.Unit.Serves {
			return skipped(sys.Textf("%s starts its server itself, in no container", b.Unit.Name))
		}
		return notKnown(b.Containers)
	}
	container, isContainer := b.TargetContainer()
	switch {
	case !isContainer && b.Target.Container != "":
		return unknown("the container of the service was not found")
	case !isContainer && len(b.Containers.Value) == 0:
		return skipped("no container runs on this box")
	case !isContainer:
		others := box.Several(len(b.Containers.Value), "container is", "containers are")
		if b.Running {
			return skipped("the service runs in no container; " + others + " on this box")
		}
		return skipped("the service is not a Compose service; " + others + " on this box")
	}
	if container.State == docker.ContainerAbsent {
		return failed(sys.Textf("There is no container of the Compose service %s.", container.Service)).
			With([]sys.Text{b.ComposeLine(container, "ps", "-a"), b.ComposeLine(container, "config", "--services")})
	}
	if container.Project == "" {
		return judgeLoneContainer(b, container)
	}
	commands := []sys.Text{
		box.DockerLine(container, "inspect", container.Name),
		b.ComposeLine(container, "config", "--hash", container.Service),
		b.ComposeLine(container, "ps", "-a"),
		b.ComposeLine(container, "logs", "--tail=100", container.Service),
	}
	lines := containerEvidence(b, container)
	if reason := containerUnread(b); reason != "" {
		return unknown(reason).With(commands, lines...)
	}
	if container.State != "running" {
		return failed(sys.Textf("The container %s is %s.", container.Name, container.State)).With(commands, lines...)
	}
	summary := sys.Textf("%s runs the image that %s names, with the configuration that the Compose files give.", container.Name, container.ImageName)
	if source := b.ImageSource; source.Known && source.Value.Compared > 0 {
		summary += sys.Textf(" Of the source %s the same in the image as on disk.", box.Several(source.Value.Same, "file is", "files are"))
	} else if b.Deployment.Value.Directory != "" && (source.Absent() || source.Value.Mounted) {
		summary += sys.Textf(" Its code comes from %s.", b.Deployment.Value.Directory)
	}
	return ok(summary).With(commands, lines...)
}

// judgeLoneContainer is of a container that `docker run` made: its image and its mounts can be
// held against the disk, and its options against nothing.
func judgeLoneContainer(b *box.Box, container docker.Container) report.Result {
	look := manager.Of(b).Look()
	commands := append([]sys.Text{
		box.DockerLine(container, "inspect", container.Name),
		box.DockerLine(container, "image", "inspect", container.ImageName),
	}, look.Started...)
	lines := containerEvidence(b, container)
	if service := container.Swarm; service != nil {
		lines = append(lines, report.Observed("service of the swarm", sys.Textf("%s, image %s, %d of %d tasks run", service.Name, service.Image, service.Running, service.Wanted),
			box.DockerLine(container, "service", "ls")))
	}
	if container.Restarts > 0 {
		lines = append(lines, report.Observed("started again by Docker", box.Several(container.Restarts, "time", "times"), box.DockerLine(container, "inspect", "-f", "{{.RestartCount}}", container.Name)))
	}
	switch {
	case containerUnread(b) != "":
		return unknown(containerUnread(b)).With(commands, lines...)
	case container.State != "running":
		return failed(sys.Textf("The container %s is %s.", container.Name, container.State)).With(commands, lines...)
	}
	return ok(loneSummary(b, container)).With(commands, lines...)
}

// loneSummary says of a container that no Compose project has no more than was compared.
func loneSummary(b *box.Box, container docker.Container) sys.Text {
	summary := sys.Textf("%s runs the image that %s names now", container.Name, container.ImageName)
	if container.Swarm != nil {
		summary += ", as its service in the swarm is to"
	}
	switch found, source := b.FoundBuild.Value, b.ImageSource; {
	case found.Context != "" && source.Known && source.Value.Compared > 0:
		summary += sys.Textf(". It is built from %s (%s), and of the source there %s the same in the image as on disk", found.Context, found.By, box.Several(source.Value.Same, "file is", "files are"))
	case b.Has(facts.GroupFoundBuild) && sys.Within(b.Inside.Value.Root, b.Deployment.Value.Active) && b.Inside.Known:
		summary += ": what this box has of the image is what runs. No directory of this box is seen to be what it is built from, and no registry was asked for a newer one"
	}
	if container.Swarm != nil {
		return summary + ". Which file the service was deployed from is not kept, so that is not compared."
	}
	if len(b.Inside.Value.Mounts) > 0 {
		summary += ". What is mounted into it is what is on disk"
	}
	return summary + ". With which options it ought to run, no file that is known here says."
}

func containerEvidence(b *box.Box, container docker.Container) []report.Evidence {
	inspect := box.DockerLine(container, "inspect", container.Name)
	lines := []report.Evidence{
		report.Observed("container", sys.Textf("%s, made %s, %s", container.Name, b.Clock(container.Created), container.State), inspect),
		report.Observed("image", sys.Textf("%s (%.19s)", container.ImageName, container.ImageID), inspect),
	}
	for _, file := range container.ConfigFiles {
		lines = append(lines, report.Observed("Compose file", sys.Textf("%s", file), "label com.docker.compose.project.config_files"))
	}
	for _, mount := range container.Mounts {
		lines = append(lines, report.Observed("mount", sys.Textf("%s %s at %s", mount.Type, mount.Source, mount.Destination), inspect))
	}
	if others := len(b.Replicas()) - 1; others > 0 {
		lines = append(lines, report.Observed("replicas", box.Several(others, "more container", "more containers")+" of the service", "docker compose ps"))
	}
	return lines
}

// containerUnread is what could not be read and would be needed to call the container
// right; empty where all was.
func containerUnread(b *box.Box) sys.Text {
	switch {
	case !b.Images.Known:
		return b.Images.Problem
	case !b.Inside.Known && !b.Inside.Absent():
		return sys.Textf("the container's files could not be read: %s", b.Inside.Problem)
	case !b.Compose.Known && !b.Compose.Absent():
		return sys.Textf("the Compose project could not be read: %s", b.Compose.Problem)
	case b.Has(facts.GroupFoundBuild) && !b.FoundBuild.Known && !b.FoundBuild.Absent():
		return sys.Textf("what the image is built from was not found out: %s", b.FoundBuild.Problem)
	case !b.ImageSource.Known && !b.ImageSource.Absent():
		return sys.Textf("what the image is built from could not be compared with it: %s", b.ImageSource.Problem)
	case b.Front.Value.Container != "" && !b.FrontSource.Known && !b.FrontSource.Absent():
		return sys.Textf("what the image of the project's Nginx is built from could not be compared with it: %s", b.FrontSource.Problem)
	case b.ImageSource.Known && b.ImageSource.Value.Compared == 0 && !b.ImageSource.Value.Mounted:
		return "no file of the build's context was found in the container where the Dockerfile seems to put it"
	case b.ImageSource.Value.Partial && len(b.ImageSource.Value.Differences) == 0, b.FrontSource.Value.Partial && len(b.FrontSource.Value.Differences) == 0:
		return "not every file of the build's context could be compared with the image"
	}
	if slices.ContainsFunc(b.ImageSource.Value.Differences, func(one facts.SourceDifference) bool { return one.Cloned }) && !b.ImageSource.Value.Behind {
		return "the image was built from a clone of the repository in another state than the checkout on disk, and which of the two is newer is not known"
	}
	if reason := b.ImageUnsettled(); reason != "" {
		return reason
	}
	if reason := b.SwarmUnsettled(); reason != "" {
		return reason
	}
	for _, mount := range b.Inside.Value.Mounts {
		if mount.Problem != "" {
			return sys.Textf("the mount at %s could not be compared: %s", mount.Destination, mount.Problem)
		}
	}
	return ""
}
