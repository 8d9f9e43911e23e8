// Package systemd reads what systemd has loaded, what its unit files on disk say, and its
// journal.
//
// It knows sys and sys/proc. Begin with ShowUnits (what is loaded) and unitfile.go (what is on
// disk); unitcompare.go sets the two side by side.
package systemd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/proc"
)

// Unit is a systemd unit as the manager has it loaded (`systemctl show`).
type Unit struct {
	Name           string `json:"name"`
	LoadState      string `json:"load_state"`
	ActiveState    string `json:"active_state"`
	SubState       string `json:"sub_state"`
	Result         string `json:"result"`
	Type           string `json:"type"`
	MainPID        int    `json:"main_pid"`
	ExecMainStatus int    `json:"exec_main_status"`
	Restarts       int    `json:"restarts"`
	KillMode       string `json:"kill_mode"`
	// StartTimeout is TimeoutStartSec=; zero where it is not told, StartsForever where it is
	// infinity.
	StartTimeout time.Duration `json:"start_timeout,omitempty"`
	PIDFile      string        `json:"pid_file,omitempty"`
	User         string        `json:"user,omitempty"`
	Group        string        `json:"group,omitempty"`
	ControlGroup string        `json:"control_group,omitempty"`
	NeedsReload  bool          `json:"needs_daemon_reload"`
	CanReload    bool          `json:"can_reload"`
	FragmentPath string        `json:"fragment_path"`
	DropInPaths  []string      `json:"drop_in_paths"`
	TriggeredBy  []string      `json:"triggered_by"`
	// MainStarted is when the main process was started (microseconds on the boot
	// clock, turned into wall time); zero where there is none.
	MainStarted time.Time `json:"main_started,omitzero"`
	// LastStarted is when a main process was last started, be it that it has ended since.
	LastStarted time.Time `json:"last_started,omitzero"`
	// MainStamp is what the wall clock showed when systemd started the main process, in
	// whole seconds; zero where there is none or its zone is not known. Unlike
	// MainStarted it does not move when the clock is set.
	MainStamp time.Time `json:"main_stamp,omitzero"`
	// WorkingDirectory is as systemd holds it, without a "-" or "!" prefix; specifiers
	// are resolved.
	WorkingDirectory string `json:"working_directory,omitempty"`
	// ExecStart and ExecReload are split at blanks, because systemctl joins arguments
	// with blanks and without quotes: an argument that holds a blank comes apart. The
	// unit file on disk has the quotes (SplitUnitWords).
	ExecStart  [][]string `json:"exec_start"`
	ExecReload [][]string `json:"exec_reload"`
	ExecStop   [][]string `json:"exec_stop"`
	// Beside are the commands of ExecStartPre=, ExecStopPost= and ExecStop=; never saved.
	Beside [][]string `json:"-"`
	// UnitFileState is "enabled", "masked", "transient" (made by systemd-run: it is gone
	// once it is stopped), …; Collected says that not even a failed one stays.
	UnitFileState string `json:"unit_file_state,omitempty"`
	Collected     bool   `json:"collected,omitempty"`
	// Environment is Environment= as loaded. EnvironmentFiles are in order.
	Environment      map[string]string `json:"-"`
	EnvironmentFiles []EnvironmentFile `json:"environment_files"`
	// InvocationID is that of the unit's present or last run.
	InvocationID string `json:"invocation_id,omitempty"`
	// Description is the unit's own one-line description.
	Description string `json:"description,omitempty"`
}

// EnvironmentFile is one EnvironmentFile= entry.
type EnvironmentFile struct {
	Path string `json:"path"`
	// Optional is the "-" prefix: a missing file is passed over in silence.
	Optional bool `json:"optional"`
}

// unitProperties are the properties that ParseUnits reads; systemctl leaves out those
// that its version does not know.
func unitProperties() string {
	return strings.Join([]string{
		"Id", "LoadState", "ActiveState", "SubState", "Result", "Type", "MainPID", "ExecMainStatus", "NRestarts", "KillMode", "TimeoutStartUSec",
		"PIDFile", "User", "Group", "ControlGroup", "NeedDaemonReload", "CanReload", "FragmentPath", "DropInPaths", "TriggeredBy",
		"ExecMainStartTimestamp", "ExecMainStartTimestampMonotonic", "WorkingDirectory", "ExecStart", "ExecStartPre", "ExecReload", "ExecStop", "ExecStopPost",
		"Environment", "EnvironmentFiles", "Description", "UnitFileState", "CollectMode", "InvocationID",
	}, ",")
}

