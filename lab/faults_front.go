package lab

import "strings"

// takeAddress has another container take the address that the app's had, as happens where a
// whole project is made anew, and starts the app's after it.
const takeAddress = `cd {{.Base}}
docker compose build -q {{.Compose}}
docker compose rm -sf {{.Compose}}
docker run -d --network {{.Name}}_default pybase sleep 3600
docker compose up -d {{.Compose}}
address=$(docker inspect -f '{{` + "`{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}`" + `}}' {{.Name}}-{{.Compose}}-1)
for try in $(seq 100); do curl -s --max-time 2 "http://$address:8000/" && exit; sleep 0.1; done; exit 1`

// answeredElsewhere are the boxes whose URL something else than the service answers.
func answeredElsewhere() []Fault {
	return []Fault{
		{
			Name: "url-of-default-page", Verdict: stale, Cause: "front-elsewhere", Was: "welcome",
			Site:  linked("millpond").with(func(s *Site) { s.Args, s.First = []string{"--url", "http://millpond.example/"}, sh(defaultPage) }),
			Break: acts(sh(`sed -i 's/server_name .*/server_name pond.example;/' /etc/nginx/conf.d/millpond.conf; systemctl reload nginx`), deploy, restart),
			Cure:  sh(`sed -i 's/server_name .*/server_name millpond.example;/' /etc/nginx/conf.d/millpond.conf; systemctl reload nginx`),
		},
		{
			Name: "url-of-exported-pages", Verdict: stale, Cause: "front-elsewhere",
			Site: linked("boathouse").with(func(s *Site) { s.Args = []string{"--url", "http://boathouse.example/"} }),
			Break: acts(sh(`cp /etc/nginx/conf.d/boathouse.conf /root/; mkdir -p /var/www/export
for page in index.html version; do curl -sf -H 'Host: boathouse.example' http://127.0.0.1/${page#index.html} > /var/www/export/$page; done
printf 'server { listen 80; server_name boathouse.example; root /var/www/export; location / { try_files $uri $uri/ /index.html; } }\n' > /etc/nginx/conf.d/boathouse.conf
systemctl reload nginx`), deploy, restart),
			Cure: sh(`cp /root/boathouse.conf /etc/nginx/conf.d/; systemctl reload nginx`),
		},
		{
			// A block that names an address takes whatever comes in there: the site is asked elsewhere.
			Name: "healthy-beside-block-of-one-address", Verdict: fresh,
			Site: linked("gatehouse").with(func(s *Site) {
				s.Listen, s.Conf = "127.0.0.2:80", map[string]string{"conf.d/gatehouse.conf": strings.Replace(confText, "listen {{.Listen}};", "listen 80;", 1)}
			}),
			Break: acts(sh(statusBlock), deploy, restart),
		},
		{
			Name: "healthy-block-of-ipv6-and-socket", Verdict: fresh,
			Site: linked("dormer").with(func(s *Site) {
				s.Conf = map[string]string{"conf.d/dormer.conf": strings.Replace(confText, "listen {{.Listen}};", "listen [::]:80 ipv6only=off default_server; listen unix:/run/dormer-web.sock;", 1)}
			}),
			Break: acts(deploy, restart),
		},
		{
			Name: "url-of-block-of-one-address", Verdict: stale, Cause: "front-elsewhere", Was: "status",
			Site:  linked("gatehouse").with(func(s *Site) { s.Args = []string{"--url", "http://127.0.0.1/"} }),
			Break: acts(sh(statusBlock), deploy, restart), Cure: sh(`rm /etc/nginx/conf.d/status.conf; systemctl reload nginx`),
		},
		{
			// The app answers what is not a file.
			Name: "healthy-try-files-then-app", Verdict: fresh,
			Site: linked("towpath").with(func(s *Site) {
				s.Args = []string{"--url", "http://towpath.example/"}
				s.Conf = map[string]string{"conf.d/towpath.conf": strings.Replace(confText, "    location / {", "    root /var/www/empty;\n    location / {\n        try_files $uri @app;\n    }\n    location @app {", 1)}
			}),
			Break: acts(deploy, restart),
		},
		{
			Name: "healthy-nginx-of-another-prefix", Verdict: fresh,
			Site:  behind("ferryman", "127.0.0.1:9303", prefixTo("127.0.0.1:9303")),
			Break: acts(deploy, restart),
		},
	}
}

// statusBlock is a block of Nginx for its own status, at the box's own address alone.
const statusBlock = `printf 'server { listen 127.0.0.1:80 default_server; location / { return 200 "edition=status\n"; } }\n' > /etc/nginx/conf.d/status.conf
systemctl reload nginx`

// defaultPage puts Debian's own default site back, with a word in its page to look for.
const defaultPage = `ln -s ../sites-available/default /etc/nginx/sites-enabled/default
echo 'edition=welcome' > /var/www/html/index.html`

// behindFronts are the boxes whose site stands behind an Nginx of its own Compose project.
func behindFronts() []Fault {
	return []Fault{
		{
			Name: "front-holds-old-address", Verdict: down, Cause: "nginx-stale-address", Fix: "nginx-reload",
			Site: frontMounted("ropeway", "web", "80"), Break: acts(deploy, sh(takeAddress)),
		},
		{
			Name: "front-before-old-image", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: frontBuilt("saltworks", "app", "8088"), Break: deploy,
		},
		{
			Name: "front-file-replaced", Verdict: stale, Cause: "nginx-not-reloaded", Fix: "nginx-reload", Word: "style",
			Site: frontAssetsMounted("tannery", "flask", "8090"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build; cp -r static assets-2; sed -i s/assets-1/assets-2/ nginx.conf
docker compose exec -T proxy nginx -s reload`), serving("edition", "harvest")),
		},
		{
			Name: "front-volume-hides-static", Verdict: stale, Cause: "static-stale", Fix: "volume-renew", Word: "style",
			Site:  frontVolume("upland", "web", "8091"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q; docker compose up -d; docker compose restart proxy`), serving("edition", "harvest")),
		},
		{
			Name: "name-leads-elsewhere-now", Verdict: down, Cause: "nginx-stale-address", Fix: "nginx-reload",
			Site:  namedOnBox("aviary", "web", "172.30.7"),
			Break: acts(deploy, sh(takeAddress), sh(`sed -i "s/.* {{.Name}}.internal/$(docker inspect -f '{{`+"`{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}`"+`}}' {{.Name}}-{{.Compose}}-1) {{.Name}}.internal/" /etc/hosts`)),
		},
		{
			Name: "named-before-old-image", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: namedOnBox("brewery", "api", "172.30.8"), Break: deploy,
		},
		{
			Name: "front-behind-edge-holds-old-address", Verdict: down, Cause: "nginx-stale-address", Fix: "nginx-reload",
			Site: frontBehindEdge("cannery", "web", "8093"), Break: acts(deploy, sh(takeAddress)),
		},
		{
			Name: "healthy-front-behind-edge", Verdict: fresh,
			Site:  frontBehindEdge("dovecote", "site", "8094").with(func(s *Site) { s.Args = []string{"--url", "http://dovecote.example/"} }),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build; docker compose restart proxy`), answers),
		},
		{
			Name: "healthy-front", Verdict: fresh,
			Site:  frontMounted("vineyard", "backend", "8092").with(func(s *Site) { s.Bare = true }),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build; docker compose restart proxy`), answers),
		},
	}
}
