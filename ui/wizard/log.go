package wizard

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/sys"
)

// logPage follows the service's log.
type logPage struct {
	*state
	scroll scroller
	tail   *tail
}

func newLogPage(shared *state) *logPage {
	return &logPage{state: shared, scroll: scroller{sticky: true}}
}

// open shows a log that is being followed; the root started it.
func (p *logPage) open(t *tail) {
	p.tail.stop()
	p.tail = t
	p.scroll = scroller{sticky: true}
}

// close ends the following; what was read is let go.
func (p *logPage) close() {
	p.tail.stop()
	p.tail = nil
}

func (p *logPage) arrange(width, height int) {
	head := newSheet(p.theme, width)
	if p.tail == nil {
		p.scroll.arrange(head.lines, width, height)
		return
	}
	head.hang("", "The log of "+p.service(), p.theme.Strong)
	head.command(0, sys.CommandLine(p.tail.command.Argv), p.theme.Quiet)
	head.gap()
	head.log(p.tail)
	p.scroll.arrange(head.lines, width, height)
}

// log writes the lines of a tail and how it stands with it.
func (s *sheet) log(t *tail) {
	for _, line := range t.lines {
		s.command(0, string(line), nil)
	}
	switch {
	case t.ended && t.err != nil:
		s.gap()
		s.prose(0, "The log cannot be followed: "+string(sys.ErrorText(t.err)))
	case t.ended:
		s.gap()
		s.prose(0, "The log has ended. Press l to follow it again.")
	case len(t.lines) == 0:
		s.prose(0, "No line yet. New ones appear here as they are written.")
	}
}

func (p *logPage) key(msg tea.KeyMsg) (request, bool) {
	return request{}, p.scroll.key(msg, p.keys)
}

func (p *logPage) hints() []key.Binding {
	hints := []key.Binding{as(p.keys.Back, "back")}
	if p.scroll.overflows() && !p.scroll.view.AtBottom() {
		hints = append(hints, as(p.keys.Bottom, "newest"))
	}
	return append(hints, p.keys.Search, p.keys.Path, p.keys.Diagnosis)
}

func (p *logPage) step() int { return p.matters() }

func (p *logPage) lines() []string { return p.scroll.render(p.theme.Selected) }

func (p *logPage) more() string {
	switch {
	case p.tail == nil || p.tail.ended:
		return p.scroll.more()
	case p.scroll.view.AtBottom() || !p.scroll.overflows():
		return "following"
	}
	return "held while you read"
}
