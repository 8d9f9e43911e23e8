package facts

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"flasktui/sys"
	"flasktui/sys/nginx"
	"flasktui/sys/web"
)

// Site is what the app answers when it is asked at its own socket, what Nginx answers on
// the box, and what the public address answers.
type Site struct {
	Address SiteAddress `json:"address"`
	// VersionPath is where the release marker was asked for, as visitors would; VersionAt says
	// where it was at one place.
	VersionPath string `json:"version_path"`
	App         Asked  `json:"app"`
	Nginx       Asked  `json:"nginx"`
	Public      Asked  `json:"public"`
	// Others are the further server blocks that lead to the service.
	Others []OtherBlock `json:"others,omitempty"`
	// Backends are those that requests for the site may go to besides the service's own, each
	// asked at its own socket.
	Backends []Backend `json:"backends,omitempty"`
	// Doors are the programs other than Nginx that listen where visitors come in, and Copies
	// other servers of the same code on this box, to one of which a door may lead.
	Doors  []Door    `json:"doors,omitempty"`
	Copies []Backend `json:"copies,omitempty"`
}

// OtherBlock is a server block that leads to the service beside the one of the site:
// another name, or an Nginx before it. Only one that may answer otherwise is asked.
type OtherBlock struct {
	Address SiteAddress `json:"address"`
	Asked   Asked       `json:"asked"`
}

// Asked is one place that was asked.
type Asked struct {
	// Where is the address that was dialled; empty where there was none to ask. Why is of
	// what kind the reason is where no answer came, and Problem puts it in words.
	Where   string   `json:"where,omitempty"`
	Why     Why      `json:"why,omitempty"`
	Problem sys.Text `json:"problem,omitempty"`
	// Version are the answers at VersionPath, as often as it takes to meet every
	// worker; Home those at the URL's path, Busted with a query that no cache has
	// seen: the first at VersionPath, the others at the URL's.
	Version []Answer `json:"version"`
	Home    []Answer `json:"home"`
	Busted  []Answer `json:"busted"`
	// NotFound is the answer for a path that nobody has; asked only where Doors are compared.
	NotFound []Answer `json:"not_found,omitempty"`
	how      asking
	// Path is where the marker was asked for, where that is not the site's VersionPath: Nginx
	// may hand requests on by another path.
	Path string `json:"path,omitempty"`
	// base is the URL that it is asked for, where that is not the site's.
	base string
}

// VersionAt is the path at which one place was asked for the marker.
func (site Site) VersionAt(asked Asked) string { return cmp.Or(asked.Path, site.VersionPath) }

// Pages are the answers at the URL's path, those past the caches too.
func (asked Asked) Pages() []Answer {
	return slices.Concat(asked.Home, asked.Busted[min(1, len(asked.Busted)):])
}

// TLSError is why its certificate is not to be trusted; empty where it is, or has none.
func (asked Asked) TLSError() string {
	for _, answer := range slices.Concat(asked.Version, asked.Home) {
		if answer.TLSError != "" {
			return answer.TLSError
		}
	}
	return ""
}

// Answer is one response, or why there was none.
type Answer struct {
	Why     Why      `json:"why,omitempty"`
	Problem sys.Text `json:"problem,omitempty"`
	// Silent: somebody took the connection, and did not answer within AskTimeout.
	Silent   bool              `json:"silent,omitempty"`
	Status   int               `json:"status,omitempty"`
	SHA256   string            `json:"sha256,omitempty"`
	Marker   web.Marker        `json:"marker"`
	Cache    web.CacheAnswer   `json:"cache"`
	Headers  map[string]string `json:"headers"`
	TLSError string            `json:"tls_error,omitempty"`
	Length   int64             `json:"length"`
	// ServiceWorker says that the page registers one: a cache in the browser that
	// no box can see (G39).
	ServiceWorker bool `json:"service_worker,omitempty"`
	// Assets are the paths of the site's own files that the page names.
	Assets []string `json:"assets,omitempty"`
	TookMS int64    `json:"took_ms"`
}

