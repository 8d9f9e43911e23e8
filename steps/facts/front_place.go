package facts

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys/docker"
	"flasktui/sys/nginx"
)

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
