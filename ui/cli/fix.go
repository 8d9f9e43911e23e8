package cli

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/render"
	"flasktui/ui/spelling"
)

type fixFlags struct {
	probe  probeFlags
	fix    string
	yes    bool
	dryRun bool
	digest string
	json   bool
}

func (r *run) fixCommand() *cobra.Command {
	var flags fixFlags
	cmd := &cobra.Command{
		Use:   "fix [SERVICE]",
		Short: "Show the fix of the first cause, ask, run it and check again",
		Long: "Show the fix of the first cause, or another one that is offered, with each exact\n" +
			"command; ask; run it; check again. Without --yes and without a terminal to ask on,\n" +
			"nothing runs; nor does what would give whoever may change its files more than the\n" +
			"service has, unless it is named with --fix. The exit status is that of the check afterwards; 3 if nothing ran.",
		Example:           "  flasktui fix shop\n  flasktui fix shop --fix nginx-reload\n  flasktui fix shop --yes && echo live",
		Args:              atMost(1, "SERVICE"),
		ValidArgsFunction: first(r.services),
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.fix != "" && !slices.Contains(fixIDs(), flags.fix) {
				return fail("there is no fix %q", shortened(flags.fix)).with(spelling.DidYouMean(flags.fix, fixIDs()), "`flasktui explain` lists the fixes")
			}
			if flags.digest != "" && !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(flags.digest) {
				return fail("--plan %q is not the digest of a plan", shortened(flags.digest)).with("take plan.digest of `flasktui fix --dry-run --json`")
			}
			target, err := r.resolve(cmd.Context(), cmd, &flags.probe, args)
			if err != nil {
				return err
			}
			return r.targetHint(cmd, r.toldAs(flags.json, func(document *report.Repair) error {
				return r.fix(cmd.Context(), target, &flags, document)
			}), target.options)
		},
	}
	cmd.Flags().StringVar(&flags.fix, "fix", "", "run the fix `ID` in place of the first cause's own")
	cmd.Flags().BoolVar(&flags.yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&flags.dryRun, "dry-run", false, "show what would run, and run nothing")
	cmd.Flags().StringVar(&flags.digest, "plan", "", "run nothing but the plan with this `DIGEST`, as --dry-run gives it")
	cmd.Flags().BoolVar(&flags.json, "json", false, "print one JSON document: the plan, what was run, before and after")
	flags.probe.add(cmd)
	completeBy(cmd, "fix", r.fixesHere(&flags.probe))
	return cmd
}

func fixIDs() []string {
	var ids []string
	for _, fix := range steps.Fixes() {
		ids = append(ids, fix.ID)
	}
	return ids
}

func (r *run) fix(ctx context.Context, target target, flags *fixFlags, document *report.Repair) error {
	looks := target
	looks.options = steps.ForFix(target.options)
	before, err := r.examine(ctx, looks)
	if err != nil {
		return err
	}
	document.Of(before.Report)
	if flags.fix == "" && !decided(before.Report) {
		return r.nothingToFix(before.Report)
	}
	if unlocked := r.unlocked(target.machine, before.Report, flags); unlocked != nil {
		// With more rights, more is seen too.
		target.machine, looks.machine = unlocked, unlocked
		if before, err = r.examine(ctx, looks); err != nil {
			return err
		}
		document.Of(before.Report)
	}
	plan, err := r.choose(before, flags.fix)
	if err != nil {
		return err
	}
	document.Planned(plan)
	if err := r.printPlan(before.Report, plan); err != nil {
		return err
	}
	if flags.digest != "" && flags.digest != document.Plan.Digest {
		return fail("the plan of this box is not the one with the digest that --plan names, so nothing was run").with("`flasktui fix --dry-run` shows the plan and its digest")
	}
	if flags.dryRun {
		return r.printf("Digest: %s\nNothing was run (--dry-run).\n", document.Plan.Digest)
	}
	if err := r.agreed(ctx, before.Report, plan, flags.fix, flags.yes); err != nil {
		return err
	}
	after, err := r.apply(ctx, target, before, plan)
	if err == nil {
		document.Ended(after.Report)
	}
	return err
}

// cure chooses a plan, shows it, asks and runs it.
func (r *run) cure(ctx context.Context, target target, before steps.Examination, id string) (steps.Examination, error) {
	plan, err := r.choose(before, id)
	if err == nil {
		err = r.printPlan(before.Report, plan)
	}
	if err == nil {
		err = r.agreed(ctx, before.Report, plan, id, false)
	}
	if err != nil {
		return before, err
	}
	return r.apply(ctx, target, before, plan)
}

// agreed asks whether a plan that was shown may run, unless the answer is known: yes is that
// of --yes, id the fix that was asked for by its name.
func (r *run) agreed(ctx context.Context, looked report.Report, plan report.Plan, id string, yes bool) error {
	switch {
	case !yes:
		return r.confirm(ctx, unasked(looked, plan))
	case id == "" && plan.MustBeNamed():
		return fail("--yes alone does not run the fix %q: whoever may change its files may get more by it than the running service has; nothing was run", plan.ID).
			with("check what is listed above; " + unasked(looked, plan))
	}
	return nil
}

