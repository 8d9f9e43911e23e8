package lab

// Sites in a container that no Compose project has: `docker run` made it, by hand or as the
// command of a unit.

const (
	dockerBuild = `systemctl start docker; docker image inspect pybase > /dev/null 2>&1 || docker import ` + dockerRootIn + ` pybase > /dev/null
docker build -q -t {{.Name}} {{.Base}} > /dev/null
`
	dockerAnew = `docker rm -f {{.Name}} > /dev/null 2>&1 || :
docker run -d --name {{.Name}} --restart unless-stopped -p {{.Bind}}:8000 -e SECRET_KEY=hunter2 {{.Name}} > /dev/null
`
	dockerMounted = `docker rm -f {{.Name}} > /dev/null 2>&1 || :
docker run -d --name {{.Name}} -p {{.Bind}}:8000 -v {{.Base}}:/app {{.Name}} > /dev/null
`
	dockerUnit = `printf '[Unit]\nRequires=docker.service\nAfter=docker.service\n[Service]\nExecStart=/usr/bin/docker run --rm --name {{.Name}} -p {{.Bind}}:8000 {{.Name}}\n' > /etc/systemd/system/{{.Unit}}
systemctl daemon-reload; systemctl restart {{.Unit}}
`
	// dockerScript is a unit whose script runs it; dockerStarted one that starts a container that is
	// there, which mounts its source.
	dockerScript = `printf '#!/bin/sh\nset -e\nNAME={{.Name}}\ndocker rm -f $NAME > /dev/null 2>&1 || true\nexec docker run --name $NAME -p {{.Bind}}:8000 $NAME\n' > {{.Base}}-run.sh; chmod 755 {{.Base}}-run.sh
printf '[Unit]\nRequires=docker.service\nAfter=docker.service\n[Service]\nRestart=always\nExecStart={{.Base}}-run.sh\n' > /etc/systemd/system/{{.Unit}}
systemctl daemon-reload; systemctl restart {{.Unit}}
`
	dockerStarted = `docker create --name {{.Name}} -p {{.Bind}}:8000 -v {{.Base}}:/app {{.Name}} > /dev/null
printf '[Unit]\nRequires=docker.service\nAfter=docker.service\n[Service]\nRestart=always\nExecStart=/usr/bin/docker start -a {{.Name}}\nExecStop=/usr/bin/docker stop {{.Name}}\n' > /etc/systemd/system/{{.Unit}}
systemctl daemon-reload; systemctl restart {{.Unit}}
`
	// composeAttached is a unit that runs Compose in the foreground, and takes the project down as
	// it ends; composeDetached one that brings it up and is over.
	composeAttached = `systemctl start docker; docker image inspect pybase > /dev/null 2>&1 || docker import ` + dockerRootIn + ` pybase > /dev/null
printf '[Unit]\nRequires=docker.service\nAfter=docker.service\n[Service]\nWorkingDirectory={{.Base}}\nExecStart=/usr/bin/docker compose up\nExecStop=/usr/bin/docker compose down\nRestart=on-failure\n' > /etc/systemd/system/{{.Unit}}
cd {{.Base}}; docker compose build -q; systemctl daemon-reload; systemctl restart {{.Unit}}
`
	composeDetached = `systemctl start docker; docker image inspect pybase > /dev/null 2>&1 || docker import ` + dockerRootIn + ` pybase > /dev/null
printf '[Unit]\nRequires=docker.service\nAfter=docker.service\n[Service]\nType=oneshot\nRemainAfterExit=yes\nWorkingDirectory={{.Base}}\nExecStart=/usr/bin/docker compose up -d\nExecStop=/usr/bin/docker compose down\n' > /etc/systemd/system/{{.Unit}}
cd {{.Base}}; docker compose build -q; systemctl daemon-reload; systemctl restart {{.Unit}}
`
)

// upBy is a Compose project that a unit brings up; the unit is what flasktui is told.
func upBy(s Site, script string) Site {
	s.Hand, s.Bare, s.Args = script, true, []string{s.Name}
	return s
}

