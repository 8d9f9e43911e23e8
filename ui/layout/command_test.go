package layout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrapCommand(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"systemctl restart shop.service", 40, []string{"systemctl restart shop.service"}},
		{"systemctl restart shop.service", 20, []string{`systemctl restart \`, "shop.service"}},
		{"a bb ccc dddd", 7, []string{`a bb \`, `ccc \`, "dddd"}},
		{"echo 'a b c d e f' x", 12, []string{`echo \`, "'a b c d e", `f' \`, "x"}},
		{`echo a\ b\ c d`, 9, []string{`echo \`, `a\ b\ c \`, "d"}},
		{"", 10, []string{""}},
	} {
		if diff := cmp.Diff(test.want, WrapCommand(test.text, test.width)); diff != "" {
			t.Errorf("%q in %d (-want +got)\n%s", test.text, test.width, diff)
		}
	}
}

// FuzzWrapCommand: what is pasted is what was shown, where no word had to be broken.
func FuzzWrapCommand(f *testing.F) {
	f.Add("sudo journalctl -u shop.service -n 100 --no-pager | grep 'a b'", 24)
	f.Fuzz(func(t *testing.T, text string, width int) {
		width = max(width%200, 3)
		lines := WrapCommand(text, width)
		longest := 0
		for _, word := range words(text) {
			longest = max(longest, Width(word))
		}
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' || r == '\\' }) || longest > width-2 || strings.Contains(text, "  ") || strings.Trim(text, " ") != text || !strings.Contains(text, " ") {
			return
		}
		if pasted := strings.ReplaceAll(strings.Join(lines, "\n"), " \\\n", " "); pasted != text {
			t.Errorf("%q is pasted as %q", text, pasted)
		}
	})
}
