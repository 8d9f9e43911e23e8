package facts

import (
	"cmp"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
)

// SiteAddress is where the site is asked for.
type SiteAddress struct {
	// URL is what a visitor would type.
	URL string `json:"url"`
	// Given says that the person named it; otherwise it comes from Nginx.
	Given bool `json:"given,omitempty"`
	// Local is where Nginx listens on this box for it; Problem says why there is no
	// such place.
	Local   string `json:"local,omitempty"`
	Problem string `json:"problem,omitempty"`
	// Public is dialled for the public answer; only a URL that was given is asked.
	Public string `json:"public,omitempty"`
	// Server is the server block that answers for it, and Location the one for its
	// path; nil where no block does.
	Server   *sys.NginxServer   `json:"server"`
	Location *sys.NginxLocation `json:"location"`
	// Guessed says that the block sends its requests elsewhere, and is taken for this
	// service's by BlockClue.
	Guessed   bool   `json:"guessed,omitempty"`
	BlockClue string `json:"block_clue,omitempty"`
	// Backends is how many servers the location's upstream has.
	Backends int `json:"backends"`
}

// siteAddress finds the server block of the service, and from it, or from what the
// person said, the URL.
func (facts *Facts) siteAddress() SiteAddress {
	address := SiteAddress{URL: facts.Options.URL, Given: facts.Options.URL != ""}
	if address.Given {
		address.Public = publicAddress(address.URL)
	}
	if !facts.NginxDisk.Known {
		address.Problem = facts.NginxDisk.Problem
		address.withoutNginx(facts)
		return address
	}
	server, location, clue := facts.siteServer()
	if server == nil {
		address.Problem = "no server block of Nginx sends requests to this service"
		address.withoutNginx(facts)
		return address
	}
	address.Server, address.Location = server, location
	address.Guessed, address.BlockClue = clue != "", clue
	address.Backends = len(facts.NginxDisk.Value.Backends(*location))
	listen := preferredListen(server.Listens)
	address.Local = reachable(strings.Replace(listen.Address, "*:", "0.0.0.0:", 1))
	if !address.Given {
		address.URL = urlOf(*server, listen, *location)
	}
	return address
}

// withoutNginx asks the app's own address where it is the site.
func (address *SiteAddress) withoutNginx(facts *Facts) {
	if address.URL != "" {
		return
	}
	address.URL = "http://localhost/"
	for _, wanted := range facts.Settings.Value.Wanted {
		if !strings.HasPrefix(wanted, unixPrefix) {
			address.URL = "http://" + reachable(wanted) + "/"
			return
		}
	}
}

func publicAddress(given string) string {
	parsed, err := url.Parse(given)
	if err != nil || parsed.Hostname() == "" {
		return ""
	}
	return net.JoinHostPort(parsed.Hostname(), strconv.Itoa(portOf(parsed)))
}

func portOf(parsed *url.URL) int {
	if port, err := strconv.Atoi(parsed.Port()); err == nil {
		return port
	}
	if parsed.Scheme == "https" {
		return 443
	}
	return 80
}

