package lab

import (
	"strings"
	"testing"
)

// TestWhatRestartsNothing: an administrator put a command of the same name in front, which
// holds restarts back and ends well. Nothing was restarted, and that is what is said.
func TestWhatRestartsNothing(t *testing.T) {
	for _, test := range []struct{ fault, program, held, says string }{
		{"switched-not-restarted", "systemctl", "restart", "restarted nothing"},
		{"mounted-not-restarted", "docker", "restart", "restarted nothing"},
		{"supervised-not-restarted", "supervisorctl", "restart", "restarted nothing"},
		{"image-older-than-source", "docker", "up", "recreated nothing"},
	} {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			f, _ := Find(test.fault)
			c := prepare(t, "nothing-"+test.program+"-"+test.held, f.Site)
			if err := f.Broken(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Shell(t.Context(), `real=$(command -v "$1")
printf '#!/bin/sh\nfor word in "$@"; do [ "$word" = %s ] && exit 0; done\nexec %s "$@"\n' "$2" "$real" > /usr/local/sbin/"$1"
chmod 755 /usr/local/sbin/"$1"`, test.program, test.held); err != nil {
				t.Fatal(err)
			}
			r, err := c.Fix(t.Context(), "--yes")
			if err != nil || r.Exit == 0 || !strings.Contains(r.Stderr, test.says) {
				t.Errorf("exit %d (%v)\n%s%s", r.Exit, err, r.Stdout, r.Stderr)
			}
		})
	}
}

// TestALinkMovesUnderTheQuestion: what release-marker would write is on the screen, word by
// word; when the link moves while the question stands, nothing is written.
func TestALinkMovesUnderTheQuestion(t *testing.T) {
	s := linked("lantern")
	s.App.Ident = InEnv
	c := prepare(t, "moved", s)
	if err := place(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	dropIn := "/etc/systemd/system/" + c.Unit + ".d/flasktui-release.conf"
	person := openPerson(t, c)
	person.types("flasktui fix --fix release-marker " + c.Unit)
	person.sees("< [Service]", "< Environment=APP_RELEASE="+c.Old.ID, "Type y and enter")
	if _, err := c.Shell(t.Context(), `ln -sfn "$1" "$2"`, c.Dir(1), c.Live()); err != nil {
		t.Fatal(err)
	}
	person.types("y")
	person.sees("the box has changed since the fi")
	if out, err := c.Shell(t.Context(), `cat "$1" 2>/dev/null || :`, dropIn); err != nil || out != "" {
		t.Errorf("it wrote %q (%v)", out, err)
	}
	if r, err := c.Fix(t.Context(), "--yes", "--fix", "release-marker"); err != nil || r.Exit != 0 {
		t.Fatalf("exit %d (%v)\n%s%s", r.Exit, err, r.Stdout, r.Stderr)
	}
	written, err := c.Run(t.Context(), "cat", dropIn)
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := c.Run(t.Context(), "cat", "/var/log/flasktui/actions.jsonl")
	if want := strings.TrimSuffix(written, "\n"); err != nil || !strings.Contains(recorded, strings.ReplaceAll(want, "\n", `\n`)) {
		t.Errorf("it wrote %q (%v), and the record has\n%s", written, err, recorded)
	}
}
