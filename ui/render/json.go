package render

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"flasktui/steps/report"
	"flasktui/sys"
)

// WriteJSON writes the report as the one JSON document that the contract describes.
func WriteJSON(w io.Writer, report report.Report, indented bool) error {
	return WriteDocument(w, withLists(report), indented)
}

// WriteDocument writes a document of the contract, in which no list is ever null: on one line
// for programs, indented where a person looks.
func WriteDocument(w io.Writer, document any, indented bool) error {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	// Paths and sentences are for people too; nothing here ends up inside a web page.
	encoder.SetEscapeHTML(false)
	if indented {
		encoder.SetIndent("", "  ")
	}
	if err := encoder.Encode(document); err != nil {
		return err
	}
	// The commands of a fix are exact, whatever the files on the box are called.
	_, err := w.Write(sys.HarmlessJSON(encoded.Bytes()))
	return err
}

// withLists returns the report with every absent list made an empty one, and the digest of each
// plan. It copies what
// it changes: a report that was handed out is never altered.
func withLists(report report.Report) report.Report {
	report.Path = list(report.Path)
	report.Releases.Served.Values = list(report.Releases.Served.Values)
	report.Checklist = list(report.Checklist)
	report.Timeline = list(report.Timeline)

	report.Proof = list(report.Proof)
	for i := range report.Proof {
		claim := &report.Proof[i]
		claim.Causes, claim.Evidence = list(claim.Causes), list(claim.Evidence)
	}
	report.Causes = list(report.Causes)
	for i := range report.Causes {
		cause := &report.Causes[i]
		cause.Evidence, cause.Fixes, cause.Follows = list(cause.Evidence), list(cause.Fixes), list(cause.Follows)
	}
	report.Steps = list(report.Steps)
	for i := range report.Steps {
		step := &report.Steps[i]
		step.Evidence, step.Fixes = list(step.Evidence), list(step.Fixes)
	}
	report.Fixes = list(report.Fixes)
	for i := range report.Fixes {
		report.Fixes[i] = report.Fixes[i].Named(report.FirstCause(), report.Host)
		plan := &report.Fixes[i]
		plan.Commands = list(plan.Commands)
		for j := range plan.Commands {
			plan.Commands[j] = list(plan.Commands[j])
		}
	}
	report.Commands = list(report.Commands)
	for i := range report.Commands {
		report.Commands[i].Argv = list(report.Commands[i].Argv)
	}
	return report
}

func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return slices.Clone(items)
}
