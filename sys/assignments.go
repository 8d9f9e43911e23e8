package sys

import "strings"

// maskAssignments masks the value in KEY=value, key: value, "key": "value",
// config['KEY'] = 'value' and ?key=value, where the name says that it is secret.
func maskAssignments(text string) string {
	var out strings.Builder
	done := 0
	for at := 0; at < len(text); at++ {
		step := strings.IndexAny(text[at:], "=:,>%")
		if step < 0 {
			break
		}
		at += step
		from, end := secretValue(text, at)
		if end <= from || from < done {
			continue
		}
		out.WriteString(text[done:from] + Mask)
		done = end
		at = end - 1
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// secretValue finds the value that belongs to the "=" or ":" at an offset, or to what else
// may stand for one of them there; end is 0 where it is not secret.
func secretValue(text string, separator int) (from, end int) {
	switch text[separator] {
	case ',':
		return secretArgument(text, separator)
	case '>':
		return secretElement(text, separator)
	case '%':
		return secretEncoded(text, separator)
	}
	name, start, quoted := nameBefore(text, separator)
	sure := secretName(name)
	if sure == notSecret && (inQuery(text, start) && secretInQuery(name) && !isStatus(text[separator+1:]) || asciiLower(name) == "value" && namedSecret(text, start)) {
		sure = surelySecret
	}
	plainColon := text[separator] == ':' && !quoted && !strings.HasPrefix(text[separator:], ":=")
	if sure == notSecret || plainColon && (sure == maybeSecret || isFileName(name)) {
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
	from += stringPrefix(text[from:])
	if from < len(text) && isQuote(text[from]) {
		from++
		end = quotedEnd(text, from, text[from-1])
		return worthMasking(text, from, end)
	}
	if start > 0 && !quoted && (text[start-1] == '"' || text[start-1] == '\'') {
		// The quotes are around name and value.
		return worthMasking(text, from, valueEnd(text, from, text[start-1], true))
	}
	if asciiLower(name) == "pwd" && strings.HasPrefix(text[from:], "/") {
		return 0, 0 // the shell's word for where it stands
	}
	wholeLine := text[separator] == '=' && (start == 0 || text[start-1] == '\n') && !quoted
	end = valueEnd(text, from, 0, wholeLine)
	if inQuery(text, start) {
		if next := strings.IndexAny(text[from:end], "&#"); next >= 0 {
			end = from + next
		}
	}
	return worthMasking(text, from, end)
}

// nameBefore reads the name that ends before an offset, passing over blanks, quotes, the
// bracket of an index and what makes a comparison of a "=".
func nameBefore(text string, end int) (name string, start int, quoted bool) {
	if end < len(text) && text[end] == '=' {
		for end > 0 && strings.IndexByte("!~*+?", text[end-1]) >= 0 {
			end--
		}
	}
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

// isFileName tells a file's name, behind which a ":" begins the number of a line.
func isFileName(name string) bool {
	for _, ending := range []string{".py", ".conf", ".js", ".sh", ".yml", ".yaml", ".json", ".ini", ".cfg", ".service", ".log", ".txt", ".toml", ".html", ".go", ".rb", ".php"} {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return false
}

// inQuery tells whether a name stands in a URL's query.
func inQuery(text string, start int) bool {
	return start > 0 && (text[start-1] == '?' || text[start-1] == '&' || strings.HasSuffix(text[:start], "&amp;"))
}

// isStatus tells a number as short as an HTTP status, which many a query names a code.
func isStatus(value string) bool {
	const longest = 3
	digits := 0
	for digits < len(value) && value[digits] >= '0' && value[digits] <= '9' {
		digits++
	}
	return digits <= longest && (digits == len(value) || digits > 0 && !isNameByte(value[digits]))
}

// namedSecret tells of a "value" whether the "name" just before it, in the same entry of a
// list, is a secret's: {"name": "DB_PASSWORD", "value": …}.
func namedSecret(text string, start int) bool {
	const near = 120
	before := text[max(0, start-near):start]
	if end := strings.LastIndexByte(before, '}'); end >= 0 {
		before = before[end:]
	}
	at := strings.LastIndex(asciiLower(before), "name")
	if at < 0 {
		return false
	}
	name := strings.TrimLeft(before[at+len("name"):], "\"'\\:= ")
	end := 0
	for end < len(name) && isNameByte(name[end]) {
		end++
	}
	return secretName(name[:end]) == surelySecret
}

// stringPrefix is the length of what Python writes before the quotes of a string (b'…').
func stringPrefix(text string) int {
	const longest = 2
	for length := 1; length <= longest && length < len(text) && strings.IndexByte("bBrRuUfF", text[length-1]) >= 0; length++ {
		if isQuote(text[length]) {
			return length
		}
	}
	return 0
}

// secretArgument is the value in ("SECRET_KEY", "value"), as code passes it.
func secretArgument(text string, comma int) (from, end int) {
	name, _, quoted := nameBefore(text, comma)
	if !quoted || comma == 0 || !isQuote(text[comma-1]) || secretName(name) != surelySecret {
		return 0, 0
	}
	from = comma + 1
	for from < len(text) && text[from] == ' ' {
		from++
	}
	from += stringPrefix(text[from:])
	if from == len(text) || !isQuote(text[from]) {
		return 0, 0
	}
	return worthMasking(text, from+1, quotedEnd(text, from+1, text[from]))
}

// secretElement is the value in <password>value</password>.
func secretElement(text string, closing int) (from, end int) {
	name, start, _ := nameBefore(text, closing)
	if start == 0 || text[start-1] != '<' || start+len(name) != closing || secretName(name) == notSecret {
		return 0, 0
	}
	from = closing + 1
	end = strings.IndexAny(text[from:], "<\n")
	if end < 0 {
		end = len(text) - from
	}
	return worthMasking(text, from, from+end)
}

// secretEncoded is the value in "token%3Dvalue", a query inside of another one.
func secretEncoded(text string, percent int) (from, end int) {
	if !strings.HasPrefix(asciiLower(text[percent:min(percent+3, len(text))]), "%3d") {
		return 0, 0
	}
	name, _, quoted := nameBefore(text, percent)
	if at := strings.LastIndexByte(name, '%'); at >= 0 {
		name = name[at:]
	}
	// What comes before the name is encoded too: "%3Ftoken", "%26token".
	for _, before := range []string{"3F", "3f", "26"} {
		name = strings.TrimPrefix(name, before)
	}
	if quoted || secretName(name) == notSecret && !secretInQuery(name) {
		return 0, 0
	}
	from = percent + len("%3d")
	end = from
	for end < len(text) && strings.IndexByte(" \n\"'<>`&", text[end]) < 0 && !strings.HasPrefix(text[end:], "%26") {
		end++
	}
	return worthMasking(text, from, end)
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
	switch value {
	case "", Mask, "\\", "|", ">", "|-", ">-", "|+", ">+":
		// The last ones say that the value stands in the lines below.
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