// ShowUnits asks the manager for units by name, all in one command. A unit that does
// not exist comes back with LoadState "not-found". Order follows the names.
//
// MainStarted is taken from /proc where the main process can be read there: systemd's own
// stamp is of a clock that stands still while the machine sleeps, and of a forking service
// it is the moment in which systemd learned of the process.
func ShowUnits(ctx context.Context, machine sys.Machine, boot proc.Boot, names ...string) ([]Unit, sys.Output, error) {
	return Manager{}.ShowUnits(ctx, machine, boot, names...)
}

// ShowUnits asks this manager for units by name.
func (m Manager) ShowUnits(ctx context.Context, machine sys.Machine, boot proc.Boot, names ...string) ([]Unit, sys.Output, error) {
	if len(names) == 0 {
		return []Unit{}, sys.Output{}, nil
	}
	for _, name := range names {
		if name == "" || strings.ContainsAny(name, "*?[ \n") {
			// systemctl would take it for a pattern.
			return nil, sys.Output{}, fmt.Errorf("not the name of a unit: %q", sys.Safe(name))
		}
	}
	units, output, err := m.showUnits(ctx, machine, boot, names)
	if err == nil && len(units) != len(names) {
		err = fmt.Errorf("systemctl show: %d units came for %d names", len(units), len(names))
	}
	return units, output, err
}

// ShowServices asks for every service that the manager has loaded: running, failed, or
// held for another reason.
func ShowServices(ctx context.Context, machine sys.Machine, boot proc.Boot) ([]Unit, sys.Output, error) {
	return Manager{}.ShowServices(ctx, machine, boot)
}

// ShowServices asks for every service that this manager has loaded.
func (m Manager) ShowServices(ctx context.Context, machine sys.Machine, boot proc.Boot) ([]Unit, sys.Output, error) {
	return m.showUnits(ctx, machine, boot, []string{"*.service"})
}

func (m Manager) showUnits(ctx context.Context, machine sys.Machine, boot proc.Boot, names []string) ([]Unit, sys.Output, error) {
	output := machine.Run(ctx, m.Look(append([]string{"show", "--no-pager", "-p", unitProperties(), "--"}, names...)...))
	units, err := ParseUnits(strings.NewReader(string(output.Stdout)), boot)
	if output.Err != nil {
		err = output.Err
	}
	if err != nil {
		return units, output, fmt.Errorf("systemctl show: %w", err)
	}
	for i := range units {
		if pid := units[i].MainPID; pid > 0 {
			if raw, err := machine.ReadFile(ctx, proc.Path(pid, "stat"), proc.FileLimit); err == nil {
				if stat, err := proc.ParseStat(strings.NewReader(string(raw))); err == nil {
					units[i].MainStarted = boot.Time(stat.StartTicks)
				}
			}
		}
	}
	return units, output, nil
}

