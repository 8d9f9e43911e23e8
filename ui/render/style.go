package render

import (
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"flasktui/steps/report"
)

// Style is what the reader of a report can see.
type Style struct {
	// Color allows the sixteen colours and bold; no meaning rests on them alone.
	Color bool
	// Unicode allows marks beyond ASCII.
	Unicode bool
	// Indent spreads JSON over lines.
	Indent bool
	// Width is in columns; 0 means 80.
	Width int
	// Practice names the fault of the practice box that the report is about; what to
	// type next is another thing there.
	Practice string
	// Zone is the time zone that times are shown in; nil means each time's own.
	Zone *time.Location
}

const (
	defaultWidth  = 80
	narrowest     = 40
	widestReading = 100
)

func (s Style) width() int {
	if s.Width == 0 {
		return defaultWidth
	}
	return min(max(s.Width, narrowest), widestReading)
}

// Fold folds the typographic characters of our own sentences to ASCII where the reader
// may not have them. Letters are left alone: they are somebody's names.
func (s Style) Fold(text string) string {
	if s.Unicode {
		return text
	}
	return strings.NewReplacer("→", "->", "←", "<-", "…", "...", "–", "-", "—", "-", "×", "x", "·", "-",
		"’", "'", "‘", "'", "“", `"`, "”", `"`, "≥", ">=", "≤", "<=", "\u00a0", " ").Replace(text)
}

// Bold is for headings.
func (s Style) Bold(text string) string { return s.paint(ansi.Style{}.Bold(), text) }

func (s Style) dim(text string) string { return s.paint(ansi.Style{}.Faint(), text) }

func (s Style) paint(style ansi.Style, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return style.Styled(text)
}

// mark is a status as a short word of fixed width. Trouble is in capitals, so that it is
// seen without colour too.
func (s Style) mark(status report.Status) string {
	word, style := "?", ansi.Style{}
	switch status {
	case report.OK:
		word, style = "ok", style.ForegroundColor(ansi.Green)
	case report.Warn:
		word, style = "WARN", style.ForegroundColor(ansi.Yellow).Bold()
	case report.Fail:
		word, style = "FAIL", style.ForegroundColor(ansi.Red).Bold()
	case report.Unknown:
		word, style = "?", style.ForegroundColor(ansi.Magenta)
	case report.Skipped:
		word, style = "-", style.Faint()
	case report.Pending:
		word, style = "...", style.Faint()
	}
	return s.paint(style, word) + strings.Repeat(" ", markWidth-len(word))
}

const markWidth = 4

func (s Style) verdict(verdict report.Verdict) string {
	style := ansi.Style{}.Bold()
	switch verdict {
	case report.Fresh:
		style = style.ForegroundColor(ansi.Green)
	case report.Stale, report.Down:
		style = style.ForegroundColor(ansi.Red)
	case report.Mixed, report.Inconclusive:
		style = style.ForegroundColor(ansi.Yellow)
	}
	return s.paint(style, strings.ToUpper(string(verdict)))
}

func (s Style) time(at report.Time) string {
	if at.IsZero() {
		return ""
	}
	moment := at.Time
	if s.Zone != nil {
		moment = moment.In(s.Zone)
	}
	return moment.Format("2006-01-02 15:04:05 MST")
}
