package lab

import (
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// exchanging is an attacker with the app's own account: two names change places as fast as
// the kernel can do it, the app's directory and a link to somebody else's.
const exchanging = `import ctypes, sys
kernel, one, other = ctypes.CDLL(None), sys.argv[1].encode(), sys.argv[2].encode()
while True: kernel.renameat2(-100, one, -100, other, 2)
`

// TestNobodyLeadsRootElsewhere has the app's own user exchange the directory that a fix
// works in with a link to another site, while root runs the commands of that fix by the
// thousand, and flasktui itself as often as there is time for. The other site is root's,
// and has whatever the fix looks for; nothing of it may change.
func TestNobodyLeadsRootElsewhere(t *testing.T) {
	for _, test := range []struct{ fault, fix, kept string }{
		{"link-not-switched", "switch-symlink", "mv"},
		{"bytecode-unchecked", "clear-bytecode", "rm"},
	} {
		t.Run(test.fix, func(t *testing.T) {
			t.Parallel()
			f, _ := Find(test.fault)
			site := f.Site
			site.Base = "/home/app/site"
			site.User = "app"
			c := prepare(t, test.fix+"-race", site)
			if err := f.Broken(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			commands := plannedCommands(t, c, test.fix)
			if err := sh(`cp -a {{.Base}} /srv/bank; chown -R -h root: /srv/bank; ln -s /srv/bank /home/app/trap; chown -h app: /home/app /home/app/trap`)(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if err := c.Write(t.Context(), "/usr/local/lib/exchange.py", exchanging); err != nil {
				t.Fatal(err)
			}
			const state = `find /srv/bank -printf '%p %y %u %i %T@ %C@ %l\n' | sort`
			before, err := c.Shell(t.Context(), state)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Shell(t.Context(), `systemd-run --quiet --unit=attacker -p User=app python3 /usr/local/lib/exchange.py /home/app/site /home/app/trap`); err != nil {
				t.Fatal(err)
			}
			const tries = 2000
			for _, argv := range commands {
				if !slices.Contains(argv, test.kept) && !slices.Contains(argv, "ln") {
					continue // systemctl restart
				}
				t.Logf("%d times %q", tries, argv)
				if _, err := c.Run(t.Context(), append([]string{"sh", "-c", `n=` + strconv.Itoa(tries) + `; while [ $n -gt 0 ]; do "$@" 2>/dev/null; n=$((n-1)); done; true`, "sh"}, argv...)...); err != nil {
					t.Fatal(err)
				}
			}
			for range 4 {
				c.as(t, "root", "fix", "--yes", "--fix", test.fix, c.Unit)
				c.as(t, "root", "check", "--save", path.Join(site.Base, "facts.json"), c.Unit)
			}
			after, err := c.Shell(t.Context(), "systemctl stop attacker; "+state)
			if err != nil {
				t.Fatal(err)
			}
			if before != after {
				t.Errorf("root was led elsewhere. Before:\n%s\nafter:\n%s", before, after)
			}
		})
	}
}

// plannedCommands are those that a report offers for a fix.
func plannedCommands(t *testing.T, c *Case, fix string) [][]string {
	t.Helper()
	r := c.as(t, "root", "check", "--json", c.Unit)
	var report struct {
		Fixes []struct {
			ID, Blocked string
			Commands    [][]string
		}
	}
	if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
		t.Fatal(err)
	}
	for _, offered := range report.Fixes {
		if offered.ID == fix && offered.Blocked == "" {
			return offered.Commands
		}
	}
	t.Fatalf("the fix %s is not offered:\n%s", fix, strings.TrimSpace(r.Stdout))
	return nil
}

// TestForeignBytecode clears what root compiled in the app's own directory, where its user
// cannot remove it and root is not to: it is moved aside.
func TestForeignBytecode(t *testing.T) {
	f, _ := Find("bytecode-unchecked")
	c := prepare(t, "foreign-bytecode", f.Site)
	if err := acts(f.Broken, sh(`chown -R root: {{.Base}}/__pycache__`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if r := c.as(t, "root", "fix", "--yes", "--fix", "clear-bytecode", c.Unit); r.Exit != 0 || !strings.Contains(r.Stdout+r.Stderr, "__pycache__.before-flasktui") {
		t.Errorf("exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	if err := f.Cured(t.Context(), c); err != nil {
		t.Error(err)
	}
}
