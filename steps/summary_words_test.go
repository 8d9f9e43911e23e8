package steps_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"flasktui/steps"
)

// TestTheHeadlineTellsWhatChanged: the release on disk is named as the new one only where it has
// another name than what runs, and times are told only in the order in which they prove something.
func TestTheHeadlineTellsWhatChanged(t *testing.T) {
	t.Parallel()
	says := map[string]string{
		"package-upgraded-not-restarted.broken": "the code changed just now",
		"written-in-place-old-times.broken":     "the code changed at ",
		"unit-pinned.broken":                    "clinic.service runs 20250901101500, the disk has 20250908164200.",
		"commit-named-reloaded.broken":          "cellar.service runs 9ab31e04, the disk has 41be07d2.",
		practiced + "service-not-restarted":     "the code changed to ",
		"working-directory-missing.broken":      "The service does not run: its working directory cannot be entered (systemd's status 200/CHDIR).",
	}
	tryBoxes(t, slices.Sorted(maps.Keys(says)), func(t *testing.T, name string, examination steps.Examination) {
		if summary := string(examination.Report.Summary); !strings.Contains(summary, says[name]) {
			t.Errorf("%q does not say %q", summary, says[name])
		}
	})
}
