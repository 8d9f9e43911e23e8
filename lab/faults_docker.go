package lab

// Containers are the boxes whose site runs in a container: broken ones, and one
// on which nothing is wrong.
func Containers() []Fault {
	return []Fault{
		{
			Name: "image-older-than-source", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: composed("arcade", "web", "127.0.0.1:8001"), Break: deploy,
		},
		{
			Name: "built-not-recreated", Verdict: stale, Cause: "container-stale", Fix: "docker-up",
			Site: composed("bistro", "app", "127.0.0.1:5001"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q`)),
		},
		{
			Name: "restarted-not-recreated", Verdict: stale, Cause: "container-stale", Fix: "docker-up", Word: "mode", Was: "plain", Is: "sale",
			Site: composed("cabaret", "site", "127.0.0.1:8850"), Break: acts(sh(`cd {{.Base}}; sed -i s/plain/sale/ site.env; docker compose restart`), answers),
		},
		{
			Name: "mounted-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: mounted("depot", "web", "127.0.0.1:8005"), Break: deploy,
		},
		{
			Name: "volume-hides-static", Verdict: stale, Cause: "static-stale", Word: "style",
			Site: volumed("emporium", "shop", "127.0.0.1:8006"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q; docker compose up -d`), serving("edition", "harvest")),
			Cure: acts(sh(`cd {{.Base}}; docker compose down -v; docker compose up -d`), answers),
		},
		{
			Name: "healthy-container", Verdict: fresh,
			Site: composed("fairground", "api", "127.0.0.1:8007"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build`), answers),
		},
	}
}
