package facts

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"flasktui/sys"
	"flasktui/sys/web"
)

// Site is what the app answers when it is asked at its own socket, what Nginx answers on
// the box, and what the public address answers.
type Site struct {
	Address SiteAddress `json:"address"`
	// VersionPath is where the release marker was asked for.
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
	// base is the URL that it is asked for, where that is not the site's.
	base string
}

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
	ServiceWorker bool  `json:"service_worker,omitempty"`
	TookMS        int64 `json:"took_ms"`
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

// AskTimeout bounds one request; a backend that hangs must not hold the rest up.
const AskTimeout = 3 * time.Second

// mostAsked bounds how often the app is asked, however many workers it has.
const mostAsked = 34

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
	appAddress, appProblem := known.appAddress()
	site.App = placeToAsk(appAddress, appProblem)
	site.Nginx = placeToAsk(site.Address.Local, site.Address.Problem)
	site.Public = placeToAsk(site.Address.Public, "no public address is known; pass --url")
	times := min(2*workersOf(known)+2, mostAsked)
	through := 2
	if location := site.Address.Location; location != nil && len(known.BackendAddresses(*location)) > 1 {
		through = times
	}
	var group sync.WaitGroup
	// Gunicorn at its own socket speaks plain HTTP, whatever the world outside is told;
	// so does an Nginx behind something else that ends TLS.
	site.App.how, site.Nginx.how = asking{plain: true}, site.Address.asking()
	group.Go(func() { look.ask(ctx, site.VersionPath, site.Address.URL, &site.App, times, false) })
	group.Go(func() { look.ask(ctx, site.VersionPath, site.Address.URL, &site.Nginx, through, true) })
	group.Go(func() { look.ask(ctx, site.VersionPath, site.Address.URL, &site.Public, 2, true) })
	site.Others = known.otherBlocks(site.Address)
	for index := range site.Others {
		other := &site.Others[index]
		group.Go(func() { look.ask(ctx, site.VersionPath, other.Address.URL, &other.Asked, 2, true) })
	}
	site.Backends = known.otherBackends(site.Address)
	for index := range site.Backends {
		asked := &site.Backends[index].Asked
		group.Go(func() { look.ask(ctx, site.VersionPath, site.Address.URL, asked, 2, false) })
	}
	site.Doors = look.doors(ctx, known, site.Address)
	for index := range site.Doors {
		asked := &site.Doors[index].Asked
		// Several backends behind it would answer in turn.
		group.Go(func() { look.ask(ctx, site.VersionPath, asked.base, asked, times, true) })
	}
	if len(site.Doors) > 0 {
		site.Copies = known.copies()
	}
	for index := range site.Copies {
		asked := &site.Copies[index].Asked
		group.Go(func() { look.ask(ctx, site.VersionPath, site.Address.URL, asked, 2, false) })
	}
	group.Wait()
	if len(site.Doors) > 0 {
		nobodys := "/flasktui-" + look.machine.Now().Format("20060102150405.000000")
		look.askNobodys(ctx, nobodys, site.Address.URL, &site.App)
		for index := range site.Doors {
			look.askNobodys(ctx, nobodys, site.Doors[index].Asked.base, &site.Doors[index].Asked)
		}
	}
	return func(facts *Facts) { facts.Site = Of(site, "GET "+site.VersionPath) }
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

// ask sends the requests to one place, one after another: the order is what tells a flip
// from a change.
func (look *look) ask(ctx context.Context, versionPath, base string, asked *Asked, times int, throughCaches bool) {
	if asked.Where == "" {
		return
	}
	how := asked.how
	for range times {
		answer := look.get(ctx, asked.Where, withPath(base, versionPath), how)
		if ctx.Err() != nil {
			// It may well have answered a moment later: this is no outage.
			asked.Why, asked.Problem = WhyTimedOut, "the time was up before it had answered"
			break
		}
		asked.Version = append(asked.Version, answer)
		if answer.Problem != "" {
			asked.Why, asked.Problem = answer.Why, answer.Problem
			break
		}
		if answer.Status == http.StatusNotFound {
			break
		}
	}
	if asked.Problem != "" {
		return
	}
	home := 1
	switch named := slices.ContainsFunc(asked.Version, func(answer Answer) bool { return answer.Marker.Value != "" }); {
	case !throughCaches:
		home = 2
	case !named:
		// The page alone shows who answers.
		home = times
	}
	for range home {
		asked.Home = append(asked.Home, look.get(ctx, asked.Where, base, how))
	}
	if throughCaches {
		asked.Busted = append(asked.Busted,
			look.get(ctx, asked.Where, bust(withPath(base, versionPath), look.machine.Now()), how),
			look.get(ctx, asked.Where, bust(base, look.machine.Now()), how))
		look.askAgain(ctx, versionPath, base, asked)
	}
}

