package lab

import (
	"context"
	"strings"
	"testing"
)

// lent has grace start a program that lends root's rights, under another name and with
// arguments of hers, beside children of her own. It waits for a password.
const lent = `mkdir -p /home/grace/lure; cd /home/grace/lure
printf 'from flask import Flask\napp = Flask(__name__)\n' > app.py
ln -sfn CONFIG own.conf; test -p never || mkfifo never; chown -R -h grace: .
systemd-run --quiet --unit=lure -p User=grace -p WorkingDirectory=/home/grace/lure bash -c 'CHILDREN
exec 3<>never; exec COMMAND <&3'
`

// TestLentTitle: a program that lends root's rights acts as root while it asks for a
// password, and whoever started it gave it its name and its arguments. It is not believed
// to be root's Nginx: neither is the configuration read that it names, nor its unit reloaded.
func TestLentTitle(t *testing.T) {
	_, c := breaks(t, "lent-title", "nginx-not-reloaded")
	lure(t, c, "/etc/nginx/nginx.conf", `exec -a "nginx: worker process" sleep 3600 &`, `-a "nginx: master process nginx -c /home/grace/lure/own.conf" su`)
	for range 4 {
		if r := c.as(t, "ada", "check", "--json", c.Unit); strings.Contains(r.Stdout, "/home/grace") {
			t.Errorf("ada is told of grace's configuration:\n%s", tail(r.Stdout, 3))
		}
	}
	r := c.as(t, "root", "fix", "--yes", c.Unit, "--fix", "nginx-reload")
	if commands := actionsOn(t, c); r.Exit != 0 || !strings.Contains(commands, `"systemctl","reload","nginx"`) || strings.Contains(commands, "lure") {
		t.Errorf("exit %d\n%s%s\n%s", r.Exit, r.Stdout, r.Stderr, commands)
	}
}

// TestLentSupervisor is the same of supervisord: what its configuration names runs as
// whoever asks it for something.
func TestLentSupervisor(t *testing.T) {
	c := prepare(t, "lent-supervisor", supervised("marble", "127.0.0.1:8770"))
	if err := sh(`supervisorctl stop beside > /dev/null`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for name, command := range map[string]string{
		"su":   `-a supervisord su -c /home/grace/lure/own.conf`,
		"sudo": `-a supervisord sudo -S true -c /home/grace/lure/own.conf`,
	} {
		t.Run(name, func(t *testing.T) {
			lure(t, c, "/etc/supervisor/supervisord.conf", `SUPERVISOR_GROUP_NAME=beside SUPERVISOR_PROCESS_NAME=beside gunicorn --bind 127.0.0.1:8791 app:app &`, command)
			if err := sh(`until curl -s -o /dev/null http://127.0.0.1:8791/; do sleep 0.1; done; sleep 0.1; printf '# newer\n' >> /home/grace/lure/app.py`)(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			r := c.as(t, "root", "check", "supervisor:beside")
			if r.Exit != 1 || !strings.Contains(r.Stdout, "STALE") || strings.Contains(r.Stdout, "supervisorctl -c") {
				t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
			}
			r = c.as(t, "root", "fix", "--yes", "supervisor:beside", "--fix", "restart")
			if r.Exit != 3 || !strings.Contains(r.Stdout+r.Stderr, "is not proved") {
				t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
			}
			if commands := actionsOn(t, c); strings.Contains(commands, "/home/grace") {
				t.Errorf("root ran what grace named:\n%s", commands)
			}
		})
	}
}

// lure sets lent up until the test ends.
func lure(t *testing.T, c *Case, config, children, command string) {
	t.Helper()
	if err := sh(strings.NewReplacer("CONFIG", config, "CHILDREN", children, "COMMAND", command).Replace(lent))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if out, err := c.Shell(context.WithoutCancel(t.Context()), "systemctl stop lure; systemctl reset-failed lure || true"); err != nil {
			t.Error(err, out)
		}
	})
}

// actionsOn are the actions that flasktui has on record, none where it never did anything.
func actionsOn(t *testing.T, c *Case) string {
	t.Helper()
	out, err := c.Shell(t.Context(), "cat /var/log/flasktui/actions.jsonl 2> /dev/null || true")
	if err != nil {
		t.Fatal(err)
	}
	return out
}
