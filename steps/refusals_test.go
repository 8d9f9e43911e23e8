package steps_test

import (
	"slices"
	"strings"
	"testing"

	"flasktui/lab/boxes"
	"flasktui/steps"
	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/nginx"
)

// refusal is a fix that may not run, and why. Without change the box itself refuses it;
// with change the fix may run until the facts are changed so, which shows that it is this
// that refuses it.
type refusal struct {
	fix, box string
	change   func(known *facts.Facts)
	words    string
}

func noUnit(known *facts.Facts) { known.Units = facts.Unreadable[[]facts.Unit]("not read", "") }

func masked(known *facts.Facts) {
	for index := range known.Units.Value {
		known.Units.Value[index].LoadState = "masked"
	}
}

func missingAsLoaded(known *facts.Facts) {
	known.UnitFiles.Value.MissingLoaded = []string{"/nowhere/gunicorn"}
}

func missingOnDisk(known *facts.Facts) {
	known.UnitFiles.Value.MissingOnDisk = []string{"/nowhere/gunicorn"}
}

func missingEnvironment(known *facts.Facts) {
	known.Environment.Value.Files = append(known.Environment.Value.Files, facts.EnvironmentFileOnDisk{Path: "/etc/default/gone", Missing: true})
}

func looseWay(known *facts.Facts) {
	known.Deployment.Value.Link.DirectoryOwner = facts.DirectoryOwner{Loose: "/srv"}
}

func supervisorRefuses(known *facts.Facts) {
	for index := range known.Supervised.Value {
		known.Supervised.Value[index].Refusal = "its configuration is anybody's"
	}
}

func eachApp(change func(*facts.WSGIApp)) func(*facts.Facts) {
	return func(known *facts.Facts) {
		for index := range known.Processes.Value.Servers {
			change(known.Processes.Value.Servers[index].WSGI)
		}
	}
}

func eachRelease(change func(*facts.Release)) func(*facts.Facts) {
	return func(known *facts.Facts) {
		for index := range known.Deployment.Value.Releases {
			change(&known.Deployment.Value.Releases[index])
		}
	}
}

func eachMaster(change func(*facts.Process)) func(*facts.Facts) {
	return func(known *facts.Facts) {
		for index := range known.Processes.Value.Servers {
			change(&known.Processes.Value.Servers[index].Master)
		}
	}
}

