package cli

import (
	"github.com/spf13/cobra"

	"flasktui/ui/licenses"
)

func (r *run) licensesCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "licenses",
		Short:             "Print the licences of what is linked in",
		Args:              atMost(0, ""),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(*cobra.Command, []string) error { return r.printf("%s", licenses.Text) },
	}
}
