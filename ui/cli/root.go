package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flasktui/steps"
	"flasktui/ui/spelling"
)

const about = `flasktui finds out why a Flask site still serves old code after a deploy. It asks
the app itself, follows a request from the URL to the commit on disk, names the hop
that still holds the old release, offers fixes that you confirm, and proves the new
release live. It looks; it changes nothing until you say so.`

const statuses = `Exit status: 0 the new release is live; 1 stale, mixed or down; 2 inconclusive;
3 a usage error, a refused fix or a failure of flasktui itself.`

const examples = `  flasktui                          the wizard, on the Flask service of this box
  flasktui check shop --json        one look, for a program to read
  flasktui check shop --expect 9ab31e --retry-timeout 60s
                                    the last line of a deploy script
  flasktui fix shop                 the fix of the first cause, after you typed y
  flasktui practice                 learn it on a made-up box`

// rootCommand puts the commands together. Cobra prints nothing by itself but help:
// errors all take one way out.
func (r *run) rootCommand() *cobra.Command {
	root := r.wizardCommand()
	root.Use = "flasktui [SERVICE]"
	root.Short = "Find out why a Flask site still serves old code, and prove the new release live"
	root.Long = about + "\n\n" + statuses
	root.Example = examples
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		r.checkCommand(), r.fixCommand(), r.watchCommand(), r.historyCommand(), r.fleetCommand(), r.practiceCommand(), r.explainCommand(),
		r.schemaCommand(), r.licensesCommand(), r.versionCommand(), r.completionCommand(),
	)
	root.SetHelpCommand(helpCommand())
	r.addVersionFlag(root)
	addHostFlag(root)
	return root
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "help [COMMAND]",
		Short:  "Show the help of a command",
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return fail("there is no command %q", shortened(strings.Join(args, " "))).
					with(spelling.DidYouMean(strings.Join(args, " "), commandNames(cmd.Root())), "`flasktui --help` lists them")
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	}
}

func commandNames(root *cobra.Command) []string {
	var names []string
	for _, command := range root.Commands() {
		names = append(names, command.Name())
	}
	return names
}

// flagError turns pflag's errors into ours, with the flag that was probably meant or the
// command that it belongs to.
func flagError(cmd *cobra.Command, err error) error {
	failed := fail("%s", strings.TrimPrefix(err.Error(), "unknown command "))
	name, unknown := strings.CutPrefix(err.Error(), "unknown flag: --")
	if unknown {
		failed = fail("there is no flag --%s", name)
		var names []string
		cmd.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
		if meant := spelling.Nearest(name, names); meant != "" {
			failed = failed.with("did you mean --" + meant + "?")
		} else {
			for _, other := range cmd.Root().Commands() {
				if other.Flags().Lookup(name) != nil {
					failed = failed.with("--" + name + " belongs to `" + other.CommandPath() + "`")
					break
				}
			}
		}
	}
	return failed.with("`" + cmd.CommandPath() + " --help` lists the flags")
}

// atMost allows so many arguments of a name.
func atMost(count int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= count {
			return nil
		}
		if count == 0 {
			return fail("`%s` takes no arguments, but %q was given", cmd.CommandPath(), shortened(args[0])).with("leave it out")
		}
		return fail("one %s at a time: %q is one too many", what, shortened(args[count])).with("`" + cmd.CommandPath() + " --help` shows how it is used")
	}
}

// targetHint says what to type where a target was not found: what a command line knows of
// it, and else what the look itself says.
func (r *run) targetHint(cmd *cobra.Command, err error, options steps.Options) error {
	target, is := asTarget(err)
	if !is {
		return err
	}
	failed := &failure{problem: err.Error(), cause: err}
	if near := spelling.Service(options.Service, target.Services); near != "" {
		return failed.with(fmt.Sprintf("did you mean %s? %s %s", near, cmd.CommandPath(), near))
	}
	if options.Service == "" && len(target.Services) > 0 {
		return failed.with("name one of them: " + cmd.CommandPath() + " " + target.Services[0])
	}
	if name := spelling.Nearest(options.Service, commandNames(cmd.Root())); name != "" {
		command := "for the command, type `flasktui " + name + "`"
		if target.Hint != "" {
			command = string(target.Hint) + "; " + command
		}
		return failed.with(command)
	}
	return failed.with(string(target.Hint), "`flasktui practice` shows flasktui at work on a made-up box")
}
