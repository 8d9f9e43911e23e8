package facts

import (
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/proc"
	"flasktui/sys/uwsgi"
)

// UWSGI is what is known of a uWSGI beyond what is known of any server.
type UWSGI struct {
	uwsgi.Settings
	// Problem is why its configuration is not known whole; empty where it is.
	Problem sys.Text `json:"problem,omitempty"`
	// Again says that its program was executed again under the process id and the start that it
	// had (G63), or may have been: at that time, which is zero where it is not known, and Untold
	// is why then.
	Again   bool      `json:"again,omitempty"`
	AgainAt time.Time `json:"again_at,omitzero"`
	Untold  sys.Text  `json:"untold,omitempty"`
}

// tellUWSGIs reads the configuration of the servers that are uWSGIs, leaves out those that start
// others and serve nothing, and the processes of each that answer no requests.
func (look *look) tellUWSGIs(ctx context.Context, found *Processes, argvs map[int][]string) {
	listening := look.listeningSockets(ctx, 0)
	starts := map[int]bool{}
	for index := range found.Servers {
		if one := &found.Servers[index]; one.Kind == appserver.UWSGI {
			one.UWSGI = look.readUWSGI(ctx, one.Master, argvs)
			if one.UWSGI.Problem == "" {
				one.Settings = appserver.UWSGISettings(one.UWSGI.Settings, one.Master.Directory)
			}
			starts[one.Master.PPID] = true
			if one.Master.Cgroup.Container == "" {
				one.leaveHelpers(listening)
			}
		}
	}
	found.Servers = slices.DeleteFunc(found.Servers, func(one Server) bool {
		return one.Kind == appserver.UWSGI && (len(one.UWSGI.Emperor) > 0 || len(one.Workers) == 0 && starts[one.Master.PID])
	})
}

// leaveHelpers leaves out of the workers the processes that take no request of the app's: mules
// and spoolers hold no socket at which they listen, and the router of HTTP holds no other one than
// its own.
func (one *Server) leaveHelpers(listening map[uint64]proc.Listener) {
	ofRouter := func(listener proc.Listener) bool {
		socket, ok := one.UWSGI.Speaks(func(address string) bool { return SameBind(BindAddress(address, ""), ListenerAddress(listener)) })
		return ok && socket.Router
	}
	one.Workers = slices.DeleteFunc(one.Workers, func(worker Process) bool {
		if role, titled := uwsgi.Title(worker.Argv); titled {
			return role != "worker"
		}
		return worker.Unreadable["sockets"] == "" && !slices.ContainsFunc(worker.SocketInodes, func(inode uint64) bool {
			listener, listens := listening[inode]
			return listens && !ofRouter(listener)
		})
	})
}

// readUWSGI reads what a uWSGI that runs was told, and whether it runs its program again.
func (look *look) readUWSGI(ctx context.Context, master Process, argvs map[int][]string) *UWSGI {
	one := &UWSGI{}
	root := ""
	if master.Cgroup.Container != "" {
		root = proc.Path(master.PID, "root")
	} else {
		ctx = sys.NamedBy(ctx, namersOf(master))
	}
	look.findAgain(ctx, master, one)
	if _, titled := uwsgi.Title(master.Argv); titled {
		one.Problem = sys.Textf("process %d has written a title over its command line", master.PID)
		return one
	}
	if len(master.Argv) == 0 {
		return one
	}
	// A file may be named from where it was started, which it has left by now; whoever starts
	// others by their files stands beside these.
	directories := []string{master.Directory}
	if uwsgi.Is(argvs[master.PPID]) {
		if above, err := look.machine.Resolve(ctx, proc.Path(master.PPID, "cwd")); err == nil {
			directories = []string{above, master.Directory}
		}
	}
	for _, directory := range directories {
		if directory == "" {
			directory = "/"
		}
		var err error
		one.Settings, err = uwsgi.Read(ctx, uwsgi.Start{
			Arguments: master.Argv[1:], Directory: directory, Variables: master.Shown, HasVariable: hasVariable(master.Prints),
			Read: func(ctx context.Context, name string) ([]byte, error) {
				return look.readResolved(ctx, root+name, uwsgi.FileLimit)
			},
		})
		if one.Problem = ""; err == nil {
			break
		}
		one.Problem = sys.ErrorText(err)
	}
	return one
}

