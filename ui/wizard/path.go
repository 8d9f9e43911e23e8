package wizard

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps/report"
	"flasktui/ui/render"
)

// pathPage is the opening page: the way of a request from the URL to the commit on disk,
// with the hop where it breaks, and the causes.
type pathPage struct {
	*state
	scroll scroller
	// cursor is the hop, or past the hops the cause, that enter opens; -1 until it
	// was moved, which means the hop that matters.
	cursor int
	// rows are the first and last line of each of those.
	rows [][2]int
	// folded is how many hops from the URL on stand in one line, so that the one where the path
	// breaks is seen.
	folded int
}

func newPathPage(shared *state) *pathPage { return &pathPage{state: shared, cursor: -1} }

// low is the height below which the cause stands for the whole sentence, so that what is
// wrong, how sure that is and what to press are seen together with the path.
const low = 16

// density is how much of what there is to say the opening page says.
type density int

const (
	// lavish adds what happened when.
	lavish density = iota
	// whole says every detail in full, and the reasoning behind the first cause.
	whole
	// reasoned keeps the details of what is well to one line.
	reasoned
	// brief leaves the reasoning out.
	brief
	// tight leaves empty lines out too.
	tight
	// terse tells in full of the hop alone where the path breaks.
	terse
)

// arrange says as much as fits without scrolling.
func (p *pathPage) arrange(width, height int) {
	sheet := p.draw(width, height < low, lavish)
	for _, less := range []density{whole, reasoned, brief, tight, terse} {
		if len(sheet.lines) <= height {
			break
		}
		sheet = p.draw(width, height < low, less)
	}
	if at := broken(p.report()); height < low && p.cursor < 0 && at > 1 && p.rows[at][1] >= height {
		p.folded = at - 1
		sheet = p.draw(width, true, terse)
		p.folded = 0
	}
	p.scroll.arrange(sheet.lines, width, height)
	if at := p.selected(); p.cursor >= 0 && at < len(p.rows) {
		p.scroll.reveal(p.rows[at][0], p.rows[at][1])
	}
}

func (p *pathPage) draw(width int, low bool, density density) *sheet {
	sheet := newSheet(p.theme, width)
	report := p.report()
	if len(report.Path) == 0 {
		unknown := *report
		unknown.Path = unknownPath()
		report = &unknown
	}
	p.head(sheet, low, density)
	sheet.gap()
	p.rows = sheet.folded(report, p.folded)
	p.rows = append(p.rows, sheet.path(report, p.folded, p.selected(), density)...)
	p.rows = append(p.rows, sheet.causes(p.state, report, p.selected()-len(report.Path), density <= reasoned)...)
	if len(report.Causes) == 0 {
		sheet.notKnown(p.state)
	}
	if moments := report.Timeline; density == lavish && len(moments) > 0 {
		sheet.heading("What happened when")
		sheet.timeline(moments, noSource)
	}
	return sheet
}

// head answers what is wrong, how sure that is and what to press, and sets the releases side
// by side where there is room for them.
func (p *pathPage) head(sheet *sheet, low bool, density density) {
	sheet.headline(p.state, low)
	sheet.whatNow(p.state)
	if low {
		return
	}
	if density < tight {
		sheet.gap()
	}
	sheet.releases(p.report(), !p.veiled())
}

// unknownPath is drawn until the first facts are there.
func unknownPath() []report.Hop {
	names := []string{
		report.HopURL, report.HopCache, report.HopNginx, report.HopSocket, report.HopMaster, report.HopWorkers, report.HopUnit, report.HopDirectory, report.HopRelease,
	}
	hops := make([]report.Hop, len(names))
	for i, name := range names {
		hops[i] = report.Hop{Hop: name, State: report.Pending}
	}
	return hops
}

// selected is the item under the cursor: where it was not moved, the broken hop, or else
// the first one that is not as it should be.
func (p *pathPage) selected() int {
	if p.cursor >= 0 {
		return p.cursor
	}
	if at := broken(p.report()); at >= 0 {
		return at
	}
	return max(0, slices.IndexFunc(p.report().Path, func(hop report.Hop) bool {
		return hop.State == report.Warn || hop.State == report.Unknown
	}))
}

func (p *pathPage) key(msg tea.KeyMsg) (request, bool) {
	hops := len(p.report().Path)
	last := hops + len(p.report().Causes) - 1
	switch {
	case last < 0 && key.Matches(msg, p.keys.Enter):
		return request{open: walkKind, step: p.matters()}, true
	case last < 0:
		return request{}, p.scroll.key(msg, p.keys)
	case key.Matches(msg, p.keys.Up):
		p.cursor = max(0, p.selected()-1)
		if p.cursor == 0 {
			p.scroll.top()
		}
	case key.Matches(msg, p.keys.Down):
		p.cursor = min(last, p.selected()+1)
	case key.Matches(msg, p.keys.Enter):
		switch {
		case p.cursor < 0:
			return request{open: walkKind, step: p.matters()}, true
		case p.cursor >= hops:
			return request{open: diagnosisKind, cause: p.cursor - hops}, true
		}
		return request{open: walkKind, step: p.step()}, true
	default:
		return request{}, p.scroll.key(msg, p.keys)
	}
	return request{}, true
}

func (p *pathPage) step() int {
	report, at := p.report(), p.selected()
	switch {
	case p.cursor < 0:
		return p.matters()
	case at < len(report.Path):
		return max(1, report.Path[at].Step)
	case at-len(report.Path) < len(report.Causes):
		return report.Causes[at-len(report.Path)].Step
	}
	return p.matters()
}

func (p *pathPage) hints() []key.Binding {
	hints := []key.Binding{as(p.keys.Enter, "look")}
	switch {
	case p.config.Practice && p.visits.cured():
		hints = append(hints, p.keys.Debrief)
	case p.veiled():
	case p.finished:
		hints = append(hints, p.keys.Guided)
	}
	again := as(p.keys.Probe, "again")
	if p.veiled() {
		return append(hints, p.keys.Timeline, p.keys.Log, again)
	}
	switch p.report().Verdict {
	case report.Inconclusive:
		// What may settle it comes first, for the narrowest window too.
		return append([]key.Binding{again}, append(hints, p.keys.Diagnosis, p.keys.Log, p.keys.Timeline)...)
	case report.Down:
		return append([]key.Binding{hints[0], again, p.keys.Log}, append(hints[1:], p.keys.Diagnosis, p.keys.Timeline)...)
	case report.Fresh, report.Stale, report.Mixed, "":
	}
	return append(hints, again, p.keys.Diagnosis, p.keys.Log, p.keys.Timeline)
}

func (p *pathPage) lines() []string { return p.scroll.render(p.theme.Selected) }

func (p *pathPage) more() string { return p.scroll.more() }

// hopName is how a hop is called, with a capital as in a table's first column.
func hopName(hop report.Hop) string {
	if hop.Hop == report.HopURL {
		return "URL"
	}
	name := render.HopName(hop)
	return strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):]
}
