package lab

import (
	"strings"
	"testing"
)

// hardened are settings of all the forms that systemctl prints in.
var hardened = []string{
	`ExecStartPre=-/bin/sh -c 'exit 0; echo "%n" $$HOME ${USER}'`, `ExecStartPost=+/bin/true \; x ; /bin/true`, `ExecStop=/bin/kill -s TERM $MAINPID`,
	`Group=www-data`, `SupplementaryGroups=adm`, `Environment="COLOUR=dark blue" PLACE=%p 'QUOTE=a"b' DOLLAR=5$$F PERCENT=100%%`,
	`EnvironmentFile=-/etc/default/%p`, `PassEnvironment=LANG`, `UMask=27`, `Restart=on-failure`, `RestartSec=1500ms`, `TimeoutStartSec=1min 30s`,
	`KillMode=mixed`, `KillSignal=SIGTERM`, `LimitNOFILE=4096:65536`, `LimitCORE=0`, `MemoryMax=4G`, `TasksMax=512`, `CPUQuota=350%`, `CPUWeight=200`, `Nice=0`,
	`OOMScoreAdjust=-10`, `NoNewPrivileges=true`, `PrivateTmp=1`, `ProtectSystem=full`, `ProtectKernelTunables=on`, `ReadWritePaths=/var/lib -/opt/x`,
	`CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_KILL CAP_SETUID CAP_SETGID`, `StateDirectory=%p`, `StateDirectoryMode=750`, `SyslogIdentifier=%p-web`,
	`LockPersonality=yes`, `RestrictRealtime=true`, `Slice=system.slice`,
}

