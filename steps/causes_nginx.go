package steps

import (
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// findWrongUpstream sees a server block that sends the site's requests to a socket or
// port that this service does not hold.
func findWrongUpstream(v *view) *Finding {
	address := v.Site.Value.Address
	if !v.NginxDisk.Known || v.NginxDisk.Value.Failure != "" || address.Location == nil || address.Location.Pass == "" || !v.Settings.Known {
		return nil
	}
	if len(v.backends) == 0 || v.reachesOwn() || v.Front.Known && !v.Front.Value.ByAddress {
		return nil
	}
	own := v.ownSockets()
	if len(own) == 0 {
		return nil
	}
	finding := &Finding{
		Confidence: Certain,
		Why: sys.Textf("The server block for %s sends requests to %s, and %s listens at %s.",
			address.URL, strings.Join(v.backends, ", "), v.Target.Service, strings.Join(own, ", ")),
		Evidence: []Evidence{
			evidence("proxy_pass", sys.Textf("%s", address.Location.Pass), sys.Textf("%s:%d", address.Location.PassFile, address.Location.PassLine)),
			evidence("the service listens at", sys.Textf("%s", strings.Join(own, ", ")), v.listenSource()),
		},
		Fixes: []string{"edit-nginx"},
	}
	if address.Guessed {
		finding.Confidence = Likely
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
		finding.Confidence = Possible
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

// findOrphan sees a Gunicorn outside the unit at the socket or port that the unit wants
// (G5, G8).
func findOrphan(v *view) *Finding {
	if !v.hasUnit {
		return nil
	}
	orphans := v.orphans()
	if len(orphans) == 0 {
		return nil
	}
	orphan := orphans[0]
	finding := &Finding{
		Confidence: Certain,
		Why: sys.Textf("Process %d is a Gunicorn that does not belong to %s, and it holds the address that the unit is meant to listen at. Requests reach it, whatever is done to the unit.",
			orphan.Master.PID, v.unit.Name),
		Evidence: []Evidence{
			evidence("orphan", sys.Textf("process %d, started %s: %s", orphan.Master.PID, v.clock(orphan.Master.Started), commandWords(orphan.Master.CommandLine)), sys.Textf("/proc/%d", orphan.Master.PID)),
			evidence("its control group", sys.Textf("%s", orphan.Master.Cgroup.Path), sys.Textf("/proc/%d/cgroup", orphan.Master.PID)),
		},
		Fixes: []string{"stop-orphan"},
	}
	for _, listener := range v.ListenersOf(orphan) {
		finding.Evidence = append(finding.Evidence, evidence("it listens at", sys.Textf("%s", facts.ListenerAddress(listener)), sys.Textf("/proc/%d/fd", orphan.Master.PID)))
	}
	if v.running {
		finding.Evidence = append(finding.Evidence, evidence("the unit's own master", sys.Textf("process %d", v.main.Master.PID), sys.Textf("systemctl show -p MainPID %s", v.unit.Name)))
	}
	return finding
}

// orphans are Gunicorns in no service of systemd and no container, or left over in the
// unit's own control group by an earlier start, at an address that the unit wants or to
// which Nginx sends the site's requests (a name may lead to both families, G15).
func (v *view) orphans() []facts.Gunicorn {
	var orphans []facts.Gunicorn
	for _, gunicorn := range v.Processes.Value.Gunicorns {
		cgroup := gunicorn.Master.Cgroup
		inService := strings.HasSuffix(cgroup.Unit, ".service") && !cgroup.User
		leftOver := cgroup.Unit == v.unit.Name && gunicorn.Master.PID != v.unit.MainPID &&
			gunicorn.Replaces == 0 && gunicorn.Master.PPID == 1 &&
			// Of a forking service systemd may not know the main process at all.
			(v.unit.MainPID != 0 || v.unit.ActiveState != "active")
		if _, supervised := v.SupervisedBy(gunicorn); supervised || cgroup.Container != "" || inService && !leftOver {
			continue
		}
		if v.holdsAny(gunicorn, v.Settings.Value.Wanted) || !v.Site.Value.Address.Guessed && v.holdsAny(gunicorn, v.backends) {
			orphans = append(orphans, gunicorn)
		}
	}
	return orphans
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
func findWrongService(v *view) *Finding {
	if !v.hasUnit {
		return nil
	}
	for _, gunicorn := range v.Processes.Value.Gunicorns {
		if !v.SharesTree(gunicorn) || v.reachesOwn() {
			continue
		}
		unit := gunicorn.Master.Cgroup.Unit
		finding := &Finding{
			Confidence: Likely,
			Why: sys.Textf("The app in %s is served by %s (process %d), not by %s. Restarting %s changes nothing for the site.",
				v.unit.WorkingDirectory, unit, gunicorn.Master.PID, v.unit.Name, v.unit.Name),
			Evidence: []Evidence{
				evidence("who serves it", sys.Textf("process %d of %s", gunicorn.Master.PID, unit), sys.Textf("/proc/%d/cgroup", gunicorn.Master.PID)),
				evidence("its directory", sys.Textf("%s, the same as that of %s", v.unit.WorkingDirectory, v.unit.Name), sys.Textf("systemctl show -p WorkingDirectory %s %s", unit, v.unit.Name)),
			},
			Advice: sys.Textf("Look at the service that serves the site: flasktui check %s", unit),
		}
		if slices.ContainsFunc(v.serving, func(serving facts.Gunicorn) bool { return serving.Master.PID == gunicorn.Master.PID }) {
			finding.Confidence = Certain
			finding.Evidence = append(finding.Evidence, evidence("Nginx sends to", sys.Textf("%s", strings.Join(v.backends, ", ")), "nginx -T"))
		}
		if v.running && finding.Confidence != Certain {
			continue
		}
		return finding
	}
	return nil
}

// findNginxInvalid sees a configuration on disk that Nginx refuses.
func findNginxInvalid(v *view) *Finding {
	config := v.NginxDisk.Value
	if !v.NginxDisk.Known || config.Failure == "" {
		return nil
	}
	finding := &Finding{
		Confidence: Certain,
		Why:        "Nginx refuses the configuration on disk. A reload keeps the old one running, and the next start would fail.",
		Evidence:   []Evidence{evidence("nginx says", config.Failure, "nginx -t")},
		Fixes:      []string{"edit-nginx"},
	}
	switch {
	case v.nginxCannotStart():
		finding.Why = "No Nginx runs, and the configuration on disk is refused, so that it cannot be started: visitors get nothing until the place below is put right and it is started (systemctl start nginx)."
	case v.nginxStopped():
		// Whether the site has anything to do with it cannot be told.
		finding.Confidence = Possible
		finding.Why = "No Nginx runs, and it could not be started: the configuration on disk is refused."
	}
	if config.FailureFile != "" {
		finding.Evidence = append(finding.Evidence, evidence("place", sys.Textf("%s:%d", config.FailureFile, config.FailureLine), "nginx -t"))
	}
	return finding
}
