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
	verdicts := func(when, want string, args ...string) Report {
		t.Helper()
		report, _, err := c.Check(t.Context())
		if err != nil || report.Verdict != want {
			t.Errorf("%s: the verdict is %s, not %s (%v)\n%s", when, report.Verdict, want, err, report)
		}
		return report
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
	t.Logf("%s", r.Stdout[:min(len(r.Stdout), 900)])
	r = c.as(t, "root", "check", "--json")
	if !strings.Contains(r.Stdout, `"service":"compose:shop/web"`) || r.Exit != 0 {
		t.Errorf("without a name: exit %d\n%s%s", r.Exit, tail(r.Stdout, 5), r.Stderr)
	}
	// Root's is taken down: the other one is not it.
	if err := sh(`cd {{.Base}}; docker compose down`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	verdicts("with root's taken down", down)
}
