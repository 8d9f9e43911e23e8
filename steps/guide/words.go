package guide

// Verdicts are the five answers of a whole look, best first.
func Verdicts() []Word {
	return []Word{
		{"fresh", "Proved: whatever answers for the site runs the release that should run. Nothing that matters was left unread."},
		{"stale", "At least one hop on the way from the URL to the disk still holds an older release, or leads to one. The causes say which and why."},
		{"mixed", "Old and new code answer in turn, or some of the processes that answer hold the old code and some the new one."},
		{"down", "Nothing answers for the site. The log has the reason more often than not."},
		{"inconclusive", "Nothing speaks against the new release, and something that would prove it could not be read. The reason says what, and what would settle it. It is not a quiet way to say fresh."},
	}
}

// Words is the glossary, in alphabetical order.
func Words() []Word {
	return []Word{
		{"bind mount", "A directory or file of the host that is shown inside a container. What changes outside changes inside, except that a single file which is replaced by a new one stays the old one inside."},
		{"bytecode", "What Python makes of a source file before it runs it, kept in __pycache__ as .pyc files. It is used again as long as the time and size of the source are those it recorded."},
		{"CDN", "Machines of somebody else, close to the visitors, that keep copies of answers. A deploy does not reach them: they have to be told to forget."},
		{"cgroup", "The group of processes that systemd puts a service into and keeps every child in: see /proc/PID/cgroup. It tells in which unit a process was born, not who runs it: a job of cron's stays in cron.service."},
		{"Compose", "The part of Docker that starts several containers from one file. It labels each container with a hash of what it was made from."},
		{"daemon-reload", "The order to systemd to read its unit files again. It touches no running service."},
		{"Daphne", "A server for ASGI apps: one process, which imports the app when it is started. Only a restart brings new code."},
		{"drop-in", "A small file in UNIT.d/ that adds to a unit or overrides parts of it. `systemctl cat UNIT` shows the unit with all of them."},
		{"environment", "Names and values that a process is given when it starts. Nobody can change them from outside afterwards."},
		{"ETag", "A name for one version of an answer. Nginx makes it from a file's time and size, so it tells which file was sent."},
		{"flask run", "Flask's own server, for development: one process, which imports the app when it is started. With --debug a reloader starts it anew when a file changes."},
		{"graceful", "Said of a reload that lets a worker finish the requests it has before it goes."},
		{"Gunicorn", "The commonest server of Flask apps: a master that owns the socket, and workers that answer."},
		{"HUP", "A signal. Gunicorn's master answers it by replacing its workers and keeping itself; other daemons by reading their configuration again. A program that does not expect it ends: Waitress, uvicorn, flask run."},
		{"Hypercorn", "A server for ASGI and WSGI apps: a parent that holds the socket, and processes that each import the app when they are started. Only a restart brings new code."},
		{"image", "What containers are made from. A container keeps the image that it was made from, whatever its tag means by now."},
		{"inode", "A file itself, as opposed to its name. A new file under an old name is another inode, and whoever has the old one open or mounted keeps it."},
		{"journal", "The log that systemd keeps of its services: `journalctl -u UNIT`."},
		{"marker", "An answer of the app that names its release, such as /version."},
		{"master", "The process of Gunicorn, uWSGI or Nginx that starts the others and holds the socket. Under preload it also holds the code."},
		{"mod_wsgi", "Apache's module for Python apps. In daemon mode processes of its own run the app, in embedded mode Apache's children do. Each loads it at its first request; a new time of the WSGI script starts daemon processes anew, and only a reload of Apache does so in embedded mode."},
		{"orphan", "A process whose starter has gone, that no unit runs, and that holds the address where a unit is set to listen. It may hold the socket for weeks."},
		{"pid", "The number of a process. It ends with the process and may be given to another one later."},
		{"preload", "Gunicorn's --preload: the master imports the app once and workers are copies of it. Saves memory; only a restart brings new code."},
		{"proxy cache", "Nginx's own store of answers (proxy_cache). It answers without asking the app until a copy is too old."},
		{"reflog", "Git's diary of where HEAD was, with times. It tells which commit was on disk when a process started."},
		{"release", "One version of the code in a directory of its own, or one commit of a checkout."},
		{"reload", "Ask a running program to take up changes without stopping. How much it takes up differs from program to program."},
		{"reloader", "Part of a development server that watches the files which were imported and starts the process that serves anew when one changes. It does not follow a link that is switched."},
		{"restart", "Stop and start: new processes, which read code, unit and environment again."},
		{"service worker", "A script in the visitor's browser that may answer in place of the site. A server cannot see it."},
		{"shebang", "The first line of a script, which names its interpreter. That of a server in venv/bin names the virtualenv it really uses."},
		{"site-packages", "Where a virtualenv keeps installed packages. A copy of the app in there may be imported in place of the checkout."},
		{"socket", "Where a program listens: a path (a Unix socket) or an address with a port. Nginx sends requests to it."},
		{"symlink", "A file that only says: look over there. `current` is one; a process that went through it stays where it led at that time."},
		{"systemd", "The program that starts and watches services on most Linux machines."},
		{"TERM", "The signal that asks a process to end properly."},
		{"unit", "The description of a service for systemd: what to run, where, as whom, with what environment."},
		{"upstream", "In Nginx: who requests are passed on to. With a host name, the address is looked up once, at the load."},
		{"uvicorn", "A server for ASGI apps: one process, or with --workers a parent and processes that each import the app when they are started. Only a restart is sure to bring new code."},
		{"uWSGI", "A server that commonly loads the app in its master and forks it; with lazy-apps each worker loads it by itself. A reload executes the master anew under the same process id, with the start time that it had. Nginx speaks its own protocol to it (uwsgi_pass), or HTTP (http-socket)."},
		{"virtualenv", "A Python with packages of its own in a directory. Its scripts carry its full path and do not survive a move."},
		{"volume", "Storage of Docker's that outlives containers. Laid over a directory of the image, it hides what a new image brings."},
		{"Waitress", "A server for WSGI apps: one process with threads, which imports the app when it is started. Only a restart brings new code."},
		{"worker", "A process of the server that answers requests, one of several; or one of Nginx, whose start shows when its configuration was loaded."},
		{"WSGI", "The way in which a server calls a Flask app; wsgi:app means the object app in the module wsgi."},
	}
}
