package proc

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
)

// Boot is one reading of the clocks, to turn ticks since boot into wall time. It is
// good to 10 ms and does not move with steps of the wall clock as btime does.
type Boot struct {
	Uptime time.Duration
	At     time.Time
}

// ticksPerSecond is USER_HZ: the same for all programs on all Linux architectures that
// servers run on, whatever the kernel itself counts in.
const ticksPerSecond = 100

// Time is the wall time of a tick count since boot, at the 100 ticks a second that
// Linux shows to all programs.
func (boot Boot) Time(ticks uint64) time.Time {
	const most = uint64(1<<63-1) / uint64(time.Second/ticksPerSecond)
	return boot.Since(time.Duration(min(ticks, most)) * (time.Second / ticksPerSecond))
}

// Since is the wall time at which the boot clock stood at a value.
func (boot Boot) Since(clock time.Duration) time.Time {
	if boot.At.IsZero() {
		return time.Time{}
	}
	return boot.At.Add(clock - boot.Uptime)
}

// Stat is what /proc/PID/stat says, as far as it is needed.
type Stat struct {
	PID, PPID int
	Name      string
	State     string
	// Session is field 6: the process that leads the session; 0 where that was not told.
	Session int
	// StartTicks is field 22: clock ticks from boot to the start of the process.
	StartTicks uint64
}

// ParseStat reads the format "PID (comm) S PPID …"; comm may hold spaces and
// parentheses, so the fields are counted from the last ")".
func ParseStat(reader io.Reader) (Stat, error) {
	raw, err := io.ReadAll(reader)
	if err != nil {
		return Stat{}, fmt.Errorf("process stat: %w", err)
	}
	text := string(raw)
	begin, end := strings.Index(text, " ("), strings.LastIndex(text, ")")
	if begin < 0 || end < begin+2 {
		return Stat{}, errors.New("process stat: no command name in parentheses")
	}
	stat := Stat{Name: text[begin+2 : end]}
	// Field 3, the state, comes first here.
	const stateField, startField = 3, 22
	fields := strings.Fields(text[end+1:])
	if len(fields) <= startField-stateField {
		return Stat{}, fmt.Errorf("process stat: %d fields behind the command name, want at least %d", len(fields), startField-stateField+1)
	}
	stat.State = fields[0]
	if stat.PID, err = strconv.Atoi(text[:begin]); err != nil {
		return Stat{}, fmt.Errorf("process stat: pid: %w", err)
	}
	if stat.PPID, err = strconv.Atoi(fields[1]); err != nil {
		return Stat{}, fmt.Errorf("process stat: parent: %w", err)
	}
	const sessionField = 6
	if stat.Session, err = strconv.Atoi(fields[sessionField-stateField]); err != nil {
		return Stat{}, fmt.Errorf("process stat: session: %w", err)
	}
	if stat.StartTicks, err = strconv.ParseUint(fields[startField-stateField], 10, 64); err != nil {
		return Stat{}, fmt.Errorf("process stat: start time: %w", err)
	}
	return stat, nil
}

// ParseUptime reads "seconds.hundredths idle" of /proc/uptime.
func ParseUptime(reader io.Reader) (time.Duration, error) {
	raw, err := io.ReadAll(reader)
	if err != nil {
		return 0, fmt.Errorf("uptime: %w", err)
	}
	fields := strings.Fields(string(raw))
	if len(fields) == 0 {
		return 0, errors.New("uptime: empty")
	}
	uptime, err := time.ParseDuration(fields[0] + "s")
	if err != nil || uptime < 0 {
		return 0, fmt.Errorf("uptime: not a number of seconds: %q", sys.Safe(fields[0]))
	}
	return uptime, nil
}

// ParseArgv splits the NUL-separated /proc/PID/cmdline. Of a title only the title is
// returned: what follows it are the remains of what it was written over.
func ParseArgv(raw []byte) []string {
	if len(raw) == 0 {
		return []string{}
	}
	argv := strings.Split(strings.TrimSuffix(string(raw), "\x00"), "\x00")
	if isTitle(argv) {
		return []string{strings.TrimRight(argv[0], " ")}
	}
	return argv
}

// isTitle tells whether a process wrote over its arguments, as in "gunicorn: master
// [shop]" and "nginx: worker process". A real argv[0] is the name of a program.
func isTitle(argv []string) bool {
	if len(argv) == 0 {
		return false
	}
	program, _, ok := strings.Cut(argv[0], ": ")
	return ok && program != "" && !strings.ContainsAny(program, " /")
}
