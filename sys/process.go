package sys

import (
	"context"
	"io"
	"time"
)

// Process is one running process as /proc shows it (proc(5)). Fields that could not be
// read are zero and named in Unreadable.
type Process struct {
	PID     int       `json:"pid"`
	PPID    int       `json:"ppid"`
	Name    string    `json:"name"`
	State   string    `json:"state"`
	Started time.Time `json:"started"`
	UID     int       `json:"uid"`
	Argv    []string  `json:"argv"`
	// Directory and Executable are the raw links, " (deleted)" included.
	Directory  string `json:"directory,omitempty"`
	Executable string `json:"executable,omitempty"`
	Cgroup     Cgroup `json:"cgroup"`
	// Titled says that the process wrote a title over its command line and
	// environment (setproctitle), which makes both unreadable (G10).
	Titled bool `json:"titled,omitempty"`
	// Unreadable maps a field ("directory", "executable", "environ", "sockets") to
	// why it could not be read.
	Unreadable map[string]string `json:"unreadable,omitempty"`
}

// Cgroup is the control group of a process.
type Cgroup struct {
	Path string `json:"path"`
	// Unit is the innermost systemd service or scope in the path, unescaped as
	// systemctl wants it: "shop.service", "app@blue.service", "session-3.scope".
	Unit string `json:"unit,omitempty"`
	// User says that the unit belongs to a user's own service manager.
	User bool `json:"user,omitempty"`
	// Container is the id of the container, where the path names one.
	Container string `json:"container,omitempty"`
}

// Boot is one reading of the clocks, to turn ticks since boot into wall time. It is
// good to 10 ms and does not move with steps of the wall clock as btime does.
type Boot struct {
	Uptime time.Duration
	At     time.Time
}

// ReadBoot reads /proc/uptime beside the wall clock.
func ReadBoot(ctx context.Context, machine Machine) (Boot, error) { panic("to be written") }

// Time is the wall time of a tick count since boot, at the 100 ticks a second that
// Linux shows to all programs.
func (boot Boot) Time(ticks uint64) time.Time { panic("to be written") }

// Stat is what /proc/PID/stat says, as far as it is needed.
type Stat struct {
	PID, PPID int
	Name      string
	State     string
	// StartTicks is field 22: clock ticks from boot to the start of the process.
	StartTicks uint64
}

// ParseStat reads the format "PID (comm) S PPID …"; comm may hold spaces and
// parentheses, so the fields are counted from the last ")".
func ParseStat(reader io.Reader) (Stat, error) { panic("to be written") }

// ParseUptime reads "seconds.hundredths idle" of /proc/uptime.
func ParseUptime(reader io.Reader) (time.Duration, error) { panic("to be written") }

// ParseArgv splits the NUL-separated /proc/PID/cmdline.
func ParseArgv(raw []byte) []string { panic("to be written") }

// ParseCgroup reads /proc/PID/cgroup, of version 2 ("0::/path") or of version 1 (the
// name=systemd line). Units and container ids of Docker, containerd and Podman are
// recognised in the path.
func ParseCgroup(reader io.Reader) (Cgroup, error) { panic("to be written") }

// ReadArgv reads a process's arguments alone: the cheap first look at all processes.
func ReadArgv(ctx context.Context, machine Machine, pid int) ([]string, error) {
	panic("to be written")
}

// ReadProcess reads everything of a Process but the environment and the sockets. A
// process that vanished is an error that wraps fs.ErrNotExist.
func ReadProcess(ctx context.Context, machine Machine, boot Boot, pid int) (Process, error) {
	panic("to be written")
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
func ReadEnvironment(ctx context.Context, machine Machine, pid int) (Environment, error) {
	panic("to be written")
}

// ParseEnvironment splits the NUL-separated block; non-empty and all NUL means Wiped.
func ParseEnvironment(raw []byte) Environment { panic("to be written") }
