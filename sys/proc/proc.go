// Package proc reads /proc: processes, their control groups, and who listens where.
//
// It knows sys. Begin with ReadProcess, then sockets.go and cgroup.go.
package proc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"
	"time"

	"flasktui/sys"
)

// Process is one running process as /proc shows it (proc(5)). Fields that could not be
// read are zero and named in Unreadable.
type Process struct {
	PID     int       `json:"pid"`
	PPID    int       `json:"ppid"`
	Name    string    `json:"name"`
	State   string    `json:"state"`
	Started time.Time `json:"started"`
	// StartTicks is when it was started in clock ticks since boot, as the kernel has it.
	StartTicks uint64 `json:"start_ticks,omitempty"`
	// Session is the process that leads its session: what was let go leads one of its own.
	Session int `json:"session,omitempty"`
	// UID is the user with whose rights it acts (the effective one), Users all four ids.
	UID   int      `json:"uid"`
	Users UserIDs  `json:"users"`
	Argv  []string `json:"-"`
	// Directory is where it stands, and Executable the file that it executes, each by the name
	// that it had last. Deleted says that it was removed, or another put in its place: what has
	// the name now is not what the process holds.
	Directory         string `json:"directory,omitempty"`
	DirectoryDeleted  bool   `json:"directory_deleted,omitempty"`
	Executable        string `json:"executable,omitempty"`
	ExecutableDeleted bool   `json:"executable_deleted,omitempty"`
	Cgroup            Cgroup `json:"cgroup"`
	// Titled says that the process wrote a title over its command line and
	// environment (setproctitle), which makes both unreadable (G10).
	Titled bool `json:"titled,omitempty"`
	// Unreadable maps a field ("directory", "executable", "environ", "sockets") to
	// why it could not be read.
	Unreadable map[string]string `json:"unreadable,omitempty"`
}

// Bounds for files under /proc. Command lines and environments are at most 128 KiB each
// by default and 2 MiB with an unlimited stack.
const (
	FileLimit      = 64 << 10
	argumentsLimit = 4 << 20
)

// ReadBoot reads /proc/uptime beside the wall clock. On a busy machine there may be a pause
// between the two, by which every start of a process would be off: the reading with the
// shortest one of a few counts.
func ReadBoot(ctx context.Context, machine sys.Machine) (Boot, error) {
	const tries, grain = 5, 10 * time.Millisecond
	var best Boot
	shortest := time.Duration(-1)
	for range tries {
		boot, pause, err := readBootOnce(ctx, machine)
		if err != nil {
			return Boot{}, err
		}
		if shortest < 0 || pause < shortest {
			best, shortest = boot, pause
		}
		if shortest <= grain {
			break
		}
	}
	return best, nil
}

func readBootOnce(ctx context.Context, machine sys.Machine) (boot Boot, pause time.Duration, err error) {
	before := machine.Now()
	raw, err := machine.ReadFile(ctx, "/proc/uptime", FileLimit)
	if err != nil {
		return Boot{}, 0, err
	}
	after := machine.Now()
	uptime, err := ParseUptime(strings.NewReader(string(raw)))
	if err != nil {
		return Boot{}, 0, err
	}
	// The kernel read its clock at some point in between.
	pause = after.Sub(before)
	return Boot{Uptime: uptime, At: before.Add(pause / 2).Round(0)}, pause, nil
}

// ReadArgv reads a process's arguments alone: the cheap first look at all processes.
func ReadArgv(ctx context.Context, machine sys.Machine, pid int) ([]string, error) {
	raw, err := machine.ReadFile(ctx, Path(pid, "cmdline"), argumentsLimit)
	if err != nil && !errors.Is(err, sys.ErrTruncated) {
		return nil, err
	}
	return ParseArgv(raw), nil
}

// ReadParent reads a process's name and the process that it came from.
func ReadParent(ctx context.Context, machine sys.Machine, pid int) (name string, parent int, err error) {
	raw, err := machine.ReadFile(ctx, Path(pid, "stat"), FileLimit)
	if err != nil {
		return "", 0, err
	}
	stat, err := ParseStat(strings.NewReader(string(raw)))
	return stat.Name, stat.PPID, err
}

// ReadProcess reads everything of a Process but the environment and the sockets. A
// process that vanished is an error that wraps fs.ErrNotExist.
func ReadProcess(ctx context.Context, machine sys.Machine, boot Boot, pid int) (Process, error) {
	raw, err := machine.ReadFile(ctx, Path(pid, "stat"), FileLimit)
	if err != nil {
		return Process{}, err
	}
	stat, err := ParseStat(strings.NewReader(string(raw)))
	if err != nil {
		return Process{}, fmt.Errorf("%s: %w", Path(pid, "stat"), err)
	}
	process := Process{
		PID: pid, PPID: stat.PPID, Name: stat.Name, State: stat.State, Started: boot.Time(stat.StartTicks), StartTicks: stat.StartTicks, Session: stat.Session, Argv: []string{},
	}
	reader := processReader{ctx: ctx, machine: machine, process: &process}
	// Side by side, so that what needs root's rights is asked for in one go.
	var both sync.WaitGroup
	both.Go(func() { process.Directory, process.DirectoryDeleted = reader.link("directory", "cwd") })
	both.Go(func() { process.Executable, process.ExecutableDeleted = reader.link("executable", "exe") })
	reader.arguments()
	reader.owner()
	reader.cgroup()
	both.Wait()
	if errors.Is(reader.gone, fs.ErrNotExist) {
		return Process{}, reader.gone
	}
	return process, ctx.Err()
}

