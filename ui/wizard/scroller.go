package wizard

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/viewport"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/ui/keys"
	"flasktui/ui/layout"
)

// scroller shows as much of a page's content as fits.
type scroller struct {
	view viewport.Model
	// sticky keeps the end in view as lines are added, until scrolled away from it.
	sticky bool
	total  int
}

// arrange takes content that is wrapped already, and the room there is for it.
func (s *scroller) arrange(lines []string, width, height int) {
	atEnd := s.total == 0 || s.view.AtBottom()
	s.view.Width, s.view.Height = width, max(height, 0)
	s.total = len(lines)
	fitted := make([]string, len(lines))
	for i, line := range lines {
		fitted[i] = layout.End(line, width, "")
	}
	s.view.SetContent(strings.Join(fitted, "\n"))
	if s.sticky && atEnd {
		s.view.GotoBottom()
	}
	// A window that grew may leave the offset past the end.
	s.view.SetYOffset(s.view.YOffset)
}

// key scrolls; it says whether the key was one for that.
func (s *scroller) key(msg tea.KeyMsg, keys keys.Map) bool {
	switch {
	case key.Matches(msg, keys.Up):
		s.view.ScrollUp(1)
	case key.Matches(msg, keys.Down):
		s.view.ScrollDown(1)
	case key.Matches(msg, keys.PageUp):
		s.view.PageUp()
	case key.Matches(msg, keys.PageDown):
		s.view.PageDown()
	case key.Matches(msg, keys.Top):
		s.view.GotoTop()
	case key.Matches(msg, keys.Bottom):
		s.view.GotoBottom()
	default:
		return false
	}
	return true
}

// reveal brings lines first to last into view, the first of them above all.
func (s *scroller) reveal(first, last int) {
	if last >= s.view.YOffset+s.view.Height {
		s.view.SetYOffset(last - s.view.Height + 1)
	}
	if first < s.view.YOffset {
		s.view.SetYOffset(first)
	}
}

func (s *scroller) top() { s.view.GotoTop() }

// overflows says that not everything fits.
func (s *scroller) overflows() bool { return s.total > s.view.Height }

// more says which way there is more to see.
func (s *scroller) more() string {
	switch {
	case !s.overflows():
		return ""
	case s.view.AtTop():
		return "more below"
	case s.view.AtBottom():
		return "more above"
	}
	return "more above and below"
}

// render gives exactly as many lines as there is room for.
func (s *scroller) render() []string {
	lines := strings.Split(s.view.View(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}
