package layout

import "strings"

// WrapCommand breaks a command line as a shell does: between words, each line but the last
// ending with " \", so that what is selected and pasted is one command. A word that is longer
// than a line has to be broken anywhere, and then pastes as it stands, without its own break.
func WrapCommand(text string, width int) []string {
	const goesOn = ` \`
	text = strings.TrimRight(text, " ")
	if Width(text) <= width || width <= len(goesOn) || strings.Contains(text, "\n") {
		return Wrap(text, width)
	}
	var lines []string
	line := ""
	for _, word := range words(text) {
		switch {
		case line == "":
			line = word
		case Width(line)+1+Width(word)+len(goesOn) <= width:
			line += " " + word
		default:
			lines = append(lines, broken(line, width-len(goesOn), goesOn)...)
			line = word
		}
	}
	return append(lines, broken(line, width, "")...)
}

// broken is a line with its end; where one word of it is too long, in several pieces.
func broken(line string, width int, end string) []string {
	if Width(line) <= width {
		return []string{line + end}
	}
	pieces := Wrap(line, width)
	pieces[len(pieces)-1] += end
	return pieces
}

// words parts a command line at the spaces that stand in no quotes.
func words(text string) []string {
	var parts []string
	start, quote, escaped := 0, rune(0), false
	for i, r := range text {
		switch {
		case escaped:
			escaped = false
		case r == '\\' && quote != '\'':
			escaped = true
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == ' ':
			if i > start {
				parts = append(parts, text[start:i])
			}
			start = i + 1
		}
	}
	if start < len(text) {
		parts = append(parts, text[start:])
	}
	return parts
}
