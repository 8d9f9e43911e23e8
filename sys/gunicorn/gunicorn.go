// Package gunicorn reads what Gunicorn was started with: its command line,
// GUNICORN_CMD_ARGS and its configuration file, which is Python that is read and never
// run.
//
// It knows sys, and Python's literals for the configuration. Begin with ParseArgv, then config.go
// and start.go.
package gunicorn

import (
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/python"
)

// Settings is what is known of a Gunicorn's configuration without running it.
// A pointer is nil, and a list empty, where the source does not set the value.
type Settings struct {
	// App is "module:variable"; empty where it stands nowhere.
	App             string   `json:"app,omitempty"`
	Bind            []string `json:"bind"`
	Chdir           string   `json:"chdir,omitempty"`
	PythonPath      []string `json:"python_path"`
	ConfigFile      string   `json:"config_file,omitempty"`
	PIDFile         string   `json:"pid_file,omitempty"`
	Workers         int      `json:"workers,omitempty"`
	Preload         *bool    `json:"preload,omitempty"`
	Reload          *bool    `json:"reload,omitempty"`
	ReusePort       *bool    `json:"reuse_port,omitempty"`
	Daemon          *bool    `json:"daemon,omitempty"`
	MaxRequests     int      `json:"max_requests,omitempty"`
	GracefulTimeout int      `json:"graceful_timeout,omitempty"`
	// Environment holds the names of --env / raw_env, never the values.
	Environment []string `json:"environment"`
	// Computed lists settings of a configuration file whose value is an expression
	// that cannot be known without running Python; they are unknown, not unset.
	Computed []string `json:"computed"`
}

// Role is what a process is in a Gunicorn.
type Role string

// IsGunicorn tells from its arguments whether a process is a Gunicorn master or worker:
// an argv[0] or a Python's script whose base name is "gunicorn" (or gunicorn3,
// gunicorn-3…), "python -m gunicorn", or a process title that begins with "gunicorn: ".
func IsGunicorn(argv []string) bool {
	if _, _, titled := Title(argv); titled {
		return true
	}
	if len(argv) == 0 {
		return false
	}
	if isProgram(argv[0]) {
		return true
	}
	// An editor or a pager that holds a file named gunicorn is none: only what runs
	// scripts counts.
	program := path.Base(argv[0])
	if program == "env" {
		return len(argv) > 1 && isProgram(argv[1])
	}
	return python.IsInterpreter(program) && argumentsAt(argv) > 0
}

// Title reads a process title such as "gunicorn: master [shop]" and
// "gunicorn: worker [shop]"; ok is false where argv is no title.
func Title(argv []string) (role, name string, ok bool) {
	if len(argv) == 0 {
		return "", "", false
	}
	title, ok := strings.CutPrefix(argv[0], "gunicorn: ")
	if !ok {
		return "", "", false
	}
	// What a title does not fill of the old command line is padded.
	title = strings.TrimRight(title, " \x00")
	role, name, _ = strings.Cut(title, " [")
	return role, strings.TrimSuffix(name, "]"), true
}

// ParseArgv reads Gunicorn's command line (interpreter and script included):
// long options with "=" or a separate word, short options joined or apart, unambiguous
// prefixes of long options as argparse takes them, flags without a value. The line may
// also be a unit's ExecStart with a wrapper before Gunicorn.
func ParseArgv(argv []string) Settings {
	at := argumentsAt(argv)
	if at < 0 {
		return Settings{}
	}
	return ParseArguments(argv[at:])
}

// Merge lays settings over these: what over sets, wins. Gunicorn's order is defaults,
// configuration file, GUNICORN_CMD_ARGS, command line.
func (settings Settings) Merge(over Settings) Settings {
	merged := settings
	merged.Computed = slices.Clone(settings.Computed)
	for _, field := range fields() {
		switch {
		case slices.Contains(over.Computed, field.name):
			field.copy(&merged, &Settings{})
			if !slices.Contains(merged.Computed, field.name) {
				merged.Computed = append(merged.Computed, field.name)
			}
		case field.isSet(&over):
			field.copy(&merged, &over)
			merged.Computed = slices.DeleteFunc(merged.Computed, func(name string) bool { return name == field.name })
		}
	}
	return merged
}

// Preloads tells whether the master imports the app before it forks; known is false
// where it depends on what could not be read.
func (settings Settings) Preloads() (preloads, known bool) {
	if settings.Preload != nil {
		return *settings.Preload, true
	}
	return false, !slices.Contains(settings.Computed, "preload_app")
}

// UnknownSettings stands for a configuration file that is there but could not
// be read: laid under what is known, it keeps a default from being taken for a fact.
func UnknownSettings() Settings {
	var settings Settings
	for _, field := range fields() {
		if field.name != "config" {
			settings.Computed = append(settings.Computed, field.name)
		}
	}
	return settings
}

// ImportDirectories is what Gunicorn puts before everything else on sys.path, the first
// searched first: --pythonpath, the last entry before the others, then --chdir, then
// the directory it was started in, then PYTHONPATH. Gunicorn inserts each at the front,
// in the opposite order, and leaves out what is there already.
//
// Started is the directory Gunicorn was started in, as it knows it: PWD where that is
// the same directory, so that a symbolic link in it stays one, else the resolved path.
func (settings Settings) ImportDirectories(started, pythonPath string) []python.ImportDirectory {
	var directories []python.ImportDirectory
	if pythonPath != "" {
		for _, entry := range strings.Split(pythonPath, ":") {
			directories = append(directories, python.ImportDirectory{Path: sys.AbsoluteFrom(started, entry), Via: "PYTHONPATH"})
		}
	}
	insert := func(directory python.ImportDirectory) {
		if slices.ContainsFunc(directories, func(other python.ImportDirectory) bool { return other.Path == directory.Path }) {
			return
		}
		directories = slices.Insert(directories, 0, directory)
	}
	base := started
	if started != "" {
		via := "start directory"
		if settings.Chdir == "" {
			via = "chdir"
		}
		insert(python.ImportDirectory{Path: path.Clean(started), Via: via})
	}
	if settings.Chdir != "" {
		base = sys.AbsoluteFrom(started, settings.Chdir)
		insert(python.ImportDirectory{Path: base, Via: "chdir"})
	}
	for _, entry := range settings.PythonPath {
		insert(python.ImportDirectory{Path: sys.AbsoluteFrom(base, entry), Via: "pythonpath"})
	}
	return directories
}
