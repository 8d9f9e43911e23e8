package apache

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// readHosts notes the main server, and the virtual hosts in the order in which Apache meets them.
func (config *Config) readHosts(directives []Directive) {
	main := hostOf(Directive{Below: directives})
	config.Hosts = append(config.Hosts, main)
	for _, one := range directives {
		switch one.Name {
		case "virtualhost":
			config.Hosts = append(config.Hosts, hostOf(one))
		case "use", "macro":
			config.Macros = true
		}
	}
}

func hostOf(section Directive) Host {
	host := Host{Addresses: section.Arguments, File: section.File, Line: section.Line}
	for _, one := range section.Below {
		switch one.Name {
		case "servername":
			host.Name = one.first()
		case "serveralias":
			host.Aliases = append(host.Aliases, one.Arguments...)
		case "sslengine":
			host.TLS = strings.EqualFold(one.first(), "on")
		}
	}
	return host
}

// HostFor is the place of the virtual host that answers for a name at a port, as Apache chooses it
// where all are named by their port alone: the first whose name or alias it is, else the first of
// the port; 0, which is the main server, where none has the port.
func (config Config) HostFor(name string, port int) int {
	first := 0
	for index, host := range config.Hosts {
		if index == 0 || !slices.ContainsFunc(host.Addresses, func(address string) bool { return hasPort(address, port) }) {
			continue
		}
		if first == 0 {
			first = index
		}
		if host.isCalled(name) {
			return index
		}
	}
	return first
}

// hasPort tells whether an address of a virtual host takes a port: "*:80", "_default_:443", "[::1]:80",
// or "*" for every one.
func hasPort(address string, port int) bool {
	at := strings.LastIndex(address, ":")
	if at < 0 || strings.HasSuffix(address, "]") {
		return true
	}
	return address[at+1:] == "*" || address[at+1:] == strconv.Itoa(port)
}

func (host Host) isCalled(name string) bool {
	own, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(host.Name, "http://"), "https://"), ":")
	return strings.EqualFold(own, name) || slices.ContainsFunc(host.Aliases, func(alias string) bool {
		matches, err := path.Match(strings.ToLower(alias), strings.ToLower(name))
		return err == nil && matches
	})
}

// AppFor is the app that answers a URL: of those of its virtual host and of the main server the one
// with the longest path. ok is false where none does.
func (config Config) AppFor(name string, port int, at string) (app App, ok bool) {
	host := config.HostFor(name, port)
	for _, one := range config.Apps {
		if (slices.Contains(one.Hosts, host) || slices.Contains(one.Hosts, 0)) && within(one.Prefix, at) && (!ok || len(one.Prefix) > len(app.Prefix)) {
			app, ok = one, true
		}
	}
	return app, ok
}
