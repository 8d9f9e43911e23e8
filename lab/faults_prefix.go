package lab

// ofAnotherPrefix is a site behind an Nginx that the unit starts from another directory than
// PATH's, with a configuration of its own; more stands in its http block, and before in the
// location of the app.
func ofAnotherPrefix(name, more, before string) Site {
	s := linked(name)
	s.Bind, s.Conf = "127.0.0.1:9601", map[string]string{}
	s.Files = map[string]string{
		"/usr/local/nginx/conf/site.conf": "events {}\npid /run/other-nginx.pid;\nhttp { include /etc/nginx/mime.types; " + more + ` server { listen 80; server_name {{.Server}};
location /static/ { alias {{.Dir 0}}/static/; } location / { ` + before + ` proxy_pass http://127.0.0.1:9601; proxy_set_header Host $host; } } }
`,
		"/etc/systemd/system/nginx.service.d/own.conf": `[Service]
PIDFile=/run/other-nginx.pid
ExecStartPre=
ExecStart=
ExecStart=/usr/local/nginx/sbin/nginx -p /usr/local/nginx -c conf/site.conf
ExecReload=
ExecReload=/bin/kill -s HUP $MAINPID
`,
	}
	s.First = sh(`mkdir -p /usr/local/nginx/logs /usr/local/nginx/sbin /var/cache/nginx; cp /usr/sbin/nginx /usr/local/nginx/sbin/; systemctl daemon-reload`)
	return s
}

// prefixFaults are those of an Nginx that is not the one of PATH.
func prefixFaults() []Fault {
	toNew := sh(`sed -i 's#{{.Dir 0}}#{{.Dir 1}}#' /usr/local/nginx/conf/site.conf`)
	reloaded := sh(`systemctl reload nginx; sleep 0.5`)
	return []Fault{
		{Name: "healthy-unit-of-another-prefix", Verdict: fresh, Site: ofAnotherPrefix("harbourage", "", ""), Break: acts(deploy, restart, toNew, reloaded)},
		{
			Name: "another-prefix-not-reloaded", Verdict: stale, Cause: "nginx-not-reloaded", Word: "style", Refused: []string{"nginx-reload"},
			Site: ofAnotherPrefix("quayside", "", ""), Break: acts(deploy, restart, toNew), Cure: reloaded,
		},
		{
			Name: "another-prefix-keeps-old-page", Verdict: stale, Cause: "cache-serves-old", Tells: []string{"/var/cache/nginx/kept"},
			Site:  ofAnotherPrefix("drydock", "proxy_cache_path /var/cache/nginx/kept keys_zone=kept:1m inactive=1d;", "proxy_cache kept; proxy_cache_valid 200 1h;"),
			Break: acts(visit, deploy, restart, toNew, reloaded),
			Cure:  sh(`systemctl stop nginx; rm -rf /var/cache/nginx/kept/*; systemctl start nginx`),
		},
		{
			Name: "another-prefix-to-old-service", Verdict: stale, Cause: "nginx-wrong-upstream", Tells: []string{"127.0.0.1:9602"},
			Site: ofAnotherPrefix("boatyard", "", ""), Break: acts(leaveLegacy("9602"), deploy, restart, toNew, reloaded),
			Cure: acts(sh(`sed -i s/9601/9602/ /usr/local/nginx/conf/site.conf`), reloaded),
		},
	}
}
