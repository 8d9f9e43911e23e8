package practice

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// connectionLimit bounds how long a connection lives when its client forgets it.
const connectionLimit = 30 * time.Second

var errRefused = errors.New("connection refused")

func loopback(port uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port)
}

// Dial implements sys.Machine: the box's sockets, and the public names of its sites.
func (b *Box) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	serve, err := b.behind(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	near, far := net.Pipe()
	go b.converse(far, serve)
	return near, nil
}

// behind is who answers at an address.
func (b *Box) behind(network, address string) (func(*http.Request) answer, error) {
	if network == "unix" {
		found, err := b.connectUnix(address)
		if err != nil {
			return nil, err
		}
		return found.answer, nil
	}
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if public := b.fronts[host]; public != nil && text == "80" {
		return public.serve, nil
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil, err
	}
	err = &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	for _, resolved := range b.resolve(host) {
		found, refused := b.connectTCP(netip.AddrPortFrom(resolved, uint16(port)))
		if refused == nil {
			return found.answer, nil
		}
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return nil, errRefused
}

// resolve looks a name up as the box would: addresses, /etc/hosts, and the sites' public
// names, which lead to the box's own public address.
func (b *Box) resolve(host string) []netip.Addr {
	if address, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{address}
	}
	var found []netip.Addr
	if file := b.find("/etc/hosts"); file != nil {
		for line := range strings.Lines(string(file.content)) {
			line, _, _ = strings.Cut(line, "#")
			fields := strings.Fields(line)
			if len(fields) < 2 || !slices.Contains(fields[1:], host) {
				continue
			}
			if address, err := netip.ParseAddr(fields[0]); err == nil {
				found = append(found, address)
			}
		}
	}
	if len(found) == 0 && b.fronts[host] != nil {
		return []netip.Addr{publicAddress()}
	}
	return found
}

// publicAddress is in the range that is set aside for documentation (RFC 5737).
func publicAddress() netip.Addr { return netip.AddrFrom4([4]byte{203, 0, 113, 24}) }

// converse answers the requests of one connection until its client goes.
func (b *Box) converse(connection net.Conn, serve func(*http.Request) answer) {
	defer func() { _ = connection.Close() }()
	reader := bufio.NewReader(connection)
	for {
		if connection.SetDeadline(time.Now().Add(connectionLimit)) != nil {
			return
		}
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil {
			return
		}
		if b.reply(connection, request, serve) != nil || request.Close {
			return
		}
	}
}

func (b *Box) reply(connection io.Writer, request *http.Request, serve func(*http.Request) answer) error {
	given := b.ask(request, serve)
	response := &http.Response{
		StatusCode: given.status, ProtoMajor: 1, ProtoMinor: 1, Request: request, Close: request.Close,
		Header: given.header, ContentLength: int64(len(given.body)), Body: io.NopCloser(bytes.NewReader(given.body)),
	}
	return response.Write(connection)
}

func (b *Box) ask(request *http.Request, serve func(*http.Request) answer) answer {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	given := errorPage(http.StatusBadGateway)
	if serve != nil {
		given = serve(request)
	}
	given.header = given.header.Clone()
	given.header.Set("Date", b.clock.time().UTC().Format(http.TimeFormat))
	return given
}

// Served says which release a visitor of the site's front page meets now, stylesheet
// included: the oldest of those that show, and nothing where the site is down.
func (b *Box) Served() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	public := b.fronts[b.site]
	if public == nil {
		return ""
	}
	seen := ""
	for _, asked := range []struct{ path, encoding string }{{"/", ""}, {"/static/app.css", ""}, {"/static/app.css", "gzip"}} {
		given := public.serve(b.visit(asked.path, asked.encoding))
		if given.status != http.StatusOK && asked.path == "/" {
			return ""
		}
		seen += unpacked(given)
	}
	for _, each := range b.editions {
		if strings.Contains(seen, each.word) {
			return each.id
		}
	}
	return ""
}

func (b *Box) visit(target, encoding string) *http.Request {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+b.site+target, http.NoBody)
	if err != nil {
		return &http.Request{}
	}
	request.Header.Set("Accept-Encoding", encoding)
	return request
}
