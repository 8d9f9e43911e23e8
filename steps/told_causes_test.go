package steps_test

import (
	"testing"
	"time"

	"flasktui/lab/boxes"
	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/docker"
)

// TestWhatIsToldOfAnExpectation: what the person says the box should have.
func TestWhatIsToldOfAnExpectation(t *testing.T) {
	t.Parallel()
	const (
		healthy   = practiced + "healthy"
		elsewhere = practiced + "deployed-elsewhere"
	)
	expect := func(release string) func(*facts.Facts) {
		return func(known *facts.Facts) { known.Options.Expect = release }
	}
	appDir := func(change func(tree *facts.Tree, known *facts.Facts)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			tree := &facts.Tree{Resolved: "/opt/elsewhere", HoldsApp: true}
			change(tree, known)
			known.Deployment.Value.AppDir = tree
		}
	}
	hold(t, []telling{
		{healthy, expect("20260305140800"), 0, "fresh", "the expected release 20260305140800."},
		{healthy, nil, 0, "fresh", "; no release in /srv/shop/releases is newer."},
		{healthy, expect("1f059a6"), 0, "fresh", "the expected release 1f059a6"},
		{healthy, expect("20270101000000"), 0, "stale", "release-not-here is likely, fixes []"},
		{healthy, expect("20260302142000"), 0, "stale", "symlink-not-switched is certain"},
		{healthy, expect("20260302142000"), 0, "stale", "expected: 20260302142000 (--expect)"},
		{healthy, func(known *facts.Facts) {
			known.Options.Expect = "20270101000000"
			unreadable(&known.Deployment)
		}, 0, "inconclusive", "!is likely"},
		{elsewhere, nil, 0, "stale", "deployed-elsewhere is certain"},
		{healthy, appDir(func(*facts.Tree, *facts.Facts) {}), 0, "stale", "deployed-elsewhere is certain"},
		{healthy, appDir(func(tree *facts.Tree, _ *facts.Facts) { tree.HoldsApp = false }), 0, "stale", "deployed-elsewhere is likely"},
		{healthy, appDir(func(tree *facts.Tree, _ *facts.Facts) { tree.HoldsApp = false }), 0, "stale", "holds no module of the app's name"},
		{healthy, appDir(func(tree *facts.Tree, _ *facts.Facts) { tree.Problem = "denied" }), 0, "fresh", "!deployed-elsewhere"},
		{healthy, appDir(func(tree *facts.Tree, known *facts.Facts) { tree.Resolved = known.Deployment.Value.Active }), 0, "fresh", "!deployed-elsewhere"},
		{healthy, appDir(func(tree *facts.Tree, known *facts.Facts) { tree.Resolved = known.Deployment.Value.Active + "/src" }), 0, "fresh", "!deployed-elsewhere"},
		{healthy, appDir(func(tree *facts.Tree, _ *facts.Facts) { tree.Resolved = "/srv" }), 0, "fresh", "!deployed-elsewhere"},
		{healthy, appDir(func(tree *facts.Tree, _ *facts.Facts) { tree.Resolved = "/srv/shop" }), 0, "fresh", "!deployed-elsewhere"},
		{healthy, appDir(func(tree *facts.Tree, known *facts.Facts) { tree.Resolved = known.Deployment.Value.ReleasesDirectory }), 0, "fresh", "!deployed-elsewhere"},
		{healthy, appDir(func(tree *facts.Tree, known *facts.Facts) { tree.Resolved = known.Deployment.Value.Releases[0].Path }), 0, "fresh", "!deployed-elsewhere"},
	})
}

