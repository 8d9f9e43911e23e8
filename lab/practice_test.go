package lab

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"flasktui/steps"
	"flasktui/sys/practice"
)

// TestPracticeAgrees sets the practice boxes beside the real ones: for each cause both
// have the same first cause, and the practice box a verdict that a real box with that
// cause has. What the real boxes have is held by TestFaults and TestContainers.
func TestPracticeAgrees(t *testing.T) {
	onRealBoxes := map[string][]string{}
	for _, f := range slices.Concat(Faults(), Containers()) {
		if f.Cause != "" && !slices.Contains(onRealBoxes[f.Cause], f.Verdict) {
			onRealBoxes[f.Cause] = append(onRealBoxes[f.Cause], f.Verdict)
		}
	}
	var table strings.Builder
	rows := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(rows, "CAUSE\tREAL BOXES\tPRACTICE")
	for _, fault := range practice.Faults() {
		box, err := practice.New(fault.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		asked := box.Asked()
		examination, err := steps.Examine(t.Context(), box, steps.Options{Service: asked.Service, AppDir: asked.AppDir, URL: asked.URL, Expect: asked.Expect}, nil)
		if err != nil {
			t.Fatalf("%s: %v", fault.ID, err)
		}
		verdicts := onRealBoxes[fault.ID]
		if fault.ID == "healthy" {
			verdicts = []string{fresh}
		}
		report := examination.Report
		_, _ = fmt.Fprintf(rows, "%s\t%s\t%s\n", fault.ID, strings.Join(verdicts, " or "), report.Verdict)
		if !slices.Contains(verdicts, string(report.Verdict)) {
			t.Errorf("%s: in practice the verdict is %s, on real boxes %v", fault.ID, report.Verdict, verdicts)
		}
		if fault.ID != "healthy" && (len(report.Causes) == 0 || report.Causes[0].ID != fault.ID) {
			t.Errorf("%s: in practice the first cause is another", fault.ID)
		}
	}
	_ = rows.Flush()
	t.Logf("\n%s", table.String())
}
