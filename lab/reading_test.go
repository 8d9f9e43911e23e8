package lab

import (
	"context"
	"strings"
	"testing"
	"time"
)

// seedCommit is a commit of root's own, which nobody else may see; what a report shows of a
// commit is its beginning.
const seedCommit = "5eed1e5500000000000000000000000000000000"

// seedRepository is root's own repository, in a directory that is root's alone.
const seedRepository = `umask 077; rm -rf /root/vault; mkdir -p /root/vault/.git/refs/heads /root/vault/.git/objects /root/vault/.git/logs /root/vault/refs; cd /root/vault
echo 'ref: refs/heads/` + seed + `' > .git/HEAD; echo ` + seedCommit + ` > .git/refs/heads/` + seed + `; echo ` + seedCommit + ` > refs/x
printf '` + seedCommit + ` refs/heads/main\n` + seedCommit + ` refs/remotes/origin/main\n' > .git/packed-refs
printf '` + seedCommit + ` ` + seedCommit + ` A <a@b> 1700000000 +0000\tcommit: ` + seed + `\n' > .git/logs/HEAD
printf '` + seed + `-first\n' > seed; umask 022
`

// readings are ways in which the app's own user leads whoever reads as root, each told by
// what it does and how it is undone. What is read as a commit looks like one.
func readings() []hostile {
	const (
		enter = seedRepository + `cd {{.Live}}; `
		git   = enter + `mkdir -p .git/refs/heads .git/objects; `
		given = `; chown -R -h {{.User}}: .git`
		gone  = `rm -rf {{.Live}}/.git /root/vault`
	)
	return []hostile{
		{name: "refs-a-link", undo: gone, does: git + `rmdir .git/refs/heads .git/refs; ln -s /root/vault/refs .git/refs; echo 'ref: refs/x' > .git/HEAD` + given},
		{name: "a-ref-a-link", undo: gone, does: git + `ln -s /root/vault/refs/x .git/refs/heads/main; echo 'ref: refs/heads/main' > .git/HEAD` + given},
		{name: "gitdir-of-roots", undo: gone, does: enter + `echo 'gitdir: /root/vault/.git' > .git` + given},
		{name: "gitdir-of-roots-that-all-may-read", undo: gone + ` /srv/vault`, does: enter + `cp -a /root/vault /srv/; chmod -R a+rX /srv/vault; echo 'gitdir: /srv/vault/.git' > .git` + given},
		{name: "git-a-link-to-roots", undo: gone + ` /srv/vault`, does: enter + `cp -a /root/vault /srv/; chmod -R a+rX /srv/vault; ln -s /srv/vault/.git .git` + given},
		{name: "commondir-of-roots", undo: gone, does: git + `rm -r .git/refs; echo /root/vault/.git > .git/commondir; echo 'ref: refs/heads/main' > .git/HEAD` + given},
		{name: "packed-refs-a-link", undo: gone, does: git + `ln -s /root/vault/.git/packed-refs .git/; echo 'ref: refs/heads/main' > .git/HEAD` + given},
		{name: "the-log-a-link", undo: gone, does: git + `mkdir .git/logs; ln -s /root/vault/.git/logs/HEAD .git/logs/; echo ` + commitOfTheirs + ` > .git/HEAD` + given},
		// As users make them where fs.protected_hardlinks is off; that is the whole machine's.
		{name: "a-second-name-of-roots-file", undo: gone + ` {{.Live}}/REVISION`, does: enter + `ln /root/vault/seed REVISION`},
		{name: "a-second-name-of-roots-ref", undo: gone, does: git + `ln /root/vault/refs/x .git/refs/heads/main; echo 'ref: refs/heads/main' > .git/HEAD; chown {{.User}}: .git .git/refs .git/refs/heads`},
		{name: "roots-own-link-renamed", undo: gone + ` {{.Live}}/REVISION`, does: enter + `ln -s /root/vault/seed settings; runuser -u {{.User}} -- mv settings REVISION`},
		{name: "roots-own-file-renamed", undo: gone + ` {{.Live}}/REVISION`, does: enter + `cp -p /root/vault/seed .secrets; runuser -u {{.User}} -- mv .secrets REVISION`},
		{name: "python-led", undo: gone + ` {{.Live}}/venv`, does: enter + `mkdir -p venv/bin venv/lib/python3.13/site-packages; ln -s /root/vault/seed venv/pyvenv.cfg; ln -s /root/vault/seed venv/lib/python3.13/site-packages/x.pth; chown -R -h {{.User}}: venv`},
		{name: "a-configuration's-chdir", undo: gone + ` {{.Live}}/gunicorn.conf.py`, does: enter + `cp *.py /root/vault/; echo "chdir = '/root/vault'" > gunicorn.conf.py; chown {{.User}}: gunicorn.conf.py`},
		{
			name: "a-huge-log", undo: gone,
			does: git + `mkdir .git/logs; echo ` + commitOfTheirs + ` > .git/HEAD; truncate -s 3G .git/logs/HEAD` + given,
		},
		{
			name: "exchanged", undo: `systemctl stop exchanging; rm -rf {{.Live}}/REVISION {{.Live}}/trap /root/vault`,
			does: enter + `printf '%s\n' ` + commitOfTheirs + ` > REVISION; ln -s /root/vault/seed trap; chown -h {{.User}}: REVISION trap
cat > /usr/local/lib/exchange.py <<'PY'
` + exchanging + `PY
systemd-run --quiet --unit=exchanging -p User={{.User}} python3 /usr/local/lib/exchange.py {{.Live}}/REVISION {{.Live}}/trap`,
		},
	}
}

