package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/ui/render"
)

// outputFlags choose the form of a report.
type outputFlags struct {
	json   bool
	format string
}

func (f *outputFlags) add(cmd *cobra.Command) {
	forms := formats(render.Formats())
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON document, the same as --format json")
	cmd.Flags().StringVar(&f.format, "format", string(render.Text), "print as `FORM`: "+orList(forms)+"; github is the usual one where GITHUB_ACTIONS is set")
	complete(cmd, "format", forms)
}

func formats(forms []render.Format) []string {
	var names []string
	for _, form := range forms {
		names = append(names, string(form))
	}
	return names
}

// choose settles the form: the one that was asked for, else what suits where it is run.
func (f *outputFlags) choose(cmd *cobra.Command, getenv func(string) string) (render.Format, error) {
	form, err := chooseForm(cmd, f.json, f.format, formats(render.Formats()))
	if err == nil && !f.json && !cmd.Flags().Changed("format") && getenv("GITHUB_ACTIONS") != "" {
		form = render.GitHub
	}
	return form, err
}

// chooseForm is the form that --json or --format asks for.
func chooseForm(cmd *cobra.Command, asJSON bool, format string, forms []string) (render.Format, error) {
	if err := oneOf("format", format, forms); err != nil {
		return "", err
	}
	if asJSON && cmd.Flags().Changed("format") && format != string(render.JSON) {
		return "", fail("--json and --format %s ask for two forms at once", format).with("leave one of them out")
	}
	if asJSON {
		return render.JSON, nil
	}
	return render.Format(format), nil
}

type checkFlags struct {
	probe  probeFlags
	output outputFlags
	retry  time.Duration
	save   string
	from   string
}

func (r *run) checkCommand() *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:   "check [SERVICE]",
		Short: "Probe everything once and print a report",
		Long: "Probe everything once, side by side, and print a report. Nothing is changed.\n\n" + statuses +
			"\nWith --format nagios: 0 OK (fresh), 1 WARNING (mixed), 2 CRITICAL (stale, down), 3 UNKNOWN.",
		Example: "  flasktui check shop\n  flasktui check shop --json | jq -r '.causes[0].id'\n" +
			"  flasktui check shop --expect \"$(git rev-parse HEAD)\" --retry-timeout 60s\n" +
			"  flasktui check --from incident.json",
		Args:              atMost(1, "SERVICE"),
		ValidArgsFunction: first(r.services),
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := flags.output.choose(cmd, r.Getenv)
			if err != nil {
				return err
			}
			return r.unreported(format, args, r.check(cmd, &flags, format, args))
		},
	}
	flags.output.add(cmd)
	cmd.Flags().DurationVar(&flags.retry, "retry-timeout", 0, "check again until the release is fresh, for at most this long")
	cmd.Flags().StringVar(&flags.save, "save", "", "also write the facts, redacted, to `FILE`")
	cmd.Flags().StringVar(&flags.from, "from", "", "judge the facts in `FILE`, touching no box")
	flags.probe.add(cmd)
	return cmd
}

// unreported tells whoever reads a form why there is no report, in the one place that it reads.
func (r *run) unreported(format render.Format, args []string, err error) error {
	if err == nil || r.documented {
		return err
	}
	switch format {
	case render.Nagios:
		return errors.Join(err, render.WriteNagiosUnknown(r.Stdout, line(err.Error())))
	case render.Prometheus:
		return errors.Join(err, render.WritePrometheusFailure(r.Stdout, line(strings.Join(args, " "))))
	case render.GitHub:
		return errors.Join(err, render.WriteGitHubFailure(r.Stdout, line(err.Error())))
	case render.Text, render.JSON, render.Markdown, render.JUnit, render.HTML:
	}
	return err
}

func (r *run) check(cmd *cobra.Command, flags *checkFlags, format render.Format, args []string) error {
	if err := errors.Join(emptyFlags(cmd), positive(cmd, "retry-timeout", flags.retry)); err != nil {
		return err
	}
	examination, err := r.look(cmd, flags, args)
	if err != nil {
		return err
	}
	var saved error
	if flags.save != "" {
		saved = r.saveFacts(examination, flags.save)
	}
	return errors.Join(r.write(format, examination.Report, r.style()), saved)
}

