package render

import (
	"fmt"
	"io"
	"strings"

	"flasktui/steps/report"
)

// The exit statuses of a monitoring plugin.
const (
	NagiosOK       = 0
	NagiosWarning  = 1
	NagiosCritical = 2
	NagiosUnknown  = 3
)

// NagiosStatus is the plugin exit status that a verdict stands for. Mixed is a warning:
// it is what a rolling restart looks like for a moment, and it either passes or turns
// into stale.
func NagiosStatus(verdict report.Verdict) int {
	switch verdict {
	case report.Fresh:
		return NagiosOK
	case report.Mixed:
		return NagiosWarning
	case report.Stale, report.Down:
		return NagiosCritical
	case report.Inconclusive:
		return NagiosUnknown
	}
	return NagiosUnknown
}

// WriteNagios writes one line of status and performance data.
func WriteNagios(w io.Writer, document report.Report) error {
	failed, warned, unknown := 0, 0, 0
	for _, step := range document.Steps {
		switch step.Status {
		case report.Fail:
			failed++
		case report.Warn:
			warned++
		case report.Unknown, report.Pending:
			unknown++
		case report.OK, report.Skipped:
		}
	}
	line := fmt.Sprintf("%s is %s: %s", service(document), document.Verdict, document.Summary)
	if len(document.Causes) > 0 {
		line += " (" + document.Causes[0].ID + ")"
	}
	return nagiosLine(w, NagiosStatus(document.Verdict), line,
		fmt.Sprintf(" | time=%.3fs;;;0 causes=%d;;;0 failed=%d;;;0;14 warned=%d;;;0;14 unknown=%d;;;0;14",
			float64(document.DurationMS)/1000, len(document.Causes), failed, warned, unknown))
}

// WriteNagiosUnknown tells the monitoring why there is no report.
func WriteNagiosUnknown(w io.Writer, problem string) error {
	return nagiosLine(w, NagiosUnknown, problem, "")
}

func nagiosLine(w io.Writer, status int, message, performance string) error {
	name := [...]string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}[status]
	// A bar would begin the performance data.
	message = strings.ReplaceAll(oneLine(message), "|", "/")
	_, err := fmt.Fprintf(w, "FLASKTUI %s - %s%s\n", name, message, performance)
	return err
}