func refusals() []refusal {
	const (
		practicedOn   = practiced + "service-not-restarted"
		noSuchUnit    = ".service could not be read: not read"
		bySupervisord = "supervisord runs the service, not systemd"
		startedByHand = "once it has ended"
		wouldNotStart = "does not exist, so it would not start again"
		wouldNot      = "names what does not exist, so it would not start again: /nowhere/gunicorn"
	)
	supervised, byCron := boxes.Name("supervised-not-restarted", boxes.Broken), boxes.Name("by-cron-not-restarted", boxes.Broken)
	return []refusal{
		// Who would have to do it is not there.
		{"daemon-reload", practicedOn, noUnit, noSuchUnit},
		{"daemon-reload-restart", practicedOn, noUnit, noSuchUnit},
		{"edit-unit", practicedOn, noUnit, noSuchUnit},
		{"release-marker", practicedOn, noUnit, noSuchUnit},
		{"restart", practicedOn, noUnit, noSuchUnit},
		{"switch-symlink", practiced + "symlink-not-switched", noUnit, noSuchUnit},
		{"clear-bytecode", practiced + "stale-bytecode", noUnit, noSuchUnit},
		{"stop-orphan", practiced + "orphan-gunicorn", noUnit, noSuchUnit},
		{"stop-orphan", practicedOn, nil, "no server outside the unit"},
		{"daemon-reload", supervised, nil, bySupervisord},
		{"edit-unit", supervised, nil, bySupervisord},
		{"stop-orphan", supervised, nil, bySupervisord},
		{"release-marker", practiced + "container-stale", nil, "runs in a container"},
		{"daemon-reload-restart", byCron, nil, "no systemd unit is known to run process"},
		{"restart", byCron, nil, startedByHand},
		{"switch-symlink", byCron, nil, startedByHand},
		{"docker-recreate", practicedOn, nil, "not a Compose service"},
		{"docker-up", practicedOn, nil, "not a Compose service"},
		{"hup", practiced + "service-failed", nil, "no Gunicorn of quiz.service runs"},

		// A running service would be stopped, and not come back.
		{"restart", practicedOn, missingAsLoaded, wouldNot},
		{"stop-orphan", practiced + "orphan-gunicorn", missingAsLoaded, wouldNot},
		{"clear-bytecode", practiced + "stale-bytecode", missingAsLoaded, wouldNot},
		{"switch-symlink", practiced + "symlink-not-switched", missingAsLoaded, wouldNot},
		{"switch-symlink", practiced + "symlink-not-switched", masked, "is masked"},
		{"daemon-reload-restart", practicedOn, missingOnDisk, wouldNot},
		{"release-marker", practicedOn, missingOnDisk, wouldNot},
		{"restart", practicedOn, missingEnvironment, wouldNotStart},
		{"daemon-reload-restart", practicedOn, missingEnvironment, wouldNotStart},
		{"restart", supervised, supervisorRefuses, "anybody's"},
		{"switch-symlink", supervised, supervisorRefuses, "anybody's"},

		// A HUP would load old code again, or kill.
		{"hup", practiced + "hup-with-preload", nil, "preloads the app"},
		{"hup", practiced + "release-dir-deleted", nil, "would kill it"},
		{"hup", practicedOn, nil, "keeps the real path"},
		{"hup", practiced + "env-not-reloaded", func(known *facts.Facts) {
			known.Settings = facts.Unreadable[facts.Settings]("not read", "")
		}, "preloads the app could not be told"},
		{"hup", practiced + "env-not-reloaded", eachMaster(func(master *facts.Process) { master.Unreadable = map[string]string{"directory": "permission denied"} }), "could not be read: permission denied"},
		{"hup", practiced + "healthy", func(known *facts.Facts) { known.Deployment.Value.Link.Dangling = true }, "leads nowhere"},
		{"hup", practiced + "container-stale", nil, "the container holds the old code"},

		// The link would lead nowhere, or root astray.
		{"switch-symlink", practiced + "hup-with-preload", nil, "not deployed by a link"},
		{"switch-symlink", practiced + "symlink-not-switched", func(known *facts.Facts) { known.Deployment.Value.Releases = nil }, "there is no complete release in"},
		{"switch-symlink", practiced + "symlink-not-switched", func(known *facts.Facts) { known.Options.Expect = "20990101000000" }, "no complete release named 20990101000000"},
		{"switch-symlink", practiced + "symlink-broken", eachRelease(func(release *facts.Release) { release.Complete = false }), "the app's module is not in it"},
		{"switch-symlink", practiced + "symlink-not-switched", looseWay, "lead root elsewhere"},
		{"rollback", practiced + "symlink-not-switched", nil, "is not in trouble: it answers"},
		{"rollback", practiced + "hup-with-preload", nil, "not deployed by a link"},
		{"rollback", practiced + "service-failed", func(known *facts.Facts) { known.Deployment.Value.Releases = nil }, "is the only release that is here"},
		{"rollback", supervised, nil, "alone: supervisord keeps no record that proves it"},
		{"rollback", practiced + "service-failed", func(known *facts.Facts) { known.Deployment.Value.Link.Dangling = true }, "no sound link"},
		{"rollback", practiced + "service-failed", func(known *facts.Facts) { known.PastRuns.Value.Releases = nil }, "that one is older is no proof"},
		{"rollback", practiced + "service-failed", func(known *facts.Facts) { known.PastRuns = facts.Unreadable[facts.PastRuns]("not read", "") }, "could not be read: not read"},
		{"rollback", practiced + "service-failed", func(known *facts.Facts) { known.PastRuns.Value.Releases[0].Altered = "wsgi.py was written since" }, "is not what ran then: wsgi.py"},
		{"rollback", practiced + "service-failed", eachRelease(func(release *facts.Release) { release.Complete = false }), "not complete any more"},
		{"rollback", practiced + "service-failed", looseWay, "lead root elsewhere"},
		{"rollback", practiced + "service-failed", missingAsLoaded, wouldNot},
		{"rollback", practiced + "service-failed", noUnit, noSuchUnit},
		{"clear-bytecode", practiced + "stale-bytecode", func(known *facts.Facts) {
			known.Code.Value.Bytecode[0].DirectoryOwner = facts.DirectoryOwner{Problem: "permission denied"}
		}, "could not be told: permission denied"},
		{"clear-bytecode", practicedOn, nil, "no bytecode of the app itself"},

		// The marker would say nothing, or something else.
		{"release-marker", practicedOn, func(known *facts.Facts) { known.Deployment = facts.Unreadable[facts.Deployment]("not read", "") }, "nothing on disk names the release"},
		{"release-marker", practicedOn, eachRelease(func(release *facts.Release) { release.Name = "1 2" }), "might mean more to systemd"},

		// Compose would make another container than the deploy's.
		{"docker-recreate", practiced + "container-stale", composeUnread, "could not be read: not read"},
		{"docker-up", practiced + "container-stale", composeUnread, "could not be read: not read"},
		{"docker-recreate", practiced + "container-stale", unsetInCompose, "take TOKEN_FILE from the shell"},
		{"docker-up", practiced + "container-stale", unsetInCompose, "take TOKEN_FILE from the shell"},
		{"volume-renew", boxes.Name("volume-hides-static", boxes.Broken), func(known *facts.Facts) {
			known.ImageSource.Value.Volumes[0].Kept = "/app/static/upload.css was written"
		}, "more than the image's files may be in the volume"},
		{"restart", practiced + "container-stale", nil, "use docker-recreate"},
		{"restart", boxes.Name("built-not-recreated", boxes.Broken), nil, "use docker-up"},
		{"restart", boxes.Name("built-not-recreated", boxes.Cured), nil, "The code here is in the image"},

		// A touch would change nothing, or lead root astray; Apache would refuse its configuration, or
		// all of its sites would be down.
		{"touch-wsgi", boxes.Name("mod-wsgi-embedded-not-reloaded", boxes.Broken), nil, "embedded mode"},
		{"touch-wsgi", boxes.Name("mod-wsgi-reloading-off", boxes.Broken), nil, "WSGIScriptReloading is off"},
		{"touch-wsgi", boxes.Name("mod-wsgi-daemon-not-touched", boxes.Broken), eachApp(func(app *facts.WSGIApp) { app.Info.UID = 0 }), "could lead root elsewhere"},
		{"apache-reload", boxes.Name("mod-wsgi-daemon-not-touched", boxes.Broken), func(known *facts.Facts) {
			known.Processes.Value.Apache[0].Problem = "one.conf:1: <virtualhost> is not closed"
		}, "is not closed"},
		{"apache-reload", boxes.Name("mod-wsgi-embedded-not-reloaded", boxes.Broken), func(known *facts.Facts) {
			known.Processes.Value.Apache[0].Led = []string{"/home/app/quarry.conf"}
		}, "/home/app/quarry.conf is not shown to be root's alone"},
		{"apache-reload", practicedOn, nil, "no app of Apache's mod_wsgi runs"},
		{"restart", boxes.Name("mod-wsgi-daemon-not-touched", boxes.Broken), nil, "would end all of Apache's sites"},

		// Nginx would refuse it.
		{"nginx-reload", practiced + "nginx-config-invalid", nil, "nginx -t refuses the configuration on disk"},
		{"nginx-reload", practicedOn, func(known *facts.Facts) { known.Processes.Value.Nginx = nil }, "no Nginx runs on this box"},
		{"nginx-reload", practicedOn, nginxUnread, "not read"},
		{"edit-nginx", practiced + "nginx-wrong-upstream", nginxUnread, "not read"},
		{"edit-nginx", practiced + "nginx-wrong-upstream", func(known *facts.Facts) { known.Site.Value.Address.Location = nil }, "no file and line"},

		// The person has not got the rights.
		{"restart", practicedOn, func(known *facts.Facts) { known.Options.ReadOnly = true }, "--read-only"},
		{"restart", practicedOn, withoutRights, "needs root's rights"},
		{"nginx-reload", practicedOn, withoutRights, "needs root's rights"},
		{"hup", practiced + "env-not-reloaded", withoutRights, "needs root's rights"},
		{"docker-up", practiced + "container-stale", func(known *facts.Facts) {
			withoutRights(known)
			known.Containers.Value[0].Daemon.AsRoot = true
		}, "needs root's rights"},
	}
}

