package lab

import "context"

// Sites whose code lies in ways of its own.

// swapped has its next release ready in a directory beside its own from the start on; a
// deploy renames the two.
func swapped(name string) Site {
	s := copied(name, "127.0.0.1:8055")
	s.First = func(ctx context.Context, c *Case) error {
		if err := c.Unpack(ctx, c.Base+".next", c.App.files(c.New)); err != nil {
			return err
		}
		return sh(`chown -R {{.User}}: {{.Base}}.next`)(ctx, c)
	}
	return s
}

// coloured has two directories that take turns, and Gunicorn enters the live one by its
// link.
func coloured(name string) Site {
	s := linked(name)
	s.Base, s.Releases, s.Link, s.IDs = "/opt/"+name, ".", "live", [2]string{"blue", "green"}
	s.Work, s.Gunicorn = "/", []string{"--chdir", "{{.Live}}"}
	s.First = place
	return s
}

// sharing has its settings in a file that all releases link to, as Capistrano does it.
func sharing(name string) Site {
	s := linked(name)
	s.First = sh(`mkdir {{.Base}}/shared
echo 'import os' > {{.Base}}/shared/local_settings.py
ln -s ../../shared/local_settings.py {{.Dir 0}}/local_settings.py
sed -i '1i import local_settings' {{.Dir 0}}/wsgi.py
chown -R {{.User}}: {{.Base}}`)
	return s
}

// withAPI has a second unit of the same code, which answers for some paths of the site.
func withAPI(name string) Site {
	s := linked(name)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": `server {
    listen {{.Listen}};
    server_name {{.Server}};
    location /static/ { alias {{.Live}}/static/; }
    location /api/ { proxy_pass http://127.0.0.1:8791; }
    location / { proxy_pass http://{{.Address}}:; proxy_set_header Host $host; }
}
`}
	s.Files = map[string]string{
		"/etc/systemd/system/" + name + "-api.service": `[Service]
Type=notify
User={{.User}}
WorkingDirectory={{.Live}}
ExecStart=/usr/bin/gunicorn --workers 1 --bind 127.0.0.1:8791 {{.Main}}
`,
	}
	s.First = sh(`systemctl start {{.Name}}-api
until curl -s -o /dev/null http://127.0.0.1:8791/; do sleep 0.05; done`)
	return s
}

// draining enters its directory by the link, so that a reload brings the new release.
func draining(name string) Site {
	s := linked(name)
	s.Gunicorn = []string{"--chdir", "{{.Live}}"}
	return s
}

// slowRequest holds one worker for as long as a box lives: a client that never gets to the
// end of its request.
const slowRequest = `python3 -c 'import socket, time
s = socket.socket(socket.AF_UNIX)
s.connect("{{.Socket}}")
s.send(b"GET / HTTP/1.1\r\n")
time.sleep(28)' > /dev/null 2>&1 &
sleep 0.3`

// wandering has no directory in its unit: a shell goes to the link, and then becomes
// Gunicorn.
func wandering(name string) Site {
	s := linked(name)
	s.UnitText = `[Service]
User={{.User}}
RuntimeDirectory={{.Runtime}}
ExecStart=/bin/bash -c 'cd {{.Live}} && exec {{.Exec}}'
`
	return s
}

// withLibrary imports a module of the house from a directory on PYTHONPATH.
func withLibrary(name string) Site {
	s := linked(name)
	s.Service = []string{"Environment=PYTHONPATH=/opt/libraries"}
	s.First = sh(`mkdir -p /opt/libraries
echo 'import os' > /opt/libraries/house_style.py
sed -i '1i import house_style' {{.Dir 0}}/wsgi.py`)
	return s
}
