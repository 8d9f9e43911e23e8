package guide

func serviceNotRestarted() Page {
	return Page{
		ID:    "service-not-restarted",
		Title: "The service was not restarted after the code changed",
		What: "The processes that answer read their code before it changed, and Python never reads a module twice. The " +
			"disk is new, the memory is old.",
		How: "A `git pull` or an rsync without a restart; a deploy script that stopped before its last line; a restart that " +
			"ran before the files were all there; a restart of another unit.",
		Commands: []string{
			"systemctl show {unit} -p ExecMainStartTimestamp",
			"ps -o pid,lstart,args --ppid {pid} -p {pid}",
			"git -C {current} reflog -n 1 --date=iso",
		},
		Prevent: "Let the deploy end with the restart, and with a check that fails the deploy when the release is not live.",
		Guard: []string{
			"set -euo pipefail",
			"sudo systemctl restart {unit}",
			"flasktui check {unit} --expect \"$(git -C {current} rev-parse HEAD)\" --retry-timeout 60s",
		},
		See: []string{"restart", "hup", "service-restart"},
	}
}

func mixedWorkers() Page {
	return Page{
		ID:    "mixed-workers",
		Title: "Old and new workers answer in turn",
		What: "Some workers of one master loaded the old code and some the new, so the same address answers differently " +
			"from one request to the next.",
		How: "Without preload, a worker that is replaced for any reason (max_requests, a timeout, lack of memory) loads " +
			"what is on disk at that moment. If a deploy put new files there and restarted nothing, the pool turns over " +
			"worker by worker.",
		Commands: []string{
			"ps -o pid,lstart --ppid {pid}",
			"for i in 1 2 3 4 5 6 7 8; do curl -s --unix-socket {socket} http://localhost/version; echo; done | sort | uniq -c",
		},
		Prevent: "Never change a tree that a process runs from: unpack each release into a directory of its own, switch the " +
			"link, restart at once.",
		Guard: []string{"rsync -a build/ {root}/releases/$RELEASE/", "ln -sfn {root}/releases/$RELEASE {root}/.next && mv -T {root}/.next {current}", "sudo systemctl restart {unit}"},
		See:   []string{"restart", "service-not-restarted"},
	}
}

func orphanGunicorn() Page {
	return Page{
		ID:    "orphan-gunicorn",
		Title: "A Gunicorn outside the unit holds the socket",
		What: "A master that no unit owns answers the requests. You restart the unit, and nothing changes, for it is not " +
			"the one that is asked.",
		How: "Somebody started Gunicorn by hand or with --daemon; the unit has KillMode=process or none and left it behind; " +
			"a USR2 upgrade was never finished. A new master on the same TCP port fails with \"Address already in use\"; on " +
			"the same Unix path it quietly binds beside it.",
		Commands: []string{
			"sudo ss -lxnp | grep gunicorn; sudo ss -ltnp | grep gunicorn",
			"cat /proc/{pid}/cgroup",
			"systemctl show {unit} -p MainPID,KillMode",
			"sudo journalctl -u {unit} -n 50 --no-pager | grep -i -e 'in use' -e 'left-over'",
		},
		Prevent: "Start Gunicorn through systemd alone, in the foreground, and let systemd end the whole group.",
		Guard:   []string{"[Service]", "Type=notify", "KillMode=mixed"},
		See:     []string{"stop-orphan", "serving-process"},
	}
}

func releaseDirDeleted() Page {
	return Page{
		ID:    "release-dir-deleted",
		Title: "The process stands in a directory that is gone",
		What: "The release that the process runs from was removed. It answers from memory, until it has to open a template, " +
			"import a module or start a worker.",
		How: "Pruning old releases is part of most deploy tools. If the service was not restarted for a few deploys, its own " +
			"release is the one that is pruned.",
		Commands: []string{
			"sudo readlink /proc/{pid}/cwd",
			"ls -la {root}/releases",
			"systemctl show {unit} -p WorkingDirectory,Restart",
		},
		Prevent: "Restart before you prune, and never prune the release that a process still stands in. Do not send a HUP: " +
			"in a directory that is gone it kills the master.",
		Guard: []string{"sudo systemctl restart {unit}", "ls -1dt {root}/releases/* | tail -n +6 | xargs -r rm -rf --"},
		See:   []string{"restart", "gunicorn-reload"},
	}
}

