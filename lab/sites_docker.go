package lab

// Sites whose app runs in a container of a Compose project.

const dockerfile = `FROM pybase
WORKDIR /app
COPY . /app
CMD ["/usr/bin/gunicorn", "--workers", "2", "--bind", "0.0.0.0:8000", "{{.Main}}"]
`

const composeText = `services:
  {{.Compose}}:
    build: .
    restart: unless-stopped
    env_file: [site.env]
    ports: ["{{.Bind}}:8000"]
`

// composed is built into an image from a directory that rsync copies over.
func composed(name, service, bind string) Site {
	return Site{
		Name: name, Kind: Copied, Base: "/srv/" + name, User: "deploy", Bind: bind, Compose: service,
		App: App{Marker: JSONMarker, Ident: InFile},
		Files: map[string]string{
			"/srv/" + name + "/Dockerfile":    dockerfile,
			"/srv/" + name + "/compose.yaml":  composeText,
			"/srv/" + name + "/site.env":      "APP_MODE=plain\nSECRET_KEY=hunter2\n",
			"/srv/" + name + "/.dockerignore": "site.env\ncompose.yaml\n",
			// Compose has its images built by the daemon itself: there is no other builder here.
			"/etc/docker/daemon.json": `{"features": {"buildkit": false}}` + "\n",
		},
	}
}

// mounted has its source mounted into the container.
func mounted(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/compose.yaml"] = composeText + "    volumes: [\"./:/app\"]\n"
	return s
}

// volumed keeps its static files in a named volume.
func volumed(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/compose.yaml"] = composeText + "    volumes: [\"assets:/app/static\"]\nvolumes:\n  assets: {}\n"
	s.Conf = map[string]string{"conf.d/" + name + ".conf": "server {\n    listen 80;\n    server_name {{.Server}};\n" +
		"    location / {\n        proxy_pass http://{{.Bind}};\n        proxy_set_header Host $host;\n    }\n}\n"}
	return s
}
