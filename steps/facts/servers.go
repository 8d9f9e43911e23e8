package facts

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
	"flasktui/sys/python"
	"flasktui/sys/supervisord"
)

// This file tells which processes are servers where no command line of a known one does, and
// which of them are one server together.

// Software is what is known of the program.
func (one Server) Software() appserver.Server { return appserver.ByKind(one.Kind) }

// IsGunicorn tells whether what is known of Gunicorn's reloads and masters holds for it.
func (one Server) IsGunicorn() bool { return one.Software().Kind == appserver.Gunicorn }

// Roles are what its main process is called, and the others. A single process is no master.
func (one Server) Roles() (main, other string) {
	switch {
	case one.IsGunicorn() || one.Kind == appserver.UWSGI && len(one.Workers) > 0:
		return "master", "worker"
	case one.WSGI != nil:
		return "main process", "worker"
	case len(one.Workers) > 0:
		return "parent process", "worker"
	}
	return "process", "process"
}

// Reloads tells whether it was started with a reloader, which starts what serves anew whenever a
// file that was imported changes.
func (one Server) Reloads() bool { return one.Settings.Reload != nil && *one.Settings.Reload }

// Wanted is how many workers it is to have by its settings; 0 for one that is a single process,
// or whose number does not show.
func (one Server) Wanted(settings gunicorn.Settings) int { return one.Software().Wanted(settings) }

// addServing adds what serves beside the programs that are known by name: the interpreters that
// such a one has started, and other Python programs that hold a socket at which they listen.
func (look *look) addServing(ctx context.Context, known *Facts, argvs, pythons map[int][]string, serving map[int]appserver.Kind) {
	var programs []int
	for pid, argv := range pythons {
		if !appserver.IsSpawned(argv) {
			if isProgram(argv) && !supervisord.IsSupervisord(argv) {
				programs = append(programs, pid)
			}
			continue
		}
		_, parent, err := proc.ReadParent(ctx, look.machine, pid)
		if kind, ok := serving[parent]; err == nil && ok && appserver.ByKind(kind).Members(argvs[parent], argv) {
			serving[pid] = kind
			delete(pythons, pid)
		}
	}
	for _, pid := range look.listeningAmong(ctx, known, programs) {
		serving[pid] = appserver.Python
	}
}

// listeningAmong are those of the processes that hold a socket at which they listen.
func (look *look) listeningAmong(ctx context.Context, known *Facts, pids []int) []int {
	const readers = 4
	listening := look.listeningSockets(ctx, 0)
	holds := make([]bool, len(pids))
	var group sync.WaitGroup
	for reader := range readers {
		group.Go(func() {
			for index := reader; index < len(pids); index += readers {
				holds[index] = look.listens(ctx, known, pids[index], listening)
			}
		})
	}
	group.Wait()
	var found []int
	for index, pid := range pids {
		if holds[index] {
			found = append(found, pid)
		}
	}
	return found
}

// isProgram tells an interpreter that runs a script or a module.
func isProgram(argv []string) bool {
	run, ok := python.ProgramOf(argv)
	return ok && (run.Script != "" || run.Module != "")
}

// listeningSockets are the sockets of a network at which something listens that has a path or a
// port, with who made those that have a port: of the box itself, or of a process.
func (look *look) listeningSockets(ctx context.Context, pid int) map[uint64]proc.Listener {
	listeners, err := proc.ReadListeners(ctx, look.machine, pid)
	if err != nil {
		return nil
	}
	sockets := make(map[uint64]proc.Listener, len(listeners))
	for _, listener := range listeners {
		if !strings.HasPrefix(listener.Path, "@") {
			sockets[listener.Inode] = listener
		}
	}
	return sockets
}

// listens tells whether a process holds a socket at which it listens. Whose sockets may not be
// read counts where the person has named the unit that it is in.
func (look *look) listens(ctx context.Context, known *Facts, pid int, listening map[uint64]proc.Listener) bool {
	cgroup := proc.Cgroup{}
	if raw, err := look.machine.ReadFile(ctx, proc.Path(pid, "cgroup"), 64<<10); err == nil {
		cgroup, _ = proc.ParseCgroup(strings.NewReader(string(raw)))
	}
	if cgroup.Container != "" {
		listening = look.listeningSockets(ctx, pid)
	} else if info, err := look.machine.Stat(ctx, "/proc/"+strconv.Itoa(pid)); err == nil && !mayHaveMade(listening, info.UID) {
		return false
	}
	held, err := proc.ReadSocketInodes(ctx, look.machine, pid)
	if err != nil {
		return cgroup.Unit != "" && cgroup.Unit == UnitName(known.Options.Service)
	}
	return slices.ContainsFunc(held, func(inode uint64) bool { _, ok := listening[inode]; return ok })
}

