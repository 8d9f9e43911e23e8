package facts

import (
	"context"
	"io/fs"
	"net"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/appserver"
	"flasktui/sys/gunicorn"
	"flasktui/sys/proc"
)

// This file is for whoever may not read /proc/PID/fd and /proc/PID/cwd, which are open to a
// process's own user and root alone. Which sockets a server holds follows from how it was
// started: it binds what it was told before it makes a worker, and ends where it cannot. One
// that has workers holds the address that its command line names, if one socket alone listens
// there. The other servers that are known by their command line end, too, where they cannot bind.

// ListenersInferred tells whether ListenersOf is worked out, as which sockets a server
// holds may not be read.
func (facts *Facts) ListenersInferred(server Server) bool {
	seen := slices.ContainsFunc(append([]Process{server.Master}, server.Workers...), func(process Process) bool { return len(process.SocketInodes) > 0 })
	return server.Master.Unreadable["sockets"] != "" && !seen && server.Master.Cgroup.Container == ""
}

// inferListeners are the sockets of a server that a unit runs, at the addresses that it
// was started with; none where anything leaves room for another holder.
func (facts *Facts) inferListeners(server Server) []proc.Listener {
	unit, inUnit := facts.RunBy(server)
	masters := facts.Processes.Value.Servers
	replaced := slices.ContainsFunc(masters, func(other Server) bool { return other.Replaces == server.Master.PID })
	switch {
	case !inUnit || len(unit.TriggeredBy) > 0:
		// Sockets that it was handed are those of somebody else's command line.
		return nil
	case server.Master.PID != unit.MainPID || server.Replaces != 0 || replaced:
		return nil
	case server.Leaderless || facts.Processes.Value.Hidden || server.IsGunicorn() && len(server.Workers) == 0:
		return nil
	}
	binds, certain := facts.boundBy(server)
	if !certain {
		return nil
	}
	var held []proc.Listener
	for _, address := range binds {
		if listener, alone := soleListener(facts.Listeners.Value, address); alone && facts.mayHold(server, listener, address) {
			held = append(held, listener)
		}
	}
	return held
}

// boundBy are the addresses that a server was surely started with: a command line
// overrules the configuration file and GUNICORN_CMD_ARGS. Those of the service itself may be
// in its configuration file, if that has not changed since and nothing overrules it.
func (facts *Facts) boundBy(server Server) (addresses []string, certain bool) {
	if sharesPort := server.Settings.ReusePort; sharesPort != nil && *sharesPort || server.Master.Titled {
		return nil, false
	}
	for _, bind := range server.Settings.Bind {
		if address := BindAddress(bind, ""); address != "" {
			addresses = append(addresses, address)
		}
	}
	if !server.IsGunicorn() {
		// uWSGI may go on where it could not bind, and what a script binds does not show.
		return addresses, len(addresses) > 0 && server.Kind != appserver.UWSGI && server.Kind != appserver.Python
	}
	main, running := facts.Main()
	own := running && main.Master.PID == server.Master.PID && facts.Settings.Known
	settings := facts.Settings.Value
	fileKept := own && settings.ConfigProblem == "" && settings.ConfigInfo.Changed.Before(server.Master.Started)
	if len(server.Settings.Bind) > 0 {
		// The port may be shared by the configuration file's word as well.
		shares := own && settings.ReusePort != nil && *settings.ReusePort || own && slices.Contains(settings.Computed, "reuse_port")
		return addresses, !shares
	}
	if !fileKept || !facts.ArgumentsOnlyFromCommand() || settings.ReusePort != nil && *settings.ReusePort ||
		slices.Contains(settings.Computed, "bind") || slices.Contains(settings.Computed, "reuse_port") {
		return nil, false
	}
	return settings.Wanted, true
}

// ArgumentsOnlyFromCommand tells whether nothing in the environment that the service is
// started with can give Gunicorn further arguments, or a port.
func (facts *Facts) ArgumentsOnlyFromCommand() bool {
	unit, _ := facts.TargetUnit()
	sets := func(prints map[string]string) bool {
		_, arguments := prints["GUNICORN_CMD_ARGS"]
		_, port := prints["PORT"]
		return arguments || port
	}
	environment := facts.Environment.Value
	unread := slices.ContainsFunc(environment.Files, func(file EnvironmentFileOnDisk) bool { return file.Problem != "" })
	direct := len(unit.ExecStart) == 1 && len(unit.ExecStart[0]) > 0 && StartsServerItself(unit.ExecStart[0])
	return direct && !sets(unit.Prints) && (len(unit.EnvironmentFiles) == 0 || facts.Environment.Known && !unread && !sets(environment.Prints))
}

// StartsServerItself tells a command that is a server's own, with no script or shell before it
// that might go elsewhere first.
func StartsServerItself(argv []string) bool {
	if _, ok := appserver.Of(argv); ok {
		return true
	}
	return gunicorn.IsGunicorn(argv[:min(3, len(argv))]) || isProgram(argv)
}

