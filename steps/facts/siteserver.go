package facts

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"flasktui/sys"
	"flasktui/sys/nginx"
)

// siteServer is the server block of the site: the one that answers for the given URL;
// else one that sends requests to a socket of the service; else, with a clue, one that
// ought to.
func (facts *Facts) siteServer() (*nginx.Server, *nginx.Location, string) {
	config := facts.SiteNginx().Value
	if front := facts.Front.Value; front.Edge != nil {
		// Requests come in by another Nginx, which this one's names and ports are not for.
		return &front.Server, &front.Location, ""
	}
	if facts.Options.URL != "" {
		parsed, err := url.Parse(facts.Options.URL)
		if err != nil {
			return nil, nil, ""
		}
		servers := config.ServersFor(parsed.Hostname(), portOf(parsed))
		if len(servers) == 0 {
			return nil, nil, ""
		}
		location, ok := servers[0].AnsweringFor(cmp.Or(parsed.Path, "/"))
		if !ok {
			// The server block answers by itself: by return, or out of Nginx's own html.
			location = nginx.Location{File: servers[0].File, Line: servers[0].Line, Path: "/", Return: servers[0].Return}
		}
		return &servers[0], &location, ""
	}
	own := facts.ownAddresses()
	for index := range config.Servers {
		server := &config.Servers[index]
		if location := facts.locationTo(server, own); location != nil {
			return facts.inForce(server, location)
		}
	}
	if front := facts.Front; front.Known {
		return &front.Value.Server, &front.Value.Location, ""
	}
	return facts.guessServer()
}

// inForce is the block that really answers for a block's name: of two with the same name
// Nginx ignores the second (G35).
func (facts *Facts) inForce(server *nginx.Server, location *nginx.Location) (*nginx.Server, *nginx.Location, string) {
	name := plainName(*server)
	if name == "" {
		return server, location, ""
	}
	first := facts.SiteNginx().Value.ServersAt(preferredListen(server.Listens).Address, name)
	if len(first) == 0 || first[0].Is(*server) {
		return server, location, ""
	}
	other, ok := first[0].LocationFor(location.Path)
	if !ok || other.Pass == "" {
		return server, location, ""
	}
	return &first[0], &other, ""
}

// plainName is the first name of a block that a visitor could type.
func plainName(server nginx.Server) string {
	for _, name := range server.Names {
		if name != "" && name != "_" && !strings.ContainsAny(name, "*~^$") {
			return strings.TrimPrefix(name, ".")
		}
	}
	return ""
}

// ownAddresses are the sockets that the service holds, and those that it is meant to
// hold.
func (facts *Facts) ownAddresses() []string {
	own := slices.Clone(facts.Settings.Value.Wanted)
	for _, server := range facts.Own() {
		for _, listener := range facts.ListenersOf(server) {
			own = append(own, ListenerAddress(listener))
		}
	}
	return append(own, facts.PublishedAddresses()...)
}

// locationTo is the location of a server block that passes requests to one of the
// addresses, the one with the shortest path first.
func (facts *Facts) locationTo(server *nginx.Server, own []string) *nginx.Location {
	var best *nginx.Location
	for index := range server.Locations {
		location := &server.Locations[index]
		if location.Pass == "" || !facts.passesTo(*location, own) {
			continue
		}
		if best == nil || len(location.Path) < len(best.Path) && location.Match == "" {
			best = location
		}
	}
	return best
}

func (facts *Facts) passesTo(location nginx.Location, own []string) bool {
	return slices.ContainsFunc(facts.BackendAddresses(location), func(backend string) bool {
		return slices.ContainsFunc(own, func(address string) bool { return SameBind(backend, address) })
	})
}

// guessServer takes a block that sends requests nowhere useful for the service's own,
// when something ties it to the service: files of the app that it serves, its name, or
// that it is the only one which leads nowhere.
func (facts *Facts) guessServer() (*nginx.Server, *nginx.Location, string) {
	config := facts.SiteNginx().Value
	root := facts.deployRoot()
	var dead []*nginx.Server
	for index := range config.Servers {
		server := &config.Servers[index]
		location := passing(server)
		if location == nil {
			continue
		}
		for _, one := range server.Locations {
			for _, directory := range []string{one.Alias, one.Root} {
				if root != "" && directory != "" && sys.Within(root, directory) {
					return server, location, "it serves files under " + root
				}
			}
		}
		if facts.passesToOwnUnit(*location) {
			continue
		}
		if !slices.ContainsFunc(facts.BackendAddresses(*location), facts.ListensAt) && !facts.isIdle(server) {
			dead = append(dead, server)
		}
	}
	if server, location, clue := facts.blockOfSameTree(); server != nil {
		return server, location, clue
	}
	name := serviceStem(facts.Target.Service)
	for _, server := range dead {
		for _, host := range server.Names {
			if name != "" && strings.Contains(host, name) {
				return server, passing(server), "its name " + host + " holds the service's, and nothing listens where it sends requests"
			}
		}
	}
	if len(dead) == 1 && len(facts.gunicornUnits()) <= 1 {
		return dead[0], passing(dead[0]), "nothing listens where it sends requests, and there is one service with a server of Python apps here"
	}
	return nil, nil, ""
}

