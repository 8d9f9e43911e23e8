package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"flasktui/ui/config"
	"flasktui/ui/render"
	"flasktui/ui/spelling"
	"flasktui/ui/wizard"
)

// defaultFault is by far the commonest; the guide begins with it.
const defaultFault = "service-not-restarted"

type practiceFlags struct {
	check  bool
	list   bool
	quiz   bool
	output outputFlags
	looks  wizardFlags
}

func (r *run) practiceCommand() *cobra.Command {
	var flags practiceFlags
	cmd := &cobra.Command{
		Use:   "practice [FAULT]",
		Short: "Practise on a built-in box with that fault; touches nothing real",
		Long: "Practise on a box that lives in flasktui's own memory. Fixes really change it, and\n" +
			"nothing real is touched. FAULT is one that --list names; left out, it is\n" + defaultFault + ".\n" +
			"--quiz takes one box after another, tells what its user sees, and asks for the cause.",
		Example: "  flasktui practice\n  flasktui practice nginx-wrong-upstream\n  flasktui practice symlink-not-switched --check\n  flasktui practice --list\n  flasktui practice --quiz",
		Args:    atMost(1, "FAULT"),
		ValidArgsFunction: first(func(*cobra.Command) []string {
			var faults []string
			for _, fault := range r.Engine.Faults() {
				faults = append(faults, offered(fault.ID, fault.Sentence))
			}
			return faults
		}),
		RunE: func(cmd *cobra.Command, args []string) error { return r.practice(cmd, &flags, args) },
	}
	cmd.Flags().BoolVar(&flags.check, "check", false, "print the report in place of the wizard")
	cmd.Flags().BoolVar(&flags.list, "list", false, "list the faults, one a line")
	cmd.Flags().BoolVar(&flags.quiz, "quiz", false, "tell the symptom alone, and ask for the cause, box after box")
	flags.output.add(cmd)
	flags.looks.add(cmd)
	return cmd
}

func (r *run) faultIDs() []string {
	var ids []string
	for _, fault := range r.Engine.Faults() {
		ids = append(ids, fault.ID)
	}
	return ids
}

func (r *run) practice(cmd *cobra.Command, flags *practiceFlags, args []string) error {
	settings, err := config.Load(r.Getenv, "", "")
	if err != nil {
		return fail("%v", err).with(hintOf(err), "mend the file")
	}
	err = setFlags(cmd, settings)
	if err == nil {
		err = flags.looks.check(cmd)
	}
	if err != nil {
		return err
	}
	if flags.quiz {
		if err := askedQuiz(cmd, flags, args); err != nil {
			return err
		}
		return r.quiz(cmd.Context(), flags.looks)
	}
	format, err := flags.output.choose(cmd, r.Getenv)
	if err != nil {
		return err
	}
	if flags.list {
		return r.listFaults(args)
	}
	fault := defaultFault
	if len(args) > 0 {
		fault = args[0]
	}
	if ids := r.faultIDs(); !slices.Contains(ids, fault) {
		return fail("there is no practice box with the fault %q", shortened(fault)).with(spelling.DidYouMean(fault, ids), "`flasktui practice --list` names them all")
	}
	formed := flags.output.json || cmd.Flags().Changed("format")
	if flags.check || formed || !r.canDraw(flags.looks) {
		return r.practiceReport(cmd.Context(), fault, format)
	}
	return r.practise(cmd.Context(), fault, flags.looks)
}

func (r *run) listFaults(args []string) error {
	if len(args) > 0 {
		return fail("--list lists all faults, so %q says nothing", shortened(args[0])).with("leave one of the two out")
	}
	for _, fault := range r.Engine.Faults() {
		if err := r.printf("%-36s %s\n", fault.ID, fault.Sentence); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) practiceReport(ctx context.Context, fault string, format render.Format) error {
	box, options, err := r.Engine.Practice(fault)
	if err != nil {
		return err
	}
	examination, err := r.examine(ctx, target{machine: box, options: options})
	if err != nil {
		return err
	}
	style := r.style()
	style.Practice = fault
	return r.write(format, examination.Report, style)
}

// practise opens the wizard on the practice box. Nothing that happens there is recorded:
// the record is about real boxes.
func (r *run) practise(ctx context.Context, fault string, looks wizardFlags) error {
	box, options, err := r.Engine.Practice(fault)
	if err != nil {
		return err
	}
	target := target{machine: box, options: options, practice: fault}
	if looks.accessible {
		return r.converse(ctx, target, looks.step)
	}
	config := r.wizardConfig(target, looks)
	config.Apply, config.Practice, config.OfferQuiz = r.remembered(r.Engine.Apply), true, true
	config.History = nil
	err = r.openWizard(ctx, config)
	if errors.Is(err, wizard.ErrQuiz) {
		return r.quiz(context.WithoutCancel(ctx), looks)
	}
	if errors.Is(err, wizard.ErrPractice) {
		return nil
	}
	return err
}
