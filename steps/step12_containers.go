package steps

import (
	"slices"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// judgeContainers: the container's image, configuration, source and mounts against what
// is on disk. A cause that shows here has the last word.
func judgeContainers(v *view) report.Result {
	if !v.Containers.Known {
		if v.isUnmanaged() && v.running {
			return skipped("the process is in no container's control group")
		}
		if v.Target.Container == "" && len(v.restartArgv()) > 0 && v.running {
			return skipped(sys.Textf("the service runs under %s (%s)", v.manager(), v.Containers.Problem))
		}
		return notKnown(v.Containers)
	}
	container, isContainer := v.TargetContainer()
	if !isContainer {
		if len(v.Containers.Value) == 0 {
			return skipped("no container runs on this box")
		}
		if v.isUnmanaged() {
			return skipped("the service runs in no container")
		}
		return skipped(sys.Textf("the service runs under %s; %s on this box", v.manager(), several(len(v.Containers.Value), "container is", "containers are")))
	}
	if container.State == docker.ContainerAbsent {
		return failed(sys.Textf("There is no container of the Compose service %s.", container.Service)).
			With([]sys.Text{v.composeLine(container, "ps", "-a"), v.composeLine(container, "config", "--services")})
	}
	commands := []sys.Text{
		dockerLine(container, "inspect", container.Name),
		v.composeLine(container, "config", "--hash", container.Service),
		v.composeLine(container, "ps", "-a"),
		v.composeLine(container, "logs", "--tail=100", container.Service),
	}
	lines := v.containerEvidence(container)
	if reason := v.containerUnread(); reason != "" {
		return unknown(reason).With(commands, lines...)
	}
	if container.State != "running" {
		return failed(sys.Textf("The container %s is %s.", container.Name, container.State)).With(commands, lines...)
	}
	summary := sys.Textf("%s runs the image that %s names, with the configuration that the Compose files give.", container.Name, container.ImageName)
	if source := v.ImageSource; source.Known {
		summary += sys.Textf(" Of the source %s the same in the image as on disk.", several(source.Value.Same, "file is", "files are"))
	} else if v.Deployment.Value.Directory != "" && source.Absent {
		summary += sys.Textf(" Its code comes from %s.", v.Deployment.Value.Directory)
	}
	return ok(summary).With(commands, lines...)
}

func (v *view) containerEvidence(container docker.Container) []report.Evidence {
	inspect := dockerLine(container, "inspect", container.Name)
	lines := []report.Evidence{
		report.Observed("container", sys.Textf("%s, made %s, %s", container.Name, v.clock(container.Created), container.State), inspect),
		report.Observed("image", sys.Textf("%s (%.19s)", container.ImageName, container.ImageID), inspect),
	}
	for _, file := range container.ConfigFiles {
		lines = append(lines, report.Observed("Compose file", sys.Textf("%s", file), "label com.docker.compose.project.config_files"))
	}
	for _, mount := range container.Mounts {
		lines = append(lines, report.Observed("mount", sys.Textf("%s %s at %s", mount.Type, mount.Source, mount.Destination), inspect))
	}
	if others := len(v.Replicas()) - 1; others > 0 {
		lines = append(lines, report.Observed("replicas", several(others, "more container", "more containers")+" of the service", "docker compose ps"))
	}
	return lines
}

// containerUnread is what could not be read and would be needed to call the container
// right; empty where all was.
func (v *view) containerUnread() sys.Text {
	switch {
	case !v.Images.Known:
		return sys.Textf("%s", v.Images.Problem)
	case !v.Inside.Known && !v.Inside.Absent:
		return sys.Textf("the container's files could not be read: %s", v.Inside.Problem)
	case !v.Compose.Known && !v.Compose.Absent:
		return sys.Textf("the Compose project could not be read: %s", v.Compose.Problem)
	case !v.ImageSource.Known && !v.ImageSource.Absent:
		return sys.Textf("what the image is built from could not be compared with it: %s", v.ImageSource.Problem)
	case v.ImageSource.Known && v.ImageSource.Value.Compared == 0:
		return "no file of the build's context was found in the container where the Dockerfile seems to put it"
	case v.ImageSource.Value.Partial && len(v.ImageSource.Value.Differences) == 0:
		return "not every file of the build's context could be compared with the image"
	}
	if slices.ContainsFunc(v.ImageSource.Value.Differences, func(one facts.SourceDifference) bool { return one.Cloned }) && !v.ImageSource.Value.Behind {
		return "the image was built from a clone of the repository in another state than the checkout on disk, and which of the two is newer is not told"
	}
	for _, mount := range v.Inside.Value.Mounts {
		if mount.Problem != "" {
			return sys.Textf("the mount at %s could not be compared: %s", mount.Destination, mount.Problem)
		}
	}
	return ""
}

// containerHop is the container in the request path, in the place of a unit.
func (v *view) containerHop(hop *report.Hop) {
	container, _ := v.TargetContainer()
	hop.Step = 12
	hop.Detail = sys.Textf("%s, from the image %s, since %s", container.Name, container.ImageName, v.glanceClock(container.Started))
	if container.State != "running" {
		hop.State, hop.Detail = report.Fail, sys.Textf("%s is %s", container.Name, container.State)
	}
	if container.State == docker.ContainerAbsent {
		hop.Detail = "the service has no container"
	}
}
