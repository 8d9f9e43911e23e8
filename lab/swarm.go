package lab

// Sites that a swarm of one node runs, as `docker stack deploy` has them. Ports are published by
// the node itself: the kernel of a box has no routing mesh.

const (
	swarmBuild = `systemctl start docker; docker image inspect pybase > /dev/null 2>&1 || docker import ` + dockerRootIn + ` pybase > /dev/null
docker build -q -t {{.Name}}:latest {{.Base}} > /dev/null
`
	swarmDeploy = swarmBuild + `docker node ls > /dev/null 2>&1 || docker swarm init --advertise-addr 127.0.0.1 > /dev/null
docker stack deploy --resolve-image never -c {{.Base}}/stack.yml {{.Name}} > /dev/null 2>&1
until docker ps --filter status=running --format '{{"{{.Names}}"}}' | grep -q '^{{.Name}}_web'; do sleep 0.2; done
`
	swarmUpdate = "docker service update --quiet --force {{.Name}}_web > /dev/null\n"

	stackText = `services:
  web:
    image: {{.Name}}:latest
    environment: {SECRET_KEY: hunter2}
    ports: [{target: 8000, published: 8081, mode: host}]
    deploy: {update_config: {monitor: 1s}}
`
)

// stacked is a service of a stack.
func stacked(name string) Site {
	s := ran(name, "127.0.0.1:8081", swarmDeploy)
	s.Files["/srv/"+name+"/stack.yml"] = stackText
	return s
}

func inSwarm() []Fault {
	named := func(s *Site) { s.Args = []string{"swarm:" + s.Name + "_web"} }
	mounts := func(s *Site) {
		s.Files["/srv/"+s.Name+"/stack.yml"] = stackText + "    volumes: [\"{{.Base}}:/app\"]\n"
	}
	return []Fault{
		{
			Name: "swarm-older-than-source", Verdict: stale, Cause: "container-stale",
			Site: stacked("cuckoo"), Break: deploy, Cure: acts(sh(swarmBuild+swarmUpdate), answers, haveLoaded),
		},
		{
			// The stack is deployed again, and nothing in it has changed.
			Name: "swarm-deployed-same-tag", Verdict: stale, Cause: "container-stale", Fix: "restart",
			Site: stacked("hornet"), Break: acts(deploy, sh(swarmDeploy), answers),
		},
		{
			Name: "swarm-built-not-updated", Verdict: stale, Cause: "container-stale", Fix: "restart",
			Site: stacked("bumblebee").with(named).with(byURLToo), Break: acts(deploy, sh(swarmBuild)),
		},
		{
			Name: "swarm-mounted-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: stacked("mason").with(mounts), Break: deploy,
		},
	}
}

func healthySwarm() []Fault {
	return []Fault{
		{Name: "swarm-healthy", Verdict: fresh, Site: stacked("honeybee").with(byURL), Break: acts(deploy, sh(swarmBuild+swarmUpdate), answers, haveLoaded)},
	}
}

// byURLToo adds the address that visitors type to what flasktui is told.
func byURLToo(s *Site) { s.Args = append(s.Args, "--url", "http://"+s.Name+".example/") }
