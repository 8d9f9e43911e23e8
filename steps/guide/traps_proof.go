package guide

// proofTraps are G49 to G59: what a witness proves, and what it only seems to.
func proofTraps() []Trap {
	return []Trap{
		{"G49", "A label knows only what it is bound to", "A variable tells what the process was started as; a constant, what one file was when it was imported; a file read at each request, nothing about memory. All of them can say v1 while another module was edited."},
		{"G50", "Times that were set back", "cp -p, rsync --inplace and tar --overwrite write new content under old times; touch, chown and a copy do the reverse. Times cannot settle it. Content can: git's blob, the size in the .pyc, the words in the process's memory."},
		{"G51", "A dependency changed, not the app", "pip, uv or poetry wrote into the virtualenv that runs. Workers hold the packages of their start. And a requirements file newer than every installed package means that nothing was installed."},
		{"G52", "Releases in a directory of any name", "What makes a directory a release is that a link leads to one of its siblings, not that it is called releases or bears a date."},
		{"G53", "A pull that stopped half-way", "git refuses to overwrite an edit by hand: fetched, and not merged. MERGE_HEAD, a rebase or a lock left behind show the same."},
		{"G54", "Somebody else has the port", "Apache, Caddy, HAProxy, Varnish or a second Nginx answers at the site's address. Whoever listens there has to be asked, and compared with the app's own socket."},
		{"G55", "A server block that answers from files", "The URL meets a block, or a location, that sends nothing to the app: a default page, a single-page app, an export of the site. The answer is then not the service's."},
		{"G56", "A variable chooses the backend", "split_clients, map, geo and set pick among several. Two different answers through such a block are no cache; each backend has to be asked by itself."},
		{"G57", "A cgroup is a birthplace", "What cron, ssh, screen or another unit started stays in that unit's cgroup. The unit runs a server only if its own ExecStart leads there; restarting cron starts no web server."},
		{"G58", "Starting takes as long as it takes", "A start that migrates a database, or a busy box, is no failure. As long as the unit is starting and its process lives, the answer is not yet known."},
		{"G59", "A loop of crashes", "systemd, Docker and supervisord start it again and again, and each single look may find it running. The count of restarts and the last traceback tell."},
	}
}

// serverTraps are G63 to G65: servers other than Gunicorn.
func serverTraps() []Trap {
	return []Trap{
		{"G63", "uWSGI reloads under the same pid", "A HUP, or a touch of the file that touch-reload names, executes the master anew under the same process id, with the start time that it had. UWSGI_RELOADS in its environment counts that, and the birth of the memory that it shares with its workers (root's to see) tells when. Otherwise the app was loaded no later than the oldest of the present workers was made. A chain reload (touch-chain-reload, with lazy-apps) makes new workers alone: they import from the directory in which the master stands, so after a switched link they load the old release again. SIGTERM reloads unless die-on-term is set, and SIGQUIT then does. Without a master a HUP ends it."},
		{"G64", "mod_wsgi looks at one file", "In daemon mode a changed WSGI script restarts the processes at the next request; other modules do not. In embedded mode only a graceful restart of Apache loads everything again."},
		{"G65", "Any program may be the server", "Waitress, uvicorn, `flask run` or a script: whoever holds the socket serves the site, and its start time, directory and memory can be judged like any other's."},
	}
}
