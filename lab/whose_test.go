package lab

import (
	"encoding/json"
	"strings"
	"testing"
)

// grab is what the owner of a file that root runs adds to it.
type grab struct {
	name, does string
	// says has to stand among what the plan gives.
	says string
}

// refusesGrab tries a fix on a box where somebody has added what would give them more: alone
// --yes runs nothing, and by name the fix is said to be of high risk.
func refusesGrab(t *testing.T, c *Case, fix string, one grab, state string) {
	t.Helper()
	if err := sh(one.does)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	before, err := c.Shell(t.Context(), state)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Fix(t.Context(), "--yes")
	if err != nil {
		t.Fatal(err)
	}
	if said := r.Stdout + r.Stderr; r.Exit != 3 || !strings.Contains(said, one.says) || !strings.Contains(said, "--fix "+fix+" --yes") {
		t.Errorf("exit %d, %q is not said\n%s", r.Exit, one.says, said)
	}
	if after, err := c.Shell(t.Context(), state); err != nil || after != before {
		t.Errorf("it was %s and is %s, %v", before, after, err)
	}
	if risk := plannedRisk(t, c, fix); risk != "high" {
		t.Errorf("the risk is %s", risk)
	}
}

// everydayRuns tries the everyday change by the same person: it runs, and they are named.
func everydayRuns(t *testing.T, f Fault, c *Case, change string) {
	t.Helper()
	if err := sh(change)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r, err := c.Fix(t.Context(), "--yes")
	if err != nil || r.Exit != 0 || !strings.Contains(r.Stdout, "deploy may change") || strings.Contains(r.Stdout, "Gives:") {
		t.Errorf("%v, exit %d\n%s%s", err, r.Exit, r.Stdout, r.Stderr)
	}
	if err := f.Cured(t.Context(), c); err != nil {
		t.Error(err)
	}
}

func plannedRisk(t *testing.T, c *Case, fix string) string {
	t.Helper()
	r := c.as(t, "root", append([]string{"check", "--json"}, c.Site.args()...)...)
	var report struct {
		Fixes []struct{ ID, Risk string }
	}
	if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
		t.Fatal(err)
	}
	for _, plan := range report.Fixes {
		if plan.ID == fix {
			return plan.Risk
		}
	}
	return "not offered"
}

