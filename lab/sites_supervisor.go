package lab

import (
	"context"
	"strings"
)

// supervised runs under supervisord beside another app, which must never notice.
func supervised(name, address string) Site {
	s := linked(name)
	s.Unit, s.Program, s.Bind = "supervisor.service", name+"-web", address
	s.Base, s.Link = "/opt/"+name, "live"
	s.Work = "{{.Live}}"
	s.Files = map[string]string{
		"/etc/supervisor/conf.d/" + name + ".conf": `; written by the deploy
[program:{{.Program}}]
command={{.Exec}} ; the site
directory={{.WorkDir}}
user={{.User}}
environment=HOME="/home/{{.User}}",APP_MODE="plain, mostly"
stopwaitsecs=10

[program:beside]
command=/usr/bin/gunicorn --workers 1 --bind 127.0.0.1:8799 beside:app
directory=/opt/beside
user={{.User}}
`,
		"/opt/beside/beside.py": "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get(\"/\")\ndef home():\n    import os\n    return f\"beside={os.getppid()}\\n\"\n",
	}
	return s
}

// sectionOnly writes the new release into the program's section, and has supervisord read
// its files and start the program again, which starts it from the old section (G23).
const sectionOnly = `sed -i 's#{{.Dir 0}}#{{.Dir 1}}#' /etc/supervisor/conf.d/{{.Name}}.conf
supervisorctl reread > /dev/null
supervisorctl restart {{.Program}} > /dev/null`

// noteBeside notes which process answers for the other app.
func noteBeside(ctx context.Context, c *Case) error {
	return sh(`curl -sS --fail http://127.0.0.1:8799/ > /run/beside`)(ctx, c)
}

// besideUntouched is what visitors of the site see, as long as those of the other app are
// answered by the process that answered them before.
func besideUntouched(ctx context.Context, c *Case) (string, error) {
	if out, err := c.Shell(ctx, `test ! -e /run/beside || curl -sS --fail http://127.0.0.1:8799/ | diff /run/beside -`); err != nil {
		return "the other app was restarted: " + out, err
	}
	editions, err := c.Serves(ctx, c.Site, "edition", 12)
	return strings.Join(editions, ","), err
}