// isIdle tells a server block by which nobody goes: its Nginx does not run, and somebody else
// listens where it would.
func (facts *Facts) isIdle(server *nginx.Server) bool {
	processes := facts.Processes.Value
	return facts.Processes.Known && !processes.Hidden && len(processes.Nginx) == 0 &&
		slices.ContainsFunc(server.Listens, func(listen nginx.Listen) bool { return facts.ListensAt(listen.Address) })
}

// blockOfSameTree is a block whose requests are answered from the directory that the unit
// names, or by another container of the service's own, and what says so.
func (facts *Facts) blockOfSameTree() (server *nginx.Server, location *nginx.Location, clue string) {
	config := facts.SiteNginx().Value
	for index := range config.Servers {
		server := &config.Servers[index]
		location := passing(server)
		if location == nil {
			continue
		}
		for _, backend := range facts.BackendAddresses(*location) {
			for _, answering := range facts.ServersAt(backend) {
				if facts.SharesTree(answering) {
					return server, location, "the server that it sends requests to stands in the same directory"
				}
				if clue := facts.otherContainer(answering); clue != "" {
					return server, location, clue
				}
			}
		}
	}
	return nil, nil, ""
}

// SharesTree tells whether a server is started from the same directory as the examined
// service.
func (facts *Facts) SharesTree(server Server) bool {
	own, ok := facts.TargetUnit()
	if !ok || own.WorkingDirectory == "" {
		return false
	}
	other, ok := facts.RunBy(server)
	return ok && other.Service() != own.Service() && other.WorkingDirectory == own.WorkingDirectory
}

// passesToOwnUnit tells a location that leads to another service's live socket.
func (facts *Facts) passesToOwnUnit(location nginx.Location) bool {
	return slices.ContainsFunc(facts.BackendAddresses(location), func(backend string) bool { return len(facts.ServersAt(backend)) > 0 })
}

func (facts *Facts) gunicornUnits() []string {
	var names []string
	for _, unit := range facts.Units.Value {
		if unit.Serves && unit.ActiveState != "inactive" {
			names = append(names, unit.Name)
		}
	}
	return names
}

// passing is the location of a block that passes requests on, the root one first.
func passing(server *nginx.Server) *nginx.Location {
	var best *nginx.Location
	for index := range server.Locations {
		location := &server.Locations[index]
		if location.Pass != "" && (best == nil || location.Path == "/") {
			best = location
		}
	}
	return best
}

// deployRoot is the directory that holds the releases, or the checkout itself, as far as
// the unit alone tells.
func (facts *Facts) deployRoot() string {
	directory := configuredDirectory(facts)
	before, _, found := strings.Cut(directory, "/releases/")
	if found {
		return before
	}
	before, found = strings.CutSuffix(directory, "/current")
	if !found {
		before, _, found = strings.Cut(directory, "/current/")
	}
	if found {
		return before
	}
	if strings.Count(directory, "/") < 2 {
		return ""
	}
	return directory
}

// Backend is one of several that requests for the site may go to, beside the service's own
// (G56).
type Backend struct {
	Address string `json:"address"`
	Asked   Asked  `json:"asked"`
}

// mostBackends bounds how many of them are asked.
const mostBackends = 8

// otherBackends are those behind the site's server block that the service does not hold, as
// they are to be asked.
func (facts *Facts) otherBackends(address SiteAddress) []Backend {
	if address.Location == nil || address.Guessed {
		return nil
	}
	ends, own := facts.SiteBackends(address), facts.ownAddresses()
	isOwn := func(end string) bool {
		return slices.ContainsFunc(own, func(one string) bool { return SameBind(end, one) })
	}
	if !slices.ContainsFunc(ends, isOwn) {
		// Where none is the service's own, that is another matter: nothing says that it is
		// this site which they answer for.
		return nil
	}
	var others []Backend
	for _, end := range ends {
		if isOwn(end) || slices.ContainsFunc(others, func(other Backend) bool { return other.Address == end }) {
			continue
		}
		other := Backend{Address: end, Asked: Asked{Where: reachable(end), how: asking{plain: !strings.HasPrefix(address.Location.Pass, "https:")}}}
		if kind := address.Location.PassKind; kind == "uwsgi_pass" {
			other.Asked.how.protocol = speaksUWSGI
		} else if kind != "proxy_pass" {
			other.Asked = placeToAsk("", sys.Textf("it is spoken to by %s, which flasktui does not speak", kind))
		} else if len(others) >= mostBackends {
			other.Asked = placeToAsk("", "there are more than are asked")
		}
		others = append(others, other)
	}
	return others
}

// copies are the other servers of this box that run the service's app out of its deployment, as
// they are to be asked.
func (facts *Facts) copies() []Backend {
	own := facts.Own()
	var copies []Backend
	for _, server := range facts.Processes.Value.Servers {
		isOwn := slices.ContainsFunc(own, func(one Server) bool { return one.Master.PID == server.Master.PID })
		listeners := facts.ListenersOf(server)
		if isOwn || len(listeners) == 0 || len(copies) == mostBackends || !facts.InDeployment(server.Master.Directory) {
			continue
		}
		address := ListenerAddress(listeners[0])
		copied := Backend{Address: address, Asked: Asked{Where: reachable(address), how: asking{plain: true}}}
		copied.Asked.speak(facts)
		copies = append(copies, copied)
	}
	return copies
}
