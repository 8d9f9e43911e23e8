package lab

import (
	"context"
	"slices"
)

// Sites that no unit of their own runs: what starts them holds their processes in its
// control group, or lets them go.

// gunicornByHand is the command line of a site that no unit has.
const gunicornByHand = `/usr/bin/gunicorn --workers 2 --bind {{.Bind}} {{range .Gunicorn}}{{.}} {{end}}{{.Main}}`

// asItsUser runs it as the site's user, out of the live release; what follows it goes to
// the background.
const asItsUser = `cd {{.Live}}; runuser -u {{.User}} -- `

// unmanaged is started by a script, and flasktui has to find it by itself.
func unmanaged(name, bind, script string) Site {
	s := linked(name)
	s.Bind, s.Hand, s.Bare = bind, script, true
	return s
}

// pulled is unmanaged, and its code is pulled in place.
func pulled(name, bind, script string) Site {
	s := checkout(name, bind)
	s.Hand, s.Bare = script, true
	return s
}

// preloading is a site whose master holds the code, so that no reload brings another.
func preloading(s Site) Site {
	s.Gunicorn = append(slices.Clone(s.Gunicorn), "--preload")
	return s
}

// layered is a site whose box has the second layer.
func (s Site) layered() Site {
	s.Layer = layerPackages
	return s
}

const (
	// byCron has cron's own daemon run its jobs for the start of the machine, as after a boot.
	byCron = `printf '@reboot {{.User}} cd {{.Live}} && ` + gunicornByHand + ` --daemon\n' > /etc/cron.d/site
rm -f /run/crond.reboot; systemctl start cron`
	// byCronAttached is the same without --daemon: cron's own process stays its parent.
	byCronAttached = `printf '@reboot {{.User}} cd {{.Live}} && ` + gunicornByHand + `\n' > /etc/cron.d/site
rm -f /run/crond.reboot; systemctl start cron`
	byDaemon = asItsUser + gunicornByHand + ` --daemon`
	// byPIDFile leaves a pid file of the site's user.
	byPIDFile = `install -d -o {{.User}} /run/{{.Name}}; ` + byDaemon + ` --pid /run/{{.Name}}/pid`
	byScreen  = asItsUser + `screen -dmS site ` + gunicornByHand
	byTmux    = asItsUser + `tmux new-session -d -s site '` + gunicornByHand + `'`
	byScope   = `cd {{.Live}}; systemd-run --quiet --scope --uid={{.User}} ` + gunicornByHand + ` --daemon`
	byRCLocal = `printf '#!/bin/sh\ncd {{.Live}}\nrunuser -u {{.User}} -- ` + gunicornByHand + ` --daemon\n' > /etc/rc.local
chmod 755 /etc/rc.local; systemctl daemon-reload; systemctl start rc-local`
	// bySchedulers own unit runs its jobs detached, and lets them live on.
	byScheduler = `printf '#!/bin/sh\ncd {{.Live}}\nsetsid runuser -u {{.User}} -- ` + gunicornByHand + ` > /dev/null 2>&1 &\nexec sleep infinity\n' > /usr/local/bin/jobs
printf '[Service]\nExecStart=/usr/local/bin/jobs\nKillMode=process\n' > /etc/systemd/system/jobs.service
chmod 755 /usr/local/bin/jobs; systemctl daemon-reload; systemctl start jobs`
	// byTimer is a timer's unit, which is over as soon as it has started its job.
	byTimer = `printf '#!/bin/sh\ncd {{.Live}}\nrunuser -u {{.User}} -- ` + gunicornByHand + ` --daemon\n' > /usr/local/bin/nightly
printf '[Service]\nType=oneshot\nExecStart=/usr/local/bin/nightly\nKillMode=process\n' > /etc/systemd/system/nightly.service
printf '[Timer]\nOnActiveSec=1s\nAccuracySec=1ms\n' > /etc/systemd/system/nightly.timer
chmod 755 /usr/local/bin/nightly; systemctl daemon-reload; systemctl start nightly.timer`
	// byOneshot is the same without a script between.
	byOneshot = `printf '[Service]\nType=oneshot\nUser={{.User}}\nWorkingDirectory={{.Live}}\nKillMode=process\nExecStart=` + gunicornByHand + ` --daemon\n' > /etc/systemd/system/nightly.service
systemctl daemon-reload; systemctl start nightly`
	// byRunit is supervised by runsv, below runsvdir, in the control group of runit's unit.
	byRunit = `mkdir -p /etc/runit/runsvdir/svmanaged/site; cd /etc/runit/runsvdir/svmanaged/site
printf '#!/bin/sh\ncd {{.Live}}\nexec chpst -u {{.User}} ` + gunicornByHand + `\n' > run
chmod 755 run; systemctl start runit`
	// byUser is a unit of the site's user's own service manager, which lingers.
	byUser = `home=$(getent passwd {{.User}} | cut -d: -f6); install -d -o {{.User}} $home/.config $home/.config/systemd $home/.config/systemd/user
printf '[Service]\nType=notify\nWorkingDirectory={{.Live}}\nExecStart=` + gunicornByHand + `\nExecReload=/bin/kill -s HUP $MAINPID\n[Install]\nWantedBy=default.target\n' > $home/.config/systemd/user/{{.Name}}.service
systemctl start dbus systemd-logind; loginctl enable-linger {{.User}}; systemctl start user@$(id -u {{.User}})
as="setpriv --reuid={{.User}} --regid={{.User}} --init-groups env HOME=$home XDG_RUNTIME_DIR=/run/user/$(id -u {{.User}})"
$as systemctl --user daemon-reload; $as systemctl --user restart {{.Name}}`
	// byRun is a unit that systemd-run makes, gone as soon as it is stopped.
	byRun = `systemd-run --quiet --unit={{.Unit}} -p User={{.User}} -p WorkingDirectory={{.Live}} ` + gunicornByHand
)

