package lab

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Sites that differ in what stands before the app.

// pinnedStatic serves static files out of one release, by name.
func pinnedStatic(name string) Site {
	s := linked(name)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": strings.ReplaceAll(confText, "{{.Live}}", "{{.Dir 0}}")}
	return s
}

// named reaches the app by a host name, which Nginx resolves once.
func named(name string) Site {
	s := checkout(name, "127.0.0.2:8700")
	s.Conf = map[string]string{
		"conf.d/" + name + ".conf": "include /etc/nginx/sites/" + name + "/*.inc;\n",
		"sites/" + name + "/a.inc": conf("backend.internal:8700", "{{.Live}}/static"),
	}
	s.First = sh(`echo '127.0.0.2 backend.internal' >> /etc/hosts`)
	return s
}

// fileCached keeps files open in Nginx, and the paths that they were found by.
// Each worker has a cache of its own; with one worker all visitors see the same.
func fileCached(name string) Site {
	s := linked(name)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": strings.Replace(confText, "alias", "open_file_cache max=100 inactive=20m;\n        open_file_cache_valid 20m;\n        alias", 1)}
	s.First = sh(`sed -i 's/^worker_processes .*/worker_processes 1;/' /etc/nginx/nginx.conf`)
	return s
}

// precompressed serves .gz files that lie beside the plain ones.
func precompressed(name string) Site {
	s := copied(name, "127.0.0.1:8760")
	s.Conf = map[string]string{"conf.d/" + name + ".conf": strings.Replace(confText, "alias", "gzip_static on;\n        alias", 1)}
	return s
}

const cacheConf = `proxy_cache_path /var/cache/nginx/gazette keys_zone=pages:1m inactive=1d;
`

// cached has a proxy_cache before the app.
func cached(name string) Site {
	s := linked(name)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": cacheConf + strings.Replace(confText, "proxy_pass",
		"proxy_cache pages;\n        proxy_cache_valid 200 1h;\n        add_header X-Cache-Status $upstream_cache_status;\n        proxy_pass", 1)}
	s.First = sh(`mkdir -p /var/cache/nginx`)
	return s
}

