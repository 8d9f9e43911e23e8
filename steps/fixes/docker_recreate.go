package fixes

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
)

// DockerRecreate builds the image and makes the container from it.
func DockerRecreate() Kind {
	return Kind{
		ID: "docker-recreate", Title: "Rebuild the image and recreate the container",
		patience: soon,
		plan:     planDockerRecreate,
		done:     doneDockerRecreate,
		page: guide.Page{
			Does: "Builds the service's image without using cached layers, replaces the container with one made from it, and " +
				"reloads Nginx where Nginx proxies to it by name.",
			When: "The source is newer than the image, or a cached layer holds old code. Where an image is pulled and not built, " +
				"docker-up after a pull is the one.",
			Risk:  "High. The build takes a while, then the site is down while the container is replaced. Data in the container itself, outside of volumes, is lost.",
			Undo:  "Check out the old source and do the same; or tag the old image again and run docker-up.",
			Proof: "The running container's image and configuration hash are the new ones.",
			Commands: []string{
				"docker compose -p {project} build --no-cache {service}", "docker compose -p {project} up -d --force-recreate {service}",
			},
			See: []string{"container-stale", "docker-up", "nginx-stale-address"},
		},
	}
}

func planDockerRecreate(b *box.Box) Prepared {
	container, ok := b.TargetContainer()
	if !ok || container.Project == "" {
		return blocked("the service is not a Compose service")
	}
	var actions []Action
	effect := sys.Textf("The image of %s is built without the cache, and the container is recreated from it. If the build fails, the running container stays as it is.", container.Service)
	if service := b.Compose.Value.Service; service != nil && service.Build == nil {
		effect = sys.Textf("The container of %s is recreated from its image, %s.", container.Service, container.ImageName)
	} else {
		build := dockerChange(b, buildTimeout, b.ComposeArgv(container, "build", "--no-cache", container.Service)...)
		build.Failed = "The build failed; the running container was not touched and goes on as before."
		actions = append(actions, build)
	}
	plan := planned(report.Plan{Effect: effect, Risk: report.HighRisk, Undo: "Check out the old source, build and recreate again."},
		slices.Concat(actions, upActions(b, container, "--force-recreate"), nginxAfterContainer(b))...)
	plan.Effect += upEffect(b, container)
	plan.Blocked = composeRefusal(b)
	return plan.from(composeOrigin(b, true))
}

// doneDockerRecreate: the container is another one than before.
func doneDockerRecreate(before, after *box.Box) (bool, sys.Text) {
	container, ok := after.TargetContainer()
	if ok && slices.ContainsFunc(before.Containers.Value, container.SameRun) {
		return false, sys.Textf("it recreated nothing: the container %s is the one that ran before", container.Name)
	}
	return doneDocker(before, after)
}
