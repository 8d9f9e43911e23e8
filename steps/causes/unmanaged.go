package causes

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/fixes"
	"flasktui/steps/manager"
	"flasktui/steps/report"
	"flasktui/sys"
)

// advise takes from a finding the fixes that there are none of for the server that serves, and
// those that would have to start the service again, where nothing is known to. Where none of the service's own is left, it says in their place what a
// person can type.
func advise(b *box.Box, finding *report.Finding) {
	adviseContainer(b, finding)
	finding.Fixes = fixes.Fitting(b, finding.Fixes)
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

// adviseContainer puts, in the place of Compose's fixes for a container that no project has,
// the restart of the unit that makes it anew, or what a person can type.
func adviseContainer(b *box.Box, finding *report.Finding) {
	restarts, byHand, is := manager.Anew(b)
	if !is {
		return
	}
	ofCompose := fixes.IDs(fixes.DockerUp, fixes.DockerRecreate)
	kept := slices.DeleteFunc(slices.Clone(finding.Fixes), func(id string) bool { return slices.Contains(ofCompose, id) })
	if len(kept) == len(finding.Fixes) {
		return
	}
	restart := fixes.IDs(fixes.Restart)[0]
	if restarts && !slices.Contains(kept, restart) {
		kept = append([]string{restart}, kept...)
	}
	if !slices.Contains(kept, restart) || fixes.ContainerRestartRefusal(b) != "" {
		finding.Advice = sys.Text(strings.TrimSpace(string(finding.Advice + " " + byHand)))
	}
	finding.Fixes = kept
}