// processReader fills a Process, and notes what could not be read.
type processReader struct {
	ctx     context.Context //nolint:containedctx // lives as long as one ReadProcess
	machine sys.Machine
	process *Process
	mutex   sync.Mutex
	// gone is the error that says that the process ended meanwhile.
	gone error
}

func (r *processReader) failed(field string, err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if errors.Is(err, fs.ErrNotExist) && field != "directory" && field != "executable" {
		r.gone = err
	}
	if r.process.Unreadable == nil {
		r.process.Unreadable = map[string]string{}
	}
	r.process.Unreadable[field] = whyUnreadable(err)
}

// whyUnreadable is the cause alone; the path is known from the field.
func whyUnreadable(err error) string {
	switch {
	case errors.Is(err, sys.ErrNeedsPrivilege):
		return sys.ErrNeedsPrivilege.Error()
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.Is(err, fs.ErrNotExist):
		return "does not exist"
	default:
		return string(sys.ErrorText(err))
	}
}

func (r *processReader) file(field, name string, limit int64) (string, bool) {
	raw, err := r.machine.ReadFile(r.ctx, Path(r.process.PID, name), limit)
	if err != nil && !errors.Is(err, sys.ErrTruncated) {
		r.failed(field, err)
		return "", false
	}
	return string(raw), true
}

// link reads a link of the process's. Kernel threads and zombies have none, which the
// kernel says as "does not exist" too.
func (r *processReader) link(field, name string) (path string, deleted bool) {
	path, deleted, err := readLink(r.ctx, r.machine, r.process.PID, name)
	if err != nil {
		r.failed(field, err)
	}
	return path, deleted
}

func (r *processReader) arguments() {
	if raw, ok := r.file("argv", "cmdline", argumentsLimit); ok {
		r.process.Argv = ParseArgv([]byte(raw))
		r.process.Titled = isTitle(r.process.Argv)
	}
}

func (r *processReader) owner() {
	raw, ok := r.file("uid", "status", FileLimit)
	if !ok {
		return
	}
	ids, err := parseUserIDs(raw)
	if err != nil {
		r.failed("uid", err)
		return
	}
	r.process.UID, r.process.Users = ids.Effective, ids
}

func (r *processReader) cgroup() {
	raw, ok := r.file("cgroup", "cgroup", FileLimit)
	if !ok {
		return
	}
	group, err := ParseCgroup(strings.NewReader(raw))
	if err != nil {
		r.failed("cgroup", err)
		return
	}
	r.process.Cgroup = group
}

// Path names a file of a process in /proc.
func Path(pid int, name string) string {
	return "/proc/" + strconv.Itoa(pid) + "/" + name
}

// Environment is what a process was started with.
type Environment struct {
	// Variables maps names to values. It never leaves sys and the facts gathered
	// from it without being reduced to names and fingerprints.
	Variables map[string]string
	// Wiped says that the memory was overwritten by a process title (G10): nothing
	// can be said of the environment then.
	Wiped bool
}

// ReadEnvironment reads /proc/PID/environ.
func ReadEnvironment(ctx context.Context, machine sys.Machine, pid int) (Environment, error) {
	raw, err := machine.ReadFile(ctx, Path(pid, "environ"), argumentsLimit)
	if err != nil {
		return Environment{}, err
	}
	return ParseEnvironment(raw), nil
}

// ParseEnvironment splits the NUL-separated block; non-empty and all NUL means Wiped, and
// so does a block that a title reached into.
func ParseEnvironment(raw []byte) Environment {
	environment := Environment{Variables: map[string]string{}}
	if len(raw) == 0 {
		return environment
	}
	assignments := 0
	for entry := range strings.SplitSeq(string(raw), "\x00") {
		if name, value, ok := strings.Cut(entry, "="); ok && name != "" {
			// Of a name that is there twice getenv(3), and so Python, sees the first.
			if _, known := environment.Variables[name]; !known {
				environment.Variables[name] = value
			}
			assignments++
		}
	}
	// An environment begins with an assignment; a title leaves NULs or its own rest.
	first, _, _ := strings.Cut(string(raw), "\x00")
	if assignments == 0 || !strings.Contains(first, "=") {
		environment.Wiped = true
		environment.Variables = map[string]string{}
	}
	return environment
}
