package facts

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"flasktui/sys/nginx"
)

// mount is the path below which visitors meet the app, "/shop", and how requests for it reach
// the app: the zero value for one at the root of its host.
type mount struct {
	path     string
	location *nginx.Location
	// headers are those by which Nginx tells the app of the path.
	headers map[string]string
}

// mount is that of the location which sends requests to the service; without one, a URL that
// ends in a slash names it.
func (address *SiteAddress) mount() mount {
	if location := address.Location; location != nil {
		if location.Match != "" && location.Match != "^~" || location.Pass == "" {
			return mount{location: location, headers: location.Headers}
		}
		return mount{path: strings.TrimSuffix(location.Path, "/"), location: location, headers: location.Headers}
	}
	parsed, err := url.Parse(address.URL)
	if err != nil || !strings.HasSuffix(parsed.Path, "/") {
		return mount{}
	}
	return mount{path: strings.TrimSuffix(parsed.Path, "/")}
}

// outside is the path that visitors type for one of the app's own.
func (mount mount) outside(path string) string {
	if mount.path == "" || path == mount.path || strings.HasPrefix(path, mount.path+"/") {
		return path
	}
	return mount.path + path
}

// inside is the path that the app is asked by for one that visitors type.
func (mount mount) inside(path string) string {
	if mount.location == nil {
		return path
	}
	return mount.location.Handed(path)
}

// askApp asks the app itself: by the paths by which requests reach it, or where it knows nothing
// there, by those that it has at the root of its host.
func (look *look) askApp(ctx context.Context, mount mount, plainVersion string, site Site, asked *Asked, times int) {
	page := "/"
	if parsed, err := url.Parse(site.Address.URL); err == nil && parsed.Path != "" {
		page = parsed.Path
	}
	asked.base, asked.Path = withPath(site.Address.URL, mount.inside(page)), mount.inside(site.VersionPath)
	look.ask(ctx, asked.Path, asked.base, asked, times, false)
	if missing := func(answer Answer) bool { return answer.Status == http.StatusNotFound }; mount.path != "" && asked.Problem == "" &&
		slices.ContainsFunc(asked.Version, missing) && asked.Path != plainVersion {
		atRoot := Asked{Where: asked.Where, how: asked.how, Path: plainVersion, base: asked.base}
		if slices.ContainsFunc(asked.Home, missing) {
			atRoot.base = withPath(site.Address.URL, "/")
		}
		look.ask(ctx, plainVersion, atRoot.base, &atRoot, times, false)
		if !slices.ContainsFunc(atRoot.Version, missing) || !slices.ContainsFunc(atRoot.Home, missing) {
			*asked = atRoot
		}
	}
	if asked.Path == site.VersionPath {
		asked.Path = ""
	}
}
