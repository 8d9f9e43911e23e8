package sys

import (
	"context"
	"net/http"
	"time"
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
}

// Fetch sends one request over the machine's network: no proxy, no redirect followed,
// no cookie, no kept connection, headers bounded to 64 KiB.
func Fetch(ctx context.Context, machine Machine, request Request) (Response, error) {
	panic("to be written")
}

// CacheAnswer is what a response's headers say about a cache between the app and us.
type CacheAnswer struct {
	// Hit: a shared cache says that it answered itself. Via names the header.
	Hit    bool   `json:"hit"`
	Header string `json:"header,omitempty"`
	Value  string `json:"value,omitempty"`
	// Age is the Age header in seconds; -1 where there is none.
	Age int `json:"age"`
	// MaxAge is what browsers may keep, in seconds; -1 where nothing is said.
	MaxAge int `json:"max_age"`
	// NoStore: nobody may keep it.
	NoStore bool `json:"no_store,omitempty"`
}

// ReadCacheHeaders judges Cache-Status (RFC 9211), X-Cache, X-Cache-Status,
// CF-Cache-Status, X-Varnish, X-Proxy-Cache, Age and Cache-Control.
func ReadCacheHeaders(header http.Header) CacheAnswer { panic("to be written") }