// mayHaveMade tells whether one of the sockets can be a user's: of those with a path that is not
// told.
func mayHaveMade(listening map[uint64]proc.Listener, user uint32) bool {
	for _, listener := range listening {
		if listener.Path != "" || listener.UID == user {
			return true
		}
	}
	return false
}

// namesServer tells whether the script that an interpreter runs imports Flask, or a server to
// hand its app to. It is read as far as the process's own user may read it, who named it.
func (look *look) namesServer(ctx context.Context, process Process) bool {
	run, _ := python.ProgramOf(process.Argv)
	if run.Script == "" || process.Cgroup.Container != "" || !path.IsAbs(run.Script) && process.Directory == "" {
		return false
	}
	ctx = sys.NamedBy(ctx, namersOf(process))
	text, err := look.readResolved(ctx, absolute(process.Directory, run.Script), 64<<10)
	return err == nil && importsServer(string(text))
}

// importsServer tells whether a script imports Flask, or a server to hand an app to.
func importsServer(text string) bool {
	imports := regexp.MustCompile(`^\s*(?:from|import)\s+(?:flask|waitress|gevent\.pywsgi|gunicorn|uvicorn|hypercorn|cheroot|bjoern|eventlet\.wsgi|werkzeug|wsgiref)\b`)
	for line := range strings.Lines(text) {
		if imports.MatchString(line) {
			return true
		}
	}
	return false
}

// handsToServer tells whether a script also calls what starts a server: one that only makes an
// app may be a worker's.
func handsToServer(text string) bool {
	calls := regexp.MustCompile(`\.run\(|\bserve\(|WSGIServer\(|BaseApplication\b|\brun_simple\(|\bmake_server\(`)
	return importsServer(text) && calls.MatchString(text)
}

// IsService tells a server of the site's from a Python program that merely listens (a daemon, a
// notebook): one of a known server's command line, one that makes a Flask app or hands one to a
// server, or one that Nginx or the URL leads to.
func (facts *Facts) IsService(one Server) bool {
	return one.Kind != appserver.Python || one.Serves || facts.isAskedFor(one)
}

// servesWith tells a process of a site's server, which is none of its background.
func (facts *Facts) servesWith(pid int) bool {
	return slices.ContainsFunc(facts.Processes.Value.Servers, func(one Server) bool {
		return facts.IsService(one) && slices.ContainsFunc(append([]Process{one.Master}, one.Workers...), func(process Process) bool { return process.PID == pid })
	})
}

// assemble puts masters and workers together by parentage.
func assemble(processes []Process, kinds map[int]appserver.Kind) []Server {
	byPID := make(map[int]*Process, len(processes))
	children := map[int][]*Process{}
	for index := range processes {
		byPID[processes[index].PID] = &processes[index]
	}
	for index := range processes {
		process := &processes[index]
		if parent := byPID[process.PPID]; parent != nil && kinds[parent.PID] == kinds[process.PID] && !isVassal(parent, process, kinds[parent.PID]) {
			children[parent.PID] = append(children[parent.PID], process)
		}
	}
	isChild := func(process *Process) bool {
		return slices.Contains(children[process.PPID], process)
	}
	var servers []Server
	for index := range processes {
		process := &processes[index]
		switch {
		case kinds[process.PID] == appserver.Gunicorn:
			if !isChild(process) || isReplacement(process, len(children[process.PID]) > 0) {
				servers = append(servers, gunicornOf(process, children, isChild(process)))
			}
		case !isChild(process):
			servers = append(servers, otherServer(process, kinds[process.PID], children[process.PID]))
		}
	}
	return servers
}

// isVassal tells a uWSGI that another one has started by a file of its own: its workers are copies
// of itself.
func isVassal(parent, process *Process, kind appserver.Kind) bool {
	return kind == appserver.UWSGI && !appserver.ByKind(kind).Members(parent.Argv, process.Argv)
}

// gunicornOf is a master, or a worker whose master is gone, with its workers.
func gunicornOf(process *Process, children map[int][]*Process, replaces bool) Server {
	running := Server{Master: *process, Settings: gunicorn.ParseArgv(process.Argv)}
	if replaces {
		running.Replaces = process.PPID
	}
	for _, child := range children[process.PID] {
		if !isReplacement(child, len(children[child.PID]) > 0) {
			running.Workers = append(running.Workers, *child)
		}
	}
	role, _, titled := gunicorn.Title(process.Argv)
	running.Leaderless = len(running.Workers) == 0 && titled && role == "worker"
	return running
}

