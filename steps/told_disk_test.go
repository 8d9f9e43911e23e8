package steps_test

import (
	"testing"
	"time"

	"flasktui/lab/boxes"
	"flasktui/steps/facts"
	"flasktui/sys/git"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

const fetchedCommit = "f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed"

// fetched has a commit in the repository that is not checked out.
func fetched(change func(*git.Repository)) func(*facts.Facts) {
	return func(known *facts.Facts) {
		repository := known.Deployment.Value.Repository
		repository.Upstream, repository.UpstreamRef, repository.Fetched = fetchedCommit, "origin/main", known.TakenAt
		change(repository)
	}
}

// TestWhatIsToldOfTheCodeAndItsProcesses: steps 1 to 4.
func TestWhatIsToldOfTheCodeAndItsProcesses(t *testing.T) {
	t.Parallel()
	const (
		healthy  = practiced + "healthy"
		checkout = practiced + "healthy/checkout"
	)
	hold(t, []telling{
		// 1: what lies there, and what was fetched and does not.
		{healthy, nil, 1, "ok", "The service takes its code from"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Deployment) }, 1, "unknown", "permission denied"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Code) }, 1, "unknown", "permission denied"},
		{healthy, func(known *facts.Facts) { known.Code.Value.Source = facts.Change{} }, 1, "warn", "There is no Python source"},
		{healthy, func(known *facts.Facts) {
			known.Code.Value.Source, known.Code.Value.Unsettled = facts.Change{}, facts.Change{Path: "/srv/shop/app.py", At: known.TakenAt}
		}, 1, "ok", "/srv/shop/app.py was changed in some way at"},
		{healthy, func(known *facts.Facts) { known.Options.Expect = known.Deployment.Value.Releases[1].Name[:8] }, 1, "ok", "It is the expected release"},
		{checkout, fetched(func(*git.Repository) {}), 1, "warn", "origin/main was fetched and is not what is checked out"},
		{checkout, fetched(func(*git.Repository) {}), 1, "warn", "the remote itself was not asked"},
		{checkout, fetched(func(repository *git.Repository) { repository.Upstream = repository.Commit }), 1, "ok", "!fetched"},
		{checkout, fetched(func(repository *git.Repository) { repository.Upstream = "" }), 1, "ok", "!fetched"},
		{checkout, fetched(func(repository *git.Repository) { repository.Fetched = time.Time{} }), 1, "ok", "!was fetched and"},
		{checkout, fetched(func(repository *git.Repository) { repository.Log[0].New = fetchedCommit }), 1, "ok", "!was fetched and"},
		{checkout, fetched(func(repository *git.Repository) { repository.Log[0].Old = fetchedCommit }), 1, "ok", "!was fetched and"},

		// 2: who answers.
		{healthy, func(known *facts.Facts) { known.Processes.Value.Servers = nil }, 2, "fail", "No Gunicorn of"},
		{healthy, func(known *facts.Facts) {
			known.Processes.Value.Servers, known.Processes.Value.Hidden = nil, true
		}, 2, "unknown", "hidepid"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Processes) }, 2, "unknown", "permission denied"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Listeners) }, 2, "unknown", "permission denied"},
		{healthy, eachMaster(func(master *facts.Process) { master.Unreadable = map[string]string{"sockets": "denied"} }), 2, "ok", "holds"},
		{healthy, func(known *facts.Facts) {
			known.Listeners.Value = []proc.Listener{}
			eachMaster(func(master *facts.Process) { master.Unreadable = map[string]string{"sockets": "denied"} })(known)
		}, 2, "unknown", "could not be read: denied"},

		// 3: where they stand.
		{healthy, nil, 3, "ok", "and the app is imported from"},
		{healthy, func(known *facts.Facts) { known.Code.Value.Import.File = "" }, 3, "ok", "!imported from"},
		{healthy, eachMaster(func(master *facts.Process) { master.Unreadable = map[string]string{"directory": "denied"} }), 3, "unknown", "could not be read: denied"},
		{healthy, func(known *facts.Facts) { known.Settings.Value.Virtualenv = "/opt/env" }, 3, "ok", "/opt/env/pyvenv.cfg"},
		{healthy, func(known *facts.Facts) { known.Settings.Value.Virtualenv = "" }, 3, "ok", "!pyvenv.cfg"},

		// 4: who has which code.
		{healthy, func(known *facts.Facts) { known.Processes.Value.Servers = nil }, 4, "unknown", "no process of the service runs"},
		{checkout, func(known *facts.Facts) { known.Code.Value.Source.Committed = true }, 4, "warn", "written by git"},
		{checkout, nil, 4, "warn", "!written by git"},
		{healthy, func(known *facts.Facts) {
			known.Code.Value.Unimported = facts.Change{Path: "/srv/shop/new.py", At: known.TakenAt}
		}, 4, "warn", "the service has never imported it"},
		{healthy, func(known *facts.Facts) {
			known.Code.Value.Touched = facts.Change{Path: "/srv/shop/app.py", At: known.TakenAt}
		}, 4, "warn", "in a way that left its modification time alone"},
		{healthy, func(known *facts.Facts) {
			known.Code.Value.Touched = facts.Change{Path: "/srv/shop/app.py", At: known.TakenAt.Add(-24 * 365 * time.Hour)}
		}, 4, "ok", "!owner or mode"},
	})
}

