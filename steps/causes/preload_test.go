package causes

import (
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// TestWhoHoldsOlderTemplates: a process keeps those that it has shown itself; one that a
// reload made has shown none of before, whoever imported its code.
func TestWhoHoldsOlderTemplates(t *testing.T) {
	t.Parallel()
	changed := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	before, after := changed.Add(-time.Hour), changed.Add(time.Minute)
	for _, test := range []struct {
		name            string
		preload         bool
		master, workers time.Time
		want            bool
	}{
		{"all began before", false, before, before, true},
		{"all began after", false, after, after, false},
		{"a reload made the workers anew", false, before, after, false},
		{"workers of a master that preloads", true, before, before, true},
		{"a reload made them anew", true, before, after, false},
	} {
		b := box.New(preloading(test.preload, test.master, test.workers, facts.Code{
			Tree: "/srv/shop", Source: facts.Change{Path: "/srv/shop/app.py", At: changed.Add(-48 * time.Hour)},
			EditedTemplate: facts.Change{Path: "/srv/shop/templates/index.html", At: changed},
		}))
		if found := findTemplates(b); (found != nil) != test.want {
			t.Errorf("%s: found %v, want one: %v", test.name, found, test.want)
		}
	}
}

// TestAReloadUnderPreloadIsSeenByItsWorkers: they are younger than the change, and that is
// younger than the master.
func TestAReloadUnderPreloadIsSeenByItsWorkers(t *testing.T) {
	t.Parallel()
	changed := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	before, after := changed.Add(-time.Hour), changed.Add(time.Hour)
	for _, test := range []struct {
		name            string
		master, workers time.Time
		standsIn        string
		want            bool
	}{
		{"a reload after the change", before, after, "/srv/shop", true},
		{"no reload", before, before, "/srv/shop", false},
		{"the directory was exchanged for an older one", after, after, "/srv/shop.before", false},
	} {
		known := preloading(true, test.master, test.workers, facts.Code{Tree: "/srv/shop", Source: facts.Change{Path: "/srv/shop/app.py", At: changed}})
		known.Processes.Value.Servers[0].Master.Directory = test.standsIn
		if found := findPreloadReload(box.New(known)); (found != nil) != test.want {
			t.Errorf("%s: found %v, want one: %v", test.name, found, test.want)
		}
	}
}

// preloading is a service in /srv/shop whose master may preload the app.
func preloading(preload bool, master, workers time.Time, code facts.Code) *facts.Facts {
	process := func(pid, parent int, started time.Time) facts.Process {
		return facts.Process{Process: proc.Process{PID: pid, PPID: parent, Started: started, Directory: "/srv/shop", Cgroup: proc.Cgroup{Unit: "shop.service"}}}
	}
	known := &facts.Facts{TakenAt: workers.Add(time.Hour), Target: facts.Target{Service: "shop.service", Unit: "shop.service", Master: 10}}
	known.Units = facts.Of([]facts.Unit{{
		Unit:   systemd.Unit{Name: "shop.service", MainPID: 10, ActiveState: "active", WorkingDirectory: "/srv/shop", ExecStart: [][]string{{"/usr/bin/gunicorn", "app:app"}}},
		Serves: true, Runs: []int{10},
	}}, "")
	known.Processes = facts.Of(facts.Processes{Servers: []facts.Server{{
		Master: process(10, 1, master), Workers: []facts.Process{process(11, 10, workers), process(12, 10, workers)},
	}}}, "")
	known.Settings = facts.Of(facts.Settings{Directory: "/srv/shop", DirectoryVia: "cwd", Settings: gunicorn.Settings{Preload: &preload, Workers: 2}}, "")
	known.Deployment = facts.Of(facts.Deployment{Directory: "/srv/shop", Resolved: "/srv/shop", Active: "/srv/shop"}, "")
	known.Code = facts.Of(code, "")
	return known
}
