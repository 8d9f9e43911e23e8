// Package box is what is true of the box that was looked at, worked out once from the
// facts: which release should run, what each process holds, who serves the site and how,
// and who manages the service. It knows no cause and no step; whatever else judges asks
// here, so that one question has one answer.
//
// It knows the facts and nothing above them. Begin with New and the fields of Box, then way.go,
// process.go and manager.go.
package box

import "flasktui/steps/facts"

// Box is the facts with what every judgement needs worked out from them once. It is
// never changed after New.
type Box struct {
	*facts.Facts
	Unit    facts.Unit
	HasUnit bool
	// Server is the service's own server; Running says that there is one.
	Server  facts.Server
	Running bool
	// Preload: the master imports the app; PreloadKnown is false where that could not
	// be told.
	Preload, PreloadKnown bool
	// Loaders are the processes that imported the app, with what they imported.
	Loaders []Loader
	// Change is when the code that should run came to be as it is.
	Change CodeChange
	// Serving are the servers behind the address that Nginx (or the visitor) asks,
	// whosever they are.
	Serving []facts.Server
	// Backends are the addresses that Nginx sends the site's requests to.
	Backends []string
}

// New works out what the facts say; with facts still missing, as much as is there.
func New(known *facts.Facts) *Box {
	b := &Box{Facts: known}
	b.Unit, b.HasUnit = known.TargetUnit()
	b.Server, b.Running = known.Main()
	b.Preload, b.PreloadKnown = known.Settings.Value.Preloads()
	if !known.Settings.Known || !b.Preload && b.mayBeToldMore() {
		b.PreloadKnown = false
	}
	b.readBackends()
	b.Change = b.codeChange()
	b.Loaders = b.readLoaders()
	return b
}

// As is the box with another of its services in the place of the examined one, as far as it was
// seen in the same look; ok is false where it was not. The examined service is itself by any
// name, the empty one too.
func (b *Box) As(service string) (other *Box, ok bool) {
	if service == "" || service == b.Target.Service {
		return b, true
	}
	seen, ok := b.Facts.As(service)
	if !ok {
		return nil, false
	}
	return New(seen), true
}

// mayBeToldMore tells whether the master's environment, which may not be read, can hold
// arguments for Gunicorn that no command line or file shows.
func (b *Box) mayBeToldMore() bool {
	master := b.Server.Master
	return b.Running && b.Server.IsGunicorn() && master.Unreadable["environ"] != "" && !master.Titled && master.Cgroup.Container == "" && !b.ArgumentsOnlyFromCommand()
}

// readBackends finds who answers the site's requests.
func (b *Box) readBackends() {
	address := b.Site.Value.Address
	b.Backends = b.SiteBackends(address)
	if len(b.Backends) == 0 && address.Location == nil {
		b.Backends = b.Settings.Value.Wanted
	}
	seen := map[int]bool{}
	for _, backend := range b.Backends {
		for _, server := range b.ServersAt(backend) {
			if !seen[server.Master.PID] {
				seen[server.Master.PID] = true
				b.Serving = append(b.Serving, server)
			}
		}
	}
}

// IsOwn tells whether a server belongs to the examined service.
func (b *Box) IsOwn(server facts.Server) bool {
	for _, own := range b.Own() {
		if own.Master.PID == server.Master.PID {
			return true
		}
	}
	return false
}
