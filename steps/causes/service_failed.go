package causes

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/fixes"
	"flasktui/steps/guide"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
	"flasktui/sys/docker"
)

func serviceFailed() Kind {
	return Kind{
		ID: "service-failed", Title: "The service does not run",
		Step:  walk.ServiceRestart().Number,
		Claim: report.ClaimLoaded,
		Hop:   report.HopMaster,
		find:  findFailed,
		under: []func() Kind{orphanGunicorn, symlinkBroken, wrongService},
		page: guide.Page{
			What: "The unit has failed, restarts in a loop, or runs and listens nowhere. Visitors get a 502, or an old process " +
				"that should be gone still answers.",
			How: "The new code does not import: a missing package, a syntax error, a setting without a default. Or the directory, " +
				"the virtualenv or the user of the unit is missing, or the address is taken.",
			Commands: []string{
				"systemctl status {unit} --no-pager",
				"sudo journalctl -u {unit} -n 100 --no-pager",
				"systemctl show {unit} -p Result,NRestarts,ExecMainStatus",
			},
			Prevent: "Let the deploy import the app as the service's own user before it switches, and check it afterwards.",
			Guard:   []string{"sudo -u www-data {venv}/bin/gunicorn --check-config --chdir {root}/releases/$RELEASE wsgi:app"},
			See:     []string{"service-restart", "serving-process"},
		},
	}
}

// findFailed sees a unit that does not run, or that runs and has nobody listening.
func findFailed(b *box.Box) *report.Finding {
	if program, ok := b.Program(); ok {
		return programFailed(b, program)
	}
	if !b.HasUnit {
		return containerFailed(b)
	}
	state, start := box.UnitWords(b.Unit), b.Start()
	failed := b.Unit.ActiveState == "failed" || b.Unit.ActiveState == "inactive" || start.Failing
	if !failed && (start.Starting || !isSilent(b)) {
		return nil
	}
	reason := box.Reason(b.Journal.Value)
	finding := &report.Finding{
		Confidence: report.Certain,
		Title:      failedTitle(start, reason),
		Why:        sys.Textf("%s is %s: no process of it answers requests.", b.Unit.Name, state),
		Evidence:   []report.Evidence{report.Observed("state", state+sys.Textf(", result %s", b.Unit.Result), b.Unit.Typed("systemctl show %s", b.Unit.Name))},
		Advice:     sys.Textf("Read why first: journalctl -u %s -n 100 --no-pager. Starting it again would fail in the same way until that is mended.", b.Unit.Name),
	}
	switch {
	case !failed:
		finding.Confidence = report.Likely
		finding.Why = sys.Textf("%s is %s, and nothing listens at %s, though it was started %s ago.", b.Unit.Name, state, strings.Join(b.Settings.Value.Wanted, ", "),
			b.TakenAt.Sub(b.MainStarted()).Round(time.Second))
		finding.Evidence = append(finding.Evidence, report.Observed("main process started", b.Clock(b.MainStarted()), b.Unit.Typed("systemctl show %s", b.Unit.Name)))
	case start.GaveUp && start.Restarts == 0:
		finding.Why = sys.Textf("%s is %s at this moment, and its Gunicorn has logged that it ends: no worker of it could load the app.", b.Unit.Name, state)
	case start.Failing:
		finding.Why = sys.Textf("%s ends by itself and is started again%s: it is %s at this moment, and nothing of it has answered.", b.Unit.Name, soFar(start), state)
		if reason == "" && !b.Journal.Known {
			finding.Confidence = report.Likely
		}
	case b.Unit.ActiveState == "inactive" && b.Unit.Result == "success":
		finding.Title = ""
		finding.Fixes = fixes.IDs(fixes.Restart)
		finding.Advice = "It was stopped, and did not fail."
	}
	if manager.Of(b).Restart(manager.Made{}).Refusal != "" {
		// Not offered, but shown with the reason why it would do harm.
		finding.Fixes = fixes.IDs(fixes.Restart)
	}
	goBack(b, finding)
	if b.Unit.Restarts > 0 {
		finding.Evidence = append(finding.Evidence, report.Observed("started again by systemd", sys.Textf("%d times", b.Unit.Restarts), b.Unit.Typed("systemctl show %s", b.Unit.Name)))
	}
	if reason := cmp.Or(reason, box.Telling(b.Journal.Value)); reason != "" {
		finding.Evidence = append(finding.Evidence, report.Observed("the log's reason", reason, b.Unit.Typed("journalctl -u %s", b.Unit.Name)))
		finding.Why += sys.Textf(" Its log gives the reason: %s", reason)
	}
	return finding
}

// goBack offers the release that ran before, where it was the new one that did not start.
func goBack(b *box.Box, finding *report.Finding) {
	run, ran := b.RanBefore()
	if !ran || !b.NewDoesNotStart() || b.IsStopped() {
		return
	}
	past, deployment := b.PastRuns.Value, b.Deployment.Value
	finding.Fixes = append(fixes.IDs(fixes.Rollback), finding.Fixes...)
	finding.Why += sys.Textf(" The first start after %s was moved to %s, at %s, ended by itself; before that, %s ran here.", deployment.Link.Path, path.Base(deployment.Active), b.Clock(past.FirstStart), run.Release)
	finding.Evidence = append(finding.Evidence, report.Observed("ran before", sys.Textf("%s: %s", run.Release, b.RanWords(run)), sys.Typed("journalctl _PID=1 -u %s", b.Unit.Name)))
	finding.Advice += sys.Textf(" The fix rollback brings %s back meanwhile.", path.Base(run.Release))
}

