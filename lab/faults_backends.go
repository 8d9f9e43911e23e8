package lab

import "strings"

// chosenBy are the ways in which Nginx sends one visitor here and another there: what stands
// before the server block, and what is in the place of its proxy_pass. A and B are the two
// backends.
func chosenBy() map[string][2]string {
	const upstreams = "upstream one { server A; }\nupstream two { server B; }\n"
	return map[string][2]string{
		"upstream": {"upstream both { server A; server B; }\n", "proxy_pass http://both;"},
		"split":    {"split_clients \"$request_id\" $pool { 50% A; * B; }\n", "proxy_pass http://$pool;"},
		"map":      {upstreams + "map $request_id $pool { default one; ~^[0-7] two; }\n", "proxy_pass http://$pool;"},
		"set":      {upstreams, "set $pool one;\n        if ($request_id ~ ^[0-7]) { set $pool two; }\n        proxy_pass http://$pool;"},
	}
}

// twoBackends has a second service with the same code behind the same server block.
func twoBackends(name, port, way string) Site {
	s := linked(name)
	s.Bind = "127.0.0.1:" + port + "1"
	addresses := strings.NewReplacer("A;", s.Bind+";", "B;", "127.0.0.1:"+port+"2;")
	chosen := chosenBy()[way]
	_, block, _ := strings.Cut(confText, "\n\n")
	s.Conf = map[string]string{"conf.d/" + name + ".conf": addresses.Replace(chosen[0]) +
		strings.Replace(block, "proxy_pass http://{{.Name}}_backend;", addresses.Replace(chosen[1]), 1)}
	s.First = sh(secondService(port + "2"))
	return s
}

// otherBy has another manager than systemd run the second service.
func (s Site) otherBy(script string) Site {
	s.First = sh(script)
	return s
}

// supervisedOther is the second service as a program of supervisord's, userOther as a unit of the
// site's user's own.
func supervisedOther(port string) string {
	return `mkdir -p /etc/supervisor/conf.d
printf '[program:{{.Name}}-b]\ncommand=/usr/bin/gunicorn --workers 2 --bind 127.0.0.1:` + port + ` {{.Main}}\ndirectory={{.Live}}\nuser={{.User}}\n' > /etc/supervisor/conf.d/{{.Name}}-b.conf
systemctl start supervisor; until curl -sf 127.0.0.1:` + port + ` > /dev/null; do sleep 0.05; done`
}

func userOther(port string) string {
	return strings.NewReplacer("{{.Name}}.service", "{{.Name}}-b.service", "restart {{.Name}}", "restart {{.Name}}-b", "127.0.0.1:8000", "127.0.0.1:"+port).
		Replace(strings.ReplaceAll(byUser, gunicornByHand, "/usr/bin/gunicorn --workers 2 --bind 127.0.0.1:8000 {{.Main}}"))
}

// restartOther restarts the second service.
var restartOther = sh(`systemctl restart {{.Name}}-b`)

// throughTwoBackends are the boxes where who answers is chosen for each visitor (G56).
func throughTwoBackends() []Fault {
	old := acts(deploy, restart, serving("edition", "harvest", "spring"))
	return []Fault{
		{Name: "healthy-two-backends", Verdict: fresh, Site: twoBackends("tollhouse", "941", "upstream"), Break: acts(deploy, restart, restartOther)},
		{
			Name: "healthy-beside-dead-backend", Verdict: fresh,
			Site: twoBackends("causeway", "955", "upstream").otherBy("true"), Break: acts(deploy, restart),
		},
		{Name: "healthy-split-clients", Verdict: fresh, Site: twoBackends("signalbox", "942", "split"), Break: acts(deploy, restart, restartOther)},
		{Name: "healthy-map-of-upstreams", Verdict: fresh, Site: twoBackends("junction", "943", "map"), Break: acts(deploy, restart, restartOther)},
		{Name: "healthy-set-of-upstreams", Verdict: fresh, Site: twoBackends("sidings", "944", "set"), Break: acts(deploy, restart, restartOther)},
		{Name: "other-backend-not-restarted", Verdict: mixed, Cause: "front-elsewhere", Fix: "restart", Runs: "restart turnpike-b.service", Was: "harvest,spring", Site: twoBackends("turnpike", "945", "upstream"), Break: old},
		{Name: "split-to-old-backend", Verdict: mixed, Cause: "front-elsewhere", Fix: "restart", Runs: "restart platform-b.service", Was: "harvest,spring", Site: twoBackends("platform", "946", "split"), Break: old},
		{Name: "map-to-old-backend", Verdict: mixed, Cause: "front-elsewhere", Fix: "restart", Runs: "restart terminus-b.service", Was: "harvest,spring", Site: twoBackends("terminus", "947", "map"), Break: old},
		{Name: "set-to-old-backend", Verdict: mixed, Cause: "front-elsewhere", Fix: "restart", Runs: "restart crossing-b.service", Was: "harvest,spring", Site: twoBackends("crossing", "948", "set"), Break: old},
		{
			Name: "other-backend-of-supervisord", Verdict: mixed, Cause: "front-elsewhere", Fix: "restart", Runs: "supervisord.conf restart ferry-b", Was: "harvest,spring",
			Site: twoBackends("ferry", "953", "upstream").otherBy(supervisedOther("9532")), Break: old,
		},
		{
			Name: "other-backend-of-user", Verdict: mixed, Cause: "front-elsewhere", Fix: "restart", Runs: "systemctl --user restart gondola-b.service", Was: "harvest,spring",
			Site: twoBackends("gondola", "954", "split").otherBy(userOther("9542")).layered(), Break: old,
		},
		{
			// The service that was named is well; visitors get its twin.
			Name: "only-backend-of-front-not-restarted", Verdict: stale, Cause: "front-elsewhere", Fix: "restart", Runs: "restart culvert-b.service",
			Site:  behind("culvert", "127.0.0.1:9301", haproxyTo("127.0.0.1:9302")).with(func(s *Site) { s.First = acts(sh(secondService("9302")), s.First) }),
			Break: acts(deploy, restart), Tells: []string{"Point it to culvert.service"},
		},
		{
			// It has a tree of its own, which no deploy reaches.
			Name: "backend-of-another-tree", Verdict: mixed, Cause: "front-elsewhere", Was: "harvest,spring",
			Site: twoBackends("viaduct", "949", "split").with(func(s *Site) {
				first := s.First
				s.First = acts(sh(`cp -r {{.Dir 0}} /opt/viaduct-b`), first, sh(`sed -i 's#^WorkingDirectory=.*#WorkingDirectory=/opt/viaduct-b#' /etc/systemd/system/{{.Name}}-b.service
systemctl daemon-reload; systemctl restart {{.Name}}-b`))
			}),
			Break: old,
			Cure: sh(`sed -i 's#^WorkingDirectory=.*#WorkingDirectory={{.Live}}#' /etc/systemd/system/{{.Name}}-b.service
systemctl daemon-reload; systemctl restart {{.Name}}-b`),
			Started: true,
		},
	}
}
