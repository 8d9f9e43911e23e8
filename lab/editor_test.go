package lab

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEditors has a person correct a unit and a server block in their editor,
// through the fixes that open it.
func TestEditors(t *testing.T) {
	for _, test := range []struct{ fault, fix, edit string }{
		{"unit-pinned", "edit-unit", `s#^WorkingDirectory=.*#WorkingDirectory={{.Live}}#`},
		{"static-of-old-release", "edit-nginx", `s#{{.Dir 0}}#{{.Dir 1}}#`},
	} {
		t.Run(test.fix, func(t *testing.T) {
			t.Parallel()
			f, _ := Find(test.fault)
			c := prepare(t, test.fix, f.Site)
			if err := f.Broken(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			// Without a terminal there is no editor, and nothing runs.
			if r, err := c.Fix(t.Context(), "--yes", "--fix", test.fix); err != nil || r.Exit != 3 {
				t.Errorf("flasktui fix --fix %s without a terminal: exit %d, not 3 (%v)\n%s", test.fix, r.Exit, err, r.Stderr)
			}
			edit, err := fill(test.edit, c)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Unpack(t.Context(), "/", map[string]string{"/usr/local/bin/my-editor": "#!/bin/sh\nfor f; do :; done\nsed -i '" + edit + "' \"$f\"\n"}); err != nil {
				t.Fatal(err)
			}
			p := openPerson(t, c)
			p.types("EDITOR=/usr/local/bin/my-editor flasktui fix " + c.Unit + " --fix " + test.fix + " --yes; echo left with $?")
			p.sees("left with 0")
			if err := f.Cured(t.Context(), c); err != nil {
				screen, _ := p.Screen(t.Context())
				t.Errorf("%v\n%s", err, screen)
			}
		})
	}
}

// TestReleaseMarker has flasktui set the marker of a site that reads it from
// its environment, and asks the site for it.
func TestReleaseMarker(t *testing.T) {
	s := linked("beacon")
	s.App.Ident = InEnv
	c := prepare(t, "marker", s)
	if r, err := c.Fix(t.Context(), "--yes", "--fix", "release-marker"); err != nil || r.Exit != 0 {
		t.Errorf("flasktui fix --fix release-marker: exit %d (%v)\n%s%s", r.Exit, err, r.Stdout, r.Stderr)
	}
	if got, err := c.Ask(t.Context(), c.Site, "/version"); err != nil || !strings.Contains(got, c.Old.ID) {
		t.Errorf("the site says %q, not %s (%v)", got, c.Old.ID, err)
	}
}

// TestSavedFacts judges the facts of a box again on the host: the same verdict
// and cause, and nothing in them that is secret.
func TestSavedFacts(t *testing.T) {
	_, c := breaks(t, "facts", "environment-changed")
	there, _, err := c.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r, err := c.flasktui(t.Context(), "check", "--save", "/tmp/facts.json"); err != nil || r.Exit != 1 {
		t.Fatalf("flasktui check --save: exit %d (%v)\n%s", r.Exit, err, r.Stderr)
	}
	facts, err := c.Run(t.Context(), "cat", "/tmp/facts.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"hunter2"} {
		if strings.Contains(facts, secret) {
			t.Errorf("the saved facts hold the secret %q", secret)
		}
	}
	saved := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(saved, []byte(facts), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), shared.Binary(), "check", "--from", saved, "--json").Output()
	if len(said) == 0 {
		t.Fatalf("flasktui check --from: %v", err)
	}
	var here Report
	if err := json.Unmarshal(said, &here); err != nil {
		t.Fatalf("flasktui check --from: %v\n%s", err, said)
	}
	if here.Verdict != there.Verdict || here.First() != there.First() {
		t.Errorf("from the facts %s, %s; on the box %s, %s", here.Verdict, here.First(), there.Verdict, there.First())
	}
}
