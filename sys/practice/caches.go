package practice

import (
	"crypto/md5" //nolint:gosec // Nginx names its cache files by it //nolint:gosec // Nginx names its cache files by it //nolint:gosec // Nginx names its cache files by it //nolint:gosec // Nginx names its cache files by it //nolint:gosec // Nginx names its cache files by it //nolint:gosec // Nginx names its cache files by it //nolint:gosec // Nginx names its cache files by it //nolint:gosec // Nginx names its cache files by it //nolint:gosec // Nginx names its cache files by it
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"time"
)

// cacheState carries $upstream_cache_status from the cache to add_header.
const cacheState = "X-Practice-Cache-State"

// cacheFor is how long the box's caches keep an answer.
const cacheFor = time.Hour

// cachedAnswer is an answer that a cache keeps. Its file can be removed under it.
type cachedAnswer struct {
	answer
	at   time.Time
	file string
}

// proxyCached answers from proxy_cache where it can. The key is the full URL, query
// included, so that a query that nobody asked before gets past it.
func (n *runningNginx) proxyCached(location *nginxLocation, request *http.Request) answer {
	key := "http://" + request.Host + request.URL.RequestURI()
	now := n.box.clock.time()
	kept, ok := n.cached[key]
	state := "MISS"
	if ok && n.box.find(kept.file) != nil {
		if now.Sub(kept.at) < cacheFor {
			given := kept.answer
			given.header = given.header.Clone()
			given.header.Set(cacheState, "HIT")
			return n.finish(location, given)
		}
		state = "EXPIRED"
	}
	given := n.ask(location, request)
	if given.status == http.StatusOK {
		n.cached[key] = cachedAnswer{given, now, n.keep(location.cache, key, given)}
	}
	given.header = given.header.Clone()
	given.header.Set(cacheState, state)
	return n.finish(location, given)
}

// keep writes the cache file, two levels deep as `levels=1:2` has it.
func (n *runningNginx) keep(zone, key string, given answer) string {
	sum := md5.Sum([]byte(key)) //nolint:gosec // see the import
	name := hex.EncodeToString(sum[:])
	file := path.Join(n.config.caches[zone], name[31:], name[29:31], name)
	n.box.write(file, "\nKEY: "+key+"\nHTTP/1.1 200 OK\r\n\r\n"+string(given.body))
	return file
}

// front is what the public name of a site leads to: the box itself, or a CDN before it.
type front struct {
	box  *Box
	name string
	// cdn is empty where the name leads straight to the box.
	cdn    string
	cached map[string]cachedAnswer
	// caches says whether the CDN keeps pages, not only static files.
	caches bool
}

// serve is the public side of a site.
func (f *front) serve(request *http.Request) answer {
	if f.cdn == "" {
		return f.origin(request)
	}
	now := f.box.clock.time()
	key := request.URL.RequestURI()
	if kept, ok := f.cached[key]; ok && now.Sub(kept.at) < cacheFor {
		given := kept.answer
		given.header = given.header.Clone()
		given.header.Set("Age", strconv.Itoa(int(now.Sub(kept.at).Seconds())))
		return f.label(given, "HIT")
	}
	given := f.origin(request)
	if !f.caches || given.status != http.StatusOK {
		return f.label(given, "DYNAMIC")
	}
	f.cached[key] = cachedAnswer{answer: given, at: now}
	return f.label(given, "MISS")
}

func (f *front) origin(request *http.Request) answer {
	found, err := f.box.connectTCP(loopback(80))
	if err != nil || found.answer == nil {
		return errorPage(http.StatusBadGateway)
	}
	return found.answer(request)
}

func (f *front) label(given answer, state string) answer {
	given.header = given.header.Clone()
	given.header.Set("Server", f.cdn)
	given.header.Set("CF-Cache-Status", state)
	given.header.Set("CF-Ray", "8f2c1d7a9b3e4f56-AMS")
	return given
}
