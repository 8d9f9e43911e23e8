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
		{"image-older-than-source", "docker", "up", "made nothing anew"},
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
