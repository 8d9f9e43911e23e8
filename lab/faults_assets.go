package lab

import (
	"context"
	"strings"
)

// inPublic has its style sheet in public/css, which Nginx has for its root before it asks the
// app, and no directory that is called static.
func inPublic(name, root string) Site {
	s := linked(name)
	s.Bind = "127.0.0.1:9711"
	s.First = asPublic
	s.Conf = map[string]string{"conf.d/" + name + ".conf": `server {
    listen {{.Listen}};
    server_name {{.Server}};
    root ` + root + `/public;
    location / { try_files $uri @app; }
    location @app { proxy_pass http://127.0.0.1:9711; proxy_set_header Host $host; }
}
`}
	return s
}

// asPublic moves the style sheet of the live release.
var asPublic = sh(`cd {{.Live}}; mkdir -p public/css; mv static/app.css public/css/; rm -r static; sed -i 's|/static/app.css|/css/app.css|' templates/index.html`)

// asAssets has the app serve its static files at /assets, under a name that its content made.
var asAssets = sh(`cd {{.Live}}; sed -i "s|root_path=HERE|root_path=HERE, static_url_path='/assets'|" wsgi.py
mv static/app.css static/app.$(md5sum < static/app.css | cut -c1-8).css; sed -i "s|/static/app.css|/assets/$(ls static)|" templates/index.html; echo 'p {}' > static/left-over.css`)

// publicStyle is the style sheet that visitors of such a site get.
func publicStyle(ctx context.Context, c *Case) (string, error) {
	body, err := c.Ask(ctx, c.Site, "/css/app.css")
	if err != nil {
		return "", err
	}
	_, rest, _ := strings.Cut(body, "style=")
	return strings.Fields(rest + " -")[0], nil
}

// assetFaults have their static files elsewhere than most.
func assetFaults() []Fault {
	return []Fault{
		{
			Name: "public-of-old-release", Verdict: stale, Cause: "static-stale", Look: publicStyle, Tells: []string{"/css/app.css"},
			Site: inPublic("nursery", "{{.Dir 0}}"), Break: acts(deploy, asPublic, restart), Cure: acts(repoint, sh(`systemctl reload nginx`)),
		},
		{
			Name: "healthy-public", Verdict: fresh, Look: publicStyle,
			Site: inPublic("orchid", "{{.Live}}"), Break: acts(deploy, asPublic, restart),
		},
		{
			Name: "healthy-assets-at-another-path", Verdict: fresh,
			Site: linked("palmhouse").with(func(s *Site) {
				s.Bind, s.First = "127.0.0.1:9712", asAssets
				s.Conf = map[string]string{"conf.d/palmhouse.conf": "server {\n    listen {{.Listen}};\n    server_name {{.Server}};\n    location / { proxy_pass http://127.0.0.1:9712; proxy_set_header Host $host; }\n}\n"}
			}),
			Break: acts(deploy, asAssets, restart),
		},
		{
			Name: "chdir-in-config-module", Verdict: stale, Cause: "unit-points-to-old-path",
			Site: linked("quince").with(func(s *Site) {
				s.Work = "/etc/gunicorn"
				s.Service = []string{`Environment="GUNICORN_CMD_ARGS=--config python:sites.quince"`}
				s.Files = map[string]string{"/etc/gunicorn/sites/__init__.py": "", "/etc/gunicorn/sites/quince.py": "chdir = \"{{.Dir 0}}\"\n"}
			}),
			Break: acts(deploy, restart), Cure: acts(sh(`sed -i 's#{{.Dir 0}}#{{.Live}}#' /etc/gunicorn/sites/quince.py`), restart),
		},
	}
}
