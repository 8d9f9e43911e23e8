package render

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
)

// WriteText writes the report for a person: the verdict first, then why, then all that
// was looked at.
func WriteText(w io.Writer, report report.Report, style Style) error {
	page := textPage{style: style}
	page.header(report)
	page.releases(report)
	page.path(report)
	page.proof(report)
	for i, cause := range report.Causes {
		page.cause(report, i+1, cause)
	}
	page.timeline(report.Timeline)
	page.steps(report)
	page.next(report)
	_, err := w.Write(page.Bytes())
	return err
}

// textPage is a page being written.
type textPage struct {
	bytes.Buffer
	style Style
}

// hang writes text wrapped beside a first column, every further line indented to it.
func (p *textPage) hang(first string, text string) { p.hangStyled(first, text, plainly) }

func plainly(text string) string { return text }

func (p *textPage) hangStyled(first, text string, style func(string) string) {
	indent := layout.Width(first)
	for i, line := range layout.Wrap(p.style.Fold(text), max(p.style.width()-indent, 16)) {
		lead := first
		if i > 0 {
			lead = strings.Repeat(" ", indent)
		}
		p.WriteString(strings.TrimRight(lead+style(line), " ") + "\n")
	}
}

func (p *textPage) heading(text string) {
	p.WriteString("\n")
	p.hangStyled("", text, p.style.Bold)
}

func (p *textPage) header(report report.Report) {
	where := ""
	if report.Host.Hostname != "" {
		where = " on " + string(report.Host.Hostname)
	}
	fmt.Fprintf(&p.Buffer, "%s%s: %s\n", p.style.Bold(service(report)), where, p.style.verdict(report.Verdict))
	p.hang("", string(report.Summary))
}

type releaseRow struct {
	name    string
	release report.ReleaseSummary
}

func releaseRows(report report.Report) []releaseRow {
	return []releaseRow{
		{"on disk", report.Releases.OnDisk},
		{"loaded", report.Releases.Loaded},
		{"served", report.Releases.Served.ReleaseSummary},
	}
}

// NoRelease is what is said where a release has no name: of one that is served, that there
// is nothing, where nothing answers.
func NoRelease(document report.Report, where string) string {
	if where == "served" && document.Verdict == report.Down {
		return "nothing"
	}
	return "not known"
}

func (p *textPage) releases(document report.Report) {
	p.WriteString("\n")
	for _, row := range releaseRows(document) {
		first := "  " + layout.Pad(row.name, 9)
		if row.release == (report.ReleaseSummary{}) {
			p.hang(first, NoRelease(document, row.name))
			continue
		}
		id := NoRelease(document, row.name)
		if row.release.ID != "" {
			id = layout.Hash(string(row.release.ID))
		}
		parts := make([]string, 0, 4)
		for _, part := range []string{
			id, string(row.release.Path), p.style.time(row.release.ChangedAt), string(row.release.Source),
		} {
			if part != "" {
				parts = append(parts, part)
			}
		}
		p.hang(first, strings.Join(parts, "  "))
	}
}

// HopName is what a hop is called on the box that was looked at: only a service of systemd's
// has a unit on its path.
func HopName(hop report.Hop) string {
	return string(sys.Safe(cmp.Or(hop.Name, hop.Hop)))
}

func (p *textPage) path(document report.Report) {
	if len(document.Path) == 0 {
		return
	}
	p.heading("Request path")
	for i, hop := range document.Path {
		text := strings.TrimSpace(string(hop.Label) + "  " + string(hop.Detail))
		if hop.State == report.Fail || hop.State == report.Warn {
			text += fmt.Sprintf(" (step %d)", hop.Step)
		}
		if passes := document.PassesOn(i); passes != "" {
			text += " (works, and passes on " + passes + ")"
		}
		p.hang("  "+p.style.mark(hop.State)+"  "+layout.Pad(HopName(hop), 11), text)
	}
}

// proof sets out the seven claims, the state of each in a word.
func (p *textPage) proof(document report.Report) {
	if len(document.Proof) == 0 {
		return
	}
	p.heading("What is proved")
	for _, claim := range document.Proof {
		name := layout.Pad(claimState(claim.State), 9) + string(claim.Claim)
		if p.style.width() < 60 {
			p.hang("  "+name, "")
			p.hang("           ", claimText(claim))
			continue
		}
		p.hang("  "+layout.Pad(name, 24), claimText(claim))
	}
}

func (p *textPage) cause(report report.Report, number int, cause report.Finding) {
	title := "Root cause"
	if number > 1 {
		title = fmt.Sprintf("Cause %d", number)
	}
	p.heading(title + ": " + cause.Title)
	p.hang("  ", fmt.Sprintf("%s, %s, step %d", cause.ID, cause.Confidence, cause.Step))
	p.hang("  ", string(cause.Why))
	p.evidence(cause.Evidence)
	if cause.Advice != "" {
		p.hang("  advice: ", string(cause.Advice))
	}
	if len(cause.Follows) > 0 {
		p.hang("  follows from it: ", strings.Join(cause.Follows, ", "))
	}
	for _, id := range cause.Fixes {
		if plan, known := Plan(report, id); known {
			p.fix(plan)
		}
	}
}

