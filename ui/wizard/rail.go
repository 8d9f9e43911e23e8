package wizard

import (
	"strings"

	"flasktui/steps/report"
	"flasktui/sys"
	"flasktui/ui/layout"
)

// The columns of the request path: cursor, rail, mark, name, label, detail.
const (
	railIndent = 6
	nameWidth  = 10
)

// path draws the hops one below the other on a rail that is whole down to the hop where
// it breaks. What is wrong is told in full, or where room is short the hop alone where the
// path breaks; the rest in one line a hop, unless all of it fits. It gives the first and last
// line of each hop, but for those that are skipped.
func (s *sheet) path(document *report.Report, skip, selected int, density density) [][2]int {
	hops, broken, labels := document.Path[skip:], broken(document)-skip, 0
	selected -= skip
	for _, hop := range hops {
		labels = max(labels, layout.Width(string(hop.Label)))
	}
	room := s.width - railIndent - nameWidth
	wide := s.width >= roomy
	if wide {
		labels = min(labels, room*9/20)
	} else {
		labels = room
	}
	rows := make([][2]int, 0, len(hops))
	for i, hop := range hops {
		first := len(s.lines)
		passes := document.PassesOn(skip + i)
		if answer, names := strings.CutPrefix(string(hop.Detail), "answers "); names && passes == report.OldCode {
			hop.Detail = sys.Textf("passes on %s: %s", passes, answer)
		}
		s.add(s.hopLead(hop, i, broken, selected, passes) + s.label(hop, i == broken, labels))
		s.detail(hop, i, broken, labels, wide, density)
		rows = append(rows, [2]int{first, len(s.lines) - 1})
	}
	return rows
}

// folded is hops in one line, by the names of the first and the last.
func (s *sheet) folded(document *report.Report, count int) [][2]int {
	hops := document.Path[:count]
	if count == 0 {
		return nil
	}
	worst, mark := report.OK, ""
	for i, hop := range hops {
		if worst == report.OK && hop.State != report.Skipped {
			worst = hop.State
		}
		if document.PassesOn(i) != "" {
			mark = s.theme.Status(report.Warn, s.theme.Passes)
		}
	}
	if worst != report.OK || mark == "" {
		mark = s.theme.Mark(worst)
	}
	at := len(s.lines)
	s.add("  " + s.theme.Quiet(s.theme.Rail) + " " + mark + " " + hopName(hops[0]) + " to " + hopName(hops[len(hops)-1]))
	rows := make([][2]int, len(hops))
	for i := range rows {
		rows[i] = [2]int{at, at}
	}
	return rows
}

func (s *sheet) hopLead(hop report.Hop, i, broken, selected int, passes string) string {
	mark := s.theme.Mark(hop.State)
	if passes != "" {
		mark = s.theme.Status(report.Warn, s.theme.Passes)
	}
	name := layout.Pad(hopName(hop), nameWidth-1)
	cursor := " "
	switch i {
	case selected:
		bare := strings.TrimRight(name, " ")
		cursor, name = s.theme.Cursor, s.theme.Selected(bare)+name[len(bare):]
	case broken:
		name = s.theme.Strong(name)
	}
	return cursor + " " + s.rail(i, broken) + " " + mark + " " + name + " "
}

// rail is the piece of rail beside hop i.
func (s *sheet) rail(i, broken int) string {
	switch {
	case broken < 0 || i < broken:
		return s.theme.Quiet(s.theme.Rail)
	case i == broken:
		return s.theme.Status(report.Fail, s.theme.Break)
	}
	return s.theme.Quiet(s.theme.Gap)
}

// below is the piece of rail beside further lines of hop i.
func (s *sheet) below(i, broken int) string {
	if broken >= 0 && i >= broken {
		return s.theme.Quiet(s.theme.Gap)
	}
	return s.theme.Quiet(s.theme.Rail)
}

func (s *sheet) label(hop report.Hop, strong bool, width int) string {
	label := layout.Middle(s.theme.Fold(string(hop.Label)), width, s.theme.Ellipsis)
	if strong {
		return s.theme.Strong(label)
	}
	return label
}

// detail adds what is to say of a hop: beside the label where there is room, else below
// it, and there only if something is wrong.
func (s *sheet) detail(hop report.Hop, i, broken, labels int, wide bool, density density) {
	detail := s.theme.Fold(string(hop.OnScreen()))
	if detail == "" {
		return
	}
	odd := hop.State == report.Fail || hop.State == report.Warn || hop.State == report.Unknown
	timed := hop.Brief != ""
	inFull := density <= whole || i == broken || odd && density < terse
	indent := railIndent + nameWidth
	if wide {
		indent += labels + 2
	}
	room := s.width - indent
	lines := []string{layout.Middle(detail, room, s.theme.Ellipsis)}
	switch {
	case inFull, timed && hop.Hop != report.HopMaster:
		// A time is not cut; that of the server stands first.
		lines = layout.Wrap(detail, room)
	case odd, timed:
		lines = []string{layout.End(detail, room, s.theme.Ellipsis)}
	}
	if !wide && !inFull {
		return
	}
	paint := func(text string) string { return text }
	if i == broken {
		paint = s.theme.Strong
	}
	last := len(s.lines) - 1
	for n, line := range lines {
		if wide && n == 0 {
			s.lines[last] = layout.Pad(s.lines[last], indent) + paint(line)
			continue
		}
		s.add(layout.Pad("  "+s.below(i, broken), indent) + paint(line))
	}
}
