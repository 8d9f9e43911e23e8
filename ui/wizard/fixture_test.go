package wizard

import (
	"time"

	"flasktui/steps"
	"flasktui/steps/report"
	"flasktui/sys"
)

// The reports that the tests draw: a shop whose code was pulled at 14:03 and whose
// service was last started at 13:51, and what else may be the matter with it.

var fixtureNow = time.Date(2025, 11, 23, 14, 15, 30, 0, time.UTC)

func at(hour, minute, second int) report.Time {
	return report.Time{Time: time.Date(2025, 11, 23, hour, minute, second, 0, time.UTC)}
}

func fixtureHost() report.HostSummary {
	return report.HostSummary{Hostname: "web-1", User: "deploy", Privilege: sys.PrivilegeSudo}
}

func staleReport() report.Report {
	return report.Report{
		Schema: report.Schema, GeneratedAt: report.Time{Time: fixtureNow}, DurationMS: 84,
		Host:    fixtureHost(),
		Target:  report.TargetSummary{Service: "shop.service", Manager: "systemd", AppDir: "/srv/shop/current", URL: "https://shop.example.com/"},
		Verdict: report.Stale,
		Summary: "The workers still run 8c1f2ab: shop.service was last started 12 minutes before the code on disk became 3e9d0c4.",
		Releases: report.Releases{
			OnDisk: report.ReleaseSummary{ID: "3e9d0c4", Path: "/srv/shop/releases/20251123140310", Commit: "3e9d0c4f1b", ChangedAt: at(14, 3, 10), Source: "git"},
			Loaded: report.ReleaseSummary{ID: "8c1f2ab", Source: "start time of the workers"},
			Served: report.ServedRelease{ReleaseSummary: report.ReleaseSummary{ID: "8c1f2ab", Source: "GET /version"}},
		},
		Path: []report.Hop{
			{Hop: "url", Label: "https://shop.example.com/", State: report.OK, Detail: "200 in 14 ms", Step: 14},
			{Hop: "cache", Label: "none answered", State: report.OK, Step: 11},
			{Hop: "nginx", Label: "shop.conf:7", State: report.OK, Detail: "sends to unix:/run/shop.sock", Step: 9},
			{Hop: "socket", Label: "/run/shop.sock", State: report.OK, Detail: "held by Gunicorn 812", Step: 2},
			{Hop: "master", Label: "Gunicorn 812", State: report.Fail, Detail: "started 13:51:02, 12 min before the code changed", Step: 4},
			{Hop: "workers", Label: "815, 816, 817", State: report.Fail, Detail: "loaded 8c1f2ab", Step: 4},
			{Hop: "unit", Label: "shop.service", State: report.OK, Detail: "as systemd has it", Step: 6},
			{Hop: "directory", Label: "/srv/shop/current", State: report.OK, Detail: "is releases/20251123140310", Step: 3},
			{Hop: "release", Label: "3e9d0c4", State: report.OK, Detail: "changed 14:03:10", Step: 1},
		},
		Timeline:  staleTimeline(),
		Proof:     proofOf("service-not-restarted"),
		Causes:    []report.Finding{notRestarted(), celeryStale()},
		Steps:     staleSteps(),
		Fixes:     []report.Plan{restartPlan(), hupPlan()},
		Checklist: staleChecklist(),
		Commands:  []report.CommandRecord{},
	}
}

// proofOf is what is proved of a box on which the processes are of a cause, or of none.
func proofOf(causes ...string) []report.Claim {
	claims := []report.Claim{
		{Claim: report.ClaimIntended, State: report.Proved, Because: "The service takes its code from /srv/shop/current, which is 3e9d0c4."},
		{Claim: report.ClaimLoaded, State: report.Proved, Because: "All 3 workers hold the code on disk."},
		{Claim: report.ClaimWay, State: report.Proved, Because: "Nginx sends https://shop.example.com/ to unix:/run/shop.sock, which this service holds."},
		{Claim: report.ClaimFiles, State: report.None, Because: "The app has no static files."},
		{Claim: report.ClaimCaches, State: report.Proved, Because: "No cache on this box answers differently from the app."},
		{Claim: report.ClaimEnvironment, State: report.Open, Because: "step 7 (environment): /srv/shop/.env may not be read."},
		{Claim: report.ClaimConfiguration, State: report.Proved, Because: "What runs was started from the configuration that is on disk."},
	}
	if len(causes) > 0 {
		claims[1].State, claims[1].Because, claims[1].Causes = report.Refuted, "The service was not restarted after the code changed.", causes
	}
	return claims
}