func hupWithPreload() Page {
	return Page{
		ID:    "hup-with-preload",
		Title: "A HUP under --preload kept the old code",
		What: "The workers are new, and the code is not: with --preload the master imports the app once, and every worker is " +
			"a copy of it.",
		How: "ExecReload sends HUP, the deploy calls `systemctl reload`, and somebody added --preload to save memory. From " +
			"then on each reload looks as if it worked.",
		Commands: []string{
			"tr '\\0' '\\n' < /proc/{pid}/cmdline | grep -e preload",
			"grep -rn preload_app {current}/gunicorn.conf.py",
			"ps -o pid,lstart,args --ppid {pid} -p {pid}",
		},
		Prevent: "Choose one: preload with restarts, or reloads without preload. Take ExecReload out of a unit that preloads, " +
			"so that a reload fails loudly.",
		Guard: []string{"[Service]", "ExecReload=", "# and in the deploy: systemctl restart {unit}"},
		See:   []string{"restart", "gunicorn-reload"},
	}
}

func templatesCached() Page {
	return Page{
		ID:    "templates-cached",
		Title: "Workers hold older templates in memory",
		What:  "Only templates changed. Jinja compiled the old ones when they were first used, and in production it does not look again.",
		How: "A change of wording seems too small for a restart; TEMPLATES_AUTO_RELOAD is off outside debug mode, and should " +
			"be.",
		Commands: []string{
			"find {current}/ -path '*templates*' -type f -newermt \"$(ps -o lstart= -p {pid})\" | head",
			"ps -o pid,lstart --ppid {pid}",
		},
		Prevent: "Treat a template as code: each deploy reloads or restarts, whatever it changed.",
		Guard:   []string{"sudo systemctl restart {unit}"},
		See:     []string{"hup", "restart"},
	}
}

func backgroundWorkersStale() Page {
	return Page{
		ID:    "background-workers-stale",
		Title: "Background workers still run the old code",
		What: "The site is new, but Celery, RQ, a scheduler or a consumer of the same app still runs what it loaded before. " +
			"Jobs fail on arguments that they do not know, or do yesterday's work.",
		How: "The deploy restarts the web service, and the workers are units of their own that nobody listed. A pool that " +
			"replaces its children can even run both. In a Compose project, `up -d web` leaves the worker's container as it is.",
		Commands: []string{
			"ps -eo pid,lstart,args | grep -e celery -e 'rq worker' | grep -v grep",
			"systemctl list-units --type=service | grep -i -e celery -e rq -e worker",
			"docker compose -p {project} ps --format json",
		},
		Prevent: "Tie them together: a target that owns all services of the app, restarted as one.",
		Guard:   []string{"[Unit]", "PartOf={unit}", "# or in the deploy: systemctl restart {unit} 'shop-worker@*'"},
		See:     []string{"service-not-restarted"},
	}
}

func serviceFailed() Page {
	return Page{
		ID:    "service-failed",
		Title: "The service does not run",
		What: "The unit has failed, restarts in a loop, or runs and listens nowhere. Visitors get a 502, or an old process " +
			"that should be gone still answers.",
		How: "The new code does not import: a missing package, a syntax error, a setting without a default. Or the directory, " +
			"the virtualenv or the user of the unit is missing, or the address is taken.",
		Commands: []string{
			"systemctl status {unit} --no-pager",
			"sudo journalctl -u {unit} -n 100 --no-pager",
			"systemctl show {unit} -p Result,NRestarts,ExecMainStatus",
		},
		Prevent: "Let the deploy import the app as the service's own user before it switches, and check it afterwards.",
		Guard:   []string{"sudo -u www-data {venv}/bin/gunicorn --check-config --chdir {root}/releases/$RELEASE wsgi:app"},
		See:     []string{"service-restart", "serving-process"},
	}
}

func wrongService() Page {
	return Page{
		ID:    "wrong-service",
		Title: "Another service answers for the site",
		What:  "The unit that was named, and restarted, is not the one that serves this site.",
		How: "An old unit under a similar name; a template (app@1 beside app); a user's unit beside the system's; supervisor " +
			"or a container in place of systemd; a copy of the site on another port that Nginx was pointed to long ago.",
		Commands: []string{
			"sudo ss -lxnp | grep {socket}",
			"systemctl status {pid} --no-pager | head -3",
			"systemctl list-units --type=service | grep -i gunicorn",
		},
		Prevent: "Ask the socket for its owner, never your memory, and remove units that are no longer used.",
		Guard:   []string{"sudo systemctl disable --now old-name.service", "flasktui check {unit} --url {url}"},
		See:     []string{"serving-process", "orphan-gunicorn"},
	}
}
