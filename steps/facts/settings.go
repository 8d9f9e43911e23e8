package facts

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/gunicorn"
	"flasktui/sys/python"
)

// Settings is what the service's server was started with: Gunicorn's put together from its
// configuration file, GUNICORN_CMD_ARGS and command line, in that order, another's from its
// command line.
type Settings struct {
	gunicorn.Settings
	// Kind is which server it is; empty for Gunicorn.
	Kind appserver.Kind `json:"kind,omitempty"`
	// From says where the command line was read: "process" or "unit".
	From string `json:"from"`
	// ConfigPath is the configuration file in force; empty for none.
	ConfigPath    string       `json:"config_path,omitempty"`
	ConfigInfo    sys.FileInfo `json:"config_info"`
	ConfigProblem sys.Text     `json:"config_problem,omitempty"`
	// Directory is the path that the server puts first on sys.path (Waitress last), as written: a path
	// through a link leads to another release once the link is moved.
	Directory string `json:"directory"`
	// DirectoryVia says what decided it: "chdir", "PWD", "cwd", "WorkingDirectory", "script",
	// "app-dir" or "wsgi" (a WSGI script and the configuration around it).
	DirectoryVia string `json:"directory_via"`
	// Wanted are the addresses at which it is to listen; SocketActivated that they
	// belong to a .socket unit.
	Wanted          []string `json:"wanted"`
	SocketActivated bool     `json:"socket_activated,omitempty"`
	// Interpreter is the first word of the process's command line.
	Interpreter string `json:"interpreter,omitempty"`
	Virtualenv  string `json:"virtualenv,omitempty"`
	// Shebang is the interpreter in the server's own script, and Script its path.
	Script  string `json:"script,omitempty"`
	Shebang string `json:"shebang,omitempty"`
	// Import says from where the app would be imported if it were started now;
	// ImportProblem is why that could not be rebuilt.
	Import        python.ImportResult `json:"import"`
	ImportProblem sys.Text            `json:"import_problem,omitempty"`
	// NamedBy are those besides root who named the paths on which the code's place rests: the
	// account of the process, and who writes to the configuration file.
	NamedBy sys.Namers `json:"named_by,omitzero"`
	// UWSGI is of a uWSGI.
	UWSGI *UWSGI `json:"uwsgi,omitempty"`
	// Root is the file system that all of these paths are in: empty for the box's own,
	// /proc/PID/root for a container's.
	Root string `json:"root,omitempty"`
}

// GroupSettings is how the server was started.
func GroupSettings() Group {
	return Group{
		name: "settings", words: "the server's settings",
		needs:  []func() Group{GroupTarget, GroupInside},
		read:   (*look).readSettings,
		fields: []field{fieldOf("the server's command line", func(facts *Facts) *Fact[Settings] { return &facts.Settings })},
	}
}

func (look *look) readSettings(ctx context.Context, known *Facts) func(*Facts) {
	unit, hasUnit := known.TargetUnit()
	main, running := known.Main()
	container, isContainer := known.TargetContainer()
	program, isProgram := known.Program()
	isProgram = isProgram && program.Section != nil
	if !hasUnit && !running && !isContainer && !isProgram {
		return func(facts *Facts) {
			facts.Settings = Unreadable[Settings]("no server of the service runs, and no unit starts one", "")
		}
	}
	settings := Settings{From: "unit", Root: known.Inside.Value.Root}
	if isContainer {
		settings.From = "container"
	}
	fromEnvironment, fromArguments := gunicorn.Settings{}, unit.Wrapped.Merge(unit.Settings)
	if isProgram && !running {
		settings.From, fromArguments = "section", program.Section.Settings
	}
	settings.Kind = known.serverKind(main, running)
	if running {
		fromEnvironment = main.Master.FromEnvironment
		if !main.Master.Titled {
			settings.From, fromArguments = "process", main.Settings
		}
	}
	flags := fromArguments
	if settings.Kind == "" {
		flags = fromEnvironment.Merge(fromArguments)
	}
	start := known.startDirectory()
	settings.NamedBy = known.processNamers()
	ctx = sys.NamedBy(ctx, settings.NamedBy)
	look.readInterpreter(ctx, &settings, unit, main, running)
	fromFile := gunicorn.Settings{}
	switch {
	case settings.Kind == "":
		settings.ConfigPath = flags.ConfigFile
		fromFile = look.readGunicornConfig(ctx, &settings, known)
	case settings.Kind == appserver.Hypercorn && flags.ConfigFile != "":
		settings.ConfigPath = appserver.HypercornFile(flags.ConfigFile)
		fromFile = look.readHypercornConfig(ctx, &settings, start)
	}
	settings.Settings = fromFile.Merge(flags)
	if settings.Kind == appserver.UWSGI {
		look.readUWSGISettings(ctx, &settings, known, known.uwsgiArgv(unit, main, running), start)
	}
	if settings.Root == "" && (fromFile.Chdir != "" || len(fromFile.PythonPath) > 0) {
		settings.NamedBy = settings.NamedBy.With(sys.FindNamers(ctx, look.machine, settings.ConfigPath))
		ctx = sys.NamedBy(ctx, settings.NamedBy)
	}
	if settings.Kind == appserver.Flask {
		look.findFlaskApp(ctx, &settings, known)
	}
	settings.decideDirectory(known, start)
	settings.decideListeners(known, main, running)
	if isContainer && settings.Directory == "" {
		settings.Directory, settings.DirectoryVia = container.WorkingDirectory, "WORKDIR"
	}
	look.readImport(ctx, &settings, known)
	return func(facts *Facts) { facts.Settings = Of(settings, "/proc/PID/cmdline, systemctl show") }
}

