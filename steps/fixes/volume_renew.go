package fixes

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// VolumeRenew has Docker fill a named volume anew from the image that the service has now
// (G44, G61).
func VolumeRenew() Kind {
	return Kind{
		ID: "volume-renew", Title: "Fill the volume anew from the image",
		patience: soon,
		plan:     planVolumeRenew,
		done:     doneVolumeRenew,
		page: guide.Page{
			Does: "Stops and removes every container that has the volume mounted, removes the volume, and makes the containers again: " +
				"Docker fills a new volume from the image.",
			When: "A named volume hides newer files of the image, and holds nothing but what an earlier image brought: each file was " +
				"looked at. Docker removes no volume that any container has, not even one that is stopped.",
			Risk:  "High. The site is down while the containers are made again, and what was in the volume is gone.",
			Undo:  "The files of the earlier image come back with that image alone: tag it again and do the same.",
			Proof: "The files that visitors get are those of the image, and every container that was removed runs again.",
			Commands: []string{
				"docker ps -a --filter volume=VOLUME",
				"docker compose -p {project} rm -s -f {service}",
				"docker volume rm VOLUME",
				"docker compose -p {project} up -d {service}",
			},
			See: []string{"static-stale", "container-stale", "docker-up"},
		},
	}
}

func planVolumeRenew(b *box.Box) Prepared {
	container, ok := b.TargetContainer()
	volume, hides := b.HidingVolume()
	if !ok || container.Project == "" || !hides {
		return blocked("no named volume hides files of the service's image")
	}
	services, strangers := b.UsersOf(volume.Name)
	again := b.ComposeLine(container, append([]string{"up", "-d"}, services...)...)
	remove := dockerChange(b, serviceTimeout, b.ComposeArgv(container, slices.Concat([]string{"rm", "-s", "-f"}, services)...)...)
	remove.Failed = "Not every container was removed; the volume is as it was. Start what is missing with: " + again
	drop := dockerChange(b, serviceTimeout, container.Daemon.Argv("volume", "rm", volume.Name)...)
	drop.Failed = "The containers are gone and the volume is still there. Start them again with: " + again
	actions := []Action{remove, drop}
	// One after the other: the volume is filled from the image of the first that is made with it.
	for _, service := range services {
		up := dockerChange(b, serviceTimeout, b.ComposeArgv(container, "up", "-d", "--no-deps", service)...)
		up.Failed = "The volume is new, and not every container was started. Fix what the last command complains about, then: " + again
		actions = append(actions, up)
	}
	front, _ := b.ContainerOf(b.Front.Value.Container)
	if !slices.Contains(services, front.Service) || front.Project != container.Project {
		actions = append(actions, nginxAfterContainer(b)...)
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("The containers of %s are removed, the volume %s with all that is in it as well, and made again: Docker fills the new volume from the image of %s. Nothing else is in it: %s, each of which the build brings, and none was written since the volume was filled.",
			strings.Join(services, " and "), volume.Name, container.Service, box.Several(volume.Files, "file", "files")),
		Risk: report.HighRisk,
		Undo: "The files of the earlier image are gone with the volume; tag that image again and do the same to have them back.",
	}, actions...)
	switch {
	case volume.Kept != "":
		plan.Blocked = sys.Textf("more than the image's files may be in the volume: %s", volume.Kept)
	case len(strangers) > 0:
		plan.Blocked = sys.Textf("%s of another project has the volume as well", strangers[0])
	case !strings.HasPrefix(volume.Name, container.Project+"_"):
		plan.Blocked = sys.Textf("the volume %s does not bear the project's name, so Compose may not make it again", volume.Name)
	case b.SourceNotBuilt().Newer:
		plan.Blocked = "the image is older than its source, and would fill the volume with old files again; build it first"
	default:
		plan.Blocked = composeRefusal(b)
	}
	return plan.from(composeOrigin(b, false))
}

// doneVolumeRenew: the volume hides nothing any more, and all that were removed run again.
func doneVolumeRenew(before, after *box.Box) (bool, sys.Text) {
	volume, _ := before.HidingVolume()
	for _, container := range before.MountersOf(volume.Name) {
		again := after.ContainerOfService(container, container.Service)
		if container.PID != 0 && again.PID == 0 {
			return false, sys.Textf("no container of %s runs yet", container.Service)
		}
	}
	if hiding, hides := after.HidingVolume(); hides {
		return false, sys.Textf("the volume %s still hides files of the image", hiding.Name)
	}
	return doneDocker(before, after)
}
