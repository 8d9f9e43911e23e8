package steps

import (
	"strings"

	"flasktui/sys"
)

// CommandLine writes an argument vector so that a person can read it and paste it into a
// shell: words that a shell would take apart are quoted.
func CommandLine(argv []string) sys.Text {
	words := make([]string, len(argv))
	for index, word := range argv {
		words[index] = quoted(word)
	}
	return sys.Textf("%s", strings.Join(words, " "))
}

func quoted(word string) string {
	plain := func(character rune) bool {
		return character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z' ||
			character >= '0' && character <= '9' || strings.ContainsRune("@%+=:,./-_", character)
	}
	if word != "" && strings.IndexFunc(word, func(character rune) bool { return !plain(character) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func splitLines(raw []byte) []string {
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}
