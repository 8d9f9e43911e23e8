// Package layout fits text into the columns of a terminal. It counts what is seen
// (grapheme clusters and wide characters), never bytes.
//
// It knows nothing of the project but how a hash looks. Begin with Wrap.
package layout

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Width is how many columns text takes.
func Width(text string) int { return ansi.StringWidth(text) }

// Plain is text without its paint.
func Plain(text string) string { return ansi.Strip(text) }

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

// wrapLine walks over the text once: logs have lines of thousands of characters.
func wrapLine(text string, width int) []string {
	var lines []string
	text = strings.TrimRight(text, " ")
	for {
		at := fits(text, width)
		if at == len(text) {
			break
		}
		at = breakAt(text, at)
		lines = append(lines, strings.TrimRight(text[:at], " "))
		text = strings.TrimLeft(text[at:], " ")
	}
	if text == "" && len(lines) > 0 {
		return lines
	}
	return append(lines, text)
}

// fits is how many bytes of text go into width columns; of text that does not fit, one
// grapheme cluster at least, as it has to stand somewhere.
func fits(text string, width int) int {
	at, columns := 0, 0
	for at < len(text) {
		size, wide := 1, 1
		if text[at] >= utf8.RuneSelf || at+1 < len(text) && text[at+1] >= utf8.RuneSelf {
			cluster, columns := ansi.FirstGraphemeCluster(text[at:], ansi.GraphemeWidth)
			size, wide = len(cluster), columns
		}
		if columns += wide; columns > width && at > 0 {
			return at
		}
		at += max(size, 1)
	}
	return at
}

// breakAt is where to end a line of which at bytes would fit.
func breakAt(text string, at int) int {
	space := strings.LastIndexByte(text[:at+1], ' ')
	if space > 0 && strings.TrimLeft(text[:space], " ") != "" {
		return space
	}
	if slash := strings.LastIndexByte(text[:at], '/'); slash > at/2 {
		return slash + 1
	}
	return at
}

// Hash shortens a word that is nothing but a long hash to what tells it apart; any other
// text is left as it is.
func Hash(word string) string {
	const long, enough = 32, 12
	if len(word) >= long && strings.Trim(word, "0123456789abcdef") == "" {
		return word[:enough]
	}
	return word
}