// TestWhatIsToldOfLinks: what makes a newer release certain to be meant, and what not.
func TestWhatIsToldOfLinks(t *testing.T) {
	t.Parallel()
	const (
		notSwitched = practiced + "symlink-not-switched"
		broken      = practiced + "symlink-broken"
	)
	link := func(change func(link *facts.Link, known *facts.Facts)) func(*facts.Facts) {
		return func(known *facts.Facts) { change(known.Deployment.Value.Link, known) }
	}
	newest := func(known *facts.Facts) *facts.Release {
		releases := known.Deployment.Value.Releases
		return &releases[len(releases)-1]
	}
	hold(t, []telling{
		{notSwitched, nil, 0, "stale", "symlink-not-switched is likely, fixes [switch-symlink]"},
		{notSwitched, link(func(link *facts.Link, _ *facts.Facts) { link.NotALink = true }), 0, "stale", "is a directory, not a link"},
		{notSwitched, link(func(link *facts.Link, _ *facts.Facts) { link.NotALink = true }), 0, "stale", "!symlink-not-switched"},
		{notSwitched, func(known *facts.Facts) { newest(known).Complete = false }, 0, "stale", "!symlink-not-switched"},
		{notSwitched, link(func(link *facts.Link, known *facts.Facts) {
			link.Info.Born, link.Info.Modified, link.Info.Changed = known.TakenAt, known.TakenAt, known.TakenAt
		}), 0, "fresh", "looks like a rollback"},
		{notSwitched, link(func(link *facts.Link, known *facts.Facts) {
			link.Beside = map[string]string{"/home/cook/kitchen/staging": newest(known).Path}
		}), 0, "fresh", "is what /home/cook/kitchen/staging leads to"},
		{notSwitched, link(func(link *facts.Link, known *facts.Facts) {
			link.Beside = map[string]string{"/home/cook/kitchen/latest": newest(known).Path}
		}), 0, "stale", "symlink-not-switched is likely"},
		{notSwitched, link(func(link *facts.Link, known *facts.Facts) {
			link.Beside = map[string]string{"/home/cook/kitchen/staging": known.Deployment.Value.Active}
		}), 0, "stale", "symlink-not-switched is likely"},
		{notSwitched, func(known *facts.Facts) {
			at := known.TakenAt.Add(-10 * time.Second)
			newest(known).Info = sys.FileInfo{Born: at, Modified: at, Changed: at}
		}, 0, "stale", "make sure that its deploy has ended"},
		{broken, nil, 0, "stale", "symlink-broken is certain"},
		{broken, link(func(link *facts.Link, _ *facts.Facts) { link.Dangling = true }), 0, "stale", "and nothing is there"},
	})
}

// TestWhatIsToldOfEnvironments: what a process does not have, and how sure that is.
func TestWhatIsToldOfEnvironments(t *testing.T) {
	t.Parallel()
	const (
		changed = practiced + "env-not-reloaded"
		healthy = practiced + "healthy"
	)
	dotEnv := func(change func(known *facts.Facts)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			at := known.TakenAt
			known.Environment.Value.DotEnv = &facts.EnvironmentFileOnDisk{Path: "/srv/shop/current/.env", Info: sys.FileInfo{Born: at, Modified: at, Changed: at}}
			change(known)
		}
	}
	unread := eachMaster(func(master *facts.Process) {
		master.Prints, master.Unreadable = nil, map[string]string{"environ": "denied"}
	})
	hold(t, []telling{
		{changed, nil, 0, "stale", "env-not-reloaded is certain"},
		{changed, unread, 0, "stale", "env-not-reloaded is likely"},
		{changed, unread, 0, "stale", "could not be read, so the two are not compared"},
		{changed, func(known *facts.Facts) { unreadable(&known.Environment) }, 0, "inconclusive", "environment is open"},
		{healthy, func(known *facts.Facts) {
			known.Environment.Value.Prints = map[string]string{"COLOUR": "1"}
			unread(known)
		}, 7, "ok", "By times alone"},
		{healthy, func(known *facts.Facts) {
			known.Environment.Value.Prints = map[string]string{"COLOUR": "1"}
			unreadable(&known.UnitFiles)
			unread(known)
		}, 7, "unknown", "could not be read: denied"},
		{healthy, unread, 7, "ok", "sets no environment of its own"},
		{healthy, dotEnv(func(*facts.Facts) {}), 0, "fresh", "env-not-reloaded is possible"},
		{healthy, dotEnv(func(*facts.Facts) {}), 0, "fresh", "If the app reads it"},
		{healthy, dotEnv(func(known *facts.Facts) { known.Code.Value.LoadsDotEnv = true }), 0, "stale", "env-not-reloaded is likely"},
		{healthy, dotEnv(func(known *facts.Facts) {
			known.Environment.Value.DotEnv.Info = sys.FileInfo{}
		}), 0, "fresh", "!env-not-reloaded"},
		{practiced + "service-failed", dotEnv(func(*facts.Facts) {}), 0, "down", "!env-not-reloaded"},
	})
}

