package lab

import (
	"context"
	"strings"
)

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

// anonymous keeps all of the image's files in a volume that Docker names itself.
func anonymous(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/compose.yaml"] = composeText + "    volumes: [\"/app\"]\n"
	return s
}

// fileMounted has Gunicorn's configuration mounted as a single file.
func fileMounted(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/site.env"] = "SECRET_KEY=hunter2\n"
	s.Files["/srv/"+name+"/gunicorn.conf.py"] = "raw_env = ['APP_MODE=plain']\n"
	s.Files["/srv/"+name+"/compose.yaml"] = composeText + "    volumes: [\"./gunicorn.conf.py:/app/gunicorn.conf.py:ro\"]\n"
	return s
}

// linkMounted has the live release mounted, by the link that chooses it.
func linkMounted(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Kind = Linked
	s.Files["/srv/"+name+"/.dockerignore"] = "*\n"
	s.Files["/srv/"+name+"/compose.yaml"] = composeText + "    volumes: [\"./current:/app\"]\n"
	return s
}

// replicated runs two containers of its service, each at a port of its own.
func replicated(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/compose.yaml"] = `services:
  {{.Compose}}:
    build: .
    deploy: {replicas: 2}
    env_file: [site.env]
    ports: ["127.0.0.1:8020-8021:8000"]
`
	s.Conf = map[string]string{"conf.d/" + name + ".conf": "upstream both { server 127.0.0.1:8020; server 127.0.0.1:8021; }\n" +
		"server {\n    listen 80;\n    server_name {{.Server}};\n    location / {\n        proxy_pass http://both;\n        proxy_set_header Host $host;\n    }\n}\n"}
	return s
}

// composeElsewhere has a Compose file of another name, in a directory of its own, which
// flasktui is told and nothing else.
func composeElsewhere(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/deploy/stack.yml"] = "name: " + name + "\n" + strings.Replace(strings.ReplaceAll(composeText, "site.env", "../site.env"), "build: .", "build: ..", 1)
	delete(s.Files, "/srv/"+name+"/compose.yaml")
	s.Stack = "deploy/stack.yml"
	s.Bare, s.Args = true, []string{"--compose-file", "/srv/" + name + "/deploy/stack.yml"}
	return s
}

// twoFiles has a Compose file for production, which flasktui is told, and one to develop with
// under the name that Compose takes by itself.
func twoFiles(name, service, bind string) Site {
	s := composed(name, service, bind)
	base := "/srv/" + name + "/"
	s.Files[base+"docker-compose.prod.yml"] = s.Files[base+"compose.yaml"]
	s.Files[base+"docker-compose.yml"] = strings.Replace(composeText, "env_file: [site.env]", "environment: {APP_MODE: trial}", 1)
	delete(s.Files, base+"compose.yaml")
	s.Stack = "docker-compose.prod.yml"
	s.Args = []string{"--compose-file", base + "docker-compose.prod.yml"}
	return s
}

// withWorker has a service beside the site's that runs the same app without a socket, from
// the same image, and one from an image of its own.
func withWorker(name, service, bind string) Site {
	s := composed(name, service, bind)
	s.Files["/srv/"+name+"/compose.yaml"] = composeText + `    image: ` + name + `-app
  jobs:
    image: ` + name + `-app
    command: ["python3", "-c", "import time, {{.App.Module}}; time.sleep(1000000)"]
    init: true
  mail:
    build: .
    command: ["python3", "-c", "import time, {{.App.Module}}; time.sleep(1000000)"]
    init: true
`
	return s
}

// rootless runs in a Docker of its user's own.
func rootless(name, service, bind, user string) Site {
	s := composed(name, service, bind)
	s.Rootless, s.User, s.Base = true, user, "/home/"+user+"/"+name
	files := map[string]string{}
	for file, text := range s.Files {
		files[strings.Replace(file, "/srv/", "/home/"+user+"/", 1)] = text
	}
	s.Files = files
	s.Conf = map[string]string{"conf.d/" + name + ".conf": "server {\n    listen 80;\n    server_name {{.Server}};\n" +
		"    location / {\n        proxy_pass http://{{.Bind}};\n        proxy_set_header Host $host;\n    }\n}\n"}
	return s
}

// ownCompose is a command of Compose that the site's user gives their own Docker.
func ownCompose(command string) Act {
	return sh(`cd {{.Base}}; runuser -u {{.User}} -- env HOME=/home/{{.User}} DOCKER_HOST=unix:///run/user/$(id -u {{.User}})/docker.sock docker compose ` + command)
}

// cloned has the build clone the repository, of which the box has a checkout as well. Its
// stack lies elsewhere, and has a file that is copied after the clone.
func cloned(name, service, bind string) Site {
	s := composed(name, service, bind)
	stack := "/opt/stacks/" + name + "/"
	s.Kind, s.Stack = Checkout, stack+"compose.yaml"
	s.App.Ident = InCode
	s.First = sh(`runuser -u {{.User}} -- git daemon --reuseaddr --detach --export-all --base-path=/var/lib/git`)
	s.Files = map[string]string{
		stack + "Dockerfile": "FROM pybase\nRUN git clone -q --depth 1 git://127.0.0.1/" + name + ".git /code\nWORKDIR /code\nCOPY gunicorn.conf.py /code/\n" +
			"CMD [\"/usr/bin/gunicorn\", \"--bind\", \"0.0.0.0:8000\", \"{{.Main}}\"]\n",
		stack + "gunicorn.conf.py": "workers = 2\n",
		stack + "compose.yaml": "name: " + name + "\n" + `services:
  {{.Compose}}:
    build: {context: ., network: host}
    ports: ["{{.Bind}}:8000"]
`,
		"/etc/docker/daemon.json": s.Files["/etc/docker/daemon.json"],
	}
	s.Args = []string{"--app-dir", "/srv/" + name}
	return s
}

// askFor has flasktui be asked for another service from here on.
func askFor(service string) Act {
	return func(_ context.Context, c *Case) error {
		c.Site.Bare, c.Site.Args = true, []string{service}
		return nil
	}
}
