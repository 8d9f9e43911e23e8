package steps_test

import (
	"testing"

	"flasktui/lab/boxes"
	"flasktui/steps/facts"
	"flasktui/sys/proc"
)

// TestWhatIsToldWhereLessIsKnown: what could not be looked at explains nothing, and is no
// reason to accuse.
func TestWhatIsToldWhereLessIsKnown(t *testing.T) {
	t.Parallel()
	const (
		healthy  = practiced + "healthy"
		shadowed = practiced + "installed-package-shadows-checkout"
		pinned   = practiced + "unit-points-to-old-path"
	)
	var (
		built   = boxes.Name("built-not-recreated", boxes.Broken)
		project = boxes.Name("other-project-on-port", boxes.Broken)
		cured   = boxes.Name("built-not-recreated", boxes.Cured)
	)
	hold(t, []telling{
		// The app names an old release, and why could not be looked at.
		{shadowed, func(known *facts.Facts) { unreadable(&known.Code) }, 0, "inconclusive", "service-not-restarted is possible"},
		{shadowed, func(known *facts.Facts) { unreadable(&known.Processes) }, 0, "stale", "service-not-restarted is possible"},
		{shadowed, nil, 0, "stale", "!service-not-restarted"},
		{project, nil, 0, "stale", "!service-not-restarted"},
		{built, func(known *facts.Facts) { unreadable(&known.Containers) }, 0, "inconclusive", "!is likely"},
		{cured, func(known *facts.Facts) { unreadable(&known.ImageSource) }, 4, "unknown", "what the image is built from could not be compared with it"},
		// Python finds the app where the unit has it start: nothing is installed.
		{pinned, nil, 0, "stale", "!installed-package-shadows-checkout"},
		// What works for the app is as much to be shown as what answers.
		{healthy, func(known *facts.Facts) { unreadable(&known.Background) }, 0, "inconclusive", "whether anything else runs the app could not be read"},
		{cured, func(known *facts.Facts) { unreadable(&known.Siblings) }, 0, "inconclusive", "whether another service of the project runs the app"},
		{healthy, func(known *facts.Facts) {
			known.Background = facts.Of([]facts.Background{{
				Process: facts.Process{Process: proc.Process{PID: 77}}, Release: known.Deployment.Value.Active, Clue: "it runs in the release",
			}}, "/proc")
		}, 0, "inconclusive", "process 77 works for the app (it runs in the release), and is not shown to hold the new code: its start could not be read"},
		// Bytecode and a .env that the app reads could each say otherwise.
		{healthy, func(known *facts.Facts) { known.Code.Value.BytecodeProblem = "permission denied" }, 0, "inconclusive", "loaded is open: whether Python runs bytecode that is older than its source could not be read"},
		{healthy, func(known *facts.Facts) {
			known.Environment.Value.DotEnv = &facts.EnvironmentFileOnDisk{Path: "/srv/shop/current/.env", Problem: "permission denied"}
		}, 0, "fresh", "!.env"},
		{healthy, func(known *facts.Facts) {
			known.Environment.Value.DotEnv = &facts.EnvironmentFileOnDisk{Path: "/srv/shop/current/.env", Problem: "permission denied"}
			known.Code.Value.LoadsDotEnv = true
		}, 0, "inconclusive", "environment is open: /srv/shop/current/.env could not be looked at: permission denied"},
		// A hop that is broken for no cause leaves its claim open.
		{healthy, func(known *facts.Facts) { known.Listeners.Value, known.Settings.Value.Wanted = nil, nil }, 0, "inconclusive", "way is open: socket ("},
	})
}
