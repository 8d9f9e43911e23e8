package sys

import (
	"slices"
	"strings"
)

// secrecy says how sure a name makes it that its value is secret.
type secrecy int

const (
	notSecret secrecy = iota
	// maybeSecret names are words of every log too ("session: opened"): they count
	// where the text is plainly an assignment.
	maybeSecret
	surelySecret
)

// secretName judges the name of a variable, option, header or JSON key by its words.
func secretName(name string) secrecy {
	switch name {
	case "", "PWD", "OLDPWD":
		return notSecret
	}
	words := nameWords(name)
	joined := strings.Join(words, "")
	for _, part := range []string{
		"secret", "password", "passwd", "passphrase", "credential", "passcode", "apikey", "privatekey", "accesskey", "accountkey",
		"sharedkey", "signingkey", "encryptionkey", "masterkey", "authkey", "subscriptionkey", "functionskey",
	} {
		if strings.Contains(joined, part) {
			return surelySecret
		}
	}
	best := notSecret
	for _, word := range words {
		switch {
		case strings.HasSuffix(word, "token"), strings.HasSuffix(word, "pwd"), word == "tokens", word == "dsn", word == "jwt":
			return surelySecret
		case strings.HasSuffix(word, "auth"), strings.HasPrefix(word, "session"), strings.HasPrefix(word, "cookie"), strings.HasSuffix(word, "sessid"):
			best = maybeSecret
		case strings.HasSuffix(word, "pass") && word != "bypass" && word != "compass":
			best = maybeSecret
		case word == "authorization", word == "authentication", word == "pw", word == "creds", word == "salt", word == "signature", word == "bearer":
			best = maybeSecret
		}
	}
	if strings.HasSuffix(name, "_KEY") {
		return surelySecret
	}
	return best
}

// secretInQuery tells the names that are secret in a URL's query alone: Azure's signatures
// and function keys, Google's API keys, one-time codes of OAuth and others.
func secretInQuery(name string) bool {
	switch asciiLower(name) {
	case "sig", "code", "key", "hmac", "otp", "pw", "pin", "ticket", "samlresponse", "assertion", "access", "auth", "sid", "st", "jwt", "x-amz-signature":
		return true
	}
	return false
}

// nameWords splits at "_", "-" and ".", and where camelCase begins a word, in lower case.
func nameWords(name string) []string {
	var words []string
	var word []byte
	end := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = nil
		}
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '_' || c == '-' || c == '.':
			end()
			continue
		case isUpper(c) && i > 0 && !isUpper(name[i-1]):
			end()
		}
		if isUpper(c) {
			c += 'a' - 'A'
		}
		word = append(word, c)
	}
	end()
	return words
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

func isNameByte(c byte) bool {
	return c == '_' || c == '-' || c == '.' || isUpper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
}

// maskHeaders masks the values of the headers that carry credentials, to the end of the
// line or of the quotes that the header stands in, and "Bearer" credentials anywhere.
func maskHeaders(text string) string {
	lower := asciiLower(text)
	var out strings.Builder
	done := 0
	for _, from := range headerValues(text, lower) {
		if from < done {
			continue
		}
		from += len(lower[from:]) - len(strings.TrimLeft(lower[from:], " "))
		end := valueEnd(text, from, closingQuote(text, from), true)
		if end <= from || text[from:end] == Mask {
			continue
		}
		out.WriteString(text[done:from] + Mask)
		done = end
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// headerValues lists, in order, the offsets at which such a header's value begins.
func headerValues(text, lower string) []int {
	if !slices.ContainsFunc([]string{"authorization", "cookie", "bearer ", "basic "}, func(part string) bool { return strings.Contains(lower, part) }) {
		return nil
	}
	var offsets []int
	for i := range len(lower) {
		rest := lower[i:]
		switch {
		case strings.HasPrefix(rest, "authorization:"):
			offsets = append(offsets, i+len("authorization:"))
		case strings.HasPrefix(rest, "cookie:"):
			offsets = append(offsets, i+len("cookie:"))
		case strings.HasPrefix(rest, "authorization basic "), strings.HasPrefix(rest, `authorization "basic `):
			offsets = append(offsets, i+strings.Index(rest, "basic ")+len("basic "))
		case strings.HasPrefix(rest, "basic ") && isBasic(text[i+len("basic "):][:runOf(text[i+len("basic "):], "+/=")]):
			offsets = append(offsets, i+len("basic "))
		case strings.HasPrefix(rest, "bearer ") && len(rest) > 16 && strings.ContainsAny(rest[7:16], "0123456789._-"):
			offsets = append(offsets, i+len("bearer "))
		}
	}
	return offsets
}

// closingQuote is the quote that encloses the word in front of an offset, or 0.
func closingQuote(text string, from int) byte {
	line := text[strings.LastIndexByte(text[:from], '\n')+1 : from]
	for i := len(line) - 1; i >= 0 && len(line)-i < 32; i-- {
		if line[i] == '"' || line[i] == '\'' {
			return line[i]
		}
	}
	return 0
}

// valueEnd is where a value that begins at from ends: at the quote that encloses it, else
// at the end of the line, or, where the value is not the whole line, at the next blank.
func valueEnd(text string, from int, quote byte, wholeLine bool) int {
	rest := text[from:]
	if end := strings.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	if quote != 0 {
		if end := strings.IndexByte(rest, quote); end >= 0 {
			return from + end
		}
		return from + len(rest)
	}
	if !wholeLine {
		if end := strings.IndexAny(rest, " \"'`"); end >= 0 {
			return from + end
		}
	}
	return from + len(rest)
}

// asciiLower keeps every offset, which strings.ToLower does not.
func asciiLower(text string) string {
	if !slices.ContainsFunc([]byte(text), isUpper) {
		return text
	}
	lower := []byte(text)
	for i, c := range lower {
		if isUpper(c) {
			lower[i] = c + 'a' - 'A'
		}
	}
	return string(lower)
}
