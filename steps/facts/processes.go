package facts

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/gunicorn"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/python"
)

// Processes is what runs on the box, as far as it can have to do with the site.
type Processes struct {
	Servers []Server `json:"gunicorns"`
	// Apache are those of the box itself.
	Apache []Apache `json:"apache,omitempty"`
	// Nginx holds masters and workers.
	Nginx []NginxProcess `json:"nginx"`
	// Host is a process that runs Python apps in a way which is not judged; nil for none.
	Host *Host `json:"host,omitempty"`
	// pythons are the other Python processes, by id and arguments: background workers
	// are among them. On a large box there are thousands, so that no more is read
	// before it is known which directories matter.
	pythons map[int][]string
	// Hidden says that /proc hides other users' processes (hidepid), so that what is
	// missing here may well run.
	Hidden bool `json:"hidden,omitempty"`
	// Unread is why a process could not be told from others that runs still, so that it may be the
	// one that is missing here; empty for none.
	Unread sys.Text `json:"unread,omitempty"`
}

// Process is one process with what is needed of its environment.
type Process struct {
	proc.Process
	// Argv is not saved as it was: CommandLine has the secrets masked.
	CommandLine []sys.Text `json:"command_line"`
	// SocketInodes are the sockets that it holds open.
	SocketInodes []uint64 `json:"socket_inodes"`
	// Prints maps each environment variable's name to its fingerprint; nil where the
	// environment could not be read.
	Prints map[string]string `json:"prints"`
	// Shown are the values of variables that hold paths and switches.
	Shown map[string]string `json:"shown"`
	// FromEnvironment are the settings in GUNICORN_CMD_ARGS.
	FromEnvironment gunicorn.Settings `json:"from_environment"`
}

// Server is one server of Python apps: a master with its workers, or the single process that it
// is.
type Server struct {
	// Kind is empty for Gunicorn.
	Kind appserver.Kind `json:"kind,omitempty"`
	// Serves says of a Python program that it makes a Flask app, or hands one to a server, by the
	// words of its script.
	Serves  bool      `json:"serves,omitempty"`
	Master  Process   `json:"master"`
	Workers []Process `json:"workers"`
	// Settings are those of the command line alone.
	Settings gunicorn.Settings `json:"settings"`
	// Listeners are those of its own network, for one in a container and one whose own
	// sockets may not be read.
	Listeners []proc.Listener `json:"listeners,omitempty"`
	// WSGI is the app, where Apache's mod_wsgi runs it; nil for every other server.
	WSGI *WSGIApp `json:"wsgi,omitempty"`
	// Parents are the master's ancestors, the nearest first, without process 1.
	Parents []Parent `json:"parents"`
	// UWSGI is of a uWSGI.
	UWSGI *UWSGI `json:"uwsgi,omitempty"`
	// Replaces is the master that this one was started from by USR2 (G7); 0 for none.
	Replaces int `json:"replaces,omitempty"`
	// Leaderless says that this is a worker whose master is gone (G8, G9).
	Leaderless bool `json:"leaderless,omitempty"`
}

// Host is a process that runs Python apps in a way which is not judged: Passenger, Kubernetes.
type Host struct {
	Name   sys.Text `json:"name"`
	ByHand sys.Text `json:"by_hand"`
	PID    int      `json:"pid"`
}

// NginxProcess is one process of Nginx.
type NginxProcess struct {
	proc.Process
	Role         string `json:"role"`
	ShuttingDown bool   `json:"shutting_down,omitempty"`
}

// shownVariables are those whose value is a path or a switch that decides what runs.
func shownVariables() []string {
	return []string{
		"PWD", "PYTHONPATH", "PYTHONHOME", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE",
		"GUNICORN_PID", "WERKZEUG_RUN_MAIN", "VIRTUAL_ENV", "FLASK_ENV", "FLASK_DEBUG", "FLASK_APP", "TEMPLATES_AUTO_RELOAD",
		"APP_RELEASE", "APP_VERSION", "RELEASE", "GIT_SHA", "GIT_COMMIT",
		"SUPERVISOR_GROUP_NAME", "SUPERVISOR_PROCESS_NAME",
		"UWSGI_RELOADS", "UWSGI_DEB_CONFNAMESPACE", "UWSGI_DEB_CONFNAME", "UWSGI_INI", "UWSGI_MODULE", "UWSGI_WSGI_FILE", "UWSGI_CALLABLE", "UWSGI_CHDIR",
		"UWSGI_HOME", "UWSGI_PYTHONPATH", "UWSGI_SOCKET", "UWSGI_HTTP_SOCKET", "UWSGI_HTTP", "UWSGI_MASTER", "UWSGI_LAZY_APPS", "UWSGI_PROCESSES", "UWSGI_CHEAPER",
	}
}

