package nginx

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// ServersFor are the server blocks that have to do with a host on a TCP port, in Nginx's own
// order: exact name, longest wildcard at the start, longest wildcard at the end, first regular
// expression, then the default server. The first one answers; the others show what stands in
// its way.
//
// Each address has its own blocks and its own default: a request that comes in at one which some
// block names is for the blocks that name it alone, any other for those that listen everywhere
// (ngx_http_core_module, listen). Which address a name leads to is not known here: a block that
// has the name answers for it wherever it listens, and the default is that of whoever comes from
// elsewhere.
func (config Config) ServersFor(host string, port int) []Server {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	groups := config.groups(port)
	if address, err := netip.ParseAddr(addressOf(host)); err == nil {
		groups = reached(groups, address)
	}
	return config.inOrder(host, groups)
}

// ServersAt are the same for a request that comes in at an address, "127.0.0.1:80", or at any that
// blocks share by listening everywhere, "*:80".
func (config Config) ServersAt(address, host string) []Server {
	at, portText, err := net.SplitHostPort(address)
	port, numberErr := strconv.Atoi(portText)
	if err != nil || numberErr != nil {
		return nil
	}
	groups := config.groups(port)
	if one := slices.IndexFunc(groups, func(one group) bool { return one.address == addressOf(at) }); one >= 0 {
		groups = groups[one : one+1]
	} else if literal, err := netip.ParseAddr(addressOf(at)); err == nil {
		groups = reached(groups, literal)
	}
	return config.inOrder(strings.ToLower(strings.TrimSuffix(host, ".")), groups)
}

// Loopback is an address by which this box itself reaches the blocks that listen everywhere at a
// port: 127.0.0.1, unless a block has that for itself.
func (config Config) Loopback(port int) string {
	groups := config.groups(port)
	for last := byte(1); last < 255; last++ {
		address := netip.AddrFrom4([4]byte{127, 0, 0, last}).String()
		if !slices.ContainsFunc(groups, func(one group) bool { return one.address == address }) {
			return address
		}
	}
	return "127.0.0.1"
}

// group is the blocks that listen at one address, by their places in the configuration, the
// default one first.
type group struct {
	address string
	servers []int
}

// everywhere are the addresses of blocks that listen at all of IPv4's, and all of IPv6's.
const everywhere, everywhere6 = "*", "::"

// groups are those of a port: the blocks that listen everywhere first, those of this box alone
// last.
func (config Config) groups(port int) []group {
	var groups []group
	for index, server := range config.Servers {
		for _, listen := range server.Listens {
			at, own, err := net.SplitHostPort(listen.Address)
			if err != nil || strings.HasPrefix(listen.Address, "unix:") || !portWithin(own, port) {
				continue
			}
			at = addressOf(at)
			place := slices.IndexFunc(groups, func(one group) bool { return one.address == at })
			if place < 0 {
				groups, place = append(groups, group{address: at}), len(groups)
			}
			switch one := &groups[place]; {
			case listen.Default:
				one.servers = slices.Insert(slices.DeleteFunc(one.servers, func(other int) bool { return other == index }), 0, index)
			case !slices.Contains(one.servers, index):
				one.servers = append(one.servers, index)
			}
		}
	}
	weight := func(one group) int {
		address, err := netip.ParseAddr(one.address)
		switch {
		case one.address == everywhere:
			return 0
		case one.address == everywhere6:
			return 1
		case err == nil && address.IsLoopback():
			return 3
		}
		return 2
	}
	slices.SortStableFunc(groups, func(one, other group) int { return weight(one) - weight(other) })
	return groups
}

// addressOf is an address as others write it too.
func addressOf(host string) string {
	switch host {
	case "localhost":
		return "127.0.0.1"
	case "0.0.0.0":
		return everywhere
	}
	if address, err := netip.ParseAddr(host); err == nil {
		return address.Unmap().String()
	}
	return host
}

// reached are the blocks that a request to an address meets. One that listens at all of IPv6's may
// have been told to take IPv4's too.
func reached(groups []group, address netip.Addr) []group {
	wanted := []string{address.Unmap().String(), everywhere, everywhere6}
	if address.Unmap().Is6() {
		wanted = []string{address.String(), everywhere6}
	}
	for _, one := range wanted {
		if place := slices.IndexFunc(groups, func(at group) bool { return at.address == one }); place >= 0 {
			return groups[place : place+1]
		}
	}
	return nil
}

// inOrder are the blocks of groups that have to do with a host, the one that answers first.
func (config Config) inOrder(host string, groups []group) []Server {
	var exact, expressions, defaults []int
	starts, ends := map[int]int{}, map[int]int{}
	for _, one := range groups {
		defaults = append(defaults, one.servers[0])
		// Of blocks with one name the first in the configuration has it, the default or not.
		for _, index := range slices.Sorted(slices.Values(one.servers)) {
			for _, name := range config.Servers[index].Names {
				switch kind, length := matchServerName(name, host); kind {
				case nameExact:
					exact = append(exact, index)
				case nameWildcardStart:
					starts[index] = max(starts[index], length)
				case nameWildcardEnd:
					ends[index] = max(ends[index], length)
				case nameExpression:
					expressions = append(expressions, index)
				}
			}
		}
	}
	order := slices.Concat(exact, byLength(starts), byLength(ends), expressions, defaults[:min(len(defaults), 1)])
	var servers []Server
	taken := map[int]bool{}
	for _, index := range order {
		if !taken[index] {
			taken[index] = true
			servers = append(servers, config.Servers[index])
		}
	}
	return servers
}

// portWithin takes a range, "8000-8010", as well.
func portWithin(own string, port int) bool {
	first, last, isRange := strings.Cut(own, "-")
	low, err := strconv.Atoi(first)
	if err != nil || !isRange {
		return err == nil && low == port
	}
	high, err := strconv.Atoi(last)
	return err == nil && low <= port && port <= high
}

func byLength(lengths map[int]int) []int {
	var order []int
	for index := range lengths {
		order = append(order, index)
	}
	slices.SortFunc(order, func(a, b int) int {
		if lengths[a] != lengths[b] {
			return lengths[b] - lengths[a]
		}
		return a - b
	})
	return order
}

type nameKind int

const (
	nameOther nameKind = iota
	nameExact
	nameWildcardStart
	nameWildcardEnd
	nameExpression
)

// matchServerName compares one server_name with a host; the length is that of the
// wildcard. ".example.org" is both example.org and *.example.org.
func matchServerName(name, host string) (kind nameKind, length int) {
	if expression, isExpression := strings.CutPrefix(name, "~"); isExpression {
		if expressionMatches(expression, true, host) {
			return nameExpression, 0
		}
		return nameOther, 0
	}
	if bare, dotted := strings.CutPrefix(name, "."); dotted {
		if bare == host {
			return nameExact, 0
		}
		name = "*" + name
	}
	if suffix, isWildcard := strings.CutPrefix(name, "*"); isWildcard && suffix != "" {
		if strings.HasSuffix(host, suffix) && len(host) > len(suffix) {
			return nameWildcardStart, len(suffix)
		}
		return nameOther, 0
	}
	if prefix, isWildcard := strings.CutSuffix(name, "*"); isWildcard && prefix != "" {
		if strings.HasPrefix(host, prefix) && len(host) > len(prefix) {
			return nameWildcardEnd, len(prefix)
		}
		return nameOther, 0
	}
	if name == host {
		return nameExact, 0
	}
	return nameOther, 0
}