// TestWhatIsToldOfServicesThatFail: who is down, why, and whether to start it again.
func TestWhatIsToldOfServicesThatFail(t *testing.T) {
	t.Parallel()
	const failed = practiced + "service-failed"
	exited := boxes.Name("mounted-not-restarted", boxes.Cured)
	unit := func(active, sub, result string, restarts int) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for index := range known.Units.Value {
				one := &known.Units.Value[index]
				one.ActiveState, one.SubState, one.Result, one.Restarts = active, sub, result, restarts
			}
		}
	}
	young := func(active, sub string, restarts int, since time.Duration) func(*facts.Facts) {
		return func(known *facts.Facts) {
			unit(active, sub, "success", restarts)(known)
			if restarts == 0 {
				known.Journal.Value = []sys.Text{"2026-03-05T14:19:58+0000 systemd[1]: Started quiz."}
			}
			for index := range known.Units.Value {
				one := &known.Units.Value[index]
				one.MainPID, one.MainStarted = 4, known.TakenAt.Add(-since)
			}
		}
	}
	container := func(state string, code int) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for index := range known.Containers.Value {
				known.Containers.Value[index].State, known.Containers.Value[index].ExitCode = state, code
			}
		}
	}
	hold(t, []telling{
		{failed, nil, 0, "down", "service-failed is certain"},
		{failed, unit("inactive", "dead", "success", 0), 0, "down", "service-failed is certain, fixes [restart]"},
		{failed, unit("inactive", "dead", "success", 0), 0, "down", "It was stopped, and did not fail"},
		{failed, unit("inactive", "dead", "exit-code", 0), 0, "down", "!It was stopped, and did not fail"},
		{failed, unit("failed", "failed", "success", 0), 0, "down", "!It was stopped, and did not fail"},
		{failed, unit("activating", "auto-restart", "exit-code", 3), 0, "down", "started again by systemd: 3 times"},
		{failed, young("activating", "start", 0, 2*time.Second), 0, "inconclusive", "quiz.service is starting (activating (start)), since 2 s, and nothing of it answers yet: look again"},
		{failed, young("activating", "start", 0, 2*time.Second), 0, "inconclusive", "!service-failed"},
		{failed, unit("activating", "start", "success", 1), 0, "down", "service-failed is certain"},
		{failed, young("active", "running", 0, 2*time.Second), 0, "inconclusive", "quiz.service is starting, since 2 s"},
		{failed, young("active", "running", 0, 2*time.Second), 0, "inconclusive", "!service-failed"},
		{failed, young("active", "running", 3, 2*time.Second), 0, "down", "The service fails as it starts: "},
		{failed, young("active", "running", 1, 2*time.Second), 0, "down", "started again, 1 time so far: it is active (running)"},
		{failed, young("active", "running", 0, 5*time.Minute), 0, "down", "though it was started 5m0s ago"},
		{failed, unit("failed", "failed", "exit-code", 0), 0, "down", "!started again by systemd"},
		{failed, unit("active", "running", "success", 0), 0, "down", "service-failed is likely"},
		{failed, func(known *facts.Facts) { known.Journal.Value = nil }, 0, "down", "!the log's reason"},
		{exited, container("exited", 1), 0, "stale", "service-failed is certain, fixes []"},
		{exited, container("exited", 0), 0, "stale", "service-failed is certain, fixes [docker-up]"},
		{exited, container("exited", 143), 0, "stale", "service-failed is certain, fixes [docker-up]"},
		{exited, container("restarting", 1), 0, "stale", "is restarting (exit status 1)"},
		{exited, container(docker.ContainerAbsent, 0), 0, "stale", "there is no container of it"},
	})
}