// soFar counts the restarts, where they are counted.
func soFar(start box.Start) sys.Text {
	if start.Restarts == 0 {
		return ""
	}
	return ", " + box.Several(start.Restarts, "time", "times") + " so far"
}

// failedTitle has the log's own reason in it: the title is the first line that is read.
func failedTitle(start box.Start, reason sys.Text) string {
	title := sys.Text("The service does not run")
	if start.Failing {
		title = "The service fails as it starts"
	}
	if reason != "" {
		title += ": " + reason
	}
	return string(title)
}

// isSilent tells whether the unit counts as running, and nothing listens at any address
// that it is meant to hold.
func isSilent(b *box.Box) bool {
	if b.Unit.ActiveState != "active" || b.Unit.Type == "oneshot" || !b.Unit.Serves ||
		!b.Processes.Known || !b.Listeners.Known || b.Settings.Value.SocketActivated || len(b.Settings.Value.Wanted) == 0 {
		return false
	}
	if b.Running && (len(b.ListenersOf(b.Server)) > 0 || b.Server.Master.Unreadable["sockets"] != "") {
		return false
	}
	return !slices.ContainsFunc(b.Settings.Value.Wanted, b.ListensAt)
}

// programFailed sees a program that supervisord gave up, that has ended, or that it starts
// again and again.
func programFailed(b *box.Box, program facts.Supervised) *report.Finding {
	start := b.Start()
	ended := !b.Running && slices.Contains([]string{"FATAL", "EXITED", "STOPPED"}, program.State)
	if !start.Failing && !ended {
		return nil
	}
	reason := box.Reason(b.Journal.Value)
	status := sys.Typed("sudo supervisorctl -c %s status %s", program.Config, program.Program)
	finding := &report.Finding{
		Confidence: report.Certain,
		Title:      failedTitle(start, reason),
		Why:        sys.Textf("The program %s is %s, by supervisord's own word: no process of it answers requests.", program.Program, program.State),
		Evidence:   []report.Evidence{report.Observed("state", sys.Textf("%s", program.State), status)},
		Advice:     sys.Textf("Read why first: sudo supervisorctl -c %s tail -8000 %s stderr. Starting it again would fail in the same way until that is mended.", program.Config, program.Program),
	}
	switch {
	case program.State == "STOPPED":
		finding.Title, finding.Fixes, finding.Advice = "", fixes.IDs(fixes.Restart), "It was stopped, and did not fail."
		return finding
	case start.Failing:
		finding.Why = sys.Textf("The program %s ends by itself and supervisord starts it again%s: it is %s at this moment, and nothing of it has answered.", program.Program, soFar(start), program.State)
	}
	if reason != "" {
		finding.Evidence = append(finding.Evidence, report.Observed("the log's reason", reason, sys.Typed("sudo supervisorctl -c %s tail -8000 %s stderr", program.Config, program.Program)))
		finding.Why += sys.Textf(" Its log gives the reason: %s", reason)
	}
	return finding
}

// containerFailed sees a container that ended, or is started again and again.
func containerFailed(b *box.Box) *report.Finding {
	container, ok := b.TargetContainer()
	start := b.Start()
	if !ok || container.State == "running" && !start.Failing || container.State == "created" {
		return nil
	}
	reason := box.Reason(b.Journal.Value)
	if container.State == docker.ContainerAbsent {
		return containerAbsent(b, container)
	}
	finding := &report.Finding{
		Confidence: report.Certain,
		Title:      failedTitle(start, reason),
		Why:        sys.Textf("The container %s is %s (exit status %d): no process of it answers requests.", container.Name, container.State, container.ExitCode),
		Evidence:   []report.Evidence{report.Observed("state", sys.Textf("%s, exit status %d", container.State, container.ExitCode), box.DockerLine(container, "inspect", container.Name))},
		Advice:     sys.Textf("Read why first: docker logs --tail 100 %s. Starting it again would fail in the same way until that is mended.", container.Name),
	}
	if container.State == "exited" && (container.ExitCode == 0 || container.ExitCode == 143) {
		finding.Title, finding.Fixes, finding.Advice = "", fixes.IDs(fixes.DockerUp), "It was stopped, and did not fail."
	}
	if start.Failing && start.Restarts > 0 {
		finding.Why = sys.Textf("The container %s ends by itself and is started again%s: it is %s (exit status %d) at this moment, and nothing of it has answered.", container.Name, soFar(start), container.State, container.ExitCode)
		finding.Evidence = append(finding.Evidence, report.Observed("started again by Docker", box.Several(start.Restarts, "time", "times"), box.DockerLine(container, "inspect", "-f", "{{.RestartCount}}", container.Name)))
	}
	if reason := cmp.Or(reason, box.Telling(b.Journal.Value)); reason != "" {
		finding.Evidence = append(finding.Evidence, report.Observed("the log's reason", reason, box.DockerLine(container, "logs", container.Name)))
		finding.Why += sys.Textf(" Its log gives the reason: %s", reason)
	}
	return finding
}

// containerAbsent is a service whose files are there, and no container of it.
func containerAbsent(b *box.Box, container docker.Container) *report.Finding {
	finding := &report.Finding{
		Confidence: report.Certain,
		Why: sys.Textf("The Compose file calls for a service %s, and there is no container of it: the project was taken down (docker compose down), or never started.",
			container.Service),
		Evidence: []report.Evidence{report.Observed("containers of the service", "none", b.ComposeLine(container, "ps", "-a"))},
		Fixes:    fixes.IDs(fixes.DockerUp, fixes.DockerRecreate),
	}
	for _, file := range container.ConfigFiles {
		finding.Evidence = append(finding.Evidence, report.Observed("Compose file", sys.Textf("%s", file), sys.Textf("%s", file)))
	}
	return finding
}
