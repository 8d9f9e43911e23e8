package layout

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestMiddle(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"/srv/shop/current", 20, "/srv/shop/current"},
		{"/srv/shop/current", 17, "/srv/shop/current"},
		{"/srv/shop/current", 11, "/srv/…rrent"},
		{"/srv/shop/current", 2, "/s"},
		{"/srv/shop/current", 0, ""},
		{"東京都千代田区", 9, "東京…田区"},
		{"👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 5, "👩‍👩‍👧‍👦…👩‍👩‍👧‍👦"},
	} {
		got := Middle(test.text, test.width, "…")
		if got != test.want {
			t.Errorf("%q in %d: %q, want %q", test.text, test.width, got, test.want)
		}
		if Width(got) > test.width {
			t.Errorf("%q is wider than %d", got, test.width)
		}
	}
}

func TestEnd(t *testing.T) {
	for _, test := range []struct {
		width int
		want  string
	}{{9, "proved"}, {6, "proved"}, {5, "prov…"}, {1, "p"}, {0, ""}} {
		if got := End("proved", test.width, "…"); got != test.want {
			t.Errorf("%d: %q, want %q", test.width, got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"git log --format=%ct", 10, []string{"git log", "--format=%", "ct"}},
		{"/srv/shop/releases/1", 12, []string{"/srv/shop/", "releases/1"}},
		{"  File x", 6, []string{"  File", "x"}},
		{"        x", 4, []string{"", "x"}},
		{"a\nb", 5, []string{"a", "b"}},
		{"a  b", 5, []string{"a  b"}},
		{"東京都", 4, []string{"東京", "都"}},
		{"東京", 1, []string{"東", "京"}},
	} {
		if diff := cmp.Diff(test.want, Wrap(test.text, test.width)); diff != "" {
			t.Errorf("%q in %d: %s", test.text, test.width, diff)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("stat -c '%z %n' /srv/shop/current", 12)
	f.Add("東京都千代田区/のお客様", 3)
	f.Fuzz(func(t *testing.T, text string, width int) {
		width = 2 + max(0, width%200)
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) && r != '\n' }) {
			t.Skip("sys.Safe lets no such text through")
		}
		for _, line := range Wrap(text, width) {
			if Width(line) > width && Width(line) > 2 {
				t.Errorf("%q is wider than %d", line, width)
			}
		}
		bare := strings.NewReplacer(" ", "", "\n", "")
		if got, want := bare.Replace(strings.Join(Wrap(text, width), "")), bare.Replace(text); got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}

func BenchmarkWrap(b *testing.B) {
	line := strings.Repeat("14:15:31 gunicorn[812]: GET /checkout 200 ", 90)
	for b.Loop() {
		Wrap(line, 40)
	}
}
