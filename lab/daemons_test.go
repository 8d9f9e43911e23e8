package lab

import (
	"context"
	"strings"
	"testing"
)

// ledByCompose are ways for the owner of a Compose project to have whoever looks at it read
// what is not theirs. seed.yaml and seed.env are root's, and nobody else's.
func ledByCompose() []hostile {
	const (
		keep = `umask 077; printf '` + seed + `%%line\n' > /root/seed; printf '` + seed + `: value\n' > /root/seed.yaml; printf '` + seed + `_NAME\n' > /root/seed.env; umask 022; cp -a {{.Base}} /root/kept
`
		own  = keep + `runuser -u deploy -- sh -eu <<'END'` + "\ncd {{.Base}}; "
		end  = "\nEND"
		undo = `rm -rf {{.Base}}; mv -T /root/kept {{.Base}}; rm -rf /opt/stack; cd {{.Base}}`
	)
	own1 := func(script string) string { return own + script + end }
	return []hostile{
		{name: "env-file", does: own1(`ln -sf /root/seed site.env`), undo: undo},
		{name: "env-file-of-names", does: own1(`ln -sf /root/seed.env site.env`), undo: undo},
		{name: "dot-env", does: own1(`ln -s /root/seed .env`), undo: undo},
		{name: "include", does: own1(`printf 'include: [/root/seed.yaml]\n' > more; cat compose.yaml >> more; mv more compose.yaml`), undo: undo},
		{name: "include-of-a-variable", does: own1(`printf 'include: [{path: compose.part, env_file: /root/seed}]\n' > more; cat compose.yaml >> more; mv more compose.yaml`), undo: undo},
		{name: "extends", does: own1(`printf '    extends: {file: /root/seed.yaml, service: x}\n' >> compose.yaml`), undo: undo},
		{name: "the-file-itself", does: own1(`ln -sf /root/seed.yaml compose.yaml`), undo: undo},
		{name: "label-file", does: own1(`printf '    label_file: /root/seed\n' >> compose.yaml`), undo: undo},
		{name: "fifo", does: own1(`rm site.env; mkfifo site.env`), undo: undo},
		{
			name: "build-context", undo: undo + `; rm -r /root/ctx`,
			does: keep + `mkdir -p -m 700 /root/ctx; printf 'FROM pybase\nCOPY . /app\n' > /root/ctx/Dockerfile; echo 1 > /root/ctx/` + seed + `.py; sed -i 's#build: .*#build: /root/ctx#' {{.Base}}/compose.yaml`,
		},
		{
			name: "roots-own-names-a-users-file", undo: undo + `; rm /home/deploy/site.env`,
			does: keep + `chown -R root: {{.Base}}; sed -i s#site.env#/home/deploy/site.env# {{.Base}}/compose.yaml; runuser -u deploy -- ln -s /root/seed /home/deploy/site.env`,
		},
		{name: "root-owns-the-file", does: keep + `chown root: {{.Base}}/compose.yaml; runuser -u deploy -- ln -sf /root/seed {{.Base}}/site.env`, undo: undo},
	}
}

