package box

import (
	"strings"
	"testing"
	"time"

	"flasktui/steps/facts"
	"flasktui/steps/facts/factstest"
	"flasktui/sys"
	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

func words(line string) (words []sys.Text) {
	for word := range strings.FieldsSeq(line) {
		words = append(words, sys.Safe(word))
	}
	return words
}

// running is a service whose process is as its unit says.
func running() *Box {
	const line = "/v/bin/gunicorn -b 127.0.0.1:8000 wsgi:app"
	argv := strings.Fields(line)
	settings := gunicorn.ParseArgv(argv)
	unit := facts.Unit{Unit: systemd.Unit{
		Name: "shop.service", MainPID: 7, WorkingDirectory: "/srv/shop", ExecStart: [][]string{argv},
		LoadState: "loaded", ActiveState: "active", KillMode: "control-group",
	}, Serves: true, Runs: []int{7}, Settings: settings}
	master := facts.Process{Process: proc.Process{PID: 7, Started: factstest.Noon(), Directory: "/srv/shop"}, CommandLine: words("/v/bin/python " + line), Prints: map[string]string{"A": "1"}, SocketInodes: []uint64{1}}
	known := &facts.Facts{
		Target:      facts.Target{Service: unit.Name, Unit: unit.Name},
		Units:       facts.Of([]facts.Unit{unit}, ""),
		Processes:   facts.Of(facts.Processes{Servers: []facts.Server{{Master: master, Settings: settings}}}, ""),
		Environment: facts.Of(facts.EnvironmentOnDisk{Prints: map[string]string{"A": "1"}}, ""),
		Settings:    facts.Of(facts.Settings{Settings: settings, From: "process", Directory: "/srv/shop"}, ""),
		Deployment:  facts.Of(facts.Deployment{Directory: "/srv/shop", Resolved: "/srv/shop", Active: "/srv/shop"}, ""),
	}
	return New(known)
}

// TestHowAProcessDiffersFromItsUnit: each thing by itself, and nothing where nothing differs.
func TestHowAProcessDiffersFromItsUnit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		with func(b *Box)
		want string
	}{
		{"in nothing", func(*Box) {}, ""},
		{"it does not run", func(b *Box) { b.Running, b.Server.Master.Directory = false, "/srv/blog" }, ""},
		{"its directory", func(b *Box) { b.Server.Master.Directory = "/srv/old" }, "it runs in /srv/old, and the unit says /srv/shop"},
		{"its directory is removed", func(b *Box) { b.Server.Master.Directory, b.Server.Master.DirectoryDeleted = "/srv/shop", true }, ""},
		{"its directory is not known", func(b *Box) { b.Server.Master.Directory = "" }, ""},
		{"it went there itself (--chdir)", func(b *Box) { b.Server.Master.Directory, b.Settings.Value.Chdir = "/srv/old", "/srv/old" }, ""},
		{"the directory on disk could not be read", func(b *Box) {
			b.Server.Master.Directory, b.Deployment.Value.Problem = "/srv/old", "may not be read"
		}, ""},
		{"the unit names the link", func(b *Box) {
			b.Server.Master.Directory, b.Deployment.Value.Link = "/srv/old", &facts.Link{Path: "/srv/shop"}
		}, ""},
		{"where it listens", func(b *Box) { b.Unit.Settings.Bind = []string{"127.0.0.1:9"} }, "--bind"},
		{"the unit does not say where it listens", func(b *Box) { b.Unit.Settings.Bind = nil }, ""},
		{"--chdir", func(b *Box) { b.Unit.Settings.Chdir = "/srv/x" }, "--chdir"},
		{"the app", func(b *Box) { b.Unit.Settings.App = "web:app" }, "the app's name"},
		{"the unit does not say which app", func(b *Box) { b.Unit.Settings.App = "" }, ""},
		{"the workers", func(b *Box) { b.Unit.Settings.Workers = 3 }, "--workers"},
		{"the configuration", func(b *Box) { b.Unit.Settings.ConfigFile = "g.py" }, "--config"},
		{"another option", func(b *Box) {
			b.Unit.ExecStart = [][]string{strings.Fields("/v/bin/gunicorn -b 127.0.0.1:8000 -k gthread wsgi:app")}
		}, "the command line"},
		{"the same program by another path", func(b *Box) {
			b.Unit.ExecStart = [][]string{strings.Fields("/w/bin/gunicorn -b 127.0.0.1:8000 wsgi:app")}
		}, ""},
		{"two commands, of which one runs", func(b *Box) { b.Unit.ExecStart = [][]string{{"/bin/true"}, {"/bin/false"}} }, ""},
		{"its title hides the rest", func(b *Box) { b.Server.Master.Titled, b.Unit.Settings.Workers = true, 3 }, ""},
		{"a variable", func(b *Box) { b.Environment.Value.Prints["A"] = "2" }, "environment: A"},
		{"one that it has not got", func(b *Box) { b.Environment.Value.Prints["B"] = "2" }, "environment: B"},
		{"one that systemd sets", func(b *Box) { b.Environment.Value.Prints["HOME"] = "2" }, ""},
		{"its environment could not be read", func(b *Box) { b.Environment.Value.Prints["A"], b.Server.Master.Prints = "2", nil }, ""},
		{"the files could not be read", func(b *Box) { b.Environment.Value.Prints["A"], b.Environment.Known = "2", false }, ""},
	} {
		b := running()
		if test.with(b); string(b.ProcessDiffersFromUnit()) != test.want {
			t.Errorf("%s: %q", test.name, b.ProcessDiffersFromUnit())
		}
	}
	for line, want := range map[string]bool{"": false, "-b x": false, "gunicorn -b x": true, "/v/python /v/gunicorn -b x": true, "gunicorn -b y": false} {
		if got := sameArguments([]string{"/bin/gunicorn", "-b", "x"}, words(line)); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
	if sameArguments(nil, words("a")) {
		t.Error("no command is the same as any")
	}
}

