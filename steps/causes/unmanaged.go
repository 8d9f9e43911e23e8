package causes

import (
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// advise takes from a finding the fixes that would have to start the service again, where
// nothing is known to. Where none of the service's own is left, it says in their place what a
// person can type.
func advise(b *box.Box, finding *report.Finding) {
	managed := manager.Of(b)
	if managed.StartsAgain() {
		return
	}
	before := len(finding.Fixes)
	finding.Fixes = fixes.WithoutAStart(b, finding.Fixes)
	if len(finding.Fixes) < before && len(fixes.OfNginx(finding.Fixes)) == len(finding.Fixes) {
		finding.Advice = sys.Text(strings.TrimSpace(string(finding.Advice + " " + managed.ByHand())))
	}
}