// hasVariable tells which variables an environment has; nil where it is not known.
func hasVariable(prints map[string]string) func(string) bool {
	if prints == nil {
		return nil
	}
	return func(name string) bool { _, has := prints[name]; return has }
}

// findAgain tells whether a uWSGI has executed its program again: from the second time on it counts
// that in UWSGI_RELOADS, which its first environment has not. When it did is told by the memory that
// it shares with its workers: that is made before the app is loaded, and cannot outlive an
// execution (execve(2)).
func (look *look) findAgain(ctx context.Context, master Process, one *UWSGI) {
	reloads, counted := master.Shown["UWSGI_RELOADS"]
	if master.Prints != nil && !counted {
		return
	}
	one.Again = true
	made, err := uwsgi.SharedMemoryMade(ctx, look.machine, master.PID)
	switch {
	case err == nil && made.Sub(master.Started) < 2*time.Second && master.Prints == nil:
		// Its first memory is there yet.
		one.Again = false
	case err == nil:
		one.AgainAt = made
	case counted:
		one.Untold = sys.Textf("process %d has reloaded under the same process id (UWSGI_RELOADS=%s), and when could not be read: ", master.PID, reloads) + sys.ErrorText(err)
	default:
		one.Untold = sys.Textf("whether process %d has reloaded under the same process id could not be read: ", master.PID) + sys.ErrorText(err)
	}
}

// nameEmperor says of a uWSGI that another one started by a file of its own that this one, the
// emperor, keeps it running, and reloads it where that file is touched.
func (look *look) nameEmperor(ctx context.Context, one *Server) {
	if one.UWSGI == nil || len(one.Parents) == 0 || one.Parents[0].PID != one.Master.PPID || !uwsgi.Is(one.Parents[0].words()) {
		return
	}
	keeper := Keeper{Name: "uWSGI's emperor", Tool: "touch", Argv: []string{"touch", unnamed}}
	if files := one.UWSGI.Files; len(files) > 0 {
		keeper.Argv[1] = files[0]
		deciders, err := sys.FindDeciders(ctx, look.machine, files[0])
		keeper.Rooted = err == nil && deciders.Root()
	}
	one.Parents[0].Keeper = &keeper
}

// LoadedBy is the main process of a server as far as it can have loaded the app: one that runs
// its program again has begun then.
func (one Server) LoadedBy() Process {
	process := one.Master
	if one.UWSGI != nil && one.UWSGI.Again && !one.UWSGI.AgainAt.IsZero() {
		process.Started = one.UWSGI.AgainAt
	}
	return process
}

// readUWSGISettings completes the settings of a uWSGI from its configuration.
func (look *look) readUWSGISettings(ctx context.Context, settings *Settings, known *Facts, argv []string, start string) {
	main, running := known.Main()
	if running && main.UWSGI != nil {
		settings.UWSGI = main.UWSGI
	}
	if !uwsgi.Is(argv) {
		argv = nil
	}
	if _, titled := uwsgi.Title(argv); len(argv) > 0 && !titled && (settings.UWSGI == nil || settings.UWSGI.Problem != "") {
		again := UWSGI{}
		if settings.UWSGI != nil {
			again = *settings.UWSGI
		}
		read, err := uwsgi.Read(ctx, uwsgi.Start{
			Arguments: argv[1:], Directory: start, Variables: known.importVariables(), HasVariable: hasVariable(known.importPrints()),
			Read: func(ctx context.Context, name string) ([]byte, error) {
				return look.readResolved(ctx, settings.Root+name, uwsgi.FileLimit)
			},
		})
		again.Settings, again.Problem = read, ""
		if err != nil {
			again.Problem = sys.ErrorText(err)
		}
		settings.UWSGI = &again
	}
	if settings.UWSGI == nil {
		settings.ConfigProblem = "its command line could not be read"
		return
	}
	told := settings.UWSGI
	settings.ConfigProblem = told.Problem
	if len(told.Files) > 0 {
		settings.ConfigPath = told.Files[len(told.Files)-1]
		if resolved, err := look.machine.Resolve(ctx, settings.Root+settings.ConfigPath); err == nil {
			settings.ConfigInfo, _ = look.machine.Stat(ctx, resolved)
		}
	}
	base := start
	if told.Chdir != "" {
		base = absolute(start, told.Chdir)
	}
	settings.Settings = appserver.UWSGISettings(told.Settings, base)
	if home := absolute(start, told.Home); home != "" {
		settings.Virtualenv, settings.Interpreter = home, path.Join(home, "bin/python3")
	}
	if settings.Preload == nil && running && (!told.Again || !told.AgainAt.IsZero()) && !slices.Contains(told.Unknown, "lazy-apps") && !slices.Contains(told.Unknown, "lazy") {
		loads := true
		settings.Preload = &loads
		settings.Computed = slices.DeleteFunc(settings.Computed, func(name string) bool { return name == "preload_app" })
	}
	look.placeUWSGI(ctx, settings, base)
}