// TestWhyAReloadWouldNotDo: it would kill the service, or load the old code again.
func TestWhyAReloadWouldNotDo(t *testing.T) {
	t.Parallel()
	release := func(b *Box) {
		b.Deployment.Value.Releases = []facts.Release{{Name: "v1", Path: "/srv/shop/releases/v1"}, {Name: "v2", Path: "/srv/shop/releases/v2"}}
		b.Deployment.Value.Link = &facts.Link{Path: "/srv/shop/current", Resolved: "/srv/shop/releases/v2"}
		b.Deployment.Value.Active, b.Server.Master.Directory = "/srv/shop/releases/v2", "/srv/shop/releases/v1"
		b.Settings.Value.Directory, b.Settings.Value.DirectoryVia = "/srv/shop/releases/v1", "cwd"
	}
	for _, test := range []struct {
		name string
		with func(b *Box)
		want string
	}{
		{"it would", func(*Box) {}, ""},
		{"its directory is gone (G9)", func(b *Box) { b.Server.Master.Directory, b.Server.Master.DirectoryDeleted = "/srv/shop", true }, "no longer exists"},
		{"preload (G3)", func(b *Box) { b.Preload = true }, "preloads"},
		{"preload is not known", func(b *Box) { b.Preload, b.PreloadKnown = true, false }, ""},
		{"a container", func(b *Box) { b.Loaders = []Loader{{Frozen: true}} }, "container"},
		{"the real path (G2)", release, "keeps the real path /srv/shop/releases/v1"},
		{"through the link", func(b *Box) {
			release(b)
			b.Settings.Value.Directory, b.Settings.Value.DirectoryVia = "/srv/shop/current", "chdir"
		}, ""},
		{"it runs in the active release", func(b *Box) { release(b); b.Server.Master.Directory = "/srv/shop/releases/v2" }, ""},
		{"the link leads nowhere", func(b *Box) {
			b.Deployment.Value.Link = &facts.Link{Path: "/srv/shop/current", Dangling: true}
		}, "leads nowhere"},
	} {
		b := running()
		test.with(b)
		if got := string(b.ReloadRefusal()); test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}

// TestWhoIsAnOrphan: at the unit's own address, of its own app; and what makes it doubtful.
func TestWhoIsAnOrphan(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		with   func(known *facts.Facts, orphan *facts.Server)
		found  bool
		doubts string
	}{
		{"it is", func(*facts.Facts, *facts.Server) {}, true, ""},
		{"another app", func(_ *facts.Facts, orphan *facts.Server) { orphan.Settings.App = "blog:app" }, false, ""},
		{"another address", func(_ *facts.Facts, orphan *facts.Server) { orphan.Master.SocketInodes = []uint64{3} }, false, ""},
		{"a new master of the same", func(_ *facts.Facts, orphan *facts.Server) { orphan.Replaces = 7 }, false, ""},
		{"the unit is no Gunicorn", func(known *facts.Facts, _ *facts.Server) { known.Units.Value[0].Serves = false }, false, ""},
		{"the unit is masked", func(known *facts.Facts, _ *facts.Server) { known.Units.Value[0].LoadState = "masked" }, false, ""},
		{"the unit was stopped", func(known *facts.Facts, _ *facts.Server) {
			known.Units.Value[0].ActiveState, known.Units.Value[0].Result = "inactive", "success"
		}, true, "on purpose"},
		{"something may start it again", func(_ *facts.Facts, orphan *facts.Server) {
			orphan.Parents = []facts.Parent{{PID: 40, Name: "runsv", CommandLine: words("runsv site")}}
			orphan.Master.PPID = 40
		}, true, "may start it again"},
		{"supervisord is not known", func(known *facts.Facts, _ *facts.Server) { known.Supervised.Known = false }, true, "could not be read"},
	} {
		known := running().Facts
		orphan := facts.Server{Master: facts.Process{Process: proc.Process{PID: 30, PPID: 1, Started: factstest.Noon(), Directory: "/srv/shop", Cgroup: proc.Cgroup{Unit: "session-1.scope"}}, SocketInodes: []uint64{2}}, Settings: known.Processes.Value.Servers[0].Settings}
		known.Supervised = facts.Of([]facts.Supervised{}, "")
		known.Settings.Value.Wanted = []string{"127.0.0.1:8000"}
		known.Listeners = facts.Of([]proc.Listener{listener("127.0.0.1:8000", 2), listener("127.0.0.1:8001", 3)}, "")
		test.with(known, &orphan)
		known.Processes.Value.Servers = []facts.Server{orphan}
		orphans := New(known).Orphans()
		if (len(orphans) == 1) != test.found {
			t.Errorf("%s: %+v", test.name, orphans)
		} else if test.found && (!strings.Contains(string(orphans[0].Doubt), test.doubts) || test.doubts == "" && orphans[0].Doubt != "" || orphans[0].At != "127.0.0.1:8000") {
			t.Errorf("%s: at %q, doubt %q", test.name, orphans[0].At, orphans[0].Doubt)
		}
	}
}

