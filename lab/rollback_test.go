package lab

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// lasts is longer than flasktui takes for a start that may still fail.
const lasts = "sleep 42\n"

// TestGoingBack: where the new release does not start, the one that ran here before is brought
// back, if that is proved; nothing else is offered in its place.
func TestGoingBack(t *testing.T) {
	const (
		broken = `printf 'def broken(:\n' >> {{.Live}}/wsgi.py; `
		again  = "systemctl restart {{.Unit}} || :\nsleep 6"
	)
	for name, box := range map[string]struct {
		site Site
		act  Act
		// refused is why it may not be done; "offered" where it may, and is. unsaid says that it
		// is not offered as a fix of the cause at all.
		refused string
		unsaid  bool
	}{
		"back-import-error":    {linked("heron"), acts(sh(lasts), deploy, sh(missingModule+again)), "offered", false},
		"back-syntax-error":    {loopingPlainly("egret"), acts(sh(lasts), deploy, sh(broken+again)), "offered", false},
		"back-by-own-record":   {linked("stork"), acts(ownRestart(t), deploy, sh(missingModule+again)), "offered", false},
		"back-to-what-never":   {linked("crane"), acts(sh(lasts), deploy, sh(`rm -r {{.Dir 0}}; cp -r {{.Dir 1}} {{.Base}}/releases/20250903000000; rm -rf {{.Base}}/releases/20250903000000/__pycache__; `+missingModule+again)), "no proof", true},
		"back-to-half-of-it":   {linked("ibis"), acts(sh(lasts), deploy, sh(`rm {{.Dir 0}}/wsgi.py; `+missingModule+again)), "not complete any more", false},
		"back-edited-since":    {linked("rail"), acts(sh(lasts), deploy, sh(`sleep 1; echo '# later' >> {{.Dir 0}}/wsgi.py; `+missingModule+again)), "is not what ran then", false},
		"back-after-it-did":    {linked("snipe"), acts(sh(lasts), deploy, restart, sh(lasts+missingModule+again)), "offered only by name", true},
		"back-ran-too-shortly": {linked("coot"), acts(deploy, sh(missingModule+again)), "no proof", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := prepare(t, name, box.site)
			if err := box.act(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			report, exit, err := c.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if report.Verdict != down || exit != 1 || report.First() != "service-failed" {
				t.Fatalf("exit %d\n%s", exit, report)
			}
			if isSaid := slices.Contains(report.Causes[0].Fixes, "rollback"); isSaid == box.unsaid {
				log, _ := c.Shell(t.Context(), `journalctl --no-pager -o short-iso-precise -u "$1" _PID=1; stat -c '%n %U %w' "$2"/__pycache__/*`, c.Unit, c.ReleaseDir(c.Old.ID))
				t.Errorf("offered: %t\n%s\n%s", isSaid, report, log)
			}
			if box.refused == "offered only by name" {
				return
			}
			if box.refused != "offered" {
				r, err := c.Fix(t.Context(), "--yes", "--fix", "rollback")
				if err != nil || r.Exit != 3 || !strings.Contains(strings.Join(strings.Fields(r.Stderr), " "), box.refused) {
					t.Errorf("%v, exit %d\n%s%s", err, r.Exit, r.Stdout, r.Stderr)
				}
				return
			}
			r, err := c.Fix(t.Context(), "--yes")
			if err != nil || r.Exit != 0 || !strings.Contains(r.Stdout, "After:  FRESH") || !strings.Contains(r.Stdout, c.Old.ID) {
				t.Errorf("%v, exit %d\n%s%s", err, r.Exit, r.Stdout, r.Stderr)
			}
			if live, err := c.Serves(t.Context(), c.Site, "edition", 4); err != nil || strings.Join(live, ",") != "spring" {
				t.Errorf("visitors get %v: %v", live, err)
			}
		})
	}
}

// ownRestart has flasktui itself restart the service, and record it.
func ownRestart(t *testing.T) Act {
	t.Helper()
	return acts(sh(`sleep 1; touch {{.Live}}/wsgi.py`), func(ctx context.Context, c *Case) error {
		r, err := c.Fix(ctx, "--yes", "--fix", "restart")
		if err == nil && r.Exit != 0 {
			err = fmt.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
		}
		return err
	})
}
