package quiz

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Veil is a report as somebody sees it who is to find the cause: values without marks. Names,
// numbers, times and evidence stay; verdict, causes, fixes, and every sentence and mark that
// judges are left out.
func Veil(document report.Report) report.Report {
	veiled := document
	veiled.Verdict, veiled.Summary, veiled.Proof = "", "", nil
	veiled.Causes, veiled.Fixes, veiled.Checklist = []report.Finding{}, []report.Plan{}, []report.ChecklistItem{}
	veiled.Path = slices.Clone(document.Path)
	for i := range veiled.Path {
		// What is said of a hop is half judgement ("holds old code"); its name is a value.
		hop := &veiled.Path[i]
		hop.State, hop.Detail, hop.Brief = report.Pending, "", ""
	}
	veiled.Timeline = slices.Clone(document.Timeline)
	for i := range veiled.Timeline {
		veiled.Timeline[i].State = report.OK
	}
	veiled.Steps = slices.Clone(document.Steps)
	for i := range veiled.Steps {
		step := &veiled.Steps[i]
		step.Evidence = slices.Clone(step.Evidence)
		for row := range step.Evidence {
			step.Evidence[row].Value = unmarked(step.Evidence[row].Value)
		}
		step.Summary, step.Fixes, step.Acts = "", []string{}, nil
		if step.Status != report.Skipped && step.Status != report.Unknown {
			step.Status, step.Reason = report.Pending, ""
		}
	}
	return veiled
}

// unmarked is what was seen of a process without the word before it that judges its code.
func unmarked(value sys.Text) sys.Text {
	for _, state := range []box.State{box.Current, box.Stale} {
		if seen, marked := strings.CutPrefix(string(value), string(state)+": "); marked {
			return sys.Text(seen)
		}
	}
	return value
}
