package lab

import "strings"

// Containers whose port is published on the box, behind the box's own Nginx, Apache or Caddy:
// the most common layout there is (G54).

// keptPages has the box's own Nginx keep each page for an hour.
func keptPages(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": "proxy_cache_path /var/cache/nginx/" + name + " keys_zone=" + name + ":1m inactive=1h;\n" +
		strings.Replace(confText, "proxy_set_header Host $host;", "proxy_set_header Host $host;\n        proxy_cache "+name+";\n        proxy_cache_valid 200 1h;", 1)}
	s.First = sh(`mkdir -p /var/cache/nginx`)
	return s
}

// besides has the box's other program than Nginx stand before a published port.
func besides(name, service, bind string, to func(...string) string) Site {
	s := composed(name, service, bind).layered()
	s.Conf, s.First = map[string]string{}, sh(to(bind))
	return s
}

// withoutProxy has Docker publish ports by rules of the kernel alone.
func withoutProxy(s *Site) {
	s.Files["/etc/docker/daemon.json"] = `{"features": {"buildkit": false}, "userland-proxy": false}` + "\n"
}

// byURL has flasktui be told the address that visitors type.
func byURL(s *Site) { s.Args = []string{"--url", "http://" + s.Name + ".example/"} }

// unnamed has flasktui find the service.
func unnamed(s *Site) { s.Bare = true }

// publishedPorts are the boxes of that layout, each looked at as it is, and with the address.
func publishedPorts() []Fault {
	recreated := acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build`), answers)
	purged := sh(`systemctl stop nginx; rm -rf /var/cache/nginx/{{.Name}}/*; systemctl start nginx`)
	// The project got a new name, as a directory that was renamed gives it, and a new port.
	renamed := acts(deploy, sh(`cd {{.Base}}; sed -i 's/:8061:/:8062:/' compose.yaml; docker compose -p {{.Name}}-next up -d --build
until curl -s -o /dev/null http://127.0.0.1:8062/; do sleep 0.05; done`))
	return []Fault{
		{
			Name: "published-cache-old", Verdict: stale, Cause: "cache-serves-old",
			Site: keptPages("wharf", "web", "127.0.0.1:8061"), Break: acts(visit, recreated), Cure: purged,
		},
		{
			Name: "published-cache-old-by-url", Verdict: stale, Cause: "cache-serves-old",
			Site: keptPages("wharf", "web", "127.0.0.1:8061").with(unnamed).with(byURL), Break: acts(visit, recreated), Cure: purged,
		},
		{
			Name: "published-of-another-project", Verdict: stale, Cause: "nginx-wrong-upstream",
			Site:  composed("pontoon", "web", "127.0.0.1:8061"),
			Break: acts(renamed, askFor("compose:pontoon-next/web")),
			Cure:  sh(`sed -i s/8061/8062/ /etc/nginx/conf.d/pontoon.conf; systemctl reload nginx`),
		},
		{
			Name: "published-of-another-project-by-url", Verdict: stale, Cause: "container-stale",
			Site:  composed("pontoon", "web", "127.0.0.1:8061").with(unnamed).with(byURL),
			Break: renamed,
			Cure:  sh(`sed -i s/8061/8062/ /etc/nginx/conf.d/pontoon.conf; systemctl reload nginx`),
		},
		{
			Name: "published-blue-and-green", Verdict: stale, Cause: "nginx-wrong-upstream",
			Site: ran("lighter", "127.0.0.1:8061", dockerAnew),
			Break: acts(deploy, sh(dockerBuild+`docker run -d --name {{.Name}}-green -p 127.0.0.1:8062:8000 {{.Name}}
until curl -s -o /dev/null http://127.0.0.1:8062/; do sleep 0.05; done`), askFor("docker:lighter-green")),
			Cure: sh(`sed -i s/8061/8062/ /etc/nginx/conf.d/lighter.conf; systemctl reload nginx`),
		},
		{
			Name: "published-behind-apache", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: besides("outwharf", "web", "127.0.0.1:8061", apacheTo).with(unnamed), Break: deploy,
		},
		{
			Name: "published-behind-apache-by-url", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: besides("outwharf", "web", "127.0.0.1:8061", apacheTo).with(unnamed).with(byURL), Break: deploy,
		},
		{
			Name: "published-behind-caddy", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: besides("quayside", "web", "127.0.0.1:8061", caddyTo), Break: deploy,
		},
		{
			Name: "published-behind-caddy-by-url", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: besides("quayside", "web", "127.0.0.1:8061", caddyTo).with(byURL), Break: deploy,
		},
		{
			Name: "published-without-proxy", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: composed("slipway", "web", "127.0.0.1:8061").with(withoutProxy).with(unnamed), Break: deploy,
		},
		{
			Name: "published-without-proxy-by-url", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: composed("slipway", "web", "127.0.0.1:8061").with(withoutProxy).with(unnamed).with(byURL), Break: deploy,
		},
		{
			Name: "published-by-url", Verdict: stale, Cause: "container-stale", Fix: "docker-up",
			Site: composed("gangway", "web", "127.0.0.1:8061").with(unnamed).with(byURL), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q`)),
		},
	}
}