func composeUnread(known *facts.Facts) {
	known.Compose = facts.Unreadable[facts.ComposeFacts]("not read", "")
}

func unsetInCompose(known *facts.Facts) { known.Compose.Value.Unset = []string{"TOKEN_FILE"} }

func nginxUnread(known *facts.Facts) {
	known.NginxDisk = facts.Unreadable[nginx.Config]("not read", "")
}

func withoutRights(known *facts.Facts) { known.Host.Value.Privilege = sys.PrivilegeNone }

// TestEachRefusalHoldsBackWhatItNames goes through every reason for which a fix may not
// run; each fix is there, and each is let through where nothing speaks against it.
func TestEachRefusalHoldsBackWhatItNames(t *testing.T) {
	t.Parallel()
	let, held := map[string]bool{}, map[string]bool{}
	for _, test := range refusals() {
		name := test.fix + " on " + test.box + ": " + test.words
		examination := examined(t, test.box)
		if test.change != nil {
			if plan, ok := examination.Plan(test.fix); !ok || plan.Blocked != "" {
				t.Errorf("%s: it is blocked without that: %s", name, plan.Blocked)
			}
			let[test.fix] = true
			test.change(steps.FactsOf(examination))
		}
		plan, ok := examination.Plan(test.fix)
		if !ok || !strings.Contains(string(plan.Blocked), test.words) || plan.Blocked == "" {
			t.Errorf("%s: it is not, but %q", name, plan.Blocked)
		}
		held[test.fix] = true
	}
	for _, fix := range steps.Fixes() {
		if !held[fix.ID] || !let[fix.ID] {
			t.Errorf("%s is not refused and let through by turns: held %t, let %t", fix.ID, held[fix.ID], let[fix.ID])
		}
	}
}

