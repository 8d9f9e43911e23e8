package lab

import "strings"

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

// based begins from an image of the box's own, which sets its mode and a command, and has more
// in its Dockerfile than it needs.
func based(name, service, bind string) Site {
	s := set(name, service, bind)
	s.First = sh(`systemctl start docker; docker import ` + dockerRootIn + ` pybase
make() { printf 'FROM pybase\nENV %s BASE_SET=1\nCMD ["/usr/bin/gunicorn", "--workers", "2", "--bind", "0.0.0.0:8000", "{{.Main}}"]\n' "$2" | docker build -q -t "$1" -; }
make {{.Name}}-base:1 APP_MODE=plain; make {{.Name}}-base:2 APP_MODE=sale`)
	s.Files["/srv/"+name+"/Dockerfile"] = `FROM {{.Name}}-base:1
# The site.
ENV APP_MODE=plain EXTRA=1
WORKDIR /app
COPY . .
COPY run.sh /usr/local/bin/run.sh
RUN echo built > /etc/step
USER www-data
CMD ["/usr/bin/gunicorn", "--workers", "3", "--bind", "0.0.0.0:8000", "{{.Main}}"]
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
			Name: "image-variable-taken-out", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Word: "edition", Was: "spring", Is: "spring", Tells: []string{"ENV EXTRA"},
			Site: based("icehouse", "web", "127.0.0.1:8051"), Break: acts(sh(`cd {{.Base}}; sed -i 's/ EXTRA=1//' Dockerfile`), upWithoutBuild),
		},
		{
			Name: "image-command-taken-out", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Word: "edition", Was: "spring", Is: "spring", Tells: []string{"CMD"},
			Site: based("joinery", "web", "127.0.0.1:8052"), Break: acts(sh(`cd {{.Base}}; sed -i '/^CMD/d' Dockerfile`), upWithoutBuild),
		},
		{
			Name: "image-copy-taken-out", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Word: "edition", Was: "spring", Is: "spring", Tells: []string{"COPY /usr/local/bin/run.sh"},
			Site: based("kennel", "web", "127.0.0.1:8053"), Break: acts(sh(`cd {{.Base}}; sed -i '/^COPY run/d' Dockerfile`), upWithoutBuild),
		},
		{
			Name: "image-step-changed", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Word: "edition", Was: "spring", Is: "spring", Tells: []string{"RUN"},
			Site: based("laundry", "web", "127.0.0.1:8054"), Break: acts(sh(`cd {{.Base}}; sed -i 's/echo built/echo again/' Dockerfile`), upWithoutBuild),
		},
		{
			Name: "image-begins-from-another", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate", Word: "mode", Was: "plain", Is: "sale", Tells: []string{"FROM malthouse-base:2"},
			Site: based("malthouse", "web", "127.0.0.1:8055").with(func(s *Site) {
				s.Files["/srv/malthouse/Dockerfile"] = strings.Replace(s.Files["/srv/malthouse/Dockerfile"], "ENV APP_MODE=plain", "ENV", 1)
			}),
			Break: acts(sh(`cd {{.Base}}; sed -i 's/-base:1/-base:2/' Dockerfile`), upWithoutBuild),
		},
		{
			Name: "image-base-not-here", Verdict: inconclusive, Word: "edition", Was: "spring", Is: "spring",
			Site: based("nailworks", "web", "127.0.0.1:8056"), Break: acts(sh(`cd {{.Base}}; sed -i 's/-base:1/-base:3/' Dockerfile`), upWithoutBuild),
			Cure: acts(sh(`cd {{.Base}}; sed -i 's/-base:3/-base:1/' Dockerfile; docker compose up -d --build`), answers),
		},
		{
			Name: "image-user-taken-out-base-gone", Verdict: stale, Cause: "container-stale", Word: "edition", Was: "spring", Is: "spring", Tells: []string{"USER"},
			Site: based("oasthouse", "web", "127.0.0.1:8057"), Break: acts(sh(`cd {{.Base}}; sed -i '/^USER/d' Dockerfile; docker rmi {{.Name}}-base:1`), upWithoutBuild),
			Cure: acts(sh(`cd {{.Base}}; sed -i 's/-base:1/-base:2/' Dockerfile; docker compose up -d --build`), answers),
		},
		{
			Name: "healthy-image-based", Verdict: fresh,
			Site:  based("pottery", "web", "127.0.0.1:8058"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build; sed -i 's/^# The site.*/# The shop, as it is./' Dockerfile; echo 'EXPOSE 8000' >> Dockerfile; docker compose up -d`), answers),
		},
		{
			Name: "healthy-image-base-moved", Verdict: fresh,
			Site:  based("quayside", "web", "127.0.0.1:8059"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build; docker tag {{.Name}}-base:2 {{.Name}}-base:1; touch compose.yaml; docker compose up -d`), answers),
		},
		{
			Name: "healthy-image-base-gone", Verdict: fresh,
			Site:  based("ropewalk", "web", "127.0.0.1:8060"),
			Break: acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build; docker rmi {{.Name}}-base:1; touch compose.yaml; docker compose up -d`), answers),
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