// otherServer is a server of another kind, with the processes that answer for it. A reloader
// serves nothing: it starts an interpreter that does, and starts that anew when a file changes.
func otherServer(process *Process, kind appserver.Kind, children []*Process) Server {
	server := appserver.ByKind(kind)
	running := Server{Kind: kind, Master: *process, Settings: server.Settings(process.Argv)}
	for _, child := range children {
		if server.Members(process.Argv, child.Argv) {
			running.Workers = append(running.Workers, *child)
		}
	}
	if slices.ContainsFunc(running.Workers, func(child Process) bool { return child.Shown["WERKZEUG_RUN_MAIN"] == "true" }) {
		reloads, preloads := true, false
		running.Settings.Reload, running.Settings.Preload = &reloads, &preloads
		running.Settings.Computed = nil
	} else if len(running.Workers) > 0 && running.Settings.Preload == nil && !slices.Contains(running.Settings.Computed, "preload_app") {
		running.Settings.Computed = append(running.Settings.Computed, "preload_app")
	}
	return running
}

// serverKind is which server the service is, or would be once it runs; empty for Gunicorn.
func (facts *Facts) serverKind(main Server, running bool) appserver.Kind {
	if running {
		return main.Kind
	}
	unit, _ := facts.TargetUnit()
	for _, argv := range unit.ExecStart {
		if server, ok := appserver.Of(argv); ok && server.Kind != appserver.Gunicorn {
			return server.Kind
		}
	}
	return ""
}

// decideOthersDirectory: other servers than Gunicorn take the resolved directory, or the one that
// they are told, and Python the one of its script as that is written.
func (settings *Settings) decideOthersDirectory(known *Facts, main Server, start string) {
	run, _ := python.ProgramOf(main.Master.Argv)
	switch {
	case settings.Kind == appserver.UWSGI && settings.Directory != "":
	case settings.Kind == appserver.UWSGI && settings.Chdir != "" && (path.IsAbs(settings.Chdir) || main.Master.Directory == ""):
		settings.Directory, settings.DirectoryVia = absolute(start, settings.Chdir), "chdir"
		if settings.UWSGI != nil && settings.UWSGI.WorkersOnly {
			// Its master stays where it went at its start, and so do the workers that it makes.
			settings.DirectoryVia = "cwd"
		}
	case main.WSGI != nil:
		settings.findScript(main.WSGI)
	case settings.Kind == appserver.Python && path.IsAbs(run.Script):
		// Of a relative one Python keeps the resolved path.
		settings.Directory, settings.DirectoryVia = path.Dir(absolute(start, run.Script)), "script"
	case slices.Contains([]appserver.Kind{appserver.Uvicorn, appserver.Flask, appserver.Hypercorn}, settings.Kind) && len(settings.PythonPath) > 0 && path.IsAbs(settings.PythonPath[0]),
		settings.Kind == appserver.Uvicorn && len(settings.PythonPath) > 0:
		settings.Directory, settings.DirectoryVia = absolute(start, settings.PythonPath[0]), "app-dir"
	case main.Master.Directory != "":
		settings.Directory, settings.DirectoryVia = main.Master.Directory, "cwd"
	default:
		settings.Directory, settings.DirectoryVia = known.WorkingDirectory(), "WorkingDirectory"
	}
}

// ImportsElsewhere tells whether the server was told by name where to import from, so that the
// directory in which it stands says nothing of that.
func (settings *Settings) ImportsElsewhere() bool {
	return settings.DirectoryVia == "script" || settings.DirectoryVia == "app-dir" || settings.DirectoryVia == "wsgi"
}

// findFlaskApp is the app of `flask run` and where that is imported from.
func (look *look) findFlaskApp(ctx context.Context, settings *Settings, known *Facts) {
	named := settings.App
	if len(settings.PythonPath) > 0 {
		named = path.Join(settings.PythonPath[0], settings.App)
	}
	settings.App, settings.PythonPath = appserver.FlaskApp(ctx, look.machine, appserver.FlaskStart{
		Root: settings.Root, Directory: known.startDirectory(), Named: named, Variables: known.importVariables(),
		HasDotEnv: func() bool {
			found, err := python.ResolveImport(ctx, look.machine, settings.importQuery(known, "dotenv"))
			return err == nil && found.File != ""
		},
		Read: func(ctx context.Context, name string) ([]byte, error) { return look.readResolved(ctx, name, 64<<10) },
	})
}

// isReplacement tells a master that was started by USR2 from a worker: both are children
// of a master. Gunicorn tells the new master its parent in GUNICORN_PID, which the new
// master's own workers inherit with a number that is not their parent's.
func isReplacement(process *Process, hasChildren bool) bool {
	if role, _, titled := gunicorn.Title(process.Argv); titled {
		return role == "master"
	}
	if process.Prints != nil {
		return process.Shown["GUNICORN_PID"] == strconv.Itoa(process.PPID)
	}
	return hasChildren
}