// GroupProcesses is what runs.
func GroupProcesses() Group {
	return Group{
		name: "processes", words: "processes",
		read:   (*look).readProcesses,
		fields: []field{fieldOf("/proc", func(facts *Facts) *Fact[Processes] { return &facts.Processes })},
	}
}

func (look *look) readProcesses(ctx context.Context, known *Facts) func(*Facts) {
	argvs, unread, err := look.readAllArgv(ctx)
	if err != nil {
		return func(facts *Facts) { facts.Processes = unreadableFor[Processes](err, "/proc") }
	}
	if look.boot.At.IsZero() {
		return func(facts *Facts) {
			facts.Processes = Unreadable[Processes]("this is no Linux box: there is no /proc/uptime", "/proc")
		}
	}
	found := Processes{pythons: map[int][]string{}, Unread: unread}
	found.Hidden = look.hidesProcesses(ctx)
	serving := map[int]appserver.Kind{}
	for _, pid := range slices.Sorted(maps.Keys(argvs)) {
		argv := argvs[pid]
		if role, shuttingDown, ok := nginx.Title(argv); ok {
			if process, err := proc.ReadProcess(ctx, look.machine, look.boot, pid); err == nil {
				found.Nginx = append(found.Nginx, NginxProcess{process, role, shuttingDown})
			}
			continue
		}
		if host, ok := appserver.HostOf(argv); ok && found.Host == nil {
			found.Host = &Host{sys.Text(host.Name), sys.Text(host.ByHand), pid}
		}
		if server, ok := appserver.Of(argv); ok {
			serving[pid] = server.Kind
		} else if isPython(argv) {
			found.pythons[pid] = argv
		}
	}
	look.addServing(ctx, known, argvs, found.pythons, serving)
	found.Nginx = genuine(found.Nginx, func(process proc.Process) bool { return look.isRoots(ctx, process) })
	servers, unread := look.readServing(ctx, slices.Sorted(maps.Keys(serving)))
	found.Servers, found.Unread = assemble(servers, serving), cmp.Or(found.Unread, unread)
	look.tellUWSGIs(ctx, &found, argvs)
	look.addApache(ctx, &found, argvs)
	for index := range found.Servers {
		one := &found.Servers[index]
		one.Parents = look.parentsOf(ctx, one.Master.PPID)
		look.nameEmperor(ctx, one)
		one.Serves = one.Kind == appserver.Python && look.namesServer(ctx, one.Master)
		if one.Master.Cgroup.Container != "" {
			one.Listeners, err = proc.ReadListeners(ctx, look.machine, one.Master.PID)
			if err != nil {
				one.Master.setUnreadable("sockets", err)
			}
		} else if one.Master.Unreadable["sockets"] != "" {
			// Without them, nothing is worked out of it.
			one.Listeners, _ = proc.ReadListeners(ctx, look.machine, one.Master.PID)
		}
	}
	return func(facts *Facts) { facts.Processes = Of(found, "/proc/PID") }
}

// commandLines are the argument vectors of all processes: those of thousands are read once a look.
type commandLines struct {
	once   sync.Once
	all    map[int][]string
	unread sys.Text
	err    error
}

// readAllArgv is the cheap look at every process of the box, which all groups share; unread is
// why one could not be read.
func (look *look) readAllArgv(ctx context.Context) (all map[int][]string, unread sys.Text, err error) {
	read := &look.running
	read.once.Do(func() {
		read.err = errors.New("no process could be listed")
		pids, err := look.machine.Processes(ctx)
		if err != nil || len(pids) == 0 {
			read.err = cmp.Or(err, read.err)
			return
		}
		read.all, read.unread = look.readEachArgv(ctx, pids)
		read.err = nil
	})
	return read.all, read.unread, read.err
}

