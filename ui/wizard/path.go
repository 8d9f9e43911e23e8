package wizard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/sys"
	"flasktui/ui/layout"
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
}

func newPathPage(shared *state) *pathPage { return &pathPage{state: shared, cursor: -1} }

func (p *pathPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	report := p.report()
	sheet.headline(p.state)
	sheet.releases(report.Releases)
	sheet.gap()
	hops := report.Path
	if len(hops) == 0 {
		hops = unknownPath()
	}
	p.rows = sheet.path(hops, broken(report), p.selected())
	p.rows = append(p.rows, sheet.causes(report.Causes, p.selected()-len(hops))...)
	if len(report.Causes) == 0 {
		sheet.notKnown(p.state)
	}
	p.scroll.arrange(sheet.lines, width, height)
	if at := p.selected(); p.cursor >= 0 && at < len(p.rows) {
		p.scroll.reveal(p.rows[at][0], p.rows[at][1])
	}
}

// unknownPath is drawn until the first facts are there.
func unknownPath() []steps.Hop {
	hops := []steps.Hop{
		{Hop: "url", Step: 14}, {Hop: "cache", Step: 11}, {Hop: "nginx", Step: 9}, {Hop: "socket", Step: 2},
		{Hop: "master", Step: 2}, {Hop: "workers", Step: 4}, {Hop: "unit", Step: 6},
		{Hop: "directory", Step: 3}, {Hop: "release", Step: 1},
	}
	for i := range hops {
		hops[i].State = steps.Pending
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
	return max(0, slices.IndexFunc(p.report().Path, func(hop steps.Hop) bool {
		return hop.State == steps.Warn || hop.State == steps.Unknown
	}))
}

func (p *pathPage) key(msg tea.KeyMsg) (request, bool) {
	hops := len(p.report().Path)
	last := hops + len(p.report().Causes) - 1
	switch {
	case last < 0:
		return request{}, false
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
	return []key.Binding{as(p.keys.Enter, "look closer"), p.keys.Diagnosis, p.keys.Log, p.keys.Probe}
}

func (p *pathPage) lines() []string { return p.scroll.render() }
func (p *pathPage) more() string    { return p.scroll.more() }

// headline says in a sentence how things stand.
func (s *sheet) headline(shared *state) {
	report := shared.report()
	switch {
	case report.Summary != "":
		s.hang("", string(report.Summary), s.theme.Strong)
	case shared.probing:
		s.prose(0, "Looking at the box: from the URL to the commit on disk.")
	}
}

// releases sets side by side which release is on disk, in memory and on the site: the
// whole question in one line.
func (s *sheet) releases(releases steps.Releases) {
	names := []string{"on disk", "in memory", "served"}
	of := []steps.ReleaseSummary{releases.OnDisk, releases.Loaded, releases.Served}
	var cells []string
	total := 0
	for i, release := range of {
		id := string(release.ID)
		if id == "" {
			id = "not known"
		}
		id = layout.Middle(s.theme.Fold(id), max(s.width-12, 8), s.theme.Ellipsis)
		total += layout.Width(names[i]) + layout.Width(id) + 4
		switch {
		case release.ID == "":
			id = s.theme.Quiet(id)
		case releases.OnDisk.ID != "" && release.ID != releases.OnDisk.ID:
			id = s.theme.Status(steps.Fail, id)
		default:
			id = s.theme.Strong(id)
		}
		cells = append(cells, names[i]+" "+id)
	}
	if releases.OnDisk.ID == "" && releases.Loaded.ID == "" && releases.Served.ID == "" {
		return
	}
	s.gap()
	if total <= s.width {
		s.add("  " + strings.Join(cells, "    "))
		return
	}
	for i, cell := range cells {
		s.add("  " + layout.Pad(names[i], 10) + strings.TrimPrefix(cell, names[i]+" "))
	}
}

// causes lists the ranked causes in short; it gives the lines of each.
func (s *sheet) causes(causes []steps.Finding, selected int) [][2]int {
	if len(causes) == 0 {
		return nil
	}
	s.heading("Why")
	confidences := 0
	for _, cause := range causes {
		confidences = max(confidences, len(cause.Confidence))
	}
	var rows [][2]int
	for i, cause := range causes {
		first := len(s.lines)
		cursor, paint := " ", func(text string) string { return text }
		switch {
		case i == selected:
			cursor, paint = s.theme.Cursor, s.theme.Selected
		case i == 0:
			paint = s.theme.Strong
		}
		lead := fmt.Sprintf("%s %d %s  ", cursor, i+1, layout.Pad(string(cause.Confidence), confidences))
		s.hang(lead, cause.Title, paint)
		if i == 0 {
			s.hang(strings.Repeat(" ", layout.Width(lead)), remedy(cause), nil)
		}
		rows = append(rows, [2]int{first, len(s.lines) - 1})
	}
	return rows
}

// remedy says what helps against a cause.
func remedy(cause steps.Finding) string {
	switch {
	case len(cause.Fixes) > 0:
		return "press f to fix it: " + strings.Join(cause.Fixes, ", or ")
	case cause.Advice != "":
		return "no command fixes it; press d for what does"
	}
	return ""
}

// notKnown says, where there is no cause to show, what is left to say: what could not be
// read, or that all is well.
func (s *sheet) notKnown(shared *state) {
	report := shared.report()
	if report.Verdict == "" || report.Verdict == steps.Fresh {
		return
	}
	first := true
	for _, result := range report.Steps {
		if result.Status != steps.Unknown {
			continue
		}
		if first {
			s.heading("What could not be read")
			first = false
		}
		s.hang("  "+s.theme.Mark(result.Status)+" "+layout.Pad(result.Title, titleWidth)+" ", reasonOf(result), nil)
	}
	if shared.locked() {
		s.gap()
		s.prose(0, "Press u and sudo asks for your password; then more can be read.")
	}
}

const titleWidth = 17

func reasonOf(result steps.Result) string {
	if result.Reason != "" {
		return string(result.Reason)
	}
	return string(result.Summary)
}

// hopNames are how the hops are called.
func hopName(hop string) string {
	switch hop {
	case "url":
		return "URL"
	case "cache":
		return "Cache"
	case "nginx":
		return "Nginx"
	case "socket":
		return "Socket"
	case "master":
		return "Master"
	case "workers":
		return "Workers"
	case "unit":
		return "Unit"
	case "directory":
		return "Directory"
	case "release":
		return "Release"
	}
	return string(sys.Safe(hop))
}