// ParseUnits reads the blocks of KEY=VALUE lines that `systemctl show` prints, a blank
// line between units. Arguments of a command are printed as they are, line breaks
// included: its value goes on to the closing brace.
func ParseUnits(reader io.Reader, boot proc.Boot) ([]Unit, error) {
	units := []Unit{}
	block := unitBlock{boot: boot}
	scanner := bufio.NewScanner(reader)
	scanner.Buffer(nil, sys.DefaultOutputLimit)
	for open := ""; scanner.Scan(); {
		line := open + scanner.Text()
		key, value, ok := strings.Cut(line, "=")
		if ok && strings.HasPrefix(key, "Exec") && strings.HasPrefix(value, "{ ") && !strings.HasSuffix(value, " }") && len(line) < unitFileLimit {
			open = line + "\n"
			continue
		}
		open = ""
		switch {
		case line == "":
			units = block.end(units)
		case ok && isPropertyName(key):
			block.set(key, value)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	return block.end(units), nil
}

func isPropertyName(key string) bool {
	return key != "" && isUpper(key[0]) && strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// unitBlock collects the properties of one unit.
type unitBlock struct {
	boot  proc.Boot
	unit  *Unit
	stamp string
	clock string
}

func (b *unitBlock) end(units []Unit) []Unit {
	if b.unit == nil {
		return units
	}
	b.unit.LastStarted = b.started()
	if b.unit.MainPID > 0 {
		b.unit.MainStarted = b.unit.LastStarted
		b.unit.MainStamp = parseTimestamp(b.stamp)
	}
	units = append(units, *b.unit)
	*b = unitBlock{boot: b.boot}
	return units
}

// started prefers the stamp in microseconds since boot; the other has whole seconds, in
// the machine's time zone.
func (b *unitBlock) started() time.Time {
	if microseconds, err := strconv.ParseInt(b.clock, 10, 64); err == nil && microseconds > 0 && microseconds < int64(1<<53) {
		return b.boot.Since(time.Duration(microseconds) * time.Microsecond)
	}
	return parseTimestamp(b.stamp)
}

// parseTimestamp reads "Sat 2025-11-22 10:00:00 CET". An abbreviation that is not of the
// local zone has no offset that could be known.
func parseTimestamp(text string) time.Time {
	stamp, err := time.ParseInLocation("Mon 2006-01-02 15:04:05 MST", text, time.Local)
	if err != nil {
		return time.Time{}
	}
	if zone, offset := stamp.Zone(); offset == 0 && zone != "UTC" && zone != "GMT" && stamp.Location() != time.Local {
		return time.Time{}
	}
	return stamp
}

func (b *unitBlock) set(key, value string) {
	if b.unit == nil {
		b.unit = &Unit{
			DropInPaths: []string{}, TriggeredBy: []string{}, ExecStart: [][]string{}, ExecReload: [][]string{},
			EnvironmentFiles: []EnvironmentFile{}, Environment: map[string]string{},
		}
	}
	unit := b.unit
	texts := map[string]*string{
		"Id": &unit.Name, "LoadState": &unit.LoadState, "ActiveState": &unit.ActiveState, "SubState": &unit.SubState,
		"Result": &unit.Result, "Type": &unit.Type, "KillMode": &unit.KillMode, "PIDFile": &unit.PIDFile, "User": &unit.User,
		"Group": &unit.Group, "ControlGroup": &unit.ControlGroup, "UnitFileState": &unit.UnitFileState, "FragmentPath": &unit.FragmentPath,
		"Description": &unit.Description, "InvocationID": &unit.InvocationID, "ExecMainStartTimestamp": &b.stamp, "ExecMainStartTimestampMonotonic": &b.clock,
	}
	if field, ok := texts[key]; ok {
		*field = value
		return
	}
	numbers := map[string]*int{"MainPID": &unit.MainPID, "ExecMainStatus": &unit.ExecMainStatus, "NRestarts": &unit.Restarts}
	if field, ok := numbers[key]; ok {
		if number, err := strconv.Atoi(value); err == nil {
			*field = number
		}
		return
	}
	b.setRest(key, value)
}

func (b *unitBlock) setRest(key, value string) {
	unit := b.unit
	switch key {
	case "NeedDaemonReload":
		unit.NeedsReload = value == "yes"
	case "CanReload":
		unit.CanReload = value == "yes"
	case "WorkingDirectory":
		unit.WorkingDirectory = strings.TrimLeft(value, "!-")
	case "DropInPaths":
		unit.DropInPaths = append(unit.DropInPaths, splitShown(value)...)
	case "TriggeredBy":
		unit.TriggeredBy = append(unit.TriggeredBy, splitShown(value)...)
	case "ExecStart":
		unit.ExecStart = append(unit.ExecStart, shownCommands(value)...)
	case "ExecReload":
		unit.ExecReload = append(unit.ExecReload, shownCommands(value)...)
	case "ExecStop":
		unit.ExecStop = append(unit.ExecStop, shownCommands(value)...)
		unit.Beside = append(unit.Beside, shownCommands(value)...)
	case "ExecStartPre", "ExecStopPost":
		unit.Beside = append(unit.Beside, shownCommands(value)...)
	case "TimeoutStartUSec":
		unit.StartTimeout = startTimeout(value)
	case "CollectMode":
		unit.Collected = value == "inactive-or-failed"
	case "Environment":
		for _, assignment := range splitShown(value) {
			if name, content, ok := strings.Cut(assignment, "="); ok {
				unit.Environment[name] = content
			}
		}
	case "EnvironmentFiles", "EnvironmentFile":
		// The singular is how systemd before 240 prints it.
		if path, flag, ok := strings.Cut(value, " (ignore_errors="); ok {
			unit.EnvironmentFiles = append(unit.EnvironmentFiles, EnvironmentFile{Path: path, Optional: flag == "yes)"})
		}
	}
}

// SameRun tells whether two looks saw the same run of the same unit: each start has an
// invocation id of its own (systemd.exec(5), $INVOCATION_ID). False where it is not known.
func (unit Unit) SameRun(other Unit) bool {
	return unit.Name == other.Name && unit.InvocationID != "" && unit.InvocationID == other.InvocationID
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
