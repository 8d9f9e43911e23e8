package theme

import (
	"regexp"
	"strings"
	"testing"

	"flasktui/steps/report"
)

func environment(settings map[string]string) func(string) string {
	return func(name string) string { return settings[name] }
}

var statuses = []report.Status{report.OK, report.Warn, report.Fail, report.Unknown, report.Skipped, report.Pending}

// everything paints all that there is to paint.
func everything(theme *Theme) string {
	var painted strings.Builder
	for _, status := range statuses {
		painted.WriteString(theme.Mark(status))
	}
	for _, verdict := range []report.Verdict{report.Fresh, report.Stale, report.Mixed, report.Down, report.Inconclusive, ""} {
		painted.WriteString(theme.Verdict(verdict, "x"))
	}
	for _, risk := range []report.Risk{report.LowRisk, report.MediumRisk, report.HighRisk, ""} {
		painted.WriteString(theme.Risk(risk, "x"))
	}
	painted.WriteString(theme.Strong("x") + theme.Quiet("x") + theme.Accent("x") + theme.Selected("x"))
	return painted.String()
}

// TestColours allows the sixteen colours, but none of those that vanish: black, white,
// and bright black; and no background at all.
func TestColours(t *testing.T) {
	code := regexp.MustCompile(`\x1b\[([0-9;]*)m`)
	for _, mode := range []Mode{Auto, Dark, Light} {
		for _, match := range code.FindAllStringSubmatch(everything(New(Options{Mode: mode})), -1) {
			for _, number := range strings.Split(match[1], ";") {
				switch number {
				case "0", "1", "2", "7", "31", "32", "33", "34", "35", "36", "91", "92", "93", "94", "95", "96":
				default:
					t.Errorf("%s: %q", mode, number)
				}
			}
		}
	}
}

func TestNoColour(t *testing.T) {
	colour := regexp.MustCompile(`\x1b\[[0-9;]*[39][0-7]m`)
	for _, settings := range []map[string]string{{"NO_COLOR": "1"}, {"CLICOLOR": "0"}, {"TERM": "dumb"}} {
		for _, mode := range []Mode{Auto, Dark, Light} {
			painted := everything(New(Options{Mode: mode, Getenv: environment(settings)}))
			if found := colour.FindString(painted); found != "" {
				t.Errorf("%v, %s: %q", settings, mode, found)
			}
			if !strings.Contains(painted, "\x1b[1") {
				t.Errorf("%v, %s: the weights are gone too", settings, mode)
			}
		}
	}
}

func TestMarksDiffer(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		theme := New(Options{ASCII: ascii, Getenv: environment(map[string]string{"LANG": "C.UTF-8", "NO_COLOR": "1"})})
		seen := map[string]report.Status{}
		for _, status := range statuses {
			mark := theme.mark(status)
			if other, twice := seen[mark]; twice {
				t.Errorf("%s and %s are both %q", status, other, mark)
			}
			seen[mark] = status
		}
	}
}

func TestBackground(t *testing.T) {
	for colorfgbg, want := range map[string]Mode{
		"": Auto, "15;0": Dark, "0;15": Light, "0;default;7": Light, "7;8": Dark, "0;default": Auto, "15": Auto, "12;4": Dark,
	} {
		if got := background(colorfgbg); got != want {
			t.Errorf("%q: %s", colorfgbg, got)
		}
	}
}

func TestSpeaksUnicode(t *testing.T) {
	for _, test := range []struct {
		settings map[string]string
		want     bool
	}{
		{nil, false},
		{map[string]string{"LANG": "C"}, false},
		{map[string]string{"LANG": "en_US.UTF-8"}, true},
		{map[string]string{"LANG": "de_DE.utf8"}, true},
		{map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "POSIX"}, false},
		{map[string]string{"LC_CTYPE": "UTF-8"}, true},
		{map[string]string{"LANG": "en_US.UTF-8", "TERM": "linux"}, false},
	} {
		if got := speaksUnicode(environment(test.settings)); got != test.want {
			t.Errorf("%v: %v", test.settings, got)
		}
	}
}

func TestFold(t *testing.T) {
	plain, typeset := New(Options{ASCII: true}), New(Options{Getenv: environment(map[string]string{"LANG": "C.UTF-8"})})
	const text = "STALE → FRESH: “süd” …"
	if got := plain.Fold(text); got != `STALE -> FRESH: "süd" ...` {
		t.Errorf("%q", got)
	}
	if got := typeset.Fold(text); got != text {
		t.Errorf("%q", got)
	}
}
