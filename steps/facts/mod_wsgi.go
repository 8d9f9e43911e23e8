package facts

import (
	"cmp"
	"context"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/apache"
	"flasktui/sys/appserver"
	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
)

// WSGIApp is an app that Apache's mod_wsgi runs (G64).
type WSGIApp struct {
	apache.App
	// Target is where the script is behind all links, Info what it is there, Owner who may change it.
	Target string         `json:"target,omitempty"`
	Info   sys.FileInfo   `json:"info,omitzero"`
	Owner  DirectoryOwner `json:"owner,omitzero"`
	// Module, Path and Unread are what the script says of where the rest of the app is.
	Module string   `json:"module,omitempty"`
	Path   []string `json:"path,omitempty"`
	Unread bool     `json:"unread,omitempty"`
	// Problem is why the script could not be read.
	Problem sys.Text `json:"problem,omitempty"`
	// Untold says that which processes run the app may not be read.
	Untold bool `json:"untold,omitempty"`
}

// wsgiPrefix begins the name of one of several apps of an Apache: its script follows.
const wsgiPrefix = "wsgi:"

// ScriptName is the app's name where Apache has several.
func (app *WSGIApp) ScriptName() string { return wsgiPrefix + app.Script }

// LoadsLate tells whether an app is loaded at a process's first request, so that the start of the
// process is no later than that and says no more.
func (one Server) LoadsLate() bool { return one.WSGI != nil && !one.WSGI.AtStart }

// addApache adds the apps that the box's own Apache runs in processes, each with its own: those
// that hold the socket of its group, or in embedded mode those that take Apache's connections.
func (look *look) addApache(ctx context.Context, found *Processes, argvs map[int][]string) {
	for _, main := range look.apacheMasters(ctx, argvs) {
		ctx := sys.NamedBy(ctx, namersOf(main))
		config, err := apache.Read(ctx, look.machine, apache.InstallationOf(main.Argv))
		one := Apache{Main: main, Config: config, Problem: problemOfApache(err), Led: look.ledFiles(ctx, config)}
		if len(config.Apps) == 0 {
			found.Apache = append(found.Apache, one)
			continue
		}
		children := look.childrenOf(ctx, main.PID, argvs)
		for _, child := range children {
			if one.Oldest.IsZero() || child.Started.Before(one.Oldest) {
				one.Oldest = child.Started
			}
		}
		found.Apache = append(found.Apache, one)
		groups := look.wsgiSockets(ctx, main.PID)
		for _, app := range config.Apps {
			found.Servers = append(found.Servers, look.readApp(ctx, app, main, children, groups))
		}
	}
}

// Apache is one that runs on the box, with its configuration as it is on disk.
type Apache struct {
	Main   Process       `json:"main"`
	Config apache.Config `json:"config"`
	// Oldest is when the oldest of the processes was started that it has now: it holds the
	// configuration as that was then, or as it was earlier still.
	Oldest  time.Time `json:"oldest,omitzero"`
	Problem sys.Text  `json:"problem,omitempty"`
	// Led are files of its configuration about which others than root decide, or may: what they
	// write there Apache does as root (a piped log is a command), where it is tested or reloaded.
	Led []string `json:"led,omitempty"`
}

// ledFiles are the files of a configuration that are not root's alone.
func (look *look) ledFiles(ctx context.Context, config apache.Config) []string {
	var led []string
	for _, file := range config.Files {
		if deciders, err := sys.FindDeciders(ctx, look.machine, file.Path); err != nil || !deciders.Root() {
			led = append(led, file.Path)
		}
	}
	return distinct(led)
}

func problemOfApache(err error) sys.Text {
	if err == nil {
		return ""
	}
	return sys.ErrorText(err)
}

