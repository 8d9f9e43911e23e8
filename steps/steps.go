package steps

// Step is one of the guide's fourteen questions.
type Step struct {
	Number int
	ID     string
	Title  string
	// Question is what the step asks of the box.
	Question string
}

// All is the walk, in the guide's order.
func All() []Step {
	return []Step{
		{1, "code-on-disk", "Code on disk", "Is the new code where the deploy should have put it?"},
		{2, "serving-process", "Serving process", "Which Gunicorn master and workers answer the site's requests?"},
		{3, "working-directory", "Working directory", "What directory and interpreter do they run from?"},
		{4, "service-restart", "Service restart", "Has the service been restarted since the code changed?"},
		{5, "daemon-reload", "Daemon reload", "Does systemd hold the unit that is on disk?"},
		{6, "unit-paths", "Unit paths", "Do WorkingDirectory, ExecStart and EnvironmentFile name the active release?"},
		{7, "environment", "Environment", "Does the process have the environment that is on disk?"},
		{8, "release-symlink", "Release symlink", "Does current point at the newest release?"},
		{9, "nginx", "Nginx", "Does the running Nginx send requests to this service, from a valid, loaded configuration?"},
		{10, "static-assets", "Static assets", "Are the static files that clients get those of the release?"},
		{11, "caches", "Caches", "Does a proxy, CDN or browser cache answer instead of the app?"},
		{12, "containers", "Containers", "Does the container run the image, mounts and environment that are on disk?"},
		{13, "gunicorn-reload", "Gunicorn reload", "Would a graceful HUP reload do here, or do harm?"},
		{14, "release-marker", "Release marker", "Does the live site itself say which release it is?"},
	}
}
