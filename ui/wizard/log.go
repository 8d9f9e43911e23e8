package wizard

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
)

// logPage follows the service's log.
type logPage struct {
	*state
	scroll scroller
	tail   *tail
	// whole shows tracebacks whole, cut shows each line in one, and recent what came since the
	// service was last started.
	whole, cut, recent bool
}

func newLogPage(shared *state) *logPage {
	return &logPage{state: shared, scroll: scroller{sticky: true}}
}

// open shows a log that is being followed; the root started it. It is followed on while other
// pages are shown, so that it is there as it was left.
func (p *logPage) open(t *tail) {
	p.tail.stop()
	p.tail = t
	p.scroll = scroller{sticky: true}
}

// follows says that this service's log is being followed already.
func (p *logPage) follows(command sys.Command) bool {
	return p.tail != nil && !p.tail.ended && slices.Equal(p.tail.command.Argv, command.Argv)
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
	p.log(head)
	p.scroll.arrange(head.lines, width, height)
}

// log writes the lines of the tail and how it stands with it.
func (p *logPage) log(s *sheet) {
	t := p.tail
	lines := t.lines
	if p.recent {
		lines = lines[sinceStart(lines):]
	}
	for _, line := range readLog(lines, !p.whole) {
		var paint func(string) string
		if line.status != report.Pending {
			paint = func(text string) string { return p.theme.Status(line.status, text) }
		}
		if p.cut {
			line.text = layout.End(line.text, s.width, p.theme.Ellipsis)
		}
		s.verbatim(0, line.text, paint)
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
	switch {
	case key.Matches(msg, p.keys.Fold):
		p.whole = !p.whole
	case key.Matches(msg, p.keys.Wrap):
		p.cut = !p.cut
	case key.Matches(msg, p.keys.Recent):
		p.recent = !p.recent
		if p.recent && p.tail != nil && sinceStart(p.tail.lines) == 0 {
			return request{notice: "No start of the service is seen in these lines: all are shown."}, true
		}
	default:
		return request{}, p.scroll.key(msg, p.keys)
	}
	return request{}, true
}

func (p *logPage) hints() []key.Binding {
	hints := []key.Binding{as(p.keys.Back, "back")}
	if p.scroll.overflows() && !p.scroll.view.AtBottom() {
		hints = append(hints, as(p.keys.Bottom, "newest"))
	}
	recent, fold, wrap := p.keys.Recent, p.keys.Fold, p.keys.Wrap
	if p.recent {
		recent = as(recent, "all")
	}
	if p.whole {
		fold = as(fold, "fold")
	}
	if p.cut {
		wrap = as(wrap, "wrap")
	}
	return append(hints, p.keys.Search, recent, fold, wrap, p.keys.Path, p.keys.Diagnosis)
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