// TestWhatIsToldOfTheUnit: steps 5 to 8.
func TestWhatIsToldOfTheUnit(t *testing.T) {
	t.Parallel()
	const healthy = practiced + "healthy"
	var (
		cron       = boxes.Name("healthy-by-cron", boxes.Healthy)
		supervised = boxes.Name("healthy-supervised", boxes.Healthy)
		container  = boxes.Name("healthy-container", boxes.Healthy)
	)
	program := func(change func(*facts.Supervised)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for index := range known.Supervised.Value {
				change(&known.Supervised.Value[index])
			}
		}
	}
	noSection := program(func(one *facts.Supervised) { one.Section = nil })
	unreadSection := program(func(one *facts.Supervised) { one.Section, one.ConfigProblem = nil, "its file is not root's" })
	environment := func(change func(*facts.EnvironmentFileOnDisk)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			file := facts.EnvironmentFileOnDisk{Path: "/etc/default/shop"}
			change(&file)
			known.Environment.Value.Files = []facts.EnvironmentFileOnDisk{file}
		}
	}
	unit := func(change func(*facts.Unit)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for index := range known.Units.Value {
				change(&known.Units.Value[index])
			}
		}
	}
	hold(t, []telling{
		// 5: the unit on disk and the one that is held.
		{healthy, func(known *facts.Facts) { unreadable(&known.UnitFiles) }, 5, "unknown", "permission denied"},
		{healthy, func(known *facts.Facts) { known.UnitFiles.Value.ComparisonProblem = "systemctl: no" }, 5, "unknown", "was not compared with what systemd holds: systemctl: no"},
		{healthy, func(known *facts.Facts) {
			known.UnitFiles.Value.Comparison.Untold = []systemd.UntoldSetting{{Key: "Nice"}}
		}, 5, "ok", "Not compared: "},
		{healthy, nil, 5, "ok", "!Not compared"},
		{cron, nil, 5, "skipped", ""},
		{cron, func(known *facts.Facts) { unreadable(&known.Units) }, 5, "unknown", "permission denied"},
		{cron, func(known *facts.Facts) { gone(&known.Units) }, 5, "skipped", "a job of cron's started it"},
		{container, nil, 5, "skipped", "runs in a container"},
		{supervised, noSection, 5, "unknown", "no section of program"},
		{supervised, unreadSection, 5, "unknown", "its file is not root's"},

		// 6: what the unit names.
		{healthy, environment(func(file *facts.EnvironmentFileOnDisk) { file.Missing = true }), 6, "fail", "which does not exist: the next start will fail"},
		{healthy, environment(func(file *facts.EnvironmentFileOnDisk) { file.Missing, file.Optional = true, true }), 6, "ok", "does not exist (optional)"},
		{healthy, environment(func(file *facts.EnvironmentFileOnDisk) { file.Problem = "denied" }), 6, "ok", "/etc/default/shop denied"},
		{healthy, environment(func(*facts.EnvironmentFileOnDisk) {}), 6, "ok", "/etc/default/shop is there"},
		{healthy, unit(func(one *facts.Unit) { one.KillMode = "process" }), 6, "warn", "workers outlive a restart"},
		{healthy, unit(func(one *facts.Unit) { one.KillMode = "none" }), 6, "warn", "workers outlive a restart"},
		{healthy, unit(func(one *facts.Unit) { one.KillMode = "mixed" }), 6, "ok", "!KillMode"},
		{healthy, func(known *facts.Facts) { unreadable(&known.Deployment) }, 6, "unknown", "permission denied"},
		{healthy, func(known *facts.Facts) { known.Settings.Value.Computed = []string{"chdir"} }, 6, "unknown", "is computed by Python"},
		{healthy, func(known *facts.Facts) { known.Settings.Value.Computed = []string{"workers"} }, 6, "ok", "What the unit names leads to"},
		{supervised, noSection, 6, "unknown", "no section of program"},
		{supervised, func(known *facts.Facts) { unreadable(&known.Deployment) }, 6, "unknown", "permission denied"},
		{supervised, nil, 6, "ok", "What the program's section names leads to"},

		// 7: the environment.
		{healthy, func(known *facts.Facts) { unreadable(&known.Environment) }, 7, "unknown", "permission denied"},
		{healthy, environment(func(file *facts.EnvironmentFileOnDisk) { file.Problem = "denied" }), 7, "unknown", "/etc/default/shop: denied"},
		{healthy, environment(func(file *facts.EnvironmentFileOnDisk) { file.Names = []string{"COLOUR"} }), 7, "ok", "/etc/default/shop sets COLOUR"},
		{healthy, func(known *facts.Facts) {
			known.Environment.Value.DotEnv = &facts.EnvironmentFileOnDisk{Path: "/srv/shop/current/.env"}
			known.Environment.Value.DotEnvOverruled = []string{"COLOUR"}
		}, 7, "ok", "COLOUR: the unit's value wins"},
		{healthy, func(known *facts.Facts) { known.Environment.Value.DotEnvOverruled = nil }, 7, "ok", "!wins over"},
		{container, func(known *facts.Facts) { unreadable(&known.Compose) }, 7, "unknown", "permission denied"},
		{container, unsetInCompose, 7, "warn", "take TOKEN_FILE from the shell"},
		{container, func(known *facts.Facts) { known.Compose.Value.Service = nil }, 7, "skipped", "shown by its hash in step 12"},
		{supervised, noSection, 7, "unknown", "no section of program"},
		{supervised, program(func(one *facts.Supervised) { one.Section.Unread = []string{"environment"} }), 7, "unknown", "only supervisord can expand"},
		{supervised, program(func(one *facts.Supervised) { one.Section.Prints = nil }), 7, "ok", "sets no environment of its own"},

		// 8: the link.
		{healthy, func(known *facts.Facts) { unreadable(&known.Deployment) }, 8, "unknown", "permission denied"},
		{healthy, nil, 8, "ok", "← active"},
		{healthy, nil, 8, "ok", "!not complete"},
		{healthy, func(known *facts.Facts) { known.Deployment.Value.Releases[0].Complete = false }, 8, "ok", "not complete"},
		{healthy, eachRelease(func(release *facts.Release) { release.Complete = false }), 8, "warn", "no release there holds the app's module"},
		{container, nil, 8, "skipped", "not deployed by releases and a link"},
	})
}
