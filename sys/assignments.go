package sys

import "strings"

// maskAssignments masks the value in KEY=value, key: value, "key": "value",
// config['KEY'] = 'value' and ?key=value, where the name says that it is secret.
func maskAssignments(text string) string {
	var out strings.Builder
	done := 0
	for at := 0; at < len(text); at++ {
		step := strings.IndexAny(text[at:], "=:")
		if step < 0 {
			break
		}
		at += step
		from, end := secretValue(text, at)
		if end <= from || from < done {
			continue
		}
		out.WriteString(text[done:from] + mask)
		done = end
		at = end - 1
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// secretValue finds the value that belongs to the "=" or ":" at an offset; end is 0 where
// it is not secret.
func secretValue(text string, separator int) (from, end int) {
	name, start, quoted := nameBefore(text, separator)
	sure := secretName(name)
	plainColon := text[separator] == ':' && !quoted && !strings.HasPrefix(text[separator:], ":=")
	if sure == notSecret || (sure == maybeSecret && plainColon) {
		return 0, 0
	}
	from = separator + 1
	for from < len(text) && strings.IndexByte("=>~", text[from]) >= 0 {
		from++
	}
	for from < len(text) && text[from] == ' ' {
		from++
	}
	// JSON inside a JSON string writes its quotes as \".
	for from < len(text) && text[from] == '\\' {
		from++
	}
	if from < len(text) && (text[from] == '"' || text[from] == '\'') {
		from++
		end = quotedEnd(text, from, text[from-1])
		return worthMasking(text, from, end)
	}
	if start > 0 && !quoted && (text[start-1] == '"' || text[start-1] == '\'') {
		// The quotes are around name and value.
		return worthMasking(text, from, valueEnd(text, from, text[start-1], true))
	}
	wholeLine := text[separator] == '=' && (start == 0 || text[start-1] == '\n') && !quoted
	end = valueEnd(text, from, 0, wholeLine)
	if start > 0 && (text[start-1] == '?' || text[start-1] == '&') {
		if next := strings.IndexAny(text[from:end], "&#"); next >= 0 {
			end = from + next
		}
	}
	return worthMasking(text, from, end)
}

// nameBefore reads the name that ends before an offset, passing over blanks, quotes and
// the bracket of an index.
func nameBefore(text string, end int) (name string, start int, quoted bool) {
	for end > 0 && text[end-1] == ' ' {
		end--
	}
	for end > 0 && strings.IndexByte("\"'\\]", text[end-1]) >= 0 {
		quoted = true
		end--
	}
	start = end
	for start > 0 && isNameByte(text[start-1]) {
		start--
	}
	return strings.TrimLeft(text[start:end], "-"), start, quoted
}

// quotedEnd is the offset of the closing quote on the same line, else the line's end.
func quotedEnd(text string, from int, quote byte) int {
	for i := from; i < len(text); i++ {
		switch {
		case text[i] == '\n':
			return i
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == quote && from >= 2 && text[from-2] == '\\':
			return i
		case text[i] == '\\' && i+1 < len(text) && text[i+1] != '\n':
			i++
		case text[i] == quote && i+1 < len(text) && text[i+1] == quote:
			// YAML and SQL write a quote in quotes twice.
			i++
		case text[i] == quote:
			return i
		}
	}
	return len(text)
}

// worthMasking keeps what gives nothing away: nothing at all, and a reference to a
// variable, which is what a reader of a unit file wants to see.
func worthMasking(text string, from, end int) (int, int) {
	value := strings.TrimRight(text[from:max(from, end)], " ")
	if value == "" || value == mask {
		return 0, 0
	}
	if reference, ok := strings.CutPrefix(value, "$"); ok {
		reference = strings.TrimSuffix(strings.TrimPrefix(reference, "{"), "}")
		if reference != "" && strings.IndexFunc(reference, func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') }) < 0 {
			return 0, 0
		}
	}
	return from, end
}

// maskOptions masks the word after "--token" and its like.
func maskOptions(text string) string {
	var out strings.Builder
	done := 0
	for at := 0; at < len(text); {
		step := strings.Index(text[at:], "--")
		if step < 0 {
			break
		}
		at += step + 2
		name := at
		for at < len(text) && isNameByte(text[at]) {
			at++
		}
		if at >= len(text) || text[at] != ' ' || secretName(strings.TrimLeft(text[name:at], "-")) == notSecret {
			continue
		}
		from := at + len(text[at:]) - len(strings.TrimLeft(text[at:], " "))
		if from >= len(text) || text[from] == '-' || text[from] == '\n' {
			continue
		}
		end := valueEnd(text, from, 0, false)
		if text[from] == '"' || text[from] == '\'' {
			from++
			end = quotedEnd(text, from, text[from-1])
		}
		if from, end = worthMasking(text, from, end); end > from {
			out.WriteString(text[done:from] + mask)
			done, at = end, end
		}
	}
	out.WriteString(text[done:])
	return out.String()
}
