package wizard

import (
	"strings"

	"flasktui/steps/report"
	"flasktui/ui/layout"
)

// evidence writes what was seen and where. Where there is room the source stands beside
// the value, in a column; a value that is too long for that has its source below it. In a
// narrow terminal the label stands above them where that breaks fewer paths apart.
func (s *sheet) evidence(indent int, rows []report.Evidence) {
	if s.width >= roomy {
		s.beside(indent, rows)
		return
	}
	columns, lists := newSheet(s.theme, s.width), newSheet(s.theme, s.width)
	columns.beside(indent, rows)
	lists.labelled(indent, rows)
	if len(lists.lines) < len(columns.lines) {
		columns = lists
	}
	s.lines = append(s.lines, columns.lines...)
}

// beside writes the labels in a column of their own.
func (s *sheet) beside(indent int, rows []report.Evidence) {
	labels := 0
	for _, row := range rows {
		labels = max(labels, layout.Width(s.theme.Fold(row.Label)))
	}
	labels = min(labels, max(s.width/4, 12))
	room := s.width - indent - labels - 2
	values := s.valueColumn(rows, room)
	for _, row := range rows {
		value, source := s.theme.Fold(string(row.Value)), s.theme.Fold(string(row.Source))
		if values > 0 && layout.Width(value) <= values && layout.Width(source) <= room-values-2 {
			s.columns(indent, []int{labels, values, room - values - 2},
				[]string{row.Label, value, source}, []func(string) string{nil, nil, s.theme.Quiet})
			continue
		}
		s.stacked(indent, labels, min(room, readable), row.Label, value, source)
	}
}

// labelled writes each label over its value and its source.
func (s *sheet) labelled(indent int, rows []report.Evidence) {
	margin := strings.Repeat(" ", indent)
	for _, row := range rows {
		s.hang(margin, row.Label+":", nil)
		s.hang(margin+"  ", string(row.Value), nil)
		s.hang(margin+"  ", string(row.Source), s.theme.Quiet)
	}
}

// stacked writes a label, beside it its value, and below that the value's source.
func (s *sheet) stacked(indent, labels, room int, label, value, source string) {
	names, told := layout.Wrap(s.theme.Fold(label), labels), layout.Wrap(value, room)
	if source != "" {
		for _, line := range layout.Wrap(source, room) {
			told = append(told, s.theme.Quiet(line))
		}
	}
	for i := range max(len(names), len(told)) {
		name, text := "", ""
		if i < len(names) {
			name = names[i]
		}
		if i < len(told) {
			text = told[i]
		}
		s.add(strings.TrimRight(strings.Repeat(" ", indent)+layout.Pad(name, labels)+"  "+text, " "))
	}
}

// valueColumn is how wide the values are that leave room for their sources; 0 where none
// does.
func (s *sheet) valueColumn(rows []report.Evidence, room int) int {
	widest := 0
	for _, row := range rows {
		value := layout.Width(s.theme.Fold(string(row.Value)))
		if source := layout.Width(s.theme.Fold(string(row.Source))); s.width >= roomy && value+2+source <= room {
			widest = max(widest, value)
		}
	}
	return widest
}
