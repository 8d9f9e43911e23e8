package theme

import (
	"strings"

	"flasktui/steps"
)

// Glyphs are the marks and lines of one run, each one cell wide but Ellipsis and Arrow.
type Glyphs struct {
	Cursor   string
	Ellipsis string
	Arrow    string
	Rule     string
	// Rail joins the hops of the request path; Gap is the rail past the broken hop.
	Rail, Break, Gap string
	// Keys are the arrow keys, as hints name them.
	UpDown, LeftRight string
	marks             map[steps.Status]string
}

var unicodeGlyphs = Glyphs{
	Cursor: ">", Ellipsis: "…", Arrow: "→", Rule: "─",
	Rail: "│", Break: "╳", Gap: "╎",
	UpDown: "↑↓", LeftRight: "←→",
	marks: map[steps.Status]string{
		steps.OK: "✓", steps.Warn: "!", steps.Fail: "✗",
		steps.Unknown: "?", steps.Skipped: "–", steps.Pending: "·",
	},
}

var asciiGlyphs = Glyphs{
	Cursor: ">", Ellipsis: "...", Arrow: "->", Rule: "-",
	Rail: "|", Break: "X", Gap: ":",
	UpDown: "up/down", LeftRight: "left/right",
	marks: map[steps.Status]string{
		steps.OK: "+", steps.Warn: "!", steps.Fail: "x",
		steps.Unknown: "?", steps.Skipped: "-", steps.Pending: ".",
	},
}

func (g Glyphs) mark(status steps.Status) string {
	if mark, known := g.marks[status]; known {
		return mark
	}
	return g.marks[steps.Unknown]
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