// Answered tells any answer from none.
func (answer Answer) Answered() bool { return answer.Problem == "" }

// OK tells an answer from the app, whatever its status, from none or from a gateway's
// "there is nobody behind me".
func (answer Answer) OK() bool {
	return answer.Problem == "" && answer.Status != http.StatusBadGateway &&
		answer.Status != http.StatusServiceUnavailable && answer.Status != http.StatusGatewayTimeout
}

// shownHeaders tell which server or cache answered; nothing else of a response is kept.
func shownHeaders() []string {
	return []string{
		"Server", "Age", "Via", "X-Cache", "X-Cache-Status", "Cf-Cache-Status", "Cache-Status", "Cache-Control",
		"Etag", "Last-Modified", "Content-Encoding", "Content-Type", "Location", "X-Served-By", "Vary",
	}
}

// GroupSite is what the app, Nginx and the public address answer.
func GroupSite() Group {
	return Group{
		name: "site", words: "the site's answers",
		needs:  []func() Group{GroupFront, GroupSettings},
		read:   (*look).readSite,
		fields: []field{fieldOf("", func(facts *Facts) *Fact[Site] { return &facts.Site })},
	}
}

func (look *look) readSite(ctx context.Context, known *Facts) func(*Facts) {
	site := Site{Address: known.siteAddress(), VersionPath: known.Options.VersionPath}
	if site.VersionPath == "" {
		site.VersionPath = DefaultVersionPath
	}
	mount := site.Address.mount()
	plainVersion := site.VersionPath
	site.VersionPath = mount.outside(plainVersion)
	appAddress, appProblem := known.appAddress()
	site.App = placeToAsk(appAddress, appProblem)
	site.Nginx = placeToAsk(site.Address.Local, site.Address.Problem)
	site.Public = placeToAsk(site.Address.Public, "no public address is known; pass --url")
	times := min(2*workersOf(known)+2, mostAsked)
	through := 2
	if location := site.Address.Location; location != nil && len(known.BackendAddresses(*location)) > 1 {
		through = times
	}
	// What is asked side by side must not look at the site, which the others fill.
	address, version := site.Address.URL, site.VersionPath
	var group sync.WaitGroup
	// Gunicorn at its own socket speaks plain HTTP, whatever the world outside is told;
	// so does an Nginx behind something else that ends TLS.
	site.App.how, site.Nginx.how = asking{plain: true, header: mount.headers}, site.Address.asking()
	site.App.speak(known)
	group.Go(func() { look.askApp(ctx, mount, address, version, plainVersion, &site.App, times) })
	group.Go(func() { look.ask(ctx, version, address, &site.Nginx, through, true) })
	group.Go(func() { look.ask(ctx, version, address, &site.Public, 2, true) })
	site.Others = known.otherBlocks(site.Address)
	for index := range site.Others {
		other := &site.Others[index]
		group.Go(func() { look.ask(ctx, version, other.Address.URL, &other.Asked, 2, true) })
	}
	site.Backends = known.otherBackends(site.Address)
	for index := range site.Backends {
		asked := &site.Backends[index].Asked
		asked.how.header = mount.headers
		group.Go(func() { look.askApp(ctx, mount, address, version, plainVersion, asked, 2) })
	}
	site.Doors = look.doors(ctx, known, site.Address)
	for index := range site.Doors {
		asked := &site.Doors[index].Asked
		// Several backends behind it would answer in turn.
		group.Go(func() { look.ask(ctx, version, asked.base, asked, times, true) })
	}
	if len(site.Doors) > 0 {
		site.Copies = known.copies()
	}
	for index := range site.Copies {
		asked := &site.Copies[index].Asked
		group.Go(func() { look.askApp(ctx, mount, address, version, plainVersion, asked, 2) })
	}
	group.Wait()
	for _, door := range look.sentOn(ctx, known, site) {
		look.ask(ctx, version, door.Asked.base, &door.Asked, times, true)
		site.Doors = append(site.Doors, door)
	}
	if len(site.Doors) > 0 {
		nobodys := "/flasktui-" + look.machine.Now().Format("20060102150405.000000")
		look.askNobodys(ctx, nobodys, site.Address.URL, &site.App)
		for index := range site.Doors {
			look.askNobodys(ctx, nobodys, site.Doors[index].Asked.base, &site.Doors[index].Asked)
		}
	}
	return func(facts *Facts) { facts.Site = Of(site, "GET "+site.VersionPath) }
}

