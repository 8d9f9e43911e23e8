// Package fixes holds every cure: the commands that it runs here, what forbids it, and
// how its effect is seen.
package fixes

import (
	"context"
	"slices"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/proc"
)

// Kind is one cure: what can be known of it without a box.
type Kind struct {
	ID    string
	Title string
	// plan makes it ready for a box: the exact commands, and why it may not run.
	plan func(*box.Box) Prepared
	// Done tells, from a look before and a look after, whether the effect is there;
	// the text says what is missing.
	Done func(before, after *box.Box, started time.Time) (bool, sys.Text)
}

// All is every cure there is.
func All() []Kind {
	return []Kind{
		{"daemon-reload", "Have systemd load the unit from disk", planDaemonReload, doneDaemonReload},
		{"restart", "Restart the service", planRestart, doneRestart},
		{"daemon-reload-restart", "Load the unit from disk and restart the service", planDaemonReloadRestart, doneDaemonReloadRestart},
		{"nginx-reload", "Test and reload Nginx", planNginxReload, doneNginxReload},
		{"hup", "Reload Gunicorn gracefully", planHUP, doneHUP},
		{"switch-symlink", "Point the link at the newest release and restart", planSwitchLink, doneSwitchLink},
		{"docker-recreate", "Build the image anew and make the container from it", planDockerRecreate, doneDockerRecreate},
		{"docker-up", "Make the container anew from the present image", planDockerUp, doneDocker},
		{"stop-orphan", "Stop the Gunicorn outside the unit and restart the unit", planStopOrphan, doneStopOrphan},
		{"edit-unit", "Edit the unit, load it and restart the service", planEditUnit, doneDaemonReloadRestart},
		{"edit-nginx", "Edit Nginx's configuration, test and reload it", planEditNginx, doneNginxReload},
		{"clear-bytecode", "Remove the app's old bytecode and restart", planClearBytecode, doneClearBytecode},
		{"release-marker", "Set APP_RELEASE for the service and restart", planReleaseMarker, doneReleaseMarker},
	}
}

// ByID finds a cure; ok is false where there is none of that name.
func ByID(id string) (Kind, bool) {
	all := All()
	index := slices.IndexFunc(all, func(fix Kind) bool { return fix.ID == id })
	if index < 0 {
		return Kind{}, false
	}
	return all[index], true
}

// Prepared is a plan with what its document does not say.
type Prepared struct {
	report.Plan
	// Run is what is run; rests are the files whose content decides what comes of it.
	Run   []Action
	rests []restsOn
	// unshown is why what is fed to a command cannot be shown word by word; empty where
	// it can.
	unshown sys.Text
}

// Action is one command of a plan with what surrounds it.
type Action struct {
	Command sys.Command
	// Settled, if set, waits until the command has had its effect, before the next
	// one runs.
	Settled func(ctx context.Context, machine sys.Machine) error
	// Process is the one that gets a signal; none where it is zero.
	Process proc.ProcessID
	// Failed, if set, says how things stand where this command failed.
	Failed sys.Text
}

const (
	// serviceTimeout is longer than systemd's own for stopping and starting.
	serviceTimeout = 200 * time.Second
	// buildTimeout is for images that install their dependencies.
	buildTimeout = 45 * time.Minute
)

// change makes an action that changes the box: it runs to its end even if the line drops.
func change(timeout time.Duration, argv ...string) Action {
	return Action{Command: sys.Command{Argv: argv, Elevate: true, Changes: true, Survive: true, Timeout: timeout}}
}

// planned lists the actions' commands as the person is shown them.
func planned(document report.Plan, actions ...Action) Prepared {
	plan := Prepared{Plan: document, Run: actions}
	plan.Commands = [][]string{}
	var details []report.CommandDetail
	isMore := false
	for _, one := range actions {
		detail, shown := one.detail()
		plan.Commands = append(plan.Commands, one.Command.Argv)
		details = append(details, detail)
		isMore = isMore || detail.Input != "" || detail.Process != nil
		plan.Terminal = plan.Terminal || one.Command.Terminal
		if !shown {
			plan.unshown = "what it would write looks like a secret or holds what a terminal would act on, so it cannot be shown as it is"
		}
	}
	if isMore {
		plan.Details = details
	}
	return plan
}

// blocked makes a plan that cannot even be written down for this box.
func blocked(reason sys.Text) Prepared {
	return Prepared{Plan: report.Plan{Blocked: reason, Commands: [][]string{}, Risk: report.LowRisk}}
}

// Plans makes every fix ready that a cause or a step offers, in the order of offering.
func Plans(b *box.Box, document report.Report) []report.Plan {
	var ids []string
	for _, finding := range document.Causes {
		ids = append(ids, finding.Fixes...)
	}
	for _, step := range document.Steps {
		ids = append(ids, step.Fixes...)
	}
	plans := []report.Plan{}
	for _, id := range ids {
		if !slices.ContainsFunc(plans, func(plan report.Plan) bool { return plan.ID == id }) {
			if fix, ok := ByID(id); ok {
				plans = append(plans, PlanFor(b, fix).Plan)
			}
		}
	}
	return plans
}

// PlanFor makes one fix ready, and blocks it where it may not run at all.
func PlanFor(b *box.Box, fix Kind) Prepared {
	plan := fix.plan(b)
	plan.ID, plan.Title = fix.ID, fix.Title
	if plan.Origin == nil {
		plan.Origin = managerOrigin(b, plan.Commands)
	}
	plan = plan.from(withNginx(b, plan.Origin, plan.Commands))
	switch {
	case plan.Blocked != "":
	case plan.unshown != "":
		plan.Blocked = plan.unshown
	case b.Untraced() != "" && fix.ID != "nginx-reload" && fix.ID != "edit-nginx":
		plan.Blocked = b.Untraced() + "; name the service that is meant, and it can be done"
	case b.Options.ReadOnly:
		plan.Blocked = "flasktui was started with --read-only"
	case b.Host.Known && b.Host.Value.Privilege == sys.PrivilegeNone && !mayWithoutRoot(b, fix):
		plan.Blocked = sys.Textf("it needs root's rights, and user %s has none here without a password; run flasktui with sudo", b.Host.Value.User)
	}
	return plan
}

// mayWithoutRoot: who may talk to Docker needs no sudo for it.
func mayWithoutRoot(b *box.Box, fix Kind) bool {
	if fix.ID == "nginx-reload" {
		return b.Front.Known && !b.DockerDaemon().AsRoot
	}
	return b.Target.Container != "" && (fix.ID == "docker-up" || fix.ID == "docker-recreate" || fix.ID == "restart") && b.Containers.Known && !b.DockerDaemon().AsRoot
}
