// Package layout fits text into the columns of a terminal. It counts what is seen
// (grapheme clusters and wide characters), never bytes.
package layout

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Width is how many columns text takes.
func Width(text string) int { return ansi.StringWidth(text) }

// Pad fills text up to a width; longer text is left as it is.
func Pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}

// End cuts text that is longer than width at its end: for sentences.
func End(text string, width int, ellipsis string) string {
	switch {
	case width <= 0:
		return ""
	case Width(text) <= width:
		return text
	case width <= Width(ellipsis):
		return ansi.Truncate(text, width, "")
	}
	return ansi.Truncate(text, width, ellipsis)
}

// Middle cuts text that is longer than width in its middle: for names and paths, whose
// both ends tell them apart. The end gets the odd column, as it tells more.
func Middle(text string, width int, ellipsis string) string {
	total, room := Width(text), width-Width(ellipsis)
	switch {
	case width <= 0:
		return ""
	case total <= width:
		return text
	case room < 2:
		return ansi.Truncate(text, width, "")
	}
	head := ansi.Truncate(text, room/2, "")
	tail := ansi.TruncateLeft(text, total-(room-room/2), "")
	return head + ellipsis + tail
}

// Wrap breaks text into lines of at most width columns: at spaces, and within a word that
// is longer than a line after a slash, else anywhere. Spaces within a line are kept, as
// they may align something; a hyphen is no place to break, as it may begin an option. It
// gives at least one line, and takes plain text: paint what it returns.
func Wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = append(lines, wrapLine(paragraph, max(width, 1))...)
	}
	return lines
}

func wrapLine(text string, width int) []string {
	var lines []string
	text = strings.TrimRight(text, " ")
	for Width(text) > width {
		head := ansi.Truncate(text, width, "")
		if head == "" {
			// A character wider than the line: it has to stand somewhere.
			head = ansi.Truncate(text, 2, "")
			if head == "" {
				break
			}
		}
		at := len(head)
		switch space := strings.LastIndexByte(text[:min(at+1, len(text))], ' '); {
		case space > 0 && strings.TrimLeft(text[:space], " ") != "":
			at = space
		default:
			if slash := strings.LastIndexByte(head, '/'); slash > len(head)/2 {
				at = slash + 1
			}
		}
		lines = append(lines, strings.TrimRight(text[:at], " "))
		text = strings.TrimLeft(text[at:], " ")
	}
	return append(lines, text)
}
