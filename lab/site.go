package lab

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"text/template"
)

// Kind is how a deploy puts a release on the box.
type Kind int

// The kinds of deploy.
const (
	Linked   Kind = iota // a directory for each release, and a link to the one that is live
	Checkout             // git pull in place
	Copied               // rsync in place
)

// Site is a Flask site on a box: where it lies, which unit runs it and how
// Nginx reaches it. The zero value of a field is the common choice.
type Site struct {
	Name     string // of the app and its files
	Unit     string // "shop.service", "app@blue.service"
	User     string
	Base     string // what deploys write below
	Kind     Kind
	Releases string // of a linked site: the directory of its releases, "releases"
	Link     string // of a linked site: the link to the live one, "current"
	Bind     string // as Gunicorn is told: "unix:/run/shop/shop.sock", "127.0.0.1:8000"
	Server   string // server_name
	Listen   string // what Nginx listens on; "80"
	Workers  int    // 2
	App      App
	Program  string   // of a site under supervisord: its program; the unit is supervisord's
	Compose  string   // of a site in a container: the Compose service; the project is Name
	Stack    string   // of a site in a container: its Compose file, where that has a name of its own
	Rootless bool     // of a site in a container: its user runs a Docker of their own
	Layer    string   // the packages of its box's second layer: layerPackages, podmanPackages
	Hand     string   // how the site is started, where none of its own units does it: a script
	Venv     string   // a virtualenv apart; without one the system's Gunicorn
	Work     string   // WorkingDirectory, where it is not the live release
	Gunicorn []string // further arguments
	Service  []string // further lines of [Service]
	IDs      [2]string
	Words    [2]string // of the releases; of different lengths, or Python itself may take one file for the other

	// Texts of files, each a template over the site.
	UnitText string
	Conf     map[string]string // Nginx's files, by their path below /etc/nginx
	Files    map[string]string // further files of the box

	First Act // what happens between the first deploy and the first start

	Args []string // what flasktui is told besides the service
	Bare bool     // flasktui is not told the service, it has to find it
}

const unitText = `[Unit]
Description={{.Name}} site
After=network.target

[Service]
Type=notify
User={{.User}}
{{with .Runtime}}RuntimeDirectory={{.}}
{{end}}WorkingDirectory={{.WorkDir}}
ExecStart={{.Exec}}
ExecReload=/bin/kill -s HUP $MAINPID
TimeoutStopSec=10
{{range .Service}}{{.}}
{{end}}
[Install]
WantedBy=multi-user.target
`

const confText = `upstream {{.Name}}_backend {
    server {{.Address}} fail_timeout=0;
}

server {
    listen {{.Listen}};
    server_name {{.Server}};

    location /static/ {
        alias {{.Live}}/{{.StaticDir}}/;
    }

    location / {
        proxy_pass http://{{.Name}}_backend;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
}
`

// defaults fills in what a site leaves to custom, and the templates in its
// own fields.
func (s Site) defaults() (Site, error) {
	set := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	set(&s.Unit, s.Name+".service")
	set(&s.User, "web")
	set(&s.Base, "/srv/"+s.Name)
	set(&s.Releases, "releases")
	set(&s.Link, "current")
	set(&s.Bind, "unix:/run/"+s.Name+"/"+s.Name+".sock")
	set(&s.Server, s.Name+".example")
	set(&s.Listen, "80")
	set(&s.App.Module, "wsgi")
	set(&s.App.Callable, "app")
	set(&s.IDs[0], "20250901101500")
	set(&s.IDs[1], "20250908164200")
	set(&s.Words[0], "spring")
	set(&s.Words[1], "harvest")
	set(&s.UnitText, unitText)
	if s.Workers == 0 {
		s.Workers = 2
	}
	if s.Conf == nil {
		s.Conf = map[string]string{"conf.d/" + s.Name + ".conf": confText}
	}
	s.Gunicorn, s.Service = slices.Clone(s.Gunicorn), slices.Clone(s.Service)
	fields := []*string{&s.Work, &s.Venv}
	for _, list := range [][]string{s.Gunicorn, s.Service} {
		for i := range list {
			fields = append(fields, &list[i])
		}
	}
	for _, field := range fields {
		filled, err := fill(*field, s)
		if err != nil {
			return s, fmt.Errorf("site %s: %w", s.Name, err)
		}
		*field = filled
	}
	return s, nil
}

