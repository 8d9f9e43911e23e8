package practice

import (
	"context"
	"slices"
	"time"
)

// process is a running process. Its program, if any, is the model that reacts to
// signals; several processes (a master and its workers) share one.
type process struct {
	pid     int
	parent  int
	name    string
	argv    []string
	started time.Time
	account string
	// title is what the process wrote over its command line and environment.
	title       string
	environment []variable
	// directory is held as a node, as the kernel does: it outlives its name.
	directory  *node
	executable string
	// holds is the app that it has in its memory; nil for none.
	holds   *application
	cgroup  string
	sockets []*socket
	program program
	// container is set for a process in a container, with its own root.
	container *container
}

// variable is one NAME=VALUE of an environment.
type variable struct{ name, value string }

// program is what runs in one or several processes.
type program interface {
	// signal is what kill does to one of its processes.
	signal(target *process, name string)
	// stop ends all of it, as systemd does.
	stop()
}

// origin is what a new process inherits or is given.
type origin struct {
	parent      int
	account     string
	environment []variable
	directory   *node
	cgroup      string
	container   *container
}

// bootPIDs are the ids that the kernel hands out before anything else runs.
const bootPIDs = 100

// spawn starts a process with the next id.
func (b *Box) spawn(from origin, name, executable string, argv []string) *process {
	b.lastPID++
	if b.lastPID > bootPIDs {
		// Other things start on the box too, so ids are not consecutive.
		b.lastPID += b.lastPID % 3
	}
	b.clock.pass(10 * time.Millisecond)
	made := &process{
		pid: b.lastPID, parent: from.parent, name: name, argv: argv, started: b.clock.time(),
		account: from.account, environment: slices.Clone(from.environment),
		directory: from.directory, executable: executable, cgroup: from.cgroup, container: from.container,
	}
	if made.directory == nil {
		made.directory = b.root
	}
	b.processes[made.pid] = made
	return made
}

// fork is a child that is in all things like its parent.
func (b *Box) fork(parent *process) *process {
	made := b.spawn(origin{
		parent: parent.pid, account: parent.account, environment: parent.environment,
		directory: parent.directory, cgroup: parent.cgroup, container: parent.container,
	}, parent.name, parent.executable, parent.argv)
	made.sockets = slices.Clone(parent.sockets)
	made.program = parent.program
	return made
}

// end takes a process away. Its children fall to pid 1.
func (b *Box) end(gone *process) {
	delete(b.processes, gone.pid)
	for _, other := range b.processes {
		if other.parent == gone.pid {
			other.parent = 1
		}
	}
}

// ids lists all processes in order.
func (b *Box) ids() []int {
	ids := make([]int, 0, len(b.processes))
	for id := range b.processes {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Processes implements sys.Machine.
func (b *Box) Processes(ctx context.Context) ([]int, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.ids(), nil
}

// value is the last value of a name in an environment.
func value(environment []variable, name string) (string, bool) {
	for i := len(environment) - 1; i >= 0; i-- {
		if environment[i].name == name {
			return environment[i].value, true
		}
	}
	return "", false
}
