package wizard

import (
	"strings"

	"flasktui/steps/report"
	"flasktui/ui/layout"
)

// beforeAndAfter sets the request path as it was before a fix beside what it is now, hop by hop.
// A hop that only one of the two has stands alone in its line.
func (s *sheet) beforeAndAfter(before, after *report.Report) {
	each := (s.width - nameWidth - 2) / 2
	s.add(s.theme.Strong(strings.Repeat(" ", nameWidth+2) + layout.Pad("before", each) + "after"))
	row := 0
	for at := range after.Path {
		hop := after.Path[at]
		was := -1
		for i := row; i < len(before.Path); i++ {
			if before.Path[i].Hop == hop.Hop {
				was = i
				break
			}
		}
		for ; was >= 0 && row < was; row++ {
			s.hopPair(hopName(before.Path[row]), s.hopCell(before, row, each), "", each)
		}
		cell := ""
		if was >= 0 {
			cell, row = s.hopCell(before, was, each), was+1
		}
		s.hopPair(hopName(hop), cell, s.hopCell(after, at, each), each)
	}
	for ; row < len(before.Path); row++ {
		s.hopPair(hopName(before.Path[row]), s.hopCell(before, row, each), "", each)
	}
}

func (s *sheet) hopPair(name, before, after string, each int) {
	s.add(strings.TrimRight("  "+layout.Pad(name, nameWidth)+layout.Pad(before, each)+after, " "))
}

// hopCell is a hop of one of the two: its mark, its name, and what is said of it as far as there
// is room.
func (s *sheet) hopCell(document *report.Report, at, width int) string {
	hop := document.Path[at]
	mark := s.theme.Mark(hop.State)
	if document.PassesOn(at) != "" {
		mark = s.theme.Status(report.Warn, s.theme.Passes)
	}
	text := s.theme.Fold(string(hop.Label))
	if detail := s.theme.Fold(string(hop.OnScreen())); detail != "" {
		text += ": " + detail
	}
	text = layout.End(text, width-4, s.theme.Ellipsis)
	if hop.State == report.Fail {
		text = s.theme.Strong(text)
	}
	return mark + " " + text
}
