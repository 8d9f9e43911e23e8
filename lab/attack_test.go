package lab

import (
	"cmp"
	"context"
	"testing"
)

// seedFile is a file of root's that nobody else may read, and that says a secret in every
// form in which something of an app's directory is read.
const seedFile = `umask 077; printf '` + seed + `-first\nref: refs/heads/` + seed + `-branch\n` + seed + `-key: ` + seed + `-value\n' > /root/seed`

// attacks are what somebody with the app's own account may do to whoever looks as root.
func attacks() []hostile {
	const own = `runuser -u {{.User}} -- sh -euc `
	return []hostile{
		{
			// Gunicorn would read the gunicorn.conf.py that lies there now when it is started next:
			// what that says is not known.
			name: "led-to-secrets", cured: inconclusive,
			does: seedFile + `
cd {{.Live}}; rm -rf .git; mkdir -p .git/logs .git/refs/heads venv
for name in REVISION .revision RELEASE COMMIT .env gunicorn.conf.py requirements.txt Dockerfile compose.yaml venv/pyvenv.cfg .git/HEAD .git/config .git/packed-refs .git/logs/HEAD .git/commondir; do
	ln -sf /root/seed $name
done; chown -R -h {{.User}}: .`,
			undo: `cd {{.Live}}; rm -rf .git venv; find . -lname /root/seed -delete`,
		},
		{
			name: "led-to-secrets-by-git",
			does: seedFile + `
cd {{.Live}}; mkdir -p .git/refs/heads .git/objects; cp /root/seed .git/config; printf 'gitdir: /root/seed\n' > .git/commondir; ln -s /root/seed .git/HEAD; chown -R -h {{.User}}: .git`,
			undo: `rm -rf {{.Live}}/.git`,
		},
		{
			name: "a-ref-that-leads-out",
			does: seedFile + `; cd {{.Live}}; mkdir -p .git/objects .git/refs; printf 'ref: refs/../../../../../../../root/seed\n' > .git/HEAD; chown -R {{.User}}: .git`,
			undo: `rm -rf {{.Live}}/.git`,
		},
		{
			name: "gitdir-in-a-circle", does: `cd {{.Live}}; echo 'gitdir: .git' > .git; chown {{.User}}: .git`, undo: `rm {{.Live}}/.git`,
		},
		{
			name: "titles", undo: `systemctl stop 'imposter*'`,
			does: `cat > /usr/local/lib/imposter.py <<'PY'
import ctypes, os, sys, time
title = b"gunicorn: master [wsgi:app]" if sys.argv[1] == "master" else b"gunicorn: worker [wsgi:app] \x1b]0;PWNED\x07\x1b[41mRED\xe2\x80\xae\xc2\x9b1m\n" + b"A" * 100000
ctypes.CDLL(None).prctl(15, title[:15], 0, 0, 0)
os.chdir(sys.argv[2])
if len(sys.argv) < 4:
    os.execve("/usr/bin/python3", [title, "-S", "-c", "import time; time.sleep(3600)", "/usr/bin/gunicorn", "wsgi:app", "\x1b[41mRED" * 9000], {})
time.sleep(3600)
PY
for n in 1 2 3; do systemd-run --quiet --unit=imposter-$n -p User=grace python3 /usr/local/lib/imposter.py master /; done
systemd-run --quiet --unit=imposter-4 -p User=grace python3 /usr/local/lib/imposter.py worker /tmp
systemd-run --quiet --unit=imposter-5 -p User=grace bash -c 'exec -a "nginx: master process /usr/sbin/nginx" sleep 3600'
systemd-run --quiet --unit=imposter-6 -p User=grace bash -c 'exec -a "nginx: worker process" sleep 3600'`,
		},
		{
			name: "cgroups-of-the-units-name", undo: `systemctl stop odd-1 odd-2; sleep 0.1; cd /sys/fs/cgroup/user.slice; find user-1003.slice -depth -type d -delete`,
			does: `cd /sys/fs/cgroup/user.slice; n=0; for d in castle.service 'odd system.slice:castle.service'; do n=$((n+1))
	systemd-run --quiet --unit=odd-$n -p User=grace bash -c 'exec -a "gunicorn: master [wsgi:app]" sleep 3600'
	d="user-1003.slice/user@1003.service/$d"; mkdir -p "$d"; systemctl show -p MainPID --value odd-$n > "$d/cgroup.procs"
done`,
		},
		{
			name: "a-mute-docker", undo: `systemctl stop mute-docker; rm -rf /run/user/4242`,
			does: `mkdir -p /run/user/4242; chown grace: /run/user/4242
systemd-run --quiet --unit=mute-docker -p User=grace python3 -c 'import socket, time
s = socket.socket(socket.AF_UNIX); s.bind("/run/user/4242/docker.sock"); s.listen(9); time.sleep(3600)'; until test -S /run/user/4242/docker.sock; do sleep 0.05; done`,
		},
		{
			name: "a-lying-docker", undo: `systemctl stop lying-docker; rm -rf /run/user/4242`,
			does: `mkdir -p /run/user/4242; chown grace: /run/user/4242; cat > /usr/local/lib/lying.py <<'PY'
import http.server, json, os, socketserver, sys
ID = "ab" * 32
ONE = {"Id": ID, "Name": "/castle\x1b]0;PWNED\x07-web-1", "Created": "2025-01-01T00:00:00Z", "Image": "sha256:" + ID,
       "State": {"Status": "running", "Running": True, "Pid": int(sys.argv[1]), "StartedAt": "2025-01-01T00:00:00Z", "ExitCode": 0, "Error": ""},
       "Config": {"Image": "castle", "Cmd": ["gunicorn", "wsgi:app"], "Env": [], "WorkingDir": "/srv/castle",
                  "Labels": {"com.docker.compose.project": "castle", "com.docker.compose.service": "web", "com.docker.compose.config-hash": "x",
                             "com.docker.compose.project.working_dir": "/root", "com.docker.compose.project.config_files": "/root/compose.yaml"}},
       "HostConfig": {"NetworkMode": "host"}, "Mounts": [], "NetworkSettings": {"Ports": {}, "Networks": {}}}
` + lyingServer + `PY
systemd-run --quiet --unit=lying-docker -p User=grace python3 /usr/local/lib/lying.py "$(systemctl show -p MainPID --value castle)"; until test -S /run/user/4242/docker.sock; do sleep 0.05; done
docker --host unix:///run/user/4242/docker.sock inspect abab > /dev/null`,
		},
		{
			name: "a-socket-that-leads-to-another", fells: true, cured: down,
			does: `systemd-run --quiet --unit=precious python3 -c 'import socket
s = socket.socket(socket.AF_UNIX); s.bind("/run/precious"); s.listen(9)
while True:
    c, _ = s.accept(); c.settimeout(1)
    print(c.recv(9999)[:40], flush=True); c.close()'; until test -S /run/precious; do sleep 0.05; done
cd /run/castle; mv castle.sock aside; ln -s /run/precious castle.sock`,
			undo: `cd /run/castle; mv -T aside castle.sock; systemctl stop precious; rm /run/precious`,
		},
		{
			name: "a-huge-directory", does: own + `'cd {{.Live}}; mkdir -p many; cd many; seq 1 60000 | xargs touch'`, undo: `rm -rf {{.Live}}/many`,
		},
		{
			// There is new source in it, which nothing imports.
			name: "a-deep-tree", does: own + `'cd {{.Live}}; i=0; while [ $i -lt 900 ]; do mkdir d; cd d; i=$((i+1)); done; echo x=1 > x.py'`, undo: `rm -rf {{.Live}}/d`,
		},
		{
			name: "include-loop", cured: stale,
			does: `echo 'include /etc/nginx/conf.d/*.conf;' > /etc/nginx/conf.d/loop.conf`, undo: `rm /etc/nginx/conf.d/loop.conf`,
		},
		{
			name: "many-includes",
			does: `mkdir /etc/nginx/many; cd /etc/nginx/many; seq 1 20000 | xargs touch; echo 'include /etc/nginx/many/*;' > /etc/nginx/conf.d/many.conf`,
			undo: `rm -r /etc/nginx/many /etc/nginx/conf.d/many.conf`,
		},
	}
}

