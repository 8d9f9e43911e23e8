package lab

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
	s.Files = map[string]string{"/usr/local/bin/" + name + "-boot": "#!/bin/sh\ntest ! -e /run/" + name + "-migrates || sleep 12\nexec {{.Exec}}\n"}
	s.UnitText = `[Service]
User={{.User}}
WorkingDirectory={{.Live}}
ExecStart=/bin/sh /usr/local/bin/{{.Name}}-boot
`
	return s
}
