package practice

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// site is how one site is laid out. Layouts differ on purpose: nothing that looks at the
// box may depend on a name or a place.
type site struct {
	box *Box
	// name is the package and the unit; domain the public name.
	name, domain string
	// base is where the deploy works; kind says what stands in it.
	base    string
	kind    layout
	account string
	unit    string
	venv    string
	bind    string
	workers int
	// module is the --app; source is how the code is written.
	module string
	source source
	// flags and unitExtra are further options of Gunicorn and lines of the unit.
	flags     string
	unitExtra string
	directory string
	// locations are further lines of the server block, and upstream what stands before
	// it; both may name {root}.
	locations string
	upstream  string
	pass      string
}

// layout is how a deploy lays out its directory.
type layout int

// Releases side by side, with a current link or with the unit naming one of them; a git
// checkout; files copied over each other.
const (
	linked layout = iota
	dated
	checkout
	copied
)

// release is one state of the code.
type release struct {
	// id names it: the release directory, or the short commit.
	id     string
	commit string
	// headline is what the code shows, and look the word in template and stylesheet.
	headline string
	look     string
}

// root is where the code of the active release is reached.
func (s *site) root() string {
	switch s.kind {
	case linked:
		return s.base + "/current"
	case dated:
		return s.directory
	}
	return s.base
}

func (s *site) releasePath(r release) string {
	if s.kind == linked || s.kind == dated {
		return path.Join(s.base, "releases", r.id)
	}
	return s.base
}

// release makes a release with the id that this layout gives it at the present time.
func (s *site) release(headline, look string) release {
	commit := commitNamed(s.name + headline + look)
	made := release{id: s.box.clock.time().UTC().Format("20060102150405"), commit: commit, headline: headline, look: look}
	if s.kind == checkout {
		made.id = commit[:7]
	}
	return made
}

// announce says that a release is part of the story: the word by which it shows.
func (s *site) announce(r release, word string) {
	s.box.editions = append(s.box.editions, edition{r.id, word})
}

// upload writes a release's files as the deploy does.
func (s *site) upload(r release) { s.uploadTo(s.releasePath(r), r) }

func (s *site) uploadTo(top string, r release) {
	if s.box.find(s.base) == nil {
		s.box.account(s.account)
		s.box.makeDirectory(s.base)
		s.box.own(s.base, s.account)
	}
	files := s.source.files(s.name, r)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		content := files[name]
		if found := s.box.find(path.Join(top, name)); found == nil || string(found.content) != content {
			s.box.replace(path.Join(top, name), content)
		}
	}
	switch {
	case s.kind == checkout && s.box.find(path.Join(top, ".git")) == nil:
		s.box.gitClone(top, r.commit, "git@git.example:team/"+s.name+".git")
	case s.kind == checkout:
		s.box.gitPull(top, r.commit)
	case s.kind == linked || s.kind == dated:
		s.box.replace(path.Join(top, "REVISION"), r.commit+"\n")
	}
}

// activate points the current link at a release, as a deploy should: a new link beside
// it, renamed over the old one.
func (s *site) activate(r release) {
	if s.kind == linked {
		s.box.link("releases/"+r.id, s.base+"/current")
	}
}

// equip makes the virtualenv.
func (s *site) equip() { s.box.virtualenv(s.venv, s.account) }

func (b *Box) virtualenv(directory, account string) {
	packages := path.Join(directory, "lib/python3.13/site-packages")
	for _, name := range []string{"flask", "jinja2", "werkzeug", "gunicorn", "celery"} {
		b.write(path.Join(packages, name, "__init__.py"), "\"\"\"Installed by pip.\"\"\"\n")
	}
	b.write(path.Join(directory, "pyvenv.cfg"), "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.13.5\nexecutable = /usr/bin/python3.13\n")
	b.makeDirectory(path.Join(directory, "bin"))
	b.link("/usr/bin/python3", path.Join(directory, "bin/python3"))
	b.link("python3", path.Join(directory, "bin/python"))
	shebang := "#!" + path.Join(directory, "bin/python3") + "\n"
	b.script(path.Join(directory, "bin/gunicorn"), shebang+"import sys\nfrom gunicorn.app.wsgiapp import run\nsys.exit(run())\n")
	b.script(path.Join(directory, "bin/celery"), shebang+"import sys\nfrom celery.__main__ import main\nsys.exit(main())\n")
	b.account(account)
	b.own(directory, account)
}

