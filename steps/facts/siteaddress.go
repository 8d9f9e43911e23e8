package facts

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
	"flasktui/sys/apache"
	"flasktui/sys/nginx"
)

// SiteAddress is where the site is asked for.
type SiteAddress struct {
	// URL is what a visitor would type.
	URL string `json:"url"`
	// Given says that the person named it; otherwise it comes from Nginx.
	Given bool `json:"given,omitempty"`
	// Local is where Nginx listens on this box for it; Problem says why there is no
	// such place.
	Local string `json:"local,omitempty"`
	// LocalPlain says that it listens there without TLS.
	LocalPlain bool `json:"local_plain,omitempty"`
	// LocalProxied says that it wants a PROXY header there.
	LocalProxied bool     `json:"local_proxied,omitempty"`
	Problem      sys.Text `json:"problem,omitempty"`
	// Public is dialled for the public answer; only a URL that was given is asked.
	Public string `json:"public,omitempty"`
	// Server is the server block that answers for it, and Location the one for its
	// path; nil where no block does.
	Server   *nginx.Server   `json:"server"`
	Location *nginx.Location `json:"location"`
	// Guessed says that the block sends its requests elsewhere, and is taken for this
	// service's by BlockClue.
	Guessed   bool   `json:"guessed,omitempty"`
	BlockClue string `json:"block_clue,omitempty"`
	// Backends is how many servers of the location's upstream get requests.
	Backends int `json:"backends"`
}

// siteAddress finds the server block of the service, and from it, or from what the
// person said, the URL.
func (facts *Facts) siteAddress() SiteAddress {
	address := SiteAddress{URL: facts.Options.URL, Given: facts.Options.URL != ""}
	if address.Given {
		address.Public = publicAddress(address.URL)
	}
	if !facts.SiteNginx().Known {
		address.Problem = facts.SiteNginx().Problem
		address.withoutNginx(facts)
		return address
	}
	server, location, clue := facts.siteServer()
	if server == nil {
		address.Problem = "no server block of Nginx sends requests to this service"
		address.withoutNginx(facts)
		return address
	}
	address.Guessed, address.BlockClue = clue != "", clue
	address.at(facts, server, location)
	return address
}

// HalfAnAddress tells what a look never finds: a server block of the site without its location,
// or the other way round. Who judges asks for one and takes the other, so that facts which
// somebody else saved are asked first.
func (facts *Facts) HalfAnAddress() string {
	half := func(address SiteAddress) bool { return (address.Server == nil) != (address.Location == nil) }
	site := facts.Site.Value
	switch {
	case half(site.Address):
		return "a server block of the site without a location, or a location without its block"
	case slices.ContainsFunc(site.Others, func(other OtherBlock) bool { return other.Address.Server == nil || half(other.Address) }):
		return "another server block for the site that is none"
	}
	return ""
}

// at fills in what a server block says of where it is asked.
func (address *SiteAddress) at(facts *Facts, server *nginx.Server, location *nginx.Location) {
	address.Server, address.Location = server, location
	for _, backend := range facts.SiteNginx().Value.Backends(*location) {
		// A backup gets requests only where the others fail.
		if !backend.Down && !backend.Backup {
			address.Backends++
		}
	}
	if edge := facts.Front.Value.Edge; edge != nil {
		server, location = &edge.Server, &edge.Location
	}
	listen := preferredListen(server.Listens)
	address.Local = reachable(listen.Address)
	if host, port, err := net.SplitHostPort(listen.Address); err == nil && host == "*" {
		number, _ := strconv.Atoi(port)
		address.Local = net.JoinHostPort(facts.SiteNginx().Value.Loopback(number), port)
	}
	address.LocalPlain, address.LocalProxied = !listen.TLS, listen.ProxyProtocol
	if !address.Given {
		address.URL = urlOf(*server, listen, *location)
	}
}

// asking is how Nginx is asked on this box.
func (address *SiteAddress) asking() asking {
	return asking{plain: address.LocalPlain, proxied: address.LocalProxied}
}

// withoutNginx asks the app's own address where it is the site.
func (address *SiteAddress) withoutNginx(facts *Facts) {
	if address.URL != "" {
		return
	}
	if main, _ := facts.Main(); main.WSGI != nil && facts.addressOfApp(main.WSGI) != "" {
		address.URL = facts.addressOfApp(main.WSGI)
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

// Port is the port of its URL; 0 where that is none.
func (address *SiteAddress) Port() int {
	parsed, err := url.Parse(address.URL)
	if err != nil {
		return 0
	}
	return portOf(parsed)
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

// preferredListen takes TLS first: a block that listens on both redirects or serves the
// same.
func preferredListen(listens []nginx.Listen) nginx.Listen {
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
	return nginx.Listen{Address: "0.0.0.0:80"}
}

func urlOf(server nginx.Server, listen nginx.Listen, location nginx.Location) string {
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
	return slices.ContainsFunc(facts.SiteNginx().Value.Servers, func(server nginx.Server) bool { return passing(&server) != nil })
}

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
		if len(others) == mostOthers || server.Is(*site.Server) ||
			slices.ContainsFunc(others, func(other OtherBlock) bool { return server.Is(*other.Address.Server) }) {
			return
		}
		if inForce, _, _ := facts.inForce(server, location); !inForce.Is(*server) {
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

// hostOfApp is the first virtual host with a name that an app of Apache's is in.
func (facts *Facts) hostOfApp(app *WSGIApp) (host apache.Host, ok bool) {
	for _, one := range facts.Processes.Value.Apache {
		for _, index := range app.Hosts {
			if index < len(one.Config.Hosts) && one.Config.Hosts[index].Name != "" {
				return one.Config.Hosts[index], true
			}
		}
	}
	return apache.Host{}, false
}

// addressOfApp is the URL that a visitor types for an app of Apache's.
func (facts *Facts) addressOfApp(app *WSGIApp) string {
	host, ok := facts.hostOfApp(app)
	if !ok {
		return ""
	}
	scheme, port := "http", ""
	if host.TLS {
		scheme = "https"
	}
	name, own, hasPort := strings.Cut(host.Name, ":")
	for _, address := range host.Addresses {
		if _, number, found := strings.Cut(address[strings.LastIndex(address, "]")+1:], ":"); found && !hasPort && number != "*" {
			own = number
		}
	}
	if own != "" && !(own == "80" && !host.TLS || own == "443" && host.TLS) {
		port = ":" + own
	}
	return fmt.Sprintf("%s://%s%s/", scheme, strings.TrimPrefix(name, "https://"), port+strings.TrimSuffix(app.Prefix, "/"))
}
