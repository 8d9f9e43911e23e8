package lab

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestAUsersOwnUnit is looked at and cured by its user; whoever has no rights is told no more
// than they may see, and root is led nowhere by what the user wrote into it.
func TestAUsersOwnUnit(t *testing.T) {
	t.Parallel()
	_, c := breaks(t, "user-unit", "user-unit-not-restarted")
	for person, service := range map[string]string{"web": "user:shuttle", "ada": "user:web/shuttle", "root": ""} {
		argv := []string{"check", "--json"}
		if service != "" {
			argv = append(argv, service)
		}
		r := c.as(t, person, argv...)
		var report struct {
			Report
			Target struct{ Service, Manager string }
		}
		if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
			t.Fatalf("as %s: %v\n%s%s", person, err, r.Stdout, r.Stderr)
		}
		if report.Verdict == fresh || report.Target.Service != "user:web/shuttle.service" || report.Target.Manager != "user" {
			t.Errorf("as %s: %+v\n%s", person, report.Target, report.Report)
		}
		if person != "ada" && (report.Verdict != stale || report.First() != "service-not-restarted") {
			t.Errorf("as %s: %s", person, report.Report)
		}
	}
	if r := c.as(t, "ada", "fix", "--yes", "user:web/shuttle"); r.Exit == 0 || strings.Contains(r.Stdout, "$ ") {
		t.Errorf("as ada: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	stays(t, c, "spring")
	r := c.as(t, "web", "fix", "--yes")
	if r.Exit != 0 || !strings.Contains(r.Stdout, "$ env XDG_RUNTIME_DIR=/run/user/") || strings.Contains(r.Stdout, "setpriv") {
		t.Errorf("as web: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	stays(t, c, "harvest")

	// The user names what only root may read.
	if err := sh(`printf 'ROOTS_SECRET=open\n' > /root/kept.env; chmod 600 /root/kept.env
home=$(getent passwd {{.User}} | cut -d: -f6); printf '[Service]\nEnvironmentFile=-/root/kept.env\n' > /tmp/drop; install -d -o {{.User}} $home/.config/systemd/user/{{.Name}}.service.d
install -o {{.User}} /tmp/drop $home/.config/systemd/user/{{.Name}}.service.d/x.conf
setpriv --reuid={{.User}} --regid={{.User}} --init-groups env XDG_RUNTIME_DIR=/run/user/$(id -u {{.User}}) systemctl --user daemon-reload`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if r := c.as(t, "root", "check", "--json"); strings.Contains(r.Stdout, "ROOTS_SECRET") || !strings.Contains(r.Stdout, "/root/kept.env") {
		t.Errorf("what only root may read is shown, or the file is not named:\n%s", r.Stdout)
	}
	// Without linger the service ends with the last session.
	if err := sh(`rm /var/lib/systemd/linger/{{.User}}`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if r := c.as(t, "root", "check"); !strings.Contains(r.Stdout, "web does not linger") {
		t.Errorf("linger is not told of:\n%s", r.Stdout)
	}
}
