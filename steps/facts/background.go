package facts

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/proc"
	"flasktui/sys/supervisord"
	"flasktui/sys/systemd"
)

// Background is a process other than the service's server that runs the same app:
// Celery, RQ, a scheduler (G14).
type Background struct {
	Process
	// Unit is the systemd unit that runs it; empty for none that is known to.
	Unit string `json:"unit,omitempty"`
	// Release is the tree that it stands in; empty where that may not be read.
	Release string `json:"release"`
	// Clue says what ties it to the app.
	Clue string `json:"clue"`
}

// GroupBackground is processes beside the server that run the same app.
func GroupBackground() Group {
	return Group{
		name: "background", words: "background workers",
		needs:  []func() Group{GroupDeployment},
		read:   (*look).readBackground,
		fields: []field{fieldOf("/proc", func(facts *Facts) *Fact[[]Background] { return &facts.Background })},
	}
}

func (look *look) readBackground(ctx context.Context, known *Facts) func(*Facts) {
	if !known.Processes.Known || !known.Deployment.Known {
		return func(facts *Facts) {
			facts.Background = Unreadable[[]Background]("processes or releases could not be read", "/proc")
		}
	}
	background := []Background{}
	directories, unread := look.directoriesOf(ctx, known.Processes.Value.pythons)
	for pid, directory := range directories {
		if !known.InDeployment(directory) {
			continue
		}
		process, ok := look.readBeside(ctx, known, pid)
		daemon := strings.HasSuffix(process.Cgroup.Unit, ".service") && !process.Cgroup.User
		if !ok || !daemon && !runsApp(process.Argv) {
			continue
		}
		background = append(background, Background{
			Process: Process{Process: process, CommandLine: sys.RedactArgv(process.Argv)},
			Unit:    look.runnerOf(ctx, known, process), Release: directory, Clue: "it runs in " + directory,
		})
	}
	var untied []int
	for _, pid := range unread {
		process, ok := look.readBeside(ctx, known, pid)
		if !ok {
			continue
		}
		clue := look.tieOf(ctx, known, process)
		if clue == "" {
			untied = append(untied, pid)
			continue
		}
		background = append(background, Background{
			Process: Process{Process: process, CommandLine: sys.RedactArgv(process.Argv)}, Unit: look.runnerOf(ctx, known, process), Clue: clue,
		})
	}
	slices.SortFunc(background, func(a, b Background) int { return cmp.Compare(a.PID, b.PID) })
	return func(facts *Facts) { facts.Background, facts.Untied = Of(background, "/proc/PID"), untied }
}

// readBeside reads a process that is neither of a server nor of a container; ok is false for all
// others.
func (look *look) readBeside(ctx context.Context, known *Facts, pid int) (process proc.Process, ok bool) {
	process, err := proc.ReadProcess(ctx, look.machine, look.boot, pid)
	return process, err == nil && !known.servesWith(pid) && process.Cgroup.Container == "" && !partOf(known, process)
}

// tieOf is what ties a process to the app whose directory may not be read: where its unit starts
// it, or what its command line names; empty for nothing.
func (look *look) tieOf(ctx context.Context, known *Facts, process proc.Process) string {
	ofApp := func(name string) bool {
		if !path.IsAbs(name) {
			return false
		}
		resolved, err := look.machine.Resolve(ctx, name)
		environment := known.Settings.Value.Virtualenv
		return known.InDeployment(name) || err == nil && known.InDeployment(resolved) || environment != "" && sys.Within(environment, name)
	}
	if unit := process.Cgroup.Unit; strings.HasSuffix(unit, ".service") && !process.Cgroup.User {
		units, _, err := systemd.ShowUnits(ctx, look.machine, look.boot, unit)
		if err == nil && ofApp(units[0].WorkingDirectory) {
			return unit + " starts it in " + units[0].WorkingDirectory
		}
	}
	for _, word := range process.Argv[:min(len(process.Argv), mostWordsTied)] {
		if ofApp(word) {
			return "its command line names " + word
		}
	}
	return ""
}

// mostWordsTied bounds the words of a command line in which a tie to the app is looked for.
const mostWordsTied = 8

// runnerOf is the unit that runs a process: whose main process it is, or comes from through
// nothing but what passes a command on and other processes of the same program.
func (look *look) runnerOf(ctx context.Context, known *Facts, process proc.Process) string {
	name := process.Cgroup.Unit
	if process.Cgroup.User || !strings.HasSuffix(name, ".service") || isStarter(name) {
		return ""
	}
	units, _, err := systemd.ShowUnits(ctx, look.machine, look.boot, name)
	if err != nil || units[0].MainPID == 0 {
		return ""
	}
	if process.PID == units[0].MainPID {
		return name
	}
	for _, parent := range look.parentsOf(ctx, process.PPID) {
		argv, isPython := known.Processes.Value.pythons[parent.PID]
		if !parent.PassesOn() && (!isPython || supervisord.IsSupervisord(argv) || !slices.Equal(argv[:min(len(argv), 2)], process.Argv[:min(len(process.Argv), 2)])) {
			return ""
		}
		if parent.PID == units[0].MainPID {
			return name
		}
	}
	return ""
}

