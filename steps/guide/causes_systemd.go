package guide

func unitPointsToOldPath() Page {
	return Page{
		ID:    "unit-points-to-old-path",
		Title: "The unit starts another release or tree",
		What: "WorkingDirectory, --chdir, ExecStart, the virtualenv or the first line of its gunicorn script names a release " +
			"or tree that is not the one just deployed. Each restart starts the old one again.",
		How: "The unit was written when there was one release and has its full path in it; a drop-in overrides it; the " +
			"virtualenv was copied from another place and its scripts still start the original interpreter.",
		Commands: []string{
			"systemctl cat {unit}",
			"systemctl show {unit} -p WorkingDirectory,ExecStart",
			"head -1 {venv}/bin/gunicorn",
		},
		Prevent: "Name the link in the unit, never a release, and create each virtualenv where it will live.",
		Guard:   []string{"[Service]", "WorkingDirectory={current}", "ExecStart={current}/venv/bin/gunicorn --chdir {current} wsgi:app"},
		See:     []string{"edit-unit", "unit-paths"},
	}
}

func envNotReloaded() Page {
	return Page{
		ID:    "env-not-reloaded",
		Title: "The process has an older environment than the disk",
		What:  "A key in an EnvironmentFile or in the unit differs from what the process was started with.",
		How: "The file was edited and the service was reloaded, or not touched at all. A HUP keeps the master's environment; " +
			"`systemctl daemon-reload` gives a running process nothing.",
		Commands: []string{
			"systemctl show {unit} -p EnvironmentFiles,ExecMainStartTimestamp",
			"sudo stat -c '%z %n' {envfile}",
			"sudo cut -z -d= -f1 /proc/{pid}/environ | tr '\\0' '\\n' | sort",
		},
		Prevent: "Let whatever writes the file restart the service too: a handler in Ansible, one line in a script.",
		Guard:   []string{"sudo install -o root -g www-data -m 0640 shop.env {envfile} && sudo systemctl restart {unit}"},
		See:     []string{"restart", "environment"},
	}
}

func daemonReloadNeeded() Page {
	return Page{
		ID:    "daemon-reload-needed",
		Title: "systemd has not loaded the unit that is on disk",
		What:  "The unit file or one of its drop-ins changed on disk, and systemd still works from the copy that it read before.",
		How: "A unit that was edited with an editor, copied or templated by a tool. `systemctl edit` reloads by itself, other " +
			"ways do not. A new file in a directory of higher precedence is not even flagged.",
		Commands: []string{
			"systemctl show {unit} -p NeedDaemonReload,FragmentPath,DropInPaths",
			"systemctl cat {unit}",
		},
		Prevent: "Reload where you write, always followed by the restart.",
		Guard:   []string{"sudo install -m 0644 shop.service /etc/systemd/system/{unit}", "sudo systemctl daemon-reload", "sudo systemctl restart {unit}"},
		See:     []string{"daemon-reload-restart", "unit-change-not-applied"},
	}
}

func unitChangeNotApplied() Page {
	return Page{
		ID:    "unit-change-not-applied",
		Title: "The process was started from an older unit",
		What: "systemd knows the new unit, and the process still runs from the old one. NeedDaemonReload says no, and that " +
			"reassures the wrong people.",
		How: "daemon-reload was run, the restart was not: most often because the reload \"worked\". A reload of the service " +
			"is not enough either, for ExecStart and the environment are used at the start alone. Under supervisord: " +
			"the program's section was edited, and `supervisorctl restart` or `reread` was taken for `update`.",
		Commands: []string{
			"systemctl show {unit} -p NeedDaemonReload,FragmentPath,ExecMainStartTimestamp",
			"stat -c '%y %n' /etc/systemd/system/{unit}",
			"tr '\\0' ' ' < /proc/{pid}/cmdline; echo",
		},
		Prevent: "Make the two commands one.",
		Guard:   []string{"sudo systemctl daemon-reload && sudo systemctl restart {unit}"},
		See:     []string{"restart", "daemon-reload-needed"},
	}
}
