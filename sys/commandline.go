package sys

import (
	"strings"
	"unicode"
)

// CommandLine writes an argument vector as a line that a shell would read back as that
// vector. Characters that a terminal would act on are shown by their code, not sent.
func CommandLine(argv []string) string {
	quoted := make([]string, 0, len(argv))
	for _, argument := range argv {
		quoted = append(quoted, Quote(argument))
	}
	return strings.Join(quoted, " ")
}

// Typed is a line for a person to type or paste: names from the box stand in it as words
// of a shell, so that one made up to be a command of its own is none.
func Typed(format string, arguments ...any) Text {
	words := make([]any, len(arguments))
	for index, argument := range arguments {
		switch value := argument.(type) {
		case string:
			words[index] = Quote(value)
		case Text:
			words[index] = Quote(string(value))
		default:
			words[index] = argument
		}
	}
	return Textf(format, words...)
}

// Quote writes one argument as a shell would read it back.
func Quote(argument string) string {
	switch {
	case argument == "":
		return "''"
	case strings.ContainsFunc(argument, unprintable):
		return ansiC(argument)
	case strings.ContainsFunc(argument, special):
		return "'" + strings.ReplaceAll(argument, "'", `'\''`) + "'"
	}
	return argument
}

// special tells the characters that may stand bare in a word from all others.
func special(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-./:@%+=,", r)
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }

// ansiC writes $'…', byte by byte where a character is not printable.
func ansiC(argument string) string {
	const hexadecimal = "0123456789abcdef"
	var quoted strings.Builder
	quoted.WriteString("$'")
	for at, r := range argument {
		switch {
		case r == '\'' || r == '\\':
			quoted.WriteByte('\\')
			quoted.WriteRune(r)
		case !unprintable(r):
			quoted.WriteRune(r)
		default:
			width := 1
			if r != unicode.ReplacementChar {
				width = len(string(r))
			} else if strings.HasPrefix(argument[at:], string(unicode.ReplacementChar)) {
				width = len(string(unicode.ReplacementChar))
			}
			for _, b := range []byte(argument[at : at+width]) {
				quoted.WriteString(`\x`)
				quoted.WriteByte(hexadecimal[b>>4])
				quoted.WriteByte(hexadecimal[b&15])
			}
		}
	}
	quoted.WriteByte('\'')
	return quoted.String()
}