// write prints a report in a form, and settles the exit status that the form has for it.
func (r *run) write(format render.Format, looked report.Report, style render.Style) error {
	r.status = exitStatus(looked.Verdict)
	if format == render.Nagios {
		r.status = render.NagiosStatus(looked.Verdict)
	}
	r.documented = true
	if err := render.Write(r.Stdout, format, looked, style); err != nil {
		return err
	}
	if summary := r.Getenv("GITHUB_STEP_SUMMARY"); format == render.GitHub && summary != "" {
		return appendSummary(summary, looked)
	}
	return nil
}

func (r *run) look(cmd *cobra.Command, flags *checkFlags, args []string) (steps.Examination, error) {
	if flags.from != "" {
		if err := onlyFrom(cmd, args); err != nil {
			return steps.Examination{}, err
		}
		return r.judgeFacts(flags.from)
	}
	target, err := r.resolve(cmd.Context(), cmd, &flags.probe, args)
	if err != nil {
		return steps.Examination{}, err
	}
	var examination steps.Examination
	if flags.retry > 0 {
		examination, err = r.examineUntilFresh(cmd.Context(), target, flags.retry)
	} else {
		examination, err = r.examine(cmd.Context(), target)
	}
	return examination, r.targetHint(cmd, err, target.options)
}

// onlyFrom refuses what would have no effect on facts that were gathered long ago.
func onlyFrom(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fail("--from judges the service that the facts are of, not %q", shortened(args[0])).with("leave the service out")
	}
	for _, other := range []string{
		"retry-timeout", "save", "url", "app-dir", "expect", "version-path", "static-path", "compose-file",
		"pidfile", "timeout", "no-sudo", "no-memory",
	} {
		if cmd.Flags().Changed(other) {
			return fail("--from and --%s do not go together", other).with("facts that were saved are judged as they are")
		}
	}
	return nil
}

// examine looks once, with a progress line where somebody can see it.
func (r *run) examine(ctx context.Context, target target) (steps.Examination, error) {
	progress := r.progressLine()
	defer progress.clear()
	examination, err := r.Engine.Examine(ctx, target.machine, target.options, progress.watch())
	if ctx.Err() != nil {
		// What was cut short is no finding.
		return examination, ctx.Err()
	}
	return examination, err
}

// The pauses between checks grow from the first to the longest.
const (
	firstPause   = 500 * time.Millisecond
	longestPause = 5 * time.Second
)

// examineUntilFresh checks again until the release is live or the time is up; the last
// look is what counts. No check is begun that the time has no room for. What it waits for is
// told on standard error, once for as long as it is the same: that is what a deploy's log holds.
func (r *run) examineUntilFresh(ctx context.Context, target target, limit time.Duration) (steps.Examination, error) {
	deadline, told := r.Engine.Now().Add(limit), ""
	for pause := firstPause; ; pause = min(pause*3/2, longestPause) {
		examination, err := r.examine(ctx, target)
		if err == nil && examination.Report.Verdict == report.Fresh || err != nil && !mayAppear(err, target.options) {
			return examination, err
		}
		if ctx.Err() != nil || r.Engine.Now().Add(pause).After(deadline) {
			return examination, err
		}
		if now := watched(examination, err); now != told {
			told = now
			r.sayf("waiting, for at most %s: %s\n", deadline.Sub(r.Engine.Now()).Round(time.Second), state(examination, err))
		}
		if err := r.Engine.Sleep(ctx, pause); err != nil {
			return examination, err
		}
	}
}

func state(examination steps.Examination, err error) string {
	if err != nil {
		return line(err.Error())
	}
	return headline(examination.Report)
}

// mayAppear tells whether a service that was not found may be on its way: while one is
// being restarted, there are no processes to discover it by.
func mayAppear(err error, options steps.Options) bool {
	target, is := asTarget(err)
	return is && options.Service == "" && len(target.Services) == 0
}

func asTarget(err error) (*steps.TargetError, bool) {
	var target *steps.TargetError
	is := errors.As(err, &target)
	return target, is
}
