// Package factstest holds boxes as they were seen, for the tests of what judges them.
package factstest

import (
	"net/netip"
	"time"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/proc"
	"flasktui/sys/systemd"
)

// Noon is when the code of these boxes was last written.
func Noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// Story is a box with a unit, releases and a link, as tests vary it.
type Story struct {
	MasterStarted, WorkerStarted time.Duration // after Noon
	StandsIn                     string
	Removed                      bool // the directory, under the process
	LinkMoved                    time.Duration
	Preload                      bool
	Touched                      bool // written in place, the birth of the file long before
	Through                      string
}

// The releases of a Story, and the link to one of them.
const (
	OldRelease = "/srv/shop/releases/20260101000000"
	NewRelease = "/srv/shop/releases/20261123000000"
	Link       = "/srv/shop/current"
)

// Facts are what is seen of the box.
func (s Story) Facts() *facts.Facts {
	at := Noon().Add
	process := func(pid, parent int, started time.Duration) facts.Process {
		return facts.Process{Process: proc.Process{
			PID: pid, PPID: parent, Started: at(started), Directory: s.StandsIn, DirectoryDeleted: s.Removed, Cgroup: proc.Cgroup{Unit: "shop.service"},
		}}
	}
	known := &facts.Facts{TakenAt: at(time.Hour)}
	known.Target = facts.Target{Service: "shop.service", Unit: "shop.service", Master: 10}
	known.Units = facts.Of([]facts.Unit{{Unit: systemd.Unit{Name: "shop.service", MainPID: 10, ActiveState: "active"}, Serves: true, Runs: []int{10}}}, "test")
	known.Processes = facts.Of(facts.Processes{Servers: []facts.Server{{
		Master: process(10, 1, s.MasterStarted), Workers: []facts.Process{process(11, 10, s.WorkerStarted)},
	}}}, "test")
	settings := facts.Settings{Directory: s.StandsIn, DirectoryVia: "cwd"}
	settings.Preload = &s.Preload
	if s.Through != "" {
		settings.Directory, settings.DirectoryVia = s.Through, "chdir"
	}
	known.Settings = facts.Of(settings, "test")
	known.Deployment = facts.Of(facts.Deployment{
		Directory: Link, Resolved: NewRelease, Active: NewRelease, ReleasesDirectory: "/srv/shop/releases", ByName: true,
		Link: &facts.Link{Path: Link, Target: NewRelease, Resolved: NewRelease, Info: sys.FileInfo{Born: at(s.LinkMoved), Modified: at(s.LinkMoved), Changed: at(s.LinkMoved)}},
		Releases: []facts.Release{
			{Name: "20260101000000", Path: OldRelease, Complete: true}, {Name: "20261123000000", Path: NewRelease, Complete: true},
		},
	}, "test")
	source := facts.Change{Path: NewRelease + "/app.py", At: Noon(), SourceTime: Noon().Add(-24 * time.Hour)}
	if s.Touched {
		source.SourceTime = Noon()
	}
	known.Code = facts.Of(facts.Code{Tree: NewRelease, Source: source, Files: 3}, "test")
	return known
}

// UnitAndStranger is a box whose unit is set to listen at 127.0.0.1:8000, where a server
// that it does not run listens.
func UnitAndStranger(change func(known *facts.Facts, stranger *facts.Server)) *facts.Facts {
	known := Story{WorkerStarted: time.Hour, StandsIn: NewRelease}.Facts()
	known.Processes.Value.Servers[0].Settings.App = "wsgi:app"
	settings := known.Settings.Value
	settings.App, settings.Wanted = "wsgi:app", []string{"127.0.0.1:8000"}
	known.Settings = facts.Of(settings, "test")
	known.Units.Value[0].LoadState = "loaded"
	stranger := facts.Server{Master: facts.Process{Process: proc.Process{
		PID: 20, PPID: 1, Directory: OldRelease, Cgroup: proc.Cgroup{Unit: "session-1.scope"}, Started: Noon(),
	}, SocketInodes: []uint64{5}}}
	stranger.Settings.App = "wsgi:app"
	known.Listeners = facts.Of([]proc.Listener{{Address: netip.MustParseAddrPort("127.0.0.1:8000"), Inode: 5}}, "test")
	known.Supervised = facts.Of([]facts.Supervised{}, "test")
	change(known, &stranger)
	known.Processes.Value.Servers = append(known.Processes.Value.Servers, stranger)
	return known
}

// Compose is a running container that a version of Compose made, with an older Compose, or
// the present one, on the box.
func Compose(version string, older bool, image docker.Image) *facts.Facts {
	container := docker.Container{
		ID: "one", Name: "shop_web_1", Project: "shop", Service: "web", State: "running", PID: 7,
		ImageID: "sha256:1", ImageName: "shop_web", ComposeVersion: version, ProjectDir: "/srv/shop", ConfigFiles: []string{"/srv/shop/docker-compose.yml"},
	}
	command := docker.Compose{Tool: []string{"docker", "compose"}, Older: older}
	if older {
		command.Tool = []string{"docker-compose"}
	}
	return &facts.Facts{
		Containers: facts.Of([]docker.Container{container}, ""), Target: facts.Target{Service: "compose:shop/web", Container: "one"},
		Compose: facts.Of(facts.ComposeFacts{Compose: command, Project: container.ComposeProject()}, ""),
		Images:  facts.Of(map[string]docker.Image{"sha256:1": image}, ""),
	}
}
