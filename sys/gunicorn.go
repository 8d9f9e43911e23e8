package sys

import "io"

// GunicornSettings is what is known of a Gunicorn's configuration without running it.
// A pointer is nil, and a list empty, where the source does not set the value.
type GunicornSettings struct {
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

// GunicornRole is what a process is in a Gunicorn.
type GunicornRole string

// IsGunicorn tells from its arguments whether a process is a Gunicorn master or worker:
// an argv[0] or argv[1] whose base name is "gunicorn" (or gunicorn3, gunicorn-3…),
// "python -m gunicorn", or a process title that begins with "gunicorn: ".
func IsGunicorn(argv []string) bool { panic("to be written") }

// GunicornTitle reads a process title such as "gunicorn: master [shop]" and
// "gunicorn: worker [shop]"; ok is false where argv is no title.
func GunicornTitle(argv []string) (role, name string, ok bool) { panic("to be written") }

// ParseGunicornArgv reads Gunicorn's command line (interpreter and script included):
// long options with "=" or a separate word, short options joined or apart, unambiguous
// prefixes of long options as argparse takes them, flags without a value.
func ParseGunicornArgv(argv []string) GunicornSettings { panic("to be written") }

// ParseGunicornArguments reads the arguments alone, as in GUNICORN_CMD_ARGS after shell
// word splitting.
func ParseGunicornArguments(arguments []string) GunicornSettings { panic("to be written") }

// SplitGunicornArguments splits GUNICORN_CMD_ARGS as Python's shlex does.
func SplitGunicornArguments(value string) ([]string, error) { panic("to be written") }

// ParseGunicornConfig reads a gunicorn.conf.py without running it: top-level assignments
// of literals (strings, numbers, booleans, lists and tuples of strings). Anything else
// assigned to a known setting, and a known setting assigned more than once or inside a
// block, is named in Computed.
func ParseGunicornConfig(reader io.Reader) (GunicornSettings, error) { panic("to be written") }

// Merge lays settings over these: what over sets, wins. Gunicorn's order is defaults,
// configuration file, GUNICORN_CMD_ARGS, command line.
func (settings GunicornSettings) Merge(over GunicornSettings) GunicornSettings {
	panic("to be written")
}

// Preloads tells whether the master imports the app before it forks; known is false
// where it depends on what could not be read.
func (settings GunicornSettings) Preloads() (preloads, known bool) { panic("to be written") }
