package box

import "flasktui/sys"

// Untraced is why it is not known whether the examined service is who answers the URL that
// was given; empty where it is.
func (b *Box) Untraced() sys.Text {
	site := b.Site.Value
	if b.Target.Untraced == "" || site.Address.Location != nil && b.ReachesOwn() || SameAnswer(site.Public.Home, site.App.Home) || b.doorLeadsHere() {
		return ""
	}
	return sys.Textf("whether %s is what answers %s could not be told: %s", b.Target.Service, b.Options.URL, b.Target.Untraced)
}