// staleTimeline has a day before, a process that came too early, and one that did not.
func staleTimeline() []report.Moment {
	return []report.Moment{
		{At: report.Time{Time: time.Date(2025, 11, 2, 8, 30, 0, 0, time.UTC)}, Side: report.OnDisk, Lane: report.LaneDisk, What: "/etc/systemd/system/shop.service written", Source: "statx /etc/systemd/system/shop.service", State: report.OK},
		{At: at(13, 51, 2), Side: report.InMemory, Lane: report.LaneProcess, What: "Gunicorn master 812 started", Source: "/proc/812/stat", State: report.OK},
		{At: at(13, 51, 2), Side: report.InMemory, Lane: report.LaneProcess, What: "workers 815, 816, 817 started and loaded the code", Source: "/proc/815/stat", State: report.Fail},
		{At: at(14, 3, 10), Side: report.OnDisk, Lane: report.LaneDisk, What: "HEAD moved to 3e9d0c4 (pull: Fast-forward)", Source: "/srv/shop/current/.git/logs/HEAD", State: report.OK},
		{At: at(14, 3, 10), Side: report.OnDisk, Lane: report.LaneDisk, What: "source shop/views/checkout/umbrella_terms_and_conditions.py written", Source: "statx /srv/shop/current/shop/views/checkout/umbrella_terms_and_conditions.py", State: report.OK},
		{At: at(14, 9, 41), Side: report.InMemory, Lane: report.LaneNginx, What: "Nginx's workers started, with the configuration at that time", Source: "/proc/PID/stat of the oldest worker", State: report.OK},
	}
}

// quickParts are a quick fix on a box of which the last part has nothing to do.
func quickParts(steps.Examination) []steps.QuickPart {
	return []steps.QuickPart{
		{Plan: report.Plan{ID: "daemon-reload", Title: "Have systemd load the unit from disk", Commands: [][]string{{"systemctl", "daemon-reload"}}, Effect: "systemd reads all unit files from disk again.", Risk: report.LowRisk}},
		{Plan: restartPlan()},
		{Plan: report.Plan{ID: "nginx-reload", Title: "Test and reload Nginx"}, Skip: "Nginx is not installed"},
	}
}

func notRestarted() report.Finding {
	return report.Finding{
		ID: "service-not-restarted", Title: "The service was not restarted after the code changed",
		Confidence: report.Certain, Step: 4,
		Why: "Gunicorn loads the application when a worker starts and never again. All three workers started at 13:51:02; the code on disk became 3e9d0c4 at 14:03:10. What they have in memory is 8c1f2ab.",
		Evidence: []report.Evidence{
			{Label: "master started", Value: "2025-11-23 13:51:02.410", Source: "/proc/812/stat"},
			{Label: "workers started", Value: "2025-11-23 13:51:02.870", Source: "/proc/815/stat"},
			{Label: "code changed", Value: "2025-11-23 14:03:10.093", Source: "git -C /srv/shop/current log -1 --format=%ct"},
		},
		Fixes: []string{"restart", "hup"}, Follows: []string{"templates-cached"},
	}
}

func celeryStale() report.Finding {
	return report.Finding{
		ID: "background-workers-stale", Title: "Background workers still run the old code",
		Confidence: report.Possible, Step: 4,
		Why:      "shop-celery.service runs from the same directory and started before the code changed.",
		Evidence: []report.Evidence{{Label: "celery started", Value: "2025-11-23 13:50:58.004", Source: "/proc/790/stat"}},
		Fixes:    []string{}, Advice: "Restart shop-celery.service too: systemctl restart shop-celery.service", Follows: []string{},
	}
}

func restartPlan() report.Plan {
	return report.Plan{
		ID: "restart", Title: "Restart the service",
		Commands: [][]string{{"systemctl", "restart", "shop.service"}},
		Effect:   "Stops Gunicorn and starts it from /srv/shop/current, which is 3e9d0c4. It worked when the unit is active, the workers are new and nothing is stale.",
		Risk:     report.MediumRisk,
		Undo:     "There is no way back to what was in memory; to run the old release again, switch to it and restart.",
	}
}

func hupPlan() report.Plan {
	return report.Plan{
		ID: "hup", Title: "Reload the workers gracefully",
		Commands: [][]string{{"systemctl", "reload", "shop.service"}},
		Effect:   "The master replaces its workers one by one.", Risk: report.LowRisk, Undo: "None is needed.",
	}
}

func switchPlan() report.Plan {
	return report.Plan{
		ID: "switch-symlink", Title: "Switch current to the newest release and restart",
		Commands: [][]string{
			{"ln", "-s", "/srv/kundenportal/releases/20251123140310-feature-long-branch-name", "/srv/kundenportal/current.new"},
			{"mv", "-T", "/srv/kundenportal/current.new", "/srv/kundenportal/current"},
			{"systemctl", "restart", "kunden portal.service"},
		},
		Effect: "Makes current point at the newest release, then restarts.", Risk: report.HighRisk,
		Undo: "ln -sfn releases/20251122090000 /srv/kundenportal/current", Blocked: "the newest release has no wsgi.py: it is not complete",
	}
}

