package lab

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestContainers asks the same where the site runs in a container.
func TestContainers(t *testing.T) { walk(t, Containers()) }

// TestFailingBuild has the build of a new image fail: the running container must be as it
// was, and flasktui must say so.
func TestFailingBuild(t *testing.T) {
	f, _ := Find("image-older-than-source")
	c := prepare(t, "failing-build", f.Site)
	before, err := c.Shell(t.Context(), `docker ps -q --no-trunc`)
	if err != nil {
		t.Fatal(err)
	}
	if err := acts(f.Broken, sh(`echo 'RUN echo no such package >&2; false' >> {{.Base}}/Dockerfile`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r, err := c.Fix(t.Context(), "--yes")
	if err != nil {
		t.Fatal(err)
	}
	if r.Exit == 0 || !strings.Contains(r.Stdout+r.Stderr, "was not touched") {
		t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	after, err := c.Shell(t.Context(), `docker ps -q --no-trunc`)
	if err != nil || after != before {
		t.Errorf("the container was %s and is %s, %v", before, after, err)
	}
	if err := serving("edition", "spring")(t.Context(), c); err != nil {
		t.Error(err)
	}
}

// TestContainerPeople has people look at a stale container who may not use Docker: one
// whose sudo asks for nothing, and one without sudo.
func TestContainerPeople(t *testing.T) {
	f, c := breaks(t, "container-people", "built-not-recreated")
	for person, cause := range map[string]string{"grace": "", "linus": f.Cause} {
		r := c.as(t, person, append([]string{"check", "--json"}, c.Site.args()...)...)
		var report Report
		if cause == "" {
			// Without Docker there is no telling which containers there are.
			if r.Exit != 3 && r.Exit != 2 || !strings.Contains(r.Stdout+r.Stderr, "may not use Docker") {
				t.Errorf("as %s: exit %d\n%s%s", person, r.Exit, r.Stdout, r.Stderr)
			}
			continue
		}
		if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil || report.First() != cause {
			t.Errorf("as %s: %v, first cause %s\n%s%s", person, err, report.First(), r.Stdout, r.Stderr)
		}
	}
	if r := c.as(t, "linus", append([]string{"fix", "--yes"}, c.Site.args()...)...); r.Exit != 0 {
		t.Errorf("as linus: flasktui fix --yes: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	if err := f.Cured(t.Context(), c); err != nil {
		t.Error(err)
	}
}

// TestContainerWizard makes a container anew from the wizard, on a terminal of the usual
// size: its log, the plan, the cure and the proof.
func TestContainerWizard(t *testing.T) {
	f, c := breaks(t, "container-wizard", "built-not-recreated")
	p := openPerson(t, c)
	p.types("flasktui; echo left with $?")
	p.sees("STALE", "compose:")
	p.presses("l")
	p.sees("docker compose", "logs")
	p.presses("Escape")
	p.settles()
	p.cures(f, c, "docker compose", "up -d")
	p.leaves()
}

// TestRootlessPerson has somebody without any of root's rights look at the site that runs in
// their own Docker: flasktui finds that daemon by its socket, and needs nobody's leave to
// cure the container. What of Nginx only root may read stays unknown.
func TestRootlessPerson(t *testing.T) {
	f, _ := Find("rootless-built-not-recreated")
	f.Site = rootless("sawmill", "web", "127.0.0.1:8023", "grace")
	c := prepare(t, "rootless-person", f.Site)
	if err := f.Broken(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := c.as(t, "grace", append([]string{"check", "--json"}, c.Site.args()...)...)
	var report Report
	if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil || report.First() != f.Cause {
		t.Fatalf("%v: exit %d\n%s\n%s", err, r.Exit, report, r.Stderr)
	}
	r = c.as(t, "grace", append([]string{"fix", "--yes"}, c.Site.args()...)...)
	if !strings.Contains(r.Stdout+r.Stderr, "docker --host unix:///run/user/") {
		t.Errorf("flasktui fix --yes: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	if err := f.Cured(t.Context(), c); err != nil {
		t.Errorf("not live: %v\n%s%s", err, r.Stdout, r.Stderr)
	}
}
