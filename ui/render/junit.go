package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"flasktui/steps/report"
)

type junitSuite struct {
	XMLName    xml.Name        `xml:"testsuite"`
	Name       string          `xml:"name,attr"`
	Hostname   string          `xml:"hostname,attr"`
	Timestamp  string          `xml:"timestamp,attr,omitempty"`
	Time       string          `xml:"time,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
	Skipped *junitProblem `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes one test case for each step: fail is a failure, unknown an error
// (the question was not answered), warn passes and says so in its output.
func WriteJUnit(w io.Writer, report report.Report) error {
	suite := junitSuite{
		Name:     "flasktui " + service(report),
		Hostname: string(report.Host.Hostname),
		Time:     seconds(report.DurationMS),
		Properties: []junitProperty{
			{"verdict", string(report.Verdict)},
			{"summary", string(report.Summary)},
			{"causes", strings.Join(causeIDs(report), " ")},
		},
	}
	if !report.GeneratedAt.IsZero() {
		suite.Timestamp = report.GeneratedAt.UTC().Format(time.RFC3339)
	}
	for _, step := range report.Steps {
		suite.add(step)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(suite); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(step report.Result) {
	test := junitCase{
		Class: "flasktui",
		Name:  fmt.Sprintf("%02d %s", step.Number, step.ID),
		Time:  seconds(step.DurationMS),
	}
	evidence := evidenceLines(step.Evidence)
	switch step.Status {
	case report.Fail:
		s.Failures++
		test.Failure = &junitProblem{Message: oneLine(string(step.Summary)), Type: string(step.Status), Text: evidence}
	case report.Unknown, report.Pending:
		s.Errors++
		test.Error = &junitProblem{Message: reasonOf(step), Type: string(report.Unknown), Text: evidence}
	case report.Skipped:
		s.Skipped++
		test.Skipped = &junitProblem{Message: reasonOf(step)}
	case report.Warn:
		test.Output = "warn: " + string(step.Summary) + "\n" + evidence
	case report.OK:
		test.Output = string(step.Summary)
	}
	s.Tests++
	s.Cases = append(s.Cases, test)
}

func reasonOf(step report.Result) string {
	if step.Reason == "" {
		return oneLine(string(step.Summary))
	}
	return oneLine(string(step.Reason))
}

func evidenceLines(evidence []report.Evidence) string {
	var lines strings.Builder
	for _, e := range evidence {
		fmt.Fprintf(&lines, "%s: %s (%s)\n", e.Label, oneLine(string(e.Value)), oneLine(string(e.Source)))
	}
	return lines.String()
}

func causeIDs(report report.Report) []string {
	ids := make([]string, 0, len(report.Causes))
	for _, cause := range report.Causes {
		ids = append(ids, cause.ID)
	}
	return ids
}

func seconds(milliseconds int64) string { return fmt.Sprintf("%.3f", float64(milliseconds)/1000) }