// TestWhatDoesNotMatterRefusesNothing: a fix is not held back for what it does not need.
func TestWhatDoesNotMatterRefusesNothing(t *testing.T) {
	t.Parallel()
	for _, test := range []refusal{
		{"restart", practiced + "service-not-restarted", missingOnDisk, "the files of a unit that only a daemon-reload would load"},
		{"daemon-reload-restart", practiced + "service-not-restarted", missingAsLoaded, "the unit that a daemon-reload replaces"},
		{"restart", practiced + "service-not-restarted", func(known *facts.Facts) {
			known.Environment.Value.Files = append(known.Environment.Value.Files, facts.EnvironmentFileOnDisk{Path: "/etc/default/gone", Missing: true, Optional: true})
		}, "an environment file that may be missing"},
		{"switch-symlink", practiced + "symlink-not-switched", func(known *facts.Facts) {
			known.UnitFiles.Value.MissingLoaded = []string{known.Deployment.Value.Link.Path + "/bin/gunicorn"}
		}, "what is there again once the link is"},
		{"docker-up", practiced + "container-stale", func(known *facts.Facts) {
			withoutRights(known)
			for index := range known.Containers.Value {
				known.Containers.Value[index].Daemon.AsRoot = false
			}
		}, "rights that Docker does not ask for"},
	} {
		examination := examined(t, test.box)
		test.change(steps.FactsOf(examination))
		if plan, _ := examination.Plan(test.fix); plan.Blocked != "" {
			t.Errorf("%s on %s is blocked by %s: %s", test.fix, test.box, test.words, plan.Blocked)
		}
	}
}

// TestEveryPlanSaysAllThatItRuns: what is shown before a fix runs is whole.
func TestEveryPlanSaysAllThatItRuns(t *testing.T) {
	everyPracticeBox(t, func(t *testing.T, _ string, examination steps.Examination) {
		for _, fix := range steps.Fixes() {
			plan, _ := examination.Plan(fix.ID)
			if plan.ID != fix.ID || plan.Title != fix.Title || plan.Risk == "" {
				t.Errorf("%s: %+v", fix.ID, plan)
			}
			if plan.Blocked == "" && (plan.Effect == "" || plan.Undo == "" || len(plan.Commands) == 0 || slices.ContainsFunc(plan.Commands, func(argv []string) bool { return len(argv) == 0 })) {
				t.Errorf("%s: %+v", fix.ID, plan)
			}
		}
	})
}
