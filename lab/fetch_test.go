package lab

import (
	"testing"
)

// TestNothingIsFetched has the Compose file, which is the deploy user's, include another one
// from somewhere else. To look is not to fetch: no git is run for it, and nobody is asked.
func TestNothingIsFetched(t *testing.T) {
	f, _ := Find("image-older-than-source")
	c := prepare(t, "fetch", f.Site)
	if err := acts(f.Broken, sh(`printf 'include:\n  - https://127.0.0.1:9/elsewhere.git\n' >> {{.Base}}/compose.yaml
printf '#!/bin/dash\necho "git $*" >> /tmp/sprung\n' > /usr/local/bin/git; chmod 755 /usr/local/bin/git
rm -f /tmp/sprung`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r, err := c.Do(t.Context(), "", "env", "COMPOSE_EXPERIMENTAL_GIT_REMOTE=true", "/usr/local/bin/flasktui", "check", "compose:"+c.Name+"/"+c.Compose)
	if err != nil || r.Exit == 0 || r.Exit > 2 {
		t.Errorf("exit %d (%v); it is stale, or cannot be told\n%s%s", r.Exit, err, r.Stdout, r.Stderr)
	}
	if sprung, _ := c.Do(t.Context(), "", "cat", "/tmp/sprung"); sprung.Stdout != "" {
		t.Errorf("to look, this was run:\n%s", sprung.Stdout)
	}
}
