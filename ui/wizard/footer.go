package wizard

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"

	"flasktui/sys"
	"flasktui/ui/layout"
)

// status is the line between page and footer: a rule that carries what is being probed
// or what there is to say, and where there is more to see.
func (s *state) status(width int, more string) string {
	text := s.notice
	switch {
	case text != "":
	case s.probing:
		text = s.probingNow()
	case s.watching():
		text = "watching: it looks again by itself; v ends it"
	case s.config.Practice && s.height-frameLines <= low:
		text = practising
		if more != "" {
			text = "PRACTICE"
		}
	}
	rule := s.theme.Rule
	right := ""
	if more != "" {
		right = " " + more + " " + rule
	}
	if said := layout.Width(s.theme.Fold(s.notice)); said > width-layout.Width(right)-4 {
		// What is said once goes before what can be seen at every key.
		right = ""
	}
	left := ""
	if text != "" {
		text = layout.End(s.theme.Fold(text), width-layout.Width(right)-4, s.theme.Ellipsis)
		left = rule + " " + text + " "
	}
	fill := max(0, width-layout.Width(left)-layout.Width(right))
	if text != "" {
		left = s.theme.Quiet(rule) + " " + s.theme.Strong(text) + " "
	}
	return left + s.theme.Quiet(strings.Repeat(rule, fill)) + s.theme.Quiet(right)
}

// probingNow says what is being read; it moves only as work is done.
func (s *state) probingNow() string {
	text := "probing"
	if total := s.progress.Total; total > 0 {
		text += fmt.Sprintf(" %d of %d", total-s.progress.Pending, total)
	}
	if reading := s.progress.Reading; len(reading) > 0 {
		named := make([]string, 0, len(reading))
		for _, name := range reading {
			named = append(named, string(sys.Safe(name)))
		}
		text += ": " + strings.Join(named, ", ")
	}
	if passed := s.config.Now().Sub(s.startedAt); passed >= slow {
		text += fmt.Sprintf(", %.0f s", passed.Seconds())
	}
	return text
}

// footer is the line of key hints. What does not fit is left out, but help
// and quit stay.
func (s *state) footer(hints []key.Binding, always []key.Binding, width int) string {
	tail := s.hintLine(always)
	line := ""
	for _, hint := range hints {
		if !hint.Enabled() {
			continue
		}
		longer := line
		if longer != "" {
			longer += "  "
		}
		longer += s.hint(hint)
		need := layout.Width(longer)
		if tail != "" {
			need += 2 + layout.Width(tail)
		}
		if need > width {
			continue
		}
		line = longer
	}
	if line != "" && tail != "" {
		line += "  "
	}
	return line + tail
}

func (s *state) hintLine(hints []key.Binding) string {
	parts := make([]string, 0, len(hints))
	for _, hint := range hints {
		parts = append(parts, s.hint(hint))
	}
	return strings.Join(parts, "  ")
}

func (s *state) hint(binding key.Binding) string {
	return s.theme.Accent(binding.Help().Key) + " " + binding.Help().Desc
}
