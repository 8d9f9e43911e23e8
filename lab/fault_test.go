package lab

import (
	"slices"
	"strings"
	"testing"

	"flasktui/lab/boxes"
)

// TestFaults breaks one box after another, and asks of flasktui that it finds
// the cause, cures it, and then calls the site fresh, which the site itself
// must confirm.
func TestFaults(t *testing.T) { walk(t, Faults()) }

func walk(t *testing.T, faults []Fault) {
	t.Helper()
	faults, words, err := OfTurn(faults)
	if err != nil {
		t.Fatal(err)
	}
	var table Table
	t.Cleanup(func() { t.Log(words + "\n" + table.String()) })
	for _, f := range faults {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			c := prepare(t, f.Name, f.Site)
			row := table.Row(f.Name)
			t.Cleanup(func() { row.Right = !t.Failed() })
			startsFresh(t, f, c)
			if err := f.Broken(t.Context(), c); err != nil {
				t.Fatalf("the fault is none: %v", err)
			}
			finds(t, f, c, row)
			if f.Site.Hand != "" && f.Fix == "" && f.Cause != "nginx-wrong-upstream" {
				endsNothing(t, c)
			}
			cures(t, f, c, row)
		})
	}
}

// TestHealthy asks of flasktui that it alleges nothing where nothing is wrong.
func TestHealthy(t *testing.T) {
	boxes, words, err := OfTurn(Healthy())
	if err != nil {
		t.Fatal(err)
	}
	var table Table
	t.Cleanup(func() { t.Log(words + "\n" + table.String()) })
	for _, f := range boxes {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			c := prepare(t, f.Name, f.Site)
			row := table.Row(f.Name)
			t.Cleanup(func() { row.Right = !t.Failed() })
			if err := f.Broken(t.Context(), c); err != nil {
				t.Fatalf("the healthy box is none: %v", err)
			}
			finds(t, f, c, row)
			leavesAlone(t, c)
			live(t, f, c, row)
		})
	}
}

