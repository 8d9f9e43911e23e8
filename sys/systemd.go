package sys

import (
	"context"
	"io"
	"time"
)

// Unit is a systemd unit as the manager has it loaded (`systemctl show`).
type Unit struct {
	Name           string   `json:"name"`
	LoadState      string   `json:"load_state"`
	ActiveState    string   `json:"active_state"`
	SubState       string   `json:"sub_state"`
	Result         string   `json:"result"`
	Type           string   `json:"type"`
	MainPID        int      `json:"main_pid"`
	ExecMainStatus int      `json:"exec_main_status"`
	Restarts       int      `json:"restarts"`
	KillMode       string   `json:"kill_mode"`
	PIDFile        string   `json:"pid_file,omitempty"`
	User           string   `json:"user,omitempty"`
	Group          string   `json:"group,omitempty"`
	ControlGroup   string   `json:"control_group,omitempty"`
	NeedsReload    bool     `json:"needs_daemon_reload"`
	CanReload      bool     `json:"can_reload"`
	FragmentPath   string   `json:"fragment_path"`
	DropInPaths    []string `json:"drop_in_paths"`
	TriggeredBy    []string `json:"triggered_by"`
	// MainStarted is when the main process was started (microseconds on the boot
	// clock, turned into wall time); zero where there is none.
	MainStarted time.Time `json:"main_started,omitzero"`
	// WorkingDirectory is as systemd holds it, without a "-" or "!" prefix; specifiers
	// are resolved.
	WorkingDirectory string     `json:"working_directory,omitempty"`
	ExecStart        [][]string `json:"exec_start"`
	ExecReload       [][]string `json:"exec_reload"`
	// Environment is Environment= as loaded. EnvironmentFiles are in order.
	Environment      map[string]string `json:"-"`
	EnvironmentFiles []EnvironmentFile `json:"environment_files"`
	// Description is the unit's own one-line description.
	Description string `json:"description,omitempty"`
}

// EnvironmentFile is one EnvironmentFile= entry.
type EnvironmentFile struct {
	Path string `json:"path"`
	// Optional is the "-" prefix: a missing file is passed over in silence.
	Optional bool `json:"optional"`
}

// ShowUnits asks the manager for units by name, all in one command. A unit that does
// not exist comes back with LoadState "not-found". Order follows the names.
func ShowUnits(ctx context.Context, machine Machine, boot Boot, names ...string) ([]Unit, Output, error) {
	panic("to be written")
}

// ParseUnits reads the blocks of KEY=VALUE lines that `systemctl show` prints, a blank
// line between units.
func ParseUnits(reader io.Reader, boot Boot) ([]Unit, error) { panic("to be written") }

// UnitSearchPath asks the manager for UnitPath, the directories in which it looks for
// units, in order of precedence (systemd.unit(5)).
func UnitSearchPath(ctx context.Context, machine Machine) ([]string, error) {
	panic("to be written")
}

// UnitFile is one unit file or drop-in as it is on disk now.
type UnitFile struct {
	Path string   `json:"path"`
	Info FileInfo `json:"info"`
	// Settings are in the order of the file; continuation lines are joined, comments
	// left out.
	Settings []UnitSetting `json:"settings"`
}

// UnitSetting is one line KEY=VALUE of a unit file.
type UnitSetting struct {
	Section string `json:"section"`
	Key     string `json:"key"`
	Value   string `json:"value"`
	Line    int    `json:"line"`
}

// ParseUnitFile reads the unit file syntax of systemd.syntax(7).
func ParseUnitFile(reader io.Reader) ([]UnitSetting, error) { panic("to be written") }

// UnitFilesOnDisk finds what systemd would load for a unit now: the first fragment along
// the search path and every *.conf in the unit's drop-in directories (template and
// type-wide ones included), independent of what the manager has loaded (G17). Fragment
// is nil where none is found.
func UnitFilesOnDisk(ctx context.Context, machine Machine, searchPath []string, name string) (fragment *UnitFile, dropIns []UnitFile, err error) {
	panic("to be written")
}

// EffectiveSetting merges a key over the fragment and the drop-ins as systemd does: an
// empty value resets a list, the last value of a single-valued key wins. It returns the
// values with the file and line of each.
func EffectiveSetting(files []UnitFile, section, key string, list bool) []LocatedSetting {
	panic("to be written")
}

// LocatedSetting is a setting with the file that it stands in.
type LocatedSetting struct {
	File string `json:"file"`
	UnitSetting
}

// SplitUnitWords splits a value into words by systemd's quoting rules
// (systemd.syntax(7), "QUOTING"); specifiers and variables are left as they are.
func SplitUnitWords(value string) ([]string, error) { panic("to be written") }
