// Package walk is the guide's fourteen steps: what each asks of the box, and what it
// shows where no cause is found.
package walk

import (
	"slices"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// Step is one of the guide's fourteen questions.
type Step struct {
	Number int
	ID     string
	Title  string
	// Question is what the step asks of the box.
	Question string
	// Claim is the one of the seven that it shows: where the step could not be judged, that is
	// open. None for what only advises.
	Claim report.ClaimID
	// Needs are the groups of facts without which it cannot be judged.
	Needs []func() facts.Group
	// Judge says what is seen where no cause is found; a cause that the step shows
	// has the last word.
	Judge func(*box.Box) report.Result
}

// All is the walk, in the guide's order.
func All() []Step { //nolint:funlen // one literal slice, read from top to bottom
	return []Step{
		{
			1, "code-on-disk", "Code on disk", "Is the new code where the deploy should have put it?",
			report.ClaimIntended,
			[]func() facts.Group{facts.GroupDeployment, facts.GroupCode},
			judgeCodeOnDisk,
		},
		{
			2, "serving-process", "Serving process", "Which Gunicorn master and workers answer the site's requests?",
			report.ClaimLoaded,
			[]func() facts.Group{facts.GroupProcesses, facts.GroupListeners, facts.GroupSite},
			judgeServingProcess,
		},
		{
			3, "working-directory", "Working directory", "What directory and interpreter do they run from?",
			report.ClaimLoaded,
			[]func() facts.Group{facts.GroupSettings, facts.GroupCode},
			judgeWorkingDirectory,
		},
		{
			4, "service-restart", "Service restart", "Has the service been restarted since the code changed?",
			report.ClaimLoaded,
			[]func() facts.Group{facts.GroupCode, facts.GroupSite, facts.GroupJournal, facts.GroupBackground, facts.GroupSiblings},
			judgeServiceRestart,
		},
		{
			5, "daemon-reload", "Daemon reload", "Does systemd hold the unit that is on disk?",
			report.ClaimConfiguration,
			[]func() facts.Group{facts.GroupUnitFiles, facts.GroupEnvironment},
			judgeDaemonReload,
		},
		{
			6, "unit-paths", "Unit paths", "Do WorkingDirectory, ExecStart and EnvironmentFile name the active release?",
			report.ClaimConfiguration,
			[]func() facts.Group{facts.GroupUnitFiles, facts.GroupDeployment, facts.GroupEnvironment},
			judgeUnitPaths,
		},
		{
			7, "environment", "Environment", "Does the process have the environment that is on disk?",
			report.ClaimEnvironment,
			[]func() facts.Group{facts.GroupEnvironment, facts.GroupCompose},
			judgeEnvironment,
		},
		{
			8, "release-symlink", "Release symlink", "Does current point at the newest release?",
			report.ClaimIntended,
			[]func() facts.Group{facts.GroupDeployment},
			judgeReleaseLink,
		},
		{
			9, "nginx", "Nginx", "Does the running Nginx send requests to this service, from a valid, loaded configuration?",
			report.ClaimWay,
			[]func() facts.Group{facts.GroupNginx, facts.GroupNginxFiles, facts.GroupSite},
			judgeNginx,
		},
		{
			10, "static-assets", "Static assets", "Are the static files that clients get those of the release?",
			report.ClaimFiles,
			[]func() facts.Group{facts.GroupStatic},
			judgeStatic,
		},
		{
			11, "caches", "Caches", "Does a proxy, CDN or browser cache answer instead of the app?",
			report.ClaimCaches,
			[]func() facts.Group{facts.GroupSite},
			judgeCaches,
		},
		{
			12, "containers", "Containers", "Does the container run the image, mounts and environment that are on disk?",
			report.ClaimConfiguration,
			[]func() facts.Group{facts.GroupContainers, facts.GroupImages, facts.GroupInside, facts.GroupCompose, facts.GroupImageSource},
			judgeContainers,
		},
		{
			13, "gunicorn-reload", "Gunicorn reload", "Would a graceful HUP reload do here, or do harm?",
			"",
			[]func() facts.Group{facts.GroupSettings, facts.GroupDeployment, facts.GroupCode},
			judgeReload,
		},
		{
			14, "release-marker", "Release marker", "Does the live site itself say which release it is?",
			report.ClaimWay,
			[]func() facts.Group{facts.GroupSite, facts.GroupDeployment},
			judgeMarker,
		},
	}
}

// ByID finds a step by its id or its number; ok is false where there is none.
func ByID(id string) (Step, bool) {
	all := All()
	index := slices.IndexFunc(all, func(step Step) bool {
		return step.ID == id || string(sys.Textf("%d", step.Number)) == id
	})
	if index < 0 {
		return Step{}, false
	}
	return all[index], true
}

// The four outcomes that a step's own function gives.

func ok(summary sys.Text) report.Result { return report.Result{Status: report.OK, Summary: summary} }

func warn(summary sys.Text) report.Result {
	return report.Result{Status: report.Warn, Summary: summary}
}

func failed(summary sys.Text) report.Result {
	return report.Result{Status: report.Fail, Summary: summary}
}

func unknown(reason sys.Text) report.Result {
	return report.Result{Status: report.Unknown, Summary: "It could not be told.", Reason: reason}
}

func skipped(reason sys.Text) report.Result {
	return report.Result{Status: report.Skipped, Summary: "Does not apply here.", Reason: reason}
}

// notKnown turns a fact that is not there into the step's outcome.
func notKnown[T any](fact facts.Fact[T]) report.Result {
	if fact.Absent {
		return skipped(sys.Textf("%s", fact.Problem))
	}
	return unknown(sys.Textf("%s", fact.Problem))
}
