package facts

import (
	"testing"

	"flasktui/sys/nginx"
)

// TestMount: below which path visitors meet the app, and by which paths it is asked then.
func TestMount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		address         SiteAddress
		outside, inside string
	}{
		"at the root":               {SiteAddress{URL: "http://a/", Location: &nginx.Location{Path: "/", Pass: "http://app"}}, "/version", "/version"},
		"below a path":              {SiteAddress{URL: "http://a/shop/", Location: &nginx.Location{Path: "/shop/", Pass: "http://app"}}, "/shop/version", "/shop/version"},
		"the path is taken off":     {SiteAddress{URL: "http://a/shop/", Location: &nginx.Location{Path: "/shop/", Pass: "http://app/"}}, "/shop/version", "/version"},
		"without a slash":           {SiteAddress{URL: "http://a/shop", Location: &nginx.Location{Path: "/shop", Pass: "http://app"}}, "/shop/version", "/shop/version"},
		"by an expression":          {SiteAddress{URL: "http://a/", Location: &nginx.Location{Match: "~", Path: "^/(shop|cart)", Pass: "http://app"}}, "/version", "/version"},
		"no Nginx, a URL's path":    {SiteAddress{URL: "http://a/shop/"}, "/shop/version", "/shop/version"},
		"no Nginx, a page of a URL": {SiteAddress{URL: "http://a/shop/cart"}, "/version", "/version"},
	} {
		mount := test.address.mount()
		if got := mount.outside("/version"); got != test.outside || mount.outside(got) != got || mount.inside(got) != test.inside {
			t.Errorf("%s: %s outside, %s inside", name, got, mount.inside(got))
		}
	}
}
