package facts

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"flasktui/sys"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
	"flasktui/sys/web"
)

// This file is how a place is asked, and how often.

// AskTimeout bounds one request; a backend that hangs must not hold the rest up.
const AskTimeout = 3 * time.Second

// mostAsked bounds how often the app is asked, however many workers it has.
const mostAsked = 34

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
type asking struct {
	plain, proxied, gzip bool
	protocol             protocol
	header               map[string]string
}

// get asks once. The place is dialled, the URL only names host and path.
func (look *look) get(ctx context.Context, where, address string, how asking) Answer {
	network, target := DialAddress(where)
	header := http.Header{}
	for name, value := range how.header {
		header[name] = []string{value}
	}
	if parsed, err := url.Parse(address); err == nil && parsed.Scheme == "https" {
		// An app that redirects to https must not take us for plain http when it
		// is asked at its own socket.
		header.Set("X-Forwarded-Proto", "https")
		if how.plain {
			parsed.Scheme = "http"
			address = parsed.String()
		}
	}
	request := web.Request{
		URL: address, Network: network, Address: target, Header: header,
		ProxyProtocol: how.proxied, Gzip: how.gzip, UWSGI: how.protocol == speaksUWSGI, Timeout: AskTimeout,
	}
	response, err := web.Fetch(ctx, look.machine, request)
	if how.protocol == speaksEither && err != nil && response.Connected && !errors.Is(err, context.DeadlineExceeded) {
		request.UWSGI = true
		response, err = web.Fetch(ctx, look.machine, request)
	}
	if err != nil {
		silent := response.Connected && errors.Is(err, context.DeadlineExceeded)
		return Answer{Why: whyOf(err), Problem: sys.ErrorText(err), Silent: silent, Cache: web.CacheAnswer{Age: -1, MaxAge: -1}}
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
	answer.Assets = web.ReadAssets(address, response)
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

// Door is a program that is neither the service nor the Nginx whose configuration is read,
// and listens where visitors come in (G54). What it is configured to do is not read: it is
// asked, and what it says is set beside what the app says.
type Door struct {
	Port int `json:"port"`
	// Process holds the port; without a PID Problem says why that is not known.
	Process proc.Process `json:"process,omitzero"`
	Problem sys.Text     `json:"problem,omitempty"`
	Asked   Asked        `json:"asked"`
}

// RedirectPort is the port to which it sends the visitors of its page; 0 where it does not.
func (door Door) RedirectPort() int {
	if to := door.redirect(); to.Host != "" {
		return portOf(to)
	}
	return 0
}

func (door Door) redirect() *url.URL {
	if len(door.Asked.Home) > 0 {
		if to, err := url.Parse(door.Asked.Home[0].Headers["Location"]); err == nil {
			return to
		}
	}
	return &url.URL{}
}

// Name is what people call the program.
func (door Door) Name() string {
	program := door.Process.Name
	if door.Process.Executable != "" {
		program = path.Base(door.Process.Executable)
	}
	for executable, name := range map[string]string{
		"apache2": "Apache", "httpd": "Apache", "haproxy": "HAProxy", "varnishd": "Varnish", "caddy": "Caddy", "traefik": "Traefik",
		"envoy": "Envoy", "node": "Node.js", nginx.Program: "Nginx", "lighttpd": "lighttpd", "docker-proxy": "Docker's proxy",
	} {
		if program == executable {
			return name
		}
	}
	return cmp.Or(program, "a program that could not be told")
}

// doors are the programs at the ports where visitors come in: the URL's that was given, or else
// those of http and https, and the one at which the site's server block listens.
func (look *look) doors(ctx context.Context, known *Facts, address SiteAddress) []Door {
	if !known.Listeners.Known || known.Front.Known {
		return nil
	}
	var doors []Door
	for _, entry := range address.entries() {
		if door, asks := look.doorAt(ctx, known, entry); asks {
			doors = append(doors, door)
		}
	}
	return doors
}

// doorAt is who holds the port of a URL, where that is neither the service nor Nginx.
func (look *look) doorAt(ctx context.Context, known *Facts, entry url.URL) (door Door, asks bool) {
	listener, listens := known.listensOnPort(portOf(&entry))
	where := reachable(ListenerAddress(listener))
	if !listens || slices.ContainsFunc(known.ownAddresses(), func(one string) bool { return SameBind(where, one) }) {
		return Door{}, false
	}
	process, problem, isNginx := look.holderOf(ctx, known, listener)
	return Door{Port: portOf(&entry), Process: process, Problem: problem, Asked: Asked{Where: where, base: entry.String()}}, !isNginx
}

// entries are the URLs by which visitors may come in, each at a port of its own.
func (address *SiteAddress) entries() []url.URL {
	entries := []url.URL{}
	host, page := "localhost", "/"
	if site, err := url.Parse(address.URL); err == nil && (address.Given || address.Server != nil) {
		entries, host, page = append(entries, *site), site.Hostname(), site.Path
	}
	for _, scheme := range []string{"http", "https"} {
		usual := url.URL{Scheme: scheme, Host: host, Path: page}
		isSite := len(entries) > 0 && portOf(&entries[0]) == portOf(&usual)
		if !address.Given && !isSite {
			entries = append(entries, usual)
		}
	}
	return entries
}

// byDoor has the site asked at the first of its doors that gives an answer of the app's own,
// where no Nginx is there to ask.
func (address *SiteAddress) byDoor(site Site) {
	for _, door := range site.Doors {
		if len(door.Asked.Home) == 0 || len(site.App.Home) == 0 || door.Asked.Home[0].SHA256 != site.App.Home[0].SHA256 {
			continue
		}
		address.URL, address.Local, address.Problem = door.Asked.base, door.Asked.Where, ""
		address.LocalPlain = !strings.HasPrefix(door.Asked.base, "https:")
		address.Server = &nginx.Server{}
		return
	}
}

// listensOnPort is who a connection from this box itself would meet at a TCP port.
func (facts *Facts) listensOnPort(port int) (proc.Listener, bool) {
	var found proc.Listener
	listens := false
	for _, listener := range facts.Listeners.Value {
		if listener.Path != "" || int(listener.Address.Port()) != port {
			continue
		}
		if !listens || Reaches(net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), listener) {
			found, listens = listener, true
		}
	}
	return found, listens
}

// holderOf is the process that holds a listening socket. isNginx tells the Nginx whose
// configuration is read: its sockets, or where those may not be read its word.
func (look *look) holderOf(ctx context.Context, known *Facts, listener proc.Listener) (holder proc.Process, problem sys.Text, isNginx bool) {
	hidden := known.Processes.Value.Hidden
	for _, process := range known.Processes.Value.Nginx {
		if process.Role != "master" || process.Cgroup.Container != "" {
			continue
		}
		inodes, err := proc.ReadSocketInodes(ctx, look.machine, process.PID)
		if err != nil {
			if known.NginxDisk.Known && known.nginxWantsPort(int(listener.Address.Port())) {
				return proc.Process{}, "", true
			}
			hidden = true
			continue
		}
		if slices.Contains(inodes, listener.Inode) {
			return process.Process, "", known.NginxDisk.Known && known.isBoxNginx(process)
		}
	}
	pids, err := look.machine.Processes(ctx)
	if err != nil {
		return proc.Process{}, "the processes could not be listed", false
	}
	for _, pid := range pids {
		inodes, err := proc.ReadSocketInodes(ctx, look.machine, pid)
		if err != nil || !slices.Contains(inodes, listener.Inode) {
			hidden = hidden || err != nil
			continue
		}
		if process, err := proc.ReadProcess(ctx, look.machine, look.boot, pid); err == nil {
			return process, "", false
		}
	}
	if hidden {
		return proc.Process{}, "which process holds the port may not be read; root may", false
	}
	return proc.Process{}, "no process of this box was found to hold the port", false
}

func (facts *Facts) nginxWantsPort(port int) bool {
	return slices.ContainsFunc(facts.NginxDisk.Value.Servers, func(server nginx.Server) bool {
		return slices.ContainsFunc(server.Listens, func(listen nginx.Listen) bool {
			_, own, err := net.SplitHostPort(listen.Address)
			return err == nil && own == strconv.Itoa(port)
		})
	})
}
