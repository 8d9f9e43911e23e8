package render

import (
	"crypto/rand"
	"fmt"
	"io"
	"strings"

	"flasktui/steps/report"
)

// WriteGitHub writes the text report and, below it, the annotations that a GitHub workflow shows
// at its run: one for the verdict, and one for each step that speaks against it or is not known.
// Within the text no line is a command of the workflow, whatever the box calls its files.
func WriteGitHub(w io.Writer, document report.Report, style Style) error {
	var page strings.Builder
	guard := rand.Text()
	fmt.Fprintf(&page, "::stop-commands::%s\n", guard)
	if err := WriteText(&page, document, style); err != nil {
		return err
	}
	fmt.Fprintf(&page, "::%s::\n", guard)
	level := "error"
	switch document.Verdict {
	case report.Fresh:
		level = "notice"
	case report.Inconclusive:
		level = "warning"
	case report.Stale, report.Mixed, report.Down:
	}
	annotate(&page, level, service(document)+" is "+string(document.Verdict), string(document.Summary))
	for _, step := range document.Steps {
		title := fmt.Sprintf("step %d, %s", step.Number, step.ID)
		switch step.Status {
		case report.Fail:
			annotate(&page, "error", title, string(step.Summary))
		case report.Warn:
			annotate(&page, "warning", title, string(step.Summary))
		case report.Unknown:
			annotate(&page, "warning", title, reasonOf(step))
		case report.OK, report.Skipped, report.Pending:
		}
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// WriteGitHubFailure annotates a run that came to no report.
func WriteGitHubFailure(w io.Writer, problem string) error {
	var page strings.Builder
	annotate(&page, "error", "flasktui", problem)
	_, err := io.WriteString(w, page.String())
	return err
}

// annotate writes one workflow command. What is a property escapes more than the message: see
// the toolkit's documentation of workflow commands.
func annotate(page *strings.Builder, level, title, message string) {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	fmt.Fprintf(page, "::%s title=%s::%s\n", level, property.Replace(oneLine(title)), data.Replace(oneLine(message)))
}
