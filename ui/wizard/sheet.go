package wizard

import (
	"strings"

	"flasktui/ui/layout"
	"flasktui/ui/theme"
)

// sheet is the content of a page being laid out: lines no wider than its width.
type sheet struct {
	theme *theme.Theme
	width int
	lines []string
}

const (
	// readable is the widest that sentences run, however wide the terminal is.
	readable = 96
	// roomy is the width from which columns stand side by side.
	roomy = 72
)

func newSheet(theme *theme.Theme, width int) *sheet { return &sheet{theme: theme, width: width} }

func (s *sheet) add(line string) { s.lines = append(s.lines, line) }

// gap leaves one empty line, but none at the top and never two.
func (s *sheet) gap() {
	if n := len(s.lines); n > 0 && s.lines[n-1] != "" {
		s.add("")
	}
}

func (s *sheet) heading(text string) {
	s.gap()
	s.add(s.theme.Strong(layout.End(s.theme.Fold(text), s.width, s.theme.Ellipsis)))
}

// prose writes sentences, wrapped.
func (s *sheet) prose(indent int, text string) {
	s.hang(strings.Repeat(" ", indent), text, nil)
}

// hang writes sentences beside a lead; further lines start below the first one's text.
func (s *sheet) hang(lead, text string, paint func(string) string) {
	if strings.TrimSpace(text) == "" && strings.TrimSpace(lead) == "" {
		return
	}
	margin := layout.Width(lead)
	for i, line := range layout.Wrap(s.theme.Fold(text), min(s.width, readable)-margin) {
		if paint != nil {
			line = paint(line)
		}
		if i > 0 {
			lead = strings.Repeat(" ", margin)
		}
		s.add(lead + line)
	}
}

// command writes a command whole: wrapped where it must be so that it pastes as one, never cut,
// and in its own characters whatever the terminal can show.
func (s *sheet) command(indent int, text string, paint func(string) string) {
	s.hung(indent, layout.WrapCommand(text, s.width-indent-commandHang), paint)
}

// verbatim writes a line that is no command, a log's for one, in the same way.
func (s *sheet) verbatim(indent int, text string, paint func(string) string) {
	s.hung(indent, layout.Wrap(text, s.width-indent-commandHang), paint)
}

func (s *sheet) hung(indent int, lines []string, paint func(string) string) {
	margin := strings.Repeat(" ", indent)
	for i, line := range lines {
		if paint != nil {
			line = paint(line)
		}
		if i == 1 {
			margin += strings.Repeat(" ", commandHang)
		}
		s.add(margin + line)
	}
}

// commandHang sets further lines of one command off from the next command.
const commandHang = 4

// field is a named sentence in a column of such.
type field struct{ name, text string }

// fields writes named sentences, the names in a column of their own.
func (s *sheet) fields(indent int, fields []field) {
	names := 0
	for _, f := range fields {
		if f.text != "" {
			names = max(names, layout.Width(s.theme.Fold(f.name)))
		}
	}
	for _, f := range fields {
		if f.text != "" {
			s.hang(strings.Repeat(" ", indent)+layout.Pad(s.theme.Fold(f.name), names)+"  ", f.text, nil)
		}
	}
}

// columns writes cells side by side, each wrapped in its width; a cell wider than its
// column is broken, not cut.
func (s *sheet) columns(indent int, widths []int, cells []string, paint []func(string) string) {
	wrapped, height := make([][]string, len(cells)), 0
	for i, cell := range cells {
		wrapped[i] = layout.Wrap(s.theme.Fold(cell), widths[i])
		height = max(height, len(wrapped[i]))
	}
	for row := range height {
		var line strings.Builder
		line.WriteString(strings.Repeat(" ", indent))
		for i := range cells {
			text := ""
			if row < len(wrapped[i]) {
				text = wrapped[i][row]
			}
			fill := ""
			if i < len(cells)-1 {
				fill = strings.Repeat(" ", max(0, widths[i]-layout.Width(text))+2)
			}
			if paint[i] != nil {
				text = paint[i](text)
			}
			line.WriteString(text + fill)
		}
		s.add(strings.TrimRight(line.String(), " "))
	}
}
