package fixes

import (
	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// DockerUp makes the container anew where it differs from its files or its image.
func DockerUp() Kind {
	return Kind{
		ID: "docker-up", Title: "Recreate the container from the current image",
		patience: soon,
		plan:     planDockerUp,
		done:     doneDocker,
		page: guide.Page{
			Does: "Compose compares the container with its file, and replaces it if image, mounts or environment differ; it makes one where there is none.",
			When: "The image is new already, or the Compose file or env_file changed, or the project was taken down. It builds nothing that " +
				"is there. The older docker-compose 1 fails half-way on a Docker since 25 (KeyError: 'ContainerConfig'), with the old container " +
				"stopped; there the old one is removed first.",
			Risk:  "Medium. The site is down while the container is replaced. Data in the container itself, outside of volumes, is lost.",
			Undo:  "Put the old file or tag back and run it again.",
			Proof: "The running container's image and configuration hash are those on disk.",
			Commands: []string{
				"docker compose -p {project} up -d {service}",
			},
			See: []string{"container-stale", "docker-recreate"},
		},
	}
}

func planDockerUp(b *box.Box) Prepared {
	container, ok := b.TargetContainer()
	if !ok || container.Project == "" {
		return blocked("the service is not a Compose service")
	}
	plan := planned(report.Plan{
		Effect: sys.Textf("Compose compares %s with its files and its image, and recreates the container if they differ.", container.Service),
		Risk:   report.MediumRisk,
		Undo:   "Put the old image's tag, or the old files, back and run it again.",
	}, append(upActions(b, container), nginxAfterContainer(b)...)...)
	plan.Effect += upEffect(b, container)
	plan.Blocked = composeRefusal(b)
	_, present := b.Images.Value[container.ImageName]
	return plan.from(composeOrigin(b, b.Images.Known && !present))
}
