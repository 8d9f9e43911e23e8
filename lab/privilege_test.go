package lab

import (
	"encoding/json"
	"strings"
	"testing"
)

// sits opens a terminal at which one of the box's people begins flasktui.
func (c *Case) sits(t *testing.T, person, line string) person {
	t.Helper()
	p := openPerson(t, c)
	if person != "root" {
		line = "cd /home/" + person + " && runuser -u " + person + " -- env HOME=/home/" + person + " USER=" + person + " " + line
	}
	p.types(line + "; echo left with $?")
	return p
}

// TestPasswordInTheWizard has sudo ask ada for her password on her own terminal. With it
// everything can be read, and the site is cured; without it nothing is.
func TestPasswordInTheWizard(t *testing.T) {
	f, c := breaks(t, "password", "switched-not-restarted")
	forbidden := c.sits(t, "ada", "flasktui --no-sudo "+c.Unit)
	forbidden.sees(c.Unit)
	forbidden.settles()
	forbidden.presses("u")
	if screen := forbidden.settles(); strings.Contains(screen, "[sudo]") {
		t.Errorf("with --no-sudo sudo asks for a password:\n%s", screen)
	}
	forbidden.presses("f")
	forbidden.settles()
	forbidden.presses("y")
	forbidden.settles()
	forbidden.presses("C-c")
	stays(t, c, "spring")

	p := c.sits(t, "ada", "flasktui "+c.Unit)
	p.sees(c.Unit)
	p.settles()
	p.presses("u")
	p.sees("[sudo] password for ada")
	p.types("lovelace")
	p.sees("Probed again")
	p.settles()
	p.cures(f, c, "systemctl restart "+c.Unit)
	p.presses("C-c")
	p.sees("left with")
	if modes, err := c.Run(t.Context(), "stat", "-c", "%a %U", "/home/ada/.local/state/flasktui", "/home/ada/.local/state/flasktui/actions.jsonl"); err != nil || modes != "700 ada\n600 ada\n" {
		t.Errorf("the modes of ada's record are %q, %v", modes, err)
	}
}

// TestAPasswordIsAskedForWhenAFixIsConfirmed: without another key before it. Whom sudo refuses
// is told so before, and is asked for none.
func TestAPasswordIsAskedForWhenAFixIsConfirmed(t *testing.T) {
	_, c := breaks(t, "confirmed", "switched-not-restarted")
	refused := c.sits(t, "grace", "flasktui "+c.Unit)
	refused.sees("STALE")
	refused.settles()
	refused.presses("f")
	refused.sees("sudo gives grace none")
	refused.presses("y")
	if screen := refused.settles(); strings.Contains(screen, "[sudo]") {
		t.Errorf("sudo asks grace for a password:\n%s", screen)
	}
	refused.presses("C-c")
	stays(t, c, "spring")

	p := c.sits(t, "ada", "flasktui "+c.Unit)
	p.sees("STALE")
	p.settles()
	p.presses("f")
	p.sees("Restart the service?")
	p.settles()
	p.presses("y")
	p.sees("[sudo] password for ada")
	p.types("lovelace")
	p.sees("FRESH")
	p.presses("C-c")
}

// TestWhatMayNotRunDoesNot asks for fixes that --read-only and missing rights forbid.
func TestWhatMayNotRunDoesNot(t *testing.T) {
	_, c := breaks(t, "forbidden", "switched-not-restarted")
	for _, test := range []struct {
		person, why string
		args        []string
	}{
		{"root", "--read-only", []string{"fix", "--yes", "--read-only"}},
		{"root", "--read-only", []string{"fix", "--yes", "--read-only", "--fix", "restart"}},
		{"linus", "--read-only", []string{"fix", "--yes", "--fix", "restart", "--read-only"}},
		{"linus", "needs root's rights", []string{"fix", "--yes", "--no-sudo", "--fix", "restart"}},
		{"grace", "needs root's rights", []string{"fix", "--yes", "--fix", "restart"}},
		{"ada", "needs root's rights", []string{"fix", "--yes", "--fix", "switch-symlink"}},
	} {
		r := c.as(t, test.person, append(test.args, c.Unit)...)
		if r.Exit != 3 || !strings.Contains(r.Stderr, test.why) && !strings.Contains(r.Stderr, "nothing to do") {
			t.Errorf("%s: flasktui %v: exit %d, and not because of %s\n%s", test.person, test.args, r.Exit, test.why, r.Stderr)
		}
	}
	stays(t, c, "spring")
	p := openPerson(t, c)
	p.types("flasktui --read-only " + c.Unit)
	p.sees("STALE")
	p.settles()
	for _, key := range []string{"f", "y", "1", "y"} {
		p.presses(key)
		p.settles()
	}
	p.presses("C-c")
	p.sees("ready$")
	stays(t, c, "spring")
	listsEveryElevation(t, c)
}

// listsEveryElevation sets what sudo logged for linus beside what the report lists.
func listsEveryElevation(t *testing.T, c *Case) {
	t.Helper()
	const logged = `journalctl -q -o cat -t sudo | grep -c 'linus :.*COMMAND=' || true`
	before, err := c.Shell(t.Context(), logged)
	if err != nil {
		t.Fatal(err)
	}
	r := c.as(t, "linus", "check", "--json", c.Unit)
	var report struct {
		Commands []struct {
			Argv     []string
			Elevated bool
		}
	}
	if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
		t.Fatal(err)
	}
	listed := 0
	for _, command := range report.Commands {
		if command.Elevated {
			listed++
		}
		if command.Elevated != (command.Argv[0] == "sudo") {
			t.Errorf("%v is listed as elevated: %t", command.Argv, command.Elevated)
		}
	}
	after, err := c.Shell(t.Context(), logged)
	if err != nil {
		t.Fatal(err)
	}
	if ran := number(t, after) - number(t, before); ran != listed || listed == 0 || listed > 16 {
		t.Errorf("sudo ran %d commands, the report lists %d\n%s", ran, listed, r.Stdout)
	}
}

