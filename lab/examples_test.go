package lab

import (
	"strings"
	"testing"
)

// examplesIn is where the package puts them.
const examplesIn = "/usr/share/doc/flasktui/examples/"

// examplesOfMonitoringRun installs each as the README beside them says, and looks at what the
// monitoring gets: of a site that is fresh, of one that is stale, and of no site.
func examplesOfMonitoringRun(t *testing.T, c *Case) {
	install := `cd ` + examplesIn + `
install -m 0440 sudoers.d/flasktui /etc/sudoers.d/flasktui; visudo -cf /etc/sudoers.d/flasktui
install -m 0644 nrpe/flasktui.cfg /etc/nagios/nrpe.d/flasktui.cfg
install -D -m 0755 checkmk/flasktui /usr/lib/check_mk_agent/local/flasktui
install -m 0644 prometheus/flasktui-metrics.service prometheus/flasktui-metrics.timer /etc/systemd/system/
install -d /var/lib/prometheus/node-exporter
systemctl daemon-reload; systemctl start nagios-nrpe-server; systemctl enable -q --now flasktui-metrics.timer prometheus-node-exporter`
	wants(t, c, install)
	const (
		nrpe    = `/usr/lib/nagios/plugins/check_nrpe -H 127.0.0.1 -c check_flasktui || true`
		checkmk = `/usr/lib/check_mk_agent/local/flasktui`
		metrics = `systemctl start flasktui-metrics.service; curl -sS http://127.0.0.1:9100/metrics | grep ^flasktui`
	)
	wants(t, c, nrpe, "FLASKTUI OK - shop.service is fresh", "| time=")
	wants(t, c, checkmk, `0 "Flask shop" time=`, "|causes=0|failed=0|", "FLASKTUI OK - shop.service is fresh")
	wants(t, c, metrics, `flasktui_fresh{service="shop.service"} 1`, `flasktui_verdict{service="shop.service",verdict="fresh"} 1`)
	// The user of the monitoring may run this, and nothing like it.
	wants(t, c, `for other in 'check --read-only --format nagios other' 'fix shop --yes' 'answer-reads' 'check --read-only --format nagios shop --save /etc/x'; do
runuser -u nagios -- sudo -n /usr/bin/flasktui $other 2>&1 < /dev/null | grep -q 'password is required' || echo "may run $other"; done; echo asked`, "asked")
	if out, _ := c.Shell(t.Context(), `runuser -u nagios -- sudo -n -l`); strings.Count(out, "flasktui") != 1 {
		t.Errorf("the monitoring's user may run:\n%s", out)
	}

	// A release is gone back to only if it ran for a while, which the deploys below want.
	c.must(t, sh(lasts), deploy)
	wants(t, c, nrpe, "FLASKTUI CRITICAL - shop.service is stale", "(service-not-restarted)")
	wants(t, c, checkmk, `2 "Flask shop" time=`, "FLASKTUI CRITICAL")
	wants(t, c, metrics, `flasktui_fresh{service="shop.service"} 0`, `flasktui_verdict{service="shop.service",verdict="stale"} 1`)
	wants(t, c, `systemctl is-failed flasktui-metrics.service || true`, "inactive")
	wants(t, c, `cd `+examplesIn+`prometheus; promtool check rules alerts.yml; promtool test rules alerts_test.yml 2>&1`, "SUCCESS")
	// The alert's own expression over the box's own metrics.
	wants(t, c, `cp `+examplesIn+`prometheus/alerts.yml /tmp/alerts.yml; sed -i 's/for: 5m/for: 1s/' /tmp/alerts.yml
printf 'global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [/tmp/alerts.yml]\nscrape_configs: [{job_name: node, static_configs: [{targets: ["127.0.0.1:9100"]}]}]\n' > /tmp/prometheus.yml
systemd-run --quiet --unit=watcher prometheus --config.file=/tmp/prometheus.yml --storage.tsdb.path=/tmp/tsdb
for attempt in $(seq 60); do said=$(curl -sS http://127.0.0.1:9090/api/v1/alerts || true); case $said in *'"state":"firing"'*) break;; esac; sleep 1; done; echo "$said"; systemctl stop watcher`,
		`"alertname":"FlaskServesOldCode"`, `"state":"firing"`, `shop.service on 127.0.0.1:9100 is stale`)
	wants(t, c, `systemctl stop shop; sed 's/ shop$/ nowhere/' /usr/lib/check_mk_agent/local/flasktui | sed 's/service=shop/service=nowhere/' | sh; systemctl start shop`, `3 "Flask nowhere" - FLASKTUI UNKNOWN - there is no unit nowhere.service`)
}

// examplesOfDeploysRun deploys over ssh as each of the recipes does: a release that comes up, and
// one that does not, after which the one before is live again and the deploy has failed.
func examplesOfDeploysRun(t *testing.T, c *Case) {
	c.must(t, sh(`systemctl stop flasktui-metrics.timer; install -d -m 700 /root/.ssh; test -e /root/.ssh/id_ed25519 || ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
install -d -o linus -g linus -m 700 /home/linus/.ssh; install -o linus -g linus -m 600 /root/.ssh/id_ed25519.pub /home/linus/.ssh/authorized_keys
ssh-keygen -A > /dev/null; systemctl start ssh; for attempt in 1 2 3 4 5 6 7 8 9 10; do ssh-keyscan 127.0.0.1 2>/dev/null > /root/.ssh/known_hosts; [ -s /root/.ssh/known_hosts ] && break; sleep 1; done
printf '#!/bin/sh\nset -eu\nsudo ln -sfn "{{.Base}}/releases/$1" {{.Live}}.next; sudo mv -T {{.Live}}.next {{.Live}}; sudo systemctl restart {{.Unit}}\n' > /usr/local/bin/deploy; chmod 755 /usr/local/bin/deploy`))
	recipe := `BOX=linus@127.0.0.1; export BOX; ` + examplesIn + `ci/deploy.sh "$BOX" `
	wants(t, c, recipe+c.New.ID+` 2>&1; echo "exit $?"`, c.New.ID+" on linus@127.0.0.1: fresh", "exit 0")
	wants(t, c, `cp `+examplesIn+`ci/fabfile.py /root/; cd /root; fab -H linus@127.0.0.1 deploy --release `+c.New.ID+` 2>&1; echo "exit $?"`, "127.0.0.1: fresh", "exit 0")
	// A release that cannot be imported, beside those that ran.
	broken := "20251001000000"
	c.must(t, sh(`cp -r {{.Dir 1}} {{.Base}}/releases/`+broken+`; rm -rf {{.Base}}/releases/`+broken+`/__pycache__; echo 'import nothing_of_that_name' >> {{.Base}}/releases/`+broken+`/wsgi.py; chown -R {{.User}}: {{.Base}}/releases/`+broken))
	for name, run := range map[string]string{
		"the script": recipe + broken, "Fabric": `cd /root; fab -H linus@127.0.0.1 deploy --release ` + broken,
	} {
		wants(t, c, `{ `+run+`; } > /tmp/said 2>&1 && echo passed || echo "failed"; cat /tmp/said`, "failed", "down", "After:  FRESH")
		if live, err := c.Serves(t.Context(), c.Site, "edition", 4); err != nil || len(live) != 1 {
			t.Errorf("after %s visitors get %v: %v", name, live, err)
		}
	}
}
