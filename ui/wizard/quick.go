package wizard

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
)

// quickPage is the guide's quick fix as one run: each part is shown and confirmed in the
// dialog like any other fix, the first that fails ends the run, and the box is looked at
// again after each.
type quickPage struct {
	*state
	scroll scroller
	parts  []quickPart
	// at is the part that is next.
	at int
	// under says that the part at is being shown or run.
	under bool
	// stopped is why the run ended early.
	stopped string
}

type quickPart struct {
	id, title string
	commands  [][]string
	status    report.Status
	note      string
}

func newQuickPage(shared *state) *quickPage { return &quickPage{state: shared} }

// open begins a run anew.
func (p *quickPage) open(parts []steps.QuickPart) {
	*p = quickPage{state: p.state}
	for _, part := range parts {
		one := quickPart{id: part.Plan.ID, title: part.Plan.Title, commands: part.Plan.Commands, status: report.Pending}
		if part.Skip != "" {
			one.status, one.note = report.Skipped, string(part.Skip)
		}
		p.parts = append(p.parts, one)
	}
	p.skip()
}

// skip goes past the parts that have nothing to do here.
func (p *quickPage) skip() {
	for p.at < len(p.parts) && p.parts[p.at].status != report.Pending {
		p.at++
	}
}

func (p *quickPage) over() bool { return p.stopped != "" || p.at >= len(p.parts) }

// ended takes what came of the part that was run.
func (p *quickPage) ended(outcome steps.Outcome, err error) {
	p.under = false
	part := &p.parts[p.at]
	part.note = string(outcome.Message)
	if err != nil {
		part.note = string(sys.ErrorText(err))
	}
	if err != nil || !outcome.Done {
		part.status, p.stopped = report.Fail, "It stopped here. What comes after was not run."
		return
	}
	part.status = report.OK
	p.skip()
}

func (p *quickPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	sheet.hang("", "The quick fix, one part at a time", p.theme.Strong)
	if !p.over() {
		sheet.prose(0, "Each part is shown with its effect and runs only on your y. The first that fails ends it.")
	}
	sheet.gap()
	for i, part := range p.parts {
		sheet.quickPart(i, part, i == p.at && !p.over())
	}
	switch {
	case p.stopped != "":
		sheet.gap()
		sheet.hang(p.theme.Mark(report.Fail)+" ", p.stopped, p.theme.Strong)
	case p.over():
		sheet.proof(p.report(), len(p.parts)+1)
	default:
		sheet.add(strings.TrimRight(fmt.Sprintf("  %s %d  Ask the site which release it runs", p.theme.Mark(report.Pending), len(p.parts)+1), " "))
	}
	switch causes := p.report().Causes; {
	case p.over():
		sheet.checklist(p.report().Checklist)
	case len(causes) > 0:
		sheet.gap()
		sheet.prose(0, "It helps where the service was not restarted, or Nginx not reloaded. Found here: "+
			causes[0].Title+". The cure for exactly that is on the request path (t).")
	case p.report().Verdict == report.Fresh:
		sheet.gap()
		sheet.prose(0, "Nothing here needs it: the new release is live.")
	}
	p.scroll.arrange(sheet.lines, width, height)
}

func (s *sheet) quickPart(i int, part quickPart, next bool) {
	cursor, paint := " ", func(text string) string { return text }
	if next {
		cursor, paint = s.theme.Cursor, s.theme.Selected
	}
	s.hang(fmt.Sprintf("%s %s %d  ", cursor, s.theme.Mark(part.status), i+1), part.title, paint)
	for _, argv := range part.commands {
		if part.status == report.Pending {
			s.command(7, sys.CommandLine(argv), nil)
		}
	}
	if part.note != "" {
		s.prose(7, part.note)
	}
}

// proof is the last part: what the site says after all others.
func (s *sheet) proof(document *report.Report, number int) {
	status := report.Fail
	switch document.Verdict {
	case report.Fresh:
		status = report.OK
	case report.Inconclusive, "":
		status = report.Unknown
	case report.Stale, report.Mixed, report.Down:
	}
	lead := fmt.Sprintf("  %s %d  ", s.theme.Mark(status), number)
	s.add(lead + "Asked again: " + s.theme.Verdict(document.Verdict, " "+verdictWord(document.Verdict)+" "))
	s.prose(layout.Width(lead), string(document.Summary))
}

func (p *quickPage) key(msg tea.KeyMsg) (request, bool) {
	if key.Matches(msg, p.keys.Enter) {
		if p.over() {
			return request{open: pathKind}, true
		}
		return request{part: true}, true
	}
	return request{}, p.scroll.key(msg, p.keys)
}

func (p *quickPage) hints() []key.Binding {
	if p.over() {
		return []key.Binding{as(p.keys.Enter, "request path"), p.keys.Diagnosis, p.keys.Export}
	}
	return []key.Binding{as(p.keys.Enter, "show the next part"), as(p.keys.Back, "leave it")}
}

func (p *quickPage) step() int { return p.matters() }

func (p *quickPage) lines() []string { return p.scroll.render(p.theme.Selected) }

func (p *quickPage) more() string { return p.scroll.more() }

// openQuick opens the run, or goes back to the one under way.
func (w *wizard) openQuick() {
	switch {
	case w.probing || !w.finished:
		w.say("Still probing: the quick fix is prepared once the facts are in.")
		return
	case w.shown == quickKind:
		return
	}
	parts := w.config.QuickFix(w.examination)
	if len(parts) == 0 {
		w.say("The quick fix has nothing to work on here.")
		return
	}
	w.quick.open(parts)
	w.show(quickKind)
}

// nextPart asks about the next part, as the box is now.
func (w *wizard) nextPart() tea.Cmd {
	if w.probing {
		w.say("Still probing: the next part is prepared once the facts are in.")
		return nil
	}
	for _, part := range w.config.QuickFix(w.examination) {
		if part.Plan.ID != w.quick.parts[w.quick.at].id {
			continue
		}
		w.quick.under = true
		w.dialog.open(fmt.Sprintf("part %d of %d of the quick fix", w.quick.at+1, len(w.quick.parts)+1), []report.Plan{part.Plan}, quickKind)
		w.shown = dialogKind
	}
	return nil
}
