package wizard

import (
	"fmt"
	"strconv"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
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
}

func newChooserPage(shared *state) *chooserPage { return &chooserPage{state: shared} }

func (p *chooserPage) open(problem *steps.TargetError) {
	p.problem, p.cursor = problem, 0
	p.scroll.top()
}

func (p *chooserPage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	if p.problem == nil {
		return
	}
	sheet.hang("", "Which service is it?", p.theme.Strong)
	sheet.prose(0, string(p.problem.Problem))
	sheet.gap()
	p.first = len(sheet.lines)
	for i, service := range p.problem.Services {
		// The names come from the machine; TargetError carries them as they are.
		name := string(sys.Safe(service))
		if about := p.problem.About[service]; about != "" {
			name += "  " + string(about)
		}
		name = layout.Middle(p.theme.Fold(name), width-8, p.theme.Ellipsis)
		cursor := " "
		if i == p.cursor {
			cursor, name = p.theme.Cursor, p.theme.Selected(name)
		}
		number := "  "
		if i < 9 {
			number = fmt.Sprintf("%d ", i+1)
		}
		sheet.add("  " + cursor + " " + number + name)
	}
	sheet.gap()
	sheet.hint(0, p.problem.Hint)
	p.scroll.arrange(sheet.lines, width, height)
	p.scroll.reveal(p.first+p.cursor, p.first+p.cursor)
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
func (p *chooserPage) lines() []string { return p.scroll.render() }
func (p *chooserPage) more() string    { return p.scroll.more() }