func (look *look) readEachArgv(ctx context.Context, pids []int) (all map[int][]string, unread sys.Text) {
	const readers = 4
	all = make(map[int][]string, len(pids))
	var lock sync.Mutex
	var group sync.WaitGroup
	for reader := range readers {
		group.Go(func() {
			for index := reader; index < len(pids); index += readers {
				argv, err := proc.ReadArgv(ctx, look.machine, pids[index])
				lock.Lock()
				if unread = cmp.Or(unread, stillRuns(pids[index], err)); err == nil && len(argv) > 0 {
					all[pids[index]] = argv
				}
				lock.Unlock()
			}
		})
	}
	group.Wait()
	return all, unread
}

// stillRuns says of a process that could not be read why not; empty for one that was, or that has
// ended meanwhile.
func stillRuns(pid int, err error) sys.Text {
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return sys.Textf("process %d could not be read: ", pid) + sys.ErrorText(err)
}

// hidesProcesses tells whether /proc is mounted so that it shows a user only their own
// processes (proc(5), hidepid).
func (look *look) hidesProcesses(ctx context.Context) bool {
	mounts, err := look.machine.ReadFile(ctx, "/proc/self/mountinfo", 1<<20)
	if err != nil && !errors.Is(err, sys.ErrTruncated) {
		return false
	}
	for line := range strings.Lines(string(mounts)) {
		if strings.Contains(line, " /proc ") && strings.Contains(line, "hidepid=") &&
			!strings.Contains(line, "hidepid=0") && !strings.Contains(line, "hidepid=off") {
			return true
		}
	}
	return false
}

// readServing reads the processes of servers whole. One that vanished meanwhile is left out; unread
// is why one that did not was not read, or not who runs it.
func (look *look) readServing(ctx context.Context, pids []int) (whole []Process, unread sys.Text) {
	read := make([]*Process, len(pids))
	problems := make([]sys.Text, len(pids))
	var group sync.WaitGroup
	for index, pid := range pids {
		group.Go(func() {
			process, err := proc.ReadProcess(ctx, look.machine, look.boot, pid)
			problems[index] = stillRuns(pid, err)
			if err != nil {
				return
			}
			if reason := process.Unreadable["cgroup"]; reason != "" {
				problems[index] = sys.Textf("who runs process %d could not be read: %s", pid, reason)
			}
			whole := Process{Process: process, CommandLine: sys.RedactArgv(process.Argv)}
			look.readProcessEnvironment(ctx, &whole)
			whole.SocketInodes, err = proc.ReadSocketInodes(ctx, look.machine, pid)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				whole.setUnreadable("sockets", err)
			}
			read[index] = &whole
		})
	}
	group.Wait()
	for _, process := range read {
		if process != nil {
			whole = append(whole, *process)
		}
	}
	return whole, cmp.Or(problems...)
}

func (process *Process) setUnreadable(field string, err error) {
	if process.Unreadable == nil {
		process.Unreadable = map[string]string{}
	}
	process.Unreadable[field] = string(sys.ErrorText(err))
}

func (look *look) readProcessEnvironment(ctx context.Context, process *Process) {
	environment, err := proc.ReadEnvironment(ctx, look.machine, process.PID)
	switch {
	case err != nil:
		process.setUnreadable("environ", err)
		return
	case environment.Wiped:
		process.setUnreadable("environ", errors.New("overwritten by a process title"))
		return
	}
	process.Prints, process.Shown = look.reduce(environment.Variables)
	process.FromEnvironment = commandArguments(environment.Variables)
}

// reduce turns values into fingerprints, all but the few that may be shown.
func (look *look) reduce(variables map[string]string) (prints, shown map[string]string) {
	prints = make(map[string]string, len(variables))
	shown = map[string]string{}
	for name, value := range variables {
		prints[name] = look.printer.Of(value)
	}
	for _, name := range shownVariables() {
		if value, ok := variables[name]; ok {
			shown[name] = string(sys.Safe(value))
		}
	}
	return prints, shown
}

// commandArguments reads GUNICORN_CMD_ARGS.
func commandArguments(variables map[string]string) gunicorn.Settings {
	words, err := gunicorn.SplitArguments(variables["GUNICORN_CMD_ARGS"])
	if err != nil {
		return gunicorn.Settings{}
	}
	return gunicorn.ParseArguments(words)
}

// isPython tells a Python program by its interpreter, and the usual background workers by
// the name of their script.
func isPython(argv []string) bool {
	if len(argv) == 0 {
		return false
	}
	name := path.Base(argv[0])
	return python.IsInterpreter(name) ||
		slices.Contains([]string{"celery", "rq", "rqworker", "huey_consumer", "dramatiq", "flask", "uwsgi", "waitress-serve"}, name)
}
