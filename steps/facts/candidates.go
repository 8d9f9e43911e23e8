package facts

import (
	"net"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/proc"
)

// candidateServices are the services on this box that run, or are meant to run, a server of
// Python apps, and those servers that nothing runs. Of these one to which nothing leads (somebody tries
// something out) counts only where there is nothing else.
// Units that are merely there (never started, not failed) count only when nothing else
// does.
func candidateServices(facts *Facts) []string {
	var idle []string
	live := facts.programServices("")
	for _, unit := range slices.Concat(facts.Units.Value, facts.UserUnits.Value.Units) {
		switch {
		case !unit.Serves && !facts.runsService(unit), unit.Owner == nil && len(facts.programServices(unit.Name)) > 0:
		case unit.Owner == nil && len(facts.wsgiServices(unit.Name)) > 0:
			live = append(live, facts.wsgiServices(unit.Name)...)
		case unit.ActiveState == "inactive":
			idle = append(idle, unit.Service())
		default:
			live = append(live, unit.Service())
		}
	}
	own, idleOwn, others := facts.containerServices()
	live, idle = append(live, own...), append(idle, idleOwn...)
	for _, server := range facts.Processes.Value.Servers {
		if service := facts.ServiceOf(server); facts.IsUnmanaged(server) && facts.IsService(server) && !server.Leaderless && (len(live) == 0 || facts.isAsked(server)) {
			live = append(live, service)
		}
	}
	if len(live) == 0 {
		live = idle
	}
	if len(live) == 0 {
		live = others
	}
	slices.Sort(live)
	return slices.Compact(live)
}

// runsService tells whether a unit runs a server of a site.
func (facts *Facts) runsService(unit Unit) bool {
	return slices.ContainsFunc(facts.Processes.Value.Servers, func(one Server) bool {
		return slices.Contains(unit.Runs, one.Master.PID) && facts.IsService(one)
	})
}

// containerServices are the Compose services that run, or are meant to run, a server, and
// those that were stopped in order; others are the ones of other users' own daemons: what
// somebody starts for themselves makes it no less clear which service the box's is.
func (facts *Facts) containerServices() (live, idle, others []string) {
	for _, container := range facts.Containers.Value {
		name := facts.ServiceName(container)
		// One that ends and is started again runs its server at one moment and not at the next.
		meant := container.Serves && (container.PID == 0 || container.Restarts > 0)
		bare := container.Project == "" && container.Swarm == nil
		if unit, around := facts.unitAround(container); around {
			name, bare = unit.Name, false
		}
		switch {
		case name != "" && container.Program && !meant && container.PID == 0 && len(container.Ports) > 0:
			// What a script of Python's is to others does not show while it does not run.
			idle = append(idle, name)
		case name == "", !meant && !facts.runsServer(container):
		case bare && (container.PID == 0 && container.State != "restarting" || !facts.isPublished(container)):
			// One that somebody made and left, or tries out.
			idle = append(idle, name)
		case facts.foreign(container):
			others = append(others, name)
		case meant && container.State == "exited" && container.ExitCode == 0:
			idle = append(idle, name)
		default:
			// It runs, was made and not started, or is started again and again.
			live = append(live, name)
		}
	}
	return live, idle, others
}

// isAsked tells whether requests from elsewhere reach a server: Nginx passes some on to
// it, or it listens where other machines get to.
func (facts *Facts) isAsked(server Server) bool {
	for _, listener := range facts.ListenersOf(server) {
		if listener.Path == "" && !listener.Address.Addr().Unmap().IsLoopback() {
			return true
		}
	}
	return facts.isAskedFor(server)
}

// isAskedFor tells whether Nginx passes requests on to a server, or the URL that was given is
// its own address.
func (facts *Facts) isAskedFor(one Server) bool {
	held := facts.ListenersOf(one)
	if parsed, err := url.Parse(facts.Options.URL); err == nil && facts.Options.URL != "" && facts.listensFor(one, parsed) {
		return true
	}
	for _, server := range facts.NginxDisk.Value.Servers {
		for _, location := range server.Locations {
			for _, backend := range facts.BackendAddresses(location) {
				if slices.ContainsFunc(held, func(listener proc.Listener) bool { return Reaches(backend, listener) }) {
					return true
				}
			}
		}
	}
	return false
}

// runsServer tells whether a server was seen in a container.
func (facts *Facts) runsServer(container docker.Container) bool {
	return slices.ContainsFunc(facts.Processes.Value.Servers, func(server Server) bool {
		return server.Master.Cgroup.Container == container.Identity() && facts.IsService(server)
	})
}

// about says of services what each is: the server, as far as one runs, and who manages it.
func (facts *Facts) about(services []string) map[string]sys.Text {
	told := map[string]sys.Text{}
	for _, service := range services {
		told[service] = "no server of it was seen"
	}
	for _, server := range facts.Processes.Value.Servers {
		service := facts.ServiceOf(server)
		switch _, asked := told[service]; {
		case !asked:
		case strings.HasPrefix(service, processPrefix):
			told[service] = sys.Textf("%s, %s", server.Software().Name, facts.StartedBy(server))
		default:
			told[service] = sys.Textf("%s %d", server.Software().Name, server.Master.PID)
		}
	}
	return told
}

