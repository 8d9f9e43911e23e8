package steps

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/report"
)

// markerStep is the number of this step.
const markerStep = 14

// saysItIsNew tells whether every release that the site named is the one on disk.
func saysItIsNew(b *box.Box) bool {
	named := slices.Concat(b.AppTally().Values, b.NginxTally().Values, box.TallyOf(b.Site.Value.Public.Version).Values)
	return len(named) > 0 && !slices.ContainsFunc(named, func(value string) bool { return b.Meaning(value) != box.MarkerExpected })
}

// checklist is the guide's nine points, each from the step that measured it. A site that
// names a release which cannot be compared with the disk has answered step 14, but not
// that it is the new one.
func checklist(b *box.Box, results []report.Result) []report.ChecklistItem {
	points := []struct {
		item string
		step int
	}{
		{"The new code is in the directory that the deploy is meant to fill", 1},
		{"The running Gunicorn stands in the right directory", 3},
		{"WorkingDirectory, ExecStart and EnvironmentFile are right", 6},
		{"The service was restarted or reloaded after the deploy", 4},
		{"The Nginx configuration is valid and loaded", 9},
		{"Static files are those of the release", 10},
		{"No cache hides the new release", 11},
		{"Containers were rebuilt and made anew", 12},
		{"The live site says that it is the new release", markerStep},
	}
	items := make([]report.ChecklistItem, 0, len(points))
	for _, point := range points {
		status := results[point.step-1].Status
		if point.step == markerStep && status == report.OK && !saysItIsNew(b) {
			status = report.Unknown
		}
		items = append(items, report.ChecklistItem{Item: point.item, Status: status, Step: point.step})
	}
	return items
}