// unitText is the unit that starts the site.
func (s *site) unitText() string {
	directory := s.directory
	if directory == "" {
		directory = s.root()
	}
	return fill(`[Unit]
Description=Gunicorn for {name}
After=network.target

[Service]
Type=notify
User={account}
Group={account}
RuntimeDirectory={runtime}
WorkingDirectory={directory}
{extra}ExecStart={venv}/bin/gunicorn --workers {workers} --bind {bind} {flags}{module}
ExecReload=/bin/kill -s HUP $MAINPID
Restart=on-failure

[Install]
WantedBy=multi-user.target
`, "{name}", s.name, "{account}", s.account, "{runtime}", strings.TrimSuffix(strings.ReplaceAll(s.unit, "@", "-"), ".service"), "{directory}", directory, "{extra}", s.unitExtra,
		"{venv}", s.venv, "{workers}", number(s.workers), "{bind}", s.bind, "{flags}", s.flags, "{module}", s.module)
}

// unitFile is where the unit stands: that of an instance is its template.
func (s *site) unitFile() string {
	names := unitNames(s.unit)
	return "/etc/systemd/system/" + names[len(names)-1]
}

// nginxFile is where the server block stands.
func (s *site) nginxFile() string { return "/etc/nginx/sites-available/" + s.domain }

func (s *site) serverText() string {
	pass := s.pass
	if pass == "" {
		pass = "http://" + s.bind
	}
	locations := s.locations
	if locations == "" {
		locations = "    location /static/ {\n        alias {root}{below}/{name}/static/;\n    }\n\n"
	}
	return fill(s.upstream+`server {
    listen 80;
    listen [::]:80;
    server_name {domain};

`+locations+`    location / {
        proxy_pass {pass};
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
}
`, "{domain}", s.domain, "{below}", s.source.path(), "{root}", s.root(), "{name}", s.name, "{pass}", pass, "{bind}", s.bind)
}

// install puts unit and server block on the box and starts both: the site goes live.
func (s *site) install() {
	s.box.write(s.unitFile(), s.unitText())
	s.box.service(s.unit).start()
	s.serve()
}

// serve puts the server block on the box and has Nginx take it.
func (s *site) serve() {
	s.box.write(s.nginxFile(), s.serverText())
	s.box.link(s.nginxFile(), "/etc/nginx/sites-enabled/"+s.domain)
	s.box.publish(s.domain)
	web := s.box.service("nginx.service")
	if web.active == "active" {
		s.box.nginx.reload()
		return
	}
	web.start()
}

// publish makes a public name lead to the box; the last one is the story's own.
func (b *Box) publish(domain string) {
	b.site = domain
	b.fronts[domain] = &front{box: b, name: domain, cached: map[string]cachedAnswer{}}
}

// history sets the clock to some time before the present.
func (s *site) history(ago time.Duration) { s.box.clock.back(ago) }

func packed(content string) string {
	var buffer bytes.Buffer
	writer := gzip.NewWriter(&buffer)
	_, _ = io.WriteString(writer, content)
	_ = writer.Close()
	return buffer.String()
}

// unpacked is the body of an answer as the client sees it.
func unpacked(given answer) string {
	if given.header.Get("Content-Encoding") != "gzip" {
		return string(given.body)
	}
	reader, err := gzip.NewReader(bytes.NewReader(given.body))
	if err != nil {
		return ""
	}
	var text strings.Builder
	_, _ = io.Copy(&text, io.LimitReader(reader, 1<<20))
	return text.String()
}
