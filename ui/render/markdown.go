package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"flasktui/steps/report"
	"flasktui/sys"
)

// Action is a fix that was run between two looks at the box, for the ticket.
type Action struct {
	At       time.Time
	Fix      string
	Commands [][]string
	Details  []report.CommandDetail
	// Ran are those of the commands that were started, as they ended.
	Ran     []report.CommandRecord
	Before  report.Verdict
	After   report.Verdict
	Message string
	// Done says that the effect was seen; Was and Is are the summaries before and after.
	Done    bool
	Was, Is string
}

// WriteMarkdown writes the report as a section for an incident ticket, with the actions
// taken, if any.
func WriteMarkdown(w io.Writer, report report.Report, actions []Action) error {
	var page bytes.Buffer
	markdownHead(&page, report)
	markdownActions(&page, actions)
	markdownPath(&page, report)
	markdownProof(&page, report)
	markdownTimeline(&page, report.Timeline)
	for i, cause := range report.Causes {
		markdownCause(&page, report, i+1, cause)
	}
	markdownSteps(&page, report)
	markdownChecklist(&page, report)
	fmt.Fprintf(&page, "\n_Examined as %s in %d ms with %s._\n",
		MarkdownText(string(report.Host.User)), report.DurationMS, count(len(report.Commands), "command"))
	_, err := w.Write(page.Bytes())
	return err
}

func markdownHead(page *bytes.Buffer, report report.Report) {
	fmt.Fprintf(page, "## %s on %s: %s\n\n%s\n\n", MarkdownText(service(report)), MarkdownText(string(report.Host.Hostname)),
		strings.ToUpper(string(report.Verdict)), MarkdownText(string(report.Summary)))
	if !report.GeneratedAt.IsZero() {
		fmt.Fprintf(page, "Examined at %s.\n\n", report.GeneratedAt.Format(time.RFC3339))
	}
	page.WriteString("| release | id | path | changed | known from |\n| --- | --- | --- | --- | --- |\n")
	for _, row := range releaseRows(report) {
		fmt.Fprintf(page, "| %s | %s | %s | %s | %s |\n", row.name, code(string(row.release.ID)), code(string(row.release.Path)),
			moment(row.release.ChangedAt), MarkdownText(string(row.release.Source)))
	}
}

func markdownActions(page *bytes.Buffer, actions []Action) {
	if len(actions) == 0 {
		return
	}
	page.WriteString("\n### What was done\n")
	for i, action := range actions {
		fmt.Fprintf(page, "\n%d. %s: `%s`, %s → %s. %s\n", i+1, action.At.Format(time.RFC3339), action.Fix,
			action.Before, action.After, MarkdownText(action.Message))
		page.WriteString(fence(action.Commands, action.Details))
		for _, told := range [][2]string{{"Before", action.Was}, {"After", action.Is}} {
			if told[1] != "" {
				fmt.Fprintf(page, "\n%s: %s\n", told[0], MarkdownText(told[1]))
			}
		}
	}
}

func markdownProof(page *bytes.Buffer, report report.Report) {
	if len(report.Proof) == 0 {
		return
	}
	page.WriteString("\n### What is proved\n\n| claim | state | because |\n| --- | --- | --- |\n")
	for _, claim := range report.Proof {
		fmt.Fprintf(page, "| %s | %s | %s |\n", claim.Claim, claimState(claim.State), MarkdownText(claimText(claim)))
	}
}

func markdownPath(page *bytes.Buffer, report report.Report) {
	if len(report.Path) == 0 {
		return
	}
	page.WriteString("\n### The path of a request\n\n| hop | state | what | detail |\n| --- | --- | --- | --- |\n")
	for _, hop := range report.Path {
		fmt.Fprintf(page, "| %s | %s | %s | %s |\n", HopName(hop), emphasis(hop.State), MarkdownText(string(hop.Label)), MarkdownText(string(hop.Detail)))
	}
}

