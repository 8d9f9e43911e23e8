package causes

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// findWrongUpstream sees a server block that sends the site's requests to a socket or
// port that this service does not hold.
func findWrongUpstream(b *box.Box) *report.Finding {
	address := b.Site.Value.Address
	if !b.NginxDisk.Known || b.NginxDisk.Value.Failure != "" || address.Location == nil || address.Location.Pass == "" || !b.Settings.Known {
		return nil
	}
	if len(b.Backends) == 0 || b.ReachesOwn() || b.Front.Known && !b.Front.Value.ByAddress {
		return nil
	}
	own := b.OwnSockets()
	if len(own) == 0 || !showsWhoListens(b) {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The server block for %s sends requests to %s, and %s listens at %s.",
			address.URL, strings.Join(b.Backends, ", "), b.Target.Service, strings.Join(own, ", ")),
		Evidence: []report.Evidence{
			report.Observed("proxy_pass", sys.Textf("%s", address.Location.Pass), sys.Textf("%s:%d", address.Location.PassFile, address.Location.PassLine)),
			report.Observed("the service listens at", sys.Textf("%s", strings.Join(own, ", ")), listenSource(b)),
		},
		Fixes: []string{"edit-nginx"},
	}
	if address.Guessed {
		finding.Confidence = report.Likely
		finding.Why += sys.Textf(" The block is taken for this service's because %s.", address.BlockClue)
	}
	switch said := b.AppTally().Only(); {
	case len(b.Serving) > 0:
	case !slices.ContainsFunc(b.Backends, b.ListensAt):
		finding.Why += " Nothing listens there."
	case said != "" && said == b.NginxTally().Only():
		// A proxy of another kind stands between, and passes requests on.
		return nil
	default:
		finding.Confidence = report.Possible
		finding.Why += " A program that flasktui does not know listens there; it may pass requests on."
	}
	return finding
}

// showsWhoListens tells whether the service's processes and their sockets could be read: else
// neither where it listens nor that nothing listens at an address is known.
func showsWhoListens(b *box.Box) bool {
	return b.Processes.Known && b.Listeners.Known && (b.HasUnit || b.Target.Unit == "")
}

func listenSource(b *box.Box) sys.Text {
	if b.Running {
		return sys.Textf("/proc/net and /proc/%d/fd", b.Gunicorn.Master.PID)
	}
	return sys.Textf("systemctl cat %s", b.Target.Service)
}

// findWrongService sees the site answered by another unit, from the same directory, while
// the one that was named does not (G22). A unit that answers from another directory is
// another release: then it is Nginx that is to be pointed elsewhere.
func findWrongService(b *box.Box) *report.Finding {
	if !b.HasUnit {
		return nil
	}
	for _, gunicorn := range b.Processes.Value.Gunicorns {
		if !b.SharesTree(gunicorn) || b.ReachesOwn() {
			continue
		}
		runner, _ := b.RunBy(gunicorn)
		unit := runner.Name
		finding := &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("The app in %s is served by %s (process %d), not by %s. Restarting %s changes nothing for the site.",
				b.Unit.WorkingDirectory, unit, gunicorn.Master.PID, b.Unit.Name, b.Unit.Name),
			Evidence: []report.Evidence{
				report.Observed("who serves it", sys.Textf("process %d of %s", gunicorn.Master.PID, unit), sys.Textf("/proc/%d/cgroup", gunicorn.Master.PID)),
				report.Observed("its directory", sys.Textf("%s, the same as that of %s", b.Unit.WorkingDirectory, b.Unit.Name), sys.Textf("systemctl show -p WorkingDirectory %s %s", unit, b.Unit.Name)),
			},
			Advice: sys.Textf("Look at the service that serves the site: flasktui check %s", unit),
		}
		if slices.ContainsFunc(b.Serving, func(serving facts.Gunicorn) bool { return serving.Master.PID == gunicorn.Master.PID }) {
			finding.Confidence = report.Certain
			finding.Evidence = append(finding.Evidence, report.Observed("Nginx sends to", sys.Textf("%s", strings.Join(b.Backends, ", ")), "nginx -T"))
		}
		if b.Running && finding.Confidence != report.Certain {
			continue
		}
		return finding
	}
	return nil
}

// findNginxInvalid sees a configuration on disk that Nginx refuses.
func findNginxInvalid(b *box.Box) *report.Finding {
	config := b.NginxDisk.Value
	if !b.NginxDisk.Known || config.Failure == "" {
		return nil
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Why:        "Nginx refuses the configuration on disk. A reload keeps the old one running, and the next start would fail.",
		Evidence:   []report.Evidence{report.Observed("nginx says", config.Failure, "nginx -t")},
		Fixes:      []string{"edit-nginx"},
	}
	switch {
	case b.NginxCannotStart():
		finding.Why = "No Nginx runs, and the configuration on disk is refused, so that it cannot be started: visitors get nothing until the place below is put right and it is started (systemctl start nginx)."
	case b.NginxStopped():
		// Whether the site has anything to do with it cannot be told.
		finding.Confidence = report.Possible
		finding.Why = "No Nginx runs, and it could not be started: the configuration on disk is refused."
	}
	if config.FailureFile != "" {
		finding.Evidence = append(finding.Evidence, report.Observed("place", sys.Textf("%s:%d", config.FailureFile, config.FailureLine), "nginx -t"))
	}
	return finding
}