// startAgain ends the site and starts it again as it was started.
func startAgain(ctx context.Context, c *Case) error {
	script := c.Hand
	return acts(sh(`systemctl stop runit 2> /dev/null || :
pkill -KILL -f '[b]in/gunicorn.*{{.Main}}'; while pgrep -f '[b]in/gunicorn.*{{.Main}}' > /dev/null; do sleep 0.05; done
systemctl stop cron jobs nightly rc-local nightly.timer {{.Unit}} 2> /dev/null || :; systemctl reset-failed`), sh(script), answers, haveLoaded)(ctx, c)
}

// healthyUnmanaged are sites that run well and that nothing would start again: whoever
// ends one takes it down for good.
func healthyUnmanaged() []Fault {
	well := acts(deploy, startAgain)
	return []Fault{
		{Name: "healthy-by-cron", Verdict: fresh, Site: unmanaged("almanac", "127.0.0.1:8000", byCron).layered(), Break: well},
		{Name: "healthy-by-cron-attached", Verdict: fresh, Site: unmanaged("calendar", "127.0.0.1:8000", byCronAttached).layered(), Break: well},
		{Name: "healthy-by-hand", Verdict: fresh, Site: unmanaged("quilt", "127.0.0.1:8000", byDaemon), Break: well},
		{
			Name: "healthy-by-pid-file", Verdict: fresh, Break: well,
			Site: unmanaged("bobbin", "127.0.0.1:8000", byPIDFile).with(func(s *Site) { s.Args = []string{"--pidfile", "/run/bobbin/pid"} }),
		},
		{Name: "healthy-by-screen", Verdict: fresh, Site: unmanaged("cinema", "127.0.0.1:8000", byScreen).layered(), Break: well},
		{Name: "healthy-by-tmux", Verdict: fresh, Site: unmanaged("mural", "127.0.0.1:8000", byTmux), Break: well},
		{Name: "healthy-by-scope", Verdict: fresh, Site: unmanaged("lens", "127.0.0.1:8000", byScope), Break: well},
		{Name: "healthy-by-rc-local", Verdict: fresh, Site: unmanaged("cabin", "127.0.0.1:8000", byRCLocal), Break: well},
		{Name: "healthy-by-scheduler", Verdict: fresh, Site: unmanaged("shift", "127.0.0.1:8000", byScheduler), Break: well},
		{Name: "healthy-by-timer", Verdict: fresh, Site: unmanaged("dawn", "127.0.0.1:8000", byTimer), Break: well},
		{Name: "healthy-by-oneshot", Verdict: fresh, Site: unmanaged("dusk", "127.0.0.1:8000", byOneshot), Break: well},
		{Name: "healthy-by-runit", Verdict: fresh, Site: unmanaged("ladder", "127.0.0.1:8000", byRunit).layered(), Break: well},
		{Name: "user-unit-healthy", Verdict: fresh, Site: unmanaged("loom", "127.0.0.1:8000", byUser).layered(), Break: well},
		{
			// The site is what answers the URL, whatever the one unit on the box runs.
			Name: "healthy-by-hand-beside-unit", Verdict: fresh,
			Site:  unmanaged("bakery", "127.0.0.1:8000", byDaemon).with(func(s *Site) { s.Args = []string{"--url", "http://bakery.example/"} }),
			Break: acts(deploy, startAgain, staleNeighbour("blog")),
		},
		{
			// Its unit is there, and was stopped.
			Name: "healthy-by-hand-unit-stopped", Verdict: fresh,
			Site:  linked("annex").with(func(s *Site) { s.Bind, s.Bare = "127.0.0.1:8000", true }),
			Break: acts(deploy, startByHand),
		},
		{
			// A script of the unit's own, in no shell's language.
			Name: "healthy-own-script", Verdict: fresh, Break: acts(deploy, restart),
			Site: linked("parchment").with(func(s *Site) {
				s.Bind, s.Bare = "127.0.0.1:8000", true
				s.UnitText = "[Service]\nUser={{.User}}\nWorkingDirectory={{.Live}}\nExecStart=/usr/bin/perl /usr/local/lib/serve.pl\n"
				s.Files = map[string]string{"/usr/local/lib/serve.pl": "system('{{.Exec}}');\n"}
			}),
		},
		{
			Name: "healthy-forking", Verdict: fresh, Break: acts(deploy, restart),
			Site: linked("fork").with(func(s *Site) {
				s.Bind, s.Bare = "127.0.0.1:8000", true
				s.UnitText = "[Service]\nType=forking\nUser={{.User}}\nWorkingDirectory={{.Live}}\nRuntimeDirectory=fork\nPIDFile=/run/fork/pid\nExecStart={{.Exec}} --daemon --pid /run/fork/pid\n"
			}),
		},
		{Name: "healthy-transient", Verdict: fresh, Site: unmanaged("comet", "127.0.0.1:8000", byRun), Break: well},
	}
}

