package steps

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
)

// result judges one step: what is seen, unless a cause that it shows says otherwise.
// Of what only follows from another cause it is said from which; where that one shows in
// the same step there is nothing left to say.
func result(step walk.Step, b *box.Box, found []report.Finding, follows map[string]report.Finding) report.Result {
	result := report.Result{Number: step.Number, ID: step.ID, Title: step.Title, Evidence: []report.Evidence{}, Fixes: []string{}}
	for _, need := range step.Needs {
		if !b.Has(need) {
			result.Status = report.Pending
			return result
		}
	}
	judged := step.Judge(b)
	result.Status, result.Summary, result.Reason = judged.Status, judged.Summary, judged.Reason
	result.Evidence = append(result.Evidence, judged.Evidence...)
	result.Commands = judged.Commands
	if judged.Status != report.Skipped && step.Acts != nil {
		result.Acts = step.Acts(b)
	}
	for _, need := range step.Needs {
		result.DurationMS += b.Took(need).Milliseconds()
	}
	for _, finding := range found {
		root, folded := follows[finding.ID]
		if finding.Step != step.Number {
			continue
		}
		for _, fix := range finding.Fixes {
			if !slices.Contains(result.Fixes, fix) && (!folded || finding.Service == "" && cures(b, root, fix)) {
				result.Fixes = append(result.Fixes, fix)
			}
		}
		if folded && root.Step == step.Number {
			// Said of its root already; that its own fix would not do, or would do
			// harm, is worth knowing all the same.
			continue
		}
		if folded {
			finding.Why += sys.Textf("\nThis follows from another cause, of step %d: %s.", root.Step, root.Title)
		}
		switch {
		case finding.Decides() && result.Status != report.Fail:
			result.Status, result.Summary, result.Reason = report.Fail, finding.Why, ""
			result.Evidence = append(slices.Clone(finding.Evidence), result.Evidence...)
		case finding.Decides():
			result.Summary += "\n" + finding.Why
			result.Evidence = append(result.Evidence, finding.Evidence...)
		case result.Status == report.OK || result.Status == report.Skipped:
			result.Status, result.Summary, result.Reason = report.Warn, finding.Why, ""
		}
	}
	return result
}

// cures tells whether a fix of what only follows from a root is shown: it is gone after the
// root's own fixes alone. One that may not be run is shown with the reason.
func cures(b *box.Box, root report.Finding, fix string) bool {
	kind, known := fixes.ByID(fix)
	return slices.Contains(root.Fixes, fix) || known && fixes.PlanFor(b, kind).Blocked != ""
}