// startDirectory is where a relative path on the command line begins.
func (facts *Facts) startDirectory() string {
	if directory := facts.WorkingDirectory(); directory != "" {
		return directory
	}
	if main, running := facts.Main(); running {
		return main.Master.Directory
	}
	return "/"
}

func absolute(base, name string) string {
	if name == "" || path.IsAbs(name) {
		return name
	}
	return path.Join(base, name)
}

// readGunicornConfig reads the configuration file that was named, by its path or as the
// module that it is ("python:MODULE"), or gunicorn.conf.py in the start directory, which
// Gunicorn takes unasked.
func (look *look) readGunicornConfig(ctx context.Context, settings *Settings, known *Facts) gunicorn.Settings {
	start, named := known.startDirectory(), settings.ConfigPath != ""
	if module, isModule := strings.CutPrefix(settings.ConfigPath, "python:"); isModule {
		found, err := python.ResolveImport(ctx, look.machine, settings.importQuery(known, module))
		if settings.ConfigPath = found.File; found.File == "" {
			settings.ConfigProblem = sys.Textf("the module %s, which holds Gunicorn's configuration, was not found", module)
			if err != nil {
				settings.ConfigProblem = sys.ErrorText(err)
			}
			return gunicorn.UnknownSettings()
		}
	}
	if !named {
		settings.ConfigPath = path.Join(start, "gunicorn.conf.py")
	}
	settings.ConfigPath = absolute(start, strings.TrimPrefix(settings.ConfigPath, "file:"))
	config := settings.Root + settings.ConfigPath
	content, err := look.readResolved(ctx, config, 1<<20)
	if err != nil {
		if !named && errors.Is(err, fs.ErrNotExist) {
			settings.ConfigPath = ""
			return gunicorn.Settings{}
		}
		settings.ConfigProblem = sys.ErrorText(err)
		return gunicorn.UnknownSettings()
	}
	if resolved, err := look.machine.Resolve(ctx, config); err == nil {
		settings.ConfigInfo, _ = look.machine.Stat(ctx, resolved)
	}
	parsed, err := gunicorn.ParseConfig(bytes.NewReader(content))
	if err != nil {
		settings.ConfigProblem = sys.ErrorText(err)
	}
	return parsed
}

// readHypercornConfig reads the file that -c names; nothing is known of what a module would say.
func (look *look) readHypercornConfig(ctx context.Context, settings *Settings, start string) gunicorn.Settings {
	if settings.ConfigPath == "" {
		return gunicorn.Settings{Computed: []string{"bind"}}
	}
	settings.ConfigPath = absolute(start, settings.ConfigPath)
	content, err := look.readResolved(ctx, settings.Root+settings.ConfigPath, gunicorn.ConfigLimit)
	if err != nil {
		settings.ConfigProblem = sys.Safe(err.Error())
		return gunicorn.Settings{Computed: []string{"bind"}}
	}
	if resolved, err := look.machine.Resolve(ctx, settings.Root+settings.ConfigPath); err == nil {
		settings.ConfigInfo, _ = look.machine.Stat(ctx, resolved)
	}
	read, err := appserver.ParseHypercornConfig(settings.ConfigPath, content)
	if err != nil {
		settings.ConfigProblem = sys.Safe(err.Error())
	}
	return read
}

// decideDirectory follows gunicorn's own rule (util.getcwd, G2): --chdir as it is
// written; else $PWD where it names the directory; else the resolved directory. systemd
// sets no PWD.
func (settings *Settings) decideDirectory(known *Facts, start string) {
	main, running := known.Main()
	if settings.Kind != "" {
		settings.decideOthersDirectory(known, main, start)
		return
	}
	switch {
	case settings.Chdir != "":
		settings.Directory = absolute(start, settings.Chdir)
		settings.DirectoryVia = "chdir"
	case running && main.Master.Shown["PWD"] != "":
		settings.Directory, settings.DirectoryVia = main.Master.Shown["PWD"], "PWD"
	case running && main.Master.Directory != "":
		settings.Directory, settings.DirectoryVia = main.Master.Directory, "cwd"
	default:
		settings.Directory, settings.DirectoryVia = known.WorkingDirectory(), "WorkingDirectory"
	}
}

