package sys

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"sync"
)

// mask stands where a secret was.
const mask = "***"

// redact masks what is secret by its shape (private keys, well-known kinds of tokens,
// credentials in URLs) or by the name it is given. A hash on its own, such as a git commit
// or an image id, has neither and stays readable.
//
// It looks at text that is already showable, so that an escape sequence cannot split a
// name that it knows. Masking over-reaches rather than under-reaches: a lost word of a log
// line costs less than a password on a shared screen.
func redact(text string) string {
	text = maskPrivateKeys(text)
	text = maskUserinfo(text)
	text = maskShapes(text)
	text = maskHeaders(text)
	text = maskAssignments(text)
	return maskOptions(text)
}

// RedactArgv makes an argument vector showable. It knows more than Safe can of the joined
// words: where one argument ends, and that the one after "--token" is the token.
func RedactArgv(argv []string) []Text {
	safe := make([]Text, 0, len(argv))
	before := ""
	for _, argument := range argv {
		if optionWantsSecret(before) && argument != "" && !strings.HasPrefix(argument, "--") {
			safe = append(safe, mask)
		} else {
			safe = append(safe, Safe(argument))
		}
		before = argument
	}
	return safe
}

func optionWantsSecret(argument string) bool {
	return strings.HasPrefix(argument, "--") && !strings.Contains(argument, "=") &&
		secretName(strings.TrimLeft(argument, "-")) != notSecret
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
		out.WriteString("\n" + mask)
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

// privateKeyFilter masks the lines of a private key where lines come one at a time.
type privateKeyFilter struct{ inside bool }

func (f *privateKeyFilter) line(line string) string {
	inside := f.inside
	if end := privateKeyLine(line, keyEnd); inside && end >= 0 {
		f.inside = false
		return line[strings.LastIndex(line[:end], keyEnd):]
	}
	if privateKeyLine(line, keyBegin) >= 0 {
		f.inside = privateKeyLine(line, keyEnd) < 0
	}
	if inside {
		return mask
	}
	return line
}

// maskUserinfo masks "user:password@" in URLs, and a token that stands alone before "@".
// A plain user name, as in ssh://git@host, stays.
func maskUserinfo(text string) string {
	var out strings.Builder
	for {
		at := strings.Index(text, "://")
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		at += len("://")
		out.WriteString(text[:at])
		text = text[at:]
		end := strings.IndexAny(text, " \n\"'<>`")
		if end < 0 {
			end = len(text)
		}
		if length := userinfoLength(text[:end]); length > 0 {
			out.WriteString(mask)
			text = text[length:]
		}
	}
}

// userinfoLength is the length of secret userinfo at the start of what follows "://". A
// password that was not percent-encoded may hold "/" and "@"; a port may not.
func userinfoLength(rest string) int {
	last := strings.LastIndexByte(rest, '@')
	if next := strings.Index(rest, "://"); next >= 0 && next < last {
		last = strings.LastIndexByte(rest[:next], '@')
	}
	if last <= 0 {
		return 0
	}
	info := rest[:last]
	if info == mask {
		return 0
	}
	user, password, hasPassword := strings.Cut(info, ":")
	if strings.ContainsAny(user, "/?#") {
		return 0
	}
	if !hasPassword {
		if len(user) >= 16 && strings.ContainsAny(user, "0123456789") {
			return last
		}
		return 0
	}
	port, _, hasPath := strings.Cut(password, "/")
	if hasPath && strings.Trim(port, "0123456789") == "" {
		return 0
	}
	return last
}

// tokenShapes matches tokens that their issuers made recognisable. No alternative looks
// at what comes after the token: a text that was cut must not match where the whole did
// not.
var tokenShapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:` + strings.Join([]string{
		`(?:AKIA|ASIA)[0-9A-Z]{16}`,              // AWS access keys
		`gh[opsru]_[0-9A-Za-z]{16,}`,             // GitHub
		`github_pat_[0-9A-Za-z_]{16,}`,           // GitHub, fine-grained
		`glpat-[0-9A-Za-z_-]{16,}`,               // GitLab
		`xox[abeoprs]-[0-9A-Za-z-]{8,}`,          // Slack
		`[rs]k_(?:live|test)_[0-9A-Za-z]{8,}`,    // Stripe
		`sk-[0-9A-Za-z_-]{32,}`,                  // several AI services
		`AIza[0-9A-Za-z_-]{32,}`,                 // Google
		`npm_[0-9A-Za-z]{32,}`,                   // npm
		`pypi-[0-9A-Za-z_-]{32,}`,                // PyPI
		`SG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]+`, // SendGrid
		// JSON Web Tokens, and Flask's signed session cookies.
		`eyJ[0-9A-Za-z_-]{4,}\.[0-9A-Za-z_-]{4,}\.[0-9A-Za-z_.-]+`,
	}, "|") + `)[0-9A-Za-z_]*`)
})

func maskShapes(text string) string {
	// Looking for what each shape begins with costs far less than the expression.
	if containsAny(text, "AKIA", "ASIA", "gh", "glpat-", "xox", "k_live_", "k_test_", "sk-", "AIza", "npm_", "pypi-", "SG.", "eyJ") {
		text = tokenShapes().ReplaceAllLiteralString(text, mask)
	}
	return maskURLKeys(text)
}

// maskURLKeys masks what makes a chat service's incoming webhook secret: its path.
func maskURLKeys(text string) string {
	for _, service := range []string{"hooks.slack.com/services/", "discord.com/api/webhooks/"} {
		if !strings.Contains(text, service) {
			continue
		}
		var out strings.Builder
		for {
			at := strings.Index(text, service)
			if at < 0 {
				break
			}
			at += len(service)
			out.WriteString(text[:at] + mask)
			text = text[at:]
			if end := strings.IndexAny(text, " \n\"'<>`"); end >= 0 {
				text = text[end:]
			} else {
				text = ""
			}
		}
		out.WriteString(text)
		text = out.String()
	}
	return text
}
