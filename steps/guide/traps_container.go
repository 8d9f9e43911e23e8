package guide

// containerTraps are G40 to G48: images, mounts and Compose.
func containerTraps() []Trap {
	return []Trap{
		{"G40", "The container runs an older image than its tag", "It was built or pulled, and the container was not recreated. The container's image id differs from the id that the tag has now."},
		{"G41", "`docker compose restart` applies nothing", "It stops and starts the same container, with the old image, environment and mounts. Compose's hash of the service tells whether the file asks for another one."},
		{"G42", "The source is newer than the image", "No mount covers the code, so it is the image's copy that runs. Build, then recreate."},
		{"G43", "The build took an old layer", "`RUN git clone` is cached by its text, and .dockerignore may leave out what changed. Compare files after the build."},
		{"G44", "A named volume hides the image's files", "Docker fills a volume from the image once. Later images do not change it: static files in it stay as they were."},
		{"G45", "An anonymous volume survives", "Recreating a container hands its anonymous volumes on; `up --force-recreate -V` makes new ones."},
		{"G46", "A mounted single file was replaced", "The mount holds the file itself, not its name. git, editors and Ansible write a new file under the name, and the container keeps the old one until it is started again."},
		{"G47", "A mounted link was resolved when the container was made", "Mounting `current` mounts the release that it led to at that time."},
		{"G48", "Another project has the port", "The same service under two project names, or one that was removed from the file and still runs. Whoever has the published port answers."},
	}
}

// imageTraps are G60 to G62: what containers hold beside the app's directory.
func imageTraps() []Trap {
	return []Trap{
		{"G60", "An image is more than the app's directory", "ENV, CMD and ARG of the Dockerfile, files copied to /etc, the configuration in the project's own Nginx image: a bind mount of the code covers none of it."},
		{"G61", "Every container that mounts a volume holds it", "A named volume can be removed only when all of them are gone; stopping one is not enough."},
		{"G62", "`docker run`, alone or in a unit", "No Compose file tells how it was started. The image's id against the tag's, the mounts and the restart count tell how it stands; the arguments to start it again come from inspect."},
	}
}
