package lab

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestEveryLookAtACrashLoopSeesIt: whatever the service is at the instant of a look, it fails,
// and the first line says why, in the log's own words.
func TestEveryLookAtACrashLoopSeesIt(t *testing.T) {
	const why = "ModuleNotFoundError: No module named 'flask_not_installed'"
	for name, loop := range map[string]struct {
		site  Site
		start string
	}{
		"loop-systemd":            {looping("quarry"), `systemctl restart {{.Unit}} || :`},
		"loop-systemd-simple":     {loopingPlainly("gravel"), `systemctl restart {{.Unit}} || :`},
		"loop-supervisord":        {supervised("pebble", "127.0.0.1:8730").with(func(s *Site) { s.Args = []string{"--timeout", "40s"} }), `supervisorctl restart {{.Program}} || :`},
		"loop-compose-always":     {restarted("shingle", "127.0.0.1:8731", "always"), `cd {{.Base}}; docker compose build -q; docker compose up -d`},
		"loop-compose-on-failure": {restarted("scree", "127.0.0.1:8732", "on-failure"), `cd {{.Base}}; docker compose build -q; docker compose up -d`},
		"loop-compose-mounted":    {mounted("marl", "web", "127.0.0.1:8733"), `cd {{.Base}}; docker compose restart`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := prepare(t, name, loop.site)
			if err := acts(deploy, sh(missingModule+loop.start+"\nsleep 6"))(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			// A busy machine may take its time until the first of them has failed.
			if err := c.Wait(t.Context(), time.Minute, func() error {
				report, _, err := c.Check(t.Context())
				if err == nil && report.First() != "service-failed" {
					err = fmt.Errorf("it has not failed yet: %s", report.Summary)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			for look := range 8 {
				report, exit, err := c.Check(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if report.Verdict != down || exit != 1 || report.First() != "service-failed" || !strings.Contains(report.Summary, why) || !strings.Contains(report.Causes[0].Title, why) {
					t.Errorf("look %d: exit %d\n%s", look, exit, report)
				}
				time.Sleep(700 * time.Millisecond)
			}
		})
	}
}

// TestAStartTakesAsLongAsItTakes: a look during a start settles nothing, and a restart is
// done once the service answers.
func TestAStartTakesAsLongAsItTakes(t *testing.T) {
	for name, box := range map[string]struct {
		site Site
		// slow has the next start take its time; start begins it.
		slow, start string
	}{
		"start-by-script":  {slowly("ferry"), `touch /run/{{.Name}}-migrates`, `systemctl restart --no-block {{.Unit}}`},
		"start-by-pipenv":  {byPipenv("raft"), `touch /run/{{.Name}}-migrates`, `systemctl restart --no-block {{.Unit}}`},
		"start-supervised": {supervisedSlowly("dinghy").with(func(s *Site) { s.Args = []string{"--timeout", "60s"} }), `touch /run/{{.Name}}-migrates`, `(supervisorctl restart {{.Program}} &) > /dev/null 2>&1`},
		"start-in-compose": {checked("barge", "127.0.0.1:8734"), `touch {{.Base}}/migrates`, `cd {{.Base}}; docker compose restart`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := prepare(t, name, box.site)
			if err := acts(deploy, sh(box.slow+"; "+box.start+"; sleep 2"))(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			report, exit, err := c.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if report.Verdict != inconclusive || exit != 2 || len(report.Alleged()) > 0 || !strings.Contains(report.Summary, " is starting, ") {
				t.Errorf("during the start: exit %d\n%s", exit, report)
			}
			if err := c.Wait(t.Context(), time.Minute, func() error {
				return sh(`curl -sS --fail -o /dev/null http://`+c.Bind+`/`)(t.Context(), c)
			}); err != nil {
				t.Fatal(err)
			}
			r, err := c.Fix(t.Context(), "--yes", "--fix", "restart")
			if err != nil || r.Exit != 0 || strings.Contains(r.Stderr, "did not do what it promises") || !strings.Contains(r.Stdout+r.Stderr, " is starting, ") || !strings.Contains(r.Stdout, "After:  FRESH") {
				t.Errorf("the restart: %v, exit %d\n%s%s", err, r.Exit, r.Stdout, r.Stderr)
			}
		})
	}
}

// TestAReloadWaitsForItsWorkers: all of them are new at once, and import the app for as long as
// it takes; one that cannot load it ends the master, and then nothing is done.
func TestAReloadWaitsForItsWorkers(t *testing.T) {
	const slow, broken = "import time; time.sleep(15)\n", "import flask_not_installed\n"
	for name, code := range map[string]string{"reload-imports-long": slow, "reload-does-not-load": broken} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := prepare(t, name, checkout("launch", "127.0.0.1:8736"))
			if err := acts(deploy, sh("printf '"+strings.TrimSpace(code)+`\n' >> {{.Live}}/wsgi.py`))(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			r, err := c.Fix(t.Context(), "--yes", "--fix", "hup")
			if err != nil {
				t.Fatal(err)
			}
			live := strings.Contains(r.Stdout, "After:  FRESH")
			if isSlow := code == slow; live != isSlow || (r.Exit == 0) != isSlow {
				t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
			}
		})
	}
}
