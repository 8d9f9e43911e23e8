package sys

import (
	"slices"
	"strings"
)

// maskDirectives masks values that stand behind their name without a "=" or ":": parameters,
// headers and variables of Nginx, Apache, HAProxy and Caddy, and ENV of a Dockerfile.
func maskDirectives(text string) string {
	return eachLineMasked(text, mayHoldDirective, func(words []textWord) {
		for index := range words {
			name, value := directiveName(words, index)
			if value < len(words) && (name == "" || secretName(strings.TrimPrefix(name, "$")) != notSecret) && !isReference(words[value].text) {
				words[value].mask(0)
				for value++; strings.HasPrefix(words[index].text, "ENV") && value < len(words); value++ {
					words[value].mask(0)
				}
			}
		}
	})
}

// mayHoldDirective is the cheap look whether a line may hold one of them, with a name that
// may be a secret's.
func mayHoldDirective(line string) bool {
	return slices.ContainsFunc([]string{"_param", "eader", "set $", "SetEnv", "setenv", "ENV ", "ARG ", "secure_link_secret", "add_trailer"}, func(part string) bool { return strings.Contains(line, part) })
}

// directiveName is the name that a directive gives a value to, and at which word that
// value stands; at none where the word is no such directive. The name is empty where the
// directive itself says that its value is secret.
func directiveName(words []textWord, index int) (name string, value int) {
	at := func(offset int) string {
		if index+offset < len(words) {
			return words[index+offset].text
		}
		return ""
	}
	switch word := at(0); {
	case word == "secure_link_secret":
		return "", index + 1
	case strings.HasSuffix(word, "_param"), strings.HasSuffix(word, "_set_header"), strings.HasSuffix(word, "-header"):
		return at(1), index + 2
	case word == "add_header", word == "add_trailer", word == "header_up", word == "header_down", word == "SetEnv", word == "setenv", word == "ENV", word == "ARG":
		return at(1), index + 2
	case word == "RequestHeader", word == "Header":
		return at(2), index + 3
	case word == "set" && strings.HasPrefix(at(1), "$"):
		return at(1), index + 2
	}
	return "", len(words)
}
