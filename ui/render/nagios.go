package render

import (
	"fmt"
	"io"
	"strings"

	"flasktui/steps"
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
func NagiosStatus(verdict steps.Verdict) int {
	switch verdict {
	case steps.Fresh:
		return NagiosOK
	case steps.Mixed:
		return NagiosWarning
	case steps.Stale, steps.Down:
		return NagiosCritical
	case steps.Inconclusive:
		return NagiosUnknown
	}
	return NagiosUnknown
}

// WriteNagios writes one line of status and performance data.
func WriteNagios(w io.Writer, report steps.Report) error {
	failed, warned, unknown := 0, 0, 0
	for _, step := range report.Steps {
		switch step.Status {
		case steps.Fail:
			failed++
		case steps.Warn:
			warned++
		case steps.Unknown, steps.Pending:
			unknown++
		case steps.OK, steps.Skipped:
		}
	}
	line := fmt.Sprintf("%s is %s: %s", service(report), report.Verdict, report.Summary)
	if len(report.Causes) > 0 {
		line += " (" + report.Causes[0].ID + ")"
	}
	return nagiosLine(w, NagiosStatus(report.Verdict), line,
		fmt.Sprintf(" | time=%.3fs;;;0 causes=%d;;;0 failed=%d;;;0;14 warned=%d;;;0;14 unknown=%d;;;0;14",
			float64(report.DurationMS)/1000, len(report.Causes), failed, warned, unknown))
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
