package causes

import (
	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func orphanGunicorn() Kind {
	return Kind{
		ID: "orphan-gunicorn", Title: "A server outside the unit holds the socket",
		Step:  walk.ServingProcess().Number,
		Claim: report.ClaimWay,
		Hop:   report.HopSocket,
		marks: []Moment{StrangerStarted},
		find:  FindOrphan,
		page: guide.Page{
			What: "A server that no unit owns answers the requests. You restart the unit, and nothing changes, because it is not " +
				"the one that is asked.",
			How: "Somebody started a server by hand or with Gunicorn's --daemon; the unit has KillMode=process or none and left it behind; " +
				"a USR2 upgrade was never finished. A new master on the same TCP port fails with \"Address already in use\"; on " +
				"the same Unix path it quietly binds beside it.",
			Commands: []string{
				"sudo ss -lxnp; sudo ss -ltnp",
				"cat /proc/{pid}/cgroup",
				"systemctl show {unit} -p MainPID,KillMode",
				"sudo journalctl -u {unit} -n 50 --no-pager | grep -i -e 'in use' -e 'left-over'",
			},
			Prevent: "Start the server through systemd alone, in the foreground, and let systemd end the whole group.",
			Guard:   []string{"[Service]", "Type=notify", "KillMode=mixed"},
			See:     []string{"stop-orphan", "serving-process"},
		},
	}
}

// FindOrphan sees a server outside the unit at the socket or port that the unit binds
// (G5, G8).
func FindOrphan(b *box.Box) *report.Finding {
	orphans := b.Orphans()
	if len(orphans) == 0 {
		return nil
	}
	one := orphans[0]
	pid := one.Master.PID
	finding := &report.Finding{
		Confidence: confidence(one.By == "" && one.Doubt == ""),
		Why: strange(one) + sys.Textf(" that %s does not run, and it holds %s, where the unit is set to listen. Requests reach it, whatever is done to the unit.",
			b.Unit.Name, one.At),
		Evidence: []report.Evidence{
			report.Observed("orphan", sys.Textf("process %d, started %s: %s", pid, b.Clock(one.Master.Started), commandWords(one.Master.CommandLine)), sys.Textf("/proc/%d", pid)),
			report.Observed("its control group", sys.Textf("%s", one.Master.Cgroup.Path), sys.Textf("/proc/%d/cgroup", pid)),
		},
		Fixes: fixes.IDs(fixes.StopOrphan),
	}
	if !one.LeftOver && b.IsStopped() {
		finding.Confidence = report.Possible
	}
	if one.LeftOver {
		finding.Evidence = append(finding.Evidence, report.Observed("left over", sys.Textf("by an earlier start of %s, whose main process is another one now", b.Unit.Name), b.Unit.Typed("systemctl status %s", b.Unit.Name)))
	} else {
		finding.Evidence = append(finding.Evidence, report.Observed("who started it", b.StartedBy(one.Server), sys.Textf("/proc/%d/cgroup and its parents", pid)))
	}
	if one.By != "" {
		finding.Why = strange(one) + sys.Textf(" that %s does not run. Nginx sends the site's requests to %s, a name that leads to the unit's address and to that of this process by turns.", b.Unit.Name, one.By)
	}
	if one.Doubt != "" {
		finding.Why += sys.Textf(" But %s.", one.Doubt)
	}
	for _, listener := range b.ListenersOf(one.Server) {
		finding.Evidence = append(finding.Evidence, report.Observed("it listens at", sys.Textf("%s", facts.ListenerAddress(listener)), sys.Textf("/proc/%d/fd", pid)))
	}
	if b.Running {
		finding.Evidence = append(finding.Evidence, report.Observed("the unit's own process", sys.Textf("process %d", b.Server.Master.PID), b.Unit.Typed("systemctl show -p MainPID %s", b.Unit.Name)))
	}
	return finding
}

// strange says what an orphan is: "Process 12 is a Gunicorn of the same app".
func strange(one box.Orphan) sys.Text {
	if one.IsGunicorn() {
		return sys.Textf("Process %d is a Gunicorn of the same app", one.Master.PID)
	}
	return sys.Textf("Process %d (%s) is a server of the same app", one.Master.PID, one.Software().Name)
}
