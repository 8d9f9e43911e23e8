package facts

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys/docker"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// Addresses are written as Nginx and Gunicorn write them: "unix:/run/shop.sock" or
// "host:port".

// unixPrefix marks the address of a Unix socket.
const unixPrefix = "unix:"

// ListenerAddress writes a listening socket as an address.
func ListenerAddress(listener proc.Listener) string {
	if listener.Path != "" {
		return unixPrefix + listener.Path
	}
	return listener.Address.String()
}

// DialAddress splits an address into what Dial wants.
func DialAddress(address string) (network, target string) {
	if path, ok := strings.CutPrefix(address, unixPrefix); ok {
		return "unix", path
	}
	return "tcp", address
}

// SameUnixPath compares paths of Unix sockets; /var/run is /run on every box with systemd
// (file-hierarchy(7)).
func SameUnixPath(one, other string) bool {
	plain := func(path string) string {
		if rest, ok := strings.CutPrefix(path, "/var/run/"); ok {
			return "/run/" + rest
		}
		return path
	}
	return plain(one) == plain(other)
}

// Reaches tells whether a connection to address ends at the listening socket.
func Reaches(address string, listener proc.Listener) bool {
	network, target := DialAddress(address)
	if network == "unix" {
		return listener.Path != "" && SameUnixPath(target, listener.Path)
	}
	if listener.Path != "" {
		return false
	}
	host, portText, err := net.SplitHostPort(target)
	if err != nil {
		return false
	}
	port, err := strconv.Atoi(portText)
	if err != nil || port != int(listener.Address.Port()) {
		return false
	}
	bound := listener.Address.Addr().Unmap()
	if host == "localhost" {
		return bound.IsUnspecified() || bound.IsLoopback()
	}
	asked, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil {
		return bound.IsUnspecified()
	}
	if asked = asked.Unmap().WithZone(""); bound.IsUnspecified() {
		// The same port of another machine is somebody else's.
		return asked.IsUnspecified() || asked.IsLoopback() || listener.Own == nil ||
			slices.ContainsFunc(listener.Own, func(own netip.Prefix) bool { return own.Contains(asked) })
	}
	return asked.IsUnspecified() || asked == bound
}

// BindAddress completes what Gunicorn's --bind takes: "unix:PATH", "HOST:PORT", "HOST",
// ":PORT", "PORT", "fd://N" (which has no address of its own). A relative PATH begins in
// the directory that Gunicorn changed to.
func BindAddress(bind, directory string) string {
	switch {
	case strings.HasPrefix(bind, "unix:"):
		name := strings.TrimPrefix(strings.TrimPrefix(bind, "unix:"), "//")
		return unixPrefix + absolute(directory, name)
	case strings.HasPrefix(bind, "fd://"):
		return ""
	}
	bind = strings.TrimPrefix(bind, "tcp://")
	if _, err := strconv.Atoi(bind); err == nil {
		return net.JoinHostPort("0.0.0.0", bind)
	}
	host, port, err := net.SplitHostPort(bind)
	if err != nil {
		return net.JoinHostPort(strings.Trim(bind, "[]"), "8000")
	}
	if host == "" {
		host = "0.0.0.0"
	}
	return net.JoinHostPort(host, port)
}

// SameBind tells whether two addresses name the same place to listen at.
func SameBind(one, other string) bool {
	network, target := DialAddress(other)
	if network == "unix" {
		return Reaches(one, proc.Listener{Path: target})
	}
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		return false
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	address, err := netip.ParseAddrPort(net.JoinHostPort(host, port))
	return err == nil && Reaches(one, proc.Listener{Address: address})
}

// placeListeners makes the paths of sockets that were bound by a relative path absolute:
// the kernel keeps them as they were bound, and Nginx names them in full.
func (facts *Facts) placeListeners() {
	listeners := slices.Clone(facts.Listeners.Value)
	for _, server := range facts.Processes.Value.Servers {
		directory := server.Master.Directory
		for index, listener := range listeners {
			relative := listener.Path != "" && listener.Path[0] != '/' && listener.Path[0] != '@'
			if relative && directory != "" && slices.Contains(server.Master.SocketInodes, listener.Inode) {
				listeners[index].Path = absolute(directory, listener.Path)
			}
		}
	}
	facts.Listeners.Value = listeners
}

// ListenersOf are the listening sockets that a server's master or workers hold, as the
// box reaches them; ListenersInferred says where that is worked out.
func (facts *Facts) ListenersOf(server Server) []proc.Listener {
	if facts.ListenersInferred(server) {
		return facts.inferListeners(server)
	}
	held := slices.Clone(server.Master.SocketInodes)
	for _, worker := range server.Workers {
		held = append(held, worker.SocketInodes...)
	}
	if server.Master.Cgroup.Container != "" {
		return facts.containerListeners(server, held)
	}
	var listeners []proc.Listener
	for _, listener := range facts.Listeners.Value {
		if slices.Contains(held, listener.Inode) {
			listeners = append(listeners, listener)
		}
	}
	return listeners
}

// ServersAt are the servers that hold a socket which address leads to.
func (facts *Facts) ServersAt(address string) []Server {
	var at []Server
	for _, server := range facts.Processes.Value.Servers {
		if slices.ContainsFunc(facts.ListenersOf(server), func(listener proc.Listener) bool { return Reaches(address, listener) }) {
			at = append(at, server)
		}
	}
	return at
}

