package causes

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

func wrongService() Kind {
	return Kind{
		ID: "wrong-service", Title: "Another service answers for the site",
		Step:   walk.ServingProcess().Number,
		Claim:  report.ClaimWay,
		Hop:    report.HopSocket,
		marks:  []Moment{StrangerStarted},
		common: true,
		find:   findWrongService,
		under:  []func() Kind{orphanGunicorn},
		page: guide.Page{
			What: "The unit that was named, and restarted, is not the one that serves this site.",
			How: "An old unit under a similar name; a template (app@1 beside app); a user's unit beside the system's; supervisor " +
				"or a container in place of systemd; a copy of the site on another port that Nginx was pointed to long ago.",
			Commands: []string{
				"sudo ss -lxnp | grep {socket}",
				"systemctl status {pid} --no-pager | head -3",
				"systemctl list-units --type=service --state=running",
			},
			Prevent: "Ask the socket for its owner, never your memory, and remove units that are no longer used.",
			Guard:   []string{"sudo systemctl disable --now old-name.service", "flasktui check {unit} --url {url}"},
			See:     []string{"serving-process", "orphan-gunicorn"},
		},
	}
}

// findWrongService sees the site answered by another unit, from the same directory, while
// the one that was named does not (G22). A unit that answers from another directory is
// another release: then it is Nginx that is to be pointed elsewhere.
func findWrongService(b *box.Box) *report.Finding {
	if !b.HasUnit {
		return nil
	}
	for _, server := range b.Processes.Value.Servers {
		if !b.SharesTree(server) || b.ReachesOwn() {
			continue
		}
		runner, _ := b.RunBy(server)
		unit := runner.Service()
		finding := &report.Finding{
			Confidence: report.Likely,
			Why: sys.Textf("The app in %s is served by %s (process %d), not by %s. Restarting %s changes nothing for the site.",
				b.Unit.WorkingDirectory, unit, server.Master.PID, b.Unit.Name, b.Unit.Name),
			Evidence: []report.Evidence{
				report.Observed("who serves it", sys.Textf("process %d of %s", server.Master.PID, unit), sys.Textf("/proc/%d/cgroup", server.Master.PID)),
				report.Observed("its directory", sys.Textf("%s, the same as that of %s", b.Unit.WorkingDirectory, b.Unit.Name), runner.Typed("systemctl show -p WorkingDirectory %s", runner.Name)),
			},
			Advice: sys.Textf("Look at the service that serves the site: flasktui check %s", unit),
		}
		if slices.ContainsFunc(b.Serving, func(serving facts.Server) bool { return serving.Master.PID == server.Master.PID }) {
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
