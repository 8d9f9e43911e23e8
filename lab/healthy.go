package lab

import (
	"context"
	"fmt"
	"slices"
)

// Healthy are boxes on which nothing is wrong. Most of them look as if.
func Healthy() []Fault {
	return append(slices.Concat(healthyUnmanaged(), healthyLone(), healthyPodman(), healthySwarm(), healthyModWSGI(), healthyServers(), healthyUWSGI(), healthyDjango()), []Fault{
		{Name: "healthy-linked", Verdict: fresh, Site: linked("grocer").with(func(s *Site) { s.Bare = true }), Break: acts(deploy, restart)},
		{Name: "healthy-checkout", Verdict: fresh, Site: checkout("wiki", "127.0.0.1:9100"), Break: acts(deploy, restart)},
		{Name: "healthy-beside-stale", Verdict: fresh, Site: linked("bank"), Break: acts(deploy, restart, staleNeighbour("casino"))},
		{
			Name: "healthy-rollback", Verdict: fresh, Site: linked("choir").with(func(s *Site) { s.Args = []string{"--expect", "{{.Old.ID}}"} }),
			Break: acts(deploy, restart, sh(`ln -sfn {{.Dir 0}} {{.Live}}`), restart), Is: "spring",
		},
		{
			// Nobody says that it is a rollback; it looks like one, and is left alone.
			Name: "healthy-rollback-unsaid", Verdict: fresh, Site: linked("organ"),
			Break: acts(deploy, restart, sh(`ln -sfn {{.Dir 0}} {{.Live}}`), restart), Is: "spring",
		},
		{
			Name: "healthy-staging-beside", Verdict: fresh, Site: linked("viola"), Is: "spring",
			Break: acts(place, sh(`ln -s {{.Dir 1}} {{.Base}}/staging`)),
		},
		{
			Name: "healthy-chown-after-restart", Verdict: fresh, Site: copied("coach", "127.0.0.1:9110"),
			Break: acts(deploy, restart, sh(`sleep 0.1; chown -R root: {{.Base}}; chown -R {{.User}}: {{.Base}}; chmod -R g+w {{.Base}}`)),
		},
		{Name: "healthy-writes-below-release", Verdict: fresh, Site: checkout("album", "127.0.0.1:9120"), Break: acts(deploy, restart, visit, sh(`cd {{.Base}}
mkdir -p logs uploads instance
echo started > logs/access.log
head -c 4096 /dev/urandom > uploads/photo.jpg
python3 -c 'import sqlite3; c = sqlite3.connect("instance/app.db"); c.execute("create table t (x)"); c.commit()'
python3 -m compileall -q .
touch .wsgi.py.swp 4913 wsgi.py~
chown -R {{.User}}: .`))},
		{
			Name: "healthy-reload-through-link", Verdict: fresh, Site: linked("rowing").with(func(s *Site) { s.Gunicorn = []string{"--chdir", "{{.Live}}"} }),
			Break: acts(deploy, reload),
		},
		{Name: "healthy-after-boot", Verdict: fresh, Site: linked("tram"), Break: acts(deploy, restart, sh(`systemctl enable -q {{.Unit}} nginx`), reboot, answers)},
		{
			Name: "healthy-max-requests", Verdict: fresh, Site: copied("farm", "127.0.0.1:9130").with(func(s *Site) { s.Gunicorn = []string{"--max-requests", "3"} }),
			Break: acts(deploy, restart, visit, visit, visit, answers),
		},
		{Name: "healthy-old-release-touched", Verdict: fresh, Site: linked("canal"), Break: acts(deploy, restart, sh(`sleep 0.1; touch {{.Dir 0}} {{.Dir 0}}/wsgi.py; echo note > {{.Dir 0}}/NOTES`))},
		{
			// Written again: other comments, blanks and order, the same unit.
			Name: "healthy-unit-written-otherwise", Verdict: fresh, Site: environed("birch"),
			Break: acts(deploy, restart, sh(`sed -i 's#^\[Service\]#\# by the deploy script\n\n&#; s#^\([A-Z][A-Za-z]*\)=#\1 = #' {{.UnitPath}}
mkdir -p /etc/systemd/system/{{.Unit}}.d; echo '# nothing yet' > /etc/systemd/system/{{.Unit}}.d/note.conf`)),
		},
		{Name: "healthy-restart-at-once", Verdict: fresh, Site: versioned("oven"), Break: acts(deploy, restart)},
		{Name: "healthy-proctitle", Verdict: fresh, Site: titled("globe"), Break: acts(deploy, restart)},
		{Name: "healthy-preload", Verdict: fresh, Site: preloaded("memo"), Break: acts(deploy, restart)},
		{Name: "healthy-ipv6", Verdict: fresh, Site: checkout("lake", "[::1]:9140").with(func(s *Site) { s.Listen = "[::1]:8081" }), Break: acts(deploy, restart)},
		{Name: "healthy-instance", Verdict: fresh, Site: instance("opera", "south"), Break: acts(deploy, restart)},
		{
			Name: "healthy-virtualenv", Verdict: fresh, Site: checkout("dunes", "unix:/run/dunes/g.sock").with(func(s *Site) { s.Venv = "/opt/envs/dunes" }),
			Break: acts(deploy, restart),
		},
		{Name: "healthy-git-traffic", Verdict: fresh, Site: checkout("reef", "127.0.0.1:9150"), Break: acts(deploy, restart, sh(`sleep 0.1
runuser -u {{.User}} -- git -C {{.Base}} fetch -q
runuser -u {{.User}} -- git -C {{.Base}} status > /dev/null
runuser -u {{.User}} -- git -C {{.Base}} gc -q`))},
		{Name: "healthy-slow-download", Verdict: fresh, Site: linked("plaza"), Break: acts(deploy, restart, sh(slowDownload))},
		{Name: "healthy-stranger-by-hand", Verdict: fresh, Site: linked("forge"), Break: acts(deploy, restart, sh(`mkdir -p /root/scratch; cp {{.Dir 0}}/wsgi.py /root/scratch/demo.py
cd /root/scratch; gunicorn --daemon --bind 127.0.0.1:9999 demo:app`))},
		{Name: "healthy-branch-round-trip", Verdict: fresh, Site: checkout("glacier", "127.0.0.1:9170"), Break: acts(deploy, restart, sh(`sleep 1.1
runuser -u {{.User}} -- git -C {{.Base}} checkout -q --detach HEAD~1
runuser -u {{.User}} -- git -C {{.Base}} checkout -q main`))},
		{
			// The deploy is not done: what the unit takes from the release is still to come.
			Name: "healthy-unfinished-release", Verdict: fresh, Is: "spring",
			Site: linked("harp").with(func(s *Site) {
				s.Service, s.First = []string{"EnvironmentFile={{.Live}}/settings.env"}, sh(`echo APP_MODE=plain > {{.Dir 0}}/settings.env`)
			}),
			Break: place,
		},
		{
			Name: "healthy-new-script", Verdict: fresh, Site: copied("spade", "127.0.0.1:9180"),
			Break: acts(deploy, restart, visit, sh(`sleep 2.2; echo 'print("once")' > {{.Base}}/fix_orders.py; mkdir {{.Base}}/scripts; echo 'import os' > {{.Base}}/scripts/x.py; chown -R {{.User}}: {{.Base}}`)),
		},
		{
			Name: "healthy-touched-checkout", Verdict: fresh, Site: checkout("fjord", "127.0.0.1:9190"),
			Break: acts(deploy, restart, visit, sh(`sleep 0.1; touch {{.Base}}/wsgi.py`)),
		},
		{
			// A reload went well, and one of the old workers still has a download to finish.
			Name: "healthy-old-worker-leaves", Verdict: fresh, Site: draining("delta"),
			Break: acts(sh(slowRequest), deploy, sh(`systemctl reload {{.Unit}}; sleep 2.5`)),
		},
		{
			Name: "healthy-app-called-test", Verdict: fresh, Site: copied("oboe", "127.0.0.1:9192").with(func(s *Site) { s.Base = "/var/www/test" }),
			Break: acts(deploy, restart),
		},
		{
			Name: "healthy-thin-entry", Verdict: fresh, Site: thin("octant"),
			Break: acts(deploy, installThin("{{.Dir 1}}"), restart),
		},
		{
			// Each deploy brings its requirements anew, and there is nothing to install.
			Name: "healthy-requirements-met", Verdict: fresh, Site: requiring("lamp"),
			Break: acts(deploy, requires("{{.Dir 1}}", "House_Style[all] == 1.0 --hash=sha256:00\nflask>=2\npytest; python_version < \"3.3\""), restart),
		},
		{
			// Installers write a package anew that has not changed.
			Name: "healthy-package-installed-again", Verdict: fresh, Site: requiring("arbour"),
			Break: acts(deploy, requires("{{.Dir 1}}", "house-style==1.0\nflask"), restart, installLibrary("1.0", "import os"), restart),
		},
		{
			Name: "healthy-supervised", Verdict: fresh, Site: supervised("flint", "127.0.0.1:8760"),
			Break: acts(deploy, sh(`supervisorctl restart {{.Program}} > /dev/null; echo '# note' >> /opt/beside/beside.py; sleep 0.1; touch /etc/supervisor/conf.d/{{.Name}}.conf`), answers),
		},
		{
			Name: "healthy-behind-balancer", Verdict: fresh,
			Site: linked("ferry").with(func(s *Site) { s.Listen = "8088 proxy_protocol" }), Break: acts(deploy, restart),
		},
		{
			Name: "healthy-two-names-cached", Verdict: fresh, Site: twoNames("tannery"),
			Break: acts(deploy, restart, sh(`systemctl stop nginx; rm -rf /var/cache/nginx/tannery/*; systemctl start nginx`), visit),
		},
		{
			Name: "healthy-nginx-written-again", Verdict: fresh, Site: linked("sorrel"),
			Break: acts(deploy, restart, sh(`sleep 0.5; cd /etc/nginx/conf.d; cp sorrel.conf /root/sorrel.conf; cp /root/sorrel.conf sorrel.conf`)),
		},
		{
			Name: "healthy-nginx-in-release", Verdict: fresh, Site: linked("tamarind").with(func(s *Site) {
				s.First = sh(`mkdir -p {{.Dir 0}}/deploy; mv /etc/nginx/conf.d/tamarind.conf {{.Dir 0}}/deploy/nginx.conf; ln -s {{.Live}}/deploy/nginx.conf /etc/nginx/conf.d/tamarind.conf`)
			}),
			Break: acts(place, sh(`sleep 0.5; mkdir -p {{.Dir 1}}/deploy; cat {{.Dir 0}}/deploy/nginx.conf > {{.Dir 1}}/deploy/nginx.conf
ln -s {{.Dir 1}} {{.Live}}.new; mv -T {{.Live}}.new {{.Live}}`), restart),
		},
		{
			// Root's secrets lie in the app's own directory, which its user may not read.
			Name: "healthy-roots-own-settings", Verdict: fresh,
			Site:  checkout("larder", "127.0.0.1:9195").with(func(s *Site) { s.Service = []string{"EnvironmentFile=-{{.Base}}/.env"} }),
			Break: acts(deploy, sh(`umask 077; echo SECRET_KEY=abc > {{.Base}}/.env; echo .env >> {{.Base}}/.git/info/exclude`), restart),
		},
		{Name: "healthy-behind-password", Verdict: fresh, Look: styleForStaff, Site: linked("study"), Break: acts(deploy, restart, sh(askPassword))},
		{Name: "healthy-static-built-of-checkout", Verdict: fresh, Site: collected(checkout("marsh", "127.0.0.1:9106")), Break: acts(deploy, collect, restart)},
		{Name: "healthy-static-built", Verdict: fresh, Site: collected(linked("marina")), Break: acts(deploy, collect, restart)},
		{Name: "healthy-front-end-apart", Verdict: fresh, Is: "vue", Site: frontEnd("dahlia"), Break: acts(deploy, restart)},
		{
			Name: "healthy-unit-in-release", Verdict: fresh, Site: linked("juniper").with(func(s *Site) {
				s.First = sh(`mkdir -p {{.Dir 0}}/ops; mv {{.UnitPath}} {{.Dir 0}}/ops/; ln -s {{.Live}}/ops/{{.Unit}} {{.UnitPath}}; systemctl daemon-reload`)
			}),
			Break: acts(place, sh(`sleep 0.5; mkdir -p {{.Dir 1}}/ops; cat {{.Dir 0}}/ops/{{.Unit}} > {{.Dir 1}}/ops/{{.Unit}}
ln -s {{.Dir 1}} {{.Live}}.new; mv -T {{.Live}}.new {{.Live}}`), restart),
		},
		{
			Name: "healthy-unit-written-again", Verdict: fresh,
			Site: checkout("saffron", "127.0.0.1:9190").with(func(s *Site) {
				s.Service = []string{`Environment="APP_MODE=plain" 'GREETING=good day'`, "Environment=LEVEL=%p", "EnvironmentFile=-/etc/default/saffron"}
			}),
			Break: acts(deploy, restart, sh(`sleep 0.5; cp {{.UnitPath}} /root/unit; cat /root/unit > {{.UnitPath}}`)),
		},
		{Name: "healthy-unmarked", Verdict: fresh, Site: linked("attic").with(func(s *Site) { s.App = App{Module: "main", Marker: NoMarker} }), Break: acts(deploy, restart)},
	}...)
}

