package steps

import (
	"net"
	"slices"
	"strings"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/nginx"
)

// findNginxAddress sees an upstream named by a host name whose address has moved since
// Nginx read it (G30).
func findNginxAddress(v *view) *report.Finding {
	loaded := v.NginxLoadedAt()
	location := v.Site.Value.Address.Location
	if location == nil || loaded.IsZero() || location.Resolver {
		return nil
	}
	for host, addresses := range v.NginxNames {
		if len(addresses) == 0 || !v.passesToName(*location, host) || !v.answersAt(addresses) {
			continue
		}
		finding := &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("Nginx resolved %s when it read its configuration, at %s, and keeps that address. The name now leads to %s, where the app answers; through Nginx it does not.",
				host, v.clock(loaded), strings.Join(addresses, ", ")),
			Evidence: []report.Evidence{
				report.Observed("the name leads to", sys.Textf("%s", strings.Join(addresses, ", ")), v.nameSource(host)),
				report.Observed("Nginx read its configuration", v.clock(loaded), "/proc/PID/stat of the oldest worker"),
			},
			Fixes: []string{"nginx-reload"},
		}
		if moved := v.movedAfter(loaded); moved.ID != "" {
			finding.Evidence = append(finding.Evidence, report.Observed("got its address", sys.Textf("%s started %s", moved.Name, v.clock(moved.Started)), dockerLine(moved, "inspect", moved.Name)))
			if v.nginxAnswers() && v.nginxSaysOtherwise() {
				finding.Why = sys.Textf("Nginx resolved %s when it read its configuration, at %s, and keeps that address. %s was started after that and is at %s now; what answers through Nginx is not what it says of itself, so somebody else has the old address.",
					host, v.clock(loaded), moved.Name, strings.Join(addresses, ", "))
				return finding
			}
		}
		if !v.nginxAnswers() {
			return finding
		}
	}
	return nil
}

// nameSource is how to see where a name leads, for the Nginx that uses it.
func (v *view) nameSource(host string) sys.Text {
	if v.Front.Known {
		return sys.Typed("docker exec %s getent ahosts %s", v.Front.Value.Name, host)
	}
	return sys.Typed("getent ahosts %s", host)
}

// movedAfter is a container of the service that was started, and so was given its address,
// after Nginx read its configuration.
func (v *view) movedAfter(loaded time.Time) docker.Container {
	for _, replica := range v.Replicas() {
		if replica.PID != 0 && after(replica.Started, loaded) {
			return replica
		}
	}
	return docker.Container{}
}

// nginxSaysOtherwise tells whether the app names one release, and who answers through
// Nginx another, or none.
func (v *view) nginxSaysOtherwise() bool {
	app, nginx := v.appTally().only(), v.nginxTally()
	_, hit := cacheHit(v.Site.Value.Nginx)
	return app != "" && !hit && !cachedByConfiguration(v.Site.Value.Address) && bustedMarker(v.Site.Value.Nginx) != app &&
		len(v.Site.Value.Nginx.Version) > 0 && !slices.Contains(nginx.values, app)
}

// passesToName tells whether a location sends requests to a host name.
func (v *view) passesToName(location nginx.Location, host string) bool {
	return slices.ContainsFunc(v.NginxDisk.Value.Backends(location), func(backend nginx.UpstreamServer) bool {
		return strings.HasPrefix(backend.Address, host+":")
	})
}

// answersAt tells whether the app answers at its own socket, and that is at one of the
// addresses.
func (v *view) answersAt(addresses []string) bool {
	host, _, err := net.SplitHostPort(v.Site.Value.App.Where)
	return err == nil && slices.ContainsFunc(v.Site.Value.App.Version, facts.Answer.OK) && slices.Contains(addresses, host)
}

// nginxAnswers tells whether anybody but a gateway error came through Nginx.
func (v *view) nginxAnswers() bool {
	return slices.ContainsFunc(v.Site.Value.Nginx.Version, facts.Answer.OK)
}
