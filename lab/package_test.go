package lab

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// makeDist builds the packages of a version for this machine into a directory.
func makeDist(t *testing.T, version, directory string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "make", "-C", "..", "dist", "SYSTEMS=linux", "ARCHES="+runtime.GOARCH, "VERSION="+version, "DIST="+directory)
	build.Env = append(os.Environ(), "MAKEFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("make dist: %v\n%s", err, tail(string(out), 30))
	}
}

// namesWhatIsLinkedIn holds a release's list of what is in it to what Go says.
func namesWhatIsLinkedIn(t *testing.T, release string) {
	t.Helper()
	written, err := os.ReadFile(release)
	if err != nil {
		t.Fatal(err)
	}
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}pkg:golang/{{.Path}}@{{.Version}}{{end}}{{end}}", "flasktui")
	list.Env = append(os.Environ(), "CGO_ENABLED=0")
	linked, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := slices.Compact(slices.Sorted(slices.Values(strings.Fields(string(linked)))))
	for _, module := range modules {
		if !strings.Contains(string(written), `"purl": "`+module+`"`) {
			t.Errorf("the SBOM does not name %s", module)
		}
	}
	// Go's own library is one more.
	if named := strings.Count(string(written), `"purl"`); named != len(modules)+1 {
		t.Errorf("the SBOM names %d modules, and %d are linked in", named-1, len(modules))
	}
}

