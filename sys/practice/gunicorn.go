package practice

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// runningGunicorn is one master with its workers.
type runningGunicorn struct {
	box         *Box
	root        *node
	inside      *container
	master      *process
	workers     []*worker
	settings    settings
	interpreter string
	arguments   []string
	// chdir is the directory it goes to at each load: --chdir, else what getcwd said
	// when it started, which is the resolved path unless PWD named another (G2).
	chdir string
	// preloaded is the app as the master imported it; nil without preload.
	preloaded *application
	sockets   []*socket
	log       func(line string)
	// ended is told when the master, once up, goes by itself.
	ended func(status int)
}

// worker is a process that answers requests from what it loaded when it started.
type worker struct {
	process *process
	app     *application
}

// importTime is what loading the app takes.
const importTime = 220 * time.Millisecond

// launch is what a program is started with.
type launch struct {
	origin
	// argv is the command as the unit or the person gives it; interpreter is what the
	// script's first line names.
	argv        []string
	interpreter string
	// module is set where the command was python -m MODULE.
	module string
	log    func(line string)
	ended  func(status int)
}

// shown is the command line that the process will have.
func (l launch) shown() []string {
	switch {
	case l.module != "":
		return append([]string{l.interpreter, "-m", l.module}, l.argv[1:]...)
	case l.interpreter != "":
		return append([]string{l.interpreter}, l.argv...)
	}
	return l.argv
}

// executableOf is what /proc/PID/exe shows: the interpreter with all links followed.
func executableOf(root *node, name string) string {
	found, err := walk(root, name, true)
	if err != nil {
		return name
	}
	return found.path()
}

// startGunicorn starts a master and its workers. The status is that of the process where
// it could not come up; the master is returned even then, for its id is in the log.
func (b *Box) startGunicorn(from launch) (*runningGunicorn, int) {
	g := &runningGunicorn{
		box: b, root: b.root, inside: from.container, interpreter: from.interpreter,
		arguments: from.argv[1:], log: from.log,
	}
	if from.container != nil {
		g.root = from.container.root
	}
	g.master = b.spawn(from.origin, path.Base(from.argv[0]), executableOf(g.root, from.interpreter), from.shown())
	g.master.program = g
	g.configure()
	if g.settings.daemon {
		g.master.parent = 1
	}
	g.say("Starting gunicorn 23.0.0")
	if status := g.bind(); status != 0 {
		b.end(g.master)
		return g, status
	}
	if !g.enter() {
		b.end(g.master)
		return g, 1
	}
	if g.settings.preload {
		app, ok := g.load(g.master.pid)
		if !ok {
			g.unbind()
			b.end(g.master)
			return g, 1
		}
		g.preloaded = app
	}
	g.say("Listening at: %s (%d)", strings.Join(g.addresses(), ","), g.master.pid)
	g.say("Using worker: sync")
	if !g.hire(g.settings.workers) {
		g.fail()
		return g, 3
	}
	g.ended = from.ended
	return g, 0
}

// configure reads the configuration, at the start and again at each reload.
func (g *runningGunicorn) configure() {
	here := g.where()
	g.settings = gunicornSettings(g.arguments, g.master.environment, func(name string) (string, bool) {
		if !path.IsAbs(name) {
			name = path.Join(here, name)
		}
		found, err := walk(g.root, name, true)
		if err != nil || !found.mode.IsRegular() {
			return "", false
		}
		return string(found.content), true
	})
	if g.chdir == "" {
		g.chdir = here
	}
	if g.settings.chdir != "" {
		g.chdir = g.settings.chdir
	}
	if slices.Contains(g.titles(), "setproctitle") {
		g.master.title = "gunicorn: master [" + g.shortName() + "]"
	}
}

// where is getcwd as Gunicorn asks for it: PWD, if that is the same directory.
func (g *runningGunicorn) where() string {
	if named, ok := value(g.master.environment, "PWD"); ok {
		if found, err := walk(g.root, named, true); err == nil && found == g.master.directory {
			return named
		}
	}
	if g.inside != nil {
		return g.inside.directory
	}
	return g.master.directory.path()
}