// TestEveryKeyOfAUnit changes one thing at a time in a unit on disk and has step 5 tell
// whether systemd holds the same: other words for the same do not count, everything else
// does, be it noticed by systemd itself or not.
func TestEveryKeyOfAUnit(t *testing.T) {
	s := linked("walnut")
	s.Service = hardened
	c := prepare(t, "unit-keys", s)
	if err := acts(deploy, restart)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Shell(t.Context(), `cp -p "$1" /root/unit`, c.UnitPath()); err != nil {
		t.Fatal(err)
	}
	const differs, untold, same = "certain", inconclusive, ""
	for _, test := range []struct{ script, want string }{
		{`touch $U`, same},
		{`sed -i 's/^Restart=/# why\nRestart = /; s/PrivateTmp=1/PrivateTmp=true/; s/UMask=27/UMask=0027/' $U`, same},
		{`sed -i 's/RestartSec=1500ms/RestartSec=1.5/; s/MemoryMax=4G/MemoryMax=4096M/; s/TimeoutStartSec=1min 30s/TimeoutStartSec=90/' $U`, same},
		{`sed -i '/^Nice=/d; s/^Group=.*/Group=root\nGroup=www-data/' $U`, same},
		{`sed -i '/^OOMScoreAdjust=/d; s/^KillMode=.*/OOMScoreAdjust=-10\n&/' $U`, same},
		{`sed -i 's/PLACE=%p/PLACE=walnut/; s#^ExecStop=#ExecStop=/bin/false\nExecStop=\n&#' $U`, same},
		{`sed -i 's@^ExecStop=.*@ExecStop=/bin/kill \\\n  -s TERM \\\n# a note\n  $MAINPID@' $U`, same},
		{`printf '\n[Install]\nAlias=nut.service\n[X-Note]\nA=b\n' >> $U`, same},
		{`mkdir -p $U.d; printf '[Service]\n# nothing\n' > $U.d/a.conf`, same},
		{`sed -i 's#^ExecStart=#ExecStartPre=/bin/true\n&#' $U`, differs},
		{`sed -i 's#^ExecStart=#ExecCondition=/bin/true\n&#' $U`, differs},
		{`sed -i 's#^ExecStartPre=-#ExecStartPre=-+#' $U`, differs},
		{`sed -i 's#^ExecStartPost=+#ExecStartPost=!!#' $U`, differs},
		{`sed -i '/^ExecStartPre=/d' $U`, differs},
		{`sed -i '/^ExecReload=/d' $U`, differs},
		{`sed -i 's#^ExecStop=.*#&\nExecStopPost=/bin/true#' $U`, differs},
		{`sed -i 's/^User=.*/User=www-data/' $U`, differs},
		{`sed -i '/^Group=/d' $U`, differs},
		{`sed -i 's/dark blue/dark  blue/' $U`, differs},
		{`sed -i '/^Environment=/d' $U`, differs},
		{`sed -i 's#^EnvironmentFile=-#EnvironmentFile=#' $U`, differs},
		{`sed -i '/^EnvironmentFile=/d' $U`, differs},
		{`sed -i 's/^UMask=.*/UMask=77/' $U`, differs},
		{`sed -i 's/^RestartSec=.*/RestartSec=15/' $U`, differs},
		{`sed -i 's/^KillSignal=.*/KillSignal=SIGINT/' $U`, differs},
		{`sed -i 's/^LimitNOFILE=.*/LimitNOFILE=65536/' $U`, differs},
		{`sed -i '/^LimitNOFILE=/d' $U`, differs},
		{`sed -i '/^MemoryMax=/d' $U`, differs},
		{`sed -i 's/^CPUQuota=.*/CPUQuota=300%/' $U`, differs},
		{`sed -i '/^NoNewPrivileges=/d' $U`, differs},
		{`sed -i 's/^ProtectSystem=.*/ProtectSystem=strict/' $U`, differs},
		{`sed -i 's/ CAP_KILL / CAP_KILL CAP_SYS_ADMIN /' $U`, differs},
		{`sed -i 's#^ReadWritePaths=.*#&\nReadWritePaths=/srv#' $U`, differs},
		{`sed -i 's/^Type=.*/Type=exec/' $U`, differs},
		{`mkdir -p $U.d; printf '[Service]\nRootDirectory=/srv/root\n' > $U.d/a.conf`, differs},
		{`mkdir -p /etc/systemd/system/service.d; printf '[Service]\nNice=5\n' > /etc/systemd/system/service.d/a.conf`, differs},
		{`mkdir -p $U.d; printf '[Service]\nNice=3\n' > $U.d/a.conf; systemctl daemon-reload; rm $U.d/a.conf`, differs},
		{`systemctl daemon-reload; mkdir -p $U.d; printf '# nothing\n' > $U.d/a.conf; systemctl daemon-reload; rm $U.d/a.conf`, same},
		{`sed -i 's/^After=.*/After=network.target redis.service/' $U`, untold},
		{`sed -i 's/^After=.*/ConditionPathExists=\/srv/' $U`, untold},
		{`sed -i 's#^UMask=#BindPaths=/srv:/mnt\n&#' $U`, untold},
		{`sed -i 's#^UMask=#SystemCallFilter=@system-service\n&#' $U`, untold},
		{`sed -i 's#^UMask=#StandardOutput=append:/var/log/walnut.log\n&#' $U`, untold},
		// Loaded, in effect, and written again as it is.
		{`mkdir -p $U.d; printf '[Unit]\nConditionPathExists=/srv\n[Service]\nBindPaths=/srv:/mnt\nStandardOutput=append:/var/log/walnut.log\n' > $U.d/a.conf
systemctl daemon-reload; systemctl restart walnut; sleep 0.1; cp $U.d/a.conf /root/a.conf; cat /root/a.conf > $U.d/a.conf`, untold},
		// Older than what systemd has loaded, so that it asks for nothing.
		{`sed -i 's/^UMask=.*/UMask=77/' $U; touch -d '2 days ago' $U`, "likely"},
	} {
		if _, err := c.Shell(t.Context(), `U=$1; `+test.script, c.UnitPath()); err != nil {
			t.Fatal(err)
		}
		report, _, err := c.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if report.Verdict == inconclusive && strings.Contains(report.String(), "cannot be told") {
			got = untold
		}
		for _, cause := range report.Causes {
			if cause.ID == "daemon-reload-needed" && cause.Confidence != "possible" {
				got = cause.Confidence
			}
		}
		if got != test.want {
			t.Errorf("%s: %q, not %q\n%s", test.script, got, test.want, report)
		}
		if report.Verdict == stale && (test.want == untold || test.want == same) {
			t.Errorf("%s: stale\n%s", test.script, report)
		}
		if strings.Contains(report.String(), "dark") {
			t.Errorf("%s: a variable's value is told\n%s", test.script, report)
		}
		if _, err := c.Shell(t.Context(), `rm -rf "$1.d" /etc/systemd/system/service.d; cp -p /root/unit "$1"
systemctl daemon-reload`, c.UnitPath()); err != nil {
			t.Fatal(err)
		}
	}
}