// TestWorkersThatFinishTheirRequests hold the old code, and nobody new gets it.
func TestWorkersThatFinishTheirRequests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		started  []time.Duration
		workers  int
		graceful int
		computed bool
		now      time.Duration
		leaving  int
	}{
		{"as many as are wanted", []time.Duration{0, 0}, 2, 0, false, time.Minute, 0},
		{"two more, older than the others", []time.Duration{0, time.Second, time.Minute, time.Minute}, 2, 0, false, 70 * time.Second, 2},
		{"one is wanted where nothing is said", []time.Duration{0, time.Minute}, 0, 0, false, 70 * time.Second, 1},
		{"their time is over", []time.Duration{0, time.Minute}, 1, 0, false, 2 * time.Minute, 0},
		{"they get more time", []time.Duration{0, time.Minute}, 1, 300, false, 2 * time.Minute, 1},
		{"they get less", []time.Duration{0, time.Minute}, 1, 1, false, 70 * time.Second, 0},
		{"none is older", []time.Duration{0, 0}, 1, 0, false, time.Second, 0},
		{"how many are wanted is not known", []time.Duration{0, time.Minute}, 1, 0, true, 70 * time.Second, 0},
	} {
		b := running()
		b.TakenAt = factstest.Noon().Add(test.now)
		b.Settings.Value.Workers, b.Settings.Value.GracefulTimeout = test.workers, test.graceful
		if test.computed {
			b.Settings.Value.Computed = []string{"workers"}
		}
		one := facts.Server{}
		for index, started := range test.started {
			one.Workers = append(one.Workers, facts.Process{Process: proc.Process{PID: 10 + index, Started: factstest.Noon().Add(started)}})
		}
		leaving := b.Leaving(one)
		if len(leaving) != test.leaving || leaving[10+len(test.started)-1] || test.leaving > 0 && !leaving[10] {
			t.Errorf("%s: %v", test.name, leaving)
		}
	}
}
