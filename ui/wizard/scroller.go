package wizard

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/viewport"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"flasktui/ui/keys"
	"flasktui/ui/layout"
)

// scroller shows as much of a page's content as fits.
type scroller struct {
	view viewport.Model
	// sticky keeps the end in view as lines are added, until scrolled away from it.
	sticky bool
	total  int
	// plain are the lines without their paint, in small letters, for searching; sought is what
	// is searched for, in small letters too, and empty where nothing is.
	plain  []string
	sought string
	// found is the line that was turned to.
	found int
}

// arrange takes content that is wrapped already, and the room there is for it.
func (s *scroller) arrange(lines []string, width, height int) {
	atEnd := s.total == 0 || s.view.AtBottom()
	s.view.Width, s.view.Height = width, max(height, 0)
	s.total = len(lines)
	fitted := make([]string, len(lines))
	s.plain = make([]string, len(lines))
	for i, line := range lines {
		fitted[i] = layout.End(line, width, "")
		s.plain[i] = strings.ToLower(ansi.Strip(fitted[i]))
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
	case key.Matches(msg, keys.HalfUp):
		s.view.HalfPageUp()
	case key.Matches(msg, keys.HalfDown):
		s.view.HalfPageDown()
	case key.Matches(msg, keys.Top):
		s.view.GotoTop()
	case key.Matches(msg, keys.Bottom):
		s.view.GotoBottom()
	default:
		return false
	}
	return true
}

// seek shows the next line with what is sought, from the one at the top on or, back, before it;
// past the end it begins anew. It gives which of how many that is; 0 of 0 where there is none.
func (s *scroller) seek(sought string, by int) (at, all int) {
	s.sought = strings.ToLower(sought)
	var hits []int
	for i, line := range s.plain {
		if s.sought != "" && strings.Contains(line, s.sought) {
			hits = append(hits, i)
		}
	}
	if len(hits) == 0 {
		return 0, 0
	}
	at = s.nextHit(hits, by)
	s.found = hits[at]
	s.view.SetYOffset(max(0, hits[at]-s.view.Height/3))
	return at + 1, len(hits)
}

// nextHit is the index of the hit to turn to: the first from the top of the view on where the
// search is new.
func (s *scroller) nextHit(hits []int, by int) int {
	if by == 0 {
		s.found = s.view.YOffset - 1
		by = 1
	}
	past := s.found
	if by < 0 {
		past--
	}
	at := slices.IndexFunc(hits, func(hit int) bool { return hit > past })
	if at < 0 {
		at = len(hits)
	}
	if by < 0 {
		at--
	}
	return (at + len(hits)) % len(hits)
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

// render gives exactly as many lines as there is room for; what is sought is painted by mark.
func (s *scroller) render(mark func(string) string) []string {
	lines := strings.Split(s.view.View(), "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, " ")
		if s.sought != "" && strings.Contains(strings.ToLower(ansi.Strip(line)), s.sought) {
			line = marked(ansi.Strip(line), s.sought, mark)
		}
		lines[i] = line
	}
	return lines
}

// marked paints each place of a line where what is sought stands. Where small letters are not
// as long as capitals (İ), the whole line is painted.
func marked(line, sought string, mark func(string) string) string {
	low := strings.ToLower(line)
	if len(low) != len(line) {
		return mark(line)
	}
	var painted strings.Builder
	for {
		at := strings.Index(low, sought)
		if at < 0 {
			return painted.String() + line
		}
		painted.WriteString(line[:at] + mark(line[at:at+len(sought)]))
		line, low = line[at+len(sought):], low[at+len(sought):]
	}
}
