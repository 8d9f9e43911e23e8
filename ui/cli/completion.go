package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"flasktui/ui/spelling"
)

func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func (r *run) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the completion script of a shell: bash, zsh, fish or powershell",
		Example: "  flasktui completion bash > /etc/bash_completion.d/flasktui\n" +
			"  flasktui completion zsh > \"${fpath[1]}/_flasktui\"\n" +
			"  flasktui completion fish > ~/.config/fish/completions/flasktui.fish",
		Args:              atMost(1, "SHELL"),
		ValidArgsFunction: cobra.FixedCompletions(shells(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fail("the shell is missing").with("name " + orList(shells()))
			}
			if !slices.Contains(shells(), args[0]) {
				return fail("there is no completion for %q", shortened(args[0])).with(spelling.DidYouMean(args[0], shells()), "there is one for "+orList(shells()))
			}
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(r.Stdout, true)
			case "zsh":
				return root.GenZshCompletion(r.Stdout)
			case "fish":
				return root.GenFishCompletion(r.Stdout, true)
			}
			return root.GenPowerShellCompletionWithDesc(r.Stdout)
		},
	}
}
