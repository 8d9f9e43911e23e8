package lab

import "strings"

// Sites in a container that Podman runs: there is no daemon, and what a container's process
// is below is conmon's alone.

const (
	// podmanBuild gives Podman a disk that it can lay images over one another on.
	podmanBuild = `mountpoint -q /var/lib/containers || mount -t tmpfs -o mode=0711 tmpfs /var/lib/containers
podman image exists pybase || podman import -q ` + dockerRootIn + ` pybase > /dev/null
podman build -q -t {{.Name}} {{.Base}} > /dev/null
`
	podmanAnew = podmanBuild + `podman rm -f -i {{.Name}} > /dev/null
podman run -d --name {{.Name}} -p {{.Bind}}:8000 -e SECRET_KEY=hunter2 {{.Name}} > /dev/null
`
	podmanMounted = podmanBuild + `podman rm -f -i {{.Name}} > /dev/null
podman run -d --name {{.Name}} -p {{.Bind}}:8000 -v {{.Base}}:/app {{.Name}} > /dev/null
`
	// podmanQuadlet has Podman make the unit, from a file that names the container.
	podmanQuadlet = podmanBuild + `mkdir -p /etc/containers/systemd
printf '[Container]\nImage=localhost/{{.Name}}\nPublishPort={{.Bind}}:8000\n[Install]\nWantedBy=multi-user.target\n' > /etc/containers/systemd/{{.Name}}.container
systemctl daemon-reload; systemctl restart {{.Name}}
`
	podmanCompose = podmanBuild + `echo nameserver 127.0.0.1 > /etc/resolv.conf; cd {{.Base}}; podman-compose up -d --force-recreate > /tmp/compose.log 2>&1 || { cat /tmp/compose.log >&2; exit 1; }
`
	// podmanOwn is a user's own, with nobody logged in.
	podmanOwn = `uid=$(id -u {{.User}}); home=/home/{{.User}}
systemctl start dbus systemd-logind; loginctl enable-linger {{.User}}; systemctl start user@$uid
mountpoint -q $home/.local/share/containers || { install -d -o {{.User}} -g {{.User}} $home/.local $home/.local/share $home/.local/share/containers
mount -t tmpfs -o mode=0711,uid=$uid,gid=$uid tmpfs $home/.local/share/containers; umount /dev/net/tun; rm -f /dev/net/tun; mknod -m 666 /dev/net/tun c 10 200; }
own() { cd $home; setpriv --reuid={{.User}} --regid={{.User}} --init-groups env USER={{.User}} HOME=$home XDG_RUNTIME_DIR=/run/user/$uid podman "$@"; }
own image exists pybase || own import -q ` + dockerRootIn + ` pybase > /dev/null
own build -q -t {{.Name}} {{.Base}} > /dev/null
`
	podmanOwnAnew = podmanOwn + `own rm -f -i {{.Name}} > /dev/null
own run -d --name {{.Name}} --network slirp4netns -p {{.Bind}}:8000 {{.Name}} > /dev/null
`
)

// inPodman is in a container that a script has Podman make.
func inPodman(name, script string) Site {
	s := ran(name, "127.0.0.1:8000", "")
	s.Hand, s.Layer = script, podmanPackages
	delete(s.Files, "/etc/docker/daemon.json")
	// The cgroups of a box are given it without the controller that counts processes.
	s.Files["/etc/containers/containers.conf"] = "[containers]\npids_limit = 0\n"
	return s
}

// inOwnPodman is in one of its user's own.
func inOwnPodman(name, user, script string) Site {
	s := inPodman(name, script)
	s.User, s.Base = user, "/home/"+user+"/"+name
	files := map[string]string{}
	for file, text := range s.Files {
		files[strings.Replace(file, "/srv/", "/home/"+user+"/", 1)] = text
	}
	s.Files = files
	return s
}

// composedIn is the project that podman-compose brings up.
func composedIn(s *Site) {
	s.Files[s.Base+"/compose.yaml"] = "services:\n  web:\n    image: localhost/{{.Name}}\n    ports: [\"{{.Bind}}:8000\"]\n"
}

func healthyPodman() []Fault {
	made := func(script string) Act { return acts(deploy, sh(script), answers, haveLoaded) }
	return []Fault{
		{Name: "podman-healthy", Verdict: fresh, Site: inPodman("coracle", podmanAnew).with(byURL), Break: made(podmanAnew)},
		{Name: "podman-quadlet-healthy", Verdict: fresh, Site: inPodman("currach", podmanQuadlet), Break: made(podmanQuadlet)},
		{Name: "podman-rootless-healthy", Verdict: fresh, Site: inOwnPodman("trow", "grace", podmanOwnAnew), Break: made(podmanOwnAnew)},
	}
}

func inPodmans() []Fault {
	return []Fault{
		{
			Name: "podman-older-than-source", Verdict: stale, Cause: "container-stale", Tells: []string{"podman build -t"},
			Site: inPodman("gig", podmanAnew), Break: deploy, Cure: acts(sh(podmanAnew), answers),
		},
		{
			Name: "podman-quadlet-older-than-source", Verdict: stale, Cause: "container-stale",
			Site: inPodman("pinnace", podmanQuadlet), Break: deploy, Cure: acts(sh(podmanQuadlet), answers),
		},
		{
			Name: "podman-rootless-older-than-source", Verdict: stale, Cause: "container-stale",
			Site: inOwnPodman("smack", "grace", podmanOwnAnew), Break: deploy, Cure: acts(sh(podmanOwnAnew), answers),
		},
		{
			Name: "podman-built-not-recreated", Verdict: stale, Cause: "container-stale", Tells: []string{"podman run"},
			Site: inPodman("umiak", podmanAnew), Break: acts(deploy, sh(podmanBuild)), Cure: acts(sh(podmanAnew), answers),
		},
		{
			Name: "podman-mounted-not-restarted", Verdict: stale, Cause: "service-not-restarted", Fix: "restart",
			Site: inPodman("dory", podmanMounted), Break: deploy,
		},
		{
			Name: "podman-quadlet-built", Verdict: stale, Cause: "container-stale", Fix: "restart",
			Site: inPodman("skiff", podmanQuadlet), Break: acts(deploy, sh(podmanBuild)),
		},
		{
			Name: "podman-compose-built", Verdict: stale, Cause: "container-stale", Tells: []string{"cd /srv/gondola && podman-compose up -d"},
			Site: inPodman("gondola", podmanCompose).with(composedIn), Break: acts(deploy, sh(podmanBuild)), Cure: acts(sh(podmanCompose), answers),
		},
		{
			Name: "podman-rootless-built", Verdict: stale, Cause: "container-stale", Tells: []string{"env USER=grace HOME=/home/grace XDG_RUNTIME_DIR=/run/user/"},
			Site: inOwnPodman("wherry", "grace", podmanOwnAnew), Break: acts(deploy, sh(podmanOwn)), Cure: acts(sh(podmanOwnAnew), answers),
		},
	}
}
