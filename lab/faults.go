package lab

import "slices"

// Faults are all the ways in which the lab breaks a box, and what flasktui has
// to find there.
func Faults() []Fault {
	return slices.Concat(
		processFaults(), modWSGIFaults(), unmanagedFaults(), loneFaults(), serverFaults(), uwsgiFaults(), djangoFaults(), systemdFaults(), codeFaults(),
		nginxFaults(), answeredElsewhere(), throughTwoBackends(), behindDoors(), beforeNginx(), behindTLS(), mountedFaults(), prefixFaults(), assetFaults(),
	)
}

// processFaults have the new code on disk, and nobody has loaded it.
func processFaults() []Fault {
	return []Fault{
		{
			Name: "pulled-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: checkout("ledger", "127.0.0.1:8001"), Break: deploy,
		},
		{
			Name: "switched-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: linked("shop").with(func(s *Site) { s.Bare = true }), Break: deploy,
		},
		{
			Name: "instance-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: instance("tickets", "blue"), Break: deploy,
		},
		{
			Name: "socket-activated-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: activated("parcel"), Break: deploy,
		},
		{
			Name: "proctitle-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: titled("atlas"), Break: deploy,
		},
		{
			Name: "copied-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: copied("recipes", "[::1]:8010"), Break: deploy,
		},
		{
			Name: "written-in-place-marker-lies", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: copied("pantry", "127.0.0.1:8054").with(func(s *Site) { s.App.Each = true }), Break: acts(visit, sh(`sleep 0.2`), writeInPlace),
		},
		{
			// Disk, app and person name one release, and all three have it from one file, which
			// the app reads for each answer (G49).
			Name: "expect-beside-a-release-file-that-lies", Verdict: stale, Cause: "service-not-restarted", Fix: "restart", Started: true,
			Site:  copied("cellar", "127.0.0.1:8058").with(func(s *Site) { s.App.Each, s.Args = true, []string{"--expect", "{{.New.ID}}"} }),
			Break: acts(visit, sh(`sleep 0.2`), writeInPlaceOldTimes),
		},
		{
			// No bytecode is left that could tell: the memory does.
			Name: "written-in-place-old-times", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: copied("walrus", "127.0.0.1:8057").with(func(s *Site) {
				s.App.Each, s.First = true, sh(`find {{.Base}} -name '*.py' -printf '%h\n' | sort -u | while read -r d; do install -d -m 0555 -o root "$d/__pycache__"; done`)
			}),
			Break: acts(visit, sh(`sleep 0.2`), writeInPlaceOldTimes),
		},
		{
			Name: "directory-swapped", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: swapped("pottery"), Break: sh(`mv {{.Base}} {{.Base}}.bad; mv {{.Base}}.next {{.Base}}`),
		},
		{
			Name: "colour-link-moved", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: coloured("mosaic"), Break: sh(`ln -sfn {{.Base}}/green {{.Base}}/live`),
		},
		{
			Name: "shared-settings-edited", Verdict: stale, Cause: "service-not-restarted", Fix: "restart", Word: "mode", Was: "plain", Is: "glossy",
			Site: sharing("lacquer"), Break: acts(visit, sh(`sleep 0.2; echo 'import os; os.environ["APP_MODE"] = "glossy"' > {{.Base}}/shared/local_settings.py`)),
		},
		{
			Name: "api-beside-not-restarted", Verdict: stale, Cause: "background-workers-stale", Was: "harvest",
			Site: withAPI("harbour"), Break: acts(deploy, restart), Cure: sh(`systemctl restart harbour-api`),
		},
		{
			Name: "library-beside-edited", Verdict: stale, Cause: "service-not-restarted", Fix: "restart", Word: "mode", Was: "plain", Is: "glossy",
			Site: withLibrary("parquet"), Break: acts(visit, sh(`sleep 0.2; printf 'import os\n\ndef polished_surface():\n    return "glossy"\n\nos.environ["APP_MODE"] = polished_surface()\n' > /opt/libraries/house_style.py`)),
		},
		{
			Name: "package-upgraded-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart", Word: "mode", Was: "plain", Is: "glossy",
			Site: requiring("trellis"), Break: acts(visit, sh(`sleep 0.2`), installLibrary("2.0", `import os\nos.environ["APP_MODE"] = "glossy"\n\ndef house_wording():\n    return "glossy as never before"`)),
		},
		{
			Name: "shell-goes-to-the-link", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: wandering("canoe"), Break: deploy,
		},
		{
			Name: "copied-over-keeping-times", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: copied("cellar", "127.0.0.1:8053"), Break: acts(visit, sh(`sleep 1.5`), copyKeepingTimes),
		},
		{
			Name: "reloaded-old-directory", Verdict: stale, Cause: "service-not-restarted", Fix: "restart", Refused: []string{"hup"},
			Site: linked("gallery"), Break: acts(deploy, reload),
		},
		{
			// Nothing but the link says that these directories are releases.
			Name: "commit-named-reloaded", Verdict: stale, Cause: "service-not-restarted", Fix: "restart", Refused: []string{"hup"},
			Site:  linked("cellar").with(func(s *Site) { s.Releases, s.IDs = "trees", [2]string{"9ab31e04", "41be07d2"} }),
			Break: acts(deploy, reload),
		},
		{
			Name: "reloaded-under-preload", Verdict: stale, Cause: "hup-with-preload", Fix: "restart", Refused: []string{"hup"},
			Site: preloaded("notes"), Break: acts(deploy, reload),
		},
		{
			Name: "release-pruned", Verdict: stale, Cause: "release-dir-deleted", Fix: "restart", Refused: []string{"hup"},
			Site:  linked("museum").with(func(s *Site) { s.Gunicorn, s.Workers = []string{"--chdir", "{{.Live}}"}, 1 }),
			Break: acts(visit, deploy, sh(`rm -rf {{.Dir 0}}`)),
		},
		{
			Name: "templates-only", Verdict: stale, Cause: "templates-cached", Fix: "hup", Word: "layout",
			Site: copied("poems", "127.0.0.1:8123").with(func(s *Site) { s.Workers = 1 }), Break: acts(visit, templatesOnly),
		},
		{
			Name: "one-worker-respawned", Verdict: mixed, Cause: "mixed-workers", Fix: "restart", Was: "harvest,spring",
			Site: checkout("forum", "127.0.0.1:5000"), Break: acts(deploy, killOneWorker, serving("edition", "harvest", "spring")),
		},
		{
			Name: "pulled-cured-by-hup", Verdict: stale, Cause: "service-not-restarted", Fix: "hup", Chosen: true,
			Site: copied("museums", "127.0.0.1:8052"), Break: deploy,
		},
		{
			Name: "two-masters-after-usr2", Verdict: mixed, Cause: "service-not-restarted", Fix: "restart", Was: "harvest,spring",
			Site: checkout("orders", "unix:/run/orders/web.sock"), Break: acts(deploy, sh(`systemctl kill -s USR2 --kill-whom=main {{.Unit}}`),
				serving("edition", "harvest", "spring")),
		},

		// supervisord runs it, and systemd knows nothing of it.
		{
			Name: "supervised-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: supervised("quartz", "127.0.0.1:8750"), Break: acts(deploy, noteBeside), Look: besideUntouched,
		},
		{
			Name: "supervised-section-not-updated", Verdict: stale, Cause: "unit-change-not-applied", Fix: "restart",
			Site: supervised("basalt", "unix:/run/basalt.sock").with(func(s *Site) {
				s.Work, s.User, s.First = "{{.Dir 0}}", "root", sh(`rm {{.Live}}`)
				s.Conf = linkless("basalt").Conf // Nginx's files led through the link, too.
			}),
			Break: acts(place, sh(sectionOnly), answers),
		},
	}
}

