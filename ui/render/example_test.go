package render

import (
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

func at(clock string) report.Time {
	moment, err := time.Parse("15:04:05", clock)
	if err != nil {
		panic(err)
	}
	return report.Time{Time: time.Date(2026, 3, 4, moment.Hour(), moment.Minute(), moment.Second(), 0, time.UTC)}
}

// example is a report with something in every field: a deploy into a new release
// directory whose service was never restarted, while Nginx is in trouble of its own.
func example() report.Report {
	return report.Report{
		Schema:      report.Schema,
		GeneratedAt: at("14:40:00"),
		DurationMS:  41,
		Version:     "1.0.0",
		Host:        report.HostSummary{Hostname: "web-1", ID: "5f1c0a9be27d4d3b8a6e0c1f2d3b4a59", User: "deploy", Privilege: "sudo"},
		Target:      report.TargetSummary{Service: "shop.service", Server: "gunicorn", Manager: "systemd", AppDir: "/srv/shop/current", URL: "https://shop.example/"},
		Verdict:     report.Stale,
		Summary:     "the workers run 4f2c1d, loaded at 10:02:11; 9ab31e has been on disk since 14:31:07",
		Releases: report.Releases{
			OnDisk: report.ReleaseSummary{ID: "9ab31e", Path: "/srv/shop/releases/20260304143100", Directory: "20260304143100", Commit: "9ab31e7c02", Marker: "2.4", ChangedAt: at("14:31:07"), Source: ".git/logs/HEAD"},
			Loaded: report.ReleaseSummary{ID: "4f2c1d", Path: "/srv/shop/releases/20260303090000", Directory: "20260303090000", ChangedAt: at("10:02:11"), Source: "/proc/812/stat"},
			Served: report.ServedRelease{
				ReleaseSummary: report.ReleaseSummary{ID: "2.3 ×3, 2.4 ×1", Source: "GET /version at /run/shop/gunicorn.sock (field release)"},
				Values:         []report.ServedValue{{Value: "2.3", Count: 3}, {Value: "2.4", Count: 1}},
			},
		},
		Path: []report.Hop{
			{Hop: "url", Label: "https://shop.example/", State: report.OK, Detail: "200 in 12 ms", Step: 11},
			{Hop: "cache", Label: "none seen", State: report.Skipped, Step: 11},
			{Hop: "nginx", Label: "server shop.example", State: report.Warn, Detail: "the configuration on disk is newer than the one running", Step: 9},
			{Hop: "socket", Label: "/run/shop/gunicorn.sock", State: report.OK, Detail: "held by 812", Step: 2},
			{Hop: "master", Label: "gunicorn 812", State: report.OK, Detail: "preload is off", Step: 2},
			{Hop: "workers", Label: "3 workers", State: report.Fail, Detail: "loaded 4f2c1d at 10:02:11", Step: 4},
			{Hop: "unit", Label: "shop.service", State: report.OK, Detail: "active", Step: 5},
			{Hop: "directory", Label: "/srv/shop/current", State: report.Unknown, Detail: "may not be read", Step: 3},
			{Hop: "release", Label: "9ab31e", State: report.OK, Detail: "changed 14:31:07", Step: 1},
		},
		Timeline: []report.Moment{
			{At: at("10:02:11"), Side: report.InMemory, What: "workers 815, 816 and 817 started and loaded the code", Source: "/proc/815/stat", State: report.Fail},
			{At: at("14:31:07"), Side: report.OnDisk, What: "current moved to releases/20260304143100", Source: "lstat /srv/shop/current", State: report.OK},
		},
		Proof:  exampleProof(),
		Causes: exampleCauses(),
		Steps:  exampleSteps(),
		Fixes:  exampleFixes(),
		Checklist: []report.ChecklistItem{
			{Item: "The latest code is present in the expected deployment directory", Status: report.OK, Step: 1},
			{Item: "The service was restarted or reloaded after deployment", Status: report.Fail, Step: 4},
		},
		Commands: []report.CommandRecord{
			{Argv: []string{"systemctl", "show", "shop.service"}, DurationMS: 7},
			{Argv: []string{"sudo", "-n", "nginx", "-T"}, Exit: 1, DurationMS: 9, Elevated: true},
		},
	}
}

func exampleCauses() []report.Finding {
	return []report.Finding{
		{
			ID: "service-not-restarted", Title: "The service was not restarted after the code changed", Confidence: report.Certain, Step: 4,
			Why: "All 3 workers began at 10:02:11. The code changed at 14:31:07, and workers never load code twice.",
			Evidence: []report.Evidence{
				{Label: "workers started", Value: "10:02:11", Source: "/proc/812/stat"},
				{Label: "code changed", Value: "14:31:07, commit 9ab31e | \"Prices\"", Source: "/srv/shop/releases/20260304143100/.git/logs/HEAD"},
			},
			Fixes: []string{"hup", "restart"}, Follows: []string{"templates-cached"},
		},
		{
			ID: "nginx-not-reloaded", Title: "Nginx runs an older configuration than the disk", Confidence: report.Likely, Step: 9,
			Why: "shop.conf was written after the newest worker began.", Fixes: []string{"nginx-reload"},
			Advice: "look at <what> changed first → then reload",
		},
	}
}

func exampleFixes() []report.Plan {
	return []report.Plan{
		{
			ID: "hup", Title: "Reload the workers", Commands: [][]string{{"systemctl", "reload", "shop.service"}},
			Effect: "replaces the workers one by one", Risk: report.LowRisk, Undo: "none is needed",
			Blocked: "the workers would load /srv/shop/releases/20260303090000 again",
		},
		{
			ID: "restart", Title: "Restart the service", Commands: [][]string{{"systemctl", "restart", "shop.service"}},
			Effect: "starts a new master and new workers from the code on disk", Risk: report.MediumRisk, Undo: "none is needed",
		},
		{
			ID: "nginx-reload", Title: "Reload Nginx", Commands: [][]string{{"nginx", "-t"}, {"systemctl", "reload", "nginx"}},
			Effect: "loads the configuration on disk", Risk: report.LowRisk, Undo: "put the old configuration back and reload",
		},
	}
}

func exampleSteps() []report.Result {
	results := make([]report.Result, 0, 14)
	for _, step := range steps.All() {
		results = append(results, report.Result{
			Number: step.Number, ID: step.ID, Title: step.Title, Status: report.OK,
			Summary: "as it should be", DurationMS: int64(step.Number),
		})
	}
	results[3].Status, results[3].Summary = report.Fail, "not restarted since the code changed at 14:31:07: the workers began at 10:02:11"
	results[3].Fixes = []string{"hup", "restart"}
	results[3].Evidence = []report.Evidence{{Label: "workers started", Value: "10:02:11", Source: "/proc/812/stat"}}
	results[8].Status, results[8].Summary = report.Warn, "the configuration changed on disk and was not loaded"
	results[2].Status, results[2].Summary, results[2].Reason = report.Unknown, "", "/proc/812/cwd may not be read without root's rights"
	results[11].Status, results[11].Summary, results[11].Reason = report.Skipped, "", "no container runs here"
	return results
}

func exampleProof() []report.Claim {
	proved := func(id report.ClaimID, because sys.Text) report.Claim {
		return report.Claim{Claim: id, State: report.Proved, Because: because, Causes: []string{}, Evidence: []report.Evidence{}}
	}
	loaded := proved(report.ClaimLoaded, "The service was not restarted.")
	loaded.State, loaded.Causes = report.Refuted, []string{"service-not-restarted"}
	way := proved(report.ClaimWay, "step 9 (nginx): when Nginx read its configuration could not be told.")
	way.State = report.Open
	files := proved(report.ClaimFiles, "The site serves no static files.")
	files.State = report.None
	return []report.Claim{
		proved(report.ClaimIntended, "The service takes its code from /srv/shop/current."), loaded, way, files,
		proved(report.ClaimCaches, "No cache answers differently from the app."),
		proved(report.ClaimEnvironment, "The processes have the environment that is on disk."),
		proved(report.ClaimConfiguration, "What runs was started from the configuration that is on disk."),
	}
}
