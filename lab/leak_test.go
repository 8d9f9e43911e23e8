package lab

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// TestNothingLeaks plants secrets and escape sequences all over a box, and looks for them
// in everything that flasktui says, draws and writes, whoever runs it.
func TestNothingLeaks(t *testing.T) {
	c := prepare(t, "leaks", plantedSite())
	if err := acts(deploy, plantedStale)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	saysNothing(t, c, "stale", stale)
	drawsNothing(t, c, "stale")
	if r, err := c.Do(t.Context(), "", "/usr/local/bin/flasktui", "fix", "--yes", c.Unit); err != nil || !strings.Contains(r.Stdout, "After:") {
		t.Errorf("flasktui fix --yes: exit %d, %v\n%s%s", r.Exit, err, r.Stdout, r.Stderr)
	} else {
		holdsNothing(t, "fix --yes", r.Stdout+r.Stderr, false)
	}
	breakPlanted(t, c)
	saysNothing(t, c, "down", down)
	drawsNothing(t, c, "down")
	if r, err := c.Do(t.Context(), "", "/usr/local/bin/flasktui", "fix", "--yes", "--fix", "restart", c.Unit); err != nil {
		t.Error(err)
	} else {
		holdsNothing(t, "a fix that fails", r.Stdout+r.Stderr, false)
	}
	if record, err := c.Run(t.Context(), "cat", "/var/log/flasktui/actions.jsonl"); err != nil {
		t.Error(err)
	} else {
		holdsNothing(t, "the record", record, false)
	}
}

// breakPlanted has the app fail at its start, with secrets and sequences in its log.
func breakPlanted(t *testing.T, c *Case) {
	t.Helper()
	err := sh(`cat >> {{.Live}}/wsgi.py <<'PY'
said = """`+spoken+`
"""
raise RuntimeError(said + "cannot reach postgres://app:`+seed+`-trace@db/vault: password=`+seed+`-tracepw \033]0;PWNED\007\033[41mRED\u202eDERETNALP\u009b1m")
PY
systemctl restart {{.Unit}} || systemctl reset-failed {{.Unit}}; systemctl start {{.Unit}} || true`)(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
}

// saysNothing looks at the reports in all forms, as three people, and at the saved facts.
func saysNothing(t *testing.T, c *Case, state, verdict string) {
	t.Helper()
	report, _, err := c.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if report.Verdict != verdict {
		t.Errorf("%s: the verdict is %s\n%s", state, report.Verdict, report)
	}
	for _, person := range []string{"root", "linus", "ada"} {
		for _, format := range []string{"text", "json", "markdown", "nagios", "junit"} {
			r := c.as(t, person, "check", "--format", format, c.Unit)
			holdsNothing(t, state+": "+format+" as "+person, r.Stdout+r.Stderr, false)
		}
		file := "/tmp/facts-" + person + "-" + state
		saving := c.as(t, person, "check", "--save", file, c.Unit)
		facts, err := c.Run(t.Context(), "cat", file)
		if err != nil {
			t.Errorf("%s: no facts were saved as %s: %v\n%s%s", state, person, err, saving.Stdout, saving.Stderr)
			continue
		}
		holdsNothing(t, state+": the saved facts of "+person, facts, false)
		judged := c.as(t, person, "check", "--from", file, "--json")
		holdsNothing(t, state+": judged facts of "+person, judged.Stdout+judged.Stderr, false)
		if person == "root" && !strings.Contains(judged.Stdout, `"verdict":"`+verdict+`"`) {
			t.Errorf("%s: judged from what was saved it is not %s:\n%s%s", state, verdict, tail(judged.Stdout, 3), judged.Stderr)
		}
	}
	for _, args := range [][]string{{"check", seed + "-service"}, {"check", "--app-dir", c.Live(), "--expect", "nothing", c.Unit}, {"check"}} {
		r := c.as(t, "root", args...)
		text := strings.ReplaceAll(r.Stdout+r.Stderr, seed+"-service", "")
		holdsNothing(t, state+": "+strings.Join(args, " "), text, false)
	}
}

// drawsNothing walks through the wizard's pages, and looks at every byte that went to the
// terminal, and at the export.
func drawsNothing(t *testing.T, c *Case, state string) {
	t.Helper()
	p := openPerson(t, c)
	raw := "/tmp/drawn-" + state
	if _, err := p.tmux(t.Context(), "pipe-pane", "cat > "+raw); err != nil {
		t.Fatal(err)
	}
	p.types("cd /tmp && flasktui " + c.Unit)
	p.sees(strings.ToUpper(state))
	p.settles()
	keys := []string{"d", "PageDown", "t", "w"}
	for range 14 {
		keys = append(keys, "n", "PageDown")
	}
	for _, key := range append(keys, "?", "Escape", "t", "l") {
		p.presses(key)
		if key == "Escape" {
			// A key right behind it would make another one of the two.
			p.settles()
		}
		if _, err := p.Settles(t.Context(), 120*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	if state == "down" {
		// The log comes when the journal gives it, and what matters may stand higher up.
		if err := c.Wait(t.Context(), patience, func() error {
			p.presses("PageUp")
			drawn, err := c.Run(t.Context(), "cat", raw)
			if err == nil && !strings.Contains(drawn, "RuntimeError") {
				screen, _ := p.tmux(t.Context(), "capture-pane", "-p")
				err = errors.New("the wizard shows no log:\n" + screen)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
	for _, key := range []string{"t", "f", "Escape", "e"} {
		p.presses(key)
		if _, err := p.Settles(t.Context(), 120*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	p.presses("C-c")
	p.sees("ready$")
	drawn, err := c.Run(t.Context(), "cat", raw)
	if err != nil {
		t.Fatal(err)
	}
	holdsNothing(t, state+": what the wizard drew", drawn, true)
	if state == "down" && !strings.Contains(drawn, "RuntimeError") {
		t.Errorf("the wizard did not show the log, so nothing was to be masked in it")
	}
	export, err := c.Shell(t.Context(), "cat /tmp/flasktui-*.md; rm /tmp/flasktui-*.md")
	if err != nil {
		t.Fatal(err)
	}
	holdsNothing(t, state+": the export", export, false)
	if title, err := p.Flag(context.Background(), "pane_title"); err != nil || strings.Contains(title, "PWNED") {
		t.Errorf("%s: the window's title is %q (%v)", state, title, err)
	}
}