func (settings *Settings) decideListeners(known *Facts, main Server, running bool) {
	if known.Target.Container != "" {
		settings.Wanted = known.containerAddresses(main, running)
		return
	}
	unit, _ := known.TargetUnit()
	settings.SocketActivated = len(unit.TriggeredBy) > 0
	base := known.startDirectory()
	if settings.Chdir != "" {
		base = absolute(base, settings.Chdir)
	}
	for _, bind := range settings.Bind {
		if address := BindAddress(bind, base); address != "" {
			settings.Wanted = append(settings.Wanted, address)
		}
	}
	if running && settings.Kind != "" && len(known.ListenersOf(main)) > 0 {
		settings.Wanted = nil
	}
	if len(settings.Wanted) == 0 && running {
		for _, listener := range known.ListenersOf(main) {
			settings.Wanted = append(settings.Wanted, ListenerAddress(listener))
		}
	}
	if len(settings.Wanted) == 0 && !settings.SocketActivated && settings.bindsByDefault(unit) {
		settings.Wanted = []string{"127.0.0.1:8000"}
	}
}

// bindsByDefault tells whether nothing that a unit starts Gunicorn with could name another
// address than Gunicorn's own default.
func (settings *Settings) bindsByDefault(unit Unit) bool {
	_, port := unit.Prints["PORT"]
	return len(unit.ExecStart) == 1 && gunicorn.IsGunicorn(unit.ExecStart[0]) && !port && len(unit.EnvironmentFiles) == 0 &&
		settings.ConfigProblem == "" && !slices.Contains(settings.Computed, "bind")
}

// readImport finds the tree that Python would take the app from.
func (look *look) readImport(ctx context.Context, settings *Settings, known *Facts) {
	if main, _ := known.Main(); main.WSGI != nil && settings.App == "" {
		settings.Import = python.ImportResult{File: main.WSGI.Script, Tree: settings.Directory}
		return
	}
	if moduleOf(settings.App) == "" {
		settings.ImportProblem = "the app's name is neither on the command line nor in the configuration file"
		return
	}
	result, err := python.ResolveImport(ctx, look.machine, settings.importQuery(known, moduleOf(settings.App)))
	settings.Import = result
	if err != nil {
		settings.ImportProblem = sys.ErrorText(err)
	}
}

// importVariables are those of the environment that the service runs with, or would.
func (facts *Facts) importVariables() map[string]string {
	if main, running := facts.Main(); running && main.Master.Shown != nil {
		return main.Master.Shown
	}
	unit, _ := facts.TargetUnit()
	return unit.Shown
}

// importQuery asks where the service's Python would find a module.
func (settings *Settings) importQuery(known *Facts, module string) python.ImportQuery {
	variables := known.importVariables()
	start := known.startDirectory()
	if slices.Contains([]string{"PWD", "script", "wsgi"}, settings.DirectoryVia) {
		// Under "PWD" Gunicorn itself takes the path by which its shell came there.
		start = settings.Directory
	}
	query := python.ImportQuery{
		Root:        settings.Root,
		Directories: settings.ImportDirectories(start, variables["PYTHONPATH"]),
		Interpreter: settings.Interpreter, Module: module,
	}
	if appserver.ByKind(settings.Kind).ImportsLast && settings.Script != "" {
		query.Last = query.Directories[:1]
		query.Directories = query.Directories[1:]
	}
	return query
}

func (look *look) readInterpreter(ctx context.Context, settings *Settings, unit Unit, main Server, running bool) {
	if main.WSGI != nil {
		return
	}
	var argv []string
	if running && !main.Master.Titled {
		argv = main.Master.Argv
	} else if len(unit.ExecStart) > 0 {
		argv = unit.ExecStart[0]
	}
	if len(argv) == 0 {
		return
	}
	settings.Interpreter = argv[0]
	for _, word := range argv[:min(len(argv), 2)] {
		if _, isServer := appserver.Of(argv); isServer && settings.Kind != appserver.UWSGI && path.IsAbs(word) && !python.IsInterpreter(path.Base(word)) {
			settings.Script = word
		}
	}
	if settings.Script != "" {
		if script, err := sys.ResolveUnder(ctx, look.machine, settings.Root, settings.Script); err == nil {
			settings.Shebang, _ = python.ReadShebang(ctx, look.machine, settings.Root+script)
		}
	}
	virtualenv, err := python.FindVirtualenv(ctx, look.machine, settings.Root, settings.Interpreter)
	if err == nil && virtualenv == "" && settings.Shebang != "" {
		virtualenv, err = python.FindVirtualenv(ctx, look.machine, settings.Root, settings.Shebang)
	}
	if err == nil || errors.Is(err, context.Canceled) {
		settings.Virtualenv = virtualenv
	}
}
