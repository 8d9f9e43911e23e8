package cli

import (
	"github.com/spf13/cobra"

	"flasktui/ui/schema"
	"flasktui/ui/spelling"
)

func (r *run) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "schema [DOCUMENT]",
		Short:             "Print the JSON Schema of a document: " + orList(schema.Names()),
		Example:           "  flasktui schema report > report.schema.json",
		Args:              atMost(1, "DOCUMENT"),
		ValidArgsFunction: cobra.FixedCompletions(schema.Names(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			name := schema.Names()[0]
			if len(args) > 0 {
				name = args[0]
			}
			described, known := schema.Of(name)
			if !known {
				return fail("there is no document %q", shortened(name)).with(spelling.DidYouMean(name, schema.Names()), "name "+orList(schema.Names()))
			}
			return r.writeDocument(described)
		},
	}
}