// markerPlan feeds its first command what that is to write.
func markerPlan() report.Plan {
	return report.Plan{
		ID: "release-marker", Title: "Set APP_RELEASE for the service and restart",
		Commands: [][]string{
			{"install", "-D", "-m", "0644", "/dev/stdin", "/etc/systemd/system/shop.service.d/flasktui-release.conf"},
			{"systemctl", "daemon-reload"},
			{"systemctl", "restart", "shop.service"},
		},
		Details: []report.CommandDetail{{Elevated: true, Directory: "/", Input: "[Service]\nEnvironment=APP_RELEASE=20251123140310\n"}, {}, {}},
		Effect:  "A drop-in sets APP_RELEASE=20251123140310 for shop.service.", Risk: report.MediumRisk, Undo: "rm it",
	}
}

func staleSteps() []report.Result {
	results := make([]report.Result, 0, len(steps.All()))
	for _, step := range steps.All() {
		results = append(results, report.Result{
			Number: step.Number, ID: step.ID, Title: step.Title, Status: report.OK,
			Summary: "Yes.", Evidence: []report.Evidence{}, Fixes: []string{}, DurationMS: 3,
		})
	}
	results[0].Summary = "Yes: /srv/shop/current is at 3e9d0c4, which is the newest commit of its branch."
	results[0].Evidence = []report.Evidence{
		{Label: "commit", Value: "3e9d0c4 Sell umbrellas", Source: "git -C /srv/shop/current log -1"},
		{Label: "last changed", Value: "2025-11-23 14:03:10.093 shop/views/checkout/umbrella_terms_and_conditions.py", Source: "/srv/shop/current"},
	}
	results[3].Status = report.Fail
	results[3].Summary = "No: the workers started at 13:51:02, 12 minutes before the code changed at 14:03:10."
	results[3].Evidence = notRestarted().Evidence
	results[3].Fixes = []string{"restart", "hup"}
	results[3].Commands = []sys.Text{
		"systemctl show shop.service -p ExecMainStartTimestamp,ActiveState",
		"ps -o pid,lstart,cmd -p 812,815,816,817",
		"stat -c '%z %n' /srv/shop/current/shop/views/checkout/umbrella_terms_and_conditions.py",
	}
	results[3].Acts = []sys.Text{"sudo systemctl restart shop.service"}
	results[6].Status, results[6].Reason = report.Unknown, "/proc/812/environ may be read by root alone"
	results[6].Summary = ""
	results[10].Status, results[10].Reason, results[10].Summary = report.Skipped, "no cache stands before the site", ""
	results[11].Status, results[11].Reason, results[11].Summary = report.Skipped, "the site runs in no container", ""
	results[12].Status, results[12].Summary = report.Warn, "A HUP would do, but the unit has no ExecReload."
	return results
}

func staleChecklist() []report.ChecklistItem {
	return []report.ChecklistItem{
		{Item: "The latest code is present in the expected deployment directory.", Status: report.OK, Step: 1},
		{Item: "The running Gunicorn process points to the correct working directory.", Status: report.OK, Step: 3},
		{Item: "The service was restarted or reloaded after deployment.", Status: report.Fail, Step: 4},
		{Item: "Browser, CDN, or proxy caching is not hiding the new release.", Status: report.Skipped, Step: 11},
		{Item: "A live test confirms the expected version or code change is now served.", Status: report.Fail, Step: 14},
	}
}

func freshReport() report.Report {
	document := staleReport()
	document.Verdict = report.Fresh
	document.Proof = proofOf()
	document.Proof[5].State, document.Proof[5].Because = report.Proved, "The processes have the environment that is on disk."
	document.Summary = "Every hop of the request path runs 3e9d0c4; the site says so itself."
	document.Releases.Loaded.ID, document.Releases.Served.ID = "3e9d0c4", "3e9d0c4"
	document.Path[4].State, document.Path[4].Label, document.Path[4].Detail = report.OK, "Gunicorn 9120", "started 14:15:31"
	document.Path[5].State, document.Path[5].Label, document.Path[5].Detail = report.OK, "9123, 9124, 9125", "all 3 hold the code on disk"
	document.Causes = []report.Finding{}
	for i := range document.Checklist {
		if document.Checklist[i].Status == report.Fail {
			document.Checklist[i].Status = report.OK
		}
	}
	document.Timeline[2].State = report.OK
	document.Steps[3].Status, document.Steps[3].Summary = report.OK, "Yes: the workers started at 14:15:31, after the code changed."
	document.Steps[3].Fixes = []string{}
	return document
}

