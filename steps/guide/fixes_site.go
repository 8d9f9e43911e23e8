package guide

func nginxReload() Page {
	return Page{
		ID:    "nginx-reload",
		Title: "Test and reload Nginx",
		Does: "Tests the configuration on disk; if it passes, the Nginx master starts new workers with it and retires the old " +
			"ones. An Nginx in a container is told so by its own program in there, which tests first and drops no request; the " +
			"container is restarted only where a file mounted into it was replaced, for Docker mounts it anew at a start alone.",
		When:     "The configuration changed after the workers started, or an upstream's name has moved.",
		Risk:     "Low. Requests in flight are finished by the old workers. It is refused while `nginx -t` fails.",
		Undo:     "Put the old configuration back and reload.",
		Proof:    "New worker processes. The exit status proves nothing: a reload that cannot bind an address exits with 0 and changes nothing.",
		Commands: []string{"nginx -t", "systemctl reload nginx", "docker exec shop-nginx-1 nginx -s reload", "docker compose restart nginx"},
		See:      []string{"nginx-not-reloaded", "nginx-stale-address"},
	}
}

func editNginx() Page {
	return Page{
		ID:       "edit-nginx",
		Title:    "Edit Nginx's configuration, test and reload it",
		Does:     "Opens your editor at the file and line that sends requests to the wrong place, then tests and reloads.",
		When:     "proxy_pass, root or alias is wrong, or the configuration is refused. What is right, only you can know.",
		Risk:     "Medium: that of what you write. If the test fails, nothing is loaded and the running Nginx stays as it is. It needs a terminal.",
		Undo:     "Edit again; keep a copy of the file first.",
		Proof:    "`nginx -t` passes and new workers run.",
		Commands: []string{"$EDITOR /etc/nginx/sites-available/SITE", "nginx -t", "systemctl reload nginx"},
		See:      []string{"nginx-wrong-upstream", "nginx-config-invalid", "static-stale"},
	}
}

func switchSymlink() Page {
	return Page{
		ID:    "switch-symlink",
		Title: "Point the link at the newest release and restart",
		Does: "Makes a new link beside the old one, renames it over it (there is no moment without a link), then restarts the " +
			"service.",
		When:  "The link points at an older release than the newest complete one, or at nothing. Not after a rollback.",
		Risk:  "Medium. It puts other code live. It is refused when the target is not a complete release.",
		Undo:  "The same with the old release as target; the plan names it.",
		Proof: "The link resolves to the release, the workers are new, the site answers with it.",
		Commands: []string{
			"ln -s {root}/releases/RELEASE {root}/.flasktui-next", "mv -T {root}/.flasktui-next {current}", "systemctl restart {unit}",
		},
		See: []string{"symlink-not-switched", "symlink-broken"},
	}
}

func clearBytecode() Page {
	return Page{
		ID:       "clear-bytecode",
		Title:    "Remove the app's old bytecode and restart",
		Does:     "Removes the app's own __pycache__ directories under the release, then restarts the service. Python writes new ones.",
		When:     "A .pyc is used in place of newer source. The virtualenv's own bytecode is left alone.",
		Risk:     "Medium: that of the restart. What is removed can always be made again.",
		Undo:     "None is needed.",
		Proof:    "The unit is active, the workers are new, and the bytecode agrees with the source.",
		Commands: []string{"rm -rf -- {current}/PACKAGE/__pycache__", "systemctl restart {unit}"},
		See:      []string{"stale-bytecode"},
	}
}

func releaseMarkerFix() Page {
	return Page{
		ID:    "release-marker",
		Title: "Set APP_RELEASE for the service and restart",
		Does: "Writes a drop-in that sets APP_RELEASE to the release on disk, makes systemd read it and restarts the service. " +
			"The app has to answer with it: `flasktui explain 14` shows how.",
		When: "The site cannot say which release it runs. Let your deploy write the drop-in from then on: a marker that nobody " +
			"renews is worse than none.",
		Risk:     "Medium: that of the restart.",
		Undo:     "Remove the drop-in, daemon-reload, restart.",
		Proof:    "The live marker answers with the release on disk.",
		Commands: []string{"systemctl daemon-reload", "systemctl restart {unit}", "curl -s {url}/version"},
		See:      []string{"daemon-reload-restart"},
	}
}
