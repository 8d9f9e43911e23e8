package steps

import "flasktui/sys"

// judgeContainers: the container's image against the one that its tag names.
func judgeContainers(v *view) Result {
	if !v.Containers.Known {
		if v.Target.Container == "" && v.Target.Unit != "" && v.running {
			return skipped(sys.Textf("the service runs under systemd (%s)", v.Containers.Problem))
		}
		return notKnown(v.Containers)
	}
	container, isContainer := v.TargetContainer()
	if !isContainer {
		if len(v.Containers.Value) == 0 {
			return skipped("no container runs on this box")
		}
		return skipped(sys.Textf("the service runs under systemd; %d container(s) run beside it", len(v.Containers.Value)))
	}
	commands := []sys.Text{
		sys.Textf("docker inspect %s", container.Name),
		"docker ps",
		sys.Textf("docker compose -p %s logs --tail=100 %s", container.Project, container.Service),
	}
	lines := []Evidence{
		evidence("container", sys.Textf("%s, made %s", container.Name, v.clock(container.Created)), sys.Textf("docker inspect %s", container.Name)),
		evidence("image", sys.Textf("%s (%.19s)", container.ImageName, container.ImageID), sys.Textf("docker inspect %s", container.Name)),
	}
	for _, mount := range container.Mounts {
		lines = append(lines, evidence("mount", sys.Textf("%s %s at %s", mount.Type, mount.Source, mount.Destination), sys.Textf("docker inspect %s", container.Name)))
	}
	if !v.Images.Known {
		return unknown(sys.Textf("%s", v.Images.Problem)).with(commands, lines...)
	}
	return unknown("flasktui compares the image with its tag only; source, mounts and environment of a container are not compared yet").with(commands, lines...)
}