func mixedReport() report.Report {
	document := staleReport()
	document.Verdict = report.Mixed
	document.Summary = "Old and new answer in turn: of 4 workers, 2 run 8c1f2ab and 2 run 3e9d0c4."
	document.Releases.Loaded.ID, document.Releases.Served.ID = "8c1f2ab, 3e9d0c4", "8c1f2ab, 3e9d0c4"
	document.Path[4].State, document.Path[4].Detail = report.OK, "started 13:51:02"
	document.Path[5].Label, document.Path[5].State = "815, 816, 9011, 9012", report.Fail
	document.Path[5].Detail = "815 and 816 loaded 8c1f2ab, 9011 and 9012 loaded 3e9d0c4"
	document.Causes = []report.Finding{{
		ID: "mixed-workers", Title: "Old and new workers answer in turn", Confidence: report.Certain, Step: 4,
		Why:      "Two workers were replaced after the code changed, two were not.",
		Evidence: []report.Evidence{}, Fixes: []string{"restart"}, Follows: []string{},
	}}
	return document
}

func downReport() report.Report {
	document := staleReport()
	document.Verdict = report.Down
	document.Summary = "Nothing answers: shop.service failed 3 minutes ago and nothing listens on /run/shop.sock."
	document.Releases.Loaded, document.Releases.Served = report.ReleaseSummary{}, report.ServedRelease{}
	document.Path[0].State, document.Path[0].Detail = report.Fail, "502 Bad Gateway"
	document.Path[3].State, document.Path[3].Detail = report.Fail, "nobody listens"
	document.Path[4].State, document.Path[4].Label, document.Path[4].Detail = report.Fail, "none", "shop.service is failed (exit status 3)"
	document.Path[5].State, document.Path[5].Label, document.Path[5].Detail = report.Skipped, "none", ""
	document.Causes = []report.Finding{{
		ID: "service-failed", Title: "The service does not run", Confidence: report.Certain, Step: 4,
		Why:      "The unit is failed. Its log ends with: ModuleNotFoundError: No module named 'umbrella'",
		Evidence: []report.Evidence{{Label: "unit", Value: "failed (Result: exit-code)", Source: "systemctl show shop.service"}},
		Fixes:    []string{}, Advice: "Install the missing module into /srv/shop/venv, then restart the service.", Follows: []string{},
	}}
	return document
}

func inconclusiveReport() report.Report {
	document := staleReport()
	document.Host.Privilege = sys.PrivilegeNone
	document.Verdict = report.Inconclusive
	document.Summary = "What the workers loaded could not be read: the processes belong to www-data and you are deploy."
	document.Releases.Loaded, document.Releases.Served = report.ReleaseSummary{}, report.ServedRelease{}
	document.Path[4].State, document.Path[4].Detail = report.Unknown, "may be read by root alone"
	document.Path[5].State, document.Path[5].Detail = report.Unknown, "may be read by root alone"
	document.Causes = []report.Finding{}
	document.Proof = proofOf()
	document.Proof[1].State, document.Proof[1].Because = report.Open, "step 3 (working-directory): /proc/812/cwd may be read by root alone."
	document.Steps[2].Status, document.Steps[2].Reason, document.Steps[2].Summary = report.Unknown, "/proc/812/cwd may be read by root alone", ""
	document.Steps[3].Status, document.Steps[3].Fixes = report.OK, []string{}
	document.Steps[3].Summary = "Yes."
	return document
}

// partialExamination is a look half-way: some steps known, no verdict yet.
func partialExamination() steps.Examination {
	document := staleReport()
	document.Verdict, document.Summary, document.Causes, document.Proof = "", "", []report.Finding{}, nil
	document.Fixes, document.Checklist = []report.Plan{}, []report.ChecklistItem{}
	document.Releases.Loaded, document.Releases.Served = report.ReleaseSummary{}, report.ServedRelease{}
	for i := range document.Path[:7] {
		document.Path[i].State, document.Path[i].Label, document.Path[i].Detail = report.Pending, "", ""
	}
	for i := range document.Steps[1:] {
		document.Steps[i+1].Status, document.Steps[i+1].Summary, document.Steps[i+1].Reason = report.Pending, "", ""
		document.Steps[i+1].Evidence = nil
	}
	return steps.Examination{Report: document, Pending: 5, Total: 12, Reading: []string{"nginx -T", "docker ps", "the URL"}}
}

func finished(report report.Report) steps.Examination {
	return steps.Examination{Report: report, Total: 12}
}
