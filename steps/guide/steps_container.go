package guide

func containers() Page {
	return Page{
		ID:    "containers",
		Title: "Containers",
		Asks:  "Was the running container made from the image, the mounts and the environment that are on disk now?",
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
	}
}
