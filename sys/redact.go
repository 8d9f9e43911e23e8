package sys

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Mask stands where a secret was.
const Mask = "***"

// redact masks what is secret by its shape (private keys, well-known kinds of tokens,
// credentials in URLs) or by the name it is given. A hash on its own, such as a git commit
// or an image id, has neither and stays readable.
//
// It looks at text that is already showable, so that an escape sequence cannot split a
// name that it knows. Masking over-reaches rather than under-reaches: a lost word of a log
// line costs less than a password on a shared screen.
func redact(text string) string {
	// What one rule masks may show another one a secret that it did not see.
	const rounds = 4
	for range rounds {
		masked := redactOnce(text)
		if masked == text {
			break
		}
		text = masked
	}
	return text
}

// redactOnce asks each rule only where the text has what the rule begins with: thousands of
// short texts are made safe in a look, and most hold no more than words and paths.
func redactOnce(text string) string {
	var has [256]bool
	for index := range len(text) {
		has[text[index]] = true
	}
	if has['-'] {
		text = maskPrivateKeys(text)
	}
	if has[':'] {
		text = maskUserinfo(text)
	}
	if has['@'] {
		text = maskLogons(text)
	}
	text = maskShapes(text)
	if has[':'] || has[' '] {
		text = maskHeaders(text)
	}
	if has['='] || has[':'] || has[','] || has['>'] || has['%'] {
		text = maskAssignments(text)
	}
	if has['-'] {
		text = maskOptions(text)
	}
	if has[' '] {
		text = maskDirectives(maskCommands(text))
	}
	if has['\n'] {
		text = maskLaterLines(text)
	}
	return text
}

// RedactArgv makes an argument vector showable. It knows more than Safe can of the joined
// words: where one argument ends, and that the one after "--token" is the token.
func RedactArgv(argv []string) []Text {
	safe := make([]Text, 0, len(argv))
	marks := commandSecrets(argv)
	before := ""
	for index, argument := range argv {
		switch from := marks[index]; {
		case optionWantsSecret(before) && argument != "" && !strings.HasPrefix(argument, "--"):
			safe = append(safe, Mask)
		case from >= 0 && from < len(argument):
			safe = append(safe, Safe(argument[:from])+Mask)
		default:
			safe = append(safe, Safe(argument))
		}
		if before = argument; marks[index] >= 0 {
			before = ""
		}
	}
	return safe
}

// Fingerprinter turns values into short names that tell only whether two values are the
// same. The key lives as long as the Fingerprinter, so that a saved fingerprint cannot be
// tried against a list of likely passwords.
type Fingerprinter struct{ key []byte }

// NewFingerprinter draws a key.
func NewFingerprinter() *Fingerprinter {
	key := make([]byte, 32)
	// crypto/rand.Read never fails since Go 1.24; it ends the program instead.
	_, _ = rand.Read(key)
	return &Fingerprinter{key: key}
}

// Of is the fingerprint of a value, in twelve hexadecimal digits.
func (f *Fingerprinter) Of(value string) string {
	sum := hmac.New(sha256.New, f.key)
	sum.Write([]byte(value))
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

const (
	keyBegin = "-----BEGIN "
	keyEnd   = "-----END "
	keyKind  = "PRIVATE KEY-----"
)

// maskPrivateKeys masks the lines of PEM private keys; one without an end is masked to
// the end of the text.
func maskPrivateKeys(text string) string {
	var out strings.Builder
	for {
		begin := privateKeyLine(text, keyBegin)
		if begin < 0 {
			out.WriteString(text)
			return out.String()
		}
		out.WriteString(text[:begin])
		out.WriteString("\n" + Mask)
		text = text[begin:]
		end := privateKeyLine(text, keyEnd)
		if end < 0 {
			return out.String()
		}
		out.WriteByte('\n')
		text = text[strings.LastIndex(text[:end], keyEnd):]
	}
}

// privateKeyLine finds "-----BEGIN … PRIVATE KEY-----" or its END and returns the offset
// behind it, or -1.
func privateKeyLine(text, marker string) int {
	for from := 0; ; {
		at := strings.Index(text[from:], marker)
		if at < 0 {
			return -1
		}
		from += at + len(marker)
		// The longest kind in use is "ENCRYPTED ".
		if kind := strings.Index(text[from:min(from+len(keyKind)+16, len(text))], keyKind); kind >= 0 {
			return from + kind + len(keyKind)
		}
	}
}

// secretLines masks what belongs to a line before, where lines come one at a time: the
// lines of a private key, and a value behind the line that names it.
type secretLines struct {
	inside bool
	kind   awaited
	indent int
}

func (f *secretLines) line(line string) string {
	if !saysNothing(line) {
		masked, isValue := f.kind.mask(line, f.indent)
		if f.kind != awaitsBlock || !isValue {
			f.kind, f.indent = awaits(masked), indentOf(masked)
		}
		line = masked
	}
	inside := f.inside
	if end := privateKeyLine(line, keyEnd); inside && end >= 0 {
		f.inside = false
		return line[strings.LastIndex(line[:end], keyEnd):]
	}
	if privateKeyLine(line, keyBegin) >= 0 {
		f.inside = privateKeyLine(line, keyEnd) < 0
	}
	if inside {
		return Mask
	}
	return line
}
