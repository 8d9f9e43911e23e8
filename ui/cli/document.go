package cli

import (
	"context"

	"github.com/spf13/cobra"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/render"
)

// writeDocument writes the one document of a run.
func (r *run) writeDocument(document any) error {
	r.documented = true
	return render.WriteDocument(r.Stdout, document, r.style().Indent)
}

// wantsJSON tells whether a program reads what is printed. Where a flag could not be read, those
// behind it were not either: so what was typed counts as well.
func wantsJSON(cmd *cobra.Command, args []string) bool {
	asked := cmd.Flags().Lookup("json")
	return asked != nil && (asked.Value.String() == "true" || typesJSON(args))
}

// typesJSON tells whether arguments ask for JSON, in whichever way.
func typesJSON(args []string) bool {
	for i, arg := range args {
		switch {
		case arg == "--":
			return false
		case arg == "--json", arg == "--json=true", arg == "--format=json", arg == "--format" && i+1 < len(args) && args[i+1] == "json":
			return true
		}
	}
	return false
}

// writeFailure tells a program why there is no report. That it cannot be written either is
// nothing that anybody could be told.
func (r *run) writeFailure(ctx context.Context, err error) {
	failure := report.Failure{
		Schema: report.FailureSchema, Error: sys.Textf("%s", line(err.Error())), Hint: sys.Textf("%s", line(hintOf(err))),
		Services: []string{}, Exit: statusFailure, Version: versionOf(buildInfo()), Host: r.host(context.WithoutCancel(ctx)),
	}
	if target, is := asTarget(err); is {
		failure.Services = append(failure.Services, target.Services...)
	}
	_ = r.writeDocument(failure)
}

// host is the machine as far as it can be told; what cannot is left empty.
func (r *run) host(ctx context.Context) report.HostSummary {
	machine, err := r.Engine.Open(Access{ReadOnly: true, NoSudo: true})
	if err != nil {
		return report.HostSummary{}
	}
	// What was learned before something failed is told all the same.
	host, _ := machine.Host(ctx)
	return report.SummaryOf(host)
}

// toldAs has a repair told to a person, or (as JSON) to a program: what a person would read
// goes to standard error then. Where no repair came of it, there is none to write.
func (r *run) toldAs(asJSON bool, work func(*report.Repair) error) error {
	var repair report.Repair
	if !asJSON {
		return work(&repair)
	}
	stdout := r.Stdout
	r.Stdout = r.Stderr
	err := work(&repair)
	r.Stdout = stdout
	if err != nil {
		return err
	}
	if ran := r.remembering(); len(ran) > 0 {
		last := ran[len(ran)-1]
		repair.Commands, repair.Done, repair.Message = append(repair.Commands, last.Ran...), last.Done, sys.Text(last.Message)
	}
	repair.Exit = r.status
	return r.writeDocument(repair)
}
