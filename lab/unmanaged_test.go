package lab

import (
	"strings"
	"testing"
)

// masters are the ids of all Gunicorns on the box, with when each was started.
func (c *Case) masters(t *testing.T) string {
	t.Helper()
	out, err := c.Shell(t.Context(), `for pid in $(pgrep -f '[b]in/gunicorn'); do echo "$pid $(cut -d' ' -f22 "/proc/$pid/stat")"; done`)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// endsNothing has flasktui mend a stale site that nothing would start again: it runs
// nothing, offers nothing that would end it, and says how a person starts it again.
func endsNothing(t *testing.T, c *Case) {
	t.Helper()
	before := c.masters(t)
	told, err := c.Args()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range [][]string{nil, {"--fix", "restart"}, {"--fix", "stop-orphan"}, {"--fix", "hup"}} {
		r := c.as(t, "root", append(append([]string{"fix", "--yes"}, id...), told...)...)
		if strings.Contains(r.Stdout, "$ ") || len(id) > 0 && r.Exit != 3 {
			t.Errorf("fix %v: exit %d\n%s%s", id, r.Exit, r.Stdout, r.Stderr)
		}
	}
	report, _, err := c.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, fix := range report.Fixes {
		if fix.Blocked == "" {
			t.Errorf("%s is offered: %v", fix.ID, fix.Commands)
		}
	}
	for _, cause := range report.Causes {
		if cause.ID == "service-not-restarted" && !strings.Contains(cause.Advice, "start") {
			t.Errorf("it does not say how it is started again: %q", cause.Advice)
		}
		if kept := strings.Contains(c.Hand, "runsvdir"); cause.ID == "service-not-restarted" && kept != strings.Contains(cause.Advice, "sudo sv restart /etc/") {
			t.Errorf("it does not say by which command of runit's: %q", cause.Advice)
		}
	}
	if after := c.masters(t); after != before {
		t.Errorf("processes before:\n%s and after:\n%s", before, after)
	}
}

// TestAnotherSiteAtTheUnitsAddressIsNoOrphan: the unit cannot start, as another site, which
// somebody started by hand, has the address. To end that one would take it down.
func TestAnotherSiteAtTheUnitsAddressIsNoOrphan(t *testing.T) {
	t.Parallel()
	c := prepare(t, "another-site", checkout("museum", "127.0.0.1:8140"))
	other, err := copied("tavern", "127.0.0.1:8140").with(func(s *Site) { s.App.Callable = "app" }).defaults()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Install(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Box.Deploy(t.Context(), other, release("", other.Words[0])); err != nil {
		t.Fatal(err)
	}
	script, err := fill(`rm {{.UnitPath}}; systemctl daemon-reload; cd {{.Base}}; `+byHand, other)
	if err != nil {
		t.Fatal(err)
	}
	if err := acts(sh(`systemctl stop {{.Unit}}`), sh(script), sh(`sleep 1; systemctl restart {{.Unit}} || :; until systemctl is-failed -q {{.Unit}}; do sleep 0.1; done; systemctl reload nginx`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	before := c.masters(t)
	for _, argv := range [][]string{{"fix", "--yes", c.Unit}, {"fix", "--yes", "--fix", "stop-orphan", c.Unit}, {"fix", "--yes"}, {"fix", "--yes", "--url", "http://tavern.example/"}} {
		if r := c.as(t, "root", argv...); strings.Contains(r.Stdout, "kill -TERM") {
			t.Errorf("%v: exit %d\n%s%s", argv, r.Exit, r.Stdout, r.Stderr)
		}
	}
	if after := c.masters(t); after != before {
		t.Errorf("processes before:\n%s and after:\n%s", before, after)
	}
}