// pageCached keeps the pages in a proxy_cache, and not what names the release.
func pageCached(name string) Site {
	s := linked(name)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": `proxy_cache_path /var/cache/nginx/{{.Name}} keys_zone=leaves:1m inactive=1d;
map $uri $never { default 0; /version 1; }
` + strings.Replace(confText, "proxy_pass",
		"proxy_cache leaves;\n        proxy_cache_valid 200 1h;\n        proxy_no_cache $never;\n        proxy_cache_bypass $never;\n        proxy_pass", 1)}
	s.First = sh(`mkdir -p /var/cache/nginx`)
	return s
}

// twoNames has a block for the staff, without a cache, before the visitors' own with one.
func twoNames(name string) Site {
	s := linked(name)
	s.Server = "shop." + name + ".example"
	_, visitors, _ := strings.Cut(confText, "\n\n")
	s.Conf = map[string]string{"conf.d/" + name + ".conf": "proxy_cache_path /var/cache/nginx/{{.Name}} keys_zone=both:1m inactive=1d;\n" +
		strings.Replace(confText, "{{.Server}}", "staff."+name+".example", 1) +
		strings.Replace(visitors, "proxy_pass", "proxy_cache both;\n        proxy_cache_valid 200 1h;\n        proxy_pass", 1)}
	s.First = sh(`mkdir -p /var/cache/nginx`)
	return s
}

// layered has a block with a cache before the block that reaches the app, in one Nginx.
func layered(name string) Site {
	s := linked(name)
	s.Conf = map[string]string{
		"conf.d/app.conf": strings.NewReplacer("listen {{.Listen}};", "listen 127.0.0.1:8181;", "{{.Server}}", "_").Replace(confText),
		"conf.d/front.conf": `proxy_cache_path /var/cache/nginx/{{.Name}} keys_zone=front:1m inactive=1d;
server {
    listen {{.Listen}};
    server_name {{.Server}};
    location / {
        proxy_cache front;
        proxy_cache_valid 200 1h;
        proxy_pass http://127.0.0.1:8181;
        proxy_set_header Host $host;
    }
}
`,
	}
	s.First = sh(`mkdir -p /var/cache/nginx`)
	return s
}

// onOneLine has all blocks of the site in one file, and in one line of it.
func onOneLine(s Site) Site {
	whole := ""
	for _, name := range slices.Sorted(maps.Keys(s.Conf)) {
		whole += strings.ReplaceAll(s.Conf[name], "\n", " ")
	}
	s.Conf = map[string]string{"conf.d/" + s.Name + ".conf": whole + "\n"}
	return s
}

// collected serves static files that a build has made smaller, out of a directory that is
// shared by all releases.
func collected(s Site) Site {
	s.Conf = map[string]string{"conf.d/" + s.Name + ".conf": strings.Replace(confText, "{{.Live}}/{{.StaticDir}}/", "/var/www/{{.Name}}-static/", 1)}
	s.First = collect
	return s
}

// collect builds the static files of the live release.
func collect(ctx context.Context, c *Case) error {
	return sh(`mkdir -p /var/www/{{.Name}}-static; tr -d '\n' < {{.Live}}/static/app.css > /var/www/{{.Name}}-static/app.css`)(ctx, c)
}

// copyStatic copies the static files of the live release as they are.
func copyStatic(ctx context.Context, c *Case) error {
	return sh(`mkdir -p /var/www/{{.Name}}-static; cp {{.Live}}/static/* /var/www/{{.Name}}-static/`)(ctx, c)
}

// frontEnd has a front end of its own at the root, and the app below /api/.
func frontEnd(name string) Site {
	s := linked(name)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": strings.NewReplacer("    location /static/ {\n        alias {{.Live}}/{{.StaticDir}}/;\n    }\n",
		"    root /var/www/{{.Name}};\n", "location / {", "location /api/ {", "{{.Name}}_backend;\n        proxy_set_header Host", "{{.Name}}_backend/;\n        proxy_set_header Host").Replace(confText)}
	s.First = sh(`mkdir -p /var/www/{{.Name}}/static; echo 'edition=vue layout=vue' > /var/www/{{.Name}}/index.html; echo 'style=vue' > /var/www/{{.Name}}/static/app.css`)
	return s
}

// closable is closed for visitors while a file lies there.
func closable(name string) Site {
	s := linked(name)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": strings.Replace(confText, "        proxy_pass", "        if (-f /etc/nginx/closed) { return 503; }\n        proxy_pass", 1)}
	return s
}

// edge has a cache of its own before the whole site, as a CDN is.
func edge(name string) Site {
	s := linked(name)
	s.Server, s.Listen = "www."+name+".example", "8080"
	s.Args = []string{"--url", "http://www." + name + ".example:8080/"}
	s.Conf = map[string]string{
		"conf.d/" + name + ".conf": strings.Replace(confText, "listen {{.Listen}};", "listen 80;", 1),
		"conf.d/edge.conf": `proxy_cache_path /var/cache/nginx/edge keys_zone=edge:1m inactive=1d;
server {
    listen {{.Listen}};
    location / {
        proxy_cache edge;
        proxy_cache_valid 200 1h;
        add_header X-Cache $upstream_cache_status always;
        proxy_pass http://127.0.0.1:80;
        proxy_set_header Host $host;
    }
}
`,
	}
	s.First = sh(`mkdir -p /var/cache/nginx`)
	return s
}

// balanced has two instances of one template unit behind it.
func balanced(name string) Site {
	s := checkout(name, "unix:/run/"+name+"-1/s.sock")
	s.Unit = name + "@1.service"
	s.UnitText = strings.NewReplacer("RuntimeDirectory={{.}}", "RuntimeDirectory={{$.Name}}-%i", "{{.Exec}}",
		"/usr/bin/gunicorn --workers 2 --bind unix:/run/{{.Name}}-%i/s.sock {{.Main}}").Replace(unitText)
	s.Conf = map[string]string{"conf.d/" + name + ".conf": strings.Replace(confText, "    server {{.Address}} fail_timeout=0;",
		"    server unix:/run/{{.Name}}-1/s.sock;\n    server unix:/run/{{.Name}}-2/s.sock;", 1)}
	s.First = sh(`systemctl start {{.Name}}@2`)
	return s
}

// elsewhere has a second server behind it that is not on this box.
func elsewhere(name string) Site {
	s := linked(name)
	s.Bind = "127.0.0.1:8790"
	s.Conf = map[string]string{"conf.d/" + name + ".conf": strings.Replace(confText, "fail_timeout=0;", "max_fails=1 fail_timeout=1h;\n    server 192.0.2.17:8790 weight=1 max_fails=1 fail_timeout=1h;", 1)}
	return s
}