// ran is in a container that a script makes from an image of the site's directory.
func ran(name, bind, script string) Site {
	s := composed(name, "", bind)
	s.Hand, s.Bare = dockerBuild+script, true
	delete(s.Files, "/srv/"+name+"/compose.yaml")
	delete(s.Files, "/srv/"+name+"/site.env")
	return s
}

func healthyLone() []Fault {
	return []Fault{
		{Name: "lone-container-healthy", Verdict: fresh, Site: ran("canoe", "127.0.0.1:8000", dockerAnew), Break: acts(deploy, sh(dockerBuild+dockerAnew), answers, haveLoaded)},
		{Name: "unit-around-container-healthy", Verdict: fresh, Site: ran("barge", "127.0.0.1:8000", dockerUnit), Break: acts(deploy, sh(dockerBuild+dockerUnit), answers, haveLoaded)},
		{Name: "unit-around-compose-healthy", Verdict: fresh, Site: upBy(composed("dinghy", "web", "127.0.0.1:8000"), composeAttached), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q; systemctl restart {{.Unit}}`), answers, haveLoaded)},
	}
}

func loneFaults() []Fault {
	return []Fault{
		{
			Name: "lone-container-older-than-source", Verdict: stale, Cause: "container-stale", Tells: []string{"docker build -t raft /srv/raft"},
			Site: ran("raft", "127.0.0.1:8000", dockerAnew), Break: deploy, Cure: acts(sh(dockerBuild+dockerAnew), answers, haveLoaded),
		},
		{
			Name: "unit-around-container-older-than-source", Verdict: stale, Cause: "container-stale",
			Site: ran("praam", "127.0.0.1:8000", dockerUnit), Break: deploy, Cure: acts(sh(dockerBuild+dockerUnit), answers, haveLoaded),
		},
		{
			Name: "lone-container-built-not-recreated", Verdict: stale, Cause: "container-stale",
			Site: ran("kayak", "127.0.0.1:8000", dockerAnew), Break: acts(deploy, sh(dockerBuild)), Cure: acts(sh(dockerAnew), answers, haveLoaded),
		},
		{
			Name: "lone-container-mounted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: ran("punt", "127.0.0.1:8000", dockerMounted), Break: deploy,
		},
		{
			Name: "unit-around-container-built", Verdict: stale, Cause: "container-stale", Fix: "restart",
			Site: ran("ferry", "127.0.0.1:8000", dockerUnit), Break: acts(deploy, sh(dockerBuild)),
		},
		{
			Name: "unit-around-script-built", Verdict: stale, Cause: "container-stale", Fix: "restart",
			Site: ran("lugger", "127.0.0.1:8000", dockerScript), Break: acts(deploy, sh(dockerBuild)),
		},
		{
			Name: "unit-starts-container-mounted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: ran("sloop", "127.0.0.1:8000", dockerStarted), Break: deploy,
		},
		{
			Name: "unit-around-compose-built", Verdict: stale, Cause: "container-stale", Fix: "docker-up",
			Site: upBy(composed("ketch", "web", "127.0.0.1:8000"), composeAttached), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q`)),
		},
		{
			Name: "unit-around-compose-older-than-source", Verdict: stale, Cause: "container-stale", Fix: "docker-recreate",
			Site: upBy(composed("yawl", "web", "127.0.0.1:8000"), composeAttached), Break: deploy,
		},
		{
			Name: "unit-around-compose-mounted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: upBy(mounted("wherry", "web", "127.0.0.1:8000"), composeAttached), Break: deploy,
		},
		{
			Name: "unit-brings-compose-up-built", Verdict: stale, Cause: "container-stale", Fix: "docker-up",
			Site: upBy(composed("skiff", "web", "127.0.0.1:8000"), composeDetached), Break: acts(deploy, sh(`cd {{.Base}}; docker compose build -q`)),
		},
	}
}
