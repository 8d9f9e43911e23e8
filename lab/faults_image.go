package lab

// What is in an image beside the app's own files: what its Dockerfile sets, and what it puts
// elsewhere (G60).

// set has its mode set by its Dockerfile, with an argument of the build and a file that is
// named beside it.
func set(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/site.env"] = "SECRET_KEY=hunter2\n"
	s.Files["/srv/"+name+"/.dockerignore"] = "site.env\ncompose.yaml\nDockerfile\n"
	s.Files["/srv/"+name+"/run.sh"] = "#!/bin/sh\nexec /usr/bin/gunicorn \"$@\"\n"
	s.Files["/srv/"+name+"/Dockerfile"] = `FROM pybase AS base
ARG WORKERS=2
ENV APP_MODE=plain WORKERS=${WORKERS}
FROM base
WORKDIR /app
COPY . .
COPY run.sh /usr/local/bin/run.sh
USER www-data
ENTRYPOINT ["/bin/sh", "/usr/local/bin/run.sh"]
CMD ["--workers", "2", "--bind", "0.0.0.0:8000", "{{.Main}}"]
`
	return s
}

// setBesideMount has its code mounted, and the configuration of its server in the image.
func setBesideMount(name, service, bind string) Site {
	s := mounted(name, service, bind)
	s.Files["/srv/"+name+"/site.env"] = "SECRET_KEY=hunter2\n"
	s.Files["/srv/"+name+"/deploy/server.py"] = "bind = '0.0.0.0:8000'\nworkers = 2\nraw_env = ['APP_MODE=plain']\n"
	s.Files["/srv/"+name+"/Dockerfile"] = `FROM pybase
WORKDIR /app
COPY deploy/server.py /etc/site/server.py
CMD ["/usr/bin/gunicorn", "-c", "/etc/site/server.py", "{{.Main}}"]
`
	return s
}

func inImages() []Fault {
	upWithoutBuild := acts(sh(`cd {{.Base}}; docker compose up -d`), answers)
	return []Fault{
		{
			Name: "image-set-otherwise", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Word: "mode", Was: "plain", Is: "sale",
			Site: set("armoury", "web", "127.0.0.1:8041"), Break: acts(sh(`cd {{.Base}}; sed -i 's/APP_MODE=plain/APP_MODE=sale/' Dockerfile`), upWithoutBuild),
		},
		{
			Name: "image-other-file-named", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Word: "mode", Was: "plain", Is: "sale",
			Site: set("bandstand", "web", "127.0.0.1:8042"), Break: acts(sh(`cd {{.Base}}; sed -i 's/^exec/APP_MODE=sale exec/' run.sh`), upWithoutBuild),
		},
		{
			Name: "image-file-beside-mount", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Word: "mode", Was: "plain", Is: "sale",
			Site: setBesideMount("coalshed", "web", "127.0.0.1:8043"), Break: acts(sh(`cd {{.Base}}; sed -i s/plain/sale/ deploy/server.py; docker compose restart`), answers),
		},
		{
			Name: "front-built-otherwise", Verdict: stale, Cause: "container-stale",
			Site: frontBuilt("dairy", "app", "8089"), Break: acts(sh(`cd {{.Base}}; sed -i 's/listen 80;/listen 80; add_header X-Site new;/' proxy/site.conf; docker compose restart proxy`), answers),
			Word: "edition", Is: "spring", Was: "spring",
			Cure: acts(sh(`cd {{.Base}}; docker compose up -d --build proxy`), answers),
		},
		{
			Name: "volume-holds-more", Verdict: stale, Cause: "static-stale", Word: "style", Refused: []string{"volume-renew"},
			Site: volumed("fishmarket", "shop", "127.0.0.1:8047"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q; docker compose up -d; docker compose exec -T {{.Compose}} sh -c 'echo kept > /app/static/upload.css'`), serving("edition", "harvest")),
			Cure: acts(sh(`cd {{.Base}}; docker compose down -v; docker compose up -d`), answers),
		},
		{
			Name: "image-built-with-an-argument", Verdict: inconclusive,
			Site: set("estuary", "web", "127.0.0.1:8044"), Break: acts(sh(`cd {{.Base}}; docker compose build -q --build-arg WORKERS=3; docker compose up -d`), answers),
			Word: "edition", Is: "spring", Was: "spring",
			Cure: acts(sh(`cd {{.Base}}; docker compose up -d --build`), answers),
		},
		{
			Name: "healthy-image-set", Verdict: fresh,
			Site: set("ferryhouse", "web", "127.0.0.1:8045"), Break: acts(deploy, sh(`cd {{.Base}}; touch Dockerfile run.sh; docker compose up -d --build; touch Dockerfile run.sh; chown -R deploy .`), answers),
		},
		{
			Name: "healthy-image-beside-mount", Verdict: fresh,
			Site: setBesideMount("granary", "web", "127.0.0.1:8046"), Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build --force-recreate; touch deploy/server.py`), answers),
		},
		{
			Name: "healthy-front-built", Verdict: fresh,
			Site:  frontBuilt("hayloft", "app", "8095"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build; touch proxy/site.conf proxy/Dockerfile; docker compose restart proxy`), answers),
		},
	}
}
