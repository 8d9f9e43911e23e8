package lab

import (
	"context"
	"slices"
)

// Containers are the boxes whose site runs in a container: broken ones, and one
// on which nothing is wrong.
func Containers() []Fault {
	return slices.Concat(inContainers(), behindFronts(), inImages(), composedFaults(), publishedPorts(), otherServersIn(), inSwarm(), inPodmans())
}

func inContainers() []Fault {
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
			Name: "flask-run-in-container-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: flaskMounted("croft", "web", "127.0.0.1:8041"), Break: deploy,
		},
		{
			Name: "program-in-container-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: programMounted("steading", "web", "127.0.0.1:8042"), Break: deploy,
		},
		{
			Name: "volume-hides-static", Verdict: stale, Cause: "static-stale", Fix: "volume-renew", Word: "style",
			Site: volumed("emporium", "shop", "127.0.0.1:8006"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q; docker compose up -d`), serving("edition", "harvest")),
		},
		{
			Name: "anonymous-volume-hides-code", Verdict: stale, Cause: "container-stale",
			Site: anonymous("gallery", "web", "127.0.0.1:8011"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q; docker compose up -d`), answers),
			Cure: acts(sh(`cd {{.Base}}; docker compose up -d --force-recreate -V`), answers),
		},
		{
			Name: "mounted-file-replaced", Verdict: stale, Cause: "container-stale", Fix: "restart", Word: "mode", Was: "plain", Is: "sale",
			Site: fileMounted("hostel", "web", "127.0.0.1:8012"), Break: sh(`cd {{.Base}}; sed -i s/plain/sale/ gunicorn.conf.py`),
		},
		{
			Name: "mounted-link-moved", Verdict: stale, Cause: "container-stale", Fix: "restart",
			Site: linkMounted("inkwell", "web", "127.0.0.1:8013"), Break: deploy,
		},
		{
			Name: "other-project-on-port", Verdict: stale, Cause: "container-stale",
			Site: composed("jetty", "web", "127.0.0.1:8014"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose -p pier up -d --build || true`), askFor("compose:pier/web")),
			Cure: acts(sh(`cd {{.Base}}; docker compose -p jetty down; docker compose -p pier up -d`), answers),
		},
		{
			Name: "up-interrupted", Verdict: down, Cause: "container-stale", Fix: "docker-up",
			Site: composed("kiosk", "web", "127.0.0.1:8015"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q; docker compose up --no-start`)),
		},
		{
			Name: "restart-is-no-cure", Verdict: stale, Cause: "container-stale", Fix: "docker-up", Refused: []string{"restart"},
			Site: composed("lagoon", "web", "127.0.0.1:8016"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q`)),
		},
		{
			Name: "project-taken-down", Verdict: down, Cause: "service-failed", Fix: "docker-up",
			Site: composed("parlour", "web", "127.0.0.1:8021"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q; docker compose down`)),
		},
		{
			Name: "file-of-stopped-project", Verdict: down, Cause: "service-failed", Fix: "docker-recreate", Chosen: true,
			Site:  composeElsewhere("railyard", "site", "127.0.0.1:8022"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose -f deploy/stack.yml down`)),
		},
		{
			Name: "started-from-another-file", Verdict: stale, Cause: "container-stale", Fix: "docker-up", Word: "mode", Was: "trial", Is: "plain",
			Site: twoFiles("tannery", "web", "127.0.0.1:8030"), Break: acts(sh(`cd {{.Base}}; docker compose up -d`), answers),
		},
		{
			Name: "project-deployed-elsewhere", Verdict: stale, Cause: "deployed-elsewhere", Tells: []string{"the Compose project umbrella", "-p umbrella -f /srv/umbrella-next/compose.yaml up -d --build"},
			Site: composed("umbrella", "web", "127.0.0.1:8032"),
			Break: acts(sh(`cp -a {{.Base}} {{.Base}}-old`), deploy, sh(`mv {{.Base}} {{.Base}}-next; mv {{.Base}}-old {{.Base}}`), func(_ context.Context, c *Case) error {
				c.Site.Args = []string{"--app-dir", "/srv/umbrella-next"}
				return nil
			}),
			Cure: acts(sh(`docker compose --project-directory /srv/umbrella-next -p umbrella -f /srv/umbrella-next/compose.yaml up -d --build`), answers),
		},
		{
			Name: "flask-run-older-than-source", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: composed("varnisher", "web", "127.0.0.1:8031").with(func(s *Site) {
				s.Files["/srv/varnisher/compose.yaml"] = composeText + `    command: ["python3", "-m", "flask", "--app", "{{.Main}}", "run", "--host", "0.0.0.0", "--port", "8000"]` + "\n"
			}), Break: deploy,
		},
		{
			Name: "rootless-built-not-recreated", Verdict: stale, Cause: "container-stale", Fix: "docker-up",
			Site:  rootless("sawmill", "web", "127.0.0.1:8023", "linus"),
			Break: acts(deploy, ownCompose(`build -q`)),
		},
		{
			Name: "healthy-rootless", Verdict: fresh,
			Site:  rootless("treehouse", "app", "127.0.0.1:8024", "ada").with(func(s *Site) { s.Bare = true }),
			Break: acts(deploy, ownCompose(`up -d --build`), sh(`systemctl start docker; docker import `+dockerRootIn+` pybase; docker network create here; docker run -d --network here pybase python3 -m http.server 8000`), answers),
		},
		{
			Name: "worker-service-stale", Verdict: stale, Cause: "background-workers-stale", Was: "harvest",
			Site:  withWorker("zoo", "web", "127.0.0.1:8028"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build web`), answers),
			Cure:  acts(sh(`cd {{.Base}}; docker compose up -d --build jobs mail`), answers),
		},
		{
			Name: "healthy-worker-service", Verdict: fresh,
			Site:  withWorker("apiary", "app", "127.0.0.1:8029").with(func(s *Site) { s.Bare = true }),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build`), answers),
		},
		{
			Name: "clone-kept-by-cache", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site:  cloned("watermill", "web", "127.0.0.1:8025"),
			Break: acts(deploy, sh(`cd /opt/stacks/{{.Name}}; echo 'timeout = 60' >> gunicorn.conf.py; docker compose build -q; docker compose up -d`), answers),
		},
		{
			Name: "clone-ahead-of-checkout", Verdict: inconclusive, Cause: "container-stale", Was: "harvest",
			Site: cloned("yachtclub", "app", "127.0.0.1:8027"),
			Break: acts(deploy, sh(`cd /opt/stacks/{{.Name}}; docker compose build -q --no-cache; docker compose up -d
runuser -u {{.User}} -- git -C {{.Base}} reset -q --hard HEAD~1; runuser -u {{.User}} -- rm -r {{.Base}}/.git/logs`), answers),
		},
		{
			Name: "healthy-clone", Verdict: fresh,
			Site:  cloned("xylograph", "api", "127.0.0.1:8026"),
			Break: acts(deploy, sh(`echo 'NOTE = 1' > {{.Base}}/untracked.py; cd /opt/stacks/{{.Name}}; docker compose build -q --no-cache; docker compose up -d`), answers),
		},
		{
			Name: "healthy-container-touched", Verdict: fresh,
			Site:  composed("museum", "web", "127.0.0.1:8017"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build; sleep 0.2; find . -type f -exec touch {} +; chown -R root: .; date > notes.log`), answers),
		},
		{
			Name: "healthy-container-mounted", Verdict: fresh,
			Site: mounted("nursery", "web", "127.0.0.1:8018"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose restart`), answers),
		},
		{
			Name: "healthy-container-beside-stale-unit", Verdict: fresh,
			Site: composed("orchard", "web", "127.0.0.1:8019"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build`), answers, staleNeighbour("pantry")),
		},
		{
			Name: "healthy-replicas", Verdict: fresh,
			Site: replicated("quarry", "web", "127.0.0.1:8020"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build`), answers),
		},
		{
			Name: "healthy-container", Verdict: fresh,
			Site: composed("fairground", "api", "127.0.0.1:8007"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build`), answers),
		},
	}
}
