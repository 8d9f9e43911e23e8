package causes

import (
	"slices"
	"strings"

	"flasktui/steps/box"
	"flasktui/steps/facts"
)

// nginxSaysOtherwise tells whether the app names one release, and who answers through
// Nginx another, or none.
func nginxSaysOtherwise(b *box.Box) bool {
	app, nginx := b.AppTally().Only(), b.NginxTally()
	_, hit := box.CacheHit(b.Site.Value.Nginx)
	return app != "" && !hit && !cachedByConfiguration(b.Site.Value.Address) && box.BustedMarker(b.Site.Value.Nginx) != app &&
		len(b.Site.Value.Nginx.Version) > 0 && !slices.Contains(nginx.Values, app)
}

// cachedByConfiguration tells whether Nginx keeps what it answers at an address.
func cachedByConfiguration(address facts.SiteAddress) bool {
	location := address.Location
	return location != nil && location.ProxyCache != "" && !strings.EqualFold(location.ProxyCache, "off")
}

// showsWhoListens tells whether the service's processes and their sockets could be read: else
// neither where it listens nor that nothing listens at an address is known.
func showsWhoListens(b *box.Box) bool { return b.SeesOwn() && b.Listeners.Known }
