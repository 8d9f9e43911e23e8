package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/ui/render"
	"flasktui/ui/watch"
)

type watchFlags struct {
	probe probeFlags
	json  bool
	limit time.Duration
}

func (r *run) watchCommand() *cobra.Command {
	var flags watchFlags
	cmd := &cobra.Command{
		Use:   "watch [SERVICE]",
		Short: "Look again every few seconds and print a line a change, until it is fresh",
		Long: "Look again every few seconds and print a line whenever something has changed, until the\n" +
			"new release is live, --for is over or you stop it. Nothing is changed. The exit status is that of the last look.",
		Example:           "  flasktui watch shop\n  flasktui watch shop --expect \"$(git rev-parse HEAD)\" --for 10m",
		Args:              atMost(1, "SERVICE"),
		ValidArgsFunction: first(r.services),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := positive(cmd, "for", flags.limit); err != nil {
				return err
			}
			target, err := r.resolve(cmd.Context(), cmd, &flags.probe, args)
			if err != nil {
				return err
			}
			return r.targetHint(cmd, r.watch(cmd.Context(), target, &flags), target.options)
		},
	}
	cmd.Flags().BoolVar(&flags.json, "json", false, "print one JSON report a line")
	cmd.Flags().DurationVar(&flags.limit, "for", 0, "watch for at most this long")
	flags.probe.add(cmd)
	return cmd
}

// watch looks until the site is fresh. To be stopped is how it is meant to end, and no failure
// once there was a look.
func (r *run) watch(ctx context.Context, target target, flags *watchFlags) error {
	began, told, looked := r.Engine.Now(), "", false
	for {
		since := r.Engine.Now()
		examination, err := r.examine(ctx, target)
		if ctx.Err() != nil && looked {
			return nil
		}
		if err != nil && !mayAppear(err, target.options) {
			return err
		}
		if err == nil {
			looked = true
			r.status = exitStatus(examination.Report.Verdict)
		} else {
			r.status = statusFailure
		}
		if now := watched(examination, err); now != told {
			told = now
			if err := r.tellWatched(examination, err, now, flags.json); err != nil {
				return err
			}
		}
		if err == nil && examination.Report.Verdict == report.Fresh {
			return nil
		}
		now := r.Engine.Now()
		pause := watch.Pause(now.Sub(since))
		if flags.limit > 0 && now.Add(pause).Sub(began) > flags.limit {
			return err
		}
		if err := r.Engine.Sleep(ctx, pause); err != nil && !looked {
			return err
		} else if err != nil {
			return nil
		}
	}
}

// watched is what a look came to, in words that stay the same while nothing changes: no sentence
// with a time in it is among them.
func watched(examination steps.Examination, err error) string {
	if err != nil {
		return line(err.Error())
	}
	return watch.Words(examination.Report)
}

// tellWatched prints the line of a look that came to something else than the one before.
func (r *run) tellWatched(examination steps.Examination, err error, now string, asJSON bool) error {
	switch {
	case asJSON && err != nil:
		r.sayf("flasktui: %s\n", now)
		return nil
	case asJSON:
		r.documented = true
		return render.WriteJSON(r.Stdout, examination.Report, false)
	case err != nil:
		return r.printf("%s  %s\n", r.Engine.Now().Format(time.TimeOnly), now)
	}
	text := headline(examination.Report)
	if len(examination.Report.Causes) > 0 {
		text += " (" + examination.Report.Causes[0].ID + ")"
	}
	return r.printf("%s  %s\n", r.Engine.Now().Format(time.TimeOnly), text)
}
