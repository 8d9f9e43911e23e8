package box

import (
	"cmp"
	"net"
	"net/netip"
	"slices"

	"flasktui/steps/facts"
	"flasktui/sys"
)

// HeldBy is what any server of the same deployment holds: of its processes, the one that
// decides, stale before undetermined before current.
func (b *Box) HeldBy(server facts.Server) Loader {
	main, role := server.Roles()
	loaders := server.Workers
	preloads, known := server.Settings.Preloads()
	switch {
	case len(loaders) == 0 || known && preloads:
		loaders, role = []facts.Process{server.Master}, main
	case !known && !server.IsGunicorn():
		loaders = append(slices.Clone(loaders), server.Master)
	}
	weight := func(state State) int { return slices.Index([]State{Current, Undetermined, Stale}, state) }
	var decides Loader
	for _, process := range loaders {
		one := b.JudgeLoader(process, role)
		if !b.InDeployment(process.Directory) {
			one = Loader{Process: process, Role: role, State: Undetermined, Why: sys.Textf("it runs in %s, which is not where the service takes its code from", cmp.Or(process.Directory, "a directory that could not be read"))}
		}
		one.master = server.Master.PID
		if decides.State == "" || weight(one.State) > weight(decides.State) {
			decides = one
		}
	}
	return decides
}

// Orphans are servers that nothing runs, of the unit's own app, at an address that the
// unit itself is set to bind. What holds another address is none, whoever asks there; the one
// exception is a name of Nginx's that leads to the unit's address and to the other family's
// beside it (G15). Another app at the unit's address is another site: to end it would take
// that down.
func (b *Box) Orphans() []Orphan {
	if !b.HasUnit || !b.Unit.Serves || b.Unit.LoadState != "loaded" {
		return nil
	}
	var orphans []Orphan
	for _, server := range b.Processes.Value.Servers {
		one := Orphan{
			Server:   server,
			LeftOver: b.Unit.LeftOver(server),
		}
		if b.Unit.Owner != nil && !server.Master.OwnedBy(int(b.Unit.Owner.UID)) {
			// A user's unit names nobody else's process.
			continue
		}
		if !b.IsUnmanaged(server) || server.Replaces != 0 || !one.LeftOver && !b.runsSameApp(server) {
			continue
		}
		if !one.LeftOver && b.IsStopped() {
			one.Doubt = sys.Textf("%s is stopped, and did not fail: the process may stand in for it on purpose", b.Unit.Name)
		} else if restarter := b.Restarter(server); restarter != "" {
			one.Doubt = restarter + " may start it again"
		} else if !b.Supervised.Known {
			one.Doubt = "whether supervisord runs it could not be read"
		} else if server.Master.Directory == "" && !one.LeftOver {
			one.Doubt = "which directory it runs from could not be read"
		}
		for _, wanted := range b.Settings.Value.Wanted {
			if b.HoldsAny(server, []string{wanted}) {
				one.At = wanted
				break
			}
		}
		if one.At == "" {
			one.By = b.nameOfBoth(server)
		}
		if one.At != "" || one.By != "" {
			orphans = append(orphans, one)
		}
	}
	return orphans
}

// HoldsAny tells whether a server listens at one of the addresses.
func (b *Box) HoldsAny(server facts.Server, addresses []string) bool {
	for _, listener := range b.ListenersOf(server) {
		for _, address := range addresses {
			if facts.Reaches(address, listener) || facts.SameBind(address, facts.ListenerAddress(listener)) {
				return true
			}
		}
	}
	return false
}

// Orphan is a server that nothing runs, at the address of a unit that is to run the same
// app.
type Orphan struct {
	facts.Server
	// LeftOver says that it is in the unit's own control group, from an earlier start.
	LeftOver bool
	// At is the unit's address that it holds; By says, of one that holds another address,
	// which name of Nginx's leads to both.
	At, By string
	// Doubt is why it may not be ended, or would not stay so; empty for none.
	Doubt sys.Text
}

// runsSameApp tells whether a server was started with the examined service's app, in its
// deployment. A worker without a master, or a titled process, shows no app: its directory
// alone counts then.
func (b *Box) runsSameApp(server facts.Server) bool {
	app, directory := server.Settings.App, server.Master.Directory
	_, isRelease := b.Deployment.Value.ReleaseOf(directory)
	switch {
	case directory == "":
		return app != "" && app == b.Settings.Value.App
	case app != "" && app != b.Settings.Value.App:
		return false
	}
	return isRelease || b.InDeployment(directory)
}

// nameOfBoth is a name in the site's block of Nginx's that leads to the unit's own address
// and to one that a server holds; empty for none.
func (b *Box) nameOfBoth(server facts.Server) string {
	location := b.Site.Value.Address.Location
	if location == nil || b.Site.Value.Address.Guessed {
		return ""
	}
	for _, backend := range b.SiteNginx().Value.Backends(*location) {
		host, port, err := net.SplitHostPort(backend.Address)
		if _, literal := netip.ParseAddr(host); err != nil || literal == nil {
			continue
		}
		var addresses []string
		for _, address := range b.BackendNames()[host] {
			addresses = append(addresses, net.JoinHostPort(address, port))
		}
		own := slices.ContainsFunc(b.Settings.Value.Wanted, func(wanted string) bool {
			return slices.ContainsFunc(addresses, func(address string) bool { return facts.SameBind(address, wanted) })
		})
		if own && b.HoldsAny(server, addresses) {
			return backend.Address
		}
	}
	return ""
}

// JudgeBackground asks of a background process what it holds. It may have started anywhere
// and have gone to the app since.
func (b *Box) JudgeBackground(process facts.Background) Loader {
	one := process.Process
	one.Directory = cmp.Or(one.Directory, process.Release)
	return b.JudgeLoader(one, "background process")
}
