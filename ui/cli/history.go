package cli

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/record"
)

func (r *run) historyCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "history [SERVICE]",
		Short: "Show which fixes were run here, by whom, and what came of them",
		Long: "Show which fixes were run here, by whom, and what came of them, the newest first.\n" +
			"Root's record tells of all that root ran; each other user has a record of their own.",
		Example:           "  flasktui history\n  flasktui history shop --json",
		Args:              atMost(1, "SERVICE"),
		ValidArgsFunction: first(r.services),
		RunE: func(cmd *cobra.Command, args []string) error {
			runs, err := r.runsOf(args)
			if err != nil {
				return err
			}
			if asJSON {
				return r.writeDocument(report.History{
					Schema: report.HistorySchema, Host: r.host(cmd.Context()), Version: versionOf(buildInfo()), Runs: runs,
				})
			}
			return r.printf("%s", historyText(runs))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return cmd
}

// runsOf are the fixes of this user's record and of root's, where that may be read.
func (r *run) runsOf(args []string) ([]report.Run, error) {
	runs := []report.Run{}
	for _, path := range slices.Compact([]string{r.Engine.RecordPath, r.Engine.RootRecordPath}) {
		read, err := record.Read(path)
		if errors.Is(err, fs.ErrPermission) && path != r.Engine.RecordPath {
			r.sayf("flasktui: root's record %s may not be read by you, and is left out\n", path)
			continue
		}
		if err != nil {
			return nil, fail("read the record: %v", err).with("`flasktui history --help` tells whose record it is")
		}
		runs = append(runs, read...)
	}
	if len(args) > 0 {
		if err := validService(args[0]); err != nil {
			return nil, err
		}
		runs = slices.DeleteFunc(runs, func(run report.Run) bool {
			return string(run.Service) != args[0] && string(run.Service) != args[0]+".service"
		})
	}
	slices.SortStableFunc(runs, func(one, other report.Run) int { return other.At.Compare(one.At.Time) })
	return runs, nil
}

func historyText(runs []report.Run) string {
	if len(runs) == 0 {
		return "Nothing is on record here.\n"
	}
	var text strings.Builder
	for _, run := range runs {
		who := string(run.User)
		if run.LoginUser != "" {
			who = string(run.LoginUser) + " as " + who
		}
		outcome := strings.ToUpper(string(run.After))
		if run.Ended.IsZero() {
			outcome = "its end is not on record"
		}
		text.WriteString(run.At.Local().Format("2006-01-02 15:04:05 -0700") + "  " + line(string(run.Service)) + ": " + line(run.Fix) +
			", by " + line(who) + ": " + strings.ToUpper(string(run.Before)) + " -> " + outcome + "\n")
		for _, command := range run.Commands {
			text.WriteString("  $ " + sys.CommandLine(command.Argv))
			if command.Exit != 0 {
				text.WriteString("  (exit status " + strconv.Itoa(command.Exit) + ")")
			}
			text.WriteString("\n")
		}
		if !run.Done && run.Message != "" {
			text.WriteString("  " + line(string(run.Message)) + "\n")
		}
	}
	return text.String()
}
