package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"flasktui/ui/fleet"
	"flasktui/ui/render"
	"flasktui/ui/theme"
)

func (r *run) fleetCommand() *cobra.Command {
	var hosts []string
	var expect, format string
	var asJSON bool
	forms := formats(fleet.Formats())
	cmd := &cobra.Command{
		Use:   "fleet [FILE... or -]",
		Short: "Set the JSON reports of many hosts side by side",
		Long: "Set the JSON reports of many hosts side by side: files of `flasktui check --json`, or one\n" +
			"document after another on standard input. Nothing is judged anew, and no host is connected to.\n" +
			"In a terminal, enter opens the report of a row; with --format the table is printed at once.\n\n" +
			"Exit status: 0 all are fresh and run one release; 1 one is stale, mixed or down, or they run\nseveral; 2 one is inconclusive or missing, or its release is not known; 3 a usage error.",
		Example: "  for host in web1 web2 web3; do ssh $host flasktui check shop --json; done | flasktui fleet -\n" +
			"  flasktui fleet reports/*.json --hosts web1,web2,web3 --expect v2",
		ValidArgsFunction: jsonFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := emptyFlags(cmd); err != nil {
				return err
			}
			form, err := chooseForm(cmd, asJSON, format, forms)
			if err != nil {
				return err
			}
			if expect != "" {
				if err := validRelease(expect); err != nil {
					return err
				}
			}
			// Who names a form wants it printed; else a person at a terminal may open the reports.
			opens := form == render.Text && !cmd.Flags().Changed("format") && r.interactive() && !r.dumb()
			documents, err := r.readFleet(args, opens)
			if err != nil {
				return err
			}
			compared := fleet.Compare(documents, fleet.Asked{Hosts: hosts, Expect: expect, Now: r.Engine.Now()})
			compared.Version = versionOf(buildInfo())
			r.status = compared.Exit
			if form == render.Nagios {
				r.status = fleet.NagiosStatus(compared)
			}
			r.documented = true
			if opens {
				window := fleet.Window{Input: r.Stdin, Output: r.Stdout, Style: r.style(), Theme: theme.New(theme.Options{Mode: theme.Auto, Getenv: r.Getenv})}
				if err := fleet.Show(cmd.Context(), compared, documents, window); err != nil {
					return err
				}
			}
			return fleet.Write(r.Stdout, form, compared, r.style().Indent)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document, the same as --format json")
	cmd.Flags().StringVar(&format, "format", string(render.Text), "print as `FORM`: "+orList(forms))
	cmd.Flags().StringSliceVar(&hosts, "hosts", nil, "the `HOSTS` that there has to be a report of, with commas between")
	cmd.Flags().StringVar(&expect, "expect", "", "the `RELEASE` that ought to be live, by the beginning of one of its names")
	complete(cmd, "format", forms)
	return cmd
}

func jsonFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
}

// readFleet reads each file, and standard input for "-" or where it is fed and nothing is named.
// A file that cannot be read is a row of its own: the others count all the same.
func (r *run) readFleet(args []string, whole bool) ([]fleet.Document, error) {
	if len(args) == 0 {
		if r.Terminal.Stdin {
			return nil, fail("no reports are named").with("name files of `flasktui check --json`, or - for standard input")
		}
		args = []string{"-"}
	}
	var documents []fleet.Document
	for _, name := range args {
		if name == "-" {
			documents = append(documents, fleet.Read("standard input", r.Stdin, whole)...)
			continue
		}
		file, err := os.Open(name)
		host := strings.TrimSuffix(filepath.Base(name), ".json")
		if err != nil {
			documents = append(documents, fleet.Read(host, broken{err}, false)...)
			continue
		}
		documents = append(documents, fleet.Read(host, file, whole)...)
		// Nothing was written to it.
		_ = file.Close()
	}
	return documents, nil
}

// broken is a file that cannot be read.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }
