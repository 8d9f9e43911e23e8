package lab

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestOtherServers has people look at servers that are no Gunicorn, by every way of saying which
// service is meant: each is found, called what it is, and nobody is told of masters, workers or a
// Gunicorn.
func TestOtherServers(t *testing.T) {
	for _, want := range []struct{ row, server, name string }{
		{"waitress-not-restarted", "waitress", "Waitress"},
		{"uvicorn-not-restarted", "uvicorn", "uvicorn"},
		{"flask-run-not-restarted", "flask", "Flask's own server"},
		{"gevent-not-restarted", "python", "Python"},
	} {
		t.Run(want.server, func(t *testing.T) {
			t.Parallel()
			f, _ := Find(want.row)
			c := prepare(t, "other-"+want.server, f.Site)
			if err := f.Broken(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			for _, told := range [][]string{{"root"}, {"root", c.Unit}, {"root", "--url", "http://" + c.Server + "/"}, {"root", "--url", "http://127.0.0.1:8000/"}, {"linus", c.Unit}, {"grace", c.Unit}} {
				r := c.as(t, told[0], append([]string{"check", "--json"}, told[1:]...)...)
				var report struct {
					Report
					Target struct{ Service, Server, Manager string }
				}
				if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
					t.Errorf("%v: %v\n%s%s", told, err, r.Stdout, r.Stderr)
					continue
				}
				if report.Target.Service != c.Unit || report.Target.Server != want.server || report.Target.Manager != "systemd" {
					t.Errorf("%v: it examined %+v", told, report.Target)
				}
				if told[0] != "grace" && (report.Verdict != stale || report.First() != f.Cause) || report.Verdict == fresh {
					t.Errorf("%v: %s", told, report.Report)
				}
				if told[0] == "grace" && want.server != "python" && report.Verdict != stale {
					t.Errorf("%v: how it was started says what it holds\n%s", told, report.Report)
				}
			}
			for _, person := range []string{"root", "grace"} {
				r := c.as(t, person, "check", c.Unit)
				if !strings.Contains(r.Stdout, want.name) {
					t.Errorf("as %s: %s is not named\n%s", person, want.name, r.Stdout)
				}
				for line := range strings.Lines(r.Stdout) {
					// Nginx has workers, and uvicorn would have with --workers.
					other := strings.Contains(line, "Nginx's workers") || strings.Contains(line, "--workers")
					if low := strings.ToLower(line); !other && (strings.Contains(low, "gunicorn") || strings.Contains(low, "master") || strings.Contains(low, "worker")) {
						t.Errorf("as %s: %s", person, line)
					}
				}
			}
		})
	}
}