// commitOfTheirs is a commit that their own files name.
const commitOfTheirs = "0b5e55ed00000000000000000000000000000000"

// TestNobodyLeadsTheReading has the app's own user lead whoever reads as root to what is
// root's alone, by everything that names something else. Nothing of it is told to root, nor
// to somebody whose sudo reads for him.
func TestNobodyLeadsTheReading(t *testing.T) {
	c := prepare(t, "reading", linked("castle"))
	if err := acts(deploy, restart, sh(`chown -R -h {{.User}}: {{.Base}}`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, thing := range readings() {
		t.Run(thing.name, func(t *testing.T) {
			if err := sh(thing.does)(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := sh(thing.undo)(context.WithoutCancel(t.Context()), c); err != nil {
					t.Error(err)
				}
			}()
			looks := 1
			if thing.name == "exchanged" {
				looks = 40
			}
			for range looks {
				for _, person := range []string{"root", "linus"} {
					began := time.Now()
					r := c.as(t, person, "check", "--json", c.Unit)
					if strings.Contains(r.Stdout+r.Stderr, seedCommit[:7]) {
						t.Errorf("%s is told of root's commit:\n%s", person, around(r.Stdout, strings.Index(r.Stdout, seedCommit[:7])))
					}
					holdsNothing(t, person+"'s report", r.Stdout+r.Stderr, false)
					if took := time.Since(began); took > 4*time.Second {
						t.Errorf("it took %s", took)
					}
					if looks == 1 {
						t.Logf("%s: exit %d", person, r.Exit)
					}
				}
			}
			r := c.as(t, "root", "check", c.Unit)
			holdsNothing(t, "the report", r.Stdout+r.Stderr, false)
			t.Log(tail(r.Stdout, 12))
		})
	}
}

// speakingScript is a process that looks like a Gunicorn and says of itself what it likes.
const speakingScript = `cat > /srv/gunicorn <<'PY'
import os, socket
listening = socket.create_server(("127.0.0.1", 8901))
os.fork()
while True:
    asking, _ = listening.accept()
    asking.recv(4096)
    asking.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    asking.close()
PY
`

// TestNoProcessAndNoGroupLeadsTheReading has a user's process say where its code is, and
// members of a group write into what is root's, to lead whoever reads as root.
func TestNoProcessAndNoGroupLeadsTheReading(t *testing.T) {
	const (
		start = `cd /srv; setsid runuser -u {{.User}} -- env `
		speak = `/usr/bin/python3 /srv/gunicorn --bind 127.0.0.1:8901 `
		app   = ` {{.Main}} > /dev/null 2>&1 < /dev/null & sleep 1`
		ended = `while pkill -KILL -f '^/usr/bin/python3 /srv/[g]unicorn'; do sleep 0.1; done; rm -rf {{.Live}}/.git`
		group = `cd {{.Live}}; rm -rf .git; `
	)
	c := prepare(t, "speaking", linked("keep"))
	if err := acts(deploy, restart, sh(seedRepository+speakingScript+`cp {{.Live}}/*.py /root/vault/; chown -R -h root: {{.Base}}; groupadd writers
mkdir /srv/theirs; cp -a /root/vault/. /srv/theirs/; chmod 755 /srv/theirs; chmod 644 /srv/theirs/*.py`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, thing := range []hostile{
		{name: "chdir", does: start + speak + `--chdir /root/vault` + app},
		{name: "pythonpath", does: start + speak + `--pythonpath /root/vault` + app},
		{name: "GUNICORN_CMD_ARGS", does: start + `'GUNICORN_CMD_ARGS=--chdir /root/vault' ` + speak + app},
		{name: "PYTHONPATH", does: start + `PYTHONPATH=/root/vault ` + speak + app},
		{name: "PWD", does: start + `PWD=/root/vault ` + speak + app},
		{name: "its-directory", does: start + `-u PWD -C /srv/theirs ` + speak + app},
		{name: "gitdir-by-a-group", does: group + `echo 'gitdir: /root/vault/.git' > .git; chown root:writers .git; chmod 664 .git`},
		{name: "commondir-by-a-group", does: group + `mkdir -p .git/objects; echo /root/vault/.git > .git/commondir; echo 'ref: refs/heads/` + seed + `' > .git/HEAD; chown -R root:writers .git; chmod -R g+w .git`},
	} {
		t.Run(thing.name, func(t *testing.T) {
			if err := sh(thing.does)(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := sh(ended)(context.WithoutCancel(t.Context()), c); err != nil {
					t.Error(err)
				}
			}()
			pid, err := c.Shell(t.Context(), `pgrep -o -f '^/usr/bin/python3 /srv/gunicorn' || :`)
			if err != nil {
				t.Fatal(err)
			}
			service := c.Unit
			if pid = strings.TrimSpace(pid); pid != "" {
				service = "pid:" + pid
			}
			for _, person := range []string{"root", "linus"} {
				r := c.as(t, person, "check", "--json", service)
				if at := strings.Index(r.Stdout, seedCommit[:7]); at >= 0 || r.Stdout == "" {
					t.Errorf("%s is told of root's commit, or of nothing:\n%s%s", person, around(r.Stdout, at), r.Stderr)
				}
			}
		})
	}
}

// TestALinkInAnImageStaysInside has somebody inside a container plant links to the host's
// files where the release's name is looked for; and an honest image whose own link says it.
func TestALinkInAnImageStaysInside(t *testing.T) {
	const inTheImage = "c0ffee0500000000000000000000000000000000"
	c := prepare(t, "image-reading", composed("depot", "web", "127.0.0.1:8010"))
	// The image alone has the app: what lies beside the Compose file is gone.
	onlyTheImage := sh(`cd {{.Base}}; sed -i 's/build: ./image: depot-web/' compose.yaml; find . -mindepth 1 -maxdepth 1 ! -name compose.yaml ! -name site.env -exec rm -rf {} +; docker compose up -d --quiet-pull 2>&1 | tail -n 3`)
	if err := acts(deploy, onlyTheImage, sh(seedRepository+`printf '`+seed+`-host\n' > /etc/release-id
docker compose -f {{.Base}}/compose.yaml exec -T -u 0 {{.Compose}} sh -euc 'echo `+inTheImage+` > /etc/release-id; ln -sfn /etc/release-id /app/REVISION'`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	look := func(format string) string {
		r := c.as(t, "root", append([]string{"check", "--format", format}, c.Site.args()...)...)
		holdsNothing(t, format, r.Stdout+r.Stderr, false)
		return r.Stdout
	}
	if said := look("json"); !strings.Contains(said, inTheImage[:7]) {
		t.Errorf("nothing is said of what the image's own link leads to:\n%s", around(said, strings.Index(said, "on_disk")))
	}
	for _, target := range []string{"/root/vault/seed", "/proc/1/root/root/vault/seed", "../../../../../root/vault/seed"} {
		if err := sh(`docker compose -f {{.Base}}/compose.yaml exec -T -u 0 {{.Compose}} ln -sfn `+target+` /app/REVISION`)(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{"text", "json", "nagios"} {
			look(format)
		}
	}
}

// TestAContainerDoesNotLeadTheBox has a container's root plant a link in a directory of root's
// that the container shares with the box.
func TestAContainerDoesNotLeadTheBox(t *testing.T) {
	c := prepare(t, "shared-reading", mounted("depot", "web", "127.0.0.1:8010"))
	if err := acts(deploy, sh(seedRepository+`chown -R root: {{.Base}}; docker compose -f {{.Base}}/compose.yaml exec -T -u 0 {{.Compose}} ln -sfn /root/vault/seed /app/REVISION`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "json", "nagios"} {
		r := c.as(t, "root", append([]string{"check", "--format", format}, c.Site.args()...)...)
		holdsNothing(t, format, r.Stdout+r.Stderr, false)
	}
}

// TestToLookNginxIsNotLed has a user who owns one file of Nginx's configuration name a log
// and an include of root's there: to look makes no log, and tells nothing of what is
// included. What the file says beside that is known as before.
func TestToLookNginxIsNotLed(t *testing.T) {
	c := prepare(t, "nginx-led", linked("castle"))
	const own = `mkdir -p /home/grace; touch /home/grace/more.conf; chown -R grace: /home/grace; ln -sfn /home/grace/more.conf /etc/nginx/conf.d/more.conf; systemctl restart nginx; `
	if err := acts(deploy, restart, sh(own+seedFile))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if r := c.as(t, "root", "check", "--json", c.Unit); r.Exit != 0 || !strings.Contains(r.Stdout, "nginx -t was not run as root to look") {
		t.Errorf("exit %d\n%s", r.Exit, tail(r.Stdout, 3))
	}
	for name, lines := range map[string]string{
		"a log":               `access_log /root/made-by-nginx;`,
		"an include":          `access_log /root/made-by-nginx;\ninclude /root/seed;`,
		"an include by links": `include /home/grace/*.part;`,
		"a broken file":       `error_log /root/made-by-nginx; include /root/seed; server {`,
	} {
		if err := sh(`printf '`+lines+`\n' > /home/grace/more.conf; ln -sfn /root/seed /home/grace/a.part; rm -f /root/made-by-nginx`)(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		for _, person := range []string{"root", "linus", "ada"} {
			for _, format := range []string{"json", "text"} {
				r := c.as(t, person, "check", "--format", format, c.Unit)
				holdsNothing(t, name+", "+person+"'s report", r.Stdout+r.Stderr, false)
			}
		}
		if out, err := c.Shell(t.Context(), `ls /root/made-by-nginx 2> /dev/null || true`); err != nil || out != "" {
			t.Errorf("%s: it was made: %s %v", name, out, err)
		}
	}
}
