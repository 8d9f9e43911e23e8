package wizard

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
)

// chooserPage asks which of several services is meant.
type chooserPage struct {
	*state
	scroll  scroller
	problem *steps.TargetError
	cursor  int
	first   int
	// near is the service that was meant, perhaps, by a name that no service has.
	near string
	// seen is what was seen of each service; cancel ends the look under way, and glances
	// numbers them.
	seen    map[string]glimpse
	cancel  context.CancelFunc
	glances int
	// browsing says that esc goes back to the service that is examined.
	browsing bool
}

// glimpse is one service in a line.
type glimpse struct {
	report report.Report
	err    error
}

func newChooserPage(shared *state) *chooserPage { return &chooserPage{state: shared} }

// open asks about services, with the cursor on the one that is near.
func (p *chooserPage) open(problem *steps.TargetError, near string) {
	p.stop()
	*p = chooserPage{state: p.state, problem: problem, near: near, seen: map[string]glimpse{}, glances: p.glances}
	p.cursor = max(0, slices.Index(problem.Services, near))
}

// unseen is the next service to look at; empty where all were.
func (p *chooserPage) unseen() string {
	if p.problem == nil {
		return ""
	}
	for _, service := range p.problem.Services {
		if _, seen := p.seen[service]; !seen {
			return service
		}
	}
	return ""
}

func (p *chooserPage) saw(service string, examination steps.Examination, err error) {
	p.seen[service] = glimpse{examination.Report, err}
}

// stop ends the look under way; what it would say is not waited for.
func (p *chooserPage) stop() {
	if p.cancel != nil {
		p.cancel()
		p.cancel = nil
		p.glances++
	}
}

func (p *chooserPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	if p.problem == nil {
		return
	}
	sheet.hang("", "Which service is it?", p.theme.Strong)
	switch {
	case p.browsing:
		sheet.prose(0, "Each is looked at in turn; esc goes back to "+p.state.service()+".")
	case p.near != "":
		sheet.prose(0, string(p.problem.Problem)+".")
		sheet.prose(0, "Did you mean "+string(sys.Safe(p.near))+"?")
	default:
		sheet.prose(0, string(p.problem.Problem))
	}
	sheet.gap()
	p.first = len(sheet.lines)
	names := 0
	for _, service := range p.problem.Services {
		names = max(names, layout.Width(p.theme.Fold(string(sys.Safe(service)))))
	}
	for i, service := range p.problem.Services {
		sheet.add(p.row(i, service, names, width))
	}
	sheet.gap()
	sheet.hint(0, p.problem.Hint)
	p.scroll.arrange(sheet.lines, width, height)
	p.scroll.reveal(p.first+p.cursor, p.first+p.cursor)
}

// row is a service in a line: its number and name, its verdict once that is known, and what
// serves it and how old its code is, where there is room.
func (p *chooserPage) row(i int, service string, names, width int) string {
	const lead, badge = 6, 14
	room := width - lead
	if room > 2*badge {
		room -= badge + 1
	}
	// The names come from the machine; TargetError carries them as they are.
	name := layout.Middle(p.theme.Fold(string(sys.Safe(service))), min(names, room), p.theme.Ellipsis)
	padding := strings.Repeat(" ", max(0, min(names, room)-layout.Width(name)))
	cursor := " "
	if i == p.cursor {
		cursor, name = p.theme.Cursor, p.theme.Selected(name)
	}
	number := "  "
	if i < 9 {
		number = fmt.Sprintf("%d ", i+1)
	}
	line := "  " + cursor + " " + number + name + padding
	if room == width-lead {
		return line
	}
	seen, known := p.seen[service]
	line += " " + p.verdictOf(seen, known, badge)
	about := p.theme.Fold(string(p.problem.About[service]))
	if known && seen.err == nil {
		about = p.aboutSeen(seen.report, about)
	}
	if free := width - layout.Width(line) - 2; free >= 8 && about != "" {
		line += "  " + layout.End(about, free, p.theme.Ellipsis)
	}
	return strings.TrimRight(line, " ")
}

func (p *chooserPage) verdictOf(seen glimpse, known bool, width int) string {
	switch {
	case !known:
		return layout.Pad(p.theme.Quiet("not looked yet"), width)
	case seen.err != nil:
		return layout.Pad("not to be told", width)
	}
	return layout.Pad(p.theme.Verdict(seen.report.Verdict, " "+verdictWord(seen.report.Verdict)+" "), width)
}

// aboutSeen is what serves it, and since when its code is on disk.
func (p *chooserPage) aboutSeen(document report.Report, otherwise string) string {
	var parts []string
	if server := document.Target.Server; server != "" {
		parts = append(parts, server)
	}
	if at := document.Releases.OnDisk.ChangedAt; !at.IsZero() {
		parts = append(parts, "code of "+ago(p.config.Now().Sub(at.Time)))
	}
	if otherwise != "" {
		parts = append(parts, otherwise)
	}
	return strings.Join(parts, ", ")
}

// turnTo moves the cursor to the service that stands in a line.
func (p *chooserPage) turnTo(line int) {
	if at := line - p.first; at >= 0 && at < len(p.problem.Services) {
		p.cursor = at
	}
}

func (p *chooserPage) key(msg tea.KeyMsg) (request, bool) {
	last := len(p.problem.Services) - 1
	switch {
	case key.Matches(msg, p.keys.Up):
		p.cursor = max(0, p.cursor-1)
		if p.cursor == 0 {
			p.scroll.top()
		}
	case key.Matches(msg, p.keys.Down):
		p.cursor = min(last, p.cursor+1)
	case key.Matches(msg, p.keys.Enter):
		return request{service: p.problem.Services[p.cursor]}, true
	case key.Matches(msg, p.keys.To):
		number, _ := strconv.Atoi(msg.String())
		if number-1 > last {
			return request{}, true
		}
		return request{service: p.problem.Services[number-1]}, true
	default:
		return request{}, p.scroll.key(msg, p.keys)
	}
	return request{}, true
}

func (p *chooserPage) hints() []key.Binding {
	return []key.Binding{as(p.keys.Enter, "examine it"), named(p.theme.UpDown, "move")}
}

func (p *chooserPage) step() int       { return 0 }
func (p *chooserPage) lines() []string { return p.scroll.render(p.theme.Selected) }
func (p *chooserPage) more() string    { return p.scroll.more() }
