package lab

import (
	"context"
	"fmt"
	"strings"
)

// byHand starts a second master out of the working directory, outside any unit.
const byHand = `runuser -u {{.User}} -- /usr/bin/gunicorn --daemon --workers 2 --bind {{.Bind}} ` +
	`{{range .Gunicorn}}{{.}} {{end}}{{.Main}}`

// startByHand stops the unit and starts the app by hand, as people do in need.
func startByHand(ctx context.Context, c *Case) error {
	return acts(sh(`systemctl stop {{.Unit}}; cd {{.Live}}; `+byHand), answers, haveLoaded)(ctx, c)
}

// haveLoaded waits until all workers have imported the app.
func haveLoaded(ctx context.Context, c *Case) error { return c.loaded(ctx) }

// killOneWorker ends one of the unit's workers; its master replaces it.
func killOneWorker(ctx context.Context, c *Case) error {
	return sh(`kill -9 "$(pgrep -P "$(systemctl show -p MainPID --value {{.Unit}})" | head -n 1)"`)(ctx, c)
}

// fetch commits the new release at the origin and fetches it, and merges nothing.
func fetch(ctx context.Context, c *Case) error {
	if err := c.commit(ctx, c.Site, c.New); err != nil {
		return err
	}
	out, err := c.Shell(ctx, `runuser -u "$2" -- git -C "$1" fetch -q; runuser -u "$2" -- git -C "$1" rev-parse FETCH_HEAD`, c.Base, c.User)
	c.New.ID = strings.TrimSpace(out)
	return err
}

// templatesOnly deploys a release in which only a template is another.
func templatesOnly(ctx context.Context, c *Case) error {
	next := c.Old
	next.Layout = c.New.Layout
	return c.copyOver(ctx, c.Site, next)
}

// copyKeepingTimes writes the new release into the very files of the old one, with the
// times that they have in an archive of last week.
func copyKeepingTimes(ctx context.Context, c *Case) error {
	return c.overwrite(ctx, `find . -type f -exec touch -d '7 days ago' {} +; cp -r --preserve=timestamps . {{.Base}}/`)
}

// writeInPlace writes the new release into the very files of the old one.
func writeInPlace(ctx context.Context, c *Case) error {
	return c.overwrite(ctx, `cp -r . {{.Base}}/`)
}

// writeInPlaceOldTimes does so with times that are older than the service's start, as a copy
// that keeps times does.
func writeInPlaceOldTimes(ctx context.Context, c *Case) error {
	return c.overwrite(ctx, `find . -type f -exec touch -d '3 days ago' {} +; cp -r --preserve=timestamps . {{.Base}}/`)
}

// overwrite unpacks the new release elsewhere, and runs a script there.
func (c *Case) overwrite(ctx context.Context, script string) error {
	staging := "/root/build/" + c.Name + ".next"
	if err := c.Unpack(ctx, staging, c.App.files(c.New)); err != nil {
		return err
	}
	return sh("cd "+staging+"; "+script)(ctx, c)
}

// copyVirtualenv copies the old release's virtualenv into the new one.
// Deploys do so that want to save time. The new app is installed in the copy.
func copyVirtualenv(ctx context.Context, c *Case) error {
	return sh(`cp -a {{.Dir 0}}/venv {{.Dir 1}}/venv
rm -rf {{.Dir 1}}/venv/lib/python3*/site-packages/{{.Name}}
cp -r {{.Dir 1}}/{{.Name}} {{.Dir 1}}/venv/lib/python3*/site-packages/`)(ctx, c)
}

// installPackage installs the release on disk into the virtualenv.
func installPackage(ctx context.Context, c *Case) error {
	return sh(`rm -r {{.Venv}}/lib/python3*/site-packages/{{.Name}}; `+installCopy)(ctx, c)
}

// deployTo copies the new release to a directory that the site does not run from.
func deployTo(dir string) Act {
	return func(ctx context.Context, c *Case) error {
		s := c.Site
		s.Base = dir
		return c.copyOver(ctx, s, c.New)
	}
}

// repoint makes the server block name the new release where it named the old.
func repoint(ctx context.Context, c *Case) error {
	return sh(`sed -i 's#{{.Dir 0}}#{{.Dir 1}}#' /etc/nginx/conf.d/{{.Name}}.conf`)(ctx, c)
}

