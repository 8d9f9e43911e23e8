package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"flasktui/steps"
)

// Format is one of the forms.
type Format string

// The forms, named as --format takes them.
const (
	Text     Format = "text"
	JSON     Format = "json"
	Markdown Format = "markdown"
	Nagios   Format = "nagios"
	JUnit    Format = "junit"
)

// Formats are all forms, in the order in which help lists them.
func Formats() []Format { return []Format{Text, JSON, Markdown, Nagios, JUnit} }

// Write writes a report in a form; style concerns text, and JSON's Indent.
func Write(w io.Writer, format Format, report steps.Report, style Style) error {
	switch format {
	case Text:
		return WriteText(w, report, style)
	case JSON:
		return WriteJSON(w, report, style.Indent)
	case Markdown:
		return WriteMarkdown(w, report, nil)
	case Nagios:
		return WriteNagios(w, report)
	case JUnit:
		return WriteJUnit(w, report)
	}
	return fmt.Errorf("write a report: no such format as %q", format)
}

// Plan finds a fix of the report by its id.
func Plan(report steps.Report, id string) (steps.Plan, bool) {
	at := slices.IndexFunc(report.Fixes, func(p steps.Plan) bool { return p.ID == id })
	if at < 0 {
		return steps.Plan{}, false
	}
	return report.Fixes[at], true
}

// service is the name under which the target is shown.
func service(report steps.Report) string {
	if report.Target.Service == "" {
		return "the service"
	}
	return string(report.Target.Service)
}

// oneLine folds text into a single line, for forms that end a record with the line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// InWords is a status as a sentence has it.
func InWords(status steps.Status) string {
	switch status {
	case steps.OK:
		return "as it should be"
	case steps.Warn:
		return "worth a look"
	case steps.Fail:
		return "wrong"
	case steps.Skipped:
		return "does not apply"
	case steps.Pending:
		return "being read"
	case steps.Unknown:
	}
	return "not known"
}