// askAgain asks a place again, plainly and past the caches, where the first two answers look as
// if a cache gave one of them: two backends that take turns, by chance or by number, cannot
// look so each time.
func (look *look) askAgain(ctx context.Context, versionPath, base string, asked *Asked) {
	const rounds = 5
	if asked.Busted[0].Marker.Value != asked.Version[0].Marker.Value {
		for range rounds {
			asked.Version = append(asked.Version, look.get(ctx, asked.Where, withPath(base, versionPath), asked.how))
		}
	}
	differs := func() bool {
		plain, busted := asked.Home[len(asked.Home)-1], asked.Busted[len(asked.Busted)-1]
		return plain.Status == http.StatusOK && busted.Status == http.StatusOK && plain.SHA256 == asked.Home[0].SHA256 && plain.SHA256 != busted.SHA256
	}
	for round := 0; round < rounds && differs(); round++ {
		plain := func() { asked.Home = append(asked.Home, look.get(ctx, asked.Where, base, asked.how)) }
		busted := func() {
			asked.Busted = append(asked.Busted, look.get(ctx, asked.Where, bust(base, look.machine.Now()), asked.how))
		}
		if round%2 == 0 {
			busted()
			plain()
		} else {
			plain()
			busted()
		}
	}
}

// askNobodys asks for a path that nobody has.
func (look *look) askNobodys(ctx context.Context, path, base string, asked *Asked) {
	if asked.Where != "" && asked.Problem == "" {
		asked.NotFound = append(asked.NotFound, look.get(ctx, asked.Where, withPath(base, path), asked.how))
	}
}

// asking is how a place is asked: plain without TLS even for an https URL, behind a PROXY
// header, gzip for a compressed answer.
type asking struct{ plain, proxied, gzip bool }

// get asks once. The place is dialled, the URL only names host and path.
func (look *look) get(ctx context.Context, where, address string, how asking) Answer {
	network, target := DialAddress(where)
	header := http.Header{}
	if parsed, err := url.Parse(address); err == nil && parsed.Scheme == "https" {
		// An app that redirects to https must not take us for plain http when it
		// is asked at its own socket.
		header.Set("X-Forwarded-Proto", "https")
		if how.plain {
			parsed.Scheme = "http"
			address = parsed.String()
		}
	}
	response, err := web.Fetch(ctx, look.machine, web.Request{
		URL: address, Network: network, Address: target, Header: header,
		ProxyProtocol: how.proxied, Gzip: how.gzip, Timeout: AskTimeout,
	})
	if err != nil {
		silent := response.Connected && errors.Is(err, context.DeadlineExceeded)
		return Answer{Why: whyOf(err), Problem: sys.Safe(err.Error()), Silent: silent, Cache: web.CacheAnswer{Age: -1, MaxAge: -1}}
	}
	answer := Answer{
		Status: response.Status, SHA256: response.SHA256, Length: response.Length, TLSError: response.TLSError,
		Marker: web.ReadMarker(response), Cache: web.ReadCacheHeaders(response.Header), Headers: map[string]string{},
		TookMS: response.Took.Milliseconds(),
	}
	for _, name := range shownHeaders() {
		if value := response.Header.Get(name); value != "" {
			answer.Headers[name] = string(sys.Safe(value))
		}
	}
	answer.ServiceWorker = strings.Contains(string(response.Body), "serviceWorker.register")
	return answer
}

func withPath(base, path string) string {
	parsed, err := url.Parse(base)
	if err != nil {
		return base
	}
	parsed.Path, parsed.RawQuery = path, ""
	if before, query, found := strings.Cut(path, "?"); found {
		parsed.Path, parsed.RawQuery = before, query
	}
	return parsed.String()
}

// bust adds a query that no cache can have seen.
func bust(address string, now time.Time) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	query := parsed.Query()
	query.Set("flasktui", now.Format("20060102150405.000"))
	parsed.RawQuery = query.Encode()
	return parsed.String()
}
