package web

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"flasktui/sys"
)

// Request is one GET that reads and never changes anything.
type Request struct {
	// URL gives scheme, host name and path.
	URL string
	// Network and Address, if set, are dialled instead of the URL's host: "unix" and
	// a path, or "tcp" and host:port. The Host header and TLS server name stay the
	// URL's.
	Network, Address string
	Header           http.Header
	// ProxyProtocol begins the connection with a PROXY header, as a balancer would, that
	// names no client.
	ProxyProtocol bool
	// UWSGI asks in the uwsgi protocol, without TLS.
	UWSGI bool
	// Gzip asks for a compressed answer; otherwise for identity.
	Gzip bool
	// BodyLimit bounds what is read of the body; zero means 1 MiB.
	BodyLimit int64
	// Timeout bounds the whole exchange; zero means 3 s.
	Timeout time.Duration
}

// Response is what came back. The body is kept in memory only; reports use its hash.
type Response struct {
	Status int         `json:"status"`
	Header http.Header `json:"-"`
	Body   []byte      `json:"-"`
	// SHA256 is of the body as far as it was read, after decompression.
	SHA256    string `json:"sha256"`
	Length    int64  `json:"length"`
	Truncated bool   `json:"truncated,omitempty"`
	// Encoding is the Content-Encoding that came.
	Encoding string        `json:"encoding,omitempty"`
	Took     time.Duration `json:"-"`
	// TLSError is why the certificate is not valid for the host; the exchange goes on
	// without trust so that the rest can still be told, and it is always reported.
	TLSError string `json:"tls_error,omitempty"`
	// Connected says that somebody took the connection, whatever came of it.
	Connected bool `json:"-"`
}

// Limits of an exchange that does not set its own.
const (
	DefaultBodyLimit    = 1 << 20
	DefaultFetchTimeout = 3 * time.Second
	headerLimit         = 64 << 10
)

// UserAgent is how flasktui is found in access logs.
const UserAgent = "flasktui/1"

// Fetch sends one request over the machine's network: no proxy, no redirect followed,
// no cookie, no kept connection, headers bounded to 64 KiB. A body that breaks off or
// does not end in time is no error: what came of it is told, as Truncated.
func Fetch(ctx context.Context, machine sys.Machine, request Request) (Response, error) {
	target, err := url.Parse(request.URL)
	if err != nil {
		// The error of url.Parse repeats the URL, a password in it included.
		var parsing *url.Error
		if errors.As(err, &parsing) {
			err = parsing.Err
		}
		return Response{}, fmt.Errorf("the URL cannot be read: %w", err)
	}
	if target.Scheme != "http" && target.Scheme != "https" || target.Hostname() == "" {
		return Response{}, fmt.Errorf("the URL %s has no http or https host", target.Redacted())
	}
	timeout := request.Timeout
	if timeout == 0 {
		timeout = DefaultFetchTimeout
	}
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	began := time.Now()
	response, err := exchange(bounded, machine, request, target)
	response.Took = time.Since(began)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		where := target.Redacted()
		if request.Network != "" {
			where += " at " + request.Network + ":" + request.Address
		}
		return response, fmt.Errorf("GET %s: %w", where, err)
	}
	return response, nil
}

func exchange(ctx context.Context, machine sys.Machine, request Request, target *url.URL) (Response, error) {
	outgoing, err := outgoingRequest(ctx, request, target)
	if err != nil {
		return Response{}, err
	}
	if request.UWSGI {
		return exchangeUWSGI(ctx, machine, request, outgoing)
	}
	certificate := &certificateObserver{host: target.Hostname(), now: machine.Now}
	// Dialling may go on after its request was given up.
	var connected atomic.Bool
	transport := &http.Transport{
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: headerLimit,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if request.Network != "" {
				network, address = request.Network, request.Address
			}
			connection, err := machine.Dial(ctx, network, address)
			connected.Store(err == nil)
			if err == nil && request.ProxyProtocol {
				_, err = io.WriteString(connection, "PROXY UNKNOWN\r\n")
			}
			return connection, err
		},
		TLSClientConfig: &tls.Config{
			// An old site is to be told of, not to be left out.
			MinVersion: tls.VersionTLS10,
			// What a site with a bad certificate serves must still be told. The
			// observer checks it and the report shows it; nothing secret is sent.
			InsecureSkipVerify: true, //nolint:gosec // see above
			VerifyConnection:   certificate.observe,
		},
		// Not nil, so that HTTP/2 is not spoken: one exchange gains nothing by it.
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	defer transport.CloseIdleConnections()
	incoming, err := transport.RoundTrip(outgoing)
	if err != nil {
		return Response{TLSError: certificate.text(), Connected: connected.Load()}, err
	}
	defer func() { _ = incoming.Body.Close() }()
	response := Response{
		Status:   incoming.StatusCode,
		Header:   incoming.Header,
		Encoding: strings.ToLower(strings.TrimSpace(incoming.Header.Get("Content-Encoding"))),
		TLSError: certificate.text(),

		Connected: true,
	}
	limit := request.BodyLimit
	if limit == 0 {
		limit = DefaultBodyLimit
	}
	response.readBody(incoming.Body, limit)
	return response, nil
}

func outgoingRequest(ctx context.Context, request Request, target *url.URL) (*http.Request, error) {
	outgoing, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	if request.Header != nil {
		outgoing.Header = request.Header.Clone()
	}
	if host := outgoing.Header.Get("Host"); host != "" {
		outgoing.Host = host
		outgoing.Header.Del("Host")
	}
	if outgoing.Header.Get("User-Agent") == "" {
		outgoing.Header.Set("User-Agent", UserAgent)
	}
	// Naming an encoding keeps net/http from decompressing, and from hiding which came.
	outgoing.Header.Set("Accept-Encoding", "identity")
	if request.Gzip {
		outgoing.Header.Set("Accept-Encoding", "gzip")
	}
	return outgoing, nil
}

// readBody reads at most limit bytes, counted after decompression: a small answer may
// hold a big one.
func (response *Response) readBody(body io.Reader, limit int64) {
	if response.Encoding == "gzip" || response.Encoding == "x-gzip" {
		decompressed, err := gzip.NewReader(body)
		if err != nil {
			response.Truncated = true
			body = http.NoBody
		} else {
			body = decompressed
		}
	}
	// One byte more tells a body of exactly the limit from a longer one.
	content, err := io.ReadAll(io.LimitReader(body, limit+1))
	if int64(len(content)) > limit {
		content = content[:limit]
		response.Truncated = true
	}
	if err != nil {
		response.Truncated = true
	}
	sum := sha256.Sum256(content)
	response.Body = content
	response.SHA256 = hex.EncodeToString(sum[:])
	response.Length = int64(len(content))
}

// certificateObserver takes any certificate, and notes why it should not be trusted. A
// handshake may go on after its request was given up, hence the lock.
type certificateObserver struct {
	host    string
	now     func() time.Time
	lock    sync.Mutex
	problem string
}

func (observer *certificateObserver) observe(state tls.ConnectionState) error {
	name := state.ServerName
	if name == "" {
		name = observer.host
	}
	intermediates := x509.NewCertPool()
	for _, certificate := range state.PeerCertificates[1:] {
		intermediates.AddCert(certificate)
	}
	_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{
		DNSName: name, Intermediates: intermediates, CurrentTime: observer.now(),
	})
	if err != nil {
		observer.lock.Lock()
		defer observer.lock.Unlock()
		observer.problem = err.Error()
	}
	return nil
}

func (observer *certificateObserver) text() string {
	observer.lock.Lock()
	defer observer.lock.Unlock()
	return observer.problem
}
