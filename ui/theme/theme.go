// Package theme is how the wizard looks: its colours, weights and marks.
//
// The rules are: text stands in the terminal's own colours, so that it is readable on
// every background; only marks and the verdict have a colour, one of the sixteen that
// the person's terminal defines, and never black, white or bright black; and no meaning
// rests on colour alone, there is always a mark, a word or a weight beside it.
//
// It knows the verdicts and outcomes of steps/report. Begin with New; the marks are in glyphs.go.
package theme

import (
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"flasktui/steps/report"
)

// Mode is the background that colours are chosen for.
type Mode string

// Auto takes the terminal's word (COLORFGBG) where it gives one, and otherwise colours
// that can be read on both; it asks the terminal nothing.
const (
	Auto  Mode = "auto"
	Dark  Mode = "dark"
	Light Mode = "light"
)

// Options is what a person and an environment say about looks.
type Options struct {
	Mode Mode
	// ASCII asks for marks that every terminal has.
	ASCII bool
	// Getenv reads the environment: NO_COLOR, CLICOLOR, COLORFGBG, TERM and the locale.
	Getenv func(string) string
}

// Theme is the look of one run.
type Theme struct {
	Glyphs
	ascii                                  bool
	strong, quiet, accent, selected, plain lipgloss.Style
	good, odd, bad, unsure                 lipgloss.Style
}

// New decides on the looks of one run.
func New(options Options) *Theme {
	getenv := options.Getenv
	if getenv == nil {
		getenv = func(string) string { return "" }
	}
	renderer := lipgloss.NewRenderer(io.Discard)
	renderer.SetColorProfile(termenv.ANSI)
	style := renderer.NewStyle()

	theme := &Theme{ascii: options.ASCII || !speaksUnicode(getenv), Glyphs: unicodeGlyphs}
	if theme.ascii {
		theme.Glyphs = asciiGlyphs
	}
	theme.plain, theme.strong, theme.quiet = style, style.Bold(true), style.Faint(true)
	theme.selected = style.Bold(true).Reverse(true)

	colours := palette(options.Mode, getenv)
	theme.good = paint(style, colours.good)
	theme.odd = paint(style, colours.odd).Bold(true)
	theme.bad = paint(style, colours.bad).Bold(true)
	theme.unsure = paint(style, colours.unsure).Bold(true)
	theme.accent = paint(style, colours.accent).Bold(true)
	return theme
}

// colours are numbers of ANSI colours; empty means the terminal's own.
type colours struct{ good, odd, bad, unsure, accent string }

func palette(mode Mode, getenv func(string) string) colours {
	if getenv("NO_COLOR") != "" || getenv("CLICOLOR") == "0" || getenv("TERM") == "dumb" {
		return colours{}
	}
	if mode != Dark && mode != Light {
		mode = background(getenv("COLORFGBG"))
	}
	switch mode {
	case Dark:
		return colours{good: "10", odd: "11", bad: "9", unsure: "13", accent: "14"}
	case Light:
		// Yellow and cyan vanish on white.
		return colours{good: "2", odd: "5", bad: "1", unsure: "5", accent: "4"}
	}
	return colours{good: "2", odd: "3", bad: "1", unsure: "5", accent: "6"}
}

// background reads COLORFGBG ("15;0", "0;default;15"): the last field is the background,
// and 7 and above but 8 are light. rxvt, Konsole and others set it; ssh passes it on
// where it is told to.
func background(colorfgbg string) Mode {
	fields := strings.Split(colorfgbg, ";")
	if len(fields) < 2 {
		return Auto
	}
	number, err := strconv.Atoi(fields[len(fields)-1])
	switch {
	case err != nil:
		return Auto
	case number == 7 || number > 8:
		return Light
	}
	return Dark
}

func paint(style lipgloss.Style, colour string) lipgloss.Style {
	if colour == "" {
		return style
	}
	return style.Foreground(lipgloss.Color(colour))
}

// speaksUnicode tells from the locale whether more than ASCII can be shown; the Linux
// console has too small a font whatever the locale says.
func speaksUnicode(getenv func(string) string) bool {
	if getenv("TERM") == "linux" {
		return false
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToUpper(getenv(name)); value != "" {
			return strings.Contains(value, "UTF-8") || strings.Contains(value, "UTF8")
		}
	}
	return false
}

// Strong is text with weight: headings, and what is wrong.
func (t *Theme) Strong(text string) string { return render(t.strong, text) }

// Quiet is text that may be overlooked without loss: sources, rules.
func (t *Theme) Quiet(text string) string { return render(t.quiet, text) }

// Accent is text that leads the eye: a key to press.
func (t *Theme) Accent(text string) string { return render(t.accent, text) }

// Selected is what the keys act on; a cursor mark stands beside it.
func (t *Theme) Selected(text string) string { return render(t.selected, text) }

// Status paints text in the colour of a status.
func (t *Theme) Status(status report.Status, text string) string {
	return render(t.status(status), text)
}

// Mark is a status as one cell.
func (t *Theme) Mark(status report.Status) string {
	return t.Status(status, t.mark(status))
}

// Verdict paints a verdict's word; it is reversed, so that it can be found at a glance
// without colours too.
func (t *Theme) Verdict(verdict report.Verdict, text string) string {
	style := t.unsure
	switch verdict {
	case report.Fresh:
		style = t.good
	case report.Stale, report.Down:
		style = t.bad
	case report.Mixed:
		style = t.odd
	case report.Inconclusive:
	case "":
		style = t.plain
	}
	return render(style.Bold(true).Reverse(true), text)
}

// Risk paints a word by what a fix may cost.
func (t *Theme) Risk(risk report.Risk, text string) string {
	switch risk {
	case report.HighRisk:
		return render(t.bad, text)
	case report.MediumRisk:
		return render(t.odd, text)
	case report.LowRisk:
		return render(t.good, text)
	}
	return text
}

func (t *Theme) status(status report.Status) lipgloss.Style {
	switch status {
	case report.OK:
		return t.good
	case report.Warn:
		return t.odd
	case report.Fail:
		return t.bad
	case report.Unknown:
		return t.unsure
	case report.Skipped, report.Pending:
		return t.quiet
	}
	return t.plain
}

// render leaves empty text empty: a style without text would still write its codes.
func render(style lipgloss.Style, text string) string {
	if text == "" {
		return ""
	}
	return style.Render(text)
}