// apacheMasters are the main processes of the Apaches of the box itself: those that no other
// Apache started.
func (look *look) apacheMasters(ctx context.Context, argvs map[int][]string) []Process {
	var masters []Process
	for _, pid := range sortedPIDs(argvs) {
		if !apache.IsProgram(argvs[pid]) {
			continue
		}
		_, parent, err := proc.ReadParent(ctx, look.machine, pid)
		if err != nil || apache.IsProgram(argvs[parent]) {
			continue
		}
		whole, _ := look.readServing(ctx, []int{pid})
		if len(whole) == 1 && whole[0].Cgroup.Container == "" {
			masters = append(masters, whole[0])
		}
	}
	return masters
}

func sortedPIDs(argvs map[int][]string) []int {
	pids := make([]int, 0, len(argvs))
	for pid := range argvs {
		pids = append(pids, pid)
	}
	slices.Sort(pids)
	return pids
}

// childrenOf are the processes that Apache's main process has started, whatever they call themselves.
func (look *look) childrenOf(ctx context.Context, main int, argvs map[int][]string) []Process {
	var pids []int
	for _, pid := range sortedPIDs(argvs) {
		if _, parent, err := proc.ReadParent(ctx, look.machine, pid); err == nil && parent == main {
			pids = append(pids, pid)
		}
	}
	children, _ := look.readServing(ctx, pids)
	slices.SortFunc(children, func(one, other Process) int { return one.PID - other.PID })
	return children
}

// wsgiSockets are mod_wsgi's own sockets of an Apache by their inode: the number of the group to
// which each leads. Their names end in wsgi.MAIN.GENERATION.GROUP.sock.
func (look *look) wsgiSockets(ctx context.Context, main int) map[uint64]int {
	listeners, err := proc.ReadListeners(ctx, look.machine, 0)
	if err != nil {
		return nil
	}
	named := regexp.MustCompile(`\.` + strconv.Itoa(main) + `\.\d+\.(\d+)\.sock$`)
	groups := map[uint64]int{}
	for _, listener := range listeners {
		if match := named.FindStringSubmatch(listener.Path); match != nil {
			groups[listener.Inode], _ = strconv.Atoi(match[1])
		}
	}
	return groups
}

// readApp is one app with the processes that run it.
func (look *look) readApp(ctx context.Context, app apache.App, main Process, children []Process, groups map[uint64]int) Server {
	one := Server{Kind: appserver.ModWSGI, Master: main, WSGI: &WSGIApp{App: app}}
	preloads := false
	one.Settings = gunicorn.Settings{Preload: &preloads}
	look.readScript(ctx, one.WSGI)
	one.Master.SocketInodes = withoutGroups(main.SocketInodes, groups)
	for _, child := range children {
		group, isDaemon, told := groupOf(child, app, groups)
		if !told {
			one.WSGI.Untold = true
			continue
		}
		takes := slices.ContainsFunc(child.SocketInodes, func(inode uint64) bool { return slices.Contains(one.Master.SocketInodes, inode) })
		wanted := app.Daemon != nil && isDaemon && group == app.Daemon.Number || app.Daemon == nil && !isDaemon && takes
		if wanted && !app.Unsettled {
			child.SocketInodes = withoutGroups(child.SocketInodes, groups)
			one.Workers = append(one.Workers, child)
		}
	}
	return one
}

// groupOf tells which of mod_wsgi's groups a process is of, by the socket that it holds, or where
// that may not be read by the title that display-name=%{GROUP} gives it. Told is false where
// neither shows.
func groupOf(child Process, app apache.App, groups map[uint64]int) (group int, isDaemon, told bool) {
	for _, inode := range child.SocketInodes {
		if number, is := groups[inode]; is {
			return number, true, true
		}
	}
	if child.Unreadable["sockets"] == "" {
		return 0, false, true
	}
	title, titled := strings.CutPrefix(strings.TrimSpace(child.Argv[0]), "(wsgi:")
	if !titled {
		return 0, false, false
	}
	if app.Daemon != nil && strings.TrimSuffix(title, ")") == app.Daemon.Name {
		return app.Daemon.Number, true, true
	}
	return 0, true, true
}

func withoutGroups(inodes []uint64, groups map[uint64]int) []uint64 {
	return slices.DeleteFunc(slices.Clone(inodes), func(inode uint64) bool { _, is := groups[inode]; return is })
}

