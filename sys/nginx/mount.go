package nginx

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// This file is by which path, and with which word about it, a location hands a request on.

// readHeader takes note of a constant header that tells the app below which path it is
// mounted; of no other, whose value may be a secret.
func (reading *reading) readHeader(scope *Location, arguments []string) {
	if !reading.ownHeaders {
		scope.Headers, reading.ownHeaders = nil, true
	}
	if len(arguments) != 2 || !strings.HasPrefix(arguments[1], "/") || strings.Contains(arguments[1], "$") ||
		!slices.Contains([]string{"Script_name", "X-Script-Name", "X-Forwarded-Prefix"}, http.CanonicalHeaderKey(arguments[0])) {
		return
	}
	if scope.Headers == nil {
		scope.Headers = map[string]string{}
	}
	scope.Headers[arguments[0]] = arguments[1]
}

// Handed is the path by which the backend is asked for a path: a URI in proxy_pass takes the
// place of what the location matches (ngx_http_proxy_module, proxy_pass), a rewrite that ends
// with break does what it says.
func (location Location) Handed(requestPath string) string {
	if len(location.Rewrite) == 2 {
		if expression, err := regexp.Compile(location.Rewrite[0]); err == nil && expression.MatchString(requestPath) {
			return expression.ReplaceAllString(requestPath, capture().ReplaceAllString(location.Rewrite[1], "$${$1}"))
		}
	}
	uri := passURI(location.Pass)
	rest, below := strings.CutPrefix(requestPath, location.Path)
	if uri == "" || !below || strings.Contains(location.Pass, "$") || location.Match != "" && location.Match != "^~" {
		return requestPath
	}
	return uri + rest
}

// capture is what an expression caught, by its number.
var capture = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$(\d)`) })

// passURI is what follows the address in the argument of a proxy_pass; empty for nothing.
func passURI(pass string) string {
	_, rest, found := strings.Cut(pass, "://")
	if !found {
		return ""
	}
	if socket, isSocket := strings.CutPrefix(rest, "unix:"); isSocket {
		_, uri, _ := strings.Cut(socket, ":")
		return uri
	}
	address, _, _ := strings.Cut(rest, "/")
	return rest[len(address):]
}
