package cli

import (
	"context"
	"errors"
	"os/exec"

	"github.com/spf13/cobra"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/record"
	"flasktui/ui/render"
	"flasktui/ui/theme"
	"flasktui/ui/wizard"
)

// wizardFlags are how the wizard looks and where it begins.
type wizardFlags struct {
	ascii      bool
	accessible bool
	theme      string
	step       int
}

func (f *wizardFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.ascii, "ascii", false, "draw with ASCII alone")
	flags.StringVar(&f.theme, "theme", string(theme.Auto), "colours for a `BACKGROUND`: auto, dark or light")
	flags.BoolVar(&f.accessible, "accessible", false, "plain numbered prompts, for screen readers (also ACCESSIBLE=1)")
	flags.IntVar(&f.step, "step", 0, "begin at step `N`, 1 to 14")
	complete(cmd, "theme", themes())
	complete(cmd, "step", stepNumbers())
}

func (f *wizardFlags) check(cmd *cobra.Command) error {
	if last := len(steps.All()); cmd.Flags().Changed("step") && (f.step < 1 || f.step > last) {
		return fail("--step %d is not one of 1 to %d", f.step, last).with("`flasktui explain` lists the steps")
	}
	return oneOf("theme", f.theme, themes())
}

func themes() []string { return []string{string(theme.Auto), string(theme.Dark), string(theme.Light)} }

func (r *run) wizardCommand() *cobra.Command {
	var probe probeFlags
	var looks wizardFlags
	cmd := &cobra.Command{
		Args:              atMost(1, "SERVICE"),
		ValidArgsFunction: first(r.services),
		RunE: func(cmd *cobra.Command, args []string) error {
			target, err := r.resolve(cmd.Context(), cmd, &probe, args)
			if err == nil {
				err = looks.check(cmd)
			}
			if err != nil {
				return err
			}
			if !r.canDraw(looks) {
				return r.checkOnce(cmd, target)
			}
			if looks.accessible {
				target.unlock = !probe.noSudo && !target.options.ReadOnly
				return r.targetHint(cmd, r.converse(cmd.Context(), target, looks.step), target.options)
			}
			config := r.wizardConfig(target, looks)
			config.OfferPractice = true
			if !probe.noSudo {
				config.Unlock = func() *exec.Cmd { return r.Engine.Unlock(target.machine) }
			}
			err = r.openWizard(cmd.Context(), config)
			if errors.Is(err, wizard.ErrPractice) {
				// The hand-over of signals ended the context.
				return r.practise(context.WithoutCancel(cmd.Context()), defaultFault, looks)
			}
			return r.targetHint(cmd, err, target.options)
		},
	}
	probe.add(cmd)
	looks.add(cmd)
	return cmd
}

// openWizard runs the wizard and, once it has left the screen, says in a few lines what
// was done and what it came to.
func (r *run) openWizard(ctx context.Context, config wizard.Config) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.HandOverSignals != nil {
		r.HandOverSignals()
	}
	// The hand-over ended our context too.
	examination, err := r.Engine.Wizard(context.WithoutCancel(ctx), config)
	if err != nil {
		return err
	}
	last := examination.Report
	r.status = exitStatus(last.Verdict)
	if last.Verdict == "" {
		return nil
	}
	r.welcomed(config)
	if err := r.printf("%s: %s\n", line(string(last.Target.Service)), headline(last)); err != nil {
		return err
	}
	for _, action := range r.remembering() {
		if err := r.printf("Done: %s, %s -> %s\n", action.Fix, action.Before, action.After); err != nil {
			return err
		}
	}
	if len(last.Causes) == 0 {
		return nil
	}
	return r.printf("Root cause: %s (flasktui explain %s)\n", line(last.Causes[0].Title), last.Causes[0].ID)
}

// welcomed remembers that the person has seen a box in the wizard. Neither practice nor
// --read-only writes anything, and a mark that cannot be made costs no more than the same
// offer once more.
func (r *run) welcomed(config wizard.Config) {
	if config.Newcomer && !config.Practice && !config.Options.ReadOnly {
		_ = record.Welcome(r.Engine.Home)
	}
}

// canDraw tells whether the wizard has a terminal to draw on. Its plain prompts need no
// more than a dumb one.
func (r *run) canDraw(looks wizardFlags) bool {
	return r.interactive() && (!r.dumb() || looks.accessible)
}

func (r *run) wizardConfig(target target, looks wizardFlags) wizard.Config {
	config := wizard.Config{
		Machine:  target.machine,
		Options:  target.options,
		Theme:    theme.Mode(looks.theme),
		ASCII:    looks.ascii,
		Step:     looks.step,
		Newcomer: record.Newcomer(r.Engine.Home),
		Examine:  r.Engine.Examine,
		QuickFix: r.Engine.QuickFix,
		Apply:    r.recorded(),
		Now:      r.Engine.Now,
		Getenv:   r.Getenv,
		Export:   r.export,
		History:  func(service string) ([]report.Run, error) { return r.runsOf([]string{service}) },
	}
	if local, ok := target.machine.(*sys.Local); ok {
		config.Terminal, config.Unlocked, config.Refusal = local.OnTerminal, local.Unlocked, local.Refusal
	}
	return config
}

// checkOnce is what the wizard comes down to where nobody can see it.
func (r *run) checkOnce(cmd *cobra.Command, target target) error {
	examination, err := r.examine(cmd.Context(), target)
	if err != nil {
		return r.targetHint(cmd, err, target.options)
	}
	r.status = exitStatus(examination.Report.Verdict)
	return render.WriteText(r.Stdout, examination.Report, r.style())
}
