package render

import (
	"time"

	"flasktui/steps"
)

func at(clock string) steps.Time {
	moment, err := time.Parse("15:04:05", clock)
	if err != nil {
		panic(err)
	}
	return steps.Time{Time: time.Date(2026, 3, 4, moment.Hour(), moment.Minute(), moment.Second(), 0, time.UTC)}
}

// example is a report with something in every field: a deploy into a new release
// directory whose service was never restarted, while Nginx is in trouble of its own.
func example() steps.Report {
	return steps.Report{
		Schema:      steps.Schema,
		GeneratedAt: at("14:40:00"),
		DurationMS:  41,
		Host:        steps.HostSummary{Hostname: "web-1", User: "deploy", Privilege: "sudo"},
		Target:      steps.TargetSummary{Service: "shop.service", AppDir: "/srv/shop/current", URL: "https://shop.example/"},
		Verdict:     steps.Stale,
		Summary:     "the workers run 4f2c1d, loaded at 10:02:11; 9ab31e has been on disk since 14:31:07",
		Releases: steps.Releases{
			OnDisk: steps.ReleaseSummary{ID: "9ab31e", Path: "/srv/shop/releases/20260304143100", Commit: "9ab31e7c02", ChangedAt: at("14:31:07"), Source: ".git/logs/HEAD"},
			Loaded: steps.ReleaseSummary{ID: "4f2c1d", Path: "/srv/shop/releases/20260303090000", ChangedAt: at("10:02:11"), Source: "/proc/812/stat"},
		},
		Path: []steps.Hop{
			{Hop: "url", Label: "https://shop.example/", State: steps.OK, Detail: "200 in 12 ms", Step: 11},
			{Hop: "cache", Label: "none seen", State: steps.Skipped, Step: 11},
			{Hop: "nginx", Label: "server shop.example", State: steps.Warn, Detail: "the configuration on disk is newer than the one running", Step: 9},
			{Hop: "socket", Label: "/run/shop/gunicorn.sock", State: steps.OK, Detail: "held by 812", Step: 2},
			{Hop: "master", Label: "gunicorn 812", State: steps.OK, Detail: "preload is off", Step: 2},
			{Hop: "workers", Label: "3 workers", State: steps.Fail, Detail: "loaded 4f2c1d at 10:02:11", Step: 4},
			{Hop: "unit", Label: "shop.service", State: steps.OK, Detail: "active", Step: 5},
			{Hop: "directory", Label: "/srv/shop/current", State: steps.Unknown, Detail: "may not be read", Step: 3},
			{Hop: "release", Label: "9ab31e", State: steps.OK, Detail: "changed 14:31:07", Step: 1},
		},
		Timeline: []steps.Moment{
			{At: at("10:02:11"), Side: steps.InMemory, What: "workers 815, 816 and 817 started and loaded the code", Source: "/proc/815/stat", State: steps.Fail},
			{At: at("14:31:07"), Side: steps.OnDisk, What: "current moved to releases/20260304143100", Source: "lstat /srv/shop/current", State: steps.OK},
		},
		Causes: exampleCauses(),
		Steps:  exampleSteps(),
		Fixes:  exampleFixes(),
		Checklist: []steps.ChecklistItem{
			{Item: "The latest code is present in the expected deployment directory", Status: steps.OK, Step: 1},
			{Item: "The service was restarted or reloaded after deployment", Status: steps.Fail, Step: 4},
		},
		Commands: []steps.CommandRecord{
			{Argv: []string{"systemctl", "show", "shop.service"}, DurationMS: 7},
			{Argv: []string{"sudo", "-n", "nginx", "-T"}, Exit: 1, DurationMS: 9, Elevated: true},
		},
	}
}

func exampleCauses() []steps.Finding {
	return []steps.Finding{
		{
			ID: "service-not-restarted", Title: "The service was not restarted after the code changed", Confidence: steps.Certain, Step: 4,
			Why: "All 3 workers began at 10:02:11. The code changed at 14:31:07, and workers never load code twice.",
			Evidence: []steps.Evidence{
				{Label: "workers started", Value: "10:02:11", Source: "/proc/812/stat"},
				{Label: "code changed", Value: "14:31:07, commit 9ab31e | \"Prices\"", Source: "/srv/shop/releases/20260304143100/.git/logs/HEAD"},
			},
			Fixes: []string{"hup", "restart"}, Follows: []string{"templates-cached"},
		},
		{
			ID: "nginx-not-reloaded", Title: "Nginx runs an older configuration than the disk", Confidence: steps.Likely, Step: 9,
			Why: "shop.conf was written after the newest worker began.", Fixes: []string{"nginx-reload"},
			Advice: "look at <what> changed first → then reload",
		},
	}
}

func exampleFixes() []steps.Plan {
	return []steps.Plan{
		{
			ID: "hup", Title: "Reload the workers", Commands: [][]string{{"systemctl", "reload", "shop.service"}},
			Effect: "replaces the workers one by one", Risk: steps.LowRisk, Undo: "none is needed",
			Blocked: "the workers would load /srv/shop/releases/20260303090000 again",
		},
		{
			ID: "restart", Title: "Restart the service", Commands: [][]string{{"systemctl", "restart", "shop.service"}},
			Effect: "starts a new master and new workers from the code on disk", Risk: steps.MediumRisk, Undo: "none is needed",
		},
		{
			ID: "nginx-reload", Title: "Reload Nginx", Commands: [][]string{{"nginx", "-t"}, {"systemctl", "reload", "nginx"}},
			Effect: "loads the configuration on disk", Risk: steps.LowRisk, Undo: "put the old configuration back and reload",
		},
	}
}

func exampleSteps() []steps.Result {
	results := make([]steps.Result, 0, 14)
	for _, step := range steps.All() {
		results = append(results, steps.Result{
			Number: step.Number, ID: step.ID, Title: step.Title, Status: steps.OK,
			Summary: "as it should be", DurationMS: int64(step.Number),
		})
	}
	results[3].Status, results[3].Summary = steps.Fail, "not restarted since the code changed at 14:31:07: the workers began at 10:02:11"
	results[3].Fixes = []string{"hup", "restart"}
	results[3].Evidence = []steps.Evidence{{Label: "workers started", Value: "10:02:11", Source: "/proc/812/stat"}}
	results[8].Status, results[8].Summary = steps.Warn, "the configuration changed on disk and was not loaded"
	results[2].Status, results[2].Summary, results[2].Reason = steps.Unknown, "", "/proc/812/cwd may not be read without root's rights"
	results[11].Status, results[11].Summary, results[11].Reason = steps.Skipped, "", "no container runs here"
	return results
}
