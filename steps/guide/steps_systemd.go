package guide

func daemonReload() Page {
	return Page{
		ID:    "daemon-reload",
		Title: "Daemon reload",
		Asks:  "Is the unit that systemd holds in memory the one that lies on disk, drop-ins included?",
		Why: "systemd reads unit files when it is told to. After an edit it goes on restarting the service from its own " +
			"copy, and does not mention it where nobody looks.",
		Good: "NeedDaemonReload=no, the file found first on the unit path is the one that is loaded, and the process was " +
			"started after the last change to any of them.",
		Read: "\"no\" is not proof. A new unit file in a directory of higher precedence goes unnoticed, so flasktui " +
			"compares the files themselves. And a reload alone starts nothing: after it, the answer is \"no\" while the " +
			"process still runs from the older unit.",
		Mistake: "Editing the copy in /lib or /usr/lib while one in /etc hides it. Or reloading systemd and forgetting the " +
			"restart.",
		Commands: []string{
			"systemctl show {unit} -p NeedDaemonReload,FragmentPath,DropInPaths,ExecMainStartTimestamp",
			"systemctl cat {unit}",
			"systemctl show -p UnitPath",
		},
		IfItFails: "`systemctl daemon-reload`, then restart the service. In that order.",
		See:       []string{"daemon-reload-needed", "unit-change-not-applied", "daemon-reload-restart"},
	}
}

func unitPaths() Page {
	return Page{
		ID:    "unit-paths",
		Title: "Unit paths",
		Asks:  "Do the paths in the unit lead to the release that is meant to be live?",
		Why: "A unit that names one release by its full path starts that release for ever. Restarting it changes nothing, " +
			"which is what makes this one so maddening.",
		Good: "WorkingDirectory leads through the link or into the one checkout, and ExecStart names a Gunicorn whose " +
			"virtualenv belongs to it.",
		Read: "What counts is the effective value, after all drop-ins, and what Gunicorn makes of it: --chdir, a " +
			"gunicorn.conf.py or GUNICORN_CMD_ARGS override the unit's directory. The first line of the gunicorn script " +
			"names the interpreter it really uses: a virtualenv that was copied or moved still points to its birthplace.",
		Mistake: "Correcting the unit while a drop-in in UNIT.d/ puts the old path back.",
		Commands: []string{
			"systemctl cat {unit}",
			"systemctl show {unit} -p WorkingDirectory,ExecStart,EnvironmentFiles",
			"head -1 {venv}/bin/gunicorn",
		},
		IfItFails: "Edit the file that sets the value, which `systemctl cat` names above each part; then daemon-reload and restart.",
		See:       []string{"unit-points-to-old-path", "edit-unit"},
	}
}

func environment() Page {
	return Page{
		ID:    "environment",
		Title: "Environment",
		Asks:  "Does the process have the environment that the unit and its files would give it now?",
		Why: "A process gets its environment once, at its start. New settings in a file do nothing until it is started " +
			"again, and the site shows a mixture of new code and old settings.",
		Good: "Every key that the unit and its files set has the same value in the process.",
		Read: "flasktui compares names and whether values differ; it never shows a value. NeedDaemonReload knows nothing of " +
			"environment files. A process that renamed itself (setproctitle) may have wiped its environment: then it is " +
			"unknown, not good.",
		Mistake: "Changing .env and expecting it to win. python-dotenv leaves alone what is set already, so the unit's value " +
			"stays. And a HUP does not read an EnvironmentFile again.",
		Commands: []string{
			"systemctl show {unit} -p Environment,EnvironmentFiles",
			"sudo stat -c '%z %n' {envfile}",
			"sudo cut -z -d= -f1 /proc/{pid}/environ | tr '\\0' '\\n' | sort",
		},
		IfItFails: "Restart the service. A line with a leading - before the file's name means that a missing file is no " +
			"error: check that it exists.",
		See: []string{"env-not-reloaded", "restart"},
	}
}
