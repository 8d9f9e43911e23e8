package systemd

import (
	"strconv"
	"strings"
)

// shownCommands reads one or more of
//
//	{ path=/bin/x ; argv[]=/bin/x --y ; ignore_errors=no ; start_time=[…] ; … }
//
// as systemctl prints them.
func shownCommands(value string) [][]string {
	commands := [][]string{}
	for value != "" {
		_, rest, ok := strings.Cut(value, "argv[]=")
		if !ok {
			break
		}
		argv, rest, ok := strings.Cut(rest, " ; ignore_errors=")
		if !ok {
			break
		}
		commands = append(commands, strings.Fields(argv))
		_, value, _ = strings.Cut(rest, " }")
	}
	return commands
}

// splitShown splits a list of strings as systemctl prints it: separated by blanks, each
// that needs it in double quotes, or in some versions as $'…', both with C escapes.
func splitShown(value string) []string {
	words := []string{}
	for {
		value = strings.TrimLeft(value, " ")
		if value == "" {
			return words
		}
		var word string
		switch {
		case value[0] == '"':
			word, value = shownQuoted(value[1:], '"')
		case strings.HasPrefix(value, "$'"):
			word, value = shownQuoted(value[2:], '\'')
		default:
			word, value, _ = strings.Cut(value, " ")
		}
		words = append(words, word)
	}
}

// shownQuoted reads up to the closing quote and returns what follows it.
func shownQuoted(value string, quote byte) (word, rest string) {
	var out strings.Builder
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == quote:
			return out.String(), value[i+1:]
		case c == '\\' && i+1 < len(value) && (value[i+1] == '$' || value[i+1] == '`'):
			i++
			out.WriteByte(value[i])
		case c == '\\' && i+1 < len(value):
			text, length := unescapeC(value[i+1:])
			out.WriteString(text)
			i += length
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), ""
}

// unescapeC reads the escape behind a backslash (systemd.syntax(7), "Supported escapes")
// and returns how long it is. An escape that is not known stays with its backslash.
func unescapeC(rest string) (text string, length int) {
	const simple = "abfnrtvs\\\"'"
	const meaning = "\a\b\f\n\r\t\v \\\"'"
	if at := strings.IndexByte(simple, rest[0]); at >= 0 {
		return meaning[at : at+1], 1
	}
	number := func(skip, digits, base int) (string, int) {
		if len(rest) < skip+digits {
			return "\\" + rest[:1], 1
		}
		code, err := strconv.ParseUint(rest[skip:skip+digits], base, 32)
		if err != nil || code == 0 {
			return "\\" + rest[:1], 1
		}
		if digits <= 3 {
			return string([]byte{byte(code)}), skip + digits //nolint:gosec // two hexadecimal or three octal digits
		}
		return string(rune(code)), skip + digits //nolint:gosec // an invalid rune becomes U+FFFD
	}
	switch c := rest[0]; {
	case c == 'x':
		return number(1, 2, 16)
	case c == 'u':
		return number(1, 4, 16)
	case c == 'U':
		return number(1, 8, 16)
	case c >= '0' && c <= '3':
		return number(0, 3, 8)
	}
	return "\\" + rest[:1], 1
}