// ListensAt tells whether anything at all listens where address leads.
func (facts *Facts) ListensAt(address string) bool {
	return slices.ContainsFunc(facts.Listeners.Value, func(listener proc.Listener) bool { return Reaches(address, listener) })
}

// Own are the Gunicorns of the examined service: those that its unit runs, of its program or
// in its containers; or the one process that it is.
func (facts *Facts) Own() []Server {
	var own []Server
	replicas := facts.Replicas()
	unit, hasUnit := facts.TargetUnit()
	for _, server := range facts.Processes.Value.Servers {
		cgroup := server.Master.Cgroup
		service, unasked := facts.ofUnasked(server)
		inUnit := unasked && service == facts.Target.UserUnit || hasUnit && slices.Contains(unit.Runs, server.Master.PID)
		isProcess := facts.Target.PID != 0 && (server.Master.PID == facts.Target.PID || server.Replaces == facts.Target.PID)
		inContainer := slices.ContainsFunc(replicas, func(replica docker.Container) bool { return replica.Identity() == cgroup.Container })
		program, supervised := facts.SupervisedBy(server)
		ofProgram := supervised && facts.Target.Program != "" && program.Program == facts.Target.Program
		if server.WSGI != nil && facts.Target.Script != "" && server.WSGI.Script != facts.Target.Script {
			continue
		}
		if inUnit || isProcess || inContainer || ofProgram {
			own = append(own, server)
		}
	}
	return own
}

// Main is the service's own master: the unit's main process where that is a server,
// else the first one in it.
func (facts *Facts) Main() (Server, bool) {
	own := facts.Own()
	if len(own) == 0 {
		return Server{}, false
	}
	if unit, ok := facts.TargetUnit(); ok {
		for _, server := range own {
			if server.Master.PID == unit.MainPID {
				return server, true
			}
		}
	}
	for _, server := range own {
		if facts.Target.Container != "" && server.Master.Cgroup.Container == facts.Target.Container {
			return server, true
		}
	}
	return own[0], true
}

// TargetUnit is the examined unit as systemd has it loaded; ok is false for a service that is no
// unit.
func (facts *Facts) TargetUnit() (unit Unit, ok bool) {
	for _, unit := range facts.UserUnits.Value.Units {
		if facts.Target.UserUnit != "" && unit.Service() == facts.Target.UserUnit {
			return unit, true
		}
	}
	return facts.UnitNamed(facts.Target.Unit)
}

// UnitNamed finds a loaded unit.
func (facts *Facts) UnitNamed(name string) (Unit, bool) {
	for _, unit := range facts.Units.Value {
		if name != "" && (unit.Name == name || slices.Contains(unit.Aliases, name)) {
			return unit, true
		}
	}
	return Unit{}, false
}

// listensOnBox are the addresses at which the box reaches what a container listens at: its
// published ports, and the container's own address.
func listensOnBox(container docker.Container, listen nginx.Listen) []nginx.Listen {
	if socket, ok := strings.CutPrefix(listen.Address, unixPrefix); ok {
		if outside, ok := throughMount(container, socket); ok {
			listen.Address = unixPrefix + outside
			return []nginx.Listen{listen}
		}
		return nil
	}
	host, port, err := net.SplitHostPort(listen.Address)
	address, _ := netip.ParseAddr(host)
	if container.HostNetwork || err != nil {
		return []nginx.Listen{listen}
	}
	if address.IsLoopback() || address.Is6() && slices.ContainsFunc(container.Ports, func(one docker.PublishedPort) bool { return strconv.Itoa(one.ContainerPort) == port }) {
		// A second listen for the other family: Docker's proxy comes by the first.
		return nil
	}
	var reached []nginx.Listen
	add := func(host, port string) {
		one := listen
		one.Address = net.JoinHostPort(host, port)
		if host == "" || host == "0.0.0.0" {
			one.Address = "*:" + port
		}
		if !slices.Contains(reached, one) {
			reached = append(reached, one)
		}
	}
	for _, published := range container.Ports {
		if strconv.Itoa(published.ContainerPort) == port {
			add(published.HostIP, strconv.Itoa(published.HostPort))
		}
	}
	if len(reached) == 0 && !container.Daemon.Rootless() {
		for _, address := range container.Addresses {
			add(address, port)
		}
	}
	return reached
}

// backendOnBox is the address that the box would dial for one that an Nginx in a container
// does: its loopback is the container's own, and the path of a socket is one of its files.
func backendOnBox(container docker.Container, address string) string {
	if socket, ok := strings.CutPrefix(address, unixPrefix); ok {
		if outside, ok := throughMount(container, socket); ok {
			return unixPrefix + outside
		}
		return unixPrefix + "/proc/" + strconv.Itoa(container.PID) + "/root" + socket
	}
	if container.HostNetwork {
		return address
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		host, port = address, "80"
	}
	ip, err := netip.ParseAddr(host)
	if host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return address
	}
	for _, own := range container.Addresses {
		return net.JoinHostPort(own, port)
	}
	return address
}

// mayStandBefore tells whether an Nginx in a container is believed when it says that it
// leads to the service: one of root's daemon, or of the service's own. Any other's may be
// configured to lead to what is not theirs.
func (facts *Facts) mayStandBefore(container docker.Container) bool {
	own, ok := facts.TargetContainer()
	return !facts.foreign(container) || ok && own.Daemon.Is(container.Daemon)
}
