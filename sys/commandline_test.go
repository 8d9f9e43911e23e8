package sys_test

import (
	"os/exec"
	"strings"
	"testing"

	"flasktui/sys"
)

func TestCommandLineIsReadBackByAShell(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	for _, argument := range []string{
		"plain", "/srv/shop/current", "", "two words", "it's", `a\b`, "$HOME", "`id`", "a;b", "*", "~", "é", "new\nline",
		"\x1b[31m", "bad \xff byte", "\u202egnp", "quote' and \x07", "\ufffd", "=x", "#x", "!x", "{a,b}",
	} {
		line := sys.CommandLine([]string{"printf", "%s", argument})
		if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u202e' }) {
			t.Errorf("%q would act on a terminal", line)
		}
		out, err := exec.CommandContext(t.Context(), bash, "-c", line).Output()
		if err != nil || string(out) != argument {
			t.Errorf("%q is read back as %q (%v) from %s", argument, out, err, line)
		}
	}
}