// placeUWSGI finds which of the directories that uWSGI imports from has the app: those of
// pythonpath, the last one first, or else the one that it goes to.
func (look *look) placeUWSGI(ctx context.Context, settings *Settings, base string) {
	module, _, _ := strings.Cut(settings.App, ":")
	top, _, _ := strings.Cut(module, ".")
	if top == "" {
		return
	}
	for _, entry := range slices.Backward(settings.PythonPath) {
		entry = absolute(base, entry)
		for _, name := range []string{top + ".py", top} {
			if _, err := look.machine.Resolve(ctx, settings.Root+path.Join(entry, name)); err == nil && !sys.Within(base, entry) {
				settings.Directory, settings.DirectoryVia = entry, "app-dir"
				return
			}
		}
	}
}

// importPrints are the fingerprints of the environment that the service runs with, or would; nil
// where they are not known.
func (facts *Facts) importPrints() map[string]string {
	if main, running := facts.Main(); running {
		return main.Master.Prints
	}
	unit, ok := facts.TargetUnit()
	if !ok || len(unit.EnvironmentFiles) > 0 {
		return nil
	}
	return unit.Prints
}

// protocol is what a place speaks; empty for HTTP.
type protocol string

const (
	speaksHTTP  protocol = ""
	speaksUWSGI protocol = "uwsgi"
	// speaksEither is of a place of which that is not known.
	speaksEither protocol = "either"
)

// spokenAt is how a socket of an app is to be asked: HTTP, the uwsgi protocol, whichever it
// answers, or neither, for which unspoken is the name.
func (facts *Facts) spokenAt(address string) (protocol protocol, unspoken string) {
	ofUWSGI := false
	for _, server := range facts.Processes.Value.Servers {
		if server.UWSGI == nil || !slices.ContainsFunc(facts.ListenersOf(server), func(listener proc.Listener) bool { return Reaches(address, listener) }) {
			continue
		}
		ofUWSGI = true
		socket, ok := server.UWSGI.Speaks(func(told string) bool { return SameBind(address, BindAddress(told, server.Master.Directory)) })
		switch {
		case ok && socket.Other != "":
			return speaksHTTP, socket.Other
		case ok && socket.HTTP:
			return speaksHTTP, ""
		case ok:
			return speaksUWSGI, ""
		}
	}
	for _, server := range facts.SiteNginx().Value.Servers {
		for _, location := range server.Locations {
			if location.PassKind == "uwsgi_pass" && facts.passesTo(location, []string{address}) {
				return speaksUWSGI, ""
			}
		}
	}
	if ofUWSGI {
		return speaksEither, ""
	}
	return speaksHTTP, ""
}

// uwsgiArgv is the command line of the service's uWSGI: of the process, or of what would start it.
func (facts *Facts) uwsgiArgv(unit Unit, main Server, running bool) []string {
	if running && len(main.Master.Argv) > 0 && !main.Master.Titled {
		if _, titled := uwsgi.Title(main.Master.Argv); !titled {
			return main.Master.Argv
		}
	}
	for _, argv := range unit.ExecStart {
		if uwsgi.Is(argv) {
			return argv
		}
	}
	if program, ok := facts.Program(); ok && program.Section != nil {
		return program.Section.Words()
	}
	return nil
}
