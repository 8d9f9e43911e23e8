package lab

// nginxFaults are those of Nginx, and of what lies before the app.
func nginxFaults() []Fault {
	return []Fault{
		{
			Name: "nginx-not-reloaded", Verdict: stale, Cause: "nginx-not-reloaded", Fix: "nginx-reload", Word: "style",
			Site: pinnedStatic("bazaar"), Break: acts(deploy, restart, repoint),
		},
		{
			Name: "nginx-moved-not-reloaded", Verdict: down, Cause: "nginx-not-reloaded", Fix: "nginx-reload",
			Site: checkout("inbox", "127.0.0.1:8102"), Break: acts(deploy, sh(`sed -i s/8102/8103/ {{.UnitPath}} /etc/nginx/conf.d/inbox.conf
systemctl daemon-reload; systemctl restart {{.Unit}}`)),
		},
		{
			Name: "nginx-reload-refused", Verdict: stale, Cause: "nginx-not-reloaded", Word: "style",
			Site: pinnedStatic("market"), Break: acts(deploy, restart, sh(holdPort), repoint,
				sh(`sed -i 's/server_name/listen 8443; server_name/' /etc/nginx/conf.d/market.conf; systemctl reload nginx`)),
			Cure: sh(`systemctl stop holder; systemctl reload nginx`),
		},
		{
			Name: "nginx-config-invalid", Verdict: stale, Cause: "nginx-config-invalid", Word: "style", Refused: []string{"nginx-reload"},
			Site: pinnedStatic("agenda"), Break: acts(deploy, restart, repoint, sh(`echo 'proxy_read_timeout 30' > /etc/nginx/conf.d/zz-timeouts.conf`)),
			Cure: sh(`echo 'proxy_read_timeout 30;' > /etc/nginx/conf.d/zz-timeouts.conf; systemctl reload nginx`),
		},
		{
			Name: "upstream-of-old-service", Verdict: stale, Cause: "nginx-wrong-upstream",
			Site: linked("voyage").with(func(s *Site) { s.Bind = "127.0.0.1:8601" }), Break: acts(leaveLegacy("8602"), deploy, restart),
			Cure: sh(`sed -i s/8601/8602/ /etc/nginx/conf.d/voyage.conf; systemctl reload nginx`),
		},
		{
			Name: "conflicting-server-name", Verdict: stale, Cause: "nginx-wrong-upstream",
			Site: linked("auction").with(func(s *Site) { s.Bind = "127.0.0.1:8611" }), Break: acts(leaveLegacy("8612"), deploy, restart,
				sh(`cd /etc/nginx/conf.d; cp auction.conf 00-auction-old.conf; sed -i 's/auction_backend/auction_old/' 00-auction-old.conf
sed -i s/8611/8612/ auction.conf; systemctl reload nginx`)),
			Cure: sh(`rm /etc/nginx/conf.d/00-auction-old.conf; systemctl reload nginx`),
		},
		{
			Name: "enabled-site-is-a-copy", Verdict: stale, Cause: "nginx-wrong-upstream",
			Site: available(linked("theatre"), conf("127.0.0.1:8621", "{{.Live}}/static")).with(func(s *Site) { s.Bind = "127.0.0.1:8621" }),
			Break: acts(leaveLegacy("8622"), deploy, restart, sh(`cd /etc/nginx; rm sites-enabled/theatre; cp sites-available/theatre sites-enabled/
sed -i s/8621/8622/ sites-available/theatre; systemctl reload nginx`)),
			Cure: sh(`ln -sf ../sites-available/theatre /etc/nginx/sites-enabled/theatre; systemctl reload nginx`),
		},
		{
			Name: "upstream-name-moved", Verdict: down, Cause: "nginx-stale-address", Fix: "nginx-reload",
			Site: named("journal"), Break: acts(deploy, sh(`sed -i 's/^127.0.0.2 /127.0.0.3 /' /etc/hosts; sed -i s/127.0.0.2/127.0.0.3/ {{.UnitPath}}
systemctl daemon-reload; systemctl restart {{.Unit}}`)),
		},
		{
			Name: "static-of-old-release", Verdict: stale, Cause: "static-stale", Word: "style",
			Site: pinnedStatic("florist"), Break: acts(deploy, restart), Cure: acts(repoint, sh(`systemctl reload nginx`)),
		},
		{
			// Nobody may ask for a file without the password: the configuration tells.
			Name: "static-of-old-release-behind-password", Verdict: stale, Cause: "static-stale", Look: styleForStaff,
			Site: pinnedStatic("parlour"), Break: acts(deploy, restart, sh(askPassword)), Cure: acts(repoint, sh(`systemctl reload nginx; sleep 0.5`)),
		},
		{
			// The deploy was to copy them.
			Name: "static-not-copied", Verdict: stale, Cause: "static-stale", Word: "style",
			Site:  collected(linked("violin")).with(func(s *Site) { s.First = copyStatic }),
			Break: acts(deploy, restart), Cure: copyStatic,
		},
		{
			// No other release lies beside a checkout: its objects have what was copied before.
			Name: "static-not-copied-of-checkout", Verdict: stale, Cause: "static-stale", Word: "style",
			Site:  collected(checkout("viola", "127.0.0.1:9105")).with(func(s *Site) { s.First = copyStatic }),
			Break: acts(deploy, restart), Cure: copyStatic,
		},
		{
			Name: "open-file-cache", Verdict: stale, Cause: "static-stale", Word: "style",
			Site: fileCached("hostel"), Break: acts(visit, deploy, restart), Cure: sh(`systemctl reload nginx`),
		},
		{
			Name: "stale-precompressed", Verdict: stale, Cause: "static-stale", Look: compressedStyle,
			Site: precompressed("toys"), Break: acts(sh(`cd {{.Base}}/toys/static; gzip -k -9 app.css`), deploy, restart), Cure: sh(`cd {{.Base}}/toys/static; gzip -k -9 -f app.css`),
		},
		{
			Name: "proxy-cache", Verdict: stale, Cause: "cache-serves-old",
			Site: cached("gazette"), Break: acts(visit, deploy, restart), Cure: sh(`systemctl stop nginx; rm -rf /var/cache/nginx/gazette/*; systemctl start nginx`),
		},
		{
			Name: "edge-cache", Verdict: stale, Cause: "cache-serves-old",
			Site: edge("holiday"), Break: acts(visit, deploy, restart), Cure: sh(`systemctl stop nginx; rm -rf /var/cache/nginx/edge/*; systemctl start nginx`),
		},
		{
			Name: "page-cached-marker-not", Verdict: stale, Cause: "cache-serves-old",
			Site: pageCached("almanac"), Break: acts(visit, deploy, restart), Cure: sh(`systemctl stop nginx; rm -rf /var/cache/nginx/almanac/*; systemctl start nginx`),
		},
		{
			Name: "other-name-cached", Verdict: stale, Cause: "cache-serves-old",
			Site: twoNames("quarry"), Break: acts(visit, deploy, restart), Cure: sh(`systemctl stop nginx; rm -rf /var/cache/nginx/quarry/*; systemctl start nginx`),
		},
		{
			Name: "cache-before-inner-block", Verdict: stale, Cause: "cache-serves-old",
			Site: layered("chapel"), Break: acts(visit, deploy, restart), Cure: sh(`systemctl stop nginx; rm -rf /var/cache/nginx/chapel/*; systemctl start nginx`),
		},
		{
			Name: "cache-before-inner-block-on-one-line", Verdict: stale, Cause: "cache-serves-old",
			Site: onOneLine(layered("minster")), Break: acts(visit, deploy, restart), Cure: sh(`systemctl stop nginx; rm -rf /var/cache/nginx/minster/*; systemctl start nginx`),
		},
		{
			Name: "conflicting-server-name-on-one-line", Verdict: stale, Cause: "nginx-wrong-upstream",
			Site: linked("bazaar").with(func(s *Site) { s.Bind = "127.0.0.1:8613" }), Break: acts(leaveLegacy("8614"), deploy, restart,
				sh(`cd /etc/nginx/conf.d; cp bazaar.conf /root/; (sed 's/bazaar_backend/bazaar_old/' bazaar.conf; sed s/8613/8614/ bazaar.conf) | tr '\n' ' ' > both; mv both bazaar.conf; systemctl reload nginx`)),
			Cure: sh(`sed s/8613/8614/ /root/bazaar.conf > /etc/nginx/conf.d/bazaar.conf; systemctl reload nginx`),
		},
		{
			Name: "nginx-stopped", Verdict: down, Site: linked("lagoon"), Break: acts(deploy, restart, sh(`systemctl stop nginx`)),
			Cure: sh(`systemctl start nginx`),
		},
		{
			Name: "nginx-cannot-start", Verdict: down, Cause: "nginx-config-invalid", Site: linked("harbour"),
			Break: acts(deploy, restart, sh(`echo 'client_max_body_size 5m' > /etc/nginx/conf.d/zz-limits.conf; systemctl restart nginx || :`)),
			Cure:  sh(`echo 'client_max_body_size 5m;' > /etc/nginx/conf.d/zz-limits.conf; systemctl start nginx`),
		},
		{
			Name: "closed-by-nginx", Verdict: inconclusive, Was: "503", Look: status,
			Site: closable("theme"), Break: acts(deploy, restart, sh(`touch /etc/nginx/closed`)),
		},
		{
			Name: "closed-by-app", Verdict: inconclusive, Was: "503", Look: status,
			Site: linked("cinema"), Break: acts(deploy, beforeEach(`return ("closed", 503)`), restartUnit),
		},
		{
			Name: "still-importing", Verdict: inconclusive, Was: "000", Look: status,
			Site: linked("dairy"), Break: acts(deploy, sh(`sed -i '1i import time; time.sleep(40)' {{.Live}}/wsgi.py`), restartUnit),
		},
		{
			Name: "only-worker-busy", Verdict: inconclusive, Was: "000", Look: status,
			Site:  linked("sawmill").with(func(s *Site) { s.Workers, s.Gunicorn = 1, []string{"--timeout", "120"} }),
			Break: acts(deploy, beforeEach(`time.sleep(40)`), restartUnit, sh(`curl -s -m 60 -H 'Host: {{.Server}}' http://127.0.0.1/ > /dev/null 2>&1 & sleep 0.5`)),
		},
		{
			Name: "import-takes-long", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: linked("lighthouse"), Break: acts(deploy, sh(`sed -i '1i import time; time.sleep(12)' {{.Live}}/wsgi.py`)),
		},
		{
			Name: "wrong-service", Verdict: stale, Cause: "wrong-service", Started: true,
			Site:  linked("concert").with(func(s *Site) { s.Bare = true; s.Args = []string{"concert-web.service"}; s.First = sh(otherUnit) }),
			Break: acts(deploy, sh(`systemctl restart concert-web`)), Cure: restart, Then: []string{"concert.service"},
		},
		{
			Name: "one-backend-not-restarted", Verdict: mixed, Cause: "service-not-restarted", Fix: "restart", Was: "harvest,spring",
			Site: balanced("stadium"), Break: acts(deploy, sh(`systemctl restart stadium@2`), serving("edition", "harvest", "spring")),
		},
		{
			Name: "backend-elsewhere", Verdict: inconclusive, Was: "harvest", Started: true,
			Site: elsewhere("bridge"), Break: acts(deploy, restart),
		},
		{
			Name: "two-at-once", Verdict: stale, Cause: "service-not-restarted", Also: []string{"static-stale"}, Fix: "restart",
			Site: pinnedStatic("orchard"), Break: deploy, Cure: acts(repoint, sh(`systemctl reload nginx`)),
		},
	}
}
