package lab

import (
	"context"
	"strings"
)

// belowPath is a site below /shop/ of a host, whose root another app has, with a marker of its
// own; lines are how its location hands requests on.
func belowPath(name, port, lines string) Site {
	s := linked(name)
	s.Bind = "127.0.0.1:" + port
	s.Conf = map[string]string{"conf.d/" + name + ".conf": "server { listen {{.Listen}}; server_name {{.Server}}; location /shop/ { " + lines + ` proxy_set_header Host $host; }
    location = /version { default_type application/json; return 200 '{"release": "20240101000000"}'; }
    location / { default_type text/html; return 200 'edition=elsewhere layout=none mode=none'; } }
`}
	return s
}

// underShop is what visitors see below /shop/.
func underShop(word, path string) func(context.Context, *Case) (string, error) {
	return func(ctx context.Context, c *Case) (string, error) {
		body, err := c.Ask(ctx, c.Site, "/shop/"+path)
		if err != nil {
			return "", err
		}
		_, rest, _ := strings.Cut(body, word+"=")
		return strings.Fields(rest + " -")[0], nil
	}
}

// mountedFaults are sites below a path of their host. Each is healthy before it is broken.
func mountedFaults() []Fault {
	const told, stripped = "proxy_pass http://127.0.0.1:9501;", "proxy_pass http://127.0.0.1:9501/;"
	page := underShop("edition", "")
	byVariable := func(s *Site) { s.Service = []string{"Environment=SCRIPT_NAME=/shop"} }
	return []Fault{
		{Name: "healthy-below-a-path", Verdict: fresh, Look: page, Site: belowPath("arcade", "9501", told).with(byVariable), Break: acts(deploy, restart)},
		{
			Name: "healthy-below-a-path-by-url", Verdict: fresh, Look: page, Break: acts(deploy, restart),
			Site: belowPath("arcade", "9501", stripped).with(func(s *Site) { s.Args = []string{"--url", "http://arcade.example/shop/"} }),
		},
		{
			Name: "below-a-path-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart", Look: page,
			Site: belowPath("bazaar", "9501", "proxy_set_header SCRIPT_NAME /shop; "+told), Break: deploy,
		},
		{
			Name: "below-a-path-cached", Verdict: stale, Cause: "cache-serves-old", Look: page,
			Site: belowPath("emporium", "9501", "proxy_cache kept; proxy_cache_valid 200 1h; "+stripped).with(func(s *Site) {
				s.Files = map[string]string{"/etc/nginx/conf.d/00-cache.conf": "proxy_cache_path /var/cache/nginx/kept keys_zone=kept:1m inactive=1d;\n"}
				s.First = sh("mkdir -p /var/cache/nginx")
			}),
			Break: acts(sh(`curl -sf -H 'Host: {{.Server}}' http://127.0.0.1/shop/ http://127.0.0.1/shop/version > /dev/null`), deploy, restart),
			Cure:  sh(`systemctl stop nginx; rm -rf /var/cache/nginx/kept/*; systemctl start nginx`),
		},
		{
			Name: "below-a-path-static-of-old-release", Verdict: stale, Cause: "static-stale", Look: underShop("style", "static/app.css"),
			Site:  belowPath("kiosk", "9501", stripped+" } location /shop/static/ { alias {{.Dir 0}}/static/;").with(func(s *Site) { s.App = App{Marker: NoMarker} }),
			Break: acts(deploy, restart), Cure: acts(repoint, sh(`systemctl reload nginx`)),
		},
		{
			Name: "below-a-path-rewritten", Verdict: mixed, Cause: "front-elsewhere", Look: page, Was: "spring",
			Site: belowPath("market", "9501", "rewrite ^/shop/(.*)$ /$1 break; proxy_pass http://both;").with(func(s *Site) {
				s.Files = map[string]string{"/etc/nginx/conf.d/00-both.conf": "upstream both { server 127.0.0.1:9501; server 127.0.0.1:9502; }\n"}
				s.First = sh(secondService("9502"))
			}),
			Break: acts(deploy, restart, sh(`until curl -sf -H 'Host: {{.Server}}' http://127.0.0.1/shop/ | grep -q spring; do sleep 0.1; done`)), Cure: restartOther,
		},
	}
}
