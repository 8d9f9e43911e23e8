package wizard

import (
	"strings"
	"testing"

	"flasktui/steps/report"
)

// TestWhatIsFedIsShown: the dialog shows what a command is fed word by word, in windows of
// every size, before anything can be agreed to.
func TestWhatIsFedIsShown(t *testing.T) {
	for _, size := range sizes {
		b := open(t, Config{}, fedReport())
		b.press("f")
		b.size(size[0], size[1])
		seen := b.screen()
		for range 12 {
			b.press("down")
			seen += b.screen()
		}
		// A narrow window breaks a long line.
		plain := strings.Join(strings.Fields(seen), "")
		for _, want := range []string{"<[Service]", "<Environment=APP_RELEASE=20251123140310"} {
			if !strings.Contains(plain, want) {
				t.Errorf("%dx%d: %q is not shown:\n%s", size[0], size[1], want, seen)
			}
		}
	}
}

func blockedReport() report.Report {
	document := staleReport()
	document.Fixes = []report.Plan{switchPlan()}
	document.Causes[0].Fixes = []string{"switch-symlink"}
	return document
}

func fedReport() report.Report {
	document := staleReport()
	document.Fixes = []report.Plan{markerPlan()}
	document.Causes[0].Fixes = []string{"release-marker"}
	return document
}
