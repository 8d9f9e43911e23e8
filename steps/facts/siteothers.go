package facts

import (
	"slices"
	"strings"

	"flasktui/sys/nginx"
)

const (
	// mostOthers bounds how many further server blocks are told of.
	mostOthers = 16
	// mostOthersAsked bounds how many of them are asked.
	mostOthersAsked = 4
)

// otherBlocks are the server blocks that lead to the service beside the site's own: by
// themselves, or through another block of the same Nginx. Those that keep answers, or
// pass requests on to another block, may give visitors something else, and are asked. A
// person who names a URL means that one alone.
func (facts *Facts) otherBlocks(site SiteAddress) []OtherBlock {
	if site.Server == nil || site.Given || site.Guessed || facts.Front.Known {
		return nil
	}
	config, own := facts.NginxDisk.Value, facts.ownAddresses()
	var others []OtherBlock
	asked := 0
	listens := listenAddresses(*site.Server)
	add := func(server *nginx.Server, location *nginx.Location, outer bool) {
		if len(others) == mostOthers || sameBlock(server, site.Server) ||
			slices.ContainsFunc(others, func(other OtherBlock) bool { return sameBlock(server, other.Address.Server) }) {
			return
		}
		if inForce, _, _ := facts.inForce(server, location); !sameBlock(inForce, server) {
			return
		}
		var other OtherBlock
		other.Address.at(facts, server, location)
		if (outer || location.ProxyCache != "") && asked < mostOthersAsked {
			asked++
			other.Asked = Asked{Where: other.Address.Local, how: other.Address.asking()}
		}
		others = append(others, other)
		listens = append(listens, listenAddresses(*server)...)
	}
	for index := range config.Servers {
		server := &config.Servers[index]
		if location := facts.locationTo(server, own); location != nil {
			add(server, location, false)
		}
	}
	for index := range config.Servers {
		server := &config.Servers[index]
		if location := facts.locationTo(server, listens); location != nil && facts.leadsTo(server, *location, own) {
			add(server, location, true)
		}
	}
	return others
}

// ListensFor tells whether something listens wherever a server block wants to.
func (facts *Facts) ListensFor(server nginx.Server) (missing string, all bool) {
	for _, address := range listenAddresses(server) {
		if !facts.ListensAt(address) {
			return address, false
		}
	}
	return "", true
}

func sameBlock(one, other *nginx.Server) bool {
	return one.File == other.File && one.Line == other.Line
}

func listenAddresses(server nginx.Server) []string {
	var addresses []string
	for _, listen := range server.Listens {
		addresses = append(addresses, reachable(strings.Replace(listen.Address, "*:", "0.0.0.0:", 1)))
	}
	return addresses
}

// leadsTo tells whether requests for a block end, through whatever other blocks of this
// Nginx, at one of the addresses.
func (facts *Facts) leadsTo(server *nginx.Server, location nginx.Location, own []string) bool {
	return slices.ContainsFunc(facts.throughNginx(facts.BackendAddresses(location), plainName(*server)), func(backend string) bool {
		return slices.ContainsFunc(own, func(address string) bool { return SameBind(backend, address) })
	})
}
