package wizard

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
)

// timelinePage tells what happened when: whether the code or the process came first.
type timelinePage struct {
	*state
	scroll scroller
}

func newTimelinePage(shared *state) *timelinePage { return &timelinePage{state: shared} }

func (p *timelinePage) arrange(width, height int) {
	sheet := newSheet(p.theme, width)
	moments := p.report().Timeline
	sheet.hang("", "What happened when", p.theme.Strong)
	switch {
	case len(moments) == 0:
		sheet.prose(0, "No time is known yet.")
	case width >= lanesFrom:
		sheet.prose(0, "A process has what was on disk when it started, and nothing newer.")
		sheet.gap()
		sheet.lanes(moments)
		sheet.gap()
		sheet.prose(2, "looked at "+p.report().GeneratedAt.Format("2006-01-02 15:04:05 MST"))
	default:
		sheet.prose(0, "A process has what was on disk when it started, and nothing newer.")
		sheet.gap()
		above := sheet.lines
		for _, sources := range []sourcePlace{ownLine, lineEnd} {
			sheet.lines = slices.Clone(above)
			sheet.timeline(moments, sources)
			sheet.gap()
			sheet.prose(2, "looked at "+p.report().GeneratedAt.Format("2006-01-02 15:04:05 MST"))
			if len(sheet.lines) <= height {
				break
			}
		}
	}
	p.scroll.arrange(sheet.lines, width, height)
}

// sourcePlace is where a moment's source may stand.
type sourcePlace int

const (
	noSource sourcePlace = iota
	// lineEnd is behind the moment, where the line has room for it.
	lineEnd
	// ownLine is there or else below the moment.
	ownLine
)

// The columns of a time line: the mark, the time, and the two sides, one set in further
// than the other, so that their order is seen without reading.
const (
	diskLane   = "disk    "
	memoryLane = "  memory"
)

// timeline writes moments in order, each day under its date, with the long silences
// between them.
func (s *sheet) timeline(moments []report.Moment, sources sourcePlace) {
	day, last, clock := "", time.Time{}, report.MomentClock(moments)
	for i, moment := range moments {
		if today := moment.At.Format("2006-01-02"); today != day {
			if i > 0 {
				s.gap()
			}
			s.add(strings.TrimRight("  "+s.theme.Strong(today)+"  "+s.theme.Quiet(later(last, moment.At.Time)), " "))
			day = today
		}
		last = moment.At.Time
		lane, mark := diskLane, " "
		paint := func(text string) string { return text }
		if moment.Side == report.InMemory {
			lane = memoryLane
		}
		if moment.State == report.Fail {
			mark, paint = s.theme.Mark(report.Fail), s.theme.Strong
		}
		first := len(s.lines)
		lead := "  " + mark + " " + moment.At.Format(clock) + "  "
		if s.width < roomy {
			s.add(lead + s.theme.Quiet(strings.TrimRight(lane, " ")))
			s.hang("    ", string(moment.What), paint)
			continue
		}
		lead += s.theme.Quiet(lane) + "  "
		s.hang(lead, string(moment.What), paint)
		source := s.theme.Fold(string(moment.Source))
		free := s.width - layout.Width(s.lines[first]) - layout.Width(source)
		switch {
		case sources == noSource || source == "":
		case len(s.lines) == first+1 && free >= 2:
			s.lines[first] += strings.Repeat(" ", free) + s.theme.Quiet(source)
		case sources == ownLine:
			s.hang(strings.Repeat(" ", layout.Width(lead)), source, s.theme.Quiet)
		}
	}
}

// later says how long after the last moment the next one was, where that is long.
func later(last, next time.Time) string {
	passed := next.Sub(last)
	if last.IsZero() || passed < time.Hour {
		return ""
	}
	return string(sys.Span(passed)) + " later"
}

func (p *timelinePage) key(msg tea.KeyMsg) (request, bool) {
	return request{}, p.scroll.key(msg, p.keys)
}

func (p *timelinePage) hints() []key.Binding {
	return []key.Binding{as(p.keys.Back, "back"), p.keys.Path, p.keys.Diagnosis, p.keys.Export}
}

func (p *timelinePage) step() int { return p.matters() }

func (p *timelinePage) lines() []string { return p.scroll.render(p.theme.Selected) }

func (p *timelinePage) more() string { return p.scroll.more() }
