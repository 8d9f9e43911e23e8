package theme

import (
	"strings"

	"flasktui/steps/report"
)

// Glyphs are the marks and lines of one run, each one cell wide but Ellipsis and Arrow.
type Glyphs struct {
	Cursor   string
	Ellipsis string
	Arrow    string
	Rule     string
	// Rail joins the hops of the request path; Gap is the rail past the broken hop.
	Rail, Break, Gap string
	// JoinTop and JoinBottom are the ends of a line at the right that joins two others.
	JoinTop, JoinBottom string
	// Passes is the mark of a hop that works, and hands on what it gets from a broken one.
	Passes string
	// Keys are the arrow keys, as hints name them.
	UpDown, LeftRight string
	marks             map[report.Status]string
}

var unicodeGlyphs = Glyphs{
	Cursor: ">", Ellipsis: "…", Arrow: "→", Rule: "─",
	JoinTop: "┐", JoinBottom: "┘", Passes: "↑", Rail: "│", Break: "╳", Gap: "╎",
	UpDown: "↑↓", LeftRight: "←→",
	marks: map[report.Status]string{
		report.OK: "✓", report.Warn: "!", report.Fail: "✗",
		report.Unknown: "?", report.Skipped: "–", report.Pending: "·",
	},
}

var asciiGlyphs = Glyphs{
	Cursor: ">", Ellipsis: "...", Arrow: "->", Rule: "-",
	JoinTop: "+", JoinBottom: "+", Passes: "^", Rail: "|", Break: "X", Gap: ":",
	UpDown: "up/down", LeftRight: "left/right",
	marks: map[report.Status]string{
		report.OK: "+", report.Warn: "!", report.Fail: "x",
		report.Unknown: "?", report.Skipped: "-", report.Pending: ".",
	},
}

func (g Glyphs) mark(status report.Status) string {
	if mark, known := g.marks[status]; known {
		return mark
	}
	return g.marks[report.Unknown]
}

// asciiFolds are the typographic characters of our own sentences; letters are left
// alone, they are somebody's names.
var asciiFolds = strings.NewReplacer("→", "->", "←", "<-", "…", "...", "–", "-", "—", "-",
	"×", "x", "·", "-", "’", "'", "‘", "'", "“", `"`, "”", `"`, "≥", ">=", "≤", "<=",
	"✓", "+", "✗", "x", "↑", "up", "↓", "down", "\u00a0", " ")

// Fold gives text in characters that this run may show.
func (t *Theme) Fold(text string) string {
	if !t.ascii {
		return text
	}
	return asciiFolds.Replace(text)
}