// readScript reads what the script says, as far as whoever it runs for may.
func (look *look) readScript(ctx context.Context, app *WSGIApp) {
	target, err := look.machine.Resolve(ctx, app.Script)
	if err == nil {
		app.Target = target
		app.Info, err = look.machine.Stat(ctx, target)
		app.Owner = look.directoryOwner(ctx, path.Dir(target))
	}
	var content []byte
	if err == nil {
		content, err = look.machine.ReadFile(ctx, target, 64<<10)
	}
	if err != nil {
		app.Problem = problemOf(err)
		return
	}
	script := appserver.ScriptOf(app.Script, string(content))
	app.Module, app.Path, app.Unread = script.Module, script.Path, script.Unread
	if strings.HasPrefix(app.Module, "django.") {
		// Django's own function makes the app of what the script's settings name.
		app.Module = ""
	}
}

// findScript has the settings of an app be those of its script and of Apache's configuration.
func (settings *Settings) findScript(app *WSGIApp) {
	settings.From, settings.Script = "configuration", app.Script
	settings.App = app.Module
	settings.PythonPath = slices.Concat(app.Path, app.App.Path)
	settings.Interpreter = "/usr/bin/python3"
	if app.Home != "" {
		settings.Interpreter, settings.Virtualenv = path.Join(app.Home, "bin", "python3"), app.Home
	}
	settings.Directory, settings.DirectoryVia = path.Dir(app.Script), "wsgi"
	if len(settings.PythonPath) > 0 {
		settings.Directory = settings.PythonPath[0]
	}
}

// ApacheOf is the Apache that runs an app.
func (facts *Facts) ApacheOf(server Server) (Apache, bool) {
	at := slices.IndexFunc(facts.Processes.Value.Apache, func(one Apache) bool { return one.Main.PID == server.Master.PID })
	if server.WSGI == nil || at < 0 {
		return Apache{}, false
	}
	return facts.Processes.Value.Apache[at], true
}

// answersFor tells whether it is an app that Apache's configuration has answer a URL: several share
// one socket.
func (facts *Facts) answersFor(server Server, parsed *url.URL) bool {
	one, ok := facts.ApacheOf(server)
	if !ok {
		return true
	}
	app, found := one.Config.AppFor(parsed.Hostname(), portOf(parsed), cmp.Or(parsed.Path, "/"))
	return found && app.Script == server.WSGI.Script
}

// wsgiServices names the apps of an Apache that a unit runs, where it has several.
func (facts *Facts) wsgiServices(unit string) []string {
	var services []string
	for _, server := range facts.Processes.Value.Servers {
		if server.WSGI == nil {
			continue
		}
		if by, runs := facts.RunBy(server); runs && (unit == "" || by.Name == unit) {
			services = append(services, server.WSGI.ScriptName())
		}
	}
	if services = distinct(services); len(services) < 2 {
		return nil
	}
	return services
}

// targetOfScript is an app of an Apache: the unit is that of the Apache.
func (facts *Facts) targetOfScript(service string) (Target, bool) {
	for _, server := range facts.Processes.Value.Servers {
		if server.WSGI == nil || server.WSGI.ScriptName() != service {
			continue
		}
		target := Target{Service: service, Script: server.WSGI.Script}
		if unit, runs := facts.RunBy(server); runs {
			target.Unit = unit.Name
		} else {
			target.PID = server.Master.PID
		}
		return target, true
	}
	return Target{}, false
}

func chooseScript(facts *Facts) (Target, error) {
	target, found := facts.targetOfScript(facts.Options.Service)
	if found {
		target.Named = true
		return target, nil
	}
	return Target{}, &TargetError{
		Problem:  sys.Textf("no Apache that runs on this box has a WSGI script at %s", strings.TrimPrefix(facts.Options.Service, wsgiPrefix)),
		Hint:     "leave the service out to have flasktui look for what runs",
		Services: candidateServices(facts),
	}
}
