package lab

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// as runs flasktui in the box as one of its people, from their home.
func (c *Case) as(t *testing.T, person string, argv ...string) Result {
	t.Helper()
	home := "/home/" + person
	if person == "root" {
		home = "/root"
	}
	r, err := c.Do(t.Context(), "", slices.Concat([]string{
		"runuser", "-u", person, "--", "env", "-C", home, "HOME=" + home,
		"USER=" + person, "LOGNAME=" + person, "/usr/local/bin/flasktui",
	}, argv)...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPeople has people look at a stale site who are not root: one whose sudo
// asks for a password, one without sudo, one whose sudo does not ask. Nobody is
// told that the site is fresh; the last one can cure it.
func TestPeople(t *testing.T) {
	f, c := breaks(t, "people", "switched-not-restarted")
	for person, privilege := range map[string]string{"ada": "none", "grace": "none", "linus": "sudo"} {
		r := c.as(t, person, "check", "--json", c.Unit)
		var report struct {
			Report
			Host struct{ User, Privilege string }
		}
		if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
			t.Errorf("as %s: %v\n%s%s", person, err, r.Stdout, r.Stderr)
			continue
		}
		if report.Host.User != person || report.Host.Privilege != privilege {
			t.Errorf("as %s: the report says %+v", person, report.Host)
		}
		if report.Verdict == fresh || r.Exit == 0 {
			t.Errorf("as %s: exit %d; the site is stale\n%s", person, r.Exit, report.Report)
		}
		if !strings.Contains(r.Stdout, "By the files alone") && privilege == "none" {
			t.Errorf("as %s: where Nginx sends requests stands in files that anybody may read\n%s", person, report.Report)
		}
		if report.Verdict != stale || report.First() != f.Cause {
			t.Errorf("as %s: the first cause is %s\n%s", person, report.First(), report.Report)
		}
	}
	for _, person := range []string{"ada", "grace"} {
		if r := c.as(t, person, "fix", "--yes", c.Unit); r.Exit == 0 {
			t.Errorf("as %s: a fix that needs root ended with 0\n%s%s", person, r.Stdout, r.Stderr)
		}
	}
	stays(t, c, "spring")
	if r := c.as(t, "linus", "--no-sudo", "check", "--json", c.Unit); strings.Contains(r.Stdout, `"privilege":"sudo"`) {
		t.Errorf("as linus with --no-sudo: sudo was used")
	}
	if r := c.as(t, "linus", "fix", "--yes", c.Unit); r.Exit != 0 {
		t.Errorf("as linus: flasktui fix --yes: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	if err := f.Cured(t.Context(), c); err != nil {
		t.Error(err)
	}
}

// TestUnreadIsUnknown has somebody without rights look at a site of which hardly anything
// may be read by others: what was not read is not said to be well.
func TestUnreadIsUnknown(t *testing.T) {
	s := linked("abbey").with(func(s *Site) {
		s.UnitText = "[Service]\nUser={{.User}}\nRuntimeDirectory={{.Runtime}}\nExecStart=/bin/bash -lc 'cd {{.Live}} && exec {{.Exec}}'\n"
	})
	c := prepare(t, "unread", s)
	if err := acts(deploy, sh(`chmod 600 /etc/nginx/conf.d/*`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := c.as(t, "grace", "check", "--json", c.Unit)
	var report Report
	if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
		t.Fatalf("%v\n%s%s", err, r.Stdout, r.Stderr)
	}
	if report.Verdict != inconclusive || r.Exit != 2 {
		t.Errorf("exit %d, verdict %s; nothing of it could be told", r.Exit, report.Verdict)
	}
	for _, step := range report.Steps {
		if slices.Contains([]int{11, 13, 14}, step.Number) && (step.Status != "unknown" || step.Reason == "") {
			t.Errorf("step %d is %s (%s%s), and what it goes by could not be read", step.Number, step.Status, step.Summary, step.Reason)
		}
	}
}

// TestPeopleInTheWizard has who may do nothing and who may do everything try the same fix at
// a terminal. (Whose sudo wants a password does so in TestPasswordInTheWizard.)
func TestPeopleInTheWizard(t *testing.T) {
	f, _ := Find("switched-not-restarted")
	c := prepare(t, "people-wizard", f.Site)
	if err := f.Broken(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	grace := c.sits(t, "grace", "flasktui "+c.Unit)
	grace.sees(c.Unit)
	grace.settles()
	// What she may not do is refused with the reason, whatever she presses.
	for _, key := range []string{"f", "y", "Escape", "w", "f", "y", "1", "y"} {
		grace.presses(key)
		grace.settles()
	}
	if sudo, err := c.Shell(t.Context(), `journalctl -q -o cat -t sudo | grep -c 'COMMAND=.*systemctl' || true`); err != nil || sudo != "0\n" {
		t.Errorf("sudo was asked to restart: %q, %v", sudo, err)
	}
	stays(t, c, "spring")
	grace.presses("C-c")
	grace.sees("left with")

	linus := c.sits(t, "linus", "flasktui "+c.Unit)
	linus.sees("STALE")
	linus.settles()
	linus.presses("f")
	linus.sees("systemctl restart " + c.Unit)
	linus.settles()
	linus.presses("y")
	linus.sees("FRESH")
	if err := f.Cured(t.Context(), c); err != nil {
		t.Error(err)
	}
	linus.presses("C-c")
	linus.sees("left with")
}
