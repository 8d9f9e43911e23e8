package causes

import (
	"slices"
	"testing"

	"flasktui/steps/report"
)

// TestACauseIsWhole: it says all that is to be known of it without a box.
func TestACauseIsWhole(t *testing.T) {
	t.Parallel()
	hops := []string{report.HopURL, report.HopCache, report.HopNginx, report.HopSocket, report.HopMaster, report.HopWorkers, report.HopUnit, report.HopDirectory, report.HopRelease}
	for _, kind := range All() {
		if kind.Title == "" || kind.Step == 0 || kind.find == nil || kind.Claim == "" || !slices.Contains(hops, kind.Hop) {
			t.Errorf("%s has gaps: %+v", kind.ID, kind)
		}
		for _, root := range kind.under {
			if Of(report.Finding{ID: root().ID}).ID == "" || root().ID == kind.ID {
				t.Errorf("%s is folded under %q", kind.ID, root().ID)
			}
		}
	}
}
