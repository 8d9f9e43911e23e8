package sys

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi" //nolint:depguard // its parser of escape sequences alone; nothing is drawn here
)

// Text is text that is safe to show: no escape sequences, no control characters but
// newline, no bidirectional or zero-width characters, bounded lines, secrets masked.
// Text made from anything that was read from a machine comes from Safe or Textf alone;
// only the project's own constants are converted directly.
type Text string

// Bounds of a Text. A line or text is cut only when it is longer by textSlack, so that
// masking a word that the cut went through cannot make it too long again: Safe of a Text
// is that Text.
const (
	maxLineRunes = 4096
	maxTextBytes = 256 << 10
	textSlack    = 64
	cutMark      = "…"
	tabSpaces    = "    "
)

// Safe makes what a machine said showable.
func Safe(raw string) Text {
	if len(raw) > 2*maxTextBytes {
		raw = raw[:2*maxTextBytes] + cutMark
	}
	text := redact(revealed(showable(raw)))
	if cut := bounded(text); cut != text {
		text = redact(cut)
	}
	return Text(text)
}

// Textf is fmt.Sprintf with every string, error, Stringer and []string argument made
// Safe first. The whole is made Safe again, so that a key and its value that meet only
// in the format are seen together.
func Textf(format string, arguments ...any) Text {
	safe := make([]any, len(arguments))
	for i, argument := range arguments {
		safe[i] = safeArgument(argument)
	}
	return Safe(fmt.Sprintf(format, safe...))
}

func (t Text) String() string { return string(t) }

// Span is a time that passes, in the one unit that tells it best.
func Span(passed time.Duration) Text {
	const day = 24 * time.Hour
	switch {
	case passed < 2*time.Minute:
		return Textf("%d s", int(passed.Seconds()))
	case passed < 2*time.Hour:
		return Textf("%d min", int(passed.Round(time.Minute).Minutes()))
	case passed < 2*day:
		return Textf("%d h", int(passed.Round(time.Hour).Hours()))
	}
	return Textf("%d days", int(passed.Round(day)/day))
}

func safeArgument(argument any) any {
	switch value := argument.(type) {
	case Text:
		return string(value)
	case string:
		return string(Safe(value))
	case []byte:
		return string(Safe(string(value)))
	case []string:
		list := make([]string, len(value))
		for i, element := range value {
			list[i] = string(Safe(element))
		}
		return list
	case time.Time, time.Duration:
		// Stringers too, but their own verbs must keep working.
		return argument
	case error, fmt.Stringer:
		// Sprint rather than the method: it survives a nil receiver.
		return string(Safe(fmt.Sprint(value)))
	default:
		return argument
	}
}

// showable removes or shows everything that a terminal would act on. It works line by
// line, so that an escape sequence without an end hides no more than its own line.
func showable(raw string) string {
	if plain(raw) {
		return raw
	}
	raw = strings.ToValidUTF8(raw, "\uFFFD")
	raw = strings.ReplaceAll(raw, "\r\n", "\n")
	raw = strings.ReplaceAll(raw, "\r", "\n")
	var out strings.Builder
	out.Grow(len(raw))
	for i, line := range strings.Split(raw, "\n") {
		if i > 0 {
			out.WriteByte('\n')
		}
		if strings.ContainsRune(line, '\x1b') {
			line = ansi.Strip(line)
		}
		for _, r := range line {
			writeShowable(&out, r)
		}
	}
	return out.String()
}

func writeShowable(out *strings.Builder, r rune) {
	switch {
	case r == '\t':
		out.WriteString(tabSpaces)
	case unicode.IsControl(r):
	case hidden(r):
		fmt.Fprintf(out, "<U+%04X>", r)
	default:
		out.WriteRune(r)
	}
}

// plain is the common case, printable ASCII, which needs no work.
func plain(raw string) bool {
	for i := range len(raw) {
		if c := raw[i]; (c < 0x20 && c != '\n') || c > 0x7e {
			return false
		}
	}
	return true
}

// hidden characters change how others are read, or take no room at all: bidirectional
// controls, zero-width and other format characters, separators that some terminals break
// lines at, and the fillers that look like nothing.
func hidden(r rune) bool {
	switch r {
	case 0x2028, 0x2029, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0:
		return true
	}
	return unicode.Is(unicode.Cf, r) || (r >= 0xFE00 && r <= 0xFE0F) || (r >= 0xE0000 && r <= 0xE0FFF)
}

// bounded cuts long lines and then a long text, each with a visible mark.
func bounded(text string) string {
	if len(text) <= maxLineRunes {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if len(line) > maxLineRunes+textSlack && utf8.RuneCountInString(line) > maxLineRunes+textSlack {
			lines[i] = firstRunes(line, maxLineRunes) + cutMark
		}
	}
	text = strings.Join(lines, "\n")
	if len(text) > maxTextBytes+textSlack {
		text = strings.ToValidUTF8(text[:maxTextBytes], "") + cutMark
	}
	return text
}

func firstRunes(line string, count int) string {
	for i := range line {
		if count == 0 {
			return line[:i]
		}
		count--
	}
	return line
}
