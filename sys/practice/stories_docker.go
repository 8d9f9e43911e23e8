package practice

// A story about a site in a container: the checkout was pulled, and the image was not
// built again.

func containerStale(box *Box) {
	s := &site{
		box: box, name: "atelier", domain: "atelier.example", base: "/srv/atelier", kind: checkout, account: "deploy",
		bind: "127.0.0.1:8080", locations: "\n",
		source: source{marker: markerInCode, version: "/version", key: "release"},
	}
	s.history(5 * day)
	old := s.release("The spring collection", "spring")
	s.announce(old, "spring")
	box.startDocker()
	box.docker.project = composeProject{name: "atelier", file: s.base + "/compose.yaml"}
	s.upload(old)
	box.write(s.base+"/Dockerfile", "FROM python:3.13-slim\nWORKDIR /app\nCOPY . /app\nRUN pip install -r requirements.txt\n"+
		"CMD [\"gunicorn\", \"--bind\", \"0.0.0.0:8000\", \"--workers\", \"2\", \"wsgi:app\"]\n")
	box.write(s.base+"/.env", "FLASK_ENV=production\n")
	box.write(box.docker.project.file, `services:
  web:
    build: .
    image: atelier-web
    command: /usr/local/bin/gunicorn --bind 0.0.0.0:8000 --workers 2 wsgi:app
    env_file: .env
    ports:
      - "127.0.0.1:8080:8000"
    restart: unless-stopped
`)
	service, _ := box.docker.project.read(box)
	box.docker.build(service.build, service.image)
	box.docker.create(service, service.hash())
	s.serve()
	s.history(17 * minute)
	next := s.release("The autumn collection", "autumn")
	s.announce(next, "autumn")
	s.upload(next)
}
