package guide

func servingProcess() Page {
	return Page{
		ID:    "serving-process",
		Title: "Serving process",
		Asks:  "Which Gunicorn master and which workers really answer the site's requests?",
		Why: "You can restart the wrong service all night. The process that holds the socket decides what visitors see, " +
			"whatever the name of the unit promises.",
		Good: "One master holds the address that Nginx sends to, it is in the unit's cgroup, and all workers are its children.",
		Read: "The listener is found from the socket, and the unit from the listener's cgroup: never from a name. A master " +
			"in no unit was started by hand or survived its unit. Two masters on one Unix socket path have different inodes; " +
			"new connections go to whichever bound last.",
		Mistake: "`ps aux | grep gunicorn` and taking the first line for the one that serves. Several may run, of several " +
			"sites and several ages.",
		Commands: []string{
			"sudo ss -lxnp | grep {socket}",
			"sudo ss -ltnp | grep gunicorn",
			"cat /proc/{pid}/cgroup",
			"ps -o pid,ppid,lstart,args --ppid {pid} -p {pid}",
		},
		IfItFails: "Name the service that really serves: `systemctl status PID` tells it for any process. An orphan is " +
			"stopped together with a restart of the real unit, for it removes the socket as it goes.",
		See: []string{"orphan-gunicorn", "wrong-service", "service-failed"},
	}
}

func workingDirectory() Page {
	return Page{
		ID:    "working-directory",
		Title: "Working directory",
		Asks:  "From what directory, with what Python and from what tree do the processes run?",
		Why: "A process stays in the directory that its link pointed at when it started. Behind a switched link it goes on " +
			"living in yesterday's release.",
		Good: "The directory is the active release, it still exists, the interpreter is that of the intended virtualenv, " +
			"and the app's package is found in the release first.",
		Read: "\" (deleted)\" behind the directory means that the release was pruned under the running process. The " +
			"directory alone proves nothing about the code: after a HUP under --preload it is new and the code is old. The " +
			"tree that is imported from is worked out from Python's search path without running it.",
		Mistake: "Seeing the right directory and stopping there, while `pip install .` once copied the app into " +
			"site-packages, and that copy, or one on PYTHONPATH, is what gets imported.",
		Commands: []string{
			"sudo readlink /proc/{pid}/cwd",
			"sudo readlink /proc/{pid}/exe",
			"tr '\\0' ' ' < /proc/{pid}/cmdline; echo",
			"head -1 {venv}/bin/gunicorn",
		},
		IfItFails: "Pinned to an old path by the unit: see unit-points-to-old-path. Left behind by a switch: restart. " +
			"Deleted: restart, and never send it a HUP.",
		See: []string{"release-dir-deleted", "unit-points-to-old-path", "installed-package-shadows-checkout"},
	}
}

func serviceRestart() Page {
	return Page{
		ID:    "service-restart",
		Title: "Service restart",
		Asks:  "Did whoever loaded the code start after the code last changed?",
		Why: "Python reads a module once and keeps it. Until its process is replaced, a worker serves the code it read, " +
			"whatever the disk says by now. This is the commonest cause by far.",
		Good: "The loader is younger than the code: the master under --preload, every single worker otherwise.",
		Read: "Two times decide: when the loader started, from the kernel and good to a hundredth of a second, and when the " +
			"code changed. Close together they need the finer witnesses: birth times of files, and .pyc files, which record " +
			"the source that they were compiled from. Old and new workers side by side are their own verdict, mixed.",
		Mistake: "Trusting \"active (running)\". A service that was never restarted is active too. And `restart` of a unit " +
			"whose KillMode is process leaves old workers behind.",
		Commands: []string{
			"systemctl show {unit} -p ActiveState,MainPID,ExecMainStartTimestamp,NRestarts",
			"ps -o pid,lstart,args --ppid {pid} -p {pid}",
			"stat -c '%z %n' {current}/*.py",
			"sudo journalctl -u {unit} -n 50 --no-pager",
		},
		IfItFails: "Restart the unit. If it does not come up, its journal has the reason in the last lines: most often an " +
			"import error, a missing directory or an address in use.",
		See: []string{"service-not-restarted", "mixed-workers", "service-failed", "restart"},
	}
}

func gunicornReload() Page {
	return Page{
		ID:    "gunicorn-reload",
		Title: "Gunicorn reload",
		Asks:  "Would a graceful HUP put the new code live here, do nothing, or take the site down?",
		Why: "HUP replaces the workers without dropping a request, which is why people reach for it. But it keeps the " +
			"master, its directory and whatever the master preloaded.",
		Good: "No preload, a directory that exists, and a path that leads through the link: then HUP loads the new tree.",
		Read: "\"Would load\" is worked out from --chdir, gunicorn.conf.py, GUNICORN_CMD_ARGS and PWD. Without a --chdir " +
			"through the link, a master under systemd goes back to the directory it resolved at its start: the old release. " +
			"In a deleted directory a HUP kills the master.",
		Mistake: "Taking \"HUP sent\" for \"code reloaded\". Only workers that started afterwards, and a marker that " +
			"answers with the new release, show it. And --reload is for development: never in production.",
		Commands: []string{
			"systemctl show {unit} -p ExecReload,CanReload",
			"tr '\\0' '\\n' < /proc/{pid}/cmdline | grep -e --preload -e --chdir",
			"sudo readlink /proc/{pid}/cwd",
			"ps -o pid,lstart --ppid {pid}",
		},
		IfItFails: "Restart instead. To make HUP right for good, start Gunicorn with --chdir through the link and without " +
			"--preload.",
		See: []string{"hup", "hup-with-preload", "release-dir-deleted"},
	}
}
