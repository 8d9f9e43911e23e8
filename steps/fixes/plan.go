package fixes

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/sys/proc"
)

// Prepared is a plan with what its document does not say.
type Prepared struct {
	report.Plan
	// Run is what is run; dependsOn are the files whose content decides what comes of it.
	Run       []Action
	dependsOn []fileState
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
				plans = append(plans, PlanOf(b, fix, ServiceOf(document, id)).Plan)
			}
		}
	}
	return plans
}

// ServiceOf is whom a fix is done to: the service of the first cause that offers it, empty for
// the examined one.
func ServiceOf(document report.Report, id string) string {
	for _, finding := range document.Causes {
		if slices.Contains(finding.Fixes, id) {
			return finding.Service
		}
	}
	return ""
}

// PlanOf makes one fix ready for the examined service, or for another one of the box.
func PlanOf(b *box.Box, fix Kind, service string) Prepared {
	other, found := b.As(service)
	switch {
	case !found:
		plan := blocked(sys.Textf("%s is not seen behind the site any more", service))
		plan.ID, plan.Title, plan.Service = fix.ID, fix.Title, service
		return plan
	case other == b:
		return PlanFor(b, fix)
	}
	plan := PlanFor(other, fix)
	plan.Service, plan.Title = service, string(sys.Textf("%s: %s", fix.Title, service))
	return plan
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
	case b.Untraced() != "" && !fix.nginx:
		plan.Blocked = b.Untraced() + "; name the service that you mean, and it can be done"
	case b.Options.ReadOnly:
		plan.Blocked = "flasktui was started with --read-only"
	case b.Host.Known && b.Host.Value.Privilege == sys.PrivilegeNone && plan.needsRoot():
		plan.WantsRights = true
		plan.Blocked = sys.Textf("it needs root's rights, and user %s has none here without a password", b.Host.Value.User) + b.Host.Value.OrWithSudo()
	}
	return plan
}

// needsRoot tells whether any of the commands is to run with root's rights: who may talk to
// Docker needs none for that.
func (plan Prepared) needsRoot() bool {
	return slices.ContainsFunc(plan.Run, func(one Action) bool { return one.Command.Elevate })
}

// fileState is a file whose content decides what a command comes to, as it was when the plan
// was made.
type fileState struct {
	path string
	info sys.FileInfo
}

// unitFileStates are the unit's files as they are on disk.
func unitFileStates(b *box.Box) []fileState {
	var states []fileState
	for _, file := range b.UnitFiles.Value.All() {
		states = append(states, fileState{file.Path, file.Info})
	}
	return states
}

// dependingOn has a plan refused where one of these files changes under the question.
func (plan Prepared) dependingOn(files []fileState) Prepared {
	plan.dependsOn = files
	return plan
}

// detail is what is shown of an action beside its arguments; shown is false where its input
// cannot be shown as it is.
func (one Action) detail() (detail report.CommandDetail, shown bool) {
	detail = report.CommandDetail{Elevated: one.Command.Elevate, Directory: cmp.Or(one.Command.Dir, "/"), Terminal: one.Command.Terminal}
	if one.Process != (proc.ProcessID{}) {
		process := one.Process
		detail.Process = &process
	}
	input := string(one.Command.Stdin)
	detail.Input = sys.Safe(input)
	return detail, string(detail.Input) == input
}

// samePlan tells whether two plans are one and the same, in everything that they show, run,
// feed and rest on. Both are compared as whole values, so that nothing that is added to a
// plan, an action or a command can be left out. A function cannot be compared; what it does
// is decided by the fix and by what the plan holds.
func samePlan(one, other Prepared) bool {
	return reflect.DeepEqual(one.withoutFunctions(), other.withoutFunctions())
}

func (plan Prepared) withoutFunctions() Prepared {
	plan.Run = slices.Clone(plan.Run)
	for index := range plan.Run {
		plan.Run[index].Settled = nil
	}
	return plan
}
