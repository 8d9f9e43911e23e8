package steps

import (
	"net"
	"net/netip"
	"slices"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// orphan is a Gunicorn that nothing runs, at the address of a unit that is to run the same
// app.
type orphan struct {
	facts.Gunicorn
	// leftOver says that it is in the unit's own control group, from an earlier start.
	leftOver bool
	// at is the unit's address that it holds; by says, of one that holds another address,
	// which name of Nginx's leads to both.
	at, by string
	// doubt is why it may not be ended, or would not stay so; empty for none.
	doubt sys.Text
}

// findOrphan sees a Gunicorn outside the unit at the socket or port that the unit binds
// (G5, G8).
func findOrphan(v *view) *report.Finding {
	orphans := v.orphans()
	if len(orphans) == 0 {
		return nil
	}
	one := orphans[0]
	pid := one.Master.PID
	finding := &report.Finding{
		Confidence: confidence(one.by == "" && one.doubt == ""),
		Why: sys.Textf("Process %d is a Gunicorn of the same app that %s does not run, and it holds %s, where the unit is set to listen. Requests reach it, whatever is done to the unit.",
			pid, v.unit.Name, one.at),
		Evidence: []report.Evidence{
			report.Observed("orphan", sys.Textf("process %d, started %s: %s", pid, v.clock(one.Master.Started), commandWords(one.Master.CommandLine)), sys.Textf("/proc/%d", pid)),
			report.Observed("its control group", sys.Textf("%s", one.Master.Cgroup.Path), sys.Textf("/proc/%d/cgroup", pid)),
		},
		Fixes: []string{"stop-orphan"},
	}
	if !one.leftOver && v.isStopped() {
		finding.Confidence = report.Possible
	}
	if one.leftOver {
		finding.Evidence = append(finding.Evidence, report.Observed("left over", sys.Textf("by an earlier start of %s, whose main process is another one now", v.unit.Name), sys.Textf("systemctl status %s", v.unit.Name)))
	} else {
		finding.Evidence = append(finding.Evidence, report.Observed("who started it", v.StartedBy(one.Gunicorn), sys.Textf("/proc/%d/cgroup and its parents", pid)))
	}
	if one.by != "" {
		finding.Why = sys.Textf("Process %d is a Gunicorn of the same app that %s does not run. Nginx sends the site's requests to %s, a name that leads to the unit's address and to that of this process by turns.", pid, v.unit.Name, one.by)
	}
	if one.doubt != "" {
		finding.Why += sys.Textf(" But %s.", one.doubt)
	}
	for _, listener := range v.ListenersOf(one.Gunicorn) {
		finding.Evidence = append(finding.Evidence, report.Observed("it listens at", sys.Textf("%s", facts.ListenerAddress(listener)), sys.Textf("/proc/%d/fd", pid)))
	}
	if v.running {
		finding.Evidence = append(finding.Evidence, report.Observed("the unit's own master", sys.Textf("process %d", v.main.Master.PID), sys.Textf("systemctl show -p MainPID %s", v.unit.Name)))
	}
	return finding
}

// orphans are Gunicorns that nothing runs, of the unit's own app, at an address that the
// unit itself is set to bind. What holds another address is none, whoever asks there; the one
// exception is a name of Nginx's that leads to the unit's address and to the other family's
// beside it (G15). Another app at the unit's address is another site: to end it would take
// that down.
func (v *view) orphans() []orphan {
	if !v.hasUnit || !v.unit.Gunicorn || v.unit.LoadState != "loaded" {
		return nil
	}
	var orphans []orphan
	for _, gunicorn := range v.Processes.Value.Gunicorns {
		one := orphan{
			Gunicorn: gunicorn,
			leftOver: v.unit.LeftOver(gunicorn),
		}
		if !v.IsLoose(gunicorn) || gunicorn.Replaces != 0 || !one.leftOver && !v.runsSameApp(gunicorn) {
			continue
		}
		if !one.leftOver && v.isStopped() {
			one.doubt = sys.Textf("%s is stopped, and did not fail: the process may stand in for it on purpose", v.unit.Name)
		} else if restarter := v.Restarter(gunicorn); restarter != "" {
			one.doubt = restarter + " may start it again"
		} else if !v.Supervised.Known {
			one.doubt = "whether supervisord runs it could not be read"
		} else if gunicorn.Master.Directory == "" && !one.leftOver {
			one.doubt = "which directory it runs from could not be read"
		}
		for _, wanted := range v.Settings.Value.Wanted {
			if v.holdsAny(gunicorn, []string{wanted}) {
				one.at = wanted
				break
			}
		}
		if one.at == "" {
			one.by = v.nameOfBoth(gunicorn)
		}
		if one.at != "" || one.by != "" {
			orphans = append(orphans, one)
		}
	}
	return orphans
}

// isStopped tells whether the unit does not run, and nothing shows that it was kept from it.
func (v *view) isStopped() bool {
	return v.unit.ActiveState == "inactive" && v.unit.Result == "success"
}

// runsSameApp tells whether a Gunicorn was started with the examined service's app, in its
// deployment. A worker without a master, or a titled process, shows no app: its directory
// alone counts then.
func (v *view) runsSameApp(gunicorn facts.Gunicorn) bool {
	app, directory := gunicorn.Settings.App, facts.PlainDirectory(gunicorn.Master.Directory)
	_, isRelease := v.Deployment.Value.ReleaseOf(directory)
	switch {
	case directory == "":
		return app != "" && app == v.Settings.Value.App
	case app != "" && app != v.Settings.Value.App:
		return false
	}
	return isRelease || v.InDeployment(directory)
}

// nameOfBoth is a name in the site's block of Nginx's that leads to the unit's own address
// and to one that a Gunicorn holds; empty for none.
func (v *view) nameOfBoth(gunicorn facts.Gunicorn) string {
	location := v.Site.Value.Address.Location
	if location == nil || v.Site.Value.Address.Guessed {
		return ""
	}
	for _, backend := range v.NginxDisk.Value.Backends(*location) {
		host, port, err := net.SplitHostPort(backend.Address)
		if _, literal := netip.ParseAddr(host); err != nil || literal == nil {
			continue
		}
		var addresses []string
		for _, address := range v.NginxNames[host] {
			addresses = append(addresses, net.JoinHostPort(address, port))
		}
		own := slices.ContainsFunc(v.Settings.Value.Wanted, func(wanted string) bool {
			return slices.ContainsFunc(addresses, func(address string) bool { return facts.SameBind(address, wanted) })
		})
		if own && v.holdsAny(gunicorn, addresses) {
			return backend.Address
		}
	}
	return ""
}
