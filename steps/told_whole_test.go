package steps_test

import (
	"encoding/json"
	"testing"

	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/steps/report"
)

// wholeOf is all that is told of a box, and is the same at each look: the report, and the plans
// of all fixes, also of those that it does not offer.
func wholeOf(t *testing.T, known *facts.Facts) string {
	t.Helper()
	document := steps.JudgeOf(known)
	document.Checklist = nil
	for index := range document.Steps {
		document.Steps[index].DurationMS = 0
	}
	encoded, err := json.MarshalIndent(struct {
		Report report.Report
		Plans  []report.Plan
	}{document, steps.PlansOf(known)}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// inTurn is the box whose workers answer in turn, as they happen to be asked.
const inTurn = practiced + "mixed-workers"

// TestNothingIsToldOtherwise: the rows of the table are what matters most of a box; what is held
// here is that not a word more is another, neither in a box's report, nor in the plan of any fix there is.
func TestNothingIsToldOtherwise(t *testing.T) {
	told := &factstest.Digests{File: "testdata/told_boxes.txt"}
	everyBox(t, func(t *testing.T, name string, examination steps.Examination) {
		if name == inTurn {
			return
		}
		told.Add(t, name, "", wholeOf(t, steps.FactsOf(examination)))
	})
	told.Settle(t)
}
