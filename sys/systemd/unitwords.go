package systemd

import (
	"errors"
	"strings"
)

// SplitUnitWords splits a value into words by systemd's quoting rules
// (systemd.syntax(7), "QUOTING"); specifiers and variables are left as they are.
func SplitUnitWords(value string) ([]string, error) {
	words := []string{}
	var word strings.Builder
	inWord, quote := false, byte(0)
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '\\' && i+1 < len(value):
			text, length := unescapeC(value[i+1:])
			word.WriteString(text)
			inWord = true
			i += length
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, inWord = c, true
		case quote == 0 && isBlank(c):
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if quote != 0 {
		return words, errors.New("a quote is not closed")
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