// titles lists the packages that the interpreter can import, for the one that makes
// Gunicorn write process titles.
func (g *runningGunicorn) titles() []string {
	var names []string
	for _, directory := range g.box.sitePackages(g.root, g.interpreter) {
		if found, err := walk(g.root, directory, true); err == nil {
			names = append(names, found.names()...)
		}
	}
	return names
}

func (g *runningGunicorn) shortName() string {
	if g.settings.name != "" {
		return g.settings.name
	}
	return g.settings.app
}

// enter is os.chdir to the configured directory. Where the present one has no name any
// more Gunicorn dies, whatever is configured (G9).
func (g *runningGunicorn) enter() bool {
	target, err := walk(g.root, g.chdir, true)
	if g.master.directory.deleted() || err != nil {
		g.say("Unhandled exception in main loop")
		g.say("FileNotFoundError: [Errno 2] No such file or directory")
		return false
	}
	g.master.directory = target
	return true
}

// load imports the app, with the present directory first on sys.path.
func (g *runningGunicorn) load(pid int) (*application, bool) {
	g.box.clock.pass(importTime)
	interpreter := &python{box: g.box, root: g.root, account: g.master.account, loaded: map[string]module{}}
	interpreter.search = append(interpreter.search, g.chdir)
	interpreter.search = append(interpreter.search, g.settings.pythonPath...)
	if listed, ok := value(g.master.environment, "PYTHONPATH"); ok {
		interpreter.search = append(interpreter.search, strings.Split(listed, ":")...)
	}
	interpreter.search = append(interpreter.search, g.box.sitePackages(g.root, g.interpreter)...)
	name, _, _ := strings.Cut(g.settings.app, ":")
	if err := interpreter.load(name); err != nil {
		g.sayAs(pid, "ERROR", "Exception in worker process")
		g.log("Traceback (most recent call last):")
		g.log("  File \"" + path.Join(path.Dir(path.Dir(g.interpreter)), "lib/python3.13/site-packages/gunicorn/arbiter.py") + "\", line 608, in spawn_worker")
		g.log("    worker.init_process()")
		g.log(err.Error())
		return nil, false
	}
	return interpreter.newApplication(g.master.environment), true
}

// hire starts workers. It says whether they could boot.
func (g *runningGunicorn) hire(count int) bool {
	for range count {
		made := &worker{process: g.box.fork(g.master), app: g.preloaded}
		if g.master.title != "" {
			made.process.title = "gunicorn: worker [" + g.shortName() + "]"
		}
		g.sayAs(made.process.pid, "INFO", "Booting worker with pid: %d", made.process.pid)
		if made.app == nil {
			app, ok := g.load(made.process.pid)
			if !ok {
				g.sayAs(made.process.pid, "INFO", "Worker exiting (pid: %d)", made.process.pid)
				g.box.end(made.process)
				return false
			}
			made.app = app
		}
		made.process.holds = made.app
		g.workers = append(g.workers, made)
	}
	return true
}

// answer gives a request to one worker, each in turn.
func (g *runningGunicorn) answer(request *http.Request) answer {
	if len(g.workers) == 0 {
		return plainAnswer(http.StatusServiceUnavailable, "text/plain", "")
	}
	g.box.turn++
	given := g.workers[g.box.turn%len(g.workers)].app.respond(g.root, request)
	given.header.Set("Server", "gunicorn")
	return given
}

func (g *runningGunicorn) say(format string, arguments ...any) {
	level := "INFO"
	if strings.Contains(format, "exception") || strings.Contains(format, "in use") || strings.Contains(format, "Error") {
		level = "ERROR"
	}
	g.sayAs(g.master.pid, level, format, arguments...)
}

func (g *runningGunicorn) sayAs(pid int, level, format string, arguments ...any) {
	g.log(fmt.Sprintf("[%s] [%d] [%s] %s", g.box.clock.time().Format("2006-01-02 15:04:05 -0700"), pid, level, fmt.Sprintf(format, arguments...)))
}
