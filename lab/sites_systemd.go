package lab

// Sites that differ in how systemd and Gunicorn start them.

// instance is an instance of a template unit; the instance is in the paths too.
func instance(name, of string) Site {
	return Site{
		Name: name, Unit: name + "@" + of + ".service", Base: "/var/www/" + name + "-" + of, Releases: "versions", Link: "live",
		Bind: "unix:/run/" + name + "-" + of + "/app.sock", App: App{Module: "project.wsgi", Marker: HeaderMarker, Ident: InFile},
		IDs: [2]string{"0141-a8c3f1e", "0142-77d09bb"},
	}
}

// activated is started by a socket unit, which holds the listening socket.
func activated(name string) Site {
	s := linked(name)
	s.UnitText = `[Unit]
Requires={{.Name}}.socket
After=network.target

[Service]
Type=notify
User={{.User}}
WorkingDirectory={{.Live}}
ExecStart=/usr/bin/gunicorn --workers 3 {{.Main}}
ExecReload=/bin/kill -s HUP $MAINPID
`
	s.Files = map[string]string{"/etc/systemd/system/" + name + ".socket": "[Socket]\nListenStream=/run/" + name + "/" + name + ".sock\nSocketUser=www-data\n\n[Install]\nWantedBy=sockets.target\n"}
	s.First = sh(`systemctl start {{.Name}}.socket`)
	return s
}

// titled has setproctitle, which overwrites the command line and the
// environment that /proc shows.
func titled(name string) Site {
	s := environed(name)
	s.Workers = 3
	s.First = sh(`dpkg -i /usr/share/lab-debs/python3-setproctitle_*.deb > /dev/null`)
	return s
}

// preloaded loads the app in the master, as its configuration file says.
func preloaded(name string) Site {
	s := copied(name, "unix:/run/"+name+"/gunicorn.sock")
	s.Gunicorn = []string{"-c", "/etc/gunicorn/" + name + ".conf.py"}
	s.Files = map[string]string{"/etc/gunicorn/" + name + ".conf.py": "import multiprocessing\n\npreload_app = True\ntimeout = 30\n"}
	return s
}

// vendored has its unit where packages put theirs.
func vendored(name string) Site {
	s := linkless(name)
	s.First = sh(`rm {{.Live}}; mv {{.UnitPath}} /usr/lib/systemd/system/; systemctl daemon-reload`)
	return s
}

// environed takes settings from an EnvironmentFile.
func environed(name string) Site {
	s := linked(name)
	s.Service = []string{"EnvironmentFile=-/etc/default/" + name, "Environment=TZ=UTC"}
	s.Files = map[string]string{"/etc/default/" + name: "# settings of the site\nAPP_MODE=plain\nSECRET_KEY=\"hunter2 hunter2\"\n"}
	return s
}

// dotenv reads its settings from a .env file as it is imported, as python-dotenv does.
func dotenv(name string) Site {
	s := copied(name, "127.0.0.1:8620")
	s.First = sh(`cd {{.Base}}
echo APP_MODE=plain > .env
printf 'import os\n\n\ndef load_dotenv():\n    for line in open(".env"):\n        name, _, value = line.strip().partition("=")\n        os.environ.setdefault(name, value)\n' > dotenv.py
sed -i '1i from dotenv import load_dotenv\nload_dotenv()' {{.Name}}/web.py
chown {{.User}}: .env dotenv.py`)
	return s
}

// configured has its directory in gunicorn.conf.py.
func configured(name string) Site {
	s := linked(name)
	s.Work = "/"
	s.Gunicorn = []string{"--config=/etc/gunicorn/" + name + ".py"}
	s.Files = map[string]string{"/etc/gunicorn/" + name + ".py": "chdir = \"{{.Dir 0}}\"\nloglevel = \"info\"\n"}
	return s
}

// bothFamilies is reached by a name that has an address of either family.
func bothFamilies(name string) Site {
	s := linked(name)
	s.Bind = "127.0.0.1:8400"
	s.Conf = map[string]string{"conf.d/" + name + ".conf": conf("localhost:8400", "{{.Live}}/static")}
	s.First = sh(`printf '127.0.0.1 localhost\n::1 localhost\n' >> /etc/hosts`)
	return s
}

// versioned names its releases after versions, and links from elsewhere.
func versioned(name string) Site {
	return Site{
		Name: name, Unit: name + "-web.service", User: "deploy", Base: "/home/deploy/sites/" + name, Releases: "builds", Link: "www",
		Bind: "127.0.0.1:8555", Workers: 3, App: App{Marker: TextMarker, Ident: InFile}, IDs: [2]string{"v2.9.0", "v2.10.0"},
	}
}

// queued has a unit besides that works off a queue, with the same code.
func queued(name string) Site {
	s := linked(name)
	s.Files = map[string]string{
		"/etc/systemd/system/" + name + "-queue.service": "[Service]\nUser={{.User}}\nWorkingDirectory={{.Live}}\nEnvironment=PYTHONPATH={{.Live}}\n" +
			"ExecStart=/usr/bin/python3 /usr/local/lib/" + name + "/queue_worker.py\n",
		"/usr/local/lib/" + name + "/queue_worker.py": "import time\n\nimport wsgi\n\nwhile True:\n    time.sleep(1)\n",
	}
	return s
}

// startQueue starts the worker, and waits until it has imported the app.
const startQueue = `systemctl start {{.Name}}-queue
until grep -q markupsafe "/proc/$(systemctl show -p MainPID --value {{.Name}}-queue)/maps"; do sleep 0.05; done`

// otherUnit is a unit that is called like the site and lies in its directory,
// and serves nothing: it once prepared something before each start.
const otherUnit = `printf '[Service]\nType=oneshot\nRemainAfterExit=yes\nUser={{.User}}\nWorkingDirectory={{.Live}}\nExecStart=/bin/true\n' \
	> /etc/systemd/system/concert-web.service
systemctl daemon-reload`

// wrapped is started by a shell, and its unit ends that shell alone: the
// master stays behind.
func wrapped(name string) Site {
	s := copied(name, "127.0.0.1:8355")
	s.App.Callable = "app"
	s.UnitText = `[Service]
User={{.User}}
WorkingDirectory={{.Base}}
ExecStart=/bin/sh -c 'PYTHONUNBUFFERED=1 {{.Exec}} ; echo gunicorn ended'
KillMode=process
`
	return s
}
