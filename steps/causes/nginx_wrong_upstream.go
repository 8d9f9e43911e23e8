package causes

import (
	"cmp"
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func nginxWrongUpstream() Kind {
	return Kind{
		ID: "nginx-wrong-upstream", Title: "Nginx sends requests somewhere else",
		Step:  walk.Nginx().Number,
		Claim: report.ClaimWay,
		Hop:   report.HopNginx, besides: "not to this service",
		marks:  []Moment{StrangerStarted},
		common: true,
		find:   findWrongUpstream,
		under:  []func() Kind{nginxNotReloaded, wrongService},
		page: guide.Page{
			What: "The server block that answers for the site proxies to a socket or port that this service does not hold.",
			How: "The unit's bind address was changed, the Nginx side was not; a copy in sites-enabled is edited while the one in " +
				"sites-available is meant, or the reverse; two blocks claim the same name and the other one wins; localhost " +
				"means ::1 and another process listens there.",
			Commands: []string{
				"sudo nginx -T 2>/dev/null | grep -nE 'configuration file|server_name|proxy_pass|upstream|server unix'",
				"sudo ss -lxnp; sudo ss -ltnp",
				"ls -la /etc/nginx/sites-enabled",
			},
			Prevent: "Write the address once, in an upstream block, as a path or 127.0.0.1, and ship the file with the app.",
			Guard:   []string{"upstream shop { server unix:{socket}; }", "sudo nginx -t && sudo systemctl reload nginx"},
			See:     []string{"edit-nginx", "nginx"},
		},
	}
}

// findWrongUpstream sees a server block that sends the site's requests to a socket or
// port that this service does not hold.
func findWrongUpstream(b *box.Box) *report.Finding {
	address := b.Site.Value.Address
	if !b.SiteNginx().Known || b.SiteNginx().Value.Failure != "" || address.Location == nil || address.Location.Pass == "" || !b.Settings.Known {
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
			report.Observed(cmp.Or(address.Location.PassKind, "proxy_pass"), sys.Textf("%s", address.Location.Pass), sys.Textf("%s:%d", address.Location.PassFile, address.Location.PassLine)),
			report.Observed("the service listens at", sys.Textf("%s", strings.Join(own, ", ")), listenSource(b)),
		},
		Fixes: fixes.IDs(fixes.EditNginx),
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

func listenSource(b *box.Box) sys.Text {
	if b.Running {
		return sys.Textf("/proc/net and /proc/%d/fd", b.Server.Master.PID)
	}
	return manager.Of(b).Declaration().Source
}
