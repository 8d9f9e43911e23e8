package lab

import "strings"

// Sites whose service is between being started and answering, or never gets that far.

// looping is started again by systemd whenever it ends, a moment later each time.
func looping(name string) Site {
	return linked(name).with(func(s *Site) { s.Service = []string{"Restart=always", "RestartSec=2"} })
}

// loopingPlainly is looping as a service that systemd takes for started at once.
func loopingPlainly(name string) Site {
	s := looping(name)
	s.Bind = "127.0.0.1:8710"
	s.UnitText = `[Service]
User={{.User}}
WorkingDirectory={{.Live}}
ExecStart={{.Exec}}
Restart=always
RestartSec=3
`
	return s
}

// missingModule deploys code that does not import: its service ends as it starts.
const missingModule = `echo 'import flask_not_installed' >> {{.Live}}/wsgi.py; `

// slowly is started by a script that takes its time, once a file says so.
func slowly(name string) Site {
	s := linked(name)
	s.Bind = "127.0.0.1:8720"
	s.Files = map[string]string{"/usr/local/bin/" + name + "-boot": "#!/bin/sh\ntest ! -e /run/" + name + "-migrates || sleep 20\nexec {{.Exec}}\n"}
	s.UnitText = `[Service]
User={{.User}}
WorkingDirectory={{.Live}}
ExecStart=/bin/sh /usr/local/bin/{{.Name}}-boot
`
	return s
}

// supervisedSlowly takes 20 s to start under supervisord, by a script, once a file says so.
func supervisedSlowly(name string) Site {
	s := supervised(name, "127.0.0.1:8735")
	section := "/etc/supervisor/conf.d/" + name + ".conf"
	s.Files[section] = strings.Replace(s.Files[section], "command={{.Exec}} ; the site", "command=/bin/sh /usr/local/bin/"+name+"-boot", 1)
	s.Files["/usr/local/bin/"+name+"-boot"] = "#!/bin/sh\ntest ! -e /run/" + name + "-migrates || sleep 20\nexec {{.Exec}}\n"
	return s
}

// restarted is a container that Docker starts again, as its Compose file has it.
func restarted(name, bind, policy string) Site {
	s := composed(name, "web", bind)
	s.Files["/srv/"+name+"/compose.yaml"] = strings.Replace(composeText, "unless-stopped", policy, 1)
	return s
}

// checked has a healthcheck, and takes 20 s to start once a file says so.
func checked(name, bind string) Site {
	s := mounted(name, "web", bind)
	s.Files["/srv/"+name+"/compose.yaml"] += `    healthcheck: {test: ["CMD", "true"], interval: 5s, start_period: 20s}
    command: ["sh", "-c", "test ! -e /app/migrates || sleep 20; exec /usr/bin/gunicorn --workers 2 --bind 0.0.0.0:8000 {{.Main}}"]
`
	return s
}

// byPipenv is started by pipenv, in a shell that takes its time before that.
func byPipenv(name string) Site {
	s := linked(name)
	s.Layer, s.Bind, s.Venv = layerPackages, "127.0.0.1:8725", "/opt/venvs/"+name
	s.UnitText = `[Service]
User={{.User}}
WorkingDirectory={{.Live}}
Environment=HOME=/home/{{.User}} PIPENV_PIPFILE=/opt/{{.Name}}/Pipfile PIPENV_NOSPIN=1 VIRTUAL_ENV={{.Venv}}
ExecStart=/bin/sh -c 'test ! -e /run/{{.Name}}-migrates || sleep 20; exec /usr/bin/pipenv run gunicorn --workers {{.Workers}} --bind {{.Bind}} {{.Main}}'
`
	s.Files = map[string]string{"/opt/" + name + "/Pipfile": "[packages]\n"}
	return s
}