// TestAttackers has somebody with an account on the box do what they can to whoever looks
// as root, while the site is stale and once it is cured: nothing is said that only root may
// read, nothing is acted on by a terminal, and the verdict is what it would be without them.
func TestAttackers(t *testing.T) {
	c := prepare(t, "attackers", linked("castle"))
	if err := deploy(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, attack := range attacks() {
		t.Run(attack.name, func(t *testing.T) { besets(t, c, attack) })
	}
	if err := restart(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, attack := range attacks() {
		t.Run("cured-"+attack.name, func(t *testing.T) {
			defer func() {
				if err := sh(attack.undo)(context.WithoutCancel(t.Context()), c); err != nil {
					t.Error(err)
				}
			}()
			if err := sh(attack.does)(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			report, _, err := c.Check(t.Context())
			// A service that was started moments ago and does not answer may be starting still.
			want := cmp.Or(attack.cured, fresh)
			if starting := want == down && report.Verdict == inconclusive; err != nil || report.Verdict != want && !starting {
				t.Errorf("the verdict is %s, not %s (%v)\n%s", report.Verdict, want, err, report)
			}
			for _, format := range []string{"text", "json", "markdown"} {
				r := c.as(t, "root", "check", "--format", format, c.Unit)
				holdsNothing(t, format, r.Stdout+r.Stderr, false)
			}
			c.as(t, "root", "check", "--save", "/root/facts.json", c.Unit)
			saved, err := c.Run(t.Context(), "cat", "/root/facts.json")
			if err != nil {
				t.Fatal(err)
			}
			holdsNothing(t, "the saved facts", saved, false)
		})
	}
}
