package box

import (
	"slices"
	"strings"

	"flasktui/steps/facts"
	"flasktui/sys"
	"flasktui/sys/nginx"
	"flasktui/sys/web"
)

// SameAnswer tells whether two places gave the same first answer.
func SameAnswer(one, other []facts.Answer) bool {
	return len(one) > 0 && len(other) > 0 && one[0].SHA256 != "" && one[0].SHA256 == other[0].SHA256 && one[0].Status == other[0].Status
}

// ReachesOwn tells whether a backend of the site leads to a socket that the service
// holds, or is meant to hold while it does not run.
func (b *Box) ReachesOwn() bool {
	for _, backend := range b.Backends {
		for _, own := range b.OwnSockets() {
			if facts.SameBind(backend, own) {
				return true
			}
		}
	}
	return false
}

// OwnSockets are where the service really listens; where it does not run, where it would.
func (b *Box) OwnSockets() []string {
	var sockets []string
	for _, server := range b.Own() {
		for _, listener := range b.ListenersOf(server) {
			sockets = append(sockets, facts.ListenerAddress(listener))
		}
	}
	if len(sockets) == 0 {
		sockets = slices.Clone(b.Settings.Value.Wanted)
	}
	if published := b.PublishedAddresses(); len(published) > 0 {
		sockets = append(sockets, published...)
	}
	slices.Sort(sockets)
	return slices.Compact(sockets)
}

// ReachedFromOutside tells an address that others than this box can ask.
func ReachedFromOutside(socket string) bool {
	return !slices.ContainsFunc([]string{"unix:", "127.", "[::1]", "localhost:"}, func(inside string) bool { return strings.HasPrefix(socket, inside) })
}

// FrontMount is a mount of the Nginx's container that holds some of its configuration and
// is not what is on disk any more.
func (b *Box) FrontMount() (facts.MountState, bool) {
	front := b.Front.Value
	for _, mount := range front.Inside.Mounts {
		if !mount.Differs || mount.Same {
			continue
		}
		for _, file := range b.SiteNginx().Value.Files {
			if sys.Within(front.Inside.Root+mount.Destination, file) {
				return mount, true
			}
		}
	}
	return facts.MountState{}, false
}

// PassesToName tells whether a location sends requests to a host name.
func (b *Box) PassesToName(location nginx.Location, host string) bool {
	return slices.ContainsFunc(b.SiteNginx().Value.Backends(location), func(backend nginx.UpstreamServer) bool {
		return strings.HasPrefix(backend.Address, host+":")
	})
}

// NginxInProject is a container of the same Compose project in which an Nginx runs, where
// no server block of the box's own Nginx leads to the service; empty for none.
func (b *Box) NginxInProject() string {
	own, ok := b.TargetContainer()
	if !ok || b.Site.Value.Address.Server != nil {
		return ""
	}
	for _, process := range b.Processes.Value.Nginx {
		for _, container := range b.Containers.Value {
			if container.Identity() == process.Cgroup.Container && container.Project == own.Project && container.Daemon.Is(own.Daemon) && container.ID != own.ID {
				return container.Name
			}
		}
	}
	return ""
}

// CacheHit is the first answer whose headers say that a cache gave it.
func CacheHit(asked facts.Asked) (web.CacheAnswer, bool) {
	for _, answer := range append(slices.Clone(asked.Version), asked.Home...) {
		if answer.Cache.Hit {
			return answer.Cache, true
		}
	}
	return web.CacheAnswer{}, false
}
