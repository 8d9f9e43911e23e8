package cli

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/lock"
	"flasktui/ui/record"
	"flasktui/ui/render"
)

// recorded is Apply for a real box: alone on it, with a trail on disk and, for the ticket,
// in memory.
func (r *run) recorded() record.Apply {
	alone := lock.Wrap(record.Wrap(r.Engine.Apply, r.Engine.RecordPath, r.Engine.Self, r.Engine.Now), r.Engine.Lock, r.Engine.Now)
	return unbroken(r.remembered(alone))
}

// unbroken runs a fix that does not end with who reads what is said of it: a write to a
// pipe without a reader would end us in the middle. A fix that is left between two
// commands is worse than either end.
func unbroken(apply record.Apply) record.Apply {
	return func(ctx context.Context, machine sys.Machine, options steps.Options, before steps.Examination,
		plan report.Plan, progress func(steps.Progress),
	) (steps.Outcome, error) {
		// Its commands would inherit it if the signal were ignored.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
		return apply(ctx, machine, options, before, plan, progress)
	}
}

// remembered keeps what was done for an export later on.
func (r *run) remembered(apply record.Apply) record.Apply {
	return func(ctx context.Context, machine sys.Machine, options steps.Options, before steps.Examination,
		plan report.Plan, progress func(steps.Progress),
	) (steps.Outcome, error) {
		began := r.Engine.Now()
		var ran []report.CommandRecord
		outcome, err := apply(ctx, machine, options, before, plan, func(event steps.Progress) {
			if event.Ended && event.Command >= 0 && event.Command < len(plan.Commands) {
				ran = append(ran, commandRecord(plan, event))
			}
			progress(event)
		})
		if err == nil {
			r.remember(render.Action{
				At: began, Fix: plan.ID, Commands: plan.Commands, Details: plan.Details, Ran: ran, Before: before.Report.Verdict,
				After: outcome.After.Report.Verdict, Message: string(outcome.Message), Done: outcome.Done,
				Was: string(before.Report.Summary), Is: string(outcome.After.Report.Summary),
			})
		}
		return outcome, err
	}
}

// commandRecord is how a command of a plan ended.
func commandRecord(plan report.Plan, ended steps.Progress) report.CommandRecord {
	return report.CommandRecord{
		Argv: plan.Commands[ended.Command], Exit: ended.Exit, DurationMS: ended.Took.Milliseconds(),
		Elevated: ended.Command < len(plan.Details) && plan.Details[ended.Command].Elevated,
	}
}

// apply runs a plan that was agreed to, says what came of it and returns the look that
// was taken afterwards.
func (r *run) apply(ctx context.Context, target target, before steps.Examination, plan report.Plan) (steps.Examination, error) {
	// The line may drop; what was begun is brought to its end all the same.
	stop := context.AfterFunc(ctx, func() { r.sayf("flasktui: the fix that was begun goes on to its end first\n") })
	defer stop()
	ctx = context.WithoutCancel(ctx)
	apply := r.recorded()
	if target.practice != "" {
		// The record is about real boxes.
		apply = r.remembered(r.Engine.Apply)
	}
	outcome, err := apply(ctx, target.machine, target.options, before, plan, r.liveOutput(plan))
	if err != nil {
		return before, fail("the fix %q did not run: %v", plan.ID, err).with(hintOf(err), "`flasktui check` shows how it is now")
	}
	after := outcome.After.Report
	r.status = exitStatus(after.Verdict)
	switch {
	case outcome.Open:
		r.sayf("flasktui: what the fix %q came to is not known yet: %s\n", plan.ID, line(string(outcome.Message)))
	case !outcome.Done:
		r.sayf("flasktui: the fix %q did not do what it promises: %s\n", plan.ID, line(string(outcome.Message)))
	}
	if outcome.Exceeds && r.status == 0 {
		// The site may be fresh; all is not well.
		r.status = exitStatus(report.Stale)
	}
	if err := r.printf("\nBefore: %s\nAfter:  %s\n", headline(before.Report), headline(after)); err != nil {
		return outcome.After, err
	}
	if len(after.Causes) > 0 {
		err = r.printf("Left:   %s (%s)\n", line(after.Causes[0].Title), after.Causes[0].ID)
	}
	return outcome.After, err
}

// liveOutput shows each command as it starts, what it prints and how it ends.
func (r *run) liveOutput(plan report.Plan) func(steps.Progress) {
	return func(event steps.Progress) {
		if event.Started && event.Command >= 0 && event.Command < len(plan.Commands) {
			r.sayf("$ %s\n", sys.CommandLine(plan.Commands[event.Command]))
			for _, fed := range plan.Fed(event.Command) {
				r.sayf("    %s\n", fed)
			}
		}
		if event.Line != "" {
			for text := range strings.SplitSeq(string(event.Line), "\n") {
				r.sayf("  %s\n", text)
			}
		}
		if event.Ended {
			r.sayf("  exit status %d after %s\n", event.Exit, event.Took.Round(time.Millisecond))
		}
	}
}
