package wizard

import (
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/ui/render"
)

// visits are what a person looked at and did, in order.
type visits struct {
	looked []string
	runs   []render.Action
	// first is the box as it was before anything was done.
	first report.Report
}

// note remembers a page; what was there already is not said twice.
func (v *visits) note(shown kind, step int) {
	name := ""
	switch shown {
	case walkKind:
		name = fmt.Sprintf("step %d", step)
	case diagnosisKind:
		name = "the diagnosis"
	case timelineKind:
		name = "the time line"
	case logKind:
		name = "the log"
	case noPage, pathKind, helpKind, chooserKind, lostKind, dialogKind, runningKind, quickKind, debriefKind, copyKind, quizKind, watchKind, historyKind:
	}
	if name != "" && !slices.Contains(v.looked, name) {
		v.looked = append(v.looked, name)
	}
}

// begin keeps the first whole look.
func (v *visits) begin(first report.Report) {
	if v.first.Verdict == "" {
		v.first = first
	}
}

func (v *visits) ran(plan report.Plan, before report.Verdict, outcome steps.Outcome) {
	v.runs = append(v.runs, render.Action{
		Fix: plan.ID, Commands: plan.Commands, Details: plan.Details, Before: before, After: outcome.After.Report.Verdict, Message: string(outcome.Message),
	})
}

// cured says that a fix brought the new release live.
func (v *visits) cured() bool {
	return slices.ContainsFunc(v.runs, func(run render.Action) bool { return run.After == report.Fresh })
}

// debriefPage looks back on a practice box: what was looked at, what gave it away, and
// what to do next time.
type debriefPage struct {
	*state
	scroll scroller
}

func newDebriefPage(shared *state) *debriefPage { return &debriefPage{state: shared} }

func (p *debriefPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	sheet.hang("", "Debrief", p.theme.Strong)
	sheet.sections(render.Debrief(p.visits.first, p.visits.looked, p.visits.runs))
	p.scroll.arrange(sheet.lines, width, height)
}

func (p *debriefPage) key(msg tea.KeyMsg) (request, bool) {
	return request{}, p.scroll.key(msg, p.keys)
}

func (p *debriefPage) hints() []key.Binding {
	hints := []key.Binding{as(p.keys.Back, "back"), p.keys.CopyOne}
	if p.config.OfferQuiz {
		hints = append(hints, p.keys.Quiz)
	}
	return append(hints, p.keys.Path, p.keys.Timeline)
}

func (p *debriefPage) step() int { return p.matters() }

func (p *debriefPage) lines() []string { return p.scroll.render(p.theme.Selected) }

func (p *debriefPage) more() string { return p.scroll.more() }
