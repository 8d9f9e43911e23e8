// Package render writes a report for whoever does not sit at the wizard: as text, JSON, Markdown,
// for Nagios, as JUnit, for Prometheus, for a GitHub workflow and as HTML, a file each, and the parts of a page that the accessible face tells, too.
// It knows the documents of steps/report and nothing of a box. Begin with Write.
package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"flasktui/steps/report"
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
	// Prometheus prints metrics; GitHub the text, with annotations.
	Prometheus Format = "prometheus"
	GitHub     Format = "github"
	// HTML is one self-contained page.
	HTML Format = "html"
)

// Formats are all forms, in the order in which help lists them.
func Formats() []Format {
	return []Format{Text, JSON, Markdown, Nagios, JUnit, Prometheus, GitHub, HTML}
}

// Write writes a report in a form; style concerns text, and JSON's Indent.
func Write(w io.Writer, format Format, report report.Report, style Style) error {
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
	case Prometheus:
		return WritePrometheus(w, report)
	case GitHub:
		return WriteGitHub(w, report, style)
	case HTML:
		return WriteHTML(w, report)
	}
	return fmt.Errorf("write a report: no such format as %q", format)
}

// Plan finds a fix of the report by its id.
func Plan(document report.Report, id string) (report.Plan, bool) {
	at := slices.IndexFunc(document.Fixes, func(p report.Plan) bool { return p.ID == id })
	if at < 0 {
		return report.Plan{}, false
	}
	return document.Fixes[at], true
}

// service is the name under which the target is shown.
func service(report report.Report) string {
	if report.Target.Service == "" {
		return "the service"
	}
	return string(report.Target.Service)
}

// oneLine folds text into a single line, for forms that end a record with the line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// InWords is a status as a sentence has it.
func InWords(status report.Status) string {
	switch status {
	case report.OK:
		return "as it should be"
	case report.Warn:
		return "worth a look"
	case report.Fail:
		return "wrong"
	case report.Skipped:
		return "does not apply"
	case report.Pending:
		return "being read"
	case report.Unknown:
	}
	return "not known"
}
