package lab

// takeAddress has another container take the address that the app's had, as happens where a
// whole project is made anew, and starts the app's after it.
const takeAddress = `cd {{.Base}}
docker compose build -q {{.Compose}}
docker compose rm -sf {{.Compose}}
docker run -d --network {{.Name}}_default pybase sleep 3600
docker compose up -d {{.Compose}}
address=$(docker inspect -f '{{` + "`{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}`" + `}}' {{.Name}}-{{.Compose}}-1)
for try in $(seq 100); do curl -s --max-time 2 "http://$address:8000/" && exit; sleep 0.1; done; exit 1`

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
			Name: "front-volume-hides-static", Verdict: stale, Cause: "static-stale", Word: "style",
			Site:  frontVolume("upland", "web", "8091"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q; docker compose up -d; docker compose restart proxy`), serving("edition", "harvest")),
			Cure:  acts(sh(`cd {{.Base}}; docker compose down -v; docker compose up -d`), answers),
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
