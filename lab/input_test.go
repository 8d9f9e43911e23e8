package lab

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestBadInput asks for one clear error with a hint, and status 3.
func TestBadInput(t *testing.T) {
	_, c := breaks(t, "input", "healthy-beside-stale") // two services: which one is meant?
	for _, args := range [][]string{
		{"check"},
		{"check", "no-such-unit"},
		{"check", "bank/../passwd"},
		{"check", "bank;reboot"},
		{"check", "--", "-bank"},
		{"check", "bank\x1b[31m"},
		{"check", "bank\nreboot"},
		{"check", c.Unit, "--url", "no url"},
		{"check", c.Unit, "--url", "ftp://bank.example/"},
		{"check", c.Unit, "--app-dir", "/no/such/directory"},
		{"check", c.Unit, "--timeout", "soon"},
		{"check", c.Unit, "--format", "poem"},
		{"check", c.Unit, "--no-such-flag"},
		{"fix", c.Unit, "--fix", "no-such-fix", "--yes"},
		{"explain", "no-such-step"},
		{"no-such-command", "at-all"},
	} {
		r, err := c.Do(t.Context(), "", append([]string{"/usr/local/bin/flasktui"}, args...)...)
		if err != nil {
			t.Fatal(err)
		}
		if r.Exit != 3 || !strings.HasPrefix(r.Stderr, "flasktui: ") || strings.Count(r.Stderr, "\nflasktui: hint: ") != 1 ||
			strings.ContainsAny(r.Stderr, "\x1b") || strings.Contains(r.Stderr, "panic") {
			t.Errorf("flasktui %q: exit %d, not 3 with an error and a hint:\n%s", args, r.Exit, r.Stderr)
		}
	}
	r, err := c.Do(t.Context(), "", "/usr/local/bin/flasktui", "check")
	if err != nil || !strings.Contains(r.Stderr+r.Stdout, "bank") || !strings.Contains(r.Stderr+r.Stdout, "casino") {
		t.Errorf("flasktui check does not list the two services: %v\n%s%s", err, r.Stdout, r.Stderr)
	}
}

// TestEmptyBox looks at a box that has no site at all: no service, Nginx down.
func TestEmptyBox(t *testing.T) {
	atOnce <- struct{}{}
	defer func() { <-atOnce }()
	b, err := shared.Boot(t.Context(), "empty")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Stop(); err != nil {
			t.Error(err)
		}
	}()
	r, err := b.Do(t.Context(), "", "/usr/local/bin/flasktui", "check", "--json", "--app-dir", "/srv")
	if err != nil {
		t.Fatal(err)
	}
	var failure struct{ Schema, Error, Hint string }
	if err := json.Unmarshal([]byte(r.Stdout), &failure); err != nil {
		t.Fatalf("stdout is no JSON: %v\n%s", err, r.Stdout)
	}
	if r.Exit != 3 || failure.Schema != "flasktui/error/1" || !strings.HasPrefix(failure.Error, "no Flask service was found") || failure.Hint == "" {
		t.Errorf("exit %d on a box without a site\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
}