// TestComposeFileOfAnother has the owner of a Compose file add to it what makes them root,
// beside an everyday change: nothing of it runs unasked. The everyday change alone does.
func TestComposeFileOfAnother(t *testing.T) {
	const state = `docker ps -a --no-trunc --format '{{.ID}} {{.Names}}'`
	f, c := breaks(t, "compose-file-of-another", "restarted-not-recreated")
	const own = `cd {{.Base}}; chown deploy: compose.yaml; test -e /root/compose.yaml || cp -p compose.yaml /root/; cp -p /root/compose.yaml .; `
	for _, one := range []grab{
		{"privileged", own + `printf '    privileged: true\n    volumes: ["/:/host"]\n' >> compose.yaml`, "privileged: true"},
		{"host-path", own + `printf '    volumes: ["/etc:/host:ro"]\n' >> compose.yaml`, "a path of this box: /etc"},
		{"depends-on", own + `printf '    depends_on: [helper]\n  helper:\n    image: pybase\n    pid: host\n    command: sleep 1000\n' >> compose.yaml`, "helper: pid: host"},
		{"secret", own + `printf '    secrets: [key]\nsecrets: {key: {file: /etc/shadow}}\n' >> compose.yaml`, "a path of this box: /etc/shadow"},
		{"volume-over-a-path", own + `printf '    volumes: ["data:/data"]\nvolumes: {data: {driver_opts: {type: none, o: bind, device: /}}}\n' >> compose.yaml`, "a volume: /"},
		{"extends", own + `printf 'services:\n  part:\n    cap_add: [SYS_ADMIN]\n' > part.yaml; chown root: compose.yaml; chown deploy: part.yaml; printf '    extends: {file: part.yaml, service: part}\n' >> compose.yaml`, "cap_add: SYS_ADMIN"},
	} {
		t.Run(one.name, func(t *testing.T) { refusesGrab(t, c, "docker-up", one, state) })
	}
	everydayRuns(t, f, c, own)
	// By its name it runs: whoever reads the plan may mean it.
	if err := sh(own+`sed -i s/sale/fair/ site.env; printf '    privileged: true\n' >> compose.yaml`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r, err := c.Fix(t.Context(), "--yes", "--fix", "docker-up")
	if err != nil || r.Exit != 0 || !strings.Contains(r.Stdout, "Risk:   high") {
		t.Errorf("%v, exit %d\n%s%s", err, r.Exit, r.Stdout, r.Stderr)
	}
}

// TestMountLedAway has a user exchange a mounted directory of theirs with a link to what is
// not theirs: a restart would mount that.
func TestMountLedAway(t *testing.T) {
	f, _ := Find("mounted-link-moved")
	c := prepare(t, "mount-led-away", f.Site)
	if err := f.Broken(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := sh(`cd {{.Base}}; for d in /root/keep /opt/keep; do mkdir -p $d; cp -a $(readlink -f current)/. $d; chown -R root: $d; done`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	const state = `docker inspect --format '{{.State.StartedAt}}' $(docker ps -q)`
	refusesGrab(t, c, "restart", grab{does: `cd {{.Base}}; ln -sfn /opt/keep current; chown -h deploy: current`, says: "a path of this box: /opt/keep"}, state)
	// Where its maker may not look, nobody looks for them: what is there is not known, and
	// nothing is offered that would mount it.
	if err := sh(`cd {{.Base}}; ln -sfn /root/keep current; chown -h deploy: current`)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	before, err := c.Shell(t.Context(), state)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Fix(t.Context(), "--yes")
	if err != nil || r.Exit == 0 || strings.Contains(r.Stdout, "FRESH") {
		t.Errorf("%v, exit %d\n%s%s", err, r.Exit, r.Stdout, r.Stderr)
	}
	if after, err := c.Shell(t.Context(), state); err != nil || after != before {
		t.Errorf("it was %s and is %s, %v", before, after, err)
	}
}

// TestUnitOfAnother does the same with a unit that is linked from a user's home.
func TestUnitOfAnother(t *testing.T) {
	f, c := breaks(t, "unit-of-another", "unit-edited-no-reload")
	const state = `systemctl show -p MainPID --value {{.Unit}}; systemctl show -p NeedDaemonReload --value {{.Unit}}`
	filled, err := fill(state, c)
	if err != nil {
		t.Fatal(err)
	}
	const own = `install -d -o deploy /home/deploy; test -e /root/unit || cp {{.UnitPath}} /root/unit
install -o deploy /root/unit /home/deploy/{{.Unit}}; ln -sfn /home/deploy/{{.Unit}} {{.UnitPath}}; `
	for _, one := range []grab{
		{"user", own + `sed -i /^User=/d /home/deploy/{{.Unit}}`, "root's rights"},
		{"plus", own + `printf '[Service]\nExecStartPre=+/bin/touch /root/grabbed\n' >> /home/deploy/{{.Unit}}`, "ExecStartPre: +/bin/touch"},
		{"bang-in-a-drop-in", own + `install -d -o deploy /home/deploy/d; ln -sfn /home/deploy/d {{.UnitPath}}.d; printf '[Service]\nExecStartPost=!/bin/touch /root/grabbed\n' > /home/deploy/d/more.conf`, "ExecStartPost: !/bin/touch"},
		{"capability", own + `rm -f {{.UnitPath}}.d; printf '[Service]\nAmbientCapabilities=CAP_SYS_ADMIN\n' >> /home/deploy/{{.Unit}}`, "AmbientCapabilities: CAP_SYS_ADMIN"},
	} {
		t.Run(one.name, func(t *testing.T) { refusesGrab(t, c, "daemon-reload-restart", one, filled) })
	}
	everydayRuns(t, f, c, own)
}

// TestNginxFileOfAnother has the owner of a file that Nginx includes have root write where
// they like.
func TestNginxFileOfAnother(t *testing.T) {
	f, c := breaks(t, "nginx-file-of-another", "nginx-not-reloaded")
	const own = `cd /etc/nginx/conf.d; install -d -o deploy /home/deploy; test -e /root/site.conf || cp {{.Name}}.conf /root/site.conf
install -o deploy /root/site.conf /home/deploy/{{.Name}}.conf; ln -sfn /home/deploy/{{.Name}}.conf {{.Name}}.conf; `
	const state = `pgrep nginx`
	for _, one := range []grab{
		{"log", own + `sed -i 's#server_name#access_log /etc/grabbed; server_name#' /home/deploy/{{.Name}}.conf`, "access_log: /etc/grabbed"},
		{"cache", own + `sed -i '1i proxy_cache_path /etc/grabbed keys_zone=grab:1m;' /home/deploy/{{.Name}}.conf`, "proxy_cache_path: /etc/grabbed"},
	} {
		t.Run(one.name, func(t *testing.T) { refusesGrab(t, c, "nginx-reload", one, state) })
	}
	everydayRuns(t, f, c, own)
}

// TestSupervisorFileOfAnother has the owner of a file that root's supervisord includes make
// its program root's.
func TestSupervisorFileOfAnother(t *testing.T) {
	c := prepare(t, "supervisor-file-of-another", supervised("marble", "127.0.0.1:8770"))
	if err := acts(deploy, sh(`f=$(grep -l program:marble /etc/supervisor/conf.d/*); install -d -o deploy /home/deploy
sed s/^user=.*/user=root/ "$f" > /home/deploy/marble.conf; grep -q user=root /home/deploy/marble.conf || echo user=root >> /home/deploy/marble.conf
chown deploy: /home/deploy/marble.conf; ln -sfn /home/deploy/marble.conf "$f"`))(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	const state = `for n in $(seq 100); do supervisorctl status | grep -q STARTING || break; sleep 0.1; done
supervisorctl status | sed 's/, uptime.*//'`
	before, err := c.Shell(t.Context(), state)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Fix(t.Context(), "--yes")
	if err != nil || r.Exit != 3 || !strings.Contains(r.Stdout+r.Stderr, "/home/deploy") && !strings.Contains(r.Stdout+r.Stderr, "deploy may change") {
		t.Errorf("%v, exit %d\n%s%s", err, r.Exit, r.Stdout, r.Stderr)
	}
	if after, err := c.Shell(t.Context(), state); err != nil || after != before {
		t.Errorf("it was %s and is %s, %v", before, after, err)
	}
}
