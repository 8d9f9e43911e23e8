package wizard

import (
	"fmt"
	"strings"
	"time"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/keys"
	"flasktui/ui/theme"
)

// state is what all pages see. Only the root's Update changes it.
type state struct {
	config  Config
	options steps.Options
	theme   *theme.Theme
	keys    keys.Map
	lessons lessons

	width, height int

	// examination is the newest finished one; before there is any, the newest partial.
	examination steps.Examination
	finished    bool
	probedAt    time.Time
	// nothing says that the last look found nothing to examine.
	nothing bool

	// progress is the examination under way, if probing.
	progress  steps.Examination
	probing   bool
	startedAt time.Time

	// refusal is why sudo lets nobody like this person in; empty where it may, or was not asked.
	refusal sys.Text

	// guided says that the walk explains before it offers.
	guided bool
	// riddle is the box that a quiz asks about; nil where there is none.
	riddle *riddle

	// visits are what was looked at and done, for a debrief.
	visits visits

	// watcher is the watch, for the pages that say that it is on.
	watcher *watchPage

	// notice is said once, on the status line, until the next key.
	notice string
}

// lessons are the pages of the guide; tests put short ones in their place.
type lessons struct {
	step, cause func(id string) (guide.Page, bool)
	words       func() []guide.Word
}

// The size that is drawn for until a terminal tells its own.
const (
	defaultWidth  = 80
	defaultHeight = 24
)

func (s *state) watching() bool { return s.watcher != nil && s.watcher.on }

func (s *state) report() *report.Report { return &s.examination.Report }

func (s *state) say(format string, arguments ...any) {
	s.notice = fmt.Sprintf(format, arguments...)
}

// service is the name of what is examined, as far as it is known.
func (s *state) service() string {
	if name := s.report().Target.Service; name != "" {
		return string(name)
	}
	return s.options.Service
}

// matters is the number of the step to look at first: that of the root cause, else the
// worst one, else the first.
func (s *state) matters() int {
	document := s.report()
	if s.veiled() {
		return 1
	}
	if len(document.Causes) > 0 && document.Causes[0].Step > 0 {
		return document.Causes[0].Step
	}
	for _, status := range []report.Status{report.Fail, report.Warn, report.Unknown} {
		for _, result := range document.Steps {
			if result.Status == status {
				return result.Number
			}
		}
	}
	return 1
}

// result is the outcome of a step; before it is known, a pending one.
func (s *state) result(number int) report.Result {
	for _, result := range s.report().Steps {
		if result.Number == number {
			return result
		}
	}
	pending := report.Result{Number: number, Status: report.Pending}
	for _, step := range steps.All() {
		if step.Number == number {
			pending.ID, pending.Title = step.ID, step.Title
		}
	}
	return pending
}

// plans are the fixes with these ids that were made ready for this box, in that order.
func (s *state) plans(ids []string) []report.Plan {
	var plans []report.Plan
	for _, id := range ids {
		for _, plan := range s.report().Fixes {
			if plan.ID == id {
				plans = append(plans, plan)
			}
		}
	}
	return plans
}

// broken is the index of the hop where the request path breaks; -1 where it does not.
func broken(document *report.Report) int {
	if document.Verdict == report.Fresh {
		return -1
	}
	if len(document.Causes) > 0 {
		for i, hop := range document.Path {
			if hop.Step == document.Causes[0].Step && hop.State == report.Fail {
				return i
			}
		}
	}
	for i, hop := range document.Path {
		if hop.State == report.Fail {
			return i
		}
	}
	return -1
}

// locked says that more could be read or done if sudo were asked for a password.
func (s *state) locked() bool {
	return s.config.Unlock != nil && s.refusal == "" && s.finished && s.report().Host.Privilege == sys.PrivilegeNone
}

// blocked is why a plan may not run. One that wants nothing but rights may, where sudo can be
// asked for them once it is confirmed; where sudo refuses, that is said instead.
func (s *state) blocked(plan report.Plan) string {
	switch {
	case s.config.ReadOnly:
		return "flasktui was started with --read-only"
	case plan.WantsRights && s.locked():
		return ""
	case plan.WantsRights && s.refusal != "":
		return "it needs root's rights, and sudo gives " + string(s.report().Host.User) + " none: " + strings.TrimRight(string(s.refusal), ".") + ". Somebody who has them has to run it."
	}
	return string(plan.Blocked)
}
