package sys

import "strings"

// maskOptions masks the word after "--token" and its like, also where each word stands in
// quotes of its own.
func maskOptions(text string) string {
	var out strings.Builder
	done := 0
	for at := 0; at < len(text); {
		step := strings.IndexByte(text[at:], '-')
		if step < 0 {
			break
		}
		begin := at + step
		at = begin
		for at < len(text) && text[at] == '-' {
			at++
		}
		dashes := at - begin
		for at < len(text) && isNameByte(text[at]) {
			at++
		}
		if dashes == 1 && begin > 0 && isNameByte(text[begin-1]) || !secretOption(text[begin:at]) {
			continue
		}
		from, end := optionValue(text, at)
		if end > from && from >= done {
			out.WriteString(text[done:from] + Mask)
			done, at = end, end
		}
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// optionValue is the word behind an option that ends at an offset; end is 0 for none.
func optionValue(text string, at int) (from, end int) {
	from = at
	for from < len(text) && strings.IndexByte("\"', ", text[from]) >= 0 {
		from++
	}
	between := text[at:from]
	if from == len(text) || text[from] == '-' || text[from] == '\n' || !strings.ContainsAny(between, " ,") {
		return 0, 0
	}
	switch opened := isQuote(between[0]); {
	case isQuote(text[from-1]):
		return worthMasking(text, from, quotedEnd(text, from, text[from-1]))
	case opened || strings.Trim(between, " ") != "":
		return 0, 0
	}
	return worthMasking(text, from, valueEnd(text, from, 0, false))
}

func optionWantsSecret(argument string) bool {
	return !strings.Contains(argument, "=") && secretOption(argument)
}

// secretOption tells whether an option, dashes included, is named like a secret; one with a
// single dash only where nothing else has such a name.
func secretOption(option string) bool {
	const shortest, long = 4, 6
	name := strings.TrimLeft(option, "-")
	sure := secretName(name)
	switch len(option) - len(name) {
	case 0:
		return false
	case 1:
		return len(name) >= shortest && sure == surelySecret || len(name) >= long && sure == maybeSecret
	}
	return sure != notSecret
}
