package facts

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
	"flasktui/sys/proc"
)

// chooseBehindURL takes whoever answers the URL that was given, and nobody else: another
// service that happens to be the only one is not the site.
func chooseBehindURL(facts *Facts) (Target, error) {
	answering, elsewhere, untraced := facts.behindURL()
	switch {
	case len(answering) > 0:
		return chooseFrom(facts, answering, sys.Textf("several services answer %s", facts.Options.URL))
	case elsewhere != "":
		return Target{}, &TargetError{
			Problem:  sys.Textf("%s leads to no Gunicorn service of this box: %s", facts.Options.URL, elsewhere),
			Hint:     "name the service that ought to answer: flasktui check SERVICE --url URL",
			Services: facts.ofComposeFile(candidateServices(facts)),
		}
	}
	target, err := chooseCandidate(facts)
	target.Untraced = string(untraced)
	return target, err
}

// behindURL are the services that answer the URL. Without any, elsewhere says where it leads
// to instead, or else untraced why that could not be told.
func (facts *Facts) behindURL() (services []string, elsewhere, untraced sys.Text) {
	parsed, err := url.Parse(facts.Options.URL)
	if err != nil {
		return nil, "", "the URL could not be read"
	}
	for _, gunicorn := range facts.Processes.Value.Gunicorns {
		if facts.listensFor(gunicorn, parsed) {
			services = append(services, facts.serviceOf(gunicorn))
		}
	}
	if services = distinct(services); len(services) > 0 {
		return services, "", ""
	}
	_, location, _ := facts.siteServer()
	host, port := parsed.Hostname(), strconv.Itoa(portOf(parsed))
	address, addressErr := netip.ParseAddr(host)
	ofThisBox := host == "localhost" || addressErr == nil && address.IsLoopback()
	switch {
	case ofThisBox && facts.Listeners.Known && !facts.ListensAt(net.JoinHostPort(host, port)):
		return nil, "nothing listens there", ""
	case !facts.NginxDisk.Known:
		return nil, "", sys.Textf("Nginx's configuration, which would tell, is not known (%s)", facts.NginxDisk.Problem)
	case location == nil:
		return nil, "", "no server block of Nginx answers for it"
	case location.Pass == "":
		return nil, "Nginx passes it on to nobody", ""
	}
	backends := facts.throughNginx(facts.BackendAddresses(*location), parsed.Hostname())
	for _, backend := range backends {
		for _, gunicorn := range facts.GunicornsAt(backend) {
			services = append(services, facts.serviceOf(gunicorn))
		}
	}
	if services = distinct(services); len(services) > 0 {
		return services, "", ""
	}
	where := strings.Join(backends, ", ")
	if slices.ContainsFunc(backends, facts.ListensAt) {
		return nil, "", sys.Textf("Nginx sends it to %s, and what listens there is no Gunicorn that was seen", where)
	}
	for _, unit := range facts.Units.Value {
		for _, bind := range unit.Wrapped.Merge(unit.Settings).Bind {
			if slices.ContainsFunc(backends, func(backend string) bool { return SameBind(backend, BindAddress(bind, unit.WorkingDirectory)) }) {
				services = append(services, unit.Name)
			}
		}
	}
	if services = distinct(services); len(services) > 0 {
		return services, "", ""
	}
	return nil, sys.Textf("Nginx sends it to %s, where nothing listens", where), ""
}

// listensFor tells whether a Gunicorn itself listens at a URL's port, for that host. A name
// may lead to any address of the box.
func (facts *Facts) listensFor(gunicorn Gunicorn, parsed *url.URL) bool {
	host, port := parsed.Hostname(), portOf(parsed)
	_, err := netip.ParseAddr(host)
	isAddress := err == nil || host == "localhost"
	return slices.ContainsFunc(facts.ListenersOf(gunicorn), func(listener proc.Listener) bool {
		if isAddress {
			return Reaches(net.JoinHostPort(host, strconv.Itoa(port)), listener)
		}
		return listener.Path == "" && int(listener.Address.Port()) == port
	})
}

func distinct(services []string) []string {
	services = slices.DeleteFunc(services, func(service string) bool { return service == "" })
	slices.Sort(services)
	return slices.Compact(services)
}
