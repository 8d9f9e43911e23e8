package report

import "flasktui/sys"

// Judged is the outcome of a step that could be judged.
func Judged(status Status, summary sys.Text) Result {
	return Result{Status: status, Summary: summary}
}

// NotKnown is the outcome of a step that could not be judged, for a reason.
func NotKnown(reason sys.Text) Result {
	return Result{Status: Unknown, Summary: "It could not be told.", Reason: reason}
}

// NotApplicable is the outcome of a step that asks for something which this box has not got.
func NotApplicable(reason sys.Text) Result {
	return Result{Status: Skipped, Summary: "Does not apply here.", Reason: reason}
}