// sentOn are the doors of this box to which visitors of a URL that was given are sent from
// another one: from http to https, mostly.
func (look *look) sentOn(ctx context.Context, known *Facts, site Site) []Door {
	var further []Door
	for _, door := range site.Doors {
		port := door.RedirectPort()
		if !site.Address.Given || port == 0 || port == door.Port || !strings.EqualFold(door.redirect().Hostname(), hostOf(site.Address.URL)) {
			continue
		}
		if one, asks := look.doorAt(ctx, known, *door.redirect()); asks {
			further = append(further, one)
		}
	}
	return further
}

func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Hostname()
}

// speak has a place of an app asked in what it speaks.
func (asked *Asked) speak(known *Facts) {
	if asked.Where == "" {
		return
	}
	protocol, unspoken := known.spokenAt(asked.Where)
	if unspoken != "" {
		*asked = placeToAsk("", sys.Textf("it is spoken to by %s, which flasktui does not speak", unspoken))
		return
	}
	asked.how.protocol = protocol
}

// placeToAsk is a place before it is asked; problem says why, where there is none.
func placeToAsk(where string, problem sys.Text) Asked {
	if where == "" {
		return Asked{Why: WhyNotAsked, Problem: problem}
	}
	return Asked{Where: where}
}

func workersOf(known *Facts) int {
	workers := known.Settings.Value.Workers
	if main, ok := known.Main(); ok && len(main.Workers) > 0 {
		workers = len(main.Workers)
	}
	return max(workers, 1)
}

// appAddress is the socket of the service itself.
func (facts *Facts) appAddress() (address string, problem sys.Text) {
	if main, ok := facts.Main(); ok {
		for _, listener := range facts.ListenersOf(main) {
			return reachable(ListenerAddress(listener)), ""
		}
	}
	for _, wanted := range facts.Settings.Value.Wanted {
		return reachable(wanted), ""
	}
	return "", "no socket of the service is known"
}

// reachable turns an address that is bound everywhere into one that can be dialled.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil || strings.HasPrefix(address, unixPrefix) {
		return address
	}
	switch host {
	case "0.0.0.0", "*", "":
		host = "127.0.0.1"
	case "::":
		host = "::1"
	}
	return net.JoinHostPort(host, port)
}

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
func (look *look) askApp(ctx context.Context, mount mount, address, versionPath, plainVersion string, asked *Asked, times int) {
	page := "/"
	if parsed, err := url.Parse(address); err == nil && parsed.Path != "" {
		page = parsed.Path
	}
	asked.base, asked.Path = withPath(address, mount.inside(page)), mount.inside(versionPath)
	look.ask(ctx, asked.Path, asked.base, asked, times, false)
	if missing := func(answer Answer) bool { return answer.Status == http.StatusNotFound }; mount.path != "" && asked.Problem == "" &&
		slices.ContainsFunc(asked.Version, missing) && asked.Path != plainVersion {
		atRoot := Asked{Where: asked.Where, how: asked.how, Path: plainVersion, base: asked.base}
		if slices.ContainsFunc(asked.Home, missing) {
			atRoot.base = withPath(address, "/")
		}
		look.ask(ctx, plainVersion, atRoot.base, &atRoot, times, false)
		if !slices.ContainsFunc(atRoot.Version, missing) || !slices.ContainsFunc(atRoot.Home, missing) {
			*asked = atRoot
		}
	}
	if asked.Path == versionPath {
		asked.Path = ""
	}
}