// holdPort takes the port that a new configuration wants to listen on.
const holdPort = `systemd-run --quiet --unit=holder python3 -m http.server 8443 --directory /var/empty
until curl -s -o /dev/null http://127.0.0.1:8443/; do sleep 0.05; done`

// leaveLegacy leaves the old release running in a unit of its own where Nginx
// sends requests to, and moves the site's unit to another port.
func leaveLegacy(port string) Act {
	return sh(`sed 's#^WorkingDirectory=.*#WorkingDirectory={{.Dir 0}}#' {{.UnitPath}} > /etc/systemd/system/{{.Name}}-legacy.service
systemctl stop {{.Unit}}
sed -i 's#{{.Bind}}#127.0.0.1:` + port + `#' {{.UnitPath}}
systemctl daemon-reload
systemctl start {{.Unit}} {{.Name}}-legacy`)
}

// askPassword makes Nginx ask for a password, whatever is asked for.
const askPassword = `echo 'staff:{PLAIN}secret' > /etc/nginx/staff
sed -i 's#server_name .*#&\n    auth_basic staff;\n    auth_basic_user_file /etc/nginx/staff;#' /etc/nginx/conf.d/{{.Name}}.conf
systemctl reload nginx
until test "$(curl -s -o /dev/null -w '%{http_code}' -H 'Host: {{.Server}}' http://127.0.0.1/)" = 401; do sleep 0.05; done
until test "$(pgrep -fc '[n]ginx: worker process is shutting down')" = 0; do sleep 0.05; done`

// styleForStaff looks at the stylesheet as those do who have the password.
func styleForStaff(ctx context.Context, c *Case) (string, error) {
	body, err := c.Run(ctx, "curl", "-sS", "--fail", "-u", "staff:secret", "--max-time", "5", "-H", "Host: "+c.Server, "http://127.0.0.1/static/app.css")
	if err != nil {
		return "", err
	}
	return styleIn(body)
}

// compressedStyle looks at the stylesheet as browsers do, which take gzip.
func compressedStyle(ctx context.Context, c *Case) (string, error) {
	body, err := c.Run(ctx, "curl", "-sS", "--fail", "--compressed", "--max-time", "5", "-H", "Host: "+c.Server, "http://127.0.0.1/static/app.css")
	if err != nil {
		return "", err
	}
	return styleIn(body)
}

// styleIn is the word that a stylesheet shows.
func styleIn(body string) (string, error) {
	_, rest, ok := strings.Cut(body, "style=")
	if !ok {
		return "", fmt.Errorf("the stylesheet has no style:\n%s", tail(body, 3))
	}
	return strings.Fields(rest)[0], nil
}

// status is that of the site's page, or 000 where none comes within a second.
func status(ctx context.Context, c *Case) (string, error) {
	out, err := c.Shell(ctx, `curl -s -o /dev/null -w '%{http_code}' --max-time 1 -H "Host: $1" http://127.0.0.1/ || :`, c.Server)
	return strings.TrimSpace(out), err
}

// beforeEach has the live app do something before every request.
func beforeEach(statement string) Act {
	return sh(`cd {{.Live}}; sed -i 's/^    return app/    @app.before_request\n    def first():\n        import time\n        ` + statement + `\n\n    return app/' wsgi.py`)
}

// restartUnit restarts the site's unit, and does not wait for an answer.
func restartUnit(ctx context.Context, c *Case) error {
	return sh(`systemctl restart {{.Unit}}; sleep 0.5`)(ctx, c)
}

// bothLive is the edition that the page and the stylesheet show, as long as they are of one
// release.
func bothLive(ctx context.Context, c *Case) (string, error) {
	editions, err := c.Serves(ctx, c.Site, "edition", 6)
	if err != nil {
		return "", err
	}
	styles, err := c.Serves(ctx, c.Site, "style", 2)
	if got := strings.Join(editions, ","); err != nil || got == strings.Join(styles, ",") {
		return got, err
	}
	return strings.Join(editions, ",") + " with the style " + strings.Join(styles, ","), nil
}