// TestPackages: two builds are the same, byte for byte; nothing is wrong with the packages by
// lintian and rpmlint; on a box that has nothing of flasktui's the .deb is installed, used as the
// documentation says, upgraded, removed and purged.
func TestPackages(t *testing.T) {
	t.Parallel()
	dist := t.TempDir()
	if err := os.Chmod(dist, 0o755); err != nil {
		t.Fatal(err)
	}
	makeDist(t, "1.0.0~rc1", filepath.Join(dist, "first"))
	makeDist(t, "1.0.0~rc1", filepath.Join(dist, "again"))
	if out, err := exec.CommandContext(t.Context(), "diff", "-r", filepath.Join(dist, "first"), filepath.Join(dist, "again")).CombinedOutput(); err != nil {
		t.Errorf("two builds differ: %v\n%s", err, out)
	}
	namesWhatIsLinkedIn(t, filepath.Join(dist, "first", "linux-"+runtime.GOARCH, "sbom.cdx.json"))
	makeDist(t, "1.0.0", filepath.Join(dist, "next"))

	atOnce <- struct{}{}
	t.Cleanup(func() { <-atOnce })
	site := linked("shop")
	site.Layer = releasePackages
	c, err := shared.Prepare(t.Context(), "package", site)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	for _, version := range []string{"first", "next"} {
		files, err := filepath.Glob(filepath.Join(dist, version, "flasktui?1.0.0*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%v: no packages", err)
		}
		for _, file := range files {
			if err := c.Copy(t.Context(), file, "/root/"+version+"/"+filepath.Base(file)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, step := range []struct {
		name string
		does func(t *testing.T, c *Case)
	}{
		{"Linted", packagesAreClean},
		{"Installed", packageIsInstalled},
		{"Completed", shellsComplete},
		{"Monitored", examplesOfMonitoringRun},
		{"Deployed", examplesOfDeploysRun},
		{"FromAfar", wizardCuresAnotherBox},
		{"Gone", packageIsUpgradedAndPurged},
	} {
		t.Run(step.name, func(t *testing.T) { step.does(t, c) })
	}
}

// wants runs a script in the box and wants these texts of it.
func wants(t *testing.T, c *Case, script string, texts ...string) {
	t.Helper()
	out, err := c.Shell(t.Context(), script)
	if err != nil {
		t.Error(err)
	}
	for _, text := range texts {
		if !strings.Contains(out, text) {
			t.Errorf("%s\ndoes not say %q:\n%s", script, text, out)
		}
	}
}

func packagesAreClean(t *testing.T, c *Case) {
	wants(t, c, `lintian --allow-root -I --fail-on error,warning,info --tag-display-limit 0 /root/next/*.deb 2>&1`)
	if err := c.Copy(t.Context(), "../packaging/rpmlint.toml", "/root/rpmlint.toml"); err != nil {
		t.Fatal(err)
	}
	wants(t, c, `rpmlint -c /root/rpmlint.toml /root/next/*.rpm 2>&1 || true`, "0 errors, 0 warnings")
}

func packageIsInstalled(t *testing.T, c *Case) {
	if _, err := c.Shell(t.Context(), `umount /usr/local/bin/flasktui; rm /usr/local/bin/flasktui; dpkg -i /root/first/*.deb`); err != nil {
		t.Fatal(err)
	}
	wants(t, c, `flasktui version; command -v flasktui`, "1.0.0~rc1", "/usr/bin/flasktui")
	wants(t, c, `flasktui check`, "FRESH")
	wants(t, c, `makewhatis /usr/share/man > /dev/null 2>&1; mandoc -Tlint /usr/share/man/man1/flasktui.1.gz > /tmp/lint 2>&1 || true; wc -l < /tmp/lint; cat /tmp/lint`, "0\n")
	wants(t, c, `MANWIDTH=80 man -l /usr/share/man/man1/flasktui.1.gz | col -b`, "find out why a Flask site still serves old code", "compose:PROJECT/SERVICE", "config.toml", "--plan DIGEST")
	wants(t, c, `python3 -c 'import json,sys; d=json.load(open("/usr/share/doc/flasktui/sbom.cdx.json")); print(d["bomFormat"], d["metadata"]["component"]["version"], len(d["components"]) > 5)'`, "CycloneDX 1.0.0~rc1 True")
	// The .rpm has the same, but for what only Debian reads.
	wants(t, c, `mkdir /root/payload; cd /root/payload; rpm2cpio /root/first/*.rpm | cpio -idm --quiet; rpm -qp --scripts /root/first/*.rpm
find . ! -type d | sed 's/^.//' | sort > /root/of-rpm; dpkg -L flasktui | while read -r f; do test -d "$f" || echo "$f"; done | grep -v lintian | sort > /root/of-deb
diff /root/of-deb /root/of-rpm; while read -r f; do cmp "$f" "/root/payload$f"; done < /root/of-rpm; rm -r /root/payload; echo the same`, "the same")
}

// shellsComplete types the tab key into real shells, which find the package's scripts by themselves.
func shellsComplete(t *testing.T, c *Case) {
	for shell, begins := range map[string][]string{
		"fish": {"exec fish", "set fish_greeting"},
		"bash": {"exec bash --norc", ". /usr/share/bash-completion/bash_completion"},
		"zsh":  {"exec zsh -f", "autoload -Uz compinit; compinit -u"},
	} {
		t.Run(shell, func(t *testing.T) {
			for typed, seen := range map[string]string{
				"flasktui explain unit-points-to": "unit-points-to-old-path", "flasktui check sho": "check shop.service", "flasktui practice env-": "practice env-not-reloaded",
			} {
				terminal, err := c.OpenTerminal(t.Context(), 120, 30)
				for _, line := range append(slices.Clone(begins), `echo se""t-up`) {
					if err == nil {
						err = terminal.Type(t.Context(), line)
					}
				}
				if err == nil {
					err = terminal.WaitFor(t.Context(), time.Minute, "set-up")
				}
				if err == nil {
					_, err = terminal.tmux(t.Context(), "send-keys", "-l", typed)
				}
				if err == nil {
					err = terminal.Press(t.Context(), "Tab")
				}
				if err == nil {
					err = terminal.WaitFor(t.Context(), time.Minute, seen)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// wizardCuresAnotherBox opens the wizard over ssh, on a box on which it is installed, and has it
// cure the site there.
func wizardCuresAnotherBox(t *testing.T, c *Case) {
	c.must(t, sh(`touch {{.Live}}/wsgi.py; printf '\n# changed\n' >> {{.Live}}/wsgi.py`))
	terminal, err := c.OpenTerminal(t.Context(), 100, 30)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct{ typed, seen string }{
		{"flasktui --host linus@127.0.0.1 shop\n", "STALE"}, {"f", "systemctl restart shop.service"}, {"y", "FRESH"},
	} {
		if line, is := strings.CutSuffix(one.typed, "\n"); is {
			err = terminal.Type(t.Context(), line)
		} else {
			// Keys that come at once with the dialog confirm nothing.
			time.Sleep(2 * time.Second)
			err = terminal.Press(t.Context(), one.typed)
		}
		if err == nil {
			err = terminal.WaitFor(t.Context(), time.Minute, one.seen)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := terminal.Press(t.Context(), "q"); err != nil {
		t.Fatal(err)
	}
}

func packageIsUpgradedAndPurged(t *testing.T, c *Case) {
	wants(t, c, `mkdir -p /etc/flasktui; echo 'timeout = "11s"' > /etc/flasktui/config.toml; dpkg -i /root/next/*.deb 2>&1; flasktui version`, "1.0.0")
	wants(t, c, `dpkg --compare-versions 1.0.0~rc1 lt "$(dpkg-query -W -f '${Version}' flasktui)" && echo newer`, "newer")
	wants(t, c, `dpkg -r flasktui; cat /etc/flasktui/config.toml; test ! -e /usr/bin/flasktui && echo removed`, "11s", "removed")
	wants(t, c, `rm /usr/lib/check_mk_agent/local/flasktui; dpkg -P flasktui 2>&1; dpkg -s flasktui 2>&1 || true; find /usr /var/lib/dpkg/info -iname '*flasktui*' | grep -v '^/usr/local' | wc -l`, "0\n", "not installed")
}
