package lab

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestAnotherBoxThroughSSH: what --host says of a box is what is said on it; nothing stays there,
// and a line or a key that fails is told in a sentence.
func TestAnotherBoxThroughSSH(t *testing.T) {
	t.Parallel()
	c := prepare(t, "another-box", linked("beacon").layered())
	if out, err := c.Shell(t.Context(), `
install -d -o ada -g ada -m 700 /home/ada/.ssh
runuser -u ada -- ssh-keygen -q -t ed25519 -N '' -f /home/ada/.ssh/id_ed25519
install -o ada -g ada -m 600 /home/ada/.ssh/id_ed25519.pub /home/ada/.ssh/authorized_keys
ssh-keygen -A > /dev/null
systemctl start ssh
for attempt in 1 2 3 4 5 6 7 8 9 10; do ssh-keyscan 127.0.0.1 2>/dev/null > /home/ada/.ssh/known_hosts; [ -s /home/ada/.ssh/known_hosts ] && break; sleep 1; done
chown ada: /home/ada/.ssh/known_hosts
mount -o remount,noexec /tmp 2>/dev/null; true`); err != nil {
		t.Fatal(err, out)
	}
	away := func(arguments ...string) Result {
		return c.as(t, "ada", append([]string{"--host", "ada@127.0.0.1"}, arguments...)...)
	}
	// Beside much other work two looks were once seen to differ, the first inconclusive and the
	// second fresh, and not why: that they come to agree is what is asked here.
	if err := c.Wait(t.Context(), time.Minute, func() error {
		here, there := c.as(t, "ada", "check", "--json", c.Unit), away("check", "--json", c.Unit)
		var one, other Report
		if err := json.Unmarshal([]byte(here.Stdout), &one); err != nil {
			return fmt.Errorf("%w: %s", err, here.Stdout)
		}
		if err := json.Unmarshal([]byte(there.Stdout), &other); err != nil {
			return fmt.Errorf("%w: %s%s", err, there.Stdout, there.Stderr)
		}
		if here.Exit != there.Exit || one.Verdict != other.Verdict || one.Summary != other.Summary {
			return fmt.Errorf("on the box: exit %d, %s: %s; from afar: exit %d, %s: %s", here.Exit, one.Verdict, one.Summary, there.Exit, other.Verdict, other.Summary)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	if there := away("check", "no such; touch /tmp/harm"); there.Exit != 3 || !strings.Contains(there.Stderr, "it holds a space") {
		t.Errorf("exit %d: %s%s", there.Exit, there.Stdout, there.Stderr)
	}
	left, err := c.Shell(t.Context(), `find / -xdev \( -name '.flasktui.*' -o -name 'flasktui-ssh-*' -o -name harm \) 2>/dev/null; pgrep -x ssh || true`)
	if err != nil || strings.TrimSpace(left) != "" {
		t.Errorf("left behind: %s (%v)", left, err)
	}
	if out, err := c.Shell(t.Context(), `rm -f /etc/ssh/ssh_host_*; ssh-keygen -A > /dev/null; systemctl restart ssh; sleep 1`); err != nil {
		t.Fatal(err, out)
	}
	told := "flasktui: ada@127.0.0.1 was not reached, or the line dropped: ssh said why above\nflasktui: hint: try it by itself: ssh ada@127.0.0.1 true\n"
	if r := away("check", c.Unit); r.Exit != 3 || !strings.Contains(r.Stderr, "REMOTE HOST IDENTIFICATION HAS CHANGED") || !strings.HasSuffix(r.Stderr, told) {
		t.Errorf("another key: exit %d\n%s", r.Exit, r.Stderr)
	}
	if out, err := c.Shell(t.Context(), `systemctl stop ssh.socket ssh 2>/dev/null; true`); err != nil {
		t.Fatal(err, out)
	}
	if r := away("check", c.Unit); r.Exit != 3 || !strings.HasSuffix(r.Stderr, told) {
		t.Errorf("nobody listens: exit %d\n%s", r.Exit, r.Stderr)
	}
}
