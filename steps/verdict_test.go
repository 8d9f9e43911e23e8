package steps

import (
	"testing"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/steps/walk"
	"flasktui/sys"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

func TestUnknownIsNeverNew(t *testing.T) {
	known := story{masterStarted: time.Minute, workerStarted: time.Minute, standsIn: newRelease}.facts()
	known.Code = facts.Unreadable[facts.Code]("permission denied", newRelease)
	b := box.New(known)
	if fresh, old, unknown := b.Counts(); fresh+old != 0 || unknown != 1 {
		t.Errorf("of code that could not be read: %d new, %d old, %d unknown", fresh, old, unknown)
	}
	if document := judge(known, true); document.Verdict == report.Fresh {
		t.Errorf("fresh, though not one step was judged: %s", document.Summary)
	}
	for _, step := range walk.All() {
		for _, need := range step.Needs {
			known.Done = append(known.Done, need().Reading(0))
		}
	}
	if document := judge(known, true); document.Verdict == report.Fresh {
		t.Errorf("fresh without having read the code: %s", document.Summary)
	}
}

// noon is when the code of the boxes in these tests was last written.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant that Go cannot write as one

// story is a box with releases and a link, as the tests vary it.
type story struct {
	masterStarted, workerStarted time.Duration // after noon
	standsIn                     string
	linkMoved                    time.Duration
	preload                      bool
	touched                      bool // written in place, the birth of the file long before
	through                      string
}

const (
	oldRelease = "/srv/shop/releases/20260101000000"
	newRelease = "/srv/shop/releases/20261123000000"
	link       = "/srv/shop/current"
)

func (s story) facts() *facts.Facts {
	at := noon.Add
	process := func(pid, parent int, started time.Duration) facts.Process {
		return facts.Process{Process: proc.Process{
			PID: pid, PPID: parent, Started: at(started), Directory: s.standsIn, Cgroup: proc.Cgroup{Unit: "shop.service"},
		}}
	}
	known := &facts.Facts{TakenAt: at(time.Hour)}
	known.Target = facts.Target{Service: "shop.service", Unit: "shop.service", Master: 10}
	known.Units = facts.Of([]facts.Unit{{Unit: systemd.Unit{Name: "shop.service", MainPID: 10, ActiveState: "active"}, Gunicorn: true, Runs: []int{10}}}, "test")
	known.Processes = facts.Of(facts.Processes{Gunicorns: []facts.Gunicorn{{
		Master: process(10, 1, s.masterStarted), Workers: []facts.Process{process(11, 10, s.workerStarted)},
	}}}, "test")
	settings := facts.Settings{Directory: s.standsIn, DirectoryVia: "cwd"}
	settings.Preload = &s.preload
	if s.through != "" {
		settings.Directory, settings.DirectoryVia = s.through, "chdir"
	}
	known.Settings = facts.Of(settings, "test")
	known.Deployment = facts.Of(facts.Deployment{
		Directory: link, Resolved: newRelease, Active: newRelease, ReleasesDirectory: "/srv/shop/releases", ByName: true,
		Link: &facts.Link{Path: link, Target: newRelease, Resolved: newRelease, Info: sys.FileInfo{Born: at(s.linkMoved), Modified: at(s.linkMoved), Changed: at(s.linkMoved)}},
		Releases: []facts.Release{
			{Name: "20260101000000", Path: oldRelease, Complete: true}, {Name: "20261123000000", Path: newRelease, Complete: true},
		},
	}, "test")
	source := facts.Change{Path: newRelease + "/app.py", At: noon, SourceTime: noon.Add(-24 * time.Hour)}
	if s.touched {
		source.SourceTime = noon
	}
	known.Code = facts.Of(facts.Code{Tree: newRelease, Source: source, Files: 3}, "test")
	return known
}
