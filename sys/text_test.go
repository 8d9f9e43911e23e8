package sys

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestSafe(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ raw, want string }{
		"plain":                        {"Worker booted (pid: 12)\n", "Worker booted (pid: 12)\n"},
		"other scripts":                {"größer 日本語 é", "größer 日本語 é"},
		"colour":                       {"\x1b[31mred\x1b[0m", "red"},
		"title":                        {"a\x1b]0;evil\x07b", "ab"},
		"clipboard":                    {"a\x1b]52;c;ZXZpbA==\x1b\\b", "ab"},
		"unterminated sequence":        {"a\x1b]0;hides\nnext line", "a\nnext line"},
		"device control":               {"a\x1bPq#0\x1b\\b", "ab"},
		"control characters":           {"a\x00\x07\x08\x7fb", "ab"},
		"raw C1":                       {"a\x9b31mb", "a\uFFFD31mb"},
		"encoded C1":                   {"a\u009b31mb", "a31mb"},
		"tab":                          {"a\tb", "a    b"},
		"DOS line ends":                {"a\r\nb\r\n", "a\nb\n"},
		"overwritten line":             {"good\revil", "good\nevil"},
		"invalid UTF-8":                {"a\xff\xfeb", "a\uFFFDb"},
		"right-to-left override":       {"a\u202eb", "a<U+202E>b"},
		"isolates":                     {"\u2066x\u2069", "<U+2066>x<U+2069>"},
		"zero width":                   {"a\u200bb\ufeffc\u200dd", "a<U+200B>b<U+FEFF>c<U+200D>d"},
		"line separator":               {"a\u2028b", "a<U+2028>b"},
		"tag characters":               {"a\U000E0041b", "a<U+E0041>b"},
		"escape that splits a secret":  {"PASS\x1b[0mWORD=hunter2", "PASSWORD=***"},
		"control that splits a secret": {"pass\x00word=hunter2", "password=***"},
	} {
		if got := Safe(test.raw); string(got) != test.want {
			t.Errorf("%s: Safe(%q) = %q, want %q", name, test.raw, got, test.want)
		}
	}
}

func TestSafeIsBounded(t *testing.T) {
	t.Parallel()
	line := string(Safe(strings.Repeat("ä", 10000) + "\nnext"))
	first, rest, _ := strings.Cut(line, "\n")
	if count := utf8.RuneCountInString(first); count != maxLineRunes+1 || !strings.HasSuffix(first, cutMark) || rest != "next" {
		t.Errorf("long line: %d runes, then %q", count, rest)
	}
	for _, raw := range []string{strings.Repeat("x\n", maxTextBytes), strings.Repeat("日\n", maxTextBytes)} {
		text := string(Safe(raw))
		if len(text) > maxTextBytes+textSlack || !strings.HasSuffix(text, cutMark) || !utf8.ValidString(text) {
			t.Errorf("long text: %d bytes, ends with %q", len(text), text[len(text)-8:])
		}
	}
}

type panicking struct{}

func (*panicking) String() string { panic("nil") }

func TestTextf(t *testing.T) {
	t.Parallel()
	evil := "a\x1b[31m\u202eb"
	var none *panicking
	for _, test := range []struct {
		want string
		got  Text
	}{
		{"a<U+202E>b", Textf("%s", evil)},
		{"a<U+202E>b", Textf("%v", errors.New(evil))},
		{"[a<U+202E>b x]", Textf("%v", []string{evil, "x"})},
		{"a<U+202E>b", Textf("%s", []byte(evil))},
		{"a<U+202E>b", Textf("%s", Text("a<U+202E>b"))},
		{"3 of 4.5, 1m30s, true", Textf("%d of %.1f, %s, %t", 3, 4.5, 90*time.Second, true)},
		{"2025", Textf("%d", time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Year())},
		{"SECRET_KEY=***", Textf("%s=%s", "SECRET_KEY", "abc")},
		{"<nil>", Textf("%v", none)},
		{"hidden, then seen", Textf("hidden%s, then seen", "\x1b]0;no end")},
	} {
		if string(test.got) != test.want {
			t.Errorf("Textf = %q, want %q", test.got, test.want)
		}
	}
}

func FuzzSafe(f *testing.F) {
	for _, seed := range []string{
		"plain", "\x1b[31mred\x1b[0m", "\x1b]52;c;AA\x07", "\x9b1m", "\u009b1m", "a\u202eb", "\xff\xfe", "\r\n\r",
		"PASSWORD=x y", `{"token": "a\"b"}`, "https://u:p@h/", "--token abc", "-----BEGIN PRIVATE KEY-----\nx", "Cookie: a=b",
		"eyJhbGciOi.eyJzdWIiOi.sig", `key\": \"v\"`, "Bearer abc123def456", "token=" + strings.Repeat("é", 5000),
		"hooks.slack.com/services/T/B/x", "ghp_0123456789abcdefghij", "a://b://c:d@e@f", "'token': 'x", "--pwd 'a b' --token",
		"curl -u a:b 'x", "mysql -p'x y' -p", "docker login -p x", "PASSWORD=\\\nx", "password: |\n  x\n y", "PASS\u200bWORD\u00a0=x", "proxy_set_header X-Key \"a b\";", "ENV PASSWORD a b", "u:p@tcp(h)/d",
		"oracle://u/p@h", "x?sig=a&code=b", "a%3Ftoken%3Db%26c", "Basic dXNlcjpwYXNz", "<password>x</password>", "('SECRET_KEY', b'x')", "{\"name\":\"API_KEY\",\"value\":\"x\"}", "123456789:AAabcdefghijabcdefghijabcdefghijabc",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		safe := string(Safe(raw))
		if !utf8.ValidString(safe) {
			t.Errorf("Safe(%q) is not UTF-8: %q", raw, safe)
		}
		for _, r := range safe {
			if (r < 0x20 && r != '\n') || (r >= 0x7f && r <= 0x9f) || hidden(r) {
				t.Errorf("Safe(%q) holds %U: %q", raw, r, safe)
			}
		}
		if len(safe) > maxTextBytes+2*textSlack {
			t.Errorf("Safe of %d bytes has %d", len(raw), len(safe))
		}
		if again := string(Safe(safe)); again != safe {
			t.Errorf("Safe is not idempotent for %q:\n%q\n%q", raw, safe, again)
		}
	})
}

func TestATimeIsToldInOneUnit(t *testing.T) {
	t.Parallel()
	for passed, want := range map[time.Duration]Text{
		0: "0 s", 119 * time.Second: "119 s", 2 * time.Minute: "2 min", 119*time.Minute + 40*time.Second: "120 min",
		2 * time.Hour: "2 h", 150 * time.Minute: "3 h", 47 * time.Hour: "47 h", 2 * 24 * time.Hour: "2 days", 60 * time.Hour: "3 days",
	} {
		if got := Span(passed); got != want {
			t.Errorf("%s: %q, want %q", passed, got, want)
		}
	}
}
