package steps_test

import (
	"slices"
	"strings"
	"testing"

	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/sys"
)

// What is offered where another service of the box, behind the same site, has the old code.
func TestWhoIsStartedAgainWhereAnotherServiceIsOld(t *testing.T) {
	t.Parallel()
	neighbour := func(known *facts.Facts) *facts.Neighbour { return &known.Neighbours.Value[0] }
	tests := []struct {
		name, recording string
		change          func(*facts.Facts)
		// offered are the fixes of front-elsewhere, and runs is what the restart would run.
		offered, runs string
		blocked       string
	}{
		{name: "a unit", recording: "split-to-old-backend.broken", offered: "restart", runs: "systemctl restart platform-b.service"},
		{name: "a program of supervisord's", recording: "other-backend-of-supervisord.broken", offered: "restart", runs: "supervisorctl -c /etc/supervisor/supervisord.conf restart ferry-b"},
		{name: "a user's own unit", recording: "other-backend-of-user.broken", offered: "restart", runs: "systemctl --user restart gondola-b.service"},
		{name: "the only backend of a front", recording: "only-backend-of-front-not-restarted.broken", offered: "restart", runs: "systemctl restart culvert-b.service"},
		{
			name: "its program is gone", recording: "split-to-old-backend.broken",
			change: func(known *facts.Facts) {
				neighbour(known).UnitFiles.Value.MissingLoaded = []string{"/usr/bin/gunicorn"}
			},
			offered: "restart", runs: "systemctl restart platform-b.service", blocked: "the unit names what does not exist",
		},
		{
			name: "nothing is known of its unit", recording: "split-to-old-backend.broken",
			change: func(known *facts.Facts) { known.Neighbours = facts.Fact[[]facts.Neighbour]{} },
		},
		{
			name: "its unit names another tree", recording: "split-to-old-backend.broken",
			change: func(known *facts.Facts) {
				neighbour(known).UnitFiles.Value.WorkingDirectory.Value = known.Deployment.Value.Releases[0].Path
				for index := range known.Units.Value {
					if one := &known.Units.Value[index]; one.Name == "platform-b.service" {
						one.WorkingDirectory = known.Deployment.Value.Releases[0].Path
					}
				}
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			known := factsOf(t, test.recording)
			if test.change != nil {
				test.change(known)
			}
			document := steps.JudgeOf(known)
			found := document.Causes[0]
			if found.ID != "front-elsewhere" || strings.Join(found.Fixes, " ") != test.offered {
				t.Fatalf("%s offers %v", found.ID, found.Fixes)
			}
			for _, plan := range document.Fixes {
				line := ""
				if len(plan.Commands) > 0 {
					line = sys.CommandLine(plan.Commands[0])
				}
				if slices.Contains(found.Fixes, plan.ID) && (!strings.HasSuffix(line, test.runs) || test.blocked == "" != (plan.Blocked == "") || !strings.Contains(string(plan.Blocked), test.blocked)) {
					t.Errorf("%s: %q, blocked: %s", plan.Title, line, plan.Blocked)
				}
			}
		})
	}
}