// ServiceOf names the service that a server is, or is of; empty for one in a container
// that is no service of Compose's.
func (facts *Facts) ServiceOf(server Server) string {
	if container, ok := facts.ContainerOf(server.Master.Cgroup.Container); ok {
		if unit, around := facts.unitAround(container); around {
			return unit.Name
		}
		return facts.ServiceName(container)
	}
	if program, ok := facts.SupervisedBy(server); ok {
		return programPrefix + program.Program
	}
	if unit, ok := facts.RunBy(server); ok {
		if server.WSGI != nil && len(facts.wsgiServices(unit.Name)) > 0 {
			return server.WSGI.ScriptName()
		}
		return unit.Service()
	}
	if service, unasked := facts.ofUnasked(server); unasked {
		return service
	}
	if server.Master.Cgroup.Container != "" {
		return ""
	}
	if unit, ok := facts.unitForAddress(server); ok {
		return unit.Name
	}
	return processPrefix + strconv.Itoa(server.Master.PID)
}

// unitForAddress is the unit that is configured to bind where an unmanaged server of the same app
// listens: what keeps it from doing so is its orphan.
func (facts *Facts) unitForAddress(server Server) (Unit, bool) {
	for _, unit := range facts.Units.Value {
		settings := unit.Wrapped.Merge(unit.Settings)
		if !unit.Serves || unit.ActiveState == "inactive" && !unit.LeftOver(server) || server.bornIn(unit.Name) && !unit.LeftOver(server) || settings.App == "" || settings.App != server.Settings.App || !besideIn(unit.WorkingDirectory, server.Master.Directory) {
			continue
		}
		for _, bind := range settings.Bind {
			address := BindAddress(bind, unit.WorkingDirectory)
			if address != "" && slices.ContainsFunc(facts.ListenersOf(server), func(listener proc.Listener) bool {
				return Reaches(address, listener) || SameBind(address, ListenerAddress(listener))
			}) {
				return unit, true
			}
		}
	}
	return Unit{}, false
}

// besideIn tells whether a directory is of the deployment that another one belongs to: in
// it, or one of the releases beside it or below what it lies in. What lies directly below
// /srv or /opt is a deployment of its own.
func besideIn(directory, other string) bool {
	if directory == "" || directory == "/" || other == "" {
		return false
	}
	parent := path.Dir(directory)
	return sys.Within(directory, other) || strings.Count(parent, "/") > 1 && sys.Within(parent, other)
}

// heldBy names the Gunicorns that are in a unit's control group, and that nothing runs.
func (facts *Facts) heldBy(unit Unit) []string {
	var held []string
	for _, server := range facts.Processes.Value.Servers {
		if server.bornIn(unit.Name) && facts.IsUnmanaged(server) {
			held = append(held, facts.ServiceOf(server))
		}
	}
	return held
}

// chooseBehindURL takes whoever answers the URL that was given, and nobody else: another
// service that happens to be the only one is not the site.
func chooseBehindURL(facts *Facts) (Target, error) {
	answering, elsewhere, untraced := facts.behindURL()
	switch {
	case len(answering) > 0:
		return chooseFrom(facts, answering, sys.Textf("several services answer %s", facts.Options.URL))
	case elsewhere != "" && facts.Processes.Value.Host != nil && len(candidateServices(facts)) == 0:
		return Target{}, nothingFound(facts)
	case elsewhere != "":
		return Target{}, &TargetError{
			Problem:  sys.Textf("%s leads to no service of this box: %s", facts.Options.URL, elsewhere),
			Hint:     "name the service that ought to answer: flasktui check SERVICE --url URL",
			Services: facts.ofComposeFile(candidateServices(facts)),
		}
	}
	target, err := chooseCandidate(facts)
	target.Untraced = untraced
	return target, err
}

// behindURL are the services that answer the URL. Without any, elsewhere says where it leads
// to instead, or else untraced why that could not be told.
func (facts *Facts) behindURL() (services []string, elsewhere, untraced sys.Text) {
	parsed, err := url.Parse(facts.Options.URL)
	if err != nil {
		return nil, "", "the URL could not be read"
	}
	for _, server := range facts.Processes.Value.Servers {
		if facts.listensFor(server, parsed) && facts.answersFor(server, parsed) {
			services = append(services, facts.ServiceOf(server))
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
		if to, redirects := location.RedirectsTo(); redirects {
			return nil, "", sys.Textf("Nginx redirects it to %s", to)
		}
		return nil, "Nginx passes it on to nobody", ""
	}
	backends := facts.throughNginx(facts.BackendAddresses(*location), parsed.Hostname())
	for _, backend := range backends {
		for _, server := range facts.ServersAt(backend) {
			services = append(services, facts.ServiceOf(server))
		}
	}
	if services = distinct(services); len(services) > 0 {
		return services, "", ""
	}
	where := strings.Join(backends, ", ")
	if slices.ContainsFunc(backends, facts.ListensAt) {
		return nil, "", sys.Textf("Nginx sends it to %s, and what listens there is no server of Python apps that was seen", where)
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

// listensFor tells whether a server itself listens at a URL's port, for that host. A name
// may lead to any address of the box.
func (facts *Facts) listensFor(server Server, parsed *url.URL) bool {
	host, port := parsed.Hostname(), portOf(parsed)
	_, err := netip.ParseAddr(host)
	isAddress := err == nil || host == "localhost"
	return slices.ContainsFunc(facts.ListenersOf(server), func(listener proc.Listener) bool {
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
