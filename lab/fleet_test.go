package lab

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fleet is a control node and three boxes of one site, which it reaches over ssh as somebody with
// sudo.
type fleet struct {
	control *Box
	web     []*Case
}

// gather boots them. They count as one box: they are one test's, and mostly wait for each other.
func gather(t *testing.T, name string) fleet {
	t.Helper()
	atOnce <- struct{}{}
	t.Cleanup(func() { <-atOnce })
	floor, err := shared.layered(t.Context(), releasePackages)
	if err != nil {
		t.Fatal(err)
	}
	deployed, err := filepath.Abs("../deploy/ansible")
	if err != nil {
		t.Fatal(err)
	}
	f := fleet{}
	if f.control, err = shared.bootOver(t.Context(), floor, name+"-control", deployed+":/usr/share/flasktui/ansible"); err != nil {
		t.Fatal(err)
	}
	ends := func(box *Box) {
		t.Cleanup(func() {
			if err := box.Stop(); err != nil {
				t.Error(err)
			}
		})
	}
	ends(f.control)
	key, err := f.control.Shell(t.Context(), `install -d -m 700 /root/.ssh; ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519; cat /root/.ssh/id_ed25519.pub
cp -r /usr/share/flasktui/ansible /root/ansible; cd /root/ansible; printf 'web:\n  hosts:\n' > inventory.yml`)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		site := copied("ferry", "127.0.0.1:8000")
		site.Layer = releasePackages
		c, err := shared.Prepare(t.Context(), fmt.Sprintf("%s-%d", name, n+1), site)
		if err != nil {
			t.Fatal(err)
		}
		ends(c.Box)
		f.web = append(f.web, c)
		if err := f.control.Wire(t.Context(), c.Box, n+1); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Shell(t.Context(), `install -d -o linus -g linus -m 700 /home/linus/.ssh
printf '%s' "$1" > /home/linus/.ssh/authorized_keys; chown linus: /home/linus/.ssh/authorized_keys; ssh-keygen -A > /dev/null; systemctl start ssh`, key); err != nil {
			t.Fatal(err)
		}
		if _, err := f.control.Shell(t.Context(), `for attempt in 1 2 3 4 5 6 7 8 9 10; do ssh-keyscan "$2" > /tmp/key 2>/dev/null; [ -s /tmp/key ] && break; sleep 1; done
cat /tmp/key >> /root/.ssh/known_hosts; printf '    %s: {ansible_host: %s, ansible_user: linus}\n' "$1" "$2" >> /root/ansible/inventory.yml`,
			fmt.Sprintf("web%d", n+1), fmt.Sprintf("10.77.%d.2", n+1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.control.Shell(t.Context(), `printf '  vars:\n    flasktui_service: %s\n    flasktui_program: /usr/local/bin/flasktui\n' ferry >> /root/ansible/inventory.yml`); err != nil {
		t.Fatal(err)
	}
	return f
}

// play runs a playbook as its documentation says.
func (f fleet) play(t *testing.T, book string, arguments ...string) Result {
	t.Helper()
	r, err := f.control.Do(t.Context(), "", append([]string{"env", "-C", "/root/ansible", "ANSIBLE_NOCOLOR=1", "ansible-playbook", "playbooks/" + book}, arguments...)...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// masters are the main processes of the site on each box.
func (f fleet) masters(t *testing.T) []string {
	t.Helper()
	var pids []string
	for _, c := range f.web {
		pid, err := c.Run(t.Context(), "systemctl", "show", "-p", "MainPID", "--value", c.Unit)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, strings.TrimSpace(pid))
	}
	return pids
}

func (c *Case) must(t *testing.T, does ...Act) {
	t.Helper()
	if err := acts(does...)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// TestAFleetIsCuredBoxByBox: a stale box, a mixed one and a fresh one over ssh, by Ansible as
// deploy/ansible/README.md says it; then one on which another plan is due, and one that nobody
// reaches.
func TestAFleetIsCuredBoxByBox(t *testing.T) {
	t.Parallel()
	f := gather(t, "fleet")
	stale, mixed, fresh := f.web[0], f.web[1], f.web[2]
	stale.must(t, deploy)
	mixed.must(t, deploy, killOneWorker, serving("edition", "harvest", "spring"))
	fresh.must(t, deploy, restart, haveLoaded)
	// One box has no flasktui of its own: it is brought along.
	if _, err := stale.Shell(t.Context(), `umount /usr/local/bin/flasktui; rm /usr/local/bin/flasktui`); err != nil {
		t.Fatal(err)
	}

	table := f.play(t, "check.yml")
	for _, row := range []string{`web-fleet-1 .*STALE`, `web-fleet-2 .*MIXED`, `web-fleet-3 .*FRESH`, `2 of 3 boxes are not seen to serve`} {
		if !regexp.MustCompile(row).MatchString(table.Stdout) {
			t.Errorf("no row is like %q", row)
		}
	}
	digests := regexp.MustCompile(`plan ([0-9a-f]{64})`).FindAllStringSubmatch(table.Stdout, -1)
	if table.Exit == 0 || len(digests) != 2 {
		t.Fatalf("exit %d, %d plans:\n%s%s", table.Exit, len(digests), table.Stdout, table.Stderr)
	}
	confirmed := fmt.Sprintf(`{"flasktui_plans": [%q, %q], "flasktui_expect": %q, "flasktui_drain": "/root/drain.yml", "flasktui_take_back": "/root/back.yml"}`, digests[0][1], digests[1][1], stale.New.ID)
	hook := func(does string) string {
		return `- ansible.builtin.shell: "echo ` + does + ` {{ inventory_hostname }} >> /root/hooks"` + "\n  delegate_to: localhost\n  become: false\n"
	}
	if err := f.control.Unpack(t.Context(), "/root", map[string]string{"drain.yml": hook("drain"), "back.yml": hook("back"), "hooks": ""}); err != nil {
		t.Fatal(err)
	}

	before := f.masters(t)
	if r := f.play(t, "roll.yml", "-e", "flasktui_expect="+stale.New.ID); r.Exit == 0 || !strings.Contains(r.Stdout, "was not confirmed, and nothing was run") || !strings.Contains(r.Stdout, digests[0][1]) && !strings.Contains(r.Stdout, digests[1][1]) {
		t.Errorf("nothing confirmed: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	if after := f.masters(t); strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("without a confirmed digest %v became %v", before, after)
	}

	if r := f.play(t, "roll.yml", "-e", confirmed); r.Exit != 0 {
		t.Fatalf("roll: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	after := f.masters(t)
	if after[0] == before[0] || after[1] == before[1] || after[2] != before[2] {
		t.Errorf("%v became %v: the first two were to be cured, and the fresh one left alone", before, after)
	}
	hooks, err := f.control.Run(t.Context(), "cat", "/root/hooks")
	if err != nil || hooks != "drain web1\nback web1\ndrain web2\nback web2\n" {
		t.Errorf("%v: %q", err, hooks)
	}
	if r := f.play(t, "check.yml", "-e", "flasktui_expect="+stale.New.ID); r.Exit != 0 || !strings.Contains(r.Stdout, "All 3 boxes serve "+stale.New.ID) {
		t.Errorf("after it: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	if left, err := stale.Shell(t.Context(), `find /tmp /var/tmp /root /home/linus -name '*flasktui*' 2>/dev/null`); err != nil || left != "" {
		t.Errorf("left behind on a box: %s (%v)", left, err)
	}

	// On the first box another plan is due now: it stops there, and the second is not touched.
	stale.must(t, sh(`sed -i '/^\[Service\]/a Environment=FLAG=1' {{.UnitPath}}`))
	mixed.must(t, sh(`printf '\n# changed\n' >> "$(find {{.Base}} -name '*.py' | head -n 1)"`))
	before = f.masters(t)
	if r := f.play(t, "roll.yml", "-e", confirmed); r.Exit == 0 || !strings.Contains(r.Stdout, "was not confirmed") || strings.Contains(r.Stdout, "web2 ") && strings.Contains(r.Stdout, "Drain it") && strings.Contains(r.Stdout, "changed: [web2]") {
		t.Errorf("another plan: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
	if after := f.masters(t); strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("another plan: %v became %v", before, after)
	}

	// Nobody reaches the last box: it is a row of the table, and not the report of the time before.
	if _, err := fresh.Shell(t.Context(), `systemctl stop ssh.socket ssh 2>/dev/null; true`); err != nil {
		t.Fatal(err)
	}
	// The connections of the time before would go on.
	if _, err := f.control.Run(t.Context(), "rm", "-rf", "/root/.ansible/cp"); err != nil {
		t.Fatal(err)
	}
	if r := f.play(t, "check.yml"); r.Exit == 0 || !regexp.MustCompile(`web3 +.*NO REPORT`).MatchString(r.Stdout) || strings.Contains(r.Stdout, "web-fleet-3") {
		t.Errorf("one is not reached: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
}
