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
)

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
	}
}

func loneFaults() []Fault {
	return []Fault{
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
	}
}
