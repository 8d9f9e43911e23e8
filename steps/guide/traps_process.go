package guide

// processTraps are G1 to G16: what a running Gunicorn and its Python hold.
func processTraps() []Trap {
	return []Trap{
		{"G1", "Nobody restarted it", "A process keeps the code that it imported when it started. Compare the start of whoever imported the app (the master under preload, each worker without) with the moment the code last changed."},
		{"G2", "A HUP loads the release that the link pointed at", "Gunicorn remembers its start directory with links resolved, and systemd sets no PWD. So after `current` was switched, new workers import the old release again. Only a --chdir, or a PWD, that leads through the link helps; a restart always does."},
		{"G3", "A HUP under preload", "With --preload the master imports the app once and workers are copies of it. A HUP makes new workers from the old copy: they are young and hold old code. What counts is the master's start."},
		{"G4", "Python imports another tree", "An old `pip install .`, an editable install of another checkout, PYTHONPATH or a .pth line comes before the release on Python's path. The first directory that has the module wins, whatever directory the process runs in."},
		{"G5", "An old master keeps the address", "A master outside the unit still listens, so the unit cannot bind, or shares the socket's path with it. Stopping the old one removes the path of a Unix socket, so the unit has to be restarted right afterwards."},
		{"G6", "Old and new workers side by side", "A worker that was replaced (max_requests, a timeout, a kill) imports the code of today, while its siblings keep that of yesterday. Answers flip. Ask often enough that every worker had its turn."},
		{"G7", "Two masters after USR2", "USR2 starts a second master beside the first. Under systemd the unit ends with the first one. Seen by a master whose parent is a master, and by pid files that end in .2 or .oldbin."},
		{"G8", "Processes that outlive a stop", "KillMode=process or none leaves workers running when the unit stops. Processes in the unit's cgroup that are older than its main process are such leftovers."},
		{"G9", "A HUP where the directory is gone", "Pruning releases may remove the directory that the master runs in. It cannot return there: a HUP ends it. Only a restart helps."},
		{"G10", "A process that renamed itself", "setproctitle writes the title over the command line and the environment. What is then read there is not what the process was started with, so both count as unreadable, and the unit is asked instead."},
		{"G11", "New code that fails to import after a HUP", "The old workers go on while new ones die at once. The log has the traceback; old workers that are still there after the graceful time-out show the same."},
		{"G12", "Bytecode that is used although the source is newer", "Python takes a .pyc whose recorded time and size equal the source's. A copy that sets back both, or an unchecked hash, keeps the old code alive through every restart."},
		{"G13", "Templates kept in memory", "Jinja reads a template once unless TEMPLATES_AUTO_RELOAD or debug is on. A deploy that changes only templates needs new workers, too."},
		{"G14", "Background workers were forgotten", "Celery, RQ and cron jobs import the same app and are restarted by nobody when the site is."},
		{"G15", "Several listeners at one port", "::1 can be bound beside 0.0.0.0, and SO_REUSEPORT lets two programs share a port. Every listener at the port has to be looked at, in IPv4 and IPv6."},
		{"G16", "A .env file is not the environment", "python-dotenv does not override variables that are set already, and what it sets cannot be seen from outside. A key in both places with two values: the unit's wins."},
	}
}

// diskTraps are G24 to G27: what a deploy leaves on disk.
func diskTraps() []Trap {
	return []Trap{
		{"G24", "The new link landed inside the release", "`ln -sf new current` follows the old link and puts the new one into the old release. `ln -sfn`, or a rename with `mv -T`, replaces the link itself."},
		{"G25", "The checkout is not what was meant", "Another branch, a detached HEAD, edits by hand, or commits that were fetched and never merged. All of it runs in .git, without asking the remote."},
		{"G26", "git refuses root", "git reports dubious ownership to whoever does not own the checkout, and a checkout's own configuration may run programs. So git's files are read, and git is not run."},
		{"G27", "The deploy went to another box", "Behind a load balancer each machine has its own copy. What one box shows says nothing about the others."},
	}
}