func number(t *testing.T, text string) int {
	t.Helper()
	var n int
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		t.Fatalf("%q is no number: %v", text, err)
	}
	return n
}

// traps are laid where an attacker can write: in the app's directories, on the caller's
// PATH and in the directory where root stands. Each leaves a mark when it is sprung.
const traps = `mkdir -p {{.Live}}/bin {{.Live}}/venv/bin; cd {{.Live}}
for name in systemctl nginx git docker journalctl sudo vi sh bash python python3 gunicorn find head env nsenter pager less true; do
	printf '#!/bin/dash\necho "%s $*" >> /tmp/sprung\n' "$name" > bin/$name; chmod 755 bin/$name
	cp bin/$name venv/bin/$name; cp bin/$name ./$name
done
touch venv/pyvenv.cfg
git init -q -b main . && git -c safe.directory='*' add wsgi.py && git -c safe.directory='*' commit -q -m one
git config --file .git/config core.fsmonitor {{.Live}}/bin/git; git config --file .git/config core.pager {{.Live}}/bin/pager; git config --file .git/config core.sshCommand {{.Live}}/bin/git
for hook in post-checkout pre-commit post-index-change reference-transaction; do cp bin/git .git/hooks/$hook; done
for name in config.toml flasktui.toml .flasktui.toml .config/flasktui/config.toml flasktui/config.toml; do
	mkdir -p "$(dirname $name)"; printf 'read_only = true\nurl = "http://127.0.0.1:1/from-here"\n' > $name
done
printf 'import os\nos.system("echo sitecustomize >> /tmp/sprung")\n' > sitecustomize.py
chown -R {{.User}}: .; rm -f /tmp/sprung`

// TestRootRunsNothingOfTheApp has root stand in the app's own directory, with it first on
// the PATH, and look, and fix.
func TestRootRunsNothingOfTheApp(t *testing.T) {
	f, _ := Find("switched-not-restarted")
	c := prepare(t, "traps", f.Site)
	if err := acts(f.Break, sh(traps))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	const hostileEnvironment = `cd "$2" && env PATH="$2/bin:.:$PATH" PYTHONPATH="$2" GIT_DIR="$2/.git" PAGER="$2/bin/pager" EDITOR=./vi ` +
		`XDG_CONFIG_HOME=. LD_LIBRARY_PATH="$2" SYSTEMD_PAGER="$2/bin/less" SHELL="$2/bin/sh" `
	for _, args := range []string{"check --json", "check --save facts.json", "fix --yes"} {
		r, err := c.Do(t.Context(), "", "/bin/sh", "-c", hostileEnvironment+"/usr/local/bin/flasktui "+args+` "$1"`, "sh", c.Unit, c.Live())
		if err != nil {
			t.Fatal(err)
		}
		if r.Exit > 1 || strings.Contains(r.Stdout+r.Stderr, "from-here") {
			t.Errorf("flasktui %s: exit %d\n%s%s", args, r.Exit, r.Stdout, r.Stderr)
		}
		if sprung, _ := c.Do(t.Context(), "", "cat", "/tmp/sprung"); sprung.Stdout != "" {
			t.Errorf("flasktui %s ran what belongs to the app:\n%s", args, sprung.Stdout)
		}
	}
	p := openPerson(t, c)
	p.types("cd " + c.Live() + " && PATH=" + c.Live() + "/bin:$PATH /usr/local/bin/flasktui " + c.Unit)
	p.sees(c.Unit)
	p.settles()
	p.presses("l")
	p.settles()
	p.presses("C-c")
	p.sees("ready$")
	if sprung, _ := c.Do(t.Context(), "", "cat", "/tmp/sprung"); strings.Contains(sprung.Stdout, "journalctl") || strings.Contains(sprung.Stdout, "systemctl") {
		t.Errorf("the wizard ran what belongs to the app:\n%s", sprung.Stdout)
	}
	followsNoLink(t, c)
}

// followsNoLink lays links where root is about to write.
func followsNoLink(t *testing.T, c *Case) {
	t.Helper()
	if err := sh(`echo untouched > /root/precious; cd {{.Dir 1}}; rm -f facts.json; ln -s /root/precious facts.json; ln -s /root/nowhere new.json
rm -rf /var/log/flasktui; ln -s /root /var/log/flasktui`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"facts.json", "new.json"} {
		if r := c.as(t, "root", "check", "--save", c.Dir(1)+"/"+name, c.Unit); !strings.Contains(r.Stderr, "not a plain file") {
			t.Errorf("--save over a link: exit %d\n%s", r.Exit, r.Stderr)
		}
	}
	if r := c.as(t, "root", "fix", "--yes", "--fix", "restart", c.Unit); !strings.Contains(r.Stdout+r.Stderr, "this fix is not recorded: ") {
		t.Errorf("a record behind a link: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	if left, err := c.Shell(t.Context(), `cat /root/precious; ls /root/nowhere /root/actions.jsonl 2>/dev/null || true`); err != nil || left != "untouched\n" {
		t.Errorf("root wrote through a link: %q, %v", left, err)
	}
}