// unasked is how to have a plan run without a question.
func unasked(looked report.Report, plan report.Plan) string {
	if !plan.MustBeNamed() {
		return "pass --yes to run the plan above without being asked"
	}
	return "to run it all the same: " + sys.CommandLine([]string{"flasktui", "fix", string(looked.Target.Service), "--fix", plan.ID, "--yes"})
}

// decided tells whether the first cause is more than a possibility. What is merely possible
// (a link that was pointed back, say) may well be meant, and is not undone unasked.
func decided(looked report.Report) bool {
	return len(looked.Causes) > 0 && looked.Causes[0].Decides()
}

// nothingToFix says so; what it says depends on whether that is good news.
func (r *run) nothingToFix(looked report.Report) error {
	r.status = exitStatus(looked.Verdict)
	said := headline(looked) + "\n"
	if looked.Verdict == report.Fresh {
		said += "Nothing to fix.\n"
	} else {
		r.complain(fail("no cause is certain or likely, so there is nothing to fix").with("`flasktui check` shows what could not be read"))
	}
	for _, cause := range looked.Causes {
		said += "Worth a look: " + line(cause.Title) + " (possible).\n"
		if len(cause.Fixes) > 0 {
			said += "  Should that be wrong here, ask for its fix by name: --fix " + cause.Fixes[0] + "\n"
		}
	}
	return r.printf("%s", said)
}

func headline(looked report.Report) string {
	return strings.ToUpper(string(looked.Verdict)) + ": " + line(string(looked.Summary))
}

// choose finds the plan to run: the one that was asked for, else the best of the first
// cause that may run now.
func (r *run) choose(examination steps.Examination, id string) (report.Plan, error) {
	looked := examination.Report
	if id != "" {
		plan, offered := render.Plan(looked, id)
		if !offered {
			plan, offered = examination.Plan(id)
		}
		if !offered {
			return report.Plan{}, fail("the fix %q has nothing to do here", id).with(offers(looked))
		}
		return plan, r.runnable(plan)
	}
	if !decided(looked) {
		return report.Plan{}, fail("the cause has gone meanwhile, nothing was run").with("`flasktui check` shows how it is now")
	}
	cause := looked.Causes[0]
	var refused error
	for _, id := range cause.Fixes {
		plan, offered := render.Plan(looked, id)
		if !offered {
			continue
		}
		err := r.runnable(plan)
		if err == nil {
			return plan, nil
		}
		if refused == nil {
			refused = err
		}
	}
	if refused != nil {
		return report.Plan{}, refused
	}
	return report.Plan{}, fail("%s: flasktui has no fix for this", cause.Title).with(string(cause.Advice), "`flasktui explain "+cause.ID+"` tells more")
}

func offers(looked report.Report) string {
	var ids []string
	for _, plan := range looked.Fixes {
		ids = append(ids, plan.ID)
	}
	if len(ids) == 0 {
		return "no fix is offered"
	}
	return "offered here: " + strings.Join(ids, ", ")
}

func (r *run) runnable(plan report.Plan) error {
	switch {
	case plan.Blocked != "":
		return fail("the fix %q is refused: %s", plan.ID, plan.Blocked).with("`flasktui explain " + plan.ID + "` tells when it is right")
	case plan.Terminal && !r.interactive():
		return fail("the fix %q opens an editor, which needs a terminal", plan.ID).with("run it from a terminal")
	}
	return nil
}

// printPlan shows what would run. A command is never wrapped: it is what the person
// agrees to.
func (r *run) printPlan(looked report.Report, plan report.Plan) error {
	var text strings.Builder
	text.WriteString(headline(looked) + "\n")
	if len(looked.Causes) > 0 {
		text.WriteString("Cause:  " + line(looked.Causes[0].Title) + "\n")
	}
	text.WriteString("\nFix:    " + plan.ID + ", " + line(plan.Title) + "\n")
	for index, argv := range plan.Commands {
		text.WriteString("  $ " + sys.CommandLine(argv) + "\n")
		for _, fed := range plan.Fed(index) {
			text.WriteString("      " + fed + "\n")
		}
	}
	text.WriteString("Effect: " + line(string(plan.Effect)) + "\n")
	text.WriteString("Risk:   " + string(plan.Risk) + "\n")
	if plan.Origin != nil {
		for _, given := range plan.Origin.GivenWords() {
			text.WriteString("Gives:  " + line(string(given)) + "\n")
		}
		text.WriteString("Files:  " + line(string(plan.Origin.Words())) + "\n")
	}
	if plan.Undo != "" {
		text.WriteString("Undo:   " + line(string(plan.Undo)) + "\n")
	}
	return r.printf("%s\n", text.String())
}
