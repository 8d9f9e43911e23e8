package lab

import (
	"context"
	"fmt"
	"strings"
)

// How much there is on the big box besides the one site that matters.
const (
	crowd        = 3000  // processes
	neighbours   = 8     // other Gunicorn services
	servers      = 1500  // Nginx server blocks
	releaseFiles = 60000 // below the release
	venvFiles    = 20000 // in the virtualenv
	journalLines = 50000 // of the site's own log
)

// Big is a box as old companies have it, with one stale site on it.
func Big() Fault {
	return Fault{
		Name: "big", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
		Site: Site{
			Name: "central", Venv: "/opt/central/venv", Base: "/var/www/central", User: "deploy", Workers: 4,
			App: App{Module: "central.wsgi", Marker: JSONMarker, Ident: InFile}, First: crowded,
		},
		Break: acts(place, sh(fmt.Sprintf(fillTree, "{{.Dir 1}}/assets", releaseFiles, "js")),
			sh(`chown -R {{.User}}: {{.Dir 1}}; ln -sfn {{.Dir 1}} {{.Live}}`)),
	}
}

// fillTree writes many small files below a directory, a hundred in each.
const fillTree = `python3 - <<'END'
import os
for i in range(%[2]d):
    where = "%[1]s/part%%04d" %% (i // 100)
    if i %% 100 == 0:
        os.makedirs(where, exist_ok=True)
    with open("%%s/item%%06d.%[3]s" %% (where, i), "w") as f:
        f.write("value = %%d\n" %% i)
END
`

// crowded fills the box with everything that is not the site.
func crowded(ctx context.Context, c *Case) error {
	return acts(
		sh(fmt.Sprintf(fillTree, "{{.Dir 0}}/assets", releaseFiles, "js")),
		sh(fmt.Sprintf(fillTree, "/opt/central/venv/lib/vendor", venvFiles, "py")+
			`mv /opt/central/venv/lib/vendor "$(echo /opt/central/venv/lib/python3*/site-packages)/vendor"`),
		sh(fmt.Sprintf(`systemd-run --quiet --unit=crowd -p TasksMax=infinity python3 -c '
import os, signal
for _ in range(%d):
    if os.fork() == 0:
        signal.pause()
signal.pause()'`, crowd)),
		manyServers,
		manyNeighbours,
		sh(fmt.Sprintf(longJournal, journalLines)),
	)(ctx, c)
}

// longJournal has the site's own unit write many lines before its first start.
const longJournal = `mkdir -p /etc/systemd/journald.conf.d /run/systemd/system/{{.Unit}}.d
printf '[Journal]\nStorage=persistent\nRateLimitIntervalSec=0\n' > /etc/systemd/journald.conf.d/lab.conf
systemctl restart systemd-journald
printf '[Service]\nExecStartPre=/usr/bin/seq -f "GET /page/%%%%.0f 200" %d\n' > /run/systemd/system/{{.Unit}}.d/talk.conf
systemctl daemon-reload
systemctl start {{.Unit}}
systemctl stop {{.Unit}}
rm -r /run/systemd/system/{{.Unit}}.d
systemctl daemon-reload
`

// manyServers gives Nginx a server block for each of many other names.
func manyServers(ctx context.Context, c *Case) error {
	files := map[string]string{"/etc/nginx/conf.d/00-hash.conf": "server_names_hash_max_size 8192;\nserver_names_hash_bucket_size 128;\n"}
	var text strings.Builder
	for i := range servers {
		fmt.Fprintf(&text, "server {\n    listen 80;\n    server_name tenant%d.example www.tenant%d.example;\n    root /var/www/html;\n"+
			"    location /static/ { alias /var/www/tenant%d/static/; }\n    location / { proxy_pass http://127.0.0.1:%d; proxy_set_header Host $host; }\n}\n", i, i, i, 20000+i)
		if i%10 == 9 {
			files[fmt.Sprintf("/etc/nginx/sites-enabled/tenants%03d", i/10)] = text.String()
			text.Reset()
		}
	}
	return c.Unpack(ctx, "/", files)
}

// manyNeighbours starts other Gunicorn services.
func manyNeighbours(ctx context.Context, c *Case) error {
	for i := range neighbours {
		s, err := copied(fmt.Sprintf("side%d", i), fmt.Sprintf("127.0.0.1:%d", 18000+i)).defaults()
		if err != nil {
			return err
		}
		if err := c.Install(ctx, s); err != nil {
			return err
		}
		if _, err := c.Box.Deploy(ctx, s, release("1", "spring")); err != nil {
			return err
		}
		if _, err := c.Run(ctx, "systemctl", "start", s.Unit); err != nil {
			return err
		}
	}
	return nil
}