func markdownCause(page *bytes.Buffer, report report.Report, number int, cause report.Finding) {
	fmt.Fprintf(page, "\n### Cause %d: %s\n\n`%s`, %s, seen in step %d.\n\n%s\n", number, MarkdownText(cause.Title), cause.ID,
		cause.Confidence, cause.Step, MarkdownText(string(cause.Why)))
	if len(cause.Evidence) > 0 {
		page.WriteString("\n| evidence | value | source |\n| --- | --- | --- |\n")
		for _, e := range cause.Evidence {
			fmt.Fprintf(page, "| %s | %s | %s |\n", MarkdownText(e.Label), code(string(e.Value)), code(string(e.Source)))
		}
	}
	if cause.Advice != "" {
		fmt.Fprintf(page, "\n%s\n", MarkdownText(string(cause.Advice)))
	}
	if len(cause.Follows) > 0 {
		fmt.Fprintf(page, "\nFollows from it: %s.\n", strings.Join(cause.Follows, ", "))
	}
	for _, id := range cause.Fixes {
		plan, known := Plan(report, id)
		if !known {
			continue
		}
		if len(plan.Commands) == 0 {
			fmt.Fprintf(page, "\n**Fix `%s`**, not to be run now: %s\n", plan.ID, MarkdownText(string(plan.Blocked)))
			continue
		}
		fmt.Fprintf(page, "\n**Fix `%s`** (%s risk): %s\n", plan.ID, plan.Risk, MarkdownText(string(plan.Effect)))
		if plan.Blocked != "" {
			// Nor is it there to be copied: a ticket is read later, and by others.
			fmt.Fprintf(page, "\nNot to be run now: %s\n", MarkdownText(string(plan.Blocked)))
			continue
		}
		if plan.MustBeNamed() {
			for _, given := range plan.Origin.GivenWords() {
				fmt.Fprintf(page, "\n- Gives %s\n", MarkdownText(string(given)))
			}
			fmt.Fprintf(page, "\n%s\n", MarkdownText(string(plan.Origin.Words())))
		}
		page.WriteString(fence(plan.Commands, plan.Details))
	}
}

func markdownSteps(page *bytes.Buffer, report report.Report) {
	page.WriteString("\n### The fourteen steps\n\n| step | | status | found |\n| --- | --- | --- | --- |\n")
	for _, step := range report.Steps {
		found := string(step.Summary)
		if step.Reason != "" {
			found = string(step.Reason)
		}
		fmt.Fprintf(page, "| %d | %s | %s | %s |\n", step.Number, MarkdownText(step.Title), emphasis(step.Status), MarkdownText(found))
	}
}

func markdownChecklist(page *bytes.Buffer, document report.Report) {
	if len(document.Checklist) == 0 {
		return
	}
	page.WriteString("\n### Checklist\n\n")
	for _, item := range document.Checklist {
		if item.Status == report.OK {
			fmt.Fprintf(page, "- [x] %s\n", MarkdownText(item.Item))
			continue
		}
		fmt.Fprintf(page, "- [ ] %s (%s)\n", MarkdownText(item.Item), InWords(item.Status))
	}
}

func emphasis(status report.Status) string {
	if status == report.Fail || status == report.Warn {
		return "**" + string(status) + "**"
	}
	return string(status)
}

// MarkdownText is text that Markdown must not read anything into. A box has a say in most
// of it, and tickets are rendered in browsers.
func MarkdownText(text string) string {
	escape := strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
		"<", "&lt;", ">", "&gt;", "&", "&amp;", "|", `\|`, "#", `\#`, "~", `\~`, "!", `\!`)
	return escape.Replace(oneLine(text))
}

// code writes text as it is, in a table's cell as well: there, a bar needs a backslash
// even between backquotes.
func code(text string) string {
	text = strings.ReplaceAll(oneLine(text), "|", `\|`)
	if text == "" {
		return ""
	}
	ticks := "`"
	for strings.Contains(text, ticks) {
		ticks += "`"
	}
	if len(ticks) > 1 {
		return ticks + " " + text + " " + ticks
	}
	return ticks + text + ticks
}

func fence(commands [][]string, details []report.CommandDetail) string {
	var block strings.Builder
	block.WriteString("\n```sh\n")
	for index, argv := range commands {
		block.WriteString(sys.CommandLine(argv) + "\n")
		for _, fed := range report.FedLines(details, index) {
			block.WriteString("#   " + fed + "\n")
		}
	}
	block.WriteString("```\n")
	return block.String()
}

func moment(at report.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339)
}
