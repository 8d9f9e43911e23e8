package nginx

import (
	"net"
	"slices"
	"strings"
)

// This file is where a server block listens, and how addresses are completed.

// readListen passes over QUIC, which is another protocol on the same port.
func readListen(arguments []string) (Listen, bool) {
	if len(arguments) == 0 || slices.Contains(arguments, "quic") {
		return Listen{}, false
	}
	parameters := arguments[1:]
	listen := Listen{
		Address: completePort(arguments[0], "80"),
		TLS:     slices.Contains(parameters, "ssl"),
		Default: slices.Contains(parameters, "default_server") || slices.Contains(parameters, "default"),

		ProxyProtocol: slices.Contains(parameters, "proxy_protocol"),
	}
	if strings.Trim(arguments[0], "0123456789-") == "" {
		listen.Address = "*:" + arguments[0]
	}
	if port, found := strings.CutPrefix(listen.Address, "0.0.0.0:"); found {
		listen.Address = "*:" + port
	}
	return listen, true
}

// completePort adds the port to an address that has none.
func completePort(address, port string) string {
	if strings.HasPrefix(address, "unix:") {
		return address
	}
	if strings.HasPrefix(address, "[") && strings.HasSuffix(address, "]") || !strings.Contains(address, ":") {
		return address + ":" + port
	}
	if host, given, err := net.SplitHostPort(address); err == nil && given == "" {
		return net.JoinHostPort(host, port)
	}
	return address
}

// shareListens spreads what any block says of an address to all blocks that listen there:
// ssl and proxy_protocol hold for the socket (ngx_http_core_module, listen).
func (reading *reading) shareListens() {
	said := map[string]Listen{}
	reading.eachListen(func(listen *Listen) {
		all := said[listen.Address]
		all.TLS, all.ProxyProtocol = all.TLS || listen.TLS, all.ProxyProtocol || listen.ProxyProtocol
		said[listen.Address] = all
	})
	reading.eachListen(func(listen *Listen) {
		listen.TLS, listen.ProxyProtocol = said[listen.Address].TLS, said[listen.Address].ProxyProtocol
	})
}

func (reading *reading) eachListen(visit func(*Listen)) {
	for _, server := range reading.config.Servers {
		for index := range server.Listens {
			visit(&server.Listens[index])
		}
	}
}