// slowDownload holds an old Nginx worker: it shuts down, but not before a
// client is done that takes its time. Nothing of it is stale.
const slowDownload = `head -c 3000000 /dev/zero > {{.Live}}/static/film.bin
curl -s --limit-rate 2k -o /dev/null -H 'Host: {{.Server}}' http://127.0.0.1/static/film.bin > /dev/null 2>&1 &
sleep 0.3
systemctl reload nginx
until pgrep -f 'nginx: worker process is shutting down' > /dev/null; do sleep 0.05; done`

// staleNeighbour puts another site on the same box and leaves it stale.
func staleNeighbour(name string) Act {
	return func(ctx context.Context, c *Case) error {
		s, err := checkout(name, "127.0.0.1:9160").defaults()
		if err != nil {
			return err
		}
		if err := c.Install(ctx, s); err != nil {
			return err
		}
		if _, err := c.Box.Deploy(ctx, s, release("", s.Words[0])); err != nil {
			return err
		}
		if _, err := c.Run(ctx, "systemctl", "reload", "nginx"); err != nil {
			return err
		}
		if err := c.Box.Start(ctx, s); err != nil {
			return fmt.Errorf("start site %s: %w", name, err)
		}
		_, err = c.Box.Deploy(ctx, s, release("", s.Words[1]))
		return err
	}
}