// siteServer is the server block of the site: the one that answers for the given URL;
// else one that sends requests to a socket of the service; else, with a clue, one that
// ought to.
func (facts *Facts) siteServer() (*sys.NginxServer, *sys.NginxLocation, string) {
	config := facts.NginxDisk.Value
	if facts.Options.URL != "" {
		parsed, err := url.Parse(facts.Options.URL)
		if err != nil {
			return nil, nil, ""
		}
		servers := config.ServersFor(parsed.Hostname(), portOf(parsed))
		if len(servers) == 0 {
			return nil, nil, ""
		}
		location, ok := servers[0].LocationFor(cmp.Or(parsed.Path, "/"))
		if !ok {
			return nil, nil, ""
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
	return facts.guessServer()
}

// inForce is the block that really answers for a block's name: of two with the same name
// Nginx ignores the second (G35).
func (facts *Facts) inForce(server *sys.NginxServer, location *sys.NginxLocation) (*sys.NginxServer, *sys.NginxLocation, string) {
	listen := preferredListen(server.Listens)
	_, portText, err := net.SplitHostPort(listen.Address)
	port, numberErr := strconv.Atoi(portText)
	name := plainName(*server)
	if err != nil || numberErr != nil || name == "" {
		return server, location, ""
	}
	first := facts.NginxDisk.Value.ServersFor(name, port)
	if len(first) == 0 || first[0].File == server.File && first[0].Line == server.Line {
		return server, location, ""
	}
	other, ok := first[0].LocationFor(location.Path)
	if !ok || other.Pass == "" {
		return server, location, ""
	}
	return &first[0], &other, ""
}

// plainName is the first name of a block that a visitor could type.
func plainName(server sys.NginxServer) string {
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
	for _, gunicorn := range facts.Own() {
		for _, listener := range facts.ListenersOf(gunicorn) {
			own = append(own, ListenerAddress(listener))
		}
	}
	own = append(own, facts.PublishedAddresses()...)
	container, _ := facts.TargetContainer()
	for _, address := range container.Addresses {
		for _, wanted := range facts.Settings.Value.Wanted {
			if _, port, err := net.SplitHostPort(wanted); err == nil {
				own = append(own, net.JoinHostPort(address, port))
			}
		}
	}
	return own
}

// locationTo is the location of a server block that passes requests to one of the
// addresses, the one with the shortest path first.
func (facts *Facts) locationTo(server *sys.NginxServer, own []string) *sys.NginxLocation {
	var best *sys.NginxLocation
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

func (facts *Facts) passesTo(location sys.NginxLocation, own []string) bool {
	return slices.ContainsFunc(facts.BackendAddresses(location), func(backend string) bool {
		return slices.ContainsFunc(own, func(address string) bool { return SameBind(backend, address) })
	})
}

// guessServer takes a block that sends requests nowhere useful for the service's own,
// when something ties it to the service: files of the app that it serves, its name, or
// that it is the only one which leads nowhere.
func (facts *Facts) guessServer() (*sys.NginxServer, *sys.NginxLocation, string) {
	config := facts.NginxDisk.Value
	root := facts.deployRoot()
	var dead []*sys.NginxServer
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
		if !slices.ContainsFunc(facts.BackendAddresses(*location), facts.ListensAt) {
			dead = append(dead, server)
		}
	}
	if server, location := facts.blockOfSameTree(); server != nil {
		return server, location, "the Gunicorn that it sends requests to stands in the same directory"
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
		return dead[0], passing(dead[0]), "nothing listens where it sends requests, and there is one Gunicorn service here"
	}
	return nil, nil, ""
}

// blockOfSameTree is a block whose requests are answered from the directory that the unit
// names.
func (facts *Facts) blockOfSameTree() (*sys.NginxServer, *sys.NginxLocation) {
	config := facts.NginxDisk.Value
	for index := range config.Servers {
		server := &config.Servers[index]
		location := passing(server)
		if location == nil {
			continue
		}
		for _, backend := range facts.BackendAddresses(*location) {
			if slices.ContainsFunc(facts.GunicornsAt(backend), facts.SharesTree) {
				return server, location
			}
		}
	}
	return nil, nil
}

// SharesTree tells whether a Gunicorn is started from the same directory as the examined
// service.
func (facts *Facts) SharesTree(gunicorn Gunicorn) bool {
	own, ok := facts.Unit()
	if !ok || own.WorkingDirectory == "" {
		return false
	}
	other, ok := facts.UnitNamed(gunicorn.Master.Cgroup.Unit)
	return ok && other.Name != own.Name && other.WorkingDirectory == own.WorkingDirectory
}

// passesToOwnUnit tells a location that leads to another service's live socket.
func (facts *Facts) passesToOwnUnit(location sys.NginxLocation) bool {
	return slices.ContainsFunc(facts.BackendAddresses(location), func(backend string) bool { return len(facts.GunicornsAt(backend)) > 0 })
}

func (facts *Facts) gunicornUnits() []string {
	var names []string
	for _, unit := range facts.Units.Value {
		if unit.Gunicorn && unit.ActiveState != "inactive" {
			names = append(names, unit.Name)
		}
	}
	return names
}

// passing is the location of a block that passes requests on, the root one first.
func passing(server *sys.NginxServer) *sys.NginxLocation {
	var best *sys.NginxLocation
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
	directory := strings.TrimSuffix(configuredDirectory(facts), deletedMark)
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

// serviceStem is the part of a service's name that other names would share.
func serviceStem(service string) string {
	stem := strings.TrimSuffix(service, ".service")
	if _, after, found := strings.Cut(stem, "/"); found {
		stem = after
	}
	stem, _, _ = strings.Cut(stem, "@")
	stem = strings.TrimPrefix(strings.TrimSuffix(stem, "-gunicorn"), "gunicorn-")
	if len(stem) < 3 || stem == "gunicorn" {
		return ""
	}
	return stem
}

// serviceBehindURL finds, of several services, the one that the URL's block leads to.
func serviceBehindURL(facts *Facts, services []string) string {
	_, location, _ := facts.siteServer()
	if location == nil {
		return ""
	}
	for _, backend := range facts.BackendAddresses(*location) {
		for _, gunicorn := range facts.GunicornsAt(backend) {
			if slices.Contains(services, gunicorn.Master.Cgroup.Unit) {
				return gunicorn.Master.Cgroup.Unit
			}
		}
	}
	return ""
}

// preferredListen takes TLS first: a block that listens on both redirects or serves the
// same.
func preferredListen(listens []sys.NginxListen) sys.NginxListen {
	for _, listen := range listens {
		if listen.TLS && !strings.HasPrefix(listen.Address, "[") {
			return listen
		}
	}
	for _, listen := range listens {
		if !strings.HasPrefix(listen.Address, "[") {
			return listen
		}
	}
	if len(listens) > 0 {
		return listens[0]
	}
	return sys.NginxListen{Address: "0.0.0.0:80"}
}

func urlOf(server sys.NginxServer, listen sys.NginxListen, location sys.NginxLocation) string {
	host := cmp.Or(plainName(server), "localhost")
	scheme, usual := "http", "80"
	if listen.TLS {
		scheme, usual = "https", "443"
	}
	if _, port, err := net.SplitHostPort(listen.Address); err == nil && port != usual {
		host = net.JoinHostPort(host, port)
	}
	path := "/"
	if location.Match == "" && strings.HasPrefix(location.Path, "/") {
		path = location.Path
	}
	return scheme + "://" + host + path
}

// NginxProxies tells whether Nginx passes requests to any application at all.
func (facts *Facts) NginxProxies() bool {
	return slices.ContainsFunc(facts.NginxDisk.Value.Servers, func(server sys.NginxServer) bool { return passing(&server) != nil })
}
