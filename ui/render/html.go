package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/page"
)

// WriteHTML writes the report as one page for a ticket, and for those who would rather look than
// read.
func WriteHTML(w io.Writer, document report.Report) error {
	title := service(document) + " on " + string(document.Host.Hostname)
	p := page.New(title + ": " + string(document.Verdict))
	p.Head(strings.ToUpper(string(document.Verdict)), string(VerdictStatus(document.Verdict)), title, string(document.Summary))
	if !document.GeneratedAt.IsZero() {
		p.Text("Examined at " + document.GeneratedAt.Format(time.RFC3339) + ".")
	}
	for i, cause := range document.Causes {
		htmlCause(p, document, i+1, cause)
	}
	htmlPath(p, document)
	htmlTimeline(p, document.Timeline)
	var releases, claims, steps []page.Row
	for _, row := range releaseRows(document) {
		releases = append(releases, page.Row{Cells: []string{row.name, string(row.release.ID), string(row.release.Path), moment(row.release.ChangedAt), string(row.release.Source)}})
	}
	p.Section("The releases")
	p.Table([]string{"release", "name", "path", "changed", "known from"}, releases)
	for _, claim := range document.Proof {
		status := map[report.ClaimState]report.Status{report.Proved: report.OK, report.Refuted: report.Fail, report.Open: report.Unknown, report.None: report.Skipped}[claim.State]
		claims = append(claims, page.Row{State: string(status), Cells: []string{string(claim.Claim), claimState(claim.State), claimText(claim)}})
	}
	if len(claims) > 0 {
		p.Section("What is proved")
		p.Table([]string{"claim", "state", "because"}, claims)
	}
	for _, step := range document.Steps {
		found := step.Summary
		if step.Reason != "" {
			found = step.Reason
		}
		steps = append(steps, page.Row{State: string(step.Status), Cells: []string{fmt.Sprint(step.Number), step.Title, string(step.Status), string(found)}})
	}
	p.Section("The fourteen steps")
	p.Table([]string{"", "step", "status", "found"}, steps)
	p.Text(fmt.Sprintf("Examined as %s in %d ms with %s by flasktui %s.", document.Host.User, document.DurationMS, count(len(document.Commands), "command"), document.Version))
	return p.Write(w)
}

// VerdictStatus is the status that a verdict is coloured as.
func VerdictStatus(verdict report.Verdict) report.Status {
	switch verdict {
	case report.Fresh:
		return report.OK
	case report.Mixed:
		return report.Warn
	case report.Stale, report.Down:
		return report.Fail
	case report.Inconclusive:
	}
	return report.Unknown
}

func htmlPath(p *page.Page, document report.Report) {
	if len(document.Path) == 0 {
		return
	}
	var stations []page.Row
	for i, hop := range document.Path {
		status, state := hop.State, InWords(hop.State)
		if passes := document.PassesOn(i); passes != "" {
			status, state = report.Warn, "passes on "+passes
		}
		stations = append(stations, page.Row{State: string(status), Cells: []string{HopName(hop), string(hop.Label), state, string(hop.Detail)}})
	}
	p.Section("The path of a request")
	p.Path(stations)
}

func htmlCause(p *page.Page, document report.Report, number int, cause report.Finding) {
	p.Section(fmt.Sprintf("Cause %d: %s", number, cause.Title))
	p.Text(fmt.Sprintf("%s, %s, seen in step %d.", cause.ID, cause.Confidence, cause.Step))
	p.Text(string(cause.Why))
	var evidence []page.Row
	for _, one := range cause.Evidence {
		evidence = append(evidence, page.Row{Cells: []string{one.Label, string(one.Value), string(one.Source)}})
	}
	if len(evidence) > 0 {
		p.Table([]string{"evidence", "value", "source"}, evidence)
	}
	p.Text(string(cause.Advice))
	for _, id := range cause.Fixes {
		plan, known := Plan(document, id)
		if !known {
			continue
		}
		if plan.Blocked != "" {
			// Nor are its commands there to be copied: a ticket is read later, and by others.
			p.Text("Fix " + plan.ID + ", not to be run now: " + string(plan.Blocked))
			continue
		}
		p.Sub(fmt.Sprintf("Fix %s (%s risk): %s", plan.ID, plan.Risk, plan.Effect))
		if plan.MustBeNamed() {
			for _, given := range plan.Origin.GivenWords() {
				p.Text("Gives " + string(given))
			}
			p.Text(string(plan.Origin.Words()))
		}
		var lines []string
		for i, argv := range plan.Commands {
			lines = append(append(lines, sys.CommandLine(argv)), plan.Fed(i)...)
		}
		p.Commands(lines)
	}
}

func htmlTimeline(p *page.Page, moments []report.Moment) {
	if len(moments) == 0 {
		return
	}
	var drawn []page.Moment
	for i, one := range moments {
		after := ""
		if i > 0 {
			after = gap(one.At.Sub(moments[i-1].At.Time))
		}
		text := string(one.What)
		if one.State == report.Fail {
			text += " (out of date)"
		}
		drawn = append(drawn, page.Moment{State: string(one.State), Clock: moment(one.At), Text: text, Right: one.Side == report.InMemory, After: after})
	}
	p.Section("What happened when")
	p.Timeline("on disk", "in memory", drawn)
}

// gap is how much later something happened, in words; empty for at once.
func gap(later time.Duration) string {
	if later < time.Second {
		return ""
	}
	return string(sys.Span(later)) + " later"
}
