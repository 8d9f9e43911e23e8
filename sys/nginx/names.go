package nginx

import (
	"net"
	"slices"
	"strconv"
	"strings"
)

// ServersFor are the server blocks that have to do with a host name on a TCP port, in
// Nginx's own order: exact name, longest wildcard at the start, longest wildcard at the
// end, first regular expression, then the default server. The first one answers; the
// others show what stands in its way. A listen on one address alone counts as well, for
// which address a request came to is not known here.
func (config Config) ServersFor(host string, port int) []Server {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	var exact, expressions, defaults []int
	starts, ends := map[int]int{}, map[int]int{}
	for index, server := range config.Servers {
		listen, listening := server.listensOn(port)
		if !listening {
			continue
		}
		if listen.Default {
			defaults = slices.Insert(defaults, 0, index)
		} else {
			defaults = append(defaults, index)
		}
		for _, name := range server.Names {
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

// listensOn finds the listen directive for a port; one that makes the server the default
// goes before one that does not.
func (server Server) listensOn(port int) (Listen, bool) {
	var found Listen
	listening := false
	for _, listen := range server.Listens {
		_, own, err := net.SplitHostPort(listen.Address)
		if err != nil || strings.HasPrefix(listen.Address, "unix:") || !portWithin(own, port) {
			continue
		}
		if !listening || listen.Default {
			found, listening = listen, true
		}
	}
	return found, listening
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