// TestComposeFilesLeadRootNowhere: whoever keeps a project's directory has the files there
// read with no more rights than they have, whatever they lead to.
func TestComposeFilesLeadRootNowhere(t *testing.T) {
	c := prepare(t, "led-by-compose", composed("shop", "web", "127.0.0.1:8031"))
	if err := sh(`chown -R deploy: {{.Base}}; ls -la {{.Base}}`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	report, _, err := c.Check(t.Context())
	if err != nil || report.Verdict != fresh {
		t.Fatalf("before anything: %s, %v\n%s", report.Verdict, err, report)
	}
	for _, attack := range ledByCompose() {
		t.Run(attack.name, func(t *testing.T) {
			defer func() {
				if err := sh(attack.undo)(context.WithoutCancel(t.Context()), c); err != nil {
					t.Error(err)
				}
			}()
			if err := sh(attack.does)(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			for _, person := range []string{"root", "linus"} {
				r := c.as(t, person, append([]string{"check", "--json"}, c.Site.args()...)...)
				holdsNothing(t, "json as "+person, r.Stdout+r.Stderr, false)
				if !strings.Contains(r.Stdout, `"verdict"`) {
					t.Errorf("as %s: exit %d\n%s%s", person, r.Exit, r.Stdout, r.Stderr)
				}
				if left, err := c.Shell(t.Context(), `pgrep -a -u deploy docker || true`); err != nil || left != "" {
					t.Errorf("as %s: it left behind %q, %v", person, left, err)
				}
			}
		})
	}
}

// inOwnDocker has a user bring up a container of the names and labels that root's has, from
// what their copy of the project holds. The user's Docker has run once it was started.
func inOwnDocker(user, script string) string {
	return strings.ReplaceAll(`( `+ownDocker+`
docker image inspect pybase > /dev/null 2>&1 || docker import `+dockerRootIn+` pybase > /dev/null
) && test -S /run/user/$(id -u {{.User}})/docker.sock
rm -rf /home/{{.User}}/shop; cp -a {{.Base}} /home/{{.User}}/shop; chown -R {{.User}}: /home/{{.User}}/shop
cd /home/{{.User}}/shop; runuser -u {{.User}} -- env HOME=/home/{{.User}} DOCKER_HOST=unix:///run/user/$(id -u {{.User}})/docker.sock sh -eu <<'END'
`+script+"\nEND", "{{.User}}", user)
}

// TestDockersAreWorldsApart: a user without any rights runs a Docker of their own, whose
// containers bear the labels, names and images of root's. The verdict on root's service is
// what it would be without them, and theirs can be told from it.
func TestDockersAreWorldsApart(t *testing.T) {
	c := prepare(t, "worlds-apart", composed("shop", "web", "127.0.0.1:8032"))
	if err := sh(inOwnDocker("grace", `sed -i 's/127.0.0.1:8032/127.0.0.1:8033/' compose.yaml
docker compose -p shop up -d --build > /tmp/grace.log 2>&1 || { tail -n 5 /tmp/grace.log >&2; exit 1; }`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	verdicts := func(when, want string) {
		t.Helper()
		report, _, err := c.Check(t.Context())
		if err != nil || report.Verdict != want {
			t.Errorf("%s: the verdict is %s, not %s (%v)\n%s", when, report.Verdict, want, err, report)
		}
	}
	verdicts("with the same code", fresh)
	if err := acts(deploy, sh(`cd {{.Base}}; docker compose up -d --build`), answers)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	verdicts("with older code in the other one", fresh)
	r := c.as(t, "root", "check", "--json", "compose:shop/web@grace")
	if !strings.Contains(r.Stdout, `"service":"compose:shop/web@grace"`) || r.Exit > 2 {
		t.Errorf("the other one: exit %d\n%s%s", r.Exit, tail(r.Stdout, 5), r.Stderr)
	}
	r = c.as(t, "root", "check", "--json")
	if !strings.Contains(r.Stdout, `"service":"compose:shop/web"`) || r.Exit != 0 {
		t.Errorf("without a name: exit %d\n%s%s", r.Exit, tail(r.Stdout, 5), r.Stderr)
	}
	t.Run("somebody else's home", func(t *testing.T) {
		if err := sh(`runuser -u grace -- sh -eu <<'END'
mkdir -p /home/grace/.docker/cli-plugins; cd /home/grace/.docker; echo '{"currentContext": "hers"}' > config.json
printf '#!/bin/sh\nid -u >> /tmp/plugin-ran-as\nexec /usr/libexec/docker/cli-plugins/docker-compose "$@"\n' > cli-plugins/docker-compose; chmod 755 cli-plugins/docker-compose
END`)(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		r, err := c.Do(t.Context(), "", "env", "HOME=/home/grace", "DOCKER_CONFIG=/home/grace/.docker", "/usr/local/bin/flasktui", "check", "--json", "compose:shop/web")
		if err != nil || r.Exit != 0 {
			t.Errorf("exit %d, %v\n%s%s", r.Exit, err, tail(r.Stdout, 5), r.Stderr)
		}
		ran, err := c.Shell(t.Context(), `cat /tmp/plugin-ran-as 2>/dev/null || true`)
		if err != nil || strings.Contains("\n"+ran, "\n0\n") {
			t.Errorf("root ran the plugin of somebody else: %q, %v", ran, err)
		}
	})
	// Root's is taken down: the other one is not it.
	if err := sh(`cd {{.Base}}; docker compose down`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	verdicts("with root's taken down", down)
}

// TestNoLieOfADockerCounts: whatever is said at a user's socket, the verdict on root's service
// is what it would be without.
func TestNoLieOfADockerCounts(t *testing.T) {
	c := prepare(t, "lies-of-dockers", composed("shop", "web", "127.0.0.1:8032"))
	for _, lie := range liesOfDockers() {
		t.Run(lie.name, func(t *testing.T) {
			defer func() {
				if err := sh(lie.undo)(context.WithoutCancel(t.Context()), c); err != nil {
					t.Error(err)
				}
			}()
			if err := sh(lie.does)(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			report, _, err := c.Check(t.Context())
			if err != nil || report.Verdict != fresh {
				t.Errorf("the verdict is %s, not fresh (%v)\n%s", report.Verdict, err, report)
			}
		})
	}
}

// liesOfDockers are what somebody may say of root's container shop-web-1 at a socket of their
// own, and what they may name a cgroup in the part of the tree that is theirs.
func liesOfDockers() []hostile {
	const liar = `root=$(docker inspect -f '{{"{{.Id}}"}}' shop-web-1); pid=$(docker inspect -f '{{"{{.State.Pid}}"}}' shop-web-1)
mkdir -p /run/user/4242; chown grace: /run/user/4242; cat > /usr/local/lib/liar.py <<'PY'
import http.server, json, socketserver, sys
ID, PID = sys.argv[1], int(sys.argv[2])
ONE = {"Id": ID, "Name": "/shop-web-1", "Created": "2030-01-01T00:00:00Z", "Image": "sha256:" + ID,
       "State": {"Status": "running", "Running": True, "Pid": PID, "StartedAt": "2030-01-01T00:00:00Z", "ExitCode": 0, "Error": ""},
       "Config": {"Image": "shop-web", "Cmd": ["gunicorn", "wsgi:app"], "Env": [], "WorkingDir": "/app",
                  "Labels": {"com.docker.compose.project": "shop", "com.docker.compose.service": "web", "com.docker.compose.config-hash": "x",
                             "com.docker.compose.project.working_dir": "/root", "com.docker.compose.project.config_files": "/root/compose.yaml"}},
       "HostConfig": {"NetworkMode": "host"}, "Mounts": [{"Type": "bind", "Source": "/root", "Destination": "/app"}],
       "NetworkSettings": {"Ports": {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8032"}]}, "Networks": {"shop_default": {"IPAddress": "172.18.0.2", "Aliases": ["web"]}}}}
` + lyingServer + `PY
systemd-run --quiet --unit=liar -p User=grace python3 /usr/local/lib/liar.py `
	const ready = `; until test -S /run/user/4242/docker.sock; do sleep 0.05; done; docker --host unix:///run/user/4242/docker.sock inspect "$root" > /dev/null`
	const undo = `systemctl stop liar; rm -rf /run/user/4242`
	return []hostile{
		{name: "ids-copied", does: liar + `"$root" "$pid"` + ready, undo: undo},
		{name: "its-process-claimed", does: liar + `$(printf ab%.0s $(seq 32)) "$pid"` + ready, undo: undo},
		{
			name: "a-link-to-roots-socket", undo: `rm -rf /run/user/4242`,
			does: `mkdir -p /run/user/4242; ln -s /run/docker.sock /run/user/4242/docker.sock; chown -R -h grace: /run/user/4242`,
		},
		{name: "ports-claimed", does: liar + `$(printf cd%.0s $(seq 32)) 0` + ready, undo: undo},
		{
			name: "cgroup-of-its-name", undo: `systemctl stop odd`,
			does: `rm -rf /home/grace/shop; cp -a {{.Base}} /home/grace/shop; chown -R grace: /home/grace/shop
systemd-run --quiet --unit=odd -p User=grace -p WorkingDirectory=/home/grace/shop gunicorn --bind 127.0.0.1:8099 wsgi:app; until curl -s -o /tmp/odd http://127.0.0.1:8099/; do sleep 0.05; done
cd {{.Base}}; echo '# newer' >> wsgi.py; docker compose up -d --build > /tmp/compose.log 2>&1; until curl -s -o /tmp/odd http://127.0.0.1:8032/; do sleep 0.05; done
group=/sys/fs/cgroup/user.slice/user-1002.slice/user@1002.service/docker-$(docker inspect -f '{{"{{.Id}}"}}' shop-web-1).scope
mkdir -p "$group"; for pid in $(cat /sys/fs/cgroup/system.slice/odd.service/cgroup.procs); do echo "$pid" > "$group/cgroup.procs"; done`,
		},
	}
}

// lyingServer answers as a user's Docker that has one container: ONE.
const lyingServer = `class Liar(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"OK" if self.path.endswith("_ping") else json.dumps([ONE] if "containers/json" in self.path else ONE).encode()
        self.send_response(200); self.send_header("Api-Version", "1.45"); self.send_header("Content-Type", "application/json"); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body if self.command == "GET" else b"")
    do_HEAD = do_GET
    def address_string(self): return "-"
    def log_message(self, *a): pass
class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer): daemon_threads = True
Server("/run/user/4242/docker.sock", Liar).serve_forever()
`
