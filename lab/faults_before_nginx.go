package lab

import (
	"context"
	"strings"
)

// beforeNginx are the boxes on which another program holds the ports of visitors, and the box's
// own Nginx listens at another one: each looked at as it is, and with the address that visitors
// type.
func beforeNginx() []Fault {
	const nginx, legacy = "127.0.0.1:8080", "127.0.0.1:9302"
	rows := []Fault{
		{
			Name: "healthy-haproxy-before-nginx", Verdict: fresh,
			Site: nginxBehind("aqueduct", "8080", haproxyTo(nginx)), Break: acts(deploy, restart),
		},
		{
			Name: "healthy-caddy-before-nginx", Verdict: fresh,
			Site: nginxBehind("cistern", nginx, caddyTo(nginx)), Break: acts(deploy, restart),
		},
		{
			Name: "varnish-before-nginx-keeps-old-page", Verdict: stale, Cause: "cache-serves-old",
			Site: nginxBehind("culvert", nginx, varnishKeeping(nginx)), Break: acts(visit, deploy, restart), Cure: sh(`varnishadm ban req.url '~' .`),
			Tells: []string{"sudo varnishadm ban"},
		},
		{
			Name: "varnish-before-nginx-keeps-old-page-unmarked", Verdict: stale, Cause: "cache-serves-old",
			Site:  nginxBehind("conduit", "8080", varnishKeeping(nginx)).with(func(s *Site) { s.App = App{Marker: NoMarker} }),
			Break: acts(visit, deploy, restart), Cure: sh(`varnishadm ban req.url '~' .`),
		},
		{
			Name: "haproxy-past-nginx-to-old-backend", Verdict: stale, Cause: "front-elsewhere",
			Site:  nginxBehind("spillway", "8080", haproxyTo(nginx)),
			Break: acts(sh(oldBeside(legacy)+"\n"+haproxyTo(legacy)), deploy, restart), Cure: sh(haproxyTo(nginx)),
			Tells: []string{"spillway-legacy.service"},
		},
	}
	for _, row := range rows {
		row.Name += "-by-url"
		row.Site.Args = []string{"--url", "http://" + row.Site.Name + ".example/"}
		rows = append(rows, row)
	}
	// Whose site the other program serves, nobody can tell; visitors reach Nginx by itself, or not.
	return append(
		rows,
		Fault{Name: "healthy-apache-of-another-site", Verdict: fresh, Site: nginxBehind("fountain", "8080", apacheOfPages).with(func(s *Site) { s.Listen = "8080" }), Break: acts(deploy, restart)},
		Fault{
			Name: "apache-before-inner-nginx-answers-otherwise", Verdict: inconclusive, Was: "harvest",
			Site: nginxBehind("gutter", nginx, apacheOfPages).with(func(s *Site) { s.Listen = nginx }), Break: acts(deploy, restart), Started: true,
		},
	)
}

// behindTLS are the boxes on which a program ends TLS, by a certificate that nobody has signed,
// and sends visitors there who ask without: each looked at as it is, by https and by http.
func behindTLS() []Fault {
	const own, legacy = "127.0.0.1:9301", "127.0.0.1:9302"
	var rows []Fault
	for _, row := range []Fault{
		{Name: "healthy-haproxy-with-tls", Verdict: fresh, Site: behind("lantern", own, haproxyTLS(own)), Break: acts(deploy, restart)},
		{
			Name: "haproxy-with-tls-to-old-backend", Verdict: stale, Cause: "front-elsewhere", Site: behind("beacon", own, haproxyTLS(own)),
			Break: acts(sh(oldBeside(legacy)+"\n"+haproxyTLS(legacy)), deploy, restart), Cure: sh(haproxyTLS(own)), Tells: []string{"beacon-legacy.service"},
		},
	} {
		row.Look = throughTLS
		rows = append(rows, row)
		for _, scheme := range []string{"https", "http"} {
			by := row
			by.Name += "-by-" + scheme
			by.Site.Args = []string{"--url", scheme + "://" + row.Site.Name + ".example/"}
			rows = append(rows, by)
		}
	}
	return rows
}

// throughTLS is what visitors see who trust the certificate.
func throughTLS(ctx context.Context, c *Case) (string, error) {
	page, err := c.Shell(ctx, `curl -sSk --fail --max-time 5 --resolve "$1:443:127.0.0.1" "https://$1/"`, c.Server)
	_, word, _ := strings.Cut(page, "edition=")
	word, _, _ = strings.Cut(word, " ")
	return word, err
}

// haproxyTLS has HAProxy end TLS at port 443, and send visitors of port 80 there.
func haproxyTLS(address string) string {
	return `test -e /etc/haproxy/site.pem || openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN={{.Server}} -addext subjectAltName=DNS:{{.Server}} -keyout /root/key -out /root/certificate
test -e /etc/haproxy/site.pem || cat /root/certificate /root/key > /etc/haproxy/site.pem
` + haproxy(`frontend plain\n bind :80\n http-request redirect scheme https\nlisten site\n bind :443 ssl crt /etc/haproxy/site.pem\n server app `+address+`\n`)
}

// nginxBehind is a site whose Nginx listens at another port than visitors ask for.
func nginxBehind(name, listen, script string) Site {
	s := linked(name).layered()
	s.Conf = map[string]string{"conf.d/" + name + ".conf": strings.Replace(confText, "listen {{.Listen}}", "listen "+listen, 1)}
	s.First = sh(script)
	return s
}

// oldBeside leaves the old release running at another address, in a unit of its own.
func oldBeside(address string) string {
	return `sed -e 's#^WorkingDirectory=.*#WorkingDirectory={{.Dir 0}}#' -e 's#{{.Bind}}#` + address + `#' {{.UnitPath}} > /etc/systemd/system/{{.Name}}-legacy.service
systemctl daemon-reload; systemctl start {{.Name}}-legacy`
}

// apacheOfPages has Apache answer port 80 with pages of its own.
const apacheOfPages = `printf '<VirtualHost *:80>\n DocumentRoot /var/www/html\n</VirtualHost>\n' > /etc/apache2/sites-enabled/000-default.conf
systemctl restart apache2`