// Live is the directory that holds the live release, by the name that people use.
func (s Site) Live() string {
	if s.Kind == Linked {
		return path.Join(s.Base, s.Link)
	}
	return s.Base
}

// ReleaseDir is the directory of one release of a linked site.
func (s Site) ReleaseDir(id string) string { return path.Join(s.Base, s.Releases, id) }

// WorkDir is the unit's WorkingDirectory.
func (s Site) WorkDir() string {
	if s.Work != "" {
		return s.Work
	}
	return s.Live()
}

// StaticDir is the directory of the static files within a release.
func (s Site) StaticDir() string { return path.Join(s.App.dir(), "static") }

// Socket is the path of the unix socket, when there is one.
func (s Site) Socket() string {
	socket, ok := strings.CutPrefix(s.Bind, "unix:")
	if !ok {
		return ""
	}
	return socket
}

// Address is the socket or port as Nginx names it in an upstream block.
func (s Site) Address() string { return s.Bind }

// Runtime is the RuntimeDirectory that the socket needs.
func (s Site) Runtime() string {
	dir, ok := strings.CutPrefix(path.Dir(s.Socket()), "/run/")
	if !ok {
		return ""
	}
	return dir
}

// Exec is the unit's command line.
func (s Site) Exec() string {
	program := "/usr/bin/gunicorn"
	if s.Venv != "" {
		program = s.Venv + "/bin/gunicorn"
	}
	argv := []string{program, "--workers", fmt.Sprint(s.Workers), "--bind", s.Bind}
	return strings.Join(append(append(argv, s.Gunicorn...), s.App.module()), " ")
}

// UnitPath is the unit's file; an instance's is its template's.
func (s Site) UnitPath() string {
	name, _, instance := strings.Cut(s.Unit, "@")
	if !instance {
		return "/etc/systemd/system/" + s.Unit
	}
	return "/etc/systemd/system/" + name + "@.service"
}

// files are all the files of the box that the site brings besides its releases.
func (s Site) files() (map[string]string, error) {
	texts := map[string]string{}
	if s.Compose == "" && s.Program == "" && s.Hand == "" {
		texts[s.UnitPath()] = s.UnitText
	}
	for name, text := range s.Conf {
		texts[path.Join("/etc/nginx", name)] = text
	}
	maps.Copy(texts, s.Files)
	for name, text := range texts {
		filled, err := fill(text, s)
		if err != nil {
			return nil, fmt.Errorf("site %s: %s: %w", s.Name, name, err)
		}
		texts[name] = filled
	}
	return texts, nil
}

// fill executes a text over a site or a case.
func fill(text string, over any) (string, error) {
	t, err := template.New("").Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := t.Execute(&out, over); err != nil {
		return "", err
	}
	return out.String(), nil
}

// args are what flasktui is told: the service, unless it has to find it itself.
func (s Site) args() []string {
	if s.Bare {
		return s.Args
	}
	if s.Compose != "" {
		service := "compose:" + s.Name + "/" + s.Compose
		if s.Rootless {
			service += "@" + s.User
		}
		return append([]string{service}, s.Args...)
	}
	if s.Program != "" {
		return append([]string{"supervisor:" + s.Program}, s.Args...)
	}
	return append([]string{s.Unit}, s.Args...)
}

// Dir is the directory of the old release (0) or the new one (1).
func (s Site) Dir(n int) string { return s.ReleaseDir(s.IDs[n]) }

// Main is what Gunicorn imports.
func (s Site) Main() string { return s.App.module() }