// soleListener is the socket that listens at an address, if no other could take its
// connections.
func soleListener(listeners []proc.Listener, address string) (sole proc.Listener, alone bool) {
	reached := 0
	for _, listener := range listeners {
		if Reaches(address, listener) {
			sole = listener
			reached++
		}
	}
	return sole, reached == 1 && isBoundAt(sole, address)
}

// isBoundAt tells whether a socket was bound with an address, and not with a wider one that
// takes its connections as well. A host's name may mean any.
func isBoundAt(listener proc.Listener, address string) bool {
	network, target := DialAddress(address)
	if network == "unix" {
		return path.IsAbs(target)
	}
	host, port, err := net.SplitHostPort(target)
	if err != nil || port != strconv.Itoa(int(listener.Address.Port())) {
		return false
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	named, err := netip.ParseAddr(host)
	return err == nil && named.Unmap() == listener.Address.Addr().Unmap()
}

// mayHold tells whether a server is the only one that can hold a socket: it is in its own
// network, was made with its rights, and no other server is set to listen there or seen to
// hold it.
func (facts *Facts) mayHold(server Server, listener proc.Listener, address string) bool {
	inNetwork := slices.ContainsFunc(server.Listeners, func(own proc.Listener) bool { return own.Inode == listener.Inode })
	if !inNetwork || listener.Path == "" && int(listener.UID) != server.Master.UID {
		return false
	}
	return !slices.ContainsFunc(facts.Processes.Value.Servers, func(other Server) bool {
		if other.Master.PID == server.Master.PID || other.Master.Cgroup.Container != "" {
			return false
		}
		binds := other.Settings.Bind
		if unit, inUnit := facts.RunBy(other); inUnit && len(binds) == 0 {
			binds = unit.Settings.Bind
		}
		set := slices.ContainsFunc(binds, func(bind string) bool { return SameBind(BindAddress(bind, ""), address) })
		return set || slices.Contains(other.Master.SocketInodes, listener.Inode)
	})
}

// Entered is the directory that the service's server is told to go to as it is started,
// asked for where the one that it stands in may not be read (/proc/PID/cwd is for its own user
// and root). It stands there if nothing on the way has come to lead elsewhere since.
type Entered struct {
	// Directory is as written, Resolved where it leads now.
	Directory string `json:"directory"`
	Resolved  string `json:"resolved"`
	// Changed is the last time at which a name on the way may have come to lead to something
	// else, and Name that one.
	Changed time.Time `json:"changed,omitzero"`
	Name    string    `json:"name,omitempty"`
	// Problem is why that could not be told; empty where it could.
	Problem sys.Text `json:"problem,omitempty"`
}

// mostLinksFollowed is the kernel's own bound (path_resolution(7)).
const mostLinksFollowed = 40

// readEntered follows a path name by name, as the kernel does. What a name leads to changes
// only by an entry in its directory, by which the directory's change time moves; and what is
// renamed into place has its own moved. The earlier of the two bounds when it can have been.
func (look *look) readEntered(ctx context.Context, directory string) *Entered {
	entered := &Entered{Directory: directory, Resolved: "/"}
	if !path.IsAbs(directory) {
		entered.Problem = "it is not told by a full path"
		return entered
	}
	root, err := look.machine.Stat(ctx, "/")
	if err != nil {
		entered.Problem = problemOf(err)
		return entered
	}
	parents := []sys.FileInfo{root}
	rest := strings.Split(path.Clean(directory), "/")
	for followed := 0; len(rest) > 0; {
		name := rest[0]
		rest = rest[1:]
		switch {
		case name == "" || name == ".":
			continue
		case name == "..":
			entered.Resolved, parents = path.Dir(entered.Resolved), parents[:max(len(parents)-1, 1)]
			continue
		}
		place := path.Join(entered.Resolved, name)
		info, err := look.machine.Stat(ctx, place)
		if err != nil {
			entered.Problem = problemOf(err)
			return entered
		}
		if info.Served {
			entered.Problem = sys.Textf("a program serves the file system of %s", place)
			return entered
		}
		if at := earlier(info.Changed, parents[len(parents)-1].Changed); at.After(entered.Changed) {
			entered.Changed, entered.Name = at, place
		}
		if info.Mode&fs.ModeSymlink == 0 {
			entered.Resolved, parents = place, append(parents, info)
			continue
		}
		target, err := look.machine.ReadLink(ctx, place)
		if followed++; err != nil || followed > mostLinksFollowed {
			entered.Problem = "its links could not be followed"
			return entered
		}
		if path.IsAbs(target) {
			entered.Resolved, parents = "/", parents[:1]
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return entered
}

func earlier(one, other time.Time) time.Time {
	if other.Before(one) {
		return other
	}
	return one
}
