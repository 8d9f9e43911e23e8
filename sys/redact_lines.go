package sys

import (
	"strings"
	"unicode"
)

// awaited is how the value of a secret goes on in the lines behind its name.
type awaited int

const (
	awaitsNothing awaited = iota
	// awaitsWord: the next line is it, if it is one word.
	awaitsWord
	// awaitsRest: the line was continued with a backslash; the next one begins with it.
	awaitsRest
	// awaitsBlock: all lines that are indented deeper are it (YAML).
	awaitsBlock
)

// awaits tells whether a line ends behind the name of a secret, before its value.
func awaits(line string) awaited {
	bare := strings.TrimRight(line, " \n")
	if bare == "" || strings.IndexByte("=:\\|>-+", bare[len(bare)-1]) < 0 {
		return awaitsNothing
	}
	kind := awaitsWord
	if rest, continued := strings.CutSuffix(bare, "\\"); continued {
		bare, kind = strings.TrimRight(rest, " "), awaitsRest
	}
	for _, block := range []string{": |", ": >", ": |-", ": >-", ": |+", ": >+"} {
		if strings.HasSuffix(bare, block) {
			bare, kind = bare[:len(bare)-len(block)+1], awaitsBlock
			break
		}
	}
	if bare == "" {
		return awaitsNothing
	}
	if last := len(bare) - 1; bare[last] == '=' || bare[last] == ':' {
		name, _, quoted := nameBefore(bare, last)
		if sure := secretName(name); sure == surelySecret || sure == maybeSecret && (bare[last] == '=' || quoted) {
			return kind
		}
		return awaitsNothing
	}
	if word := bare[strings.LastIndexByte(bare, ' ')+1:]; kind == awaitsRest && secretOption(word) {
		return awaitsRest
	}
	return awaitsNothing
}

// maskLaterLines masks values that stand in the lines behind their name.
func maskLaterLines(text string) string {
	var out strings.Builder
	done, next := 0, 0
	kind, indent := awaitsNothing, 0
	for line := range strings.Lines(text) {
		begin := next
		next += len(line)
		if saysNothing(line) {
			continue
		}
		masked, isValue := kind.mask(line, indent)
		if masked != line {
			out.WriteString(text[done:begin] + masked)
			done = next
		}
		if kind != awaitsBlock || !isValue {
			kind = awaits(masked)
			indent = indentOf(masked)
		}
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// mask masks what is awaited in a line, and tells whether that was to be found in it.
func (kind awaited) mask(line string, indent int) (masked string, isValue bool) {
	head := logHead(line)
	content := strings.TrimSpace(line[head:])
	deeper := indentOf(line) > indent
	if content == "" || kind == awaitsNothing || kind == awaitsBlock && !deeper {
		return line, false
	}
	secret := content
	switch kind {
	case awaitsRest:
		bare := strings.TrimLeft(content, "\"'")
		secret = bare[:strings.IndexAny(bare+" ", " \"'")]
	case awaitsWord:
		secret = oneWord(content)
	}
	if secret = strings.Trim(secret, "\"'`"); secret == "" || secret == Mask || isReference(secret) {
		return line, kind == awaitsBlock
	}
	return line[:head] + strings.Replace(line[head:], secret, Mask, 1), true
}

// logHead is the length of what a log puts before a line that somebody wrote: the journal's
// "time name[process]: " and the "name | " of Compose.
func logHead(line string) int {
	const longest = 160
	begin := line[:min(len(line), longest)]
	if at := strings.Index(begin, "]: "); at >= 0 {
		return at + len("]: ")
	}
	if at := strings.Index(begin, " | "); at >= 0 {
		return at + len(" | ")
	}
	return 0
}

// saysNothing tells an empty line, and the marks that Python puts under each line of a
// traceback.
func saysNothing(line string) bool { return strings.Trim(line[logHead(line):], " ^~\n") == "" }

func indentOf(line string) int {
	said := line[logHead(line):]
	return len(said) - len(strings.TrimLeft(said, " "))
}

// oneWord is a value that stands alone in its line, or before the end of the string that it
// is in; empty for what else may follow an empty one: an assignment, a heading, a comment, a
// sentence.
func oneWord(content string) string {
	if len(content) > 1 && isQuote(content[0]) && content[len(content)-1] == content[0] {
		return content
	}
	word := content
	if quote := strings.IndexAny(content, "\"'`"); quote > 0 {
		word = content[:quote]
	}
	if strings.ContainsAny(word, " =") || strings.IndexByte("[#;{}<-|$", word[0]) >= 0 || word[len(word)-1] == ':' {
		return ""
	}
	return word
}

// revealed takes the marks of hidden characters, and blanks that are no plain ones, out of
// the lines in which they keep a secret from being seen as one.
func revealed(text string) string {
	if !strings.Contains(text, "<U+") && isASCII(text) {
		return text
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if bare := withoutHidden(line); bare != line && redact(bare) != bare {
			line = bare
		}
		out.WriteString(line)
	}
	return out.String()
}

func withoutHidden(line string) string {
	line = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, line)
	var out strings.Builder
	for {
		at := strings.Index(line, "<U+")
		if at < 0 {
			out.WriteString(line)
			return out.String()
		}
		digits := at + len("<U+")
		end := digits
		for end < len(line) && (line[end] >= '0' && line[end] <= '9' || line[end] >= 'A' && line[end] <= 'F') {
			end++
		}
		out.WriteString(line[:at])
		if end == digits || end == len(line) || line[end] != '>' {
			out.WriteString(line[at:digits])
			end = digits - 1
		}
		line = line[end+1:]
	}
}

func isASCII(text string) bool {
	for index := range len(text) {
		if text[index] >= 0x80 {
			return false
		}
	}
	return true
}

// LogLimit bounds what is read of a journal; a crash loop with tracebacks fits.
const LogLimit = 8 << 20

// LogLines leaves out journalctl's own remarks ("-- Boot … --", "-- No entries --").
func LogLines(raw string) []Text {
	var keys secretLines
	texts := []Text{}
	for line := range strings.Lines(raw) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "-- ") && strings.HasSuffix(line, " --") {
			continue
		}
		texts = append(texts, Safe(keys.line(line)))
	}
	return texts
}
