package causes

import (
	"net"
	"slices"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
	"flasktui/sys/docker"
)

func nginxStaleAddress() Kind {
	return Kind{
		ID: "nginx-stale-address", Title: "Nginx holds an address that has moved",
		Step:  walk.Nginx().Number,
		Claim: report.ClaimWay,
		Hop:   report.HopNginx, instead: "holds an old address of its upstream",
		marks: []Moment{NginxLoaded},
		find:  findNginxAddress,
		page: guide.Page{
			What: "The upstream is a host name. Nginx looked it up when it loaded, the name has moved since, and requests go to " +
				"the old address: into the void, or to another container that has it now.",
			How: "Recreating a container gives it a new address. Nothing tells Nginx, be it the box's own or one in the same " +
				"Compose project.",
			Commands: []string{
				"sudo nginx -T 2>/dev/null | grep -nE 'proxy_pass|server .*:[0-9]+|resolver'",
				"getent ahosts web",
				"docker inspect {container} --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}'",
			},
			Prevent: "Reload Nginx after each recreate, or let it resolve at run time: a resolver and a variable in proxy_pass.",
			Guard: []string{
				"docker compose up -d {service} && sudo nginx -t && sudo systemctl reload nginx",
				"docker compose up -d {service} && docker compose exec -T nginx nginx -s reload",
			},
			See: []string{"nginx-reload", "docker-recreate"},
		},
	}
}

// findNginxAddress sees an upstream named by a host name whose address has moved since
// Nginx read it (G30).
func findNginxAddress(b *box.Box) *report.Finding {
	loaded := b.NginxLoadedAt()
	location := b.Site.Value.Address.Location
	if location == nil || loaded.IsZero() || location.Resolver {
		return nil
	}
	for host, addresses := range b.BackendNames() {
		if len(addresses) == 0 || !b.PassesToName(*location, host) || !answersAt(b, addresses) {
			continue
		}
		finding := &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("Nginx resolved %s when it read its configuration, at %s, and keeps that address. The name now leads to %s, where the app answers; through Nginx it does not.",
				host, b.Clock(loaded), strings.Join(addresses, ", ")),
			Evidence: []report.Evidence{
				report.Observed("the name leads to", sys.Textf("%s", strings.Join(addresses, ", ")), nameSource(b, host)),
				report.Observed("Nginx read its configuration", b.Clock(loaded), "/proc/PID/stat of the oldest worker"),
			},
			Fixes: fixes.IDs(fixes.NginxReload),
		}
		if moved := movedAfter(b, loaded); moved.ID != "" {
			finding.Evidence = append(finding.Evidence, report.Observed("got its address", sys.Textf("%s started %s", moved.Name, b.Clock(moved.Started)), box.DockerLine(moved, "inspect", moved.Name)))
			if nginxAnswers(b) && nginxSaysOtherwise(b) {
				finding.Why = sys.Textf("Nginx resolved %s when it read its configuration, at %s, and keeps that address. %s was started after that and is at %s now; what answers through Nginx is not what it says of itself, so somebody else has the old address.",
					host, b.Clock(loaded), moved.Name, strings.Join(addresses, ", "))
				return finding
			}
		}
		if !nginxAnswers(b) {
			return finding
		}
	}
	return nil
}

// nameSource is how to see where a name leads, for the Nginx that uses it.
func nameSource(b *box.Box, host string) sys.Text {
	if b.Front.Known {
		return sys.Typed("docker exec %s getent ahosts %s", b.Front.Value.Name, host)
	}
	return sys.Typed("getent ahosts %s", host)
}

// movedAfter is a container of the service that was started, and so was given its address,
// after Nginx read its configuration.
func movedAfter(b *box.Box, loaded time.Time) docker.Container {
	for _, replica := range b.Replicas() {
		if replica.PID != 0 && box.After(replica.Started, loaded) {
			return replica
		}
	}
	return docker.Container{}
}

// answersAt tells whether the app answers at its own socket, and that is at one of the
// addresses.
func answersAt(b *box.Box, addresses []string) bool {
	host, _, err := net.SplitHostPort(b.Site.Value.App.Where)
	return err == nil && slices.ContainsFunc(b.Site.Value.App.Version, facts.Answer.OK) && slices.Contains(addresses, host)
}

// nginxAnswers tells whether anybody but a gateway error came through Nginx.
func nginxAnswers(b *box.Box) bool {
	return slices.ContainsFunc(b.Site.Value.Nginx.Version, facts.Answer.OK)
}
