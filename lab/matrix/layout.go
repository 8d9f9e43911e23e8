package matrix

import "strings"

// layout is how a site lies on its box and is run.
type layout struct {
	name     string
	pkg      string // its package; its unit is called so, too
	base     string
	tree     string // the tree that is imported, by the name that people use
	release  [2]string
	owner    string // who owns the tree and deploys
	user     string // who runs the site; leaves bytecode where it is the owner
	venv     string
	work     string // the unit's directory
	gunicorn string // further arguments of Gunicorn
	port     string
	linked   bool // tree is a link to one of several releases
	checkout bool // tree is a clone of a repository
	moves    bool // tree may be exchanged for another directory
	packaged bool // tree is the virtualenv's site-packages
	mounted  bool // tree is mounted into a container
}

func layouts() []layout {
	const first, then = "3f1c9a7b52e08d4466c1f0a9be7725d0c48e1a63", "b90d72e4415cfa3380e6d1978c52ab6f04e7d921"
	all := []layout{
		{
			name: "links", pkg: "pottery", base: "/srv/pottery", tree: "/srv/pottery/current", linked: true,
			release: [2]string{"20251103094500", "20251120100000"}, owner: "deploy", user: "web",
			venv: "/srv/pottery/shared/venv", work: "/", gunicorn: "--chdir /srv/pottery/current ", port: "8411",
		},
		{
			name: "commits", pkg: "ferry", base: "/opt/ferry", tree: "/opt/ferry/live", linked: true,
			release: [2]string{first, then}, owner: "web", user: "web", venv: "/opt/venvs/ferry", work: "/opt/ferry/live", port: "8412",
		},
		{
			name: "checkout", pkg: "almanac", base: "/home/app/almanac", tree: "/home/app/almanac", checkout: true,
			release: [2]string{"1.4.0", "1.5.0"}, owner: "app", user: "app",
			venv: "/home/app/almanac/.venv", work: "/home/app/almanac", port: "8413",
		},
		{
			name: "preload", pkg: "tavern", base: "/var/www/tavern", tree: "/var/www/tavern", moves: true,
			release: [2]string{"1.4.0", "1.5.0"}, owner: "deploy", user: "web",
			venv: "/opt/venvs/tavern", work: "/var/www/tavern", gunicorn: "--preload ", port: "8414",
		},
		{
			name: "package", pkg: "windmill", base: "/opt/venvs/windmill", tree: "$PACKAGES", packaged: true,
			release: [2]string{"1.4.0", "1.5.0"}, owner: "root", user: "web", venv: "/opt/venvs/windmill", work: "/var/lib/windmill", port: "8415",
		},
		{
			name: "mount", pkg: "bakery", base: "/srv/bakery", tree: "/srv/bakery/app", moves: true, mounted: true,
			release: [2]string{"1.4.0", "1.5.0"}, owner: "deploy", user: "deploy", venv: "/opt/venvs/bakery", port: "8416",
		},
	}
	return all
}

// module is what Gunicorn imports.
func (at layout) module() string {
	if at.packaged {
		return at.pkg
	}
	return "wsgi"
}

// site is one of the two states of the site, under a label.
func (at layout) site(of label, brings change, newer bool) site {
	s := site{pkg: at.pkg, label: of, release: at.release[0]}
	if at.packaged {
		s.in = at.pkg
	}
	if newer {
		s.change = brings
		if of.bumped {
			s.release = at.release[1]
		}
	}
	return s
}

// service is the site as flasktui is told it.
func (at layout) service() string {
	if at.mounted {
		return "compose:" + at.pkg + "/web"
	}
	return at.pkg
}

// runner is the file that says how the site is run, and where that lies.
func (at layout) runner(of label) (path, text string) {
	if at.mounted {
		return at.base + "/compose.yaml", at.compose(of)
	}
	return "/etc/systemd/system/" + at.pkg + ".service", at.unit(of)
}

// unit is the site's unit.
func (at layout) unit(of label) string {
	environment := ""
	if of.source == variable {
		environment = "Environment=APP_RELEASE=" + at.release[0] + "\n"
	}
	return "[Unit]\nDescription=The " + at.pkg + "\nStartLimitIntervalSec=0\n\n[Service]\nType=notify\nUser=" + at.user + "\nWorkingDirectory=" + at.work + "\n" + environment +
		"ExecStart=" + at.venv + "/bin/gunicorn --workers 2 --bind 127.0.0.1:" + at.port + " " + at.gunicorn + at.module() + ":app\n" +
		"ExecReload=/bin/kill -s HUP $MAINPID\n"
}

// compose is the site's Compose file.
func (at layout) compose(of label) string {
	environment := ""
	if of.source == variable {
		environment = "    environment: {APP_RELEASE: \"" + at.release[0] + "\"}\n"
	}
	return "services:\n  web:\n    build: image\n    ports: [\"127.0.0.1:" + at.port + ":8000\"]\n    working_dir: /app\n    volumes: [\"./app:/app\"]\n" +
		"    command: /usr/bin/gunicorn --workers 2 --bind 0.0.0.0:8000 wsgi:app\n" + environment
}

// front is Nginx's part.
func (at layout) front() string {
	return "server {\n    listen 80;\n    server_name " + at.pkg + ".example;\n    location / {\n        proxy_pass http://127.0.0.1:" + at.port +
		";\n        proxy_set_header Host $host;\n    }\n}\n"
}

// words are the names that the scripts use, as assignments of sh.
func (at layout) words(changed []string) string {
	direct := at.tree
	if at.linked {
		direct = at.base + "/" + map[bool]string{true: "releases", false: "builds"}[at.name == "links"] + "/"
	}
	old, next := direct, direct
	if at.linked {
		old, next = direct+at.release[0], direct+at.release[1]
	}
	return "set -eu; PKG=" + at.pkg + " BASE=" + at.base + " VENV=" + at.venv + "; PACKAGES=$(echo $VENV/lib/python3.*/site-packages)\n" +
		"TREE=" + at.tree + " FIRST=" + old + " NEXT=" + next + " OWNER=" + at.owner + " STOCK=/var/lib/stock PORT=" + at.port + " CHANGED='" + strings.Join(changed, " ") + "'\n" +
		map[bool]string{true: byDocker, false: byUnit}[at.mounted]
}
