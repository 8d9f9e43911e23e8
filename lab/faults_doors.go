package lab

import "strings"

// door is a program other than Nginx that stands before the app, and its own configuration.
type door struct {
	name string
	// to has it pass everything at port 80 to one address, or to two in turn; keeping is the
	// same with a cache that keeps every page for an hour, and purge empties that. Both are
	// empty for a program that has none.
	to             func(addresses ...string) string
	keeping, purge string
	// tells are words of the advice where its cache is old.
	tells string
}

func doors() []door {
	const at = "127.0.0.1:9301"
	return []door{
		{"apache", apacheTo, apacheKeeping(at), `systemctl stop apache2; rm -rf /var/cache/apache2/mod_cache_disk/*; systemctl start apache2`, "htcacheclean"},
		{"haproxy", haproxyTo, haproxyKeeping(at), `systemctl restart haproxy`, "sudo systemctl reload haproxy"},
		{"varnish", varnishTo, varnishKeeping(at), `varnishadm ban req.url '~' .`, "sudo varnishadm ban"},
		{"caddy", caddyTo, "", "", ""},
	}
}

// behindDoors are the boxes that another program than Nginx stands before (G54), each looked at
// as it is, and with the address that visitors type.
func behindDoors() []Fault {
	const own, other = "127.0.0.1:9301", "127.0.0.1:9302"
	var rows []Fault
	for _, door := range doors() {
		names := []string{"weirs", "sluice", "towpath"}
		add := func(row Fault) {
			rows = append(rows, row)
			row.Name += "-by-url"
			row.Site.Args = []string{"--url", "http://" + row.Site.Name + ".example/"}
			rows = append(rows, row)
		}
		// The program was never told that the service has moved.
		add(Fault{
			Name: door.name + "-to-old-backend", Verdict: stale, Cause: "front-elsewhere",
			Site: behind(names[0], own, door.to(own)), Break: acts(leaveLegacy("9302"), deploy, restart), Cure: sh(door.to(other)),
			Tells: []string{"weirs-legacy.service", "Point it to weirs.service"},
		})
		two := behind(names[1], own, door.to(own, other)).with(func(s *Site) { s.First = acts(sh(secondService("9302")), s.First) })
		add(Fault{
			Name: door.name + "-to-two-backends", Verdict: mixed, Cause: "front-elsewhere", Fix: "restart", Runs: "restart sluice-b.service", Was: "harvest,spring",
			Site: two, Break: acts(deploy, restart, serving("edition", "harvest", "spring")),
			Tells: []string{"sudo systemctl restart sluice-b.service"},
		})
		if door.keeping != "" {
			keeping := behind(names[2], own, door.keeping)
			add(Fault{
				Name: door.name + "-keeps-old-page", Verdict: stale, Cause: "cache-serves-old",
				Site: keeping, Break: acts(visit, deploy, restart), Cure: sh(door.purge), Tells: []string{door.tells},
			})
		}
	}
	unmarked := func(s *Site) { s.App = App{Marker: NoMarker} }
	return append(
		rows,
		Fault{Name: "healthy-behind-haproxy", Verdict: fresh, Site: behind("ferries", own, haproxyTo(own)), Break: acts(deploy, restart)},
		Fault{Name: "healthy-behind-apache", Verdict: fresh, Site: behind("lockgate", own, apacheTo(own)), Break: acts(deploy, restart)},
		Fault{
			// Nothing but the page says which release it is.
			Name: "haproxy-to-old-backend-unmarked", Verdict: stale, Cause: "front-elsewhere", Site: behind("weirs", own, haproxyTo(own)).with(unmarked),
			Break: acts(leaveLegacy("9302"), deploy, restart), Cure: sh(haproxyTo(other)), Tells: []string{"weirs-legacy.service"},
		},
		Fault{
			Name: "apache-to-two-backends-unmarked", Verdict: mixed, Cause: "front-elsewhere", Fix: "restart", Runs: "restart sluice-b.service", Was: "harvest,spring",
			Site:  behind("sluice", own, apacheTo(own, other)).with(unmarked).with(func(s *Site) { s.First = acts(sh(secondService("9302")), s.First) }),
			Break: acts(deploy, restart, serving("edition", "harvest", "spring")), Tells: []string{"sudo systemctl restart sluice-b.service"},
		},
		Fault{
			Name: "apache-keeps-old-page-unmarked", Verdict: stale, Cause: "cache-serves-old", Site: behind("towpath", own, apacheKeeping(own)).with(unmarked),
			Break: acts(visit, deploy, restart), Cure: sh(doors()[0].purge),
		},
	)
}

