package steps

import (
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// findWrongUpstream sees a server block that sends the site's requests to a socket or
// port that this service does not hold.
func findWrongUpstream(v *view) *report.Finding {
	address := v.Site.Value.Address
	if !v.NginxDisk.Known || v.NginxDisk.Value.Failure != "" || address.Location == nil || address.Location.Pass == "" || !v.Settings.Known {
		return nil
	}
	if len(v.backends) == 0 || v.reachesOwn() || v.Front.Known && !v.Front.Value.ByAddress {
		return nil
	}
	own := v.ownSockets()
	if len(own) == 0 || !v.showsWhoListens() {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The server block for %s sends requests to %s, and %s listens at %s.",
			address.URL, strings.Join(v.backends, ", "), v.Target.Service, strings.Join(own, ", ")),
		Evidence: []report.Evidence{
			report.Observed("proxy_pass", sys.Textf("%s", address.Location.Pass), sys.Textf("%s:%d", address.Location.PassFile, address.Location.PassLine)),
			report.Observed("the service listens at", sys.Textf("%s", strings.Join(own, ", ")), v.listenSource()),
		},
		Fixes: []string{"edit-nginx"},
	}
	if address.Guessed {
		finding.Confidence = report.Likely
		finding.Why += sys.Textf(" The block is taken for this service's because %s.", address.BlockClue)
	}
	switch said := v.appTally().only(); {
	case len(v.serving) > 0:
	case !slices.ContainsFunc(v.backends, v.ListensAt):
		finding.Why += " Nothing listens there."
	case said != "" && said == v.nginxTally().only():
		// A proxy of another kind stands between, and passes requests on.
		return nil
	default:
		finding.Confidence = report.Possible
		finding.Why += " A program that flasktui does not know listens there; it may pass requests on."
	}
	return finding
}

// reachesOwn tells whether a backend of the site leads to a socket that the service
// holds, or is meant to hold while it does not run.
func (v *view) reachesOwn() bool {
	for _, backend := range v.backends {
		for _, own := range v.ownSockets() {
			if facts.SameBind(backend, own) {
				return true
			}
		}
	}
	return false
}

// showsWhoListens tells whether the service's processes and their sockets could be read: else
// neither where it listens nor that nothing listens at an address is known.
func (v *view) showsWhoListens() bool {
	return v.Processes.Known && v.Listeners.Known && (v.hasUnit || v.Target.Unit == "")
}

// ownSockets are where the service really listens; where it does not run, where it would.
func (v *view) ownSockets() []string {
	var sockets []string
	for _, gunicorn := range v.Own() {
		for _, listener := range v.ListenersOf(gunicorn) {
			sockets = append(sockets, facts.ListenerAddress(listener))
		}
	}
	if len(sockets) == 0 {
		sockets = slices.Clone(v.Settings.Value.Wanted)
	}
	if published := v.PublishedAddresses(); len(published) > 0 {
		sockets = append(sockets, published...)
	}
	slices.Sort(sockets)
	return slices.Compact(sockets)
}

func (v *view) listenSource() sys.Text {
	if v.running {
		return sys.Textf("/proc/net and /proc/%d/fd", v.main.Master.PID)
	}
	return sys.Textf("systemctl cat %s", v.Target.Service)
}

// holdsAny tells whether a Gunicorn listens at one of the addresses.
func (v *view) holdsAny(gunicorn facts.Gunicorn, addresses []string) bool {
	for _, listener := range v.ListenersOf(gunicorn) {
		for _, address := range addresses {
			if facts.Reaches(address, listener) || facts.SameBind(address, facts.ListenerAddress(listener)) {
				return true
			}
		}
	}
	return false
}

// findWrongService sees the site answered by another unit, from the same directory, while
// the one that was named does not (G22). A unit that answers from another directory is
// another release: then it is Nginx that is to be pointed elsewhere.
func findWrongService(v *view) *report.Finding {
	if !v.hasUnit {
		return nil
	}
	for _, gunicorn := range v.Processes.Value.Gunicorns {
		if !v.SharesTree(gunicorn) || v.reachesOwn() {
			continue
		}
		runner, _ := v.RunBy(gunicorn)
		unit := runner.Name
		finding := &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("The app in %s is served by %s (process %d), not by %s. Restarting %s changes nothing for the site.",
				v.unit.WorkingDirectory, unit, gunicorn.Master.PID, v.unit.Name, v.unit.Name),
			Evidence: []report.Evidence{
				report.Observed("who serves it", sys.Textf("process %d of %s", gunicorn.Master.PID, unit), sys.Textf("/proc/%d/cgroup", gunicorn.Master.PID)),
				report.Observed("its directory", sys.Textf("%s, the same as that of %s", v.unit.WorkingDirectory, v.unit.Name), sys.Textf("systemctl show -p WorkingDirectory %s %s", unit, v.unit.Name)),
			},
			Advice: sys.Textf("Look at the service that serves the site: flasktui check %s", unit),
		}
		if slices.ContainsFunc(v.serving, func(serving facts.Gunicorn) bool { return serving.Master.PID == gunicorn.Master.PID }) {
			finding.Confidence = report.Certain
			finding.Evidence = append(finding.Evidence, report.Observed("Nginx sends to", sys.Textf("%s", strings.Join(v.backends, ", ")), "nginx -T"))
		}
		if v.running && finding.Confidence != report.Certain {
			continue
		}
		return finding
	}
	return nil
}

// findNginxInvalid sees a configuration on disk that Nginx refuses.
func findNginxInvalid(v *view) *report.Finding {
	config := v.NginxDisk.Value
	if !v.NginxDisk.Known || config.Failure == "" {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Why:        "Nginx refuses the configuration on disk. A reload keeps the old one running, and the next start would fail.",
		Evidence:   []report.Evidence{report.Observed("nginx says", config.Failure, "nginx -t")},
		Fixes:      []string{"edit-nginx"},
	}
	switch {
	case v.nginxCannotStart():
		finding.Why = "No Nginx runs, and the configuration on disk is refused, so that it cannot be started: visitors get nothing until the place below is put right and it is started (systemctl start nginx)."
	case v.nginxStopped():
		// Whether the site has anything to do with it cannot be told.
		finding.Confidence = report.Possible
		finding.Why = "No Nginx runs, and it could not be started: the configuration on disk is refused."
	}
	if config.FailureFile != "" {
		finding.Evidence = append(finding.Evidence, report.Observed("place", sys.Textf("%s:%d", config.FailureFile, config.FailureLine), "nginx -t"))
	}
	return finding
}
