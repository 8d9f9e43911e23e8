package steps

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/report"
	"flasktui/steps/walk"
)

// saysItIsNew tells whether every release that the site named is the one on disk.
func saysItIsNew(b *box.Box) bool {
	named := b.ReleasesNamed()
	return len(named) > 0 && !slices.ContainsFunc(named, func(value string) bool { return b.Meaning(value) != box.MarkerExpected })
}

// checklist is the guide's nine points, each from the step that measured it. A site that
// names a release which cannot be compared with the disk has answered step 14, but not
// that it is the new one.
func checklist(b *box.Box, results []report.Result) []report.ChecklistItem {
	points := []struct {
		item string
		step walk.Step
	}{
		{"The new code is in the directory that the deploy is meant to fill", walk.CodeOnDisk()},
		{"The server that runs is in the right directory", walk.WorkingDirectory()},
		{"WorkingDirectory, ExecStart and EnvironmentFile are right", walk.UnitPaths()},
		{"The service was restarted or reloaded after the deploy", walk.ServiceRestart()},
		{"The Nginx configuration is valid and loaded", walk.Nginx()},
		{"Static files are those of the release", walk.StaticAssets()},
		{"No cache hides the new release", walk.Caches()},
		{"Containers were rebuilt and recreated", walk.Containers()},
		{"The live site says that it is the new release", walk.ReleaseMarker()},
	}
	items := make([]report.ChecklistItem, 0, len(points))
	for _, point := range points {
		status := results[point.step.Number-1].Status
		if point.step.ID == walk.ReleaseMarker().ID && status == report.OK && !saysItIsNew(b) {
			status = report.Unknown
		}
		items = append(items, report.ChecklistItem{Item: point.item, Status: status, Step: point.step.Number})
	}
	return items
}
