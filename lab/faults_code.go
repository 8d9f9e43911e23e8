package lab

// codeFaults are those of the release's link, and of where Python finds the code.
func codeFaults() []Fault {
	return []Fault{
		// The link.
		{
			Name: "link-behind-a-link", Verdict: stale, Cause: "symlink-not-switched", Fix: "switch-symlink",
			Site: linked("cymbal").with(func(s *Site) {
				s.Work, s.First = "/var/www/cymbal", sh(`mkdir -p /var/www; ln -s {{.Live}} /var/www/cymbal`)
			}),
			Break: place, Look: bothLive,
		},
		{
			Name: "release-not-named", Verdict: stale, Cause: "unit-points-to-old-path",
			Site: linkless("quarry"), Break: place, Cure: acts(sh(`sed -i 's#{{.Dir 0}}#{{.Dir 1}}#' {{.UnitPath}}; systemctl daemon-reload`), restart),
		},
		{
			Name: "link-not-switched", Verdict: stale, Cause: "symlink-not-switched", Fix: "switch-symlink",
			Site: versioned("bakery"), Break: place,
		},
		{
			Name: "link-nested", Verdict: stale, Cause: "symlink-broken", Fix: "switch-symlink",
			Site: linked("cinema"), Break: acts(place, sh(`ln -sf {{.Dir 1}} {{.Live}}`), restart),
		},
		{
			Name: "link-dangling", Verdict: stale, Cause: "symlink-broken", Fix: "switch-symlink",
			Site: linked("kiosk"), Break: acts(place, sh(`ln -sfn {{.Dir 1}}-final {{.Live}}`)),
		},
		{
			Name: "fetched-not-merged", Verdict: stale, Cause: "deploy-unfinished", Started: true,
			Site: checkout("meadow", "127.0.0.1:8066").with(func(s *Site) { s.Args = []string{"--expect", "{{.New.ID}}"} }), Break: acts(fetch, restart),
			Cure: acts(sh(`runuser -u {{.User}} -- git -C {{.Base}} merge -q --ff-only FETCH_HEAD`), restart),
		},

		{
			Name: "pull-refused-by-a-hand-edit", Verdict: stale, Cause: "deploy-unfinished", Started: true,
			Site: checkout("barley", "127.0.0.1:8067"), Break: acts(sh(`echo '# tried on the server' >> {{.Base}}/wsgi.py`), fetch, restart),
			Cure: acts(sh(`runuser -u {{.User}} -- git -C {{.Base}} stash -q; runuser -u {{.User}} -- git -C {{.Base}} merge -q --ff-only FETCH_HEAD`), restart),
		},
		{
			Name: "git-ended-half-way", Verdict: stale, Cause: "deploy-unfinished", Started: true,
			Site: checkout("millet", "127.0.0.1:8068"), Break: acts(fetch, sh(`touch -d '10 minutes ago' {{.Base}}/.git/index.lock; chown {{.User}} {{.Base}}/.git/index.lock`), restart),
			Cure: acts(sh(`rm {{.Base}}/.git/index.lock; runuser -u {{.User}} -- git -C {{.Base}} merge -q --ff-only FETCH_HEAD`), restart),
		},
		{
			Name: "release-never-came", Verdict: stale, Cause: "release-not-here", Started: true,
			Site: linked("fallow").with(func(s *Site) { s.Args = []string{"--expect", "{{.New.ID}}"} }), Break: acts(sh(`sleep 1`), restart),
			Cure: acts(deploy, restart),
		},

		// Python takes another tree.
		{
			Name: "installed-copy", Verdict: stale, Cause: "installed-package-shadows-checkout",
			Site: installed("invoice"), Break: acts(deploy, restart), Cure: acts(installPackage, restart),
		},
		{
			Name: "installed-behind-thin-entry", Verdict: stale, Cause: "installed-package-shadows-checkout",
			Site: thin("compass"), Break: acts(deploy, restart), Cure: acts(installThin("{{.Dir 1}}"), restart),
		},
		{
			Name: "installed-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: thin("sextant"), Break: acts(sh(`sleep 0.2`), deploy, installThin("{{.Dir 1}}")),
		},
		{
			Name: "pythonpath-argument", Verdict: stale, Cause: "installed-package-shadows-checkout",
			Site: shadowed("almanac"), Break: acts(deploy, restart), Cure: acts(sh(`rm -rf /opt/legacy/almanac`), restart),
		},
		{
			Name: "editable-of-old-release", Verdict: stale, Cause: "installed-package-shadows-checkout",
			Site: editable("ferry"), Break: acts(deploy, restart),
			Cure: acts(sh(`echo {{.Live}} > "$(ls /opt/envs/ferry/lib/python3*/site-packages/__editable__.ferry-1.0.pth)"`), restart),
		},
		{
			Name: "bytecode-unchecked", Verdict: stale, Cause: "stale-bytecode", Fix: "clear-bytecode",
			Site: checkout("harbor", "127.0.0.1:8088"), Break: acts(
				sh(`cd {{.Base}}; runuser -u {{.User}} -- python3 -m compileall -q -f --invalidation-mode unchecked-hash wsgi.py`), deploy, restart),
		},
		{
			Name: "bytecode-clamped-times", Verdict: stale, Cause: "stale-bytecode", Fix: "clear-bytecode",
			Is: "summer", Site: clamped("lottery"), Break: acts(deploy, sh(clampTimes), restart),
		},
		{
			Name: "deployed-elsewhere", Verdict: stale, Cause: "deployed-elsewhere",
			Site:    copied("stamps", "127.0.0.1:8201").with(func(s *Site) { s.Args = []string{"--app-dir", "/srv/stamps-new"} }),
			Started: true, Break: acts(deployTo("/srv/stamps-new"), restart),
			Cure: acts(sh(`sed -i 's#{{.Base}}#/srv/stamps-new#' {{.UnitPath}} /etc/nginx/conf.d/stamps.conf
systemctl daemon-reload; systemctl reload nginx`), restart),
		},
		{
			// The site runs the release that is on disk; that its library is old decides nothing.
			Name: "requirements-not-installed", Verdict: fresh, Cause: "requirements-not-installed", Word: "mode", Was: "plain", Is: "glossy",
			Site:  requiring("lantern"),
			Break: acts(deploy, requires("{{.Dir 1}}", "house-style==2.0\nflask"), restart),
			Cure:  acts(installLibrary("2.0", `import os; os.environ["APP_MODE"] = "glossy"`), restart),
		},
		{
			Name: "background-worker-stale", Verdict: stale, Cause: "background-workers-stale", Was: "harvest",
			Site: queued("postal"), Break: acts(sh(startQueue), deploy, restart), Cure: sh(`systemctl restart postal-queue`),
		},
	}
}