func (p *textPage) evidence(evidence []report.Evidence) {
	widest := 0
	for _, e := range evidence {
		widest = max(widest, layout.Width(e.Label))
	}
	for _, e := range evidence {
		text := oneLine(string(e.Value))
		if e.Source != "" {
			text += "  [" + oneLine(string(e.Source)) + "]"
		}
		p.hang("    "+layout.Pad(p.style.Fold(e.Label), min(widest, 24))+"  ", text)
	}
}

// fix shows the commands unwrapped, whatever their length: a command that is broken over
// two lines cannot be copied.
func (p *textPage) fix(plan report.Plan) {
	if len(plan.Commands) == 0 {
		// There is nothing that would have an effect, or a risk.
		p.hang("  fix: ", fmt.Sprintf("%s, not now: %s", plan.ID, plan.Blocked))
		return
	}
	p.hang("  fix: ", fmt.Sprintf("%s (%s risk): %s", plan.ID, plan.Risk, plan.Effect))
	if plan.Blocked != "" {
		p.hang("    not now: ", string(plan.Blocked))
	}
	if plan.MustBeNamed() && plan.Blocked == "" {
		for _, given := range plan.Origin.GivenWords() {
			p.hang("    gives: ", string(given))
		}
		p.hang("    files: ", string(plan.Origin.Words()))
	}
	for index, argv := range plan.Commands {
		p.WriteString("    $ " + sys.CommandLine(argv) + "\n")
		for _, fed := range plan.Fed(index) {
			p.WriteString("        " + fed + "\n")
		}
	}
}

func (p *textPage) steps(report report.Report) {
	p.heading("Steps")
	wide := p.style.width() >= 60
	for _, step := range report.Steps {
		text := string(step.Summary)
		if step.Reason != "" {
			text = string(step.Reason)
		}
		first := fmt.Sprintf("  %2d  %s  ", step.Number, p.style.mark(step.Status))
		if wide {
			first += layout.Pad(step.Title, 19)
		} else {
			p.WriteString(first + step.Title + "\n")
			first = "      "
		}
		if text != "" || wide {
			p.hang(first, p.glance(text, layout.Width(first)))
		}
	}
}

// glanceLines is how much of a step's findings the table shows. The whole of it is in
// the wizard and in the JSON, and what matters of it above, with the cause.
const glanceLines = 5

// glance cuts text to what the table has room for, after a sentence where one ends.
func (p *textPage) glance(text string, indent int) string {
	paragraph, rest, _ := strings.Cut(text, "\n")
	lines := layout.Wrap(p.style.Fold(paragraph), max(p.style.width()-indent, 16))
	if len(lines) <= glanceLines {
		if rest != "" {
			return paragraph + " ..."
		}
		return paragraph
	}
	kept := strings.Join(lines[:glanceLines], " ")
	if end := strings.LastIndex(kept, ". "); end > 0 {
		kept = kept[:end+1]
	}
	return kept + " ..."
}

// next says what to type now; it is where a reader's eye ends up.
func (p *textPage) next(document report.Report) {
	p.heading("Next")
	name := string(document.Target.Service)
	switch {
	case len(document.Causes) > 0 && p.style.Practice != "":
		does := "the same box in the wizard; nothing real is touched"
		if curable(document, document.Causes[0]) {
			does = "the same box in the wizard, where f cures it; nothing real is touched"
		}
		p.advise(fields("flasktui", "practice", p.style.Practice), does)
		p.advise(fields("flasktui", "explain", document.Causes[0].ID), "what it is, and how to prevent it for good")
	case len(document.Causes) > 0:
		if curable(document, document.Causes[0]) {
			p.advise(fields("flasktui", "fix", name), "shows the plan, asks, runs it and checks again")
		}
		p.advise(fields("flasktui", "explain", document.Causes[0].ID), "what it is, and how to prevent it for good")
	case document.Verdict == report.Fresh:
		p.hang("  ", "Nothing: the new release is live.")
	default:
		p.advise(fields("flasktui", name, "--step", firstOpenStep(document)), "walk through the steps from the first open question")
	}
	p.WriteString("\n")
	p.hangStyled("", fmt.Sprintf("Examined as %s in %d ms with %s.",
		rights(document), document.DurationMS, count(len(document.Commands), "command")), p.style.dim)
}

func (p *textPage) advise(argv []string, effect string) {
	p.WriteString("  $ " + sys.CommandLine(argv) + "\n")
	p.hang("      ", effect)
}

// curable tells whether one of a cause's fixes may run now.
func curable(report report.Report, cause report.Finding) bool {
	return slices.ContainsFunc(cause.Fixes, func(id string) bool {
		plan, known := Plan(report, id)
		return known && plan.Blocked == ""
	})
}

// firstOpenStep is the number of the first failed step, else of the first that has no
// answer.
func firstOpenStep(document report.Report) string {
	for _, status := range []report.Status{report.Fail, report.Unknown, report.Warn} {
		for _, step := range document.Steps {
			if step.Status == status {
				return strconv.Itoa(step.Number)
			}
		}
	}
	return "1"
}

func fields(words ...string) []string {
	filled := make([]string, 0, len(words))
	for _, word := range words {
		if word != "" {
			filled = append(filled, word)
		}
	}
	return filled
}

func rights(report report.Report) string {
	switch {
	case report.Host.User == "":
		return "nobody"
	case report.Host.Privilege == "sudo":
		return string(report.Host.User) + " with sudo"
	}
	return string(report.Host.User)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