// behind is a site that another program than Nginx stands before, which the script starts.
func behind(name, bind, script string) Site {
	s := linked(name).layered()
	s.Bind, s.Conf, s.First = bind, map[string]string{}, sh(script)
	return s
}

// haproxyTo has HAProxy pass everything at port 80 to addresses.
func haproxyTo(addresses ...string) string {
	servers := ""
	for index, address := range addresses {
		servers += ` server app` + string(rune('a'+index)) + ` ` + address + `\n`
	}
	return haproxy(`listen site\n bind :80\n` + servers)
}

func haproxyKeeping(address string) string {
	return haproxy(`cache pages\n total-max-size 4\n max-age 3600\nlisten site\n bind :80\n http-request cache-use pages\n` +
		` http-response set-header Cache-Control "public, max-age=3600"\n http-response cache-store pages\n server app ` + address + `\n`)
}

func haproxy(sections string) string {
	return `printf 'defaults\n mode http\n timeout connect 2s\n timeout client 9s\n timeout server 9s\n` + sections + `' > /etc/haproxy/haproxy.cfg
systemctl restart haproxy`
}

// apacheTo has Apache do so.
func apacheTo(addresses ...string) string {
	if len(addresses) == 1 {
		return apache(` ProxyPass / http://` + addresses[0] + `/\n`)
	}
	return apache(` <Proxy balancer://app>\n BalancerMember http://` + strings.Join(addresses, `\n BalancerMember http://`) + `\n </Proxy>\n ProxyPass / balancer://app/\n`)
}

func apacheKeeping(address string) string {
	return apache(` CacheEnable disk /\n CacheDefaultExpire 3600\n CacheIgnoreNoLastMod On\n ProxyPass / http://` + address + `/\n`)
}

func apache(directives string) string {
	return `a2enmod -q proxy proxy_http proxy_balancer lbmethod_byrequests cache cache_disk
printf '<VirtualHost *:80>\n ProxyPreserveHost On\n` + directives + `</VirtualHost>\n' > /etc/apache2/sites-enabled/000-default.conf
systemctl restart apache2`
}

// varnishTo has Varnish do so, and keep nothing.
func varnishTo(addresses ...string) string {
	backends, added := "", ""
	for index, address := range addresses {
		name := "app" + string(rune('a'+index))
		host, port, _ := strings.Cut(address, ":")
		backends += `backend ` + name + ` { .host = "` + host + `"; .port = "` + port + `"; }\n`
		added += ` turn.add_backend(` + name + `);`
	}
	return varnish(`import directors;\n` + backends + `sub vcl_init { new turn = directors.round_robin();` + added + ` }\n` +
		`sub vcl_recv { set req.backend_hint = turn.backend(); return (pass); }\n`)
}

func varnishKeeping(address string) string {
	host, port, _ := strings.Cut(address, ":")
	return varnish(`backend app { .host = "` + host + `"; .port = "` + port + `"; }\n`)
}

func varnish(configuration string) string {
	return `printf 'vcl 4.1;\n` + configuration + `' > /etc/varnish/site.vcl
mkdir -p /etc/systemd/system/varnish.service.d
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/varnishd -j unix,user=vcache -F -a :80 -T localhost:6082 -f /etc/varnish/site.vcl -S /etc/varnish/secret -s malloc,32m -t 3600\n' > /etc/systemd/system/varnish.service.d/site.conf
systemctl daemon-reload; systemctl restart varnish`
}

// caddyTo has Caddy do so.
func caddyTo(addresses ...string) string {
	return `printf ':80 {\n reverse_proxy ` + strings.Join(addresses, " ") + ` {\n lb_policy round_robin\n }\n}\n' > /etc/caddy/Caddyfile
systemctl restart caddy`
}

// secondService starts another service with the same code, at another port.
func secondService(port string) string {
	return `sed 's#{{.Bind}}#127.0.0.1:` + port + `#' {{.UnitPath}} > /etc/systemd/system/{{.Name}}-b.service
systemctl daemon-reload; systemctl start {{.Name}}-b`
}

// prefixTo has an Nginx do so that was installed elsewhere, and is not in PATH.
func prefixTo(address string) string {
	return `mkdir -p /usr/local/nginx/logs /usr/local/nginx/sbin; cp /usr/sbin/nginx /usr/local/nginx/sbin/
printf 'events {}\npid /run/other-nginx.pid;\nhttp { server { listen 80; location / { proxy_pass http://` + address + `; proxy_set_header Host $host; } } }\n' > /usr/local/nginx/nginx.conf
/usr/local/nginx/sbin/nginx -p /usr/local/nginx -c /usr/local/nginx/nginx.conf`
}
