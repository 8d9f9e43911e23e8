package lab

import "maps"

// Sites whose Compose project brings an Nginx of its own. The box has none that runs.

// frontMain is a whole nginx.conf.
const frontMain = `user www-data;
events {}
http {
    include /etc/nginx/mime.types;
    include /etc/nginx/conf.d/*.conf;
}
`

// frontConf is the server block for the site, by the name of its service.
const frontConf = `upstream app {
    server {{.Compose}}:8000;
}
server {
    listen 80;
    server_name {{.Server}};
    location / {
        proxy_pass http://app;
        proxy_set_header Host $host;
    }
}
`

// frontWhole is a configuration in one file, which serves the static files itself and names
// the service in proxy_pass.
func frontWhole(assets string) string {
	return `user www-data;
events {}
http {
    include /etc/nginx/mime.types;
    server {
        listen 8080 default_server;
        location /static/ {
            alias ` + assets + `;
        }
        location / {
            proxy_pass http://{{.Compose}}:8000/;
            proxy_set_header Host $http_host;
        }
    }
}
`
}

// fronted is a site behind an Nginx of the same project, at a port of the box. frontend is
// the rest of that service in the Compose file, volumes what the app has mounted.
func fronted(name, service, listen, frontend, volumes string, files map[string]string) Site {
	s := composed(name, service, "127.0.0.1:1")
	s.Listen, s.Conf = listen, map[string]string{}
	s.Files["/srv/"+name+"/compose.yaml"] = `services:
  {{.Compose}}:
    build: .
    restart: unless-stopped
    env_file: [site.env]
    expose: ["8000"]
` + volumes + `  proxy:
    restart: unless-stopped
    depends_on: [{{.Compose}}]
    command: ["nginx", "-g", "daemon off;"]
` + frontend
	maps.Copy(s.Files, files)
	return s
}

// frontMounted has its configuration mounted as two files.
func frontMounted(name, service, listen string) Site {
	return fronted(name, service, listen, `    image: pybase
    ports: ["`+listen+`:80"]
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro", "./site.conf:/etc/nginx/conf.d/site.conf:ro"]
`, "", map[string]string{"/srv/" + name + "/nginx.conf": frontMain, "/srv/" + name + "/site.conf": frontConf})
}

// frontBuilt has it in an image of its own, and a network besides the default one.
func frontBuilt(name, service, listen string) Site {
	return fronted(name, service, listen, `    build: ./proxy
    container_name: `+name+`_edge
    ports: ["127.0.0.1:`+listen+`:80"]
    networks: [default, outside]
networks:
  outside: {}
`, "", map[string]string{
		"/srv/" + name + "/proxy/Dockerfile": "FROM pybase\nCOPY nginx.conf /etc/nginx/nginx.conf\nCOPY site.conf /etc/nginx/conf.d/site.conf\n",
		"/srv/" + name + "/proxy/nginx.conf": frontMain, "/srv/" + name + "/proxy/site.conf": frontConf,
	})
}

// frontAssetsMounted serves static files from a directory that its configuration names, a
// file mounted by itself.
func frontAssetsMounted(name, service, listen string) Site {
	s := fronted(name, service, listen, `    image: pybase
    ports: ["`+listen+`:8080"]
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro", "./:/site:ro"]
`, "", map[string]string{"/srv/" + name + "/nginx.conf": frontWhole("/site/assets-1/")})
	s.First = sh(`cp -r {{.Base}}/static {{.Base}}/assets-1`)
	return s
}

// frontVolume shares the static files of the image with its Nginx by a named volume.
func frontVolume(name, service, listen string) Site {
	s := fronted(name, service, listen, `    image: pybase
    ports: ["`+listen+`:8080"]
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro", "assets:/srv/assets:ro"]
volumes:
  assets: {}
`, "    volumes: [\"assets:/app/static\"]\n", map[string]string{"/srv/" + name + "/nginx.conf": frontWhole("/srv/assets/")})
	s.Args = []string{"--url", "http://" + name + ".example:" + listen + "/"}
	return s
}

// namedOnBox is reached by the box's own Nginx by a name, which /etc/hosts leads to the
// container's address: nothing is published.
func namedOnBox(name, service, network string) Site {
	s := composed(name, service, "127.0.0.1:1")
	s.Files["/srv/"+name+"/compose.yaml"] = `services:
  {{.Compose}}:
    build: .
    env_file: [site.env]
networks:
  default:
    ipam: {config: [{subnet: ` + network + `.0/24}]}
`
	s.Conf = map[string]string{"conf.d/" + name + ".conf": "upstream " + name + " {\n    server " + name + ".internal:8000;\n}\nserver {\n    listen 80;\n    server_name {{.Server}};\n" +
		"    location / {\n        proxy_pass http://" + name + ";\n        proxy_set_header Host $host;\n    }\n}\n"}
	s.First = sh("echo " + network + ".2 " + name + ".internal >> /etc/hosts")
	return s
}

// frontBehindEdge has the box's own Nginx before that of the project.
func frontBehindEdge(name, service, port string) Site {
	s := frontMounted(name, service, port)
	s.Listen = "80"
	s.Conf = map[string]string{"conf.d/" + name + ".conf": "server {\n    listen 80;\n    server_name {{.Server}};\n" +
		"    location / {\n        proxy_pass http://127.0.0.1:" + port + ";\n        proxy_set_header Host $host;\n    }\n}\n"}
	return s
}
