package render

import (
	"bytes"
	"encoding/json"
	"testing"

	"flasktui/steps/report"
)

// TestAPlanIsCalledInTheReportAsInTheFix: whoever confirms a plan by the report of a box has it run
// by `fix --plan`.
func TestAPlanIsCalledInTheReportAsInTheFix(t *testing.T) {
	t.Parallel()
	plan := report.Plan{ID: "restart", Commands: [][]string{{"systemctl", "restart", "shop.service"}}, Risk: report.MediumRisk}
	looked := report.Report{
		Host: report.HostSummary{Hostname: "web1"}, Causes: []report.Finding{{ID: "service-not-restarted"}},
		Fixes: []report.Plan{plan, {ID: "edit-unit", Blocked: "there is no unit"}},
	}
	var repair report.Repair
	repair.Of(looked)
	repair.Planned(plan)

	var page bytes.Buffer
	if err := WriteJSON(&page, looked, false); err != nil {
		t.Fatal(err)
	}
	var written report.Report
	if err := json.Unmarshal(page.Bytes(), &written); err != nil {
		t.Fatal(err)
	}
	if got := written.Fixes[0].Digest; got == "" || got != repair.Plan.Digest {
		t.Errorf("the report calls it %q, the fix %q", got, repair.Plan.Digest)
	}
	if got := written.Fixes[1].Digest; got != "" {
		t.Errorf("what cannot be run is called %q", got)
	}
	if looked.Fixes[0].Digest != "" {
		t.Error("the report that was handed in was altered")
	}
}