// unmanagedFaults are old code in processes that flasktui must not end, and one that it may
// restart.
func unmanagedFaults() []Fault {
	return []Fault{
		{
			Name: "by-cron-not-restarted", Verdict: stale, Cause: "service-not-restarted",
			Site: preloading(unmanaged("harvester", "127.0.0.1:8000", byCron).layered()), Break: deploy, Cure: startAgain,
		},
		{
			Name: "by-hand-not-restarted", Verdict: stale, Cause: "service-not-restarted",
			Site: preloading(unmanaged("weaver", "127.0.0.1:8000", byDaemon)), Break: deploy, Cure: startAgain,
		},
		{
			// A reload loads what was pulled, and ends nothing.
			Name: "by-hand-pulled", Verdict: stale, Cause: "service-not-restarted", Fix: "hup",
			Site: pulled("spindle", "127.0.0.1:8000", byDaemon), Break: deploy,
		},
		{
			Name: "by-screen-pulled", Verdict: stale, Cause: "service-not-restarted", Fix: "hup",
			Site: pulled("matinee", "127.0.0.1:8000", byScreen).layered(), Break: deploy,
		},
		{
			Name: "by-pid-file-pulled", Verdict: stale, Cause: "service-not-restarted", Fix: "hup",
			Site: pulled("distaff", "127.0.0.1:8000", byPIDFile).with(func(s *Site) { s.Args = []string{"--pidfile", "/run/distaff/pid"} }), Break: deploy,
		},
		{
			Name: "by-scheduler-not-restarted", Verdict: stale, Cause: "service-not-restarted",
			Site: preloading(unmanaged("roster", "127.0.0.1:8000", byScheduler)), Break: deploy, Cure: startAgain,
		},
		{
			Name: "by-rc-local-not-restarted", Verdict: stale, Cause: "service-not-restarted",
			Site: preloading(unmanaged("hut", "127.0.0.1:8000", byRCLocal)), Break: deploy, Cure: startAgain,
		},
		{
			Name: "by-runit-not-restarted", Verdict: stale, Cause: "service-not-restarted",
			Site: preloading(unmanaged("rung", "127.0.0.1:8000", byRunit).layered()), Break: deploy, Cure: startAgain,
		},
		{
			// Whoever keeps the master running would start it again, and it went to the link.
			Name: "by-runit-reloaded", Verdict: stale, Cause: "service-not-restarted", Fix: "hup",
			Site: unmanaged("stile", "127.0.0.1:8000", byRunit).layered(), Break: deploy,
		},
		{
			Name: "user-unit-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: unmanaged("shuttle", "127.0.0.1:8000", byUser).layered(), Break: deploy,
		},
		{
			Name: "user-unit-named", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: unmanaged("treadle", "127.0.0.1:8000", byUser).layered().with(func(s *Site) { s.Args = []string{"user:web/treadle"} }), Break: deploy,
		},
		{
			Name: "transient-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: unmanaged("meteor", "127.0.0.1:8000", byRun), Break: deploy,
		},
	}
}