// directoriesOf reads the working directories of processes; unread are those that live, and whose
// directory may not be read.
func (look *look) directoriesOf(ctx context.Context, processes map[int][]string) (directories map[int]string, unread []int) {
	const readers = 4
	pids := slices.Collect(maps.Keys(processes))
	directories = make(map[int]string, len(pids))
	var lock sync.Mutex
	var group sync.WaitGroup
	for reader := range readers {
		group.Go(func() {
			for index := reader; index < len(pids); index += readers {
				directory, _, err := proc.ReadDirectory(ctx, look.machine, pids[index])
				lock.Lock()
				switch {
				case err == nil:
					directories[pids[index]] = directory
				case !errors.Is(err, fs.ErrNotExist):
					unread = append(unread, pids[index])
				}
				lock.Unlock()
			}
		})
	}
	group.Wait()
	slices.Sort(unread)
	return directories, unread
}

// InDeployment tells whether a directory is of the examined app: in the tree that runs, or
// in another one of its releases.
func (facts *Facts) InDeployment(directory string) bool {
	deployment := facts.Deployment.Value
	if directory == "/" || directory == "" {
		return false
	}
	if sys.Within(deployment.Active, directory) {
		return true
	}
	return isReleasesName(path.Base(deployment.ReleasesDirectory)) && sys.Within(deployment.ReleasesDirectory, directory)
}

// runsApp tells, outside of services, a program that imports the app from tools that
// merely run beside it (an editor's language server, a one-off script).
func runsApp(argv []string) bool {
	for _, word := range argv[:min(len(argv), 4)] {
		switch path.Base(word) {
		case "celery", "rq", "rqworker", "huey_consumer", "huey_consumer.py", "dramatiq", "flask", "worker", "worker.py", "scheduler.py", "tasks.py", "apscheduler", "wsgi.py":
			return true
		}
	}
	return false
}

// partOf tells a child of a server of the service from a process of its own.
func partOf(known *Facts, process proc.Process) bool {
	return known.Target.Unit != "" && process.Cgroup.Unit == known.Target.Unit && !process.Cgroup.User
}

// Sibling is a running container of another service of the same Compose project that holds
// the same app: a Celery or RQ worker, a scheduler (G14).
type Sibling struct {
	docker.Container
	// Mounted says that its code is mounted from this disk, at Source.
	Mounted bool   `json:"mounted,omitempty"`
	Source  string `json:"source,omitempty"`
	// Differences are files of the app that its image has otherwise than the disk. They
	// are looked for where it runs another image than the examined service.
	Differences []SourceDifference `json:"differences"`
}

// GroupSiblings is other services of the Compose project that hold the same code.
func GroupSiblings() Group {
	return Group{
		name: "siblings", words: "other services of the project",
		needs:  []func() Group{GroupDeployment, GroupImages, GroupFront},
		read:   (*look).readSiblings,
		fields: []field{fieldOf("docker inspect", func(facts *Facts) *Fact[[]Sibling] { return &facts.Siblings })},
	}
}

// readSiblings looks into the other containers of the project.
func (look *look) readSiblings(ctx context.Context, known *Facts) func(*Facts) {
	const source = "docker inspect, /proc/PID/root"
	target, ok := known.TargetContainer()
	if !ok || target.Project == "" {
		return func(facts *Facts) {
			facts.Siblings = Missing[[]Sibling]("the service is not a Compose service", source)
		}
	}
	siblings := []Sibling{}
	for _, container := range known.Containers.Value {
		if composeName(container) == "" || !sameProject(container, target) || container.Service == target.Service || container.PID == 0 || container.Identity() == known.Front.Value.Container {
			continue
		}
		if sibling, same := look.readSibling(ctx, known, target, container); same {
			siblings = append(siblings, sibling)
		}
	}
	return func(facts *Facts) { facts.Siblings = Of(siblings, source) }
}

// readSibling tells whether a container holds the examined app, by its image's name or by
// the app's module at the same path, and what it has otherwise.
func (look *look) readSibling(ctx context.Context, known *Facts, target, container docker.Container) (sibling Sibling, same bool) {
	sibling = Sibling{Container: container, Differences: []SourceDifference{}}
	same = container.ImageName != "" && container.ImageName == target.ImageName
	inside, err := look.insideOf(ctx, container)
	if err != nil {
		return sibling, same
	}
	module := strings.TrimPrefix(known.Settings.Value.Import.File, known.Inside.Value.Root)
	if module != "" {
		if _, err := look.machine.Resolve(ctx, inside.Root+module); err == nil {
			same = true
		}
	}
	if !same {
		return sibling, false
	}
	directory := known.Settings.Value.Directory
	if module != "" {
		directory = path.Dir(module)
	}
	if mount, over := inside.MountOver(directory); over && mount.Type == "bind" {
		sibling.Mounted, sibling.Source = true, mount.Source
		return sibling, known.InDeployment(mount.Source) || sys.Within(mount.Source, known.Deployment.Value.Active)
	}
	if container.ImageID != target.ImageID {
		trial := *known
		trial.Inside = Of(inside, inside.Root)
		sibling.Differences = look.compareSource(ctx, &trial).found.Differences
	}
	return sibling, true
}