// TestWhatIsToldOfContainers: what was changed since one was made, and how sure that is.
func TestWhatIsToldOfContainers(t *testing.T) {
	t.Parallel()
	built := boxes.Name("built-not-recreated", boxes.Cured)
	older := boxes.Name("image-older-than-source", boxes.Broken)
	config := func(change func(compose *facts.ComposeFacts, container *docker.Container)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			known.Compose.Value.Hash = "another"
			for index := range known.Containers.Value {
				known.Compose.Value.Version = known.Containers.Value[index].ComposeVersion
				change(&known.Compose.Value, &known.Containers.Value[index])
			}
		}
	}
	mount := func(change func(mount *facts.MountState)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			project := known.Containers.Value[0].ProjectDir
			one := facts.MountState{Mount: docker.Mount{Type: "bind", Source: project + "/app.ini", Destination: "/app.ini"}, Resolved: project + "/other", Differs: true}
			change(&one)
			known.Inside.Value.Mounts = []facts.MountState{one}
		}
	}
	differences := func(change func(one *facts.SourceDifference, known *facts.Facts)) func(*facts.Facts) {
		return func(known *facts.Facts) {
			for index := range known.ImageSource.Value.Differences {
				change(&known.ImageSource.Value.Differences[index], known)
			}
		}
	}
	hold(t, []telling{
		{built, config(func(*facts.ComposeFacts, *docker.Container) {}), 0, "stale", "container-stale is certain, fixes [docker-up docker-recreate restart]"},
		{built, config(func(compose *facts.ComposeFacts, _ *docker.Container) { compose.Hash = "" }), 0, "fresh", "!container-stale"},
		{built, config(func(_ *facts.ComposeFacts, container *docker.Container) { container.ConfigHash = "" }), 0, "fresh", "!container-stale"},
		{built, config(func(compose *facts.ComposeFacts, _ *docker.Container) { compose.Unset = []string{"TOKEN"} }), 0, "fresh", "take TOKEN from the shell"},
		{built, config(func(compose *facts.ComposeFacts, _ *docker.Container) { compose.Version = "9.9" }), 0, "fresh", "versions hash a configuration differently"},
		{built, config(func(compose *facts.ComposeFacts, _ *docker.Container) { compose.Service = nil }), 0, "fresh", "can differ even though nothing has changed"},
		{built, mount(func(*facts.MountState) {}), 0, "stale", "Docker followed the link when it started the container"},
		{built, mount(func(mount *facts.MountState) { mount.IsFile = true }), 0, "stale", "as a single file. It was replaced"},
		{built, mount(func(mount *facts.MountState) { mount.Missing = true }), 0, "stale", "container-stale is certain, fixes []"},
		{built, mount(func(mount *facts.MountState) { mount.Same = true }), 0, "fresh", "!container-stale"},
		{built, mount(func(mount *facts.MountState) { mount.Differs = false }), 0, "fresh", "!container-stale"},
		{built, mount(func(mount *facts.MountState) { mount.Source = "/etc/localtime" }), 0, "fresh", "container-stale is possible"},
		{older, nil, 0, "stale", "container-stale is certain, fixes [docker-recreate restart]"},
		{older, nil, 0, "stale", "image built: "},
		// What starts the app, or configures another program, is no code that a process could hold.
		{older, differences(func(one *facts.SourceDifference, _ *facts.Facts) { one.Configuration = true }), 0, "stale", "container-stale is certain"},
		{older, differences(func(one *facts.SourceDifference, _ *facts.Facts) { one.Configuration = true }), 4, "warn", "!image that was built at"},
		{older, differences(func(one *facts.SourceDifference, _ *facts.Facts) { one.Missing = true }), 0, "stale", "the image has no such file"},
		{older, differences(func(one *facts.SourceDifference, _ *facts.Facts) { one.At = one.At.Add(-24 * 365 * time.Hour) }), 0, "inconclusive", "a step of the Dockerfile may write it"},
		{older, differences(func(one *facts.SourceDifference, known *facts.Facts) {
			one.At = one.At.Add(-24 * 365 * time.Hour)
			known.Compose.Value.Remote = []string{"git clone https://example.org/shop"}
		}), 0, "inconclusive", "The Dockerfile fetches code from elsewhere"},
		{older, differences(func(one *facts.SourceDifference, _ *facts.Facts) {
			one.At, one.Missing = one.At.Add(-24*365*time.Hour), true
		}), 0, "inconclusive", "!container-stale"},
		{older, differences(func(one *facts.SourceDifference, known *facts.Facts) {
			one.Cloned, known.ImageSource.Value.Behind = true, true
		}), 0, "stale", "holds an earlier commit than the checkout on disk"},
		{older, differences(func(one *facts.SourceDifference, _ *facts.Facts) { one.Cloned = true }), 0, "inconclusive", "which of the two is newer is not known"},
		{older, func(known *facts.Facts) {
			for name, image := range known.Images.Value {
				image.Created = time.Time{}
				known.Images.Value[name] = image
			}
		}, 0, "stale", "When the image was built is not known"},
	})
}

// TestWhatIsToldOfTemplates: workers that keep old ones, and those that cannot.
func TestWhatIsToldOfTemplates(t *testing.T) {
	t.Parallel()
	const cached = practiced + "templates-cached"
	hold(t, []telling{
		{cached, nil, 0, "stale", "templates-cached is likely"},
		{cached, func(known *facts.Facts) { known.Code.Value.AutoReloadTemplates = true }, 0, "fresh", "!templates-cached"},
		{practiced + "installed-package-shadows-checkout", nil, 0, "stale", "installed-package-shadows-checkout is certain"},
	})
}
