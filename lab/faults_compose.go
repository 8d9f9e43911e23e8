package lab

import "strings"

// Compose projects as people have them beside the plain one.

// profiled is there for a profile alone, and so is what it depends on.
func profiled(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/compose.yaml"] = composeText + `    profiles: [prod]
    depends_on: [store]
  store:
    image: pybase
    command: [sleep, infinity]
    init: true
    profiles: [prod]
  seed:
    build: .
    command: ["python3", "-c", "import {{.App.Module}}"]
    profiles: [tools]
`
	s.Stack = "compose.yaml --profile prod"
	return s
}

// included has its services in files that another one includes.
func included(name, service, bind string) Site {
	s := composed(name, service, bind)
	base := "/srv/" + name + "/"
	s.Files[base+"deploy/site.yaml"] = strings.NewReplacer("build: .", "build: ..", "site.env", "../site.env").Replace(composeText)
	s.Files[base+"compose.yaml"] = "include:\n  - deploy/site.yaml\n"
	return s
}

// twoParts has a file for all and one for production beside it, both named with -f.
func twoParts(name, service, bind string) Site {
	s := composed(name, service, bind)
	base := "/srv/" + name + "/"
	delete(s.Files, base+"compose.yaml")
	s.Files[base+"docker-compose.yml"] = "services:\n  {{.Compose}}:\n    build: .\n    environment: {APP_MODE: trial}\n"
	s.Files[base+"docker-compose.prod.yml"] = "services:\n  {{.Compose}}:\n    restart: unless-stopped\n    environment: {APP_MODE: plain, SECRET_KEY: hunter2}\n    ports: [\"{{.Bind}}:8000\"]\n"
	s.Stack = "docker-compose.yml -f docker-compose.prod.yml"
	return s
}

// byVariables has the files, the project's name and the profile in its .env.
func byVariables(name, service, bind string) Site {
	s := twoParts(name, service, bind)
	base := "/srv/" + name + "/"
	s.Files[base+"docker-compose.prod.yml"] += "    profiles: [prod]\n"
	s.Files[base+".env"] = "COMPOSE_FILE=docker-compose.yml:docker-compose.prod.yml\nCOMPOSE_PROJECT_NAME=" + name + "-live\nCOMPOSE_PROFILES=prod\n"
	s.Files[base+".dockerignore"] = ".env\n"
	s.Stack, s.Bare = "", true
	s.Args = []string{"compose:" + name + "-live/" + service}
	return s
}

// extended takes most of its service from another file.
func extended(name, service, bind string) Site {
	s := composed(name, service, bind)
	base := "/srv/" + name + "/"
	s.Files[base+"common.yml"] = "services:\n  app:\n    build: .\n    env_file: [site.env]\n    restart: unless-stopped\n"
	s.Files[base+"compose.yaml"] = "services:\n  {{.Compose}}:\n    extends: {file: common.yml, service: app}\n    ports: [\"{{.Bind}}:8000\"]\n"
	return s
}

// oneImage has a service that serves, one that works and one that ends once it has migrated,
// all of one image.
func oneImage(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/compose.yaml"] = `x-app: &app
  build: .
  image: ` + name + `-app
  env_file: [site.env]
services:
  migrate:
    <<: *app
    command: ["python3", "-c", "import {{.App.Module}}"]
    restart: "no"
  {{.Compose}}:
    <<: *app
    depends_on: {migrate: {condition: service_completed_successfully}}
    ports: ["{{.Bind}}:8000"]
  worker:
    <<: *app
    command: ["python3", "-c", "import time, {{.App.Module}}; time.sleep(1000000)"]
    init: true
`
	return s
}

// watched has `docker compose watch` put what changes into the container.
func watched(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/compose.yaml"] = composeText + `    develop:
      watch:
        - {action: sync, path: ., target: /app, ignore: [site.env]}
        - {action: rebuild, path: requirements.txt}
`
	return s
}

// composedFaults are a healthy and a stale one of each.
func composedFaults() []Fault {
	rebuilt := func(options string) Act {
		return acts(deploy, sh(`cd {{.Base}}; docker compose `+options+` up -d --build`), answers)
	}
	edited := func(file, options string) Act {
		return acts(sh(`cd {{.Base}}; sed -i s/plain/sale/ `+file+`; docker compose `+options+` restart`), answers)
	}
	return []Fault{
		{Name: "healthy-profiles", Verdict: fresh, Site: profiled("almshouse", "web", "127.0.0.1:8061"), Break: rebuilt("--profile prod")},
		{Name: "profiles-older-than-source", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Runs: "--profile prod up -d --force-recreate web", Site: profiled("brewery", "web", "127.0.0.1:8062"), Break: deploy},
		{
			Name: "profiles-taken-down", Verdict: down, Cause: "service-failed", Fix: "docker-up", Runs: "--profile prod up -d web",
			Site: profiled("chandlery", "web", "127.0.0.1:8063"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose --profile prod build -q; docker compose --profile prod down`)),
		},
		{Name: "healthy-include", Verdict: fresh, Site: included("dovecote", "web", "127.0.0.1:8064"), Break: rebuilt("")},
		{Name: "include-older-than-source", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Site: included("eyrie", "web", "127.0.0.1:8065"), Break: deploy},
		{Name: "healthy-two-parts", Verdict: fresh, Site: twoParts("foundry", "web", "127.0.0.1:8066"), Break: rebuilt("-f docker-compose.yml -f docker-compose.prod.yml")},
		{
			Name: "two-parts-not-recreated", Verdict: stale, Cause: "container-stale", Fix: "docker-up", Word: "mode", Was: "plain", Is: "sale", Runs: "-f /srv/glassworks/docker-compose.yml -f /srv/glassworks/docker-compose.prod.yml up -d web",
			Site: twoParts("glassworks", "web", "127.0.0.1:8067"), Break: edited("docker-compose.prod.yml", "-f docker-compose.yml -f docker-compose.prod.yml"),
		},
		{Name: "healthy-by-variables", Verdict: fresh, Site: byVariables("herbary", "web", "127.0.0.1:8068"), Break: rebuilt("")},
		{
			Name: "by-variables-not-recreated", Verdict: stale, Cause: "container-stale", Fix: "docker-up", Word: "mode", Was: "plain", Is: "sale", Runs: "-p infirmary-live -f /srv/infirmary/docker-compose.yml -f /srv/infirmary/docker-compose.prod.yml",
			Site: byVariables("infirmary", "web", "127.0.0.1:8069"), Break: edited("docker-compose.prod.yml", ""),
		},
		{Name: "healthy-extends", Verdict: fresh, Site: extended("kiln", "web", "127.0.0.1:8070"), Break: rebuilt("")},
		{
			Name: "extends-not-recreated", Verdict: stale, Cause: "container-stale", Fix: "docker-up", Word: "mode", Was: "plain", Is: "sale",
			Site:  extended("lodge", "web", "127.0.0.1:8071"),
			Break: acts(sh(`cd {{.Base}}; sed -i 's/restart: unless-stopped/environment: {APP_MODE: sale}/' common.yml; docker compose restart`), answers),
		},
		{Name: "healthy-one-image", Verdict: fresh, Site: oneImage("manor", "web", "127.0.0.1:8072"), Break: rebuilt("")},
		{
			Name: "one-image-not-recreated", Verdict: stale, Cause: "container-stale", Also: []string{"background-workers-stale"}, Fix: "docker-up",
			Site: oneImage("nunnery", "web", "127.0.0.1:8073"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q`)),
			Cure: acts(sh(`cd {{.Base}}; docker compose up -d`), answers),
		},
		{
			Name: "healthy-watch", Verdict: fresh, Site: watched("oratory", "web", "127.0.0.1:8074"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose cp . {{.Compose}}:/app; docker compose restart`), answers),
		},
		{
			Name: "watch-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "hup", Runs: "kill -HUP ", Site: watched("priory", "web", "127.0.0.1:8075"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose cp . {{.Compose}}:/app`)),
		},
	}
}