// systemdFaults are those of units, and of masters beside the unit's own.
func systemdFaults() []Fault {
	return []Fault{
		// systemd has another unit, or the process had.
		{
			Name: "unit-edited-no-reload", Verdict: stale, Cause: "daemon-reload-needed", Fix: "daemon-reload-restart",
			Site: linkless("billing"), Break: acts(place, sh(`sed -i 's#{{.Dir 0}}#{{.Dir 1}}#' {{.UnitPath}}`), restart),
		},
		{
			Name: "drop-in-no-reload", Verdict: stale, Cause: "daemon-reload-needed", Fix: "daemon-reload-restart",
			Site: linkless("booking").with(func(s *Site) { s.Unit, s.Base, s.Releases = "booking@north.service", "/var/www/booking", "builds" }),
			Break: acts(place, sh(`mkdir -p /etc/systemd/system/{{.Unit}}.d
printf '[Service]\nWorkingDirectory={{.Dir 1}}\n' > /etc/systemd/system/{{.Unit}}.d/release.conf`), restart),
		},
		{
			Name: "unit-shadowed-no-reload", Verdict: stale, Cause: "daemon-reload-needed", Fix: "daemon-reload-restart",
			Site: vendored("survey"), Break: acts(place, sh(`sed 's#{{.Dir 0}}#{{.Dir 1}}#' /usr/lib/systemd/system/{{.Unit}} > {{.UnitPath}}`), restart),
		},
		{
			Name: "start-pre-added-no-reload", Verdict: stale, Cause: "daemon-reload-needed", Fix: "daemon-reload-restart", Was: "harvest",
			Site: linked("juniper"), Break: acts(deploy, sh(`sed -i 's#^ExecStart=#ExecStartPre=/bin/true\n&#' {{.UnitPath}}`), restart),
		},
		{
			Name: "user-in-drop-in-no-reload", Verdict: stale, Cause: "daemon-reload-needed", Fix: "daemon-reload-restart", Was: "harvest",
			Site: linked("hazel").with(func(s *Site) { s.Bind = "127.0.0.1:8056" }),
			Break: acts(sh(`mkdir -p /etc/systemd/system/{{.Unit}}.d
printf '[Service]\nEnvironment=COLOUR=green\n' > /etc/systemd/system/{{.Unit}}.d/own.conf
systemctl daemon-reload`), deploy, restart, sh(`sleep 0.1; echo User=www-data >> /etc/systemd/system/{{.Unit}}.d/own.conf`)),
		},
		{
			// systemd asks for nothing: the file is older than the one that it has loaded.
			Name: "unit-put-back-with-its-old-time", Verdict: stale, Cause: "daemon-reload-needed", Fix: "daemon-reload-restart", Was: "harvest",
			Site: linked("maple"), Break: acts(deploy, restart, sh(`sed -i 's#^TimeoutStopSec=.*#TimeoutStopSec=40#' {{.UnitPath}}
touch -d '3 days ago' {{.UnitPath}}`)),
		},
		{
			// A link that nothing uses stands beside the releases, and is no part of it.
			Name: "unit-edited-beside-link-no-reload", Verdict: stale, Cause: "daemon-reload-needed", Fix: "daemon-reload-restart",
			Site:  linkless("bramble").with(func(s *Site) { s.First = nil }),
			Break: acts(place, sh(`sed -i 's#{{.Dir 0}}#{{.Dir 1}}#' {{.UnitPath}}`), restart),
		},
		{
			Name: "unit-edited-beside-link", Verdict: stale, Cause: "unit-change-not-applied", Fix: "restart",
			Site:  linkless("saddle").with(func(s *Site) { s.First = nil }),
			Break: acts(place, sh(`sed -i 's#{{.Dir 0}}#{{.Dir 1}}#' {{.UnitPath}}; systemctl daemon-reload`)),
		},
		{
			Name: "unit-change-not-applied", Verdict: stale, Cause: "unit-change-not-applied", Fix: "restart",
			Site: linkless("payroll"), Break: acts(place, sh(`sed -i 's#{{.Dir 0}}#{{.Dir 1}}#' {{.UnitPath}}; systemctl daemon-reload`)),
		},
		{
			Name: "environment-changed", Verdict: stale, Cause: "env-not-reloaded", Fix: "restart", Word: "mode", Was: "plain", Is: "sale",
			Site: environed("library"), Break: sh(`sed -i 's/APP_MODE=.*/APP_MODE=sale/' /etc/default/library`),
		},
		{
			Name: "dotenv-changed", Verdict: stale, Cause: "env-not-reloaded", Fix: "restart", Word: "mode", Was: "plain", Is: "sale",
			Site: dotenv("recital"), Break: sh(`sed -i 's/APP_MODE=.*/APP_MODE=sale/' {{.Base}}/.env`),
		},
		{
			Name: "unit-pinned", Verdict: stale, Cause: "unit-points-to-old-path",
			Site: pinned("clinic"), Break: acts(deploy, restart), Cure: acts(sh(`sed -i 's#^WorkingDirectory=.*#WorkingDirectory={{.Live}}#' {{.UnitPath}}
systemctl daemon-reload`), restart),
		},
		{
			Name: "chdir-argument-pinned", Verdict: stale, Cause: "unit-points-to-old-path",
			Site:  linked("weather").with(func(s *Site) { s.Gunicorn = []string{"--chdir", "{{.Dir 0}}"} }),
			Break: acts(deploy, restart), Cure: acts(sh(`sed -i 's#--chdir {{.Dir 0}}#--chdir {{.Live}}#' {{.UnitPath}}; systemctl daemon-reload`), restart),
		},
		{
			Name: "chdir-in-config-file", Verdict: stale, Cause: "unit-points-to-old-path",
			Site: configured("radio"), Break: acts(deploy, restart), Cure: acts(sh(`sed -i 's#{{.Dir 0}}#{{.Live}}#' /etc/gunicorn/radio.py`), restart),
		},
		{
			Name: "chdir-in-command-args", Verdict: stale, Cause: "unit-points-to-old-path",
			Site:  linked("metro").with(func(s *Site) { s.Service = []string{`Environment="GUNICORN_CMD_ARGS=--chdir {{.Dir 0}}"`} }),
			Break: acts(deploy, restart), Cure: acts(sh(`sed -i 's#--chdir {{.Dir 0}}#--chdir {{.Live}}#' {{.UnitPath}}; systemctl daemon-reload`), restart),
		},
		{
			Name: "shebang-of-old-virtualenv", Verdict: stale, Cause: "unit-points-to-old-path",
			Site: packaged("census"), Break: acts(deploy, copyVirtualenv, restart),
			Cure: acts(sh(`sed -i '1s#.*#\#!{{.Dir 1}}/venv/bin/python3#' {{.Dir 1}}/venv/bin/gunicorn`), restart),
		},
		{
			Name: "working-directory-missing", Verdict: down, Cause: "service-failed", Refused: []string{"restart"},
			Site: copied("garden", "127.0.0.1:8099"), Break: acts(deploy, sh(`mv {{.Base}} {{.Base}}.bak; systemctl restart {{.Unit}} || :`)),
			Cure: acts(sh(`mv {{.Base}}.bak {{.Base}}; systemctl reset-failed {{.Unit}}`), restart),
		},
		{
			Name: "import-error", Verdict: down, Cause: "service-failed",
			Site: linked("quiz"), Break: acts(deploy, sh(`echo 'import flask_not_installed' >> {{.Live}}/wsgi.py; systemctl restart {{.Unit}} || :
until systemctl is-failed -q {{.Unit}}; do sleep 0.05; done`)),
			Cure: acts(sh(`sed -i '$d' {{.Live}}/wsgi.py; systemctl reset-failed {{.Unit}}`), restart),
		},
		{
			Name: "import-error-on-reload", Verdict: down, Cause: "service-failed",
			Site: checkout("puzzle", "127.0.0.1:8077"), Break: acts(deploy, sh(`echo 'import flask_not_installed' >> {{.Base}}/wsgi.py; systemctl reload {{.Unit}}
until systemctl is-failed -q {{.Unit}}; do sleep 0.05; done`)),
			Cure: acts(sh(`runuser -u {{.User}} -- git -C {{.Base}} checkout -q wsgi.py; systemctl reset-failed {{.Unit}}`), restart),
		},

		// Another master has the port.
		{
			Name: "orphan-on-port", Verdict: stale, Cause: "orphan-gunicorn", Fix: "stop-orphan",
			Site: checkout("tracker", "0.0.0.0:8300"), Break: acts(startByHand, deploy, sh(`systemctl restart {{.Unit}} || :`)),
		},
		{
			Name: "orphan-on-socket", Verdict: stale, Cause: "orphan-gunicorn", Fix: "stop-orphan",
			Site: linked("pantry").with(func(s *Site) {
				s.Bind = "unix:/srv/pantry/shared/gunicorn.sock"
				s.First = sh(`install -d -o web /srv/pantry/shared`)
			}),
			Break: acts(deploy, restart, sh(`cd {{.Dir 0}}; `+byHand), serving("edition", "spring")),
		},
		{
			Name: "orphan-on-other-family", Verdict: mixed, Cause: "orphan-gunicorn", Fix: "stop-orphan", Was: "harvest,spring",
			Site: bothFamilies("diary"), Break: acts(deploy, restart,
				sh(`cd {{.Dir 0}}; runuser -u {{.User}} -- /usr/bin/gunicorn --daemon --bind '[::1]:8400' {{.Main}}`), serving("edition", "harvest", "spring")),
		},
		{
			Name: "orphan-shares-port", Verdict: mixed, Cause: "orphan-gunicorn", Fix: "stop-orphan", Was: "harvest,spring",
			Site:  linked("chess").with(func(s *Site) { s.Bind = "127.0.0.1:7000"; s.Gunicorn = []string{"--reuse-port"} }),
			Break: acts(deploy, restart, sh(`cd {{.Dir 0}}; `+byHand), serving("edition", "harvest", "spring")),
		},
		{
			Name: "left-over-of-the-unit", Verdict: stale, Cause: "orphan-gunicorn", Fix: "stop-orphan",
			Site: wrapped("vineyard"), Break: acts(deploy, sh(`systemctl restart {{.Unit}}; while systemctl is-active -q {{.Unit}}; do sleep 0.1; done`)),
		},
	}
}