// leavesAlone has flasktui mend a box on which nothing is wrong: it runs nothing there.
func leavesAlone(t *testing.T, c *Case) {
	t.Helper()
	told, err := c.Args()
	if err != nil {
		t.Fatal(err)
	}
	r := c.as(t, "root", append([]string{"fix", "--yes"}, told...)...)
	if r.Exit != 0 || !strings.Contains(r.Stdout, "Nothing to fix.") || strings.Contains(r.Stdout, "$ ") {
		t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
}

// startsFresh asks for a fresh verdict before anything is broken, so that every
// layout is also a healthy box.
func startsFresh(t *testing.T, f Fault, c *Case) {
	t.Helper()
	if f.Started {
		return
	}
	report, exit, err := c.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if report.Verdict != fresh || exit != 0 || len(report.Alleged()) > 0 {
		t.Errorf("before it was broken: exit %d, verdict %s, alleged %v; it was fresh\n%s", exit, report.Verdict, report.Alleged(), report)
	}
}

// finds asks for the verdict, the exit status and the root cause.
func finds(t *testing.T, f Fault, c *Case, row *Row) {
	t.Helper()
	report, exit := looked(t, f, c, boxes.Broken)
	row.Verdict, row.Cause = report.Verdict, report.First()
	wrong := t.Errorf
	defer func() {
		if t.Failed() {
			t.Logf("the report: %s", report)
		}
	}()
	if report.Schema != "flasktui/report/1" {
		wrong("the report's schema is %q", report.Schema)
	}
	if len(report.Steps) != 14 {
		wrong("the report has %d steps, not 14", len(report.Steps))
	}
	if report.Verdict != f.Verdict {
		wrong("the verdict is %s, not %s", report.Verdict, f.Verdict)
	}
	if want := map[string]int{fresh: 0, stale: 1, mixed: 1, down: 1, inconclusive: 2}[f.Verdict]; exit != want {
		wrong("the exit status is %d, not %d", exit, want)
	}
	if f.Cause != "" && report.First() != f.Cause {
		wrong("the first cause is %q, not %s", report.First(), f.Cause)
	}
	if f.Cause == "" && (f.Verdict == fresh || f.Verdict == inconclusive) && len(report.Alleged()) > 0 {
		wrong("%v is alleged where nothing is wrong", report.Alleged())
	}
	for _, words := range f.Tells {
		if len(report.Causes) == 0 || !strings.Contains(report.Causes[0].Why+" "+report.Causes[0].Advice, words) {
			wrong("the first cause does not tell of %q", words)
		}
	}
	for _, id := range f.Also {
		if !report.Names(id) {
			wrong("%s is not named", id)
		}
	}
	for _, id := range f.Lacking {
		if report.Lists(id) {
			wrong("the fix %s is listed, and there is none here", id)
		}
	}
	for _, id := range f.Refused {
		if report.Blocked(id) == "" {
			wrong("the fix %s would do harm, and is not blocked", id)
		}
	}
	for _, id := range slices.Concat(f.Refused, f.Lacking) {
		if r, err := c.Fix(t.Context(), "--yes", "--fix", id); err != nil {
			t.Fatal(err)
		} else if r.Exit != 3 {
			wrong("flasktui fix --yes --fix %s: exit %d, not 3\n%s", id, r.Exit, r.Stderr)
		}
	}
}

// cures has flasktui cure the box where it can, and a person where it cannot,
// and proves by asking the site, and flasktui, that it is cured.
func cures(t *testing.T, f Fault, c *Case, row *Row) {
	t.Helper()
	row.Fix = "advice"
	if f.Fix != "" {
		row.Fix = f.Fix
		flags := []string{"--yes"}
		if f.Chosen {
			flags = append(flags, "--fix", f.Fix)
		}
		r, err := c.Fix(t.Context(), flags...)
		if err != nil {
			t.Fatal(err)
		}
		if want := 0; r.Exit != want && len(f.Also) == 0 {
			t.Errorf("flasktui fix --yes: exit %d, not %d\n%s\n%s", r.Exit, want, r.Stdout, r.Stderr)
		}
		if !strings.Contains(r.Stdout+r.Stderr, commandOf(f)) {
			t.Errorf("flasktui fix --yes did not say that it runs %q\n%s\n%s", commandOf(f), r.Stdout, r.Stderr)
		}
	}
	if f.Cure != nil {
		if err := f.Cure(t.Context(), c); err != nil {
			t.Fatalf("cure by hand: %v", err)
		}
	}
	if f.Verdict == inconclusive {
		return
	}
	if !live(t, f, c, row) {
		return
	}
	if f.Then != nil {
		c.Site.Bare, c.Site.Args = true, f.Then
	}
	report, exit := looked(t, f, c, boxes.Cured)
	if report.Verdict != fresh || exit != 0 || len(report.Alleged()) > 0 {
		t.Errorf("once cured: exit %d, verdict %s, alleged %v; it is fresh\n%s", exit, report.Verdict, report.Alleged(), report)
	}
}

// live proves by asking the site that the right release is live.
func live(t *testing.T, f Fault, c *Case, row *Row) bool {
	t.Helper()
	if err := f.Cured(t.Context(), c); err != nil {
		t.Errorf("not live: %v", err)
		return false
	}
	row.Live = "yes"
	return true
}

// commandOf is a part of what a fix runs that tells it from the others.
func commandOf(f Fault) string {
	if strings.HasPrefix(f.Name, "unit-around-compose") {
		return "systemctl restart "
	}
	if f.Runs != "" {
		return f.Runs
	}
	if f.Site.Compose != "" && f.Fix == "restart" {
		return "compose.yaml restart " + f.Site.Compose
	}
	if strings.HasPrefix(f.Name, "front-") && f.Fix == "nginx-reload" {
		return "proxy" // the service, in whichever way it is told
	}
	if f.Site.Rootless {
		// Root, too, talks to a user's Docker as that user.
		return "setpriv --reuid="
	}
	if strings.HasPrefix(f.Name, "swarm-") {
		return "docker service update --quiet --force "
	}
	if f.Name == "podman-mounted-not-restarted" {
		return "podman restart "
	}
	if f.Name == "lone-container-mounted" {
		return "docker restart "
	}
	if strings.HasPrefix(f.Name, "user-unit") {
		return "systemctl --user restart"
	}
	if f.Site.Hand != "" && f.Fix == "hup" {
		return "kill -HUP "
	}
	if f.Site.Program != "" && f.Fix == "restart" {
		return "supervisorctl -c /etc/supervisor/supervisord.conf "
	}
	return map[string]string{
		"restart":               "systemctl restart",
		"hup":                   "reload",
		"daemon-reload-restart": "systemctl daemon-reload",
		"nginx-reload":          "systemctl reload nginx",
		"switch-symlink":        "mv -T",
		"stop-orphan":           "systemctl restart",
		"clear-bytecode":        "__pycache__",
		"docker-recreate":       "up -d --force-recreate",
		"docker-up":             "up -d",
	}[f.Fix]
}
