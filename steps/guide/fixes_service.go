package guide

func daemonReloadFix() Page {
	return Page{
		ID:       "daemon-reload",
		Title:    "Have systemd load the unit from disk",
		Does:     "systemd reads all unit files and drop-ins from disk. It starts, stops and restarts nothing.",
		When:     "The unit on disk is not the one that is loaded. Alone it changes nothing for a running process: see daemon-reload-restart.",
		Risk:     "Low. It is about all units of the machine, so another one that was edited half-way is read too, though not started.",
		Undo:     "Put the old file back and reload again.",
		Proof:    "NeedDaemonReload=no.",
		Commands: []string{"systemctl daemon-reload"},
		See:      []string{"daemon-reload-restart"},
	}
}

func restart() Page {
	return Page{
		ID:    "restart",
		Title: "Restart the service",
		Does: "Stops all processes of the unit and starts a new master, which starts new workers. All of them read the code, " +
			"the unit as loaded and the environment files as they are now. For a container it is `docker compose restart`, " +
			"which starts the same container again.",
		When: "The process is older than the code, the environment or the unit as loaded. For a container only where nothing " +
			"but source in a bind mount has changed: it applies no new image and no new environment.",
		Risk: "Medium. Requests fail for the seconds between stop and start; and if the new code does not start, the site is " +
			"down. It is refused when the working directory or the executable is missing.",
		Undo:     "None for the restart itself. To go back to the old code, switch back to the old release and restart.",
		Proof:    "The unit is active, the workers are new, and nothing is stale any more.",
		Commands: []string{"systemctl restart {unit}"},
		See:      []string{"service-not-restarted", "hup"},
	}
}

func daemonReloadRestart() Page {
	return Page{
		ID:       "daemon-reload-restart",
		Title:    "Load the unit from disk and restart the service",
		Does:     "Makes systemd read its units again, then restarts the service from what it read. The order matters.",
		When:     "A unit file or drop-in changed on disk. A restart without the reload would start from the older copy.",
		Risk:     "Medium: that of the restart.",
		Undo:     "Put the old unit file back and do the same again.",
		Proof:    "The unit is active, NeedDaemonReload=no, the workers are new.",
		Commands: []string{"systemctl daemon-reload", "systemctl restart {unit}"},
		See:      []string{"daemon-reload-needed", "restart"},
	}
}

func hup() Page {
	return Page{
		ID:    "hup",
		Title: "Reload Gunicorn gracefully",
		Does: "The master starts new workers, which load the code afresh, and lets the old ones finish what they are at. " +
			"It is the unit's own reload where it has one, else a HUP to the master.",
		When: "The code changed in the tree that the master would load again, there is no preload, and its directory still " +
			"exists. It reads neither the unit nor environment files again.",
		Risk: "Low where it is offered. It is refused under preload (the old code stays), in a deleted directory (it kills " +
			"the master) and where it would load the old tree again.",
		Undo:     "None is needed.",
		Proof:    "New workers that started after the change, and no old one left once the graceful timeout is over.",
		Commands: []string{"systemctl reload {unit}"},
		See:      []string{"gunicorn-reload", "restart"},
	}
}

func stopOrphan() Page {
	return Page{
		ID:    "stop-orphan",
		Title: "Stop the Gunicorn outside the unit and restart the unit",
		Does:  "Sends TERM to the master that no unit owns, then restarts the unit that should have the socket.",
		When: "A Gunicorn of the same app that no unit runs holds the address where the unit is set to listen. It is refused where something " +
			"may start that one again, or nothing would answer in its place.",
		Risk: "High. As the orphan goes it removes the Unix socket's path, even when the unit's own Gunicorn is listening " +
			"there: therefore the restart belongs to it, and requests fail in between.",
		Undo:     "None. Whoever started it by hand can start it again.",
		Proof:    "The unit's own master holds the socket and answers.",
		Commands: []string{"kill -TERM {pid}", "systemctl restart {unit}"},
		See:      []string{"orphan-gunicorn"},
	}
}

func editUnit() Page {
	return Page{
		ID:       "edit-unit",
		Title:    "Edit the unit, load it and restart the service",
		Does:     "Opens the whole unit in your editor, then makes systemd read it and restarts the service.",
		When:     "A path in the unit is wrong. What is right, only you can know, so flasktui opens the file and writes nothing into it.",
		Risk:     "Medium: that of what you write, and of the restart. It needs a terminal.",
		Undo:     "`systemctl revert UNIT` removes what was overridden in /etc and goes back to the packaged unit; without one, edit again.",
		Proof:    "The unit is active, and its processes run from the active release.",
		Commands: []string{"systemctl edit --full {unit}", "systemctl daemon-reload", "systemctl restart {unit}"},
		See:      []string{"unit-points-to-old-path", "daemon-reload-restart"},
	}
}
