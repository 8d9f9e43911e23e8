package guide

func dockerRecreate() Page {
	return Page{
		ID:    "docker-recreate",
		Title: "Build the image anew and make the container from it",
		Does: "Builds the service's image without using cached layers, replaces the container by one made from it, and " +
			"reloads Nginx where Nginx proxies to it by name.",
		When: "The source is newer than the image, or a cached layer holds old code. Where an image is pulled and not built, " +
			"docker-up after a pull is the one.",
		Risk:  "High. The build takes its time, then the site is away while the container is replaced. Data in the container itself, outside of volumes, is lost.",
		Undo:  "Check out the old source and do the same; or tag the old image again and run docker-up.",
		Proof: "The running container's image and configuration hash are the new ones.",
		Commands: []string{
			"docker compose -p {project} build --no-cache {service}", "docker compose -p {project} up -d --force-recreate {service}",
		},
		See: []string{"container-stale", "docker-up", "nginx-stale-address"},
	}
}

func dockerUp() Page {
	return Page{
		ID:    "docker-up",
		Title: "Make the container anew from the present image",
		Does:  "Compose compares the container with its file, and replaces it if image, mounts or environment differ; it makes one where there is none.",
		When: "The image is new already, or the Compose file or env_file changed, or the project was taken down. It builds nothing that " +
			"is there. The older docker-compose 1 fails half-way on a Docker since 25 (KeyError: 'ContainerConfig'), with the old container " +
			"stopped; there the old one is removed first.",
		Risk:  "Medium. The site is away while the container is replaced. Data in the container itself, outside of volumes, is lost.",
		Undo:  "Put the old file or tag back and run it again.",
		Proof: "The running container's image and configuration hash are those on disk.",
		Commands: []string{
			"docker compose -p {project} up -d {service}",
		},
		See: []string{"container-stale", "docker-recreate"},
	}
}
