package guide

func containerStale() Page {
	return Page{
		ID:    "container-stale",
		Title: "The container does not run what is on disk",
		What: "The running container was made from an older image, or with other mounts or another environment than the disk " +
			"has now; or the image itself is older than its source.",
		How: "Build without recreate; `docker compose restart`, which applies nothing; a build that took `git clone` from its " +
			"cache; a named volume that hides the new files; a single mounted file that was replaced by a new one.",
		Commands: []string{
			"docker inspect {container} --format '{{.Image}} {{.Created}}'",
			"docker image inspect \"$(docker inspect {container} --format '{{.Config.Image}}')\" --format '{{.Id}} {{.Created}}'",
			"docker compose -p {project} config --hash {service}",
			"docker inspect {container} --format '{{index .Config.Labels \"com.docker.compose.config-hash\"}}'",
		},
		Prevent: "Build, recreate, and check from outside. Mount directories, not single files, and no volume over code.",
		Guard: []string{
			"docker compose build --pull {service}",
			"docker compose up -d {service}",
			"flasktui check compose:{project}/{service} --expect \"$RELEASE\" --retry-timeout 60s",
		},
		See: []string{"docker-recreate", "docker-up", "containers"},
	}
}
