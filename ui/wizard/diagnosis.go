package wizard

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/ui/render"
)

// diagnosisPage tells each cause in full, and the guide's checklist as measured.
type diagnosisPage struct {
	*state
	scroll scroller
	// chosen is the cause that enter and f speak of.
	chosen int
	// jump brings the chosen cause to the top once it is laid out.
	jump bool
}

func newDiagnosisPage(shared *state) *diagnosisPage { return &diagnosisPage{state: shared} }

// open turns to a cause.
func (p *diagnosisPage) open(cause int) { p.chosen, p.jump = cause, true }

func (p *diagnosisPage) arrange(width, height int) {
	report := p.report()
	p.chosen = min(max(p.chosen, 0), max(len(report.Causes)-1, 0))
	sheet := newSheet(p.theme, width)
	sheet.headline(p.state, false)
	start := 0
	for i, cause := range report.Causes {
		sheet.gap()
		if i == p.chosen && i > 0 {
			start = len(sheet.lines)
		}
		lesson, _ := p.lessons.cause(cause.ID)
		sheet.cause(p.state, i, i == p.chosen, lesson.Prevent)
	}
	if len(report.Causes) == 0 {
		sheet.gap()
		sheet.prose(0, noCause(report.Verdict))
		sheet.notKnown(p.state)
	}
	sheet.claims(report.Proof)
	sheet.checklist(report.Checklist)
	p.scroll.arrange(sheet.lines, width, height)
	if p.jump {
		p.scroll.view.SetYOffset(start)
		p.jump = false
	}
}

func noCause(verdict report.Verdict) string {
	switch verdict {
	case report.Fresh:
		return "There is no cause to look for: every hop of the request path runs the expected release."
	case "":
		return "Nothing is judged before the facts are in."
	case report.Stale, report.Mixed, report.Down, report.Inconclusive:
	}
	return "No cause was found. What could not be read may hide one."
}

// cause tells one cause in full, and what would have prevented it.
func (s *sheet) cause(shared *state, i int, chosen bool, prevent string) {
	report := shared.report()
	cause := report.Causes[i]
	cursor, paint := " ", s.theme.Strong
	if chosen && len(report.Causes) > 1 {
		cursor, paint = s.theme.Cursor, s.theme.Selected
	}
	s.hang(fmt.Sprintf("%s %d ", cursor, i+1), cause.Title, paint)
	s.prose(4, fmt.Sprintf("%s, step %d (%s)", cause.Confidence, cause.Step, cause.ID))
	if cause.Why != "" {
		s.gap()
		s.prose(4, string(cause.Why))
	}
	if len(cause.Evidence) > 0 {
		s.gap()
		s.evidence(4, cause.Evidence)
	}
	s.gap()
	var fields []field
	for n, id := range cause.Fixes {
		name := ""
		if n == 0 {
			name = "Fix"
		}
		fields = append(fields, field{name, shared.planLine(id)})
	}
	fields = append(fields, field{"Advice", string(cause.Advice)})
	if len(cause.Follows) > 0 {
		fields = append(fields, field{"Explains", strings.Join(titles(cause.Follows), "; ")})
	}
	s.fields(4, append(fields, field{"Never again", prevent}))
}

func (s *state) planLine(id string) string {
	for _, plan := range s.report().Fixes {
		if plan.ID != id {
			continue
		}
		if blocked := s.blocked(plan); blocked != "" {
			return fmt.Sprintf("%s: %s. Blocked: %s", id, plan.Title, blocked)
		}
		return fmt.Sprintf("%s: %s (%s risk)", id, plan.Title, plan.Risk)
	}
	return id
}

// titles are causes as a person calls them.
func titles(ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id
		for _, kind := range steps.Causes() {
			if kind.ID == id {
				names[i] = kind.Title
			}
		}
	}
	return names
}

// checklist is the guide's last page, as measured.
// claims sets out the seven claims, with the mark that a step of that outcome has.
func (s *sheet) claims(claims []report.Claim) {
	if len(claims) == 0 {
		return
	}
	s.heading("What is proved, and what is not")
	marks := map[report.ClaimState]report.Status{
		report.Proved: report.OK, report.Refuted: report.Fail, report.Open: report.Unknown, report.None: report.Skipped,
	}
	for _, claim := range claims {
		s.hang("  "+s.theme.Mark(marks[claim.State])+" ", render.ClaimLine(claim), nil)
	}
}

func (s *sheet) checklist(items []report.ChecklistItem) {
	if len(items) == 0 {
		return
	}
	s.heading("The guide's checklist, as measured")
	for _, item := range items {
		s.hang("  "+s.theme.Mark(item.Status)+" ", item.Item+itsStep(item), nil)
	}
}

func itsStep(item report.ChecklistItem) string {
	if item.Status == report.OK || item.Step == 0 {
		return ""
	}
	return fmt.Sprintf(" (step %d)", item.Step)
}

func (p *diagnosisPage) key(msg tea.KeyMsg) (request, bool) {
	last := len(p.report().Causes) - 1
	switch {
	case key.Matches(msg, p.keys.Enter):
		return request{open: walkKind, step: p.step()}, true
	case last < 1:
	case key.Matches(msg, p.keys.Next):
		p.open(min(p.chosen+1, last))
		return request{}, true
	case key.Matches(msg, p.keys.Previous):
		p.open(max(p.chosen-1, 0))
		return request{}, true
	}
	return request{}, p.scroll.key(msg, p.keys)
}

func (p *diagnosisPage) step() int {
	if causes := p.report().Causes; p.chosen < len(causes) {
		return causes[p.chosen].Step
	}
	return p.matters()
}

func (p *diagnosisPage) hints() []key.Binding {
	hints := []key.Binding{as(p.keys.Enter, "its step")}
	switch causes := len(p.report().Causes); {
	case causes == 0:
		hints[0] = as(p.keys.Enter, "walk")
	case causes > 1:
		hints = append(hints, as(p.keys.Next, "next cause"))
	}
	return append(hints, p.keys.Path, p.keys.Log, p.keys.Export)
}

func (p *diagnosisPage) lines() []string { return p.scroll.render(p.theme.Selected) }

func (p *diagnosisPage) more() string { return p.scroll.more() }
